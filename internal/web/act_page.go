package web

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// ActPage is the form of one official act on a case.
type ActPage struct {
	Layout
	Bar     component.IdentityBar
	Heading string
	Thing   string // what the act is about, where it is about one of several
	Explain string
	Crosses string // that the other state will hold it
	Against []GateGroup
	Form    *form.Form
	Fields  []form.Field
	Hidden  []component.HiddenInput
	Action  string
	Button  component.Button
	Cancel  string
}

// ChoicePage asks what an act is about before it asks anything else.
type ChoicePage struct {
	Layout
	Bar     component.IdentityBar
	Heading string
	Explain string
	Links   []ActLink
	Cancel  string
}

// StopPage stands before an act that cannot be taken back.
type StopPage struct {
	Layout
	Bar      component.IdentityBar
	Stop     component.Interruption
	Form     *form.Form
	Conflict *component.Conflict
}

// Parameters of an act's form beside its questions.
const (
	fieldSeen      = "seen"      // how many acts the officer saw when the form was made
	fieldConfirmed = "confirmed" // the page that stops was passed
	fieldAgain     = "again"     // the officer proved anew who acts
)

// draft is an act on its way from its form to the desk.
type draft struct {
	*asker
	official
	form    *form.Form
	command func() casework.Command
	path    string
}

// draft prepares the form of the act in the address. It is a page that does not exist for an act that is not
// the officer's to do.
func (v *visit) draft() (*draft, error) {
	id, name := v.id("id"), v.r.PathValue("act")
	o, ok := officials()[name]
	if !ok {
		return nil, fault.New(fault.Missing, "page.fault.no-page")
	}
	view, err := v.Desk.ViewCase(v.ctx(), v.who, id)
	if err != nil {
		return nil, err
	}
	d := &draft{asker: &asker{visit: v, view: view, act: name, about: v.r.URL.Query().Get("about")}, official: o, path: casePath(id, "act", name)}
	if o.About == nil {
		d.about = ""
	}
	return d, d.mayTry()
}

// mayTry refuses the form to whom the act is not offered, with the reason.
func (d *draft) mayTry() error {
	for _, c := range casework.Commands() {
		if casework.Name(c) != d.act {
			continue
		}
		possible, err := d.Desk.Possible(d.ctx(), d.who, d.view.State.Case, c)
		if err == nil && !d.offered(possible[0]) {
			err = possible[0]
		}
		return err
	}
	return fault.New(fault.Missing, "page.fault.no-page")
}

// pick settles what the act is about. done tells that a page was shown instead of the form.
func (d *draft) pick() (done bool, err error) {
	if d.About == nil {
		return false, nil
	}
	options := d.About(d.asker)
	for _, o := range options {
		if o.Value == d.about {
			return false, nil
		}
	}
	if d.about != "" || len(options) == 0 {
		return true, fault.New(fault.Missing, "page.fault.not-about")
	}
	if len(options) == 1 {
		return true, d.to(d.path + "?about=" + url.QueryEscape(options[0].Value))
	}
	p := &ChoicePage{Layout: d.layout(d.t("page.do." + d.act)), Bar: d.bar(d.view, false), Heading: d.t("page.do." + d.act),
		Explain: d.t("page.choose-about"), Cancel: casePath(d.view.State.Case)}
	p.Reference = desk.Reference(d.view.State.Case)
	for _, o := range options {
		text := o.Text
		if o.Label != "" {
			text = d.t(o.Label)
		}
		p.Links = append(p.Links, ActLink{Text: text, Href: d.path + "?about=" + url.QueryEscape(o.Value)})
	}
	return true, d.render("act_choice", p)
}

func (d *draft) ask() {
	d.fields = nil
	d.command = d.Ask(d.asker)
	d.form = form.New(d.fields...)
}

// action is where the form goes: the address names what it is about, by a random identifier or a code.
func (d *draft) action() string {
	if d.about == "" {
		return d.path
	}
	return d.path + "?about=" + url.QueryEscape(d.about)
}

func (d *draft) page() *ActPage {
	title := d.t("page.do." + d.act)
	p := &ActPage{Layout: d.layout(title), Bar: d.bar(d.view, false), Heading: title, Thing: d.thing(), Form: d.form, Fields: d.fields, Action: d.action(),
		Cancel: casePath(d.view.State.Case), Button: component.Button{Text: title}}
	if key := "page.explain." + d.act; d.words.Has(key) {
		p.Explain = d.t(key)
	}
	if d.Crosses {
		key := "page.crosses"
		if d.Stays {
			key = "page.crosses.stays"
		}
		p.Crosses = d.t(key, "authority", d.authority(d.Desk.Peer.Authority))
	}
	if d.Final {
		p.Button.Text = d.t("page.continue")
	}
	p.Invalid, p.URL, p.Layout.Form = d.form.Invalid(), d.action(), "act"
	p.Reference = desk.Reference(d.view.State.Case)
	p.Back = &component.BackLink{Href: casePath(d.view.State.Case)}
	p.Hidden = []component.HiddenInput{{Name: fieldSeen, Value: strconv.Itoa(len(d.view.Events))}}
	p.Against = d.againstGroups()
	return p
}

// thing names what the act is about.
func (d *draft) thing() string {
	if d.About == nil {
		return ""
	}
	for _, o := range d.About(d.asker) {
		if o.Value == d.about {
			if o.Label != "" {
				return d.t(o.Label)
			}
			return o.Text
		}
	}
	return ""
}

// againstGroups are the gates that stand against the step, said before the officer fills anything in.
func (d *draft) againstGroups() []GateGroup {
	if d.Step == "" {
		return nil
	}
	var groups []GateGroup
	shut, unknown := splitGates(d.gateList(d.view, d.Step, true))
	if len(shut.Items) > 0 {
		groups = append(groups, GateGroup{Gates: shut})
	}
	if len(unknown.Items) > 0 {
		groups = append(groups, GateGroup{Title: d.words.Count("page.case.gates.unknown", len(unknown.Items)), Gates: unknown})
	}
	return groups
}

func actPage(v *visit) error {
	d, err := v.draft()
	if err != nil {
		return err
	}
	if done, err := d.pick(); done || err != nil {
		return err
	}
	d.ask()
	return v.render("act", d.page())
}

// doAct takes the form: back to it on errors and in another language, then past a changed case, then past the
// page that stops, then to the desk.
func doAct(v *visit) error {
	d, err := v.draft()
	if err != nil {
		return err
	}
	if done, err := d.pick(); done || err != nil {
		return err
	}
	d.ask()
	if err := d.form.Read(v.w, v.r); err != nil {
		return err
	}
	if lang := d.form.Switched(); lang != "" {
		v.switchTo(lang)
		d.ask() // names of people, places and conditions come in the other language, too
		if err := d.form.Read(v.w, v.r); err != nil {
			return err
		}
		return v.render("act", d.page())
	}
	if !d.form.Valid() {
		return v.renderAs(http.StatusUnprocessableEntity, "act", d.page())
	}
	if since := d.changedSince(); len(since) > 0 && !d.Stops {
		return v.renderAs(http.StatusConflict, "stop", d.conflict(since))
	}
	if d.Final && d.mustProve() {
		return d.prove(d.action(), v.r.PostForm)
	}
	if d.Final && !d.passed() {
		return v.renderAs(http.StatusOK, "stop", d.stop())
	}
	return d.carryOut()
}

// carryOut gives the command to the desk. What the desk refuses comes back beside the form, with everything
// that was answered.
func (d *draft) carryOut() error {
	events, err := d.Desk.Case(d.ctx(), d.who, d.view.State.Case, d.command())
	if err == nil {
		d.say(d.done(events))
		return d.to(casePath(d.view.State.Case))
	}
	if fault.KindOf(err) == "" {
		return err
	}
	status := StatusOf(err)
	spoken := d.spoken(err)
	message := form.Message{Key: fault.KeyOf(spoken), Args: fault.ArgsOf(spoken)}
	d.form.Fail(d.fieldOf(fault.ArgsOf(err)["field"]), &message)
	view, again := d.Desk.ViewCase(d.ctx(), d.who, d.view.State.Case)
	if again == nil { // the gates as they stand now
		d.view = view
	}
	return d.renderAs(status, "act", d.page())
}

// done is the notice after an act: a proposal says that a second officer has to follow.
func (d *draft) done(events []act.Event) string {
	for _, e := range events {
		if key := "page.done." + string(e.Kind); d.words.Has(key) {
			return key
		}
	}
	if d.Crosses {
		return "page.done.sent"
	}
	return "page.done"
}

// fieldOf finds the question that a fault of the domain is about.
func (d *draft) fieldOf(name string) form.Field {
	if name == "" {
		return nil
	}
	want := strings.ReplaceAll(name, "_", "-")
	for _, f := range d.fields {
		if n := nameOf(f); n == want || n == want+"-day" {
			return f
		}
	}
	return nil
}

func nameOf(f form.Field) string {
	switch x := f.(type) {
	case *form.Text:
		return x.Name
	case *form.Long:
		return x.Name
	case *form.Number:
		return x.Name
	case *form.Choice:
		return x.Name
	case *form.Choices:
		return x.Name
	case *form.Pick:
		return x.Name
	case *form.Date:
		return x.Name
	case *form.Clock:
		return x.Name
	}
	return ""
}

// changedSince are the acts that came while the officer filled in the form.
func (d *draft) changedSince() []act.Event {
	seen, err := strconv.Atoi(d.r.PostForm.Get(fieldSeen))
	if err != nil || seen < 0 || seen > len(d.view.Events) {
		return d.view.Events[max(0, len(d.view.Events)-1):] // a form without its version is not trusted
	}
	return d.view.Events[seen:]
}

// carried are the answers as they were posted, to be posted again.
func (d *draft) carried(more ...component.HiddenInput) []component.HiddenInput {
	var all []component.HiddenInput
	for _, name := range sortedKeys(d.r.PostForm) {
		if name == fieldSeen || name == fieldConfirmed || name == fieldAgain || name == LanguageParameter {
			continue
		}
		for _, value := range d.r.PostForm[name] {
			all = append(all, component.HiddenInput{Name: name, Value: value})
		}
	}
	return append(all, more...)
}

// conflict says who changed what since the form was made.
func (d *draft) conflict(since []act.Event) *StopPage {
	last := since[len(since)-1]
	p := &StopPage{Layout: d.layout(d.t("web.conflict.title")), Bar: d.bar(d.view, false)}
	p.URL = casePath(d.view.State.Case)
	c := &component.Conflict{Words: d.words, Who: d.visit.officer(d.view.Officers, last.Officer.ID), Role: d.role(last.Officer.Role), When: last.Recorded.In(d.zone),
		Action: d.action(), Again: d.t("page.do." + d.act), Discard: d.action(),
		Hidden: d.carried(component.HiddenInput{Name: fieldSeen, Value: strconv.Itoa(len(d.view.Events))})}
	for _, e := range since {
		c.Changes = append(c.Changes, component.Change{Field: d.moment(e.Recorded), Before: "–",
			Theirs: strings.TrimSuffix(d.t("page.act."+string(e.Kind))+" · "+d.body(e.Body), " · "), Mine: "–"})
	}
	for _, row := range d.answers(d.fields) {
		c.Changes = append(c.Changes, component.Change{Field: row.Key.Text, Before: "–", Theirs: "–", Mine: row.Value.Text})
	}
	p.Conflict = c
	return p
}

// stop is the page before an act that cannot be taken back.
func (d *draft) stop() *StopPage {
	name := d.t("page.do." + d.act)
	p := &StopPage{Layout: d.layout(name), Bar: d.bar(d.view, false)}
	p.URL, p.Layout.Form = d.action(), "stop"
	text := d.t("page.final")
	if d.Crosses {
		key := "page.final.crosses"
		if d.Stays {
			key = "page.final.stays"
		}
		text = d.t(key, "authority", d.authority(d.Desk.Peer.Authority))
	}
	p.Stop = component.Interruption{Words: d.words, Act: name, Title: d.t("page.final.title", "act", name), Text: text, Facts: d.answers(d.fields), Action: d.action(),
		Cancel: casePath(d.view.State.Case), FormID: "stop"}
	if thing := d.thing(); thing != "" {
		p.Stop.Facts = append([]component.SummaryRow{{Key: component.Cell{Text: d.t("page.final.about")}, Value: component.Cell{Text: thing}}}, p.Stop.Facts...)
	}
	p.Stop.Hidden = d.carried(component.HiddenInput{Name: fieldSeen, Value: strconv.Itoa(len(d.view.Events))}, component.HiddenInput{Name: fieldConfirmed, Value: "yes"})
	if !d.Sessions.Fresh(d.ctx()) {
		p.Stop.Fields = d.again()
	}
	return p
}

// again asks the officer to show anew who acts, when the sign-in is a while ago (ASVS 7.5.3). In the demo that
// is choosing the own name; elsewhere the provider proves it.
func (d *draft) again() template.HTML {
	pick := &form.Pick{Base: form.Base{Name: fieldAgain, Label: "page.again", Hint: "page.again.hint"}, Options: d.colleagues()}
	h, err := component.HTML(pick.Component(d.words))
	if err != nil {
		return ""
	}
	return h
}

// passed tells whether the officer confirmed on the page that stops, and is freshly proved.
func (d *draft) passed() bool {
	if d.r.PostForm.Get(fieldConfirmed) != "yes" {
		return false
	}
	if d.Sessions.Fresh(d.ctx()) {
		return true
	}
	if !d.byName() || d.r.PostForm.Get(fieldAgain) != string(d.who.Officer.ID) {
		return false
	}
	return d.Sessions.Prove(d.ctx()) == nil
}
