package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/person"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// asker writes the questions of one official act. Each method adds a question and returns how its answer is
// read, so that a command's form is a few lines: what is asked, and what the answers mean.
//
// A question NAME is labelled page.field.NAME and hinted page.hint.NAME, or page.hint.NAME.ACT for one act.
type asker struct {
	*visit
	view   desk.CaseView
	act    string // name of the command
	about  string // the barrier, gate, point ... that the act is about, chosen before
	fields []form.Field
}

func (a *asker) base(name string) form.Base {
	b := form.Base{Name: name, Label: "page.field." + name}
	if key := "page.field." + name + "." + a.act; a.words.Has(key) {
		b.Label = key
	}
	for _, key := range []string{"page.hint." + name + "." + a.act, "page.hint." + name} {
		if a.words.Has(key) {
			b.Hint = key
			break
		}
	}
	return b
}

func (a *asker) add(f form.Field) { a.fields = append(a.fields, f) }

// codeOptions are the entries of a closed list.
func codeOptions(list string, values []string) []form.Option {
	var all []form.Option
	for _, x := range values {
		all = append(all, form.Option{Value: x, Label: "case.code." + list + "." + x})
	}
	return all
}

// one asks for one entry of a closed list: radios for a few, a drop-down for many.
func (a *asker) one(name, list string, values []string) func() string {
	return a.choose(name, codeOptions(list, values), false)
}

// maybe is one that may stay open.
func (a *asker) maybe(name, list string, values []string) func() string {
	return a.choose(name, codeOptions(list, values), true)
}

func (a *asker) choose(name string, options []form.Option, optional bool) func() string {
	b := a.base(name)
	b.Optional = optional
	if len(options) > 7 || optional {
		p := &form.Pick{Base: b, Options: options}
		a.add(p)
		return func() string { return p.Value }
	}
	c := &form.Choice{Base: b, Options: options}
	a.add(c)
	return func() string { return c.Value }
}

// many asks for any entries of a closed list, at least one.
func (a *asker) many(name, list string, values []string) func() []string {
	c := &form.Choices{Base: a.base(name), Options: codeOptions(list, values)}
	a.add(c)
	return func() []string { return c.Values }
}

func (a *asker) line(name string, optional bool) func() string {
	t := &form.Text{Base: a.base(name), Width: "govuk-!-width-two-thirds"}
	t.Optional = optional
	a.add(t)
	return func() string { return t.Value }
}

// filled is a line that starts with what is known.
func (a *asker) filled(name, value string, optional bool) func() string {
	read := a.line(name, optional)
	a.fields[len(a.fields)-1].(*form.Text).Value = value
	return read
}

// country asks for a state.
func (a *asker) country(name, value string, optional bool) func() string {
	p := &form.Pick{Base: a.base(name), Value: value}
	p.Optional = optional
	for _, c := range countryCodes {
		p.Options = append(p.Options, form.Option{Value: c, Text: a.visit.country(c)})
	}
	if value != "" && !slices.Contains(countryCodes, value) {
		p.Options = append(p.Options, form.Option{Value: value, Text: a.visit.country(value)})
	}
	a.add(p)
	return func() string { return p.Value }
}

var countryCodes = []string{"ALB", "GBR", "XKX", "MKD", "MNE", "SRB", "ITA", "GRC", "DEU", "FRA", "TUR", "VNM", "XXA", "XXX"}

// language asks for a language.
func (a *asker) language(name, value string) func() string {
	p := &form.Pick{Base: a.base(name), Value: value}
	for _, c := range []string{"sq", "en", "it", "el", "de", "rom", "sr", "mk", "tr", "vi"} {
		p.Options = append(p.Options, form.Option{Value: c, Label: "page.language." + c})
	}
	a.add(p)
	return func() string { return p.Value }
}

// text asks for words of several lines. remark is one that crosses the border, and says so.
func (a *asker) text(name string, optional bool) func() string {
	l := &form.Long{Base: a.base(name), Max: 500, Rows: 4}
	l.Optional = optional
	a.add(l)
	return func() string { return l.Value }
}

// remark offers the texts of this officer that a second officer reviewed for this case. Nothing else crosses.
func (a *asker) remark() func() string {
	var options []form.Option
	for _, t := range a.view.State.Texts {
		if t.Author == a.who.Officer.ID && t.By.ID != a.who.Officer.ID {
			options = append(options, form.Option{Value: string(t.ID), Text: t.Text})
		}
	}
	if len(options) == 0 {
		return func() string { return "" }
	}
	id := a.choose("remark", options, true)
	return func() string {
		for _, t := range a.view.State.Texts {
			if string(t.ID) == id() {
				return t.Text
			}
		}
		return ""
	}
}

// yes asks a question that must be answered, yes or no.
func (a *asker) yes(name string) func() bool {
	c := &form.Choice{Base: a.base(name), Inline: true, Options: []form.Option{{Value: "yes", Label: "page.yes"}, {Value: "no", Label: "page.no"}}}
	a.add(c)
	return func() bool { return c.Value == "yes" }
}

// tick asks for a statement that holds or is left open.
func (a *asker) tick(name string) func() bool {
	b := a.base(name)
	b.Optional, b.Unmarked = true, true
	c := &form.Choices{Base: b, Options: []form.Option{{Value: "yes", Label: "page.tick." + name}}}
	a.add(c)
	return func() bool { return len(c.Values) > 0 }
}

func (a *asker) number(name string, low, high int) func() int {
	n := &form.Number{Base: a.base(name), Min: low, Max: high}
	a.add(n)
	return func() int { x, _ := n.Value(); return x }
}

// date asks for a whole day; zero bounds do not bind.
func (a *asker) date(name string, optional bool, earliest, latest time.Time) func() person.Date {
	d := &form.Date{Base: a.base(name), Earliest: earliest, Latest: latest}
	d.Optional = optional
	a.add(d)
	return func() person.Date { return dateOf(d) }
}

func dateOf(d *form.Date) person.Date {
	x, _ := person.ParseDate(d.Value())
	return x
}

// past asks when something happened. Left empty it means now, which is how most acts are recorded.
func (a *asker) past(name string) func() time.Time { return a.instant(name, a.zone, true, time.Time{}) }

// instant asks for a day and a time of day in a zone.
func (a *asker) instant(name string, zone *time.Location, optional bool, value time.Time) func() time.Time {
	d := &form.Date{Base: a.base(name + "-day")}
	k := &form.Clock{Base: a.base(name + "-time")}
	d.Optional, k.Optional = optional, optional
	if !value.IsZero() {
		d.Set(value.In(zone).Format(time.DateOnly))
		k.Typed = value.In(zone).Format("15:04")
	}
	a.add(d)
	a.add(k)
	return func() time.Time {
		t, ok := form.At(d, k, zone)
		if !ok {
			t, _ = d.Time(zone)
		}
		return t
	}
}

// peerZone is the zone of the other state, in which arrivals are told.
func (a *asker) peerZone() *time.Location {
	if zone, err := a.Desk.Agreement.Zone(a.Desk.Peer.Authority); err == nil {
		return zone
	}
	return a.zone
}

// officer asks for a colleague of the own authority.
func (a *asker) officer(name string, roles ...string) func() act.ID {
	p := &form.Pick{Base: a.base(name), Options: a.colleagues(roles...)}
	a.add(p)
	return func() act.ID { return act.ID(p.Value) }
}

// evidenceTypes are what an application may rest on, the strongest first (Benelux-Kosovo annexes 4 to 6).
var evidenceTypes = []string{"passport", "laissez-passer", "identity-card", "register-hit", "visa-hit", "passport-copy", "driving-licence",
	"birth-certificate", "witness-statement", "own-statement", "language"}

func (a *asker) evidence(optional bool) func() []joint.Evidence {
	c := &form.Choices{Base: a.base("evidence"), Options: codeOptions("evidence", evidenceTypes)}
	c.Optional = optional
	a.add(c)
	return func() []joint.Evidence {
		var all []joint.Evidence
		for i, x := range c.Values {
			all = append(all, joint.Evidence{Type: x, Annex: i + 1})
		}
		return all
	}
}

// document asks for a travel document.
func (a *asker) document(types []string, issuer string) func() person.Document {
	kind := a.one("type", "document", types)
	number := a.line("document-number", false)
	by := a.country("issuer", issuer, false)
	issued := a.date("issued", true, time.Time{}, a.now())
	until := a.date("valid-until", false, time.Time{}, time.Time{})
	return func() person.Document {
		return person.Document{Type: kind(), Number: strings.ToUpper(strings.Join(strings.Fields(number()), "")), Issuer: by(), Issued: issued(), ValidUntil: until()}
	}
}

// ours asks for one of the documents in the file.
func (a *asker) ours(usable func(casework.Document) bool) func() string {
	var options []form.Option
	for _, d := range a.view.State.Documents {
		if !d.Cancelled.Is() && usable(d) {
			options = append(options, form.Option{Value: d.Number, Text: a.code("document", d.Type) + " " + d.Number})
		}
	}
	return a.choose("document", options, false)
}

// proofs are the kinds of evidence that the law profile accepts for a gate; any where it names none.
func (a *asker) proofs(gate string) []string {
	if r, ok := a.Desk.Law.Gate(gate); ok && len(r.Evidence) > 0 {
		return r.Evidence
	}
	return []string{"file-checked", "system-checked", "person-asked", "document-seen", "decision-letter", "court-record"}
}

// answer is what was answered, in words, for the page that stops before an act.
func (v *visit) answer(f form.Field) (label, text string) {
	picked := func(options []form.Option, values ...string) string {
		var all []string
		for _, o := range options {
			if slices.Contains(values, o.Value) && o.Divider == "" {
				if o.Label != "" {
					all = append(all, v.t(o.Label))
				} else {
					all = append(all, o.Text)
				}
			}
		}
		return v.words.List(all)
	}
	switch x := f.(type) {
	case *form.Text:
		return x.Label, x.Value
	case *form.Long:
		return x.Label, x.Value
	case *form.Number:
		return x.Label, x.Typed
	case *form.Choice:
		return x.Label, picked(x.Options, x.Value)
	case *form.Choices:
		return x.Label, picked(x.Options, x.Values...)
	case *form.Pick:
		return x.Label, picked(x.Options, x.Value)
	case *form.Date:
		return x.Label, v.words.Day(x.Value())
	case *form.Clock:
		clock, _ := x.Value()
		return x.Label, clock
	}
	return "", ""
}

// answers are the questions that have one, with their answers.
func (v *visit) answers(fields []form.Field) []component.SummaryRow {
	var rows []component.SummaryRow
	for _, f := range fields {
		if label, text := v.answer(f); text != "" {
			rows = append(rows, component.SummaryRow{Key: component.Cell{Text: v.t(label)}, Value: component.Cell{Text: text}})
		}
	}
	return rows
}

func itoa(n int) string { return strconv.Itoa(n) }
