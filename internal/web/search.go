package web

import (
	"crypto/rand"
	"net/http"

	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// SearchPage finds people who are known at this node. What was typed is personal: it is posted, kept in the
// sealed session, and never part of an address (ASVS 14.2.1).
type SearchPage struct {
	Layout
	Form   *form.Form
	Fields []form.Field
	Asked  bool
	List   component.WorkList
	Open   string // address to open a case with what was searched; empty: not for this officer
	None   bool
	More   string // that only the first are shown
}

type searchForm struct {
	*form.Form
	name, document *form.Text
	birth          *form.Date
}

func (v *visit) searchForm() *searchForm {
	s := &searchForm{
		name:     &form.Text{Base: form.Base{Name: "name", Label: "page.field.name", Hint: "page.search.name.hint", Optional: true, Unmarked: true}, Width: "govuk-!-width-two-thirds"},
		birth:    &form.Date{Base: form.Base{Name: "birth", Label: "page.search.birth", Hint: "page.search.birth.hint", Optional: true, Unmarked: true}, Partial: true, Latest: v.now()},
		document: &form.Text{Base: form.Base{Name: "document", Label: "page.field.document-number", Optional: true, Unmarked: true}, Width: "govuk-input--width-20"},
	}
	s.Form = form.New(s.name, s.birth, s.document)
	return s
}

func (s *searchForm) asked() desk.Search {
	return desk.Search{Name: s.name.Value, Birth: s.birth.Value(), Document: s.document.Value}
}

func (v *visit) searchView(s *searchForm) *SearchPage {
	p := &SearchPage{Layout: v.layout(v.t("page.search.title")), Form: s.Form, Fields: s.Fields}
	p.Invalid, p.Layout.Form, p.Wide = s.Invalid(), "search", true
	return p
}

func searchPage(v *visit) error {
	if !v.Desk.May(v.who, "search-before-create") {
		return fault.New(fault.Denied, "fault.access.denied", "action", "search-before-create", "role", v.who.Officer.Role)
	}
	return v.render("search", v.searchView(v.searchForm()))
}

// search keeps what was typed and leads to the results, whose address is random.
func search(v *visit) error {
	s := v.searchForm()
	if err := s.Read(v.w, v.r); err != nil {
		return err
	}
	if lang := s.Switched(); lang != "" {
		v.switchTo(lang)
		return v.render("search", v.searchView(s))
	}
	if s.Valid() && s.asked() == (desk.Search{}) {
		s.Fail(s.name, form.Say("page.search.empty"))
	}
	if !s.Valid() {
		return v.renderAs(http.StatusUnprocessableEntity, "search", v.searchView(s))
	}
	key := rand.Text()[:12]
	v.Sessions.Keep(v.ctx(), "search/"+key, map[string]string{"name": s.name.Value, "birth": s.birth.Value(), "document": s.document.Value})
	return v.to("/search/" + key)
}

// kept is a search of this session.
func (v *visit) kept(key string) (desk.Search, bool) {
	m := v.Sessions.Kept(v.ctx(), "search/"+key)
	return desk.Search{Name: m["name"], Birth: m["birth"], Document: m["document"]}, m != nil
}

func foundPage(v *visit) error {
	key := v.r.PathValue("key")
	asked, ok := v.kept(key)
	if !ok {
		return v.to("/search")
	}
	lines, err := v.Desk.FindPeople(v.ctx(), v.who, asked)
	if err != nil {
		return err
	}
	s := v.searchForm()
	s.name.Value, s.document.Value = asked.Name, asked.Document
	s.birth.Set(asked.Birth)
	p := v.searchView(s)
	p.Asked, p.None = true, len(lines) == 0
	p.List = component.WorkList{Words: v.words, Caption: v.t("page.search.results"), Total: len(lines), Page: 1, Empty: v.t("page.search.none")}
	if err := v.rows(&p.List, lines); err != nil {
		return err
	}
	if len(lines) == desk.FindCap {
		p.More = v.t("page.search.more", "count", itoa(desk.FindCap))
	}
	if v.Desk.May(v.who, "open-case") {
		p.Open = "/cases/new?search=" + key
	}
	return v.render("search", p)
}

// particularsOf starts a person from a search, so that nothing is typed twice (P10).
func particularsOf(s desk.Search) person.Particulars {
	var p person.Particulars
	given, family := splitName(s.Name)
	if family != "" {
		p.Names = []person.Name{{Family: family, Given: given}}
	}
	p.Birth, _ = person.ParseDate(s.Birth)
	return p
}
