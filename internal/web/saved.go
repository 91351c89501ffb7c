package web

import (
	"net/url"

	"countersign/internal/web/component"
)

// SavedFilters are lists that officers need again and again, each an address of its own that can be sent to
// a colleague. They hold codes only.
type savedFilter struct{ Label, Query string }

var savedFilters = []savedFilter{
	{"page.saved.queue", "owner=nobody"}, {"page.saved.overdue", "show=overdue"}, {"page.saved.week", "show=week"}, {"page.saved.waiting", "show=waiting"},
	{"page.saved.blocked", "show=blocked"}, {"page.saved.closed", "show=closed&sort=updated"},
}

// saved are the links above the list of all cases; the officer's own last filter is kept with the session.
func (v *visit) saved() []component.Link {
	var all []component.Link
	for _, s := range savedFilters {
		all = append(all, component.Link{Text: v.t(s.Label), Href: "/cases?" + s.Query})
	}
	if m := v.Sessions.Kept(v.ctx(), "filter"); m != nil {
		all = append(all, component.Link{Text: m["name"], Href: "/cases?" + m["query"]})
	}
	return all
}

// saveFilter keeps the list's filter under a name until the session ends.
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
	if r := []rune(name); len(r) > 40 {
		name = string(r[:40])
	}
	if name == "" {
		name = v.t("page.saved.unnamed")
	}
	v.Sessions.Keep(v.ctx(), "filter", map[string]string{"name": name, "query": query.Encode()})
	v.say("page.saved.done")
	return v.to("/cases?" + query.Encode())
}
