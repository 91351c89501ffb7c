package web

import (
	"errors"
	"maps"
	"net/url"
	"slices"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/form"
)

// official describes the page of one official act: its questions and what stands around them. The act itself
// is decided by casework and carried out by the desk; nothing here allows or forbids one.
type official struct {
	Group string        // heading under which the case page offers it
	Step  casework.Step // the guarded step that it is, if any
	// Ask writes the questions and returns how the command is made of the answers.
	Ask func(*asker) func() casework.Command
	// About lists what the act can be about: a barrier, a gate, a point. It is chosen first, because the
	// questions follow from it. Nil: it is about the case.
	About func(*asker) []form.Option
	// When narrows the offer to where the act makes sense; nil leaves it to casework alone.
	When func(*asker) bool
	// Final acts cannot be taken back: a page of its own stops before each.
	Final bool
	// Crosses: the other state will hold it for good.
	Crosses bool
	Stays   bool // what is answered stays here: the other state learns that the act was done, and no reason
	// Stops: it may be needed this minute, so that nothing stands in its way.
	Stops bool
	// Second: it is the second officer's step.
	Second bool
}

// groups are the headings in the order of the page.
var groups = []string{"request", "reply", "paper", "journey", "handover", "gates", "person", "custody", "file", "count"}

// officials joins the acts of all themes, by command name.
func officials() map[string]official {
	all := map[string]official{}
	for _, theme := range []map[string]official{requestActs, replyActs, paperActs, journeyActs, gateActs, personActs, fileActs} {
		for name, o := range theme {
			all[name] = o
		}
	}
	return all
}

// none asks nothing.
func none(c casework.Command) func(*asker) func() casework.Command {
	return func(*asker) func() casework.Command { return func() casework.Command { return c } }
}

// ActGroup are the official acts of one theme that this officer may try now.
type ActGroup struct {
	Title string
	Items []ActLink
}

// ActLink leads to an act's page. A blocked one says what stands against it.
type ActLink struct {
	Text, Href, Blocked string
}

// offers are the acts that this officer's role and side may try in this state. One that gates hold up is
// offered as blocked, with what stands against it, so that nobody has to guess.
func (v *visit) offers(view desk.CaseView) ([]ActGroup, error) {
	var commands []casework.Command
	for _, c := range casework.Commands() {
		if casework.Name(c) != "open-case" {
			commands = append(commands, c)
		}
	}
	possible, err := v.Desk.Possible(v.ctx(), v.who, view.State.Case, commands...)
	if err != nil {
		return nil, err
	}
	byGroup := map[string][]ActLink{}
	all := officials()
	for i, c := range commands {
		name := casework.Name(c)
		o, ok := all[name]
		if !ok || !o.offered(possible[i]) {
			continue
		}
		a := &asker{visit: v, view: view, act: name}
		if o.When != nil && !o.When(a) || o.About != nil && len(o.About(a)) == 0 {
			continue
		}
		link := ActLink{Text: v.t("page.do." + name), Href: casePath(view.State.Case, "act", name)}
		if n := v.against(view, o.Step); n > 0 && !o.Stops {
			link.Blocked = v.words.Count("page.act-blocked", n)
		}
		byGroup[o.Group] = append(byGroup[o.Group], link)
	}
	var out []ActGroup
	for _, g := range groups {
		if len(byGroup[g]) > 0 {
			out = append(out, ActGroup{Title: v.t("page.group." + g), Items: byGroup[g]})
		}
	}
	return out, nil
}

// offered tells whether an empty attempt failed only for want of answers, or because of a gate, which is shown.
// Where the page itself looks at the state (When, About), an empty attempt can say no more than that the
// officer's role and side may try: it names no document and no barrier.
func (o *official) offered(err error) bool {
	switch fault.KindOf(err) {
	case "":
		return err == nil
	case fault.Invalid:
		return true
	case fault.Denied:
		_, gates := errors.AsType[*casework.GatesClosed](err)
		return gates
	case fault.Conflict, fault.Missing:
		return (o.When != nil || o.About != nil) && fault.KeyOf(err) != "fault.case.finished"
	}
	return false
}

// against counts the gates that stand against a step.
func (v *visit) against(view desk.CaseView, step casework.Step) int {
	n := 0
	for _, g := range view.Gates[step] {
		if !g.Passes() {
			n++
		}
	}
	return n
}

// mainAct is the act that the one next step of a case asks for, by the key of its sentence. A reply has none: no
// button leads an officer to one answer rather than another.
var mainAct = map[string]string{
	"case.next.accept": "accept-handover", "case.next.acknowledge": "acknowledge-arrival", "case.next.announce": "notify-transfer",
	"case.next.ask-document": "ask-travel-document", "case.next.close": "close-case", "case.next.confirm": "confirm-booking",
	"case.next.count": "record-return", "case.next.depart": "depart", "case.next.hold-seat": "hold-seat",
	"case.next.information": "give-information", "case.next.issue-document": "issue-travel-document", "case.next.lock": "lock-journey",
	"case.next.notify": "notify-instead", "case.next.offer": "offer-handover", "case.next.paused": "resume",
	"case.next.port-refusal": "refuse-at-port", "case.next.rely": "rely-on-deemed-consent",
	"case.next.request": "request-readmission", "case.next.serve-notice": "serve-notice", "case.next.take-back": "agree-take-back",
	"case.next.verify-departure": "verify-departure", "case.next.after-refusal": "request-readmission",
}

// nextLink is the button beside the next step: the act itself, or the attestation that it still needs.
func (v *visit) nextLink(view desk.CaseView, offers []ActGroup) (text, href string) {
	find := func(name string) (string, string) {
		want := casePath(view.State.Case, "act", name)
		for _, g := range offers {
			for _, l := range g.Items {
				if l.Href == want {
					return l.Text, l.Href
				}
			}
		}
		return "", ""
	}
	unknown := slices.ContainsFunc(view.Next.Gates, func(g casework.Gate) bool { return g.Status == casework.GateUnknown })
	if unknown && view.Next.Owner == v.Desk.Authority {
		if text, href = find("attest"); href != "" {
			for _, p := range casework.PointsOf(view.Next.Step) {
				return text, href + "?about=" + url.QueryEscape(p)
			}
		}
	}
	if len(view.Next.Gates) > 0 {
		return "", ""
	}
	return find(mainAct[view.Next.Key])
}

// colleagues are the officers of the own authority who are on the roster now.
func (v *visit) colleagues(roles ...string) []form.Option {
	roster, err := v.Desk.Officers(v.Desk.Authority)
	if err != nil {
		return nil // the question then has no answer, which the form says
	}
	type line struct {
		id   act.ID
		text string
	}
	var all []line
	for _, s := range roster {
		if s.Role != "node" && s.Role != "root" && s.Ended == 0 && (len(roles) == 0 || slices.Contains(roles, s.Role)) {
			all = append(all, line{s.Officer, v.t("page.sign-in.option", "name", s.Name, "role", v.role(s.Role))})
		}
	}
	sortWords(v, all, func(l line) string { return l.text })
	var options []form.Option
	for _, l := range all {
		options = append(options, form.Option{Value: string(l.id), Text: l.text})
	}
	return options
}

// Acts lists the names of all official acts that have a page.
func Acts() []string { return slices.Sorted(maps.Keys(officials())) }
