package web

import (
	"net/http"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// TextsPage is the queue of texts that wait for a second officer. It names cases, never what is written.
type TextsPage struct {
	Layout
	Lines []ActLink
}

func textsPage(v *visit) error {
	pending, err := v.Desk.PendingTexts(v.ctx(), v.who)
	if err != nil {
		return err
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p := &TextsPage{Layout: v.layout(v.t("page.texts.title"))}
	for _, t := range pending {
		p.Lines = append(p.Lines, ActLink{Href: casePath(t.Case, "texts"),
			Text: v.t("page.texts.line", "reference", desk.Reference(t.Case), "officer", v.officer(names, t.Author), "moment", v.moment(t.At))})
	}
	return v.render("texts", p)
}

// CaseTextsPage is where texts for the other state are written, cleared word for word, or given back.
type CaseTextsPage struct {
	Layout
	Bar    component.IdentityBar
	Form   *form.Form
	Field  form.Field
	Action string
	Texts  []TextLine
}

// TextLine is one text and what became of it.
type TextLine struct {
	ID, Text, By, State string
	Tone                component.Status
	Review              bool
}

func (v *visit) textForm() (*form.Form, *form.Long) {
	l := &form.Long{Base: form.Base{Name: "text", Label: "page.field.text", Hint: "page.hint.text"}, Max: 500, Rows: 4}
	return form.New(l), l
}

func caseTextsPage(v *visit) error {
	f, l := v.textForm()
	return v.showTexts(http.StatusOK, f, l)
}

func (v *visit) showTexts(status int, f *form.Form, l *form.Long) error {
	view, err := v.Desk.ViewCase(v.ctx(), v.who, v.id("id"))
	if err != nil {
		return err
	}
	path := casePath(view.State.Case, "texts")
	p := &CaseTextsPage{Layout: v.layout(v.t("page.case-texts.title")), Bar: v.bar(view, false), Form: f, Field: l, Action: path}
	p.Invalid, p.URL, p.Layout.Form = f.Invalid(), path, "text-form"
	p.Reference = desk.Reference(view.State.Case)
	p.Back = &component.BackLink{Href: casePath(view.State.Case)}
	for _, t := range desk.TextsOf(view.Events) {
		line := TextLine{ID: string(t.ID), Text: t.Text, By: v.t("page.roster.by", "officer", v.officer(view.Officers, t.Author), "moment", v.moment(t.At))}
		switch {
		case t.Cleared:
			line.Tone = component.Status{Tone: component.Good, Text: v.t("page.case-texts.cleared", "officer", v.officer(view.Officers, t.By))}
		case t.By != "":
			line.Tone = component.Status{Tone: component.Bad, Text: v.t("page.case-texts.returned", "officer", v.officer(view.Officers, t.By))}
			line.State = t.Returned
		default:
			line.Tone = component.Status{Tone: component.Waiting, Text: v.t("page.case-texts.waiting")}
			line.Review = t.Author != v.who.Officer.ID && v.Desk.May(v.who, "review-text")
		}
		p.Texts = append(p.Texts, line)
	}
	return v.renderAs(status, "case_texts", p)
}

func proposeText(v *visit) error {
	f, l := v.textForm()
	if err := f.Read(v.w, v.r); err != nil {
		return err
	}
	if lang := f.Switched(); lang != "" {
		v.switchTo(lang)
		return v.showTexts(http.StatusOK, f, l)
	}
	if f.Valid() {
		err := v.Desk.ProposeText(v.ctx(), v.who, v.id("id"), l.Value)
		if err == nil {
			v.say("page.case-texts.proposed")
			return v.to(casePath(v.id("id"), "texts"))
		}
		if k := fault.KindOf(err); k != fault.Invalid && k != fault.Denied {
			return err
		}
		spoken := v.spoken(err)
		f.Fail(l, &form.Message{Key: fault.KeyOf(spoken), Args: fault.ArgsOf(spoken)})
	}
	return v.showTexts(http.StatusUnprocessableEntity, f, l)
}

// reviewText clears exactly the words that are on record, or gives them back. What is cleared is read from
// the record, not from the form.
func reviewText(v *visit) error {
	values, err := v.posted()
	if err != nil {
		return err
	}
	id, proposal := v.id("id"), act.ID(values.Get("text"))
	view, err := v.Desk.ViewCase(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	for _, t := range desk.TextsOf(view.Events) {
		if t.ID != proposal || t.By != "" {
			continue
		}
		if values.Get("answer") == "clear" {
			_, err = v.Desk.Case(v.ctx(), v.who, id, casework.ReviewText{Text: t.Text, Author: t.Author})
		} else {
			err = v.Desk.ReturnText(v.ctx(), v.who, id, proposal, values.Get("why"))
		}
		if err != nil {
			return err
		}
		v.say("page.done")
		return v.to(casePath(id, "texts"))
	}
	return fault.New(fault.Missing, "page.fault.not-about")
}
