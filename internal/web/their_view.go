package web

import (
	"countersign/internal/desk"
	"countersign/internal/web/component"
)

// TheirViewPage is the case as the other state holds it: joint acts that reached it, and nothing else.
type TheirViewPage struct {
	Layout
	Bar      component.IdentityBar
	Intro    string
	Nothing  bool
	Next     component.Next
	Sections []component.SummaryList
	Timeline component.Timeline
}

func theirViewPage(v *visit) error {
	id := v.id("id")
	own, err := v.Desk.ViewCase(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	view, err := v.Desk.TheirView(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	peer := v.authority(v.Desk.Peer.Authority)
	p := &TheirViewPage{Layout: v.layout(v.t("page.their.title", "authority", peer)), Bar: v.bar(own, false), Nothing: view.State.Case == "",
		Intro: v.t("page.their.intro", "authority", peer)}
	p.Reference = desk.Reference(id)
	p.Back = &component.BackLink{Href: casePath(id)}
	if !p.Nothing {
		p.Next, p.Sections, p.Timeline = v.nextPiece(view), v.sections(view), v.timeline(view)
	}
	return v.render("their_view", p)
}
