package border_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border"
	"countersign/internal/border/alert"
	"countersign/internal/border/criteria"
	"countersign/internal/border/screen"
	"countersign/internal/border/stay"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/words"
	"countersign/laws"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

const zone = "P<ALBHOXHA<<ARBEN<<<<<<<<<<<<<<<<<<<<<<<<<<<\nBA1234567"

// zoneOf completes a made-up passport's second line with its digits.
func zoneOf(birth, sex, expiry string) *person.MRZ {
	digit := func(s string) string {
		sum := 0
		for i, c := range s {
			v := 0
			switch {
			case c >= '0' && c <= '9':
				v = int(c - '0')
			case c >= 'A':
				v = int(c-'A') + 10
			}
			sum += v * [3]int{7, 3, 1}[i%3]
		}
		return fmt.Sprint(sum % 10)
	}
	n, b, e := "BA1234567", birth, expiry
	opt := "<<<<<<<<<<<<<<"
	n, b, e = n+digit(n), b+digit(b), e+digit(e)
	second := n + "ALB" + b + sex + e + opt + "<" + digit(n+b+e+opt+"<")
	var m person.MRZ
	if err := person.ParseMRZ(&m, []byte(strings.Split(zone, "\n")[0]+"\n"+second), person.MRZDate{Year: 2026, Month: 11, Day: 23}); err != nil {
		panic(err)
	}
	if !m.Holds() {
		panic(fmt.Sprint("test zone: ", m.Digits))
	}
	return &m
}

func list(kind alert.Kind, issued time.Time) alert.Header {
	return alert.Header{List: "al/" + string(kind), Kind: kind, Authority: "al-police", LegalBasis: "stand-in", Action: "border.next.compare-person",
		Version: 1, Issued: issued, ValidFrom: issued, ValidUntil: issued.Add(240 * time.Hour)}
}

func indexOf(kind alert.Kind, issued time.Time, alerts ...alert.Alert) *screen.Index {
	b := screen.NewBuilder()
	if err := b.List(list(kind, issued)); err != nil {
		panic(err)
	}
	for i := range alerts {
		b.Add(&alerts[i])
	}
	return b.Build()
}

func input(t *testing.T, ix *screen.Index) *border.Input {
	t.Helper()
	books, err := criteria.Load(laws.Border)
	if err != nil {
		t.Fatal(err)
	}
	shown := criteria.Facts{}
	for _, f := range []string{"trip.purpose_shown", "trip.address_shown", "trip.invitation_shown", "trip.return_shown", "trip.means_shown"} {
		shown[f] = criteria.Is(true)
	}
	return &border.Input{Now: now, MRZ: zoneOf("850312", "M", "300101"), Books: books, Index: ix, Facts: shown,
		Journey: criteria.Journey{State: "al", Direction: criteria.Exit, Destination: []string{"gb"}}}
}

func has(r *border.Result, key string) *border.Finding {
	for i := range r.Findings {
		if r.Findings[i].Key == key {
			return &r.Findings[i]
		}
	}
	return nil
}

var arben = alert.Alert{Ref: "w1", Names: []string{"Arben Hoxha"}, Birth: person.MRZDate{Year: 1985, Month: 3, Day: 12}, Sex: 'M', Nationality: "ALB",
	Documents: []alert.Document{{Number: "BA1234567", State: "ALB"}}}

func TestNothingFound(t *testing.T) {
	r := border.Check(input(t, indexOf(alert.Wanted, now.Add(-time.Hour))), &screen.Searcher{})
	if r.Answer != border.Clear {
		t.Errorf("%+v %+v", r.Answer, r.Findings[0])
	}
	if len(r.Lists) != 1 || !r.Lists[0].Usable || r.Lists[0].Hours != 1 {
		t.Errorf("the age of the list is shown: %+v", r.Lists)
	}
	if f := has(r, "border.finding.chip"); f == nil || f.Certainty != border.NotKnown {
		t.Error("that the chip was not checked has to be said")
	}
}

// A match is never a ground: whatever the list, it leads to an officer, and the fact that could support a
// refusal stays unknown until that officer has confirmed it.
func TestListingAloneNeverRefuses(t *testing.T) {
	for _, kind := range alert.Kinds {
		in := input(t, indexOf(kind, now, arben))
		r := border.Check(in, &screen.Searcher{})
		if r.Answer != border.SecondLine {
			t.Errorf("%s: %v", kind, r.Answer)
		}
		for _, f := range r.Findings {
			if f.Effect == criteria.MayRefuse {
				t.Errorf("%s: %s supports a refusal by the match alone", kind, f.Rule)
			}
		}
		if f := has(r, "border.finding.alert-strong"); f == nil || f.Alert == nil || len(f.Alert.Fields) != 5 || f.Next != "border.next.compare-person" {
			t.Errorf("%s: no evidence by field: %+v", kind, f)
		}
	}
	in := input(t, indexOf(alert.CourtTravelBan, now, arben))
	in.Facts["confirmed.court_travel_ban"] = criteria.Is(true)
	r := border.Check(in, &screen.Searcher{})
	if f := r.Findings[0]; f.Effect != criteria.MayRefuse || f.Support != "court-ban" {
		t.Errorf("a confirmed ban of a court supports a refusal: %+v", f)
	}
}

func TestFalseMatchIsRemembered(t *testing.T) {
	ix := indexOf(alert.Wanted, now, arben)
	in := input(t, ix)
	q := border.QueryOf(in.MRZ)
	in.Cleared = border.Cleared{border.ClearedFor(&q, "al/wanted", &arben): {}}
	if r := border.Check(in, &screen.Searcher{}); r.Answer != border.Clear || has(r, "border.finding.alert-cleared") == nil {
		t.Errorf("a cleared match was raised again: %+v", r.Findings[0])
	}
	changed := arben
	changed.Names = []string{"Arben Hoxha", "Ben Hoxha"}
	in.Index = indexOf(alert.Wanted, now, changed)
	if r := border.Check(in, &screen.Searcher{}); r.Answer != border.SecondLine {
		t.Error("the memory outlived the alert it was about")
	}
	in.Index = ix
	in.MRZ = zoneOf("850313", "M", "300101")
	if r := border.Check(in, &screen.Searcher{}); r.Answer != border.SecondLine {
		t.Error("the memory was applied to another person")
	}
}

func TestOldListsAreNoFindingAsOf(t *testing.T) {
	r := border.Check(input(t, indexOf(alert.Wanted, now.Add(-25*time.Hour))), &screen.Searcher{})
	if f := has(r, "border.finding.list-old"); f == nil || r.Answer != border.SecondLine || r.Lists[0].Usable {
		t.Errorf("a list older than the order allows passed for fresh: %+v", r.Answer)
	}
	r = border.Check(input(t, indexOf(alert.Wanted, now.Add(time.Hour))), &screen.Searcher{})
	if has(r, "border.finding.list-old") == nil {
		t.Error("a list from the future passed: the clock is wrong")
	}
	if r = border.Check(input(t, nil), &screen.Searcher{}); has(r, "border.finding.no-lists") == nil || r.Answer != border.SecondLine {
		t.Error("a lane without lists said nothing")
	}
}

func TestDocuments(t *testing.T) {
	in := input(t, indexOf(alert.Wanted, now))
	in.MRZ = zoneOf("850312", "M", "261122")
	if r := border.Check(in, &screen.Searcher{}); r.Findings[0].Effect != criteria.MayRefuse || r.Findings[0].Support != "invalid-document" {
		t.Errorf("expired yesterday: %+v", r.Findings[0])
	}
	in.MRZ = zoneOf("850312", "M", "261123")
	if r := border.Check(in, &screen.Searcher{}); has(r, "border.finding.expired") != nil {
		t.Error("a document is valid on its last day")
	}
	in.MRZ = nil
	if r := border.Check(in, &screen.Searcher{}); r.Answer == border.Clear {
		t.Error("no zone and yet clear")
	}
	in.MRZ = zoneOf("150312", "M", "300101") // eleven years old
	r := border.Check(in, &screen.Searcher{})
	found := false
	for _, f := range r.Findings {
		found = found || f.Rule == "al.exit.minor-look"
	}
	if !found {
		t.Error("a child alone was not looked at")
	}
}

func TestStayIsCounted(t *testing.T) {
	in := input(t, indexOf(alert.Wanted, now))
	in.Journey = criteria.Journey{State: "schengen", Direction: criteria.Entry, Destination: []string{"schengen"}}
	in.Facts["trip.residence_permit"] = criteria.Is(false)
	today := stay.DayOf(now)
	in.Stays = []stay.Stay{{Entry: today - 100, Exit: today - 11}}
	r := border.Check(in, &screen.Searcher{})
	if r.Stay == nil || r.Stay.Used != 90 || r.Stay.LatestDeparture != "" || r.Stay.EarliestEntry == today.String() {
		t.Errorf("%+v", r.Stay)
	}
	if f := r.Findings[0]; f.Rule != "schengen.stay-90-180" || f.Effect != criteria.MayRefuse {
		t.Errorf("%+v", f)
	}
}

func refusal() domestic.BorderRefusal {
	long := "This traveller showed a passport that ended last year and has no other document."
	sq := "Ky udhëtar tregoi një pasaportë që ka skaduar vitin e kaluar dhe nuk ka dokument tjetër."
	both := map[string]string{"en": long, "sq": sq}
	return domestic.BorderRefusal{BorderCheckRef: domestic.BorderCheckRef{Check: "c1"}, Rule: "al.exit.document-valid", LegalBasis: "Law 71/2016; article not found",
		Support: "invalid-document", Reasons: both, Proportionality: both, Remedy: both, PersonLanguage: "sq"}
}

// A refusal is an officer's own act, with reasons about one person, confirmed by another in another role.
func TestRefusal(t *testing.T) {
	in := input(t, indexOf(alert.Wanted, now))
	in.MRZ = zoneOf("850312", "M", "251122")
	env := border.Env{Officer: act.Officer{ID: "o1", Role: "border-officer"}, Now: now, Result: border.Check(in, &screen.Searcher{})}
	for name, spoil := range map[string]func(f *domestic.BorderRefusal){
		"no reasons":              func(f *domestic.BorderRefusal) { f.Reasons = nil },
		"a word for a reason":     func(f *domestic.BorderRefusal) { f.Reasons = map[string]string{"en": "no", "sq": "jo"} },
		"one language":            func(f *domestic.BorderRefusal) { f.Proportionality = map[string]string{"en": f.Reasons["en"]} },
		"no copy in the person's": func(f *domestic.BorderRefusal) { f.PersonLanguage = "ar" },
		"no remedy":               func(f *domestic.BorderRefusal) { f.Remedy = nil },
		"a rule that was met":     func(f *domestic.BorderRefusal) { f.Rule = "al.exit.court-ban" },
		"a rule that only asks":   func(f *domestic.BorderRefusal) { f.Rule = "al.exit.address" },
		"another legal basis":     func(f *domestic.BorderRefusal) { f.LegalBasis = "order" },
	} {
		f := refusal()
		spoil(&f)
		if st, err := border.Decide(border.State{}, border.Refuse{Form: f}, env); err == nil || len(st) > 0 {
			t.Errorf("%s: accepted", name)
		}
	}
	st, err := border.Decide(border.State{}, border.Refuse{Form: refusal()}, env)
	if err != nil || st[0].Kind != domestic.BorderRefusalProposed {
		t.Fatalf("%v %v", st, err)
	}
	s := border.Fold(border.State{}, act.Event{ID: "p1", Kind: st[0].Kind, Officer: env.Officer, Body: st[0].Body})
	full := border.Confirm{CopyGiven: true, ComplaintGiven: true}
	if _, err := border.Decide(s, full, env); fault.KeyOf(err) != "fault.border.second-officer" {
		t.Errorf("the same officer confirmed: %v", err)
	}
	env.Officer = act.Officer{ID: "o2", Role: "border-officer"}
	if _, err := border.Decide(s, full, env); err == nil {
		t.Error("the same role confirmed")
	}
	env.Officer.Role = "shift-leader"
	if _, err := border.Decide(s, border.Confirm{CopyGiven: true}, env); fault.KeyOf(err) != "fault.border.copy" {
		t.Errorf("no leaflet, no act: %v", err)
	}
	st, err = border.Decide(s, full, env)
	if err != nil || st[0].Kind != domestic.BorderRefused || st[0].InReplyTo != "p1" {
		t.Fatalf("%v %v", st, err)
	}
	s = border.Fold(s, act.Event{ID: "r1", Kind: st[0].Kind, Body: st[0].Body})
	if _, err := border.Decide(s, border.Allow{}, env); fault.KeyOf(err) != "fault.border.decided" {
		t.Errorf("decided twice: %v", err)
	}
	st, err = border.Decide(s, border.Review{Outcome: "withdrawn", Reasons: "The traveller showed an identity card that the first officer had not asked for."}, env)
	if err != nil || st[0].InReplyTo != "r1" {
		t.Fatal(err)
	}
	if s = border.Fold(s, act.Event{ID: "v1", Kind: st[0].Kind, Body: st[0].Body}); s.Decision != "allow" {
		t.Errorf("a withdrawn refusal still stands: %+v", s)
	}
}

func TestReferredPersonLeavesTheQueue(t *testing.T) {
	env := border.Env{Officer: act.Officer{ID: "o1"}, Now: now}
	st, err := border.Decide(border.State{}, border.Refer{Check: "c1", To: "protection"}, env)
	if err != nil {
		t.Fatal(err)
	}
	if st[0].Scope != act.Domestic {
		t.Error("a referral may never leave its node")
	}
	s := border.Fold(border.State{}, act.Event{Kind: st[0].Kind, Body: st[0].Body})
	if _, err := border.Decide(s, border.Allow{}, env); fault.KeyOf(err) != "fault.border.referred" {
		t.Error(err)
	}
}

// Every key that a check can show has words in both languages.
func TestWords(t *testing.T) {
	all, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return err
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		for _, s := range strings.Split(string(b), `"`) {
			if (strings.HasPrefix(s, "border.") || strings.HasPrefix(s, "fault.border.")) && !strings.ContainsAny(s, " @\n") && !strings.HasSuffix(s, "-") && strings.Count(s, ".") >= 2 && !all[words.English].Has(s) {
				t.Errorf("%s: no words for %s", p, s)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []string{"met", "not-met", "unknown", "not-applicable", "not-in-force", "law-not-found"} {
		if !all[words.English].Has("border.state." + e) {
			t.Error(e)
		}
	}
}

// Nothing from a return or handover can reach an alert list or a lane: no package of the border may import
// one that knows of cases, operations, the other state's stream, or storage.
func TestImports(t *testing.T) {
	allowed := []string{"countersign/internal/act", "countersign/internal/act/domestic", "countersign/internal/act/joint", "countersign/internal/border",
		"countersign/internal/fault", "countersign/internal/person", "countersign/internal/words", "github.com/go-json-experiment/json", "golang.org/x/text"}
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, im := range f.Imports {
			path := strings.Trim(im.Path.Value, `"`)
			ok := !strings.Contains(path, ".") && !strings.HasPrefix(path, "countersign/")
			for _, a := range allowed {
				ok = ok || path == a || strings.HasPrefix(path, a+"/") && !strings.HasPrefix(path, "countersign/internal/act/")
			}
			if !ok || path == "net" || strings.HasPrefix(path, "net/") || path == "database/sql" {
				t.Errorf("%s imports %s", p, path)
			}
			if strings.HasSuffix(path, "act/joint") && !strings.HasPrefix(p, "measure") {
				t.Errorf("%s imports the joint vocabulary: only totals are joint", p)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The kinds of lists are closed, and a list has to be signed by the authority that keeps it.
func TestNoListOfReturns(t *testing.T) {
	_, key, _ := ed25519.GenerateKey(bytes.NewReader(make([]byte, 32)))
	for _, kind := range []alert.Kind{"returned", "removed", "refused", "asylum", ""} {
		h := list(alert.Wanted, now)
		h.Kind = kind
		if err := alert.Write(&bytes.Buffer{}, h, "k", key, func(func(*alert.Change) bool) {}); fault.KeyOf(err) != "fault.border.list-header" {
			t.Errorf("a list of kind %q could be written: %v", kind, err)
		}
	}
	for fact := range criteria.Vocabulary {
		for _, w := range []string{"asylum", "return_case", "handover", "readmission", "trafficking"} {
			if strings.Contains(fact, w) {
				t.Errorf("a rulebook could ask for %s", fact)
			}
		}
	}
}
