package demo

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/demo/browse"
	"countersign/internal/person"
)

// The story is done as people do it: each officer opens the node's own pages, fills in the forms that they hold, and
// sends them, with a session and by the rules for requests of the same site. What a machine does, it does by itself.

// Browser is the browser of the officer with a role; it stays signed in.
func (w *World) Browser(a *Authority, role string) (*browse.Visitor, error) {
	return w.browserOf(a, a.As(role).Officer.ID)
}

// browserOf is the browser of one officer, who may be a guest of the authority.
func (w *World) browserOf(a *Authority, officer act.ID) (*browse.Visitor, error) {
	key := a.Authority + "/" + string(officer)
	if v := w.browsers[key]; v != nil {
		return v, nil
	}
	v, err := browse.SignIn(a.URL(), cmp.Or(string(w.lang), "en"), string(officer), &w.given)
	if err != nil {
		return nil, fmt.Errorf("%s signs in: %w", officer, err)
	}
	if w.browsers == nil {
		w.browsers = map[string]*browse.Visitor{}
	}
	w.browsers[key] = v
	return v, nil
}

// OnPage carries out an act by the page that the node has for it.
func (w *World) OnPage(a *Authority, role string, id act.ID, c casework.Command) error {
	v, err := w.Browser(a, role)
	if err != nil {
		return err
	}
	about, answers, err := w.answers(a, c)
	if err != nil {
		return err
	}
	path := "/cases/" + string(id) + "/act/" + casework.Name(c)
	if about != "" {
		path += "?about=" + url.QueryEscape(about)
	}
	page, err := v.Fill(path, "act", answers)
	if err == nil && page.Path != "/cases/"+string(id) {
		err = fmt.Errorf("%s ended on %s: %s", path, page.Path, page.Words())
	}
	return err
}

// OpenOnPages looks whether somebody is known, and opens a case with what was looked for.
func (w *World) OpenOnPages(o domestic.CaseOpening) (act.ID, error) {
	v, err := w.Browser(w.GB, "caseworker")
	if err != nil {
		return "", err
	}
	main := o.Person.Main()
	asked := url.Values{"name": {main.Given + " " + main.Family}}
	putDate(asked, "birth", o.Person.Birth)
	found, err := v.Fill("/search", "search", asked)
	if err != nil {
		return "", err
	}
	form := found.Link("/cases/new")
	if form == "" {
		return "", fmt.Errorf("the search does not lead to a new case: %s", found.Words())
	}
	p := o.Person
	answers := url.Values{"route": {o.Route}, "family": {main.Family}, "given": {main.Given}, "birth-place": {p.BirthPlace}, "birth-country": {p.BirthCountry},
		"sex": {p.Sex}, "nationality": {p.Nationalities[0]}, "father-name": {p.FatherName}, "mother-name": {p.MotherName}, "last-residence": {p.LastResidence},
		"part": {o.Part}, "destination": {o.Destination}, "encounter": {o.Encounter.Route}, "encounter-place": {o.Encounter.Place}}
	putDate(answers, "encounter-date", o.Encounter.Date)
	for _, n := range p.Names {
		if n.Kind == "alias" {
			answers.Set("alias", n.String())
		}
	}
	page, err := v.Fill(form, "open", answers)
	if page.Status == http.StatusConflict { // somebody known looks alike: the officer says that this is another person
		page, err = v.Send(page, "open", nil)
	}
	if err != nil {
		return "", err
	}
	return act.ID(strings.TrimPrefix(page.Path, "/cases/")), nil
}

// seatAnswers tell departures in the own zone and arrivals in the other state's, as the form asks.
func (w *World) seatAnswers(v url.Values, a *Authority, b domestic.Booking) error {
	there, err := a.Desk.Agreement.Zone(a.Desk.Peer.Authority)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"means": b.Means, "carrier": b.Carrier, "flight": b.Number, "from": b.From, "to": b.To, "stops": strings.Join(b.Stops, ", "),
		"escorts": strconv.Itoa(b.Escorts)} {
		v.Set(name, value)
	}
	putTime(v, "departs", b.Departs.In(a.Desk.Law.Location()))
	putTime(v, "arrives", b.Arrives.In(there))
	return nil
}

func evidenceTypes(all []joint.Evidence) (types []string) {
	for _, e := range all {
		types = append(types, e.Type)
	}
	return types
}

func yes(b bool) string { return map[bool]string{true: "yes", false: "no"}[b] }

// putDate answers a question for a date, which may be known in part.
func putDate(v url.Values, name string, d person.Date) {
	parts := append(strings.Split(d.String(), "-"), "", "")
	for i, part := range []string{"-year", "-month", "-day"} {
		v.Set(name+part, strings.TrimPrefix(parts[i], "0"))
	}
}

func putTime(v url.Values, name string, t time.Time) {
	putDate(v, name+"-day", person.DateOf(t))
	v.Set(name+"-time", t.Format("15:04"))
}

// Given are the answers that all officers gave by hand on pages, in order.
func (w *World) Given() []browse.Given { return w.given.Given() }

// AttestOnPages attests what stands before a step at each point where it has to be attested.
func (w *World) AttestOnPages(ctx context.Context, id act.ID, step casework.Step) error {
	for _, point := range points[step] {
		if err := w.attestOnPages(ctx, id, step, point); err != nil {
			return err
		}
	}
	return nil
}

// attestOnPages attests what stands before a step, each gate by an officer whose role may say so.
func (w *World) attestOnPages(ctx context.Context, id act.ID, step casework.Step, point string) error {
	return w.eachAttester(ctx, id, step, func(role string, findings []domestic.Finding) error {
		v, err := w.Browser(w.GB, role)
		if err != nil {
			return err
		}
		page, err := v.Open("/cases/" + string(id) + "/act/attest?about=" + point)
		if err != nil {
			return err
		}
		answers := url.Values{"looked-at": {"file-checked"}}
		for _, q := range page.Questions("act") { // the page asks about every condition that the officer may speak to
			if gate, ok := strings.CutPrefix(q, "gate-"); ok {
				answers.Set(q, "skip")
				for _, f := range findings {
					if f.Gate == gate {
						answers.Set(q, "clear")
					}
				}
			}
		}
		_, err = v.Send(page, "act", answers)
		return err
	})
}
