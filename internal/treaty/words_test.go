package treaty

import (
	"strings"
	"testing"

	"countersign/internal/words"
)

// Every word of the vocabulary, every item of a shipped file and every step has its words in both languages.
func TestEverythingHasWords(t *testing.T) {
	all, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	add := func(prefix string, names string) {
		for _, n := range strings.Split(names, ", ") {
			keys = append(keys, prefix+n)
		}
	}
	add("treaty.rule.", list(rules))
	add("treaty.unit.", list(units))
	add("treaty.trigger.", list(triggers))
	add("treaty.event.", list(events))
	add("treaty.tier.", list(tiers))
	add("treaty.category.", list(categories))
	add("treaty.escort.", list(escorts))
	add("treaty.means.", list(means))
	add("treaty.expiry.", list(expiries))
	add("treaty.status.", list(statuses))
	add("treaty.force.", list([]Force{InForce, NotYet, Ended, ForceUnknown}))
	for _, b := range bounds {
		for _, d := range directions {
			keys = append(keys, "treaty.terms."+string(b)+"-"+string(d))
		}
	}
	shipped, err := Agreements()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range shipped {
		add("treaty.state.", strings.Join(a.Parties, ", "))
		for _, e := range a.Evidence {
			for _, i := range e.Items {
				keys = append(keys, "treaty.evidence."+i)
			}
		}
		for _, f := range a.Forms {
			keys = append(keys, "treaty.form."+f.Form)
			for _, i := range f.Fields {
				keys = append(keys, "treaty.field."+i)
			}
		}
	}
	for _, p := range calendars(t).Parts("gb") {
		keys = append(keys, "treaty.part."+p)
	}
	for lang, c := range all {
		for _, k := range keys {
			if !c.Has(k) {
				t.Errorf("%s: no words for %s", lang, k)
			}
		}
	}
}

// No line of an explanation lacks its words or leaves a variable open, whatever the path to the date.
func TestExplainIsWhole(t *testing.T) {
	all, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := calendars(t)
	in := Setting{Requesting: c.Calendar("gb", "SCT"), Requested: c.Calendar("al", ""), Demonstration: true}
	stopped, standing, extended, again := in, in, in, in
	stopped.Stops = []Stop{stop(t, "2022-12-21", "2022-12-23")}
	standing.Stops = []Stop{stop(t, "2022-12-21", "")}
	extended.Extension = &Grant{By: 3, Reason: "archive"}
	again.Restart = &Restarted{StopAdded, noon(t, "2022-12-21")}
	hours := &Limit{Rule: RuleTransferNotice, Limit: 24, Unit: Hour, OnExpiry: []Expiry{NoEffect}, StartsOn: OnTransfer}
	back, least := *hours, *hours
	back.Direction, least.Bound = Backward, AtLeast
	roll := &Limit{Rule: RuleReply, Limit: 5, Unit: CalendarDay, RollsOver: true, Calendar: OfBoth, StartsOn: OnReceipt}
	for name, tt := range map[string]struct {
		l  *Limit
		in Setting
	}{
		"plain": {rule(t, "ec-al", "reply", Facts{}), in}, "stopped": {rule(t, "ec-al", "reply", Facts{}), stopped},
		"standing": {rule(t, "ec-al", "reply", Facts{}), standing}, "extended": {rule(t, "ru-ch", "reply", Facts{}), extended},
		"months": {rule(t, "ec-al", "transfer", Facts{}), stopped}, "months extended": {rule(t, "ec-al", "transfer", Facts{}), extended},
		"again": {rule(t, "gb-removal", "notice", Facts{}), again}, "same day": {rule(t, "gb-removal", "failed-removal", Facts{}), in},
		"backward": {rule(t, "uk-al", "notice", Facts{}), in}, "undecided": {rule(t, "uk-al", "transit-reply", Facts{}), in},
		"hours": {hours, stopped}, "hours standing": {hours, standing}, "hours back": {&back, in}, "hours least": {&least, in}, "rolled": {roll, in},
	} {
		r, err := Reckon(tt.l, noon(t, "2022-12-21"), tt.in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for lang, c := range all {
			for _, line := range r.Explain(c, string(lang)) {
				if strings.ContainsAny(line, "{}[]") || strings.Contains(line, "  ") {
					t.Errorf("%s %s: %s", name, lang, line)
				}
			}
		}
	}
}
