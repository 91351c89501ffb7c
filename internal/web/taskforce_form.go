package web

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/taskforce"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// ForceActPage asks for one official act of the task force.
type ForceActPage struct {
	Layout
	Form   *form.Form
	Thing  string // what the act is about
	Intro  string
	Action string
	Button component.Button
}

// forceAsker writes the questions of one act. Each method adds a question, labelled taskforce.field.NAME, and returns
// how its answer is read.
type forceAsker struct {
	*visit
	state     taskforce.State
	id, about act.ID
	intro     string
	fields    []form.Field
}

func (q *forceAsker) base(name string, optional bool) form.Base {
	b := form.Base{Name: name, Label: "taskforce.field." + name, Optional: optional}
	if plain := furtherRow.ReplaceAllString(name, "$2"); plain != name && !q.words.Has(b.Label) { // of a further line of a list
		b.Label, b.Hint = "taskforce.field."+plain, "office.further"
	}
	if hint := "taskforce.hint." + name; q.words.Has(hint) {
		b.Hint = hint
	}
	return b
}

// furtherRow is the number in the name of a question that is asked once for each line of a list.
var furtherRow = regexp.MustCompile(`-([0-9]+)(-en|-sq)?$`)

func (q *forceAsker) add(f form.Field) { q.fields = append(q.fields, f) }

// text asks for a text in both languages, of equal rank.
func (q *forceAsker) text(name string, was joint.Text) func() joint.Text {
	return q.texts(name, was, false)
}

func (q *forceAsker) texts(name string, was joint.Text, optional bool) func() joint.Text {
	ask := func(lang, value string) *form.Long {
		l := &form.Long{Base: q.base(name+"-"+lang, optional), Rows: 3, Max: 4000, Value: value}
		q.add(l)
		return l
	}
	en, sq := ask("en", was.EN), ask("sq", was.SQ)
	return func() joint.Text { return joint.Text{EN: en.Value, SQ: sq.Value} }
}

func (q *forceAsker) line(name, was string, optional bool) func() string {
	t := &form.Text{Base: q.base(name, optional), Value: was, Width: "govuk-!-width-two-thirds"}
	q.add(t)
	return func() string { return t.Value }
}

func (q *forceAsker) day(name, was string) func() string { return q.dayOr(name, was, false) }

// dayOr is a day that may stay open.
func (q *forceAsker) dayOr(name, was string, optional bool) func() string {
	d := &form.Date{Base: q.base(name, optional)}
	if was != "" {
		d.Set(was)
	}
	q.add(d)
	return d.Value
}

func (q *forceAsker) instant(name string) func() time.Time {
	d, k := &form.Date{Base: q.base(name+"-date", false)}, &form.Clock{Base: q.base(name+"-clock", false)}
	q.add(d)
	q.add(k)
	return func() time.Time {
		t, ok := form.At(d, k, q.zone)
		if !ok {
			return time.Time{}
		}
		return t.UTC()
	}
}

func (q *forceAsker) options(keys string, values []string) []form.Option {
	var all []form.Option
	for _, x := range values {
		all = append(all, form.Option{Value: x, Label: keys + x})
	}
	return all
}

func (q *forceAsker) pick(name string, options []form.Option, was string, optional bool) func() string {
	if len(options) > 6 || optional {
		p := &form.Pick{Base: q.base(name, optional), Options: options, Value: was}
		q.add(p)
		return func() string { return p.Value }
	}
	c := &form.Choice{Base: q.base(name, optional), Options: options, Value: was}
	q.add(c)
	return func() string { return c.Value }
}

func (q *forceAsker) many(name string, options []form.Option, was []string, optional bool) func() []string {
	if len(options) == 0 {
		return func() []string { return nil }
	}
	c := &form.Choices{Base: q.base(name, optional), Options: options, Values: was}
	q.add(c)
	return func() []string { return c.Values }
}

func (q *forceAsker) yes(name string) func() bool {
	c := &form.Choice{Base: q.base(name, false), Inline: true, Options: []form.Option{{Value: "yes", Label: "taskforce.yes"}, {Value: "no", Label: "taskforce.no"}}}
	q.add(c)
	return func() bool { return c.Value == "yes" }
}

func (q *forceAsker) number(name string, low, high int, optional bool) func() (int64, bool) {
	n := &form.Number{Base: q.base(name, optional), Min: low, Max: high}
	q.add(n)
	return func() (int64, bool) { x, ok := n.Value(); return int64(x), ok }
}

// staff are the officers of an authority who count now, with their roles.
func (q *forceAsker) staff(authority string) []form.Option {
	roster, err := q.Desk.Officers(authority)
	if err != nil {
		return nil
	}
	var all []form.Option
	for _, s := range roster {
		if s.Ended == 0 && s.Role != "node" && s.Role != "root" && s.Role != "administrator" {
			all = append(all, form.Option{Value: string(s.Officer), Text: q.t("page.sign-in.option", "name", s.Name, "role", q.role(s.Role))})
		}
	}
	slices.SortFunc(all, func(a, b form.Option) int {
		return cmp.Or(strings.Compare(a.Text, b.Text), strings.Compare(a.Value, b.Value))
	})
	return all
}

func (q *forceAsker) officer(name, authority string, was act.ID, optional bool) func() act.ID {
	p := &form.Pick{Base: q.base(name, optional), Options: q.staff(authority), Value: string(was)}
	q.add(p)
	return func() act.ID { return act.ID(p.Value) }
}

func (q *forceAsker) parties() []form.Option {
	return q.options("authority.", []string{q.Desk.Authority, q.Desk.Peer.Authority})
}

// forceAct finds the act of the address and asks its questions.
func (v *visit) forceAct() (*forceAsker, func() taskforce.Command, error) {
	name, values := v.r.PathValue("act"), v.r.URL.Query()
	ask := forceActs[name]
	if ask == nil {
		ask = postingActs[name]
	}
	if ask == nil {
		return nil, nil, fault.New(fault.Missing, "page.fault.no-page")
	}
	if !v.Desk.May(v.who, cmp.Or(map[string]string{"amend-measure": "change-measure"}[name], name)) && name != "accept-rules" {
		return nil, nil, fault.New(fault.Denied, "fault.access.denied", "action", name, "role", v.who.Officer.Role)
	}
	view := "view-tasks"
	if !v.Desk.May(v.who, view) {
		view = "view-postings"
	}
	s, err := v.forceState(view)
	if err != nil {
		return nil, nil, err
	}
	q := &forceAsker{visit: v, state: s, id: act.ID(values.Get("id")), about: act.ID(values.Get("about"))}
	command := ask(q)
	if command == nil {
		return nil, nil, fault.New(fault.Missing, "page.fault.no-page")
	}
	return q, command, nil
}

func (v *visit) forceActView(q *forceAsker, f *form.Form) *ForceActPage {
	name := v.r.PathValue("act")
	p := &ForceActPage{Layout: v.layout(v.t("taskforce.do." + name)), Form: f, Thing: q.thing(), Intro: cmp.Or(q.intro, v.t("taskforce.page.signs")), Button: component.Button{Text: v.t("taskforce.do." + name)}}
	p.Action = v.r.URL.RequestURI()
	p.Layout.Form, p.Invalid = "force-act", f.Invalid()
	p.Back = &component.BackLink{Href: "/task-force"}
	return p
}

// thing names what the act is about: nobody signs about something that the page does not name.
func (q *forceAsker) thing() string {
	s := q.state
	if m := s.Measures[q.id]; m != nil {
		return q.both(m.Terms().Title)
	}
	if m := s.Meetings[q.id]; m != nil {
		return q.both(m.Title)
	}
	if t := s.Tasks[q.id]; t != nil {
		return q.both(t.Title)
	}
	if c := s.Commitments[q.id]; c != nil && c.Entry != nil {
		return q.both(c.Entry.Promise)
	}
	if x := s.Postings[q.id]; x != nil {
		return q.both(x.Terms.Title)
	}
	return ""
}

func forceActPage(v *visit) error {
	q, _, err := v.forceAct()
	if err != nil {
		return err
	}
	return v.render("taskforce_act", v.forceActView(q, form.New(q.fields...)))
}

// binding are the acts that bind both states or end somebody's access: whoever signs them proves anew who it is.
var binding = []string{"accept-measure", "agree-minutes", "accept-commitment", "consent-to-posting", "accredit-officer", "recall-posting"}

func doForceAct(v *visit) error {
	q, command, err := v.forceAct()
	if err != nil {
		return err
	}
	f := form.New(q.fields...)
	if err := f.Read(v.w, v.r); err != nil {
		return err
	}
	if lang := f.Switched(); lang != "" {
		v.switchTo(lang)
	}
	if !f.Valid() {
		return v.renderAs(statusOfForm(f), "taskforce_act", v.forceActView(q, f))
	}
	if slices.Contains(binding, v.r.PathValue("act")) && v.mustProve() {
		return v.prove(v.r.URL.RequestURI(), v.r.PostForm)
	}
	events, err := v.Desk.TaskForce(v.ctx(), v.who, command())
	if err != nil {
		if f.Fault(nil, v.spoken(err)) {
			return v.renderAs(statusOfForm(f), "taskforce_act", v.forceActView(q, f))
		}
		return err
	}
	v.say("taskforce.page.done", "act", v.t("taskforce.do."+v.r.PathValue("act")))
	return v.to(pathOf(events))
}

// pathOf is the page of what an act was about.
func pathOf(events []act.Event) string {
	if len(events) == 0 {
		return "/task-force"
	}
	family, _, _ := strings.Cut(string(events[0].Kind), ".")
	if n, ok := events[0].Body.(*joint.CrossingNote); ok {
		family = n.Family
	}
	switch family {
	case "minutes":
		family = "meeting"
	case "duty":
		return "/task-force/calendar"
	case "message":
		if events[0].Scope == act.Domestic {
			return "/task-force/messages"
		}
	}
	return "/task-force/" + family + "s/" + string(events[0].Case)
}
