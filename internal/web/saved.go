package web

import (
	"net/url"

	"countersign/internal/desk"
	"countersign/internal/web/component"
)

// savedFilter is a list that every officer needs again and again, an address of its own that can be sent to a
// colleague. It holds codes only.
type savedFilter struct{ Label, Query string }

var savedFilters = []savedFilter{
	{"page.saved.queue", "owner=nobody"}, {"page.saved.overdue", "show=overdue"}, {"page.saved.week", "show=week"}, {"page.saved.waiting", "show=waiting"},
	{"page.saved.blocked", "show=blocked"}, {"page.saved.closed", "show=closed&sort=updated"},
}

// saved puts the links above the list of all cases: the standing ones, and the officer's own.
func (v *visit) saved(p *WorkPage) error {
	for _, s := range savedFilters {
		p.Saved = append(p.Saved, component.Link{Text: v.t(s.Label), Href: "/cases?" + s.Query})
	}
	own, err := v.Desk.SavedLists(v.ctx(), v.who)
	for _, l := range own {
		p.Saved = append(p.Saved, component.Link{Text: l.Name, Href: "/cases?" + l.Query})
		p.Own = append(p.Own, l.Name)
	}
	return err
}

// nameLength bounds what a list is called.
const nameLength = 40

// saveFilter keeps the list's filter under a name, from one session to the next.
func saveFilter(v *visit) error {
	values, err := v.posted()
	if err != nil {
		return err
	}
	query := url.Values{}
	for _, h := range hiddenOf(values) {
		query.Set(h.Name, h.Value)
	}
	name := values.Get("name")
	if r := []rune(name); len(r) > nameLength {
		name = string(r[:nameLength])
	}
	if name == "" {
		name = v.t("page.saved.unnamed")
	}
	if err := v.Desk.SaveList(v.ctx(), v.who, desk.SavedList{Name: name, Query: query.Encode()}); err != nil {
		return err
	}
	v.say("page.saved.done")
	return v.to("/cases?" + query.Encode())
}

// dropFilter forgets one of the officer's own lists.
func dropFilter(v *visit) error {
	values, err := v.posted()
	if err != nil {
		return err
	}
	if err := v.Desk.DropList(v.ctx(), v.who, values.Get("name")); err != nil {
		return err
	}
	v.say("page.saved.removed")
	return v.to("/cases")
}
