package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/internal/fault"
	"countersign/internal/treaty"
)

// agreementCmd reads agreements and laws; it changes nothing.
type agreementCmd struct {
	List agreementList `cmd:"" help:"List every agreement and law file."`
	Show agreementShow `cmd:"" help:"Show one agreement: limits with article and source, evidence, forms, costs."`
	Why  agreementWhy  `cmd:"" help:"Say step by step why a date is what it is."`
}

type agreementList struct {
	On string `help:"Also say whether each is in force on this day." placeholder:"DATE"`
}

func (c *agreementList) Run(a *app) error {
	all, err := treaty.Agreements()
	if err != nil {
		return err
	}
	for _, g := range all {
		fmt.Fprintf(a.out, "%-12s %s  %s\n", g.ID, g.Version, g.Title.In(a.lang()))
		a.warn(g, "             ")
		if c.On == "" {
			continue
		}
		on, err := treaty.ParseDate(c.On)
		if err != nil {
			return err
		}
		fmt.Fprintln(a.out, "            ", a.force(g, on))
	}
	return nil
}

func (a *app) lang() string { return string(a.words.Lang) }

// warn says what nobody may overlook about an agreement.
func (a *app) warn(g *treaty.Agreement, indent string) {
	if g.StandIn {
		fmt.Fprintln(a.out, indent+a.words.Text("treaty.cli.stand-in", "what", g.StandInFor.In(a.lang())))
	}
	if g.Superseded {
		fmt.Fprintln(a.out, indent+a.words.Text("treaty.cli.superseded"))
	}
}

func (a *app) force(g *treaty.Agreement, on treaty.Date) string {
	s := a.words.Text("treaty.cli.force", "date", on.String(), "force", a.words.Text("treaty.force."+string(g.ForceOn(on))))
	if !g.InForceChecked {
		s += " " + a.words.Text("treaty.cli.force-unchecked")
	}
	return s
}

type agreementWhy struct {
	ID           string   `arg:"" help:"Agreement, for example uk-al."`
	Rule         string   `arg:"" help:"Rule, for example reply or notice."`
	From         string   `required:"" help:"Day on which the limit starts; for a limit that counts backwards, the day of the transfer." placeholder:"DATE"`
	Part         string   `help:"Part of the United Kingdom: EAW, SCT or NIR." placeholder:"PART"`
	Requesting   string   `help:"Requesting State; the first party unless given." placeholder:"STATE"`
	Requested    string   `help:"Requested State; the other party unless given." placeholder:"STATE"`
	Tier         string   `help:"Evidence: proof, prima_facie, start_only, interview."`
	Category     string   `help:"Person: national, former_national, right_of_abode, third_country_national, stateless, family_member."`
	Escort       string   `help:"Escort: none, police, medical."`
	Means        string   `help:"Transport: air, land, sea."`
	Extension    int      `help:"Units by which the limit was extended." placeholder:"N"`
	Reason       string   `help:"Reason of the extension."`
	Stop         []string `help:"Time during which the clock was stopped: FROM..UNTIL, or FROM.. while it still is." placeholder:"FROM..UNTIL"`
	Restart      string   `help:"Event from which the limit runs again on --from: obstacle_ended, destination_changed, stop_added." placeholder:"EVENT"`
	Before       bool     `help:"Insist that the limit counts backwards from --from."`
	WeekendsOnly bool     `help:"Skip weekends alone where the holidays of a State are not held."`
}

func (c *agreementWhy) Run(a *app) error {
	from, err := treaty.ParseDate(c.From)
	if err != nil {
		return err
	}
	g, err := treaty.FindAgreement(c.ID, from)
	if err != nil {
		return err
	}
	facts, err := c.facts()
	if err != nil {
		return err
	}
	limit, err := g.Find(c.Rule, facts)
	if err != nil {
		return err
	}
	if c.Before && limit.Direction != treaty.Backward {
		return fault.New(fault.Invalid, "fault.treaty.forward", "rule", c.Rule)
	}
	in, missing, err := c.setting(g, limit)
	if err != nil {
		return err
	}
	start := treaty.Noon(from, in.Zone)
	if c.Restart != "" {
		in.Restart = &treaty.Restarted{Event: treaty.Event(c.Restart), At: start}
	}
	r, err := treaty.Reckon(limit, start, in)
	if err != nil {
		return err
	}
	a.reckoning(g, limit, r, from, missing)
	return nil
}

// reckoning prints a date, its steps and where it comes from.
func (a *app) reckoning(g *treaty.Agreement, limit *treaty.Limit, r treaty.Reckoning, from treaty.Date, missing []string) {
	w := a.words
	fmt.Fprintf(a.out, "%s (%s %s)\n", g.Title.In(a.lang()), g.ID, g.Version)
	a.warn(g, "")
	if g.Kind == treaty.Treaty {
		fmt.Fprintln(a.out, a.force(g, from))
	}
	fmt.Fprintln(a.out, w.Text("treaty.cli.why", "rule", w.Text("treaty.rule."+string(limit.Rule)), "terms", limit.Terms(w)))
	for i, line := range r.Explain(w, a.lang()) {
		fmt.Fprintf(a.out, "%3d. %s\n", i+1, line)
	}
	if r.Stopped {
		fmt.Fprintln(a.out, w.Text("treaty.cli.result-stopped"))
	} else {
		fmt.Fprintln(a.out, w.Text("treaty.cli.result", "date", r.LastDay.String()))
		fmt.Fprintln(a.out, w.Text("treaty.cli.result-instant", "instant", r.EndsAt.Format(time.RFC3339)))
	}
	if r.Direction == treaty.Forward && r.Bound == treaty.AtMost {
		fmt.Fprintln(a.out, w.Text("treaty.cli.silence", "effect", limit.Effect(w)))
	}
	fmt.Fprintf(a.out, "%s; %s\n", a.article(r.Article), w.Text("treaty.cli.source", "source", r.Source))
	for _, n := range r.Notes {
		fmt.Fprintln(a.out, "-", n.In(a.lang()))
	}
	if r.Undecided {
		fmt.Fprintln(a.out, w.Text("treaty.cli.decided"))
	}
	if r.Partial {
		fmt.Fprintln(a.out, w.Text("treaty.cli.partial", "states", strings.Join(missing, ", ")))
	}
	if r.StandIn {
		a.warn(g, "")
	}
}

func (a *app) article(article string) string {
	if article == treaty.UnknownArticle {
		return a.words.Text("treaty.cli.article-unknown")
	}
	return a.words.Text("treaty.cli.article", "article", article)
}

func (c *agreementWhy) facts() (treaty.Facts, error) {
	f := treaty.Facts{Tier: treaty.Tier(c.Tier), Category: treaty.Category(c.Category),
		Escort: treaty.Escort(c.Escort), Means: treaty.Means(c.Means)}
	return f, f.Check()
}

// setting gathers calendars, zone, stops and extension; missing names the States whose holidays are not held.
func (c *agreementWhy) setting(g *treaty.Agreement, limit *treaty.Limit) (in treaty.Setting, missing []string, err error) {
	requesting, requested, err := c.states(g)
	if err != nil {
		return in, nil, err
	}
	in.Demonstration = true
	if in.Zone, err = g.Zone(requested); err != nil {
		return in, nil, err
	}
	if in.Stops, err = c.stops(in.Zone); err != nil {
		return in, nil, err
	}
	if c.Extension != 0 {
		in.Extension = &treaty.Grant{By: c.Extension, Reason: c.Reason}
	}
	all, err := treaty.LoadCalendars()
	if err != nil {
		return in, nil, err
	}
	pick := func(state string, needed bool) (*treaty.Calendar, error) {
		if !needed {
			return nil, nil
		}
		parts := all.Parts(state)
		if part := c.Part; len(parts) > 0 && !slices.Contains(parts, part) {
			return nil, fault.New(fault.Invalid, "fault.treaty.part", "state", state, "allowed", strings.Join(parts, ", "))
		} else if len(parts) > 0 {
			return all.Calendar(state, part), nil
		}
		if cal := all.Calendar(state, ""); cal != nil {
			return cal, nil
		}
		if !c.WeekendsOnly {
			return nil, fault.New(fault.Missing, "fault.treaty.state-calendar", "state", state,
				"allowed", strings.Join(all.States(), ", "))
		}
		missing = append(missing, state)
		zone, err := g.Zone(state)
		return treaty.WeekendsOnly(state, zone), err
	}
	both := limit.Calendar == treaty.OfBoth
	if in.Requesting, err = pick(requesting, both || limit.Calendar == treaty.OfRequesting); err != nil {
		return in, nil, err
	}
	in.Requested, err = pick(requested, both || limit.Calendar == treaty.OfRequested)
	return in, missing, err
}

// states says who requests and who is requested; a State's own law has one State.
func (c *agreementWhy) states(g *treaty.Agreement) (requesting, requested string, err error) {
	requesting, requested = c.Requesting, c.Requested
	for _, s := range []string{requesting, requested} {
		if s != "" && !slices.Contains(g.Parties, s) {
			return "", "", fault.New(fault.Invalid, "fault.treaty.party", "state", s, "agreement", g.ID,
				"allowed", strings.Join(g.Parties, ", "))
		}
	}
	if requesting == "" {
		requesting = firstOther(g.Parties, requested, false)
	}
	if requested == "" {
		requested = firstOther(g.Parties, requesting, true)
	}
	return requesting, requested, nil
}

// firstOther takes the first party, or the last, that is not the given one.
func firstOther(parties []string, not string, last bool) string {
	if len(parties) == 1 {
		return parties[0]
	}
	rest := slices.DeleteFunc(slices.Clone(parties), func(p string) bool { return p == not })
	if last {
		return rest[len(rest)-1]
	}
	return rest[0]
}

func (c *agreementWhy) stops(zone *time.Location) (all []treaty.Stop, err error) {
	for _, s := range c.Stop {
		from, until, ok := strings.Cut(s, "..")
		if !ok {
			return nil, fault.New(fault.Invalid, "fault.treaty.stop-form", "value", s)
		}
		first, err := treaty.ParseDate(from)
		if err != nil {
			return nil, err
		}
		stop := treaty.Stop{From: treaty.Noon(first, zone)}
		if until != "" {
			last, err := treaty.ParseDate(until)
			if err != nil {
				return nil, err
			}
			stop.Until = treaty.Noon(last, zone)
		}
		all = append(all, stop)
	}
	return all, nil
}
