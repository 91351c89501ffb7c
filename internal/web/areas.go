package web

import (
	"net/http"
	"strings"

	"countersign/internal/desk"
	"countersign/internal/web/component"
)

// area is a part of the service in the navigation. An officer sees those that the policies let the officer
// enter; another domain's pages add their line here and their routes in routes.go.
type area struct {
	Label  string // key
	Path   string
	Below  []string // further paths of the area
	Action string   // the policies decide by it
	Role   string   // instead of an action: whose rights hang on each case
	Border bool     // only at a node that has crossing points
}

var allAreas = []area{
	{Label: "page.area.work", Path: "/", Action: "view-work-list"},
	{Label: "page.area.cases", Path: "/cases", Action: "view-work-list"},
	{Label: "page.area.news", Path: "/news", Action: "view-work-list"},
	{Label: "page.area.find", Path: "/search", Action: "search-before-create"},
	{Label: "page.area.clients", Path: "/clients", Role: desk.RoleCounsel},
	{Label: "page.area.texts", Path: "/texts", Action: "review-text"},
	{Label: "taskforce.page.area", Path: "/task-force", Action: "view-measures"},
	{Label: "page.area.border", Path: "/border", Action: "view-measures", Border: true},
	{Label: "page.area.statistics", Path: "/statistics", Action: "view-statistics"},
	{Label: "page.area.looks", Path: "/looks", Action: "view-consultations"},
	{Label: "page.area.officers", Path: "/officers", Action: "view-roster"},
	{Label: "office.area", Path: pathAdministration, Below: []string{"/holidays"}, Action: "view-pairing"},
}

// opens tells whether the officer may enter an area at all.
func (v *visit) opens(a area) bool {
	if a.Border && v.Site.Border == nil {
		return false
	}
	if a.Role != "" {
		return a.Role == v.who.Officer.Role
	}
	return v.Desk.May(v.who, a.Action)
}

func (v *visit) areas() []component.NavItem {
	var items []component.NavItem
	for _, a := range allAreas {
		if !v.opens(a) {
			continue
		}
		path := v.r.URL.Path
		item := component.NavItem{Text: v.t(a.Label), Href: a.Path, Current: path == a.Path && v.r.Method == http.MethodGet}
		item.Active = !item.Current && a.Path != "/" && strings.HasPrefix(path, a.Path+"/")
		for _, b := range a.Below {
			item.Active = item.Active || strings.HasPrefix(path, b)
		}
		items = append(items, item)
	}
	return items
}

// home is where an officer starts: the work, or the first area of those who have no cases.
func (v *visit) home() string {
	for _, a := range allAreas {
		if v.opens(a) {
			return a.Path
		}
	}
	return "/start"
}
