package web

import (
	"countersign/internal/act"
	"countersign/internal/desk"
)

// NewsPage tells what the other state did lately on an officer's cases. Like any notification it holds kinds
// and references, never a person: it may be seen over a shoulder.
type NewsPage struct {
	Layout
	Lines []NewsLine
}

// NewsLine is one act of the other state.
type NewsLine struct {
	Title, When, Reference, Href string
}

const newsLines = 50

func newsPage(v *visit) error {
	var mine act.ID
	if owns(v.who.Officer.Role) {
		mine = v.who.Officer.ID
	}
	rows, err := v.Desk.News(v.ctx(), v.who, mine, newsLines)
	if err != nil {
		return err
	}
	p := &NewsPage{Layout: v.layout(v.t("page.news.title"))}
	for _, r := range rows {
		p.Lines = append(p.Lines, NewsLine{Title: v.t("page.act." + string(r.Kind)), When: v.moment(r.Recorded), Reference: desk.Reference(r.Case), Href: casePath(r.Case)})
	}
	return v.render("news", p)
}
