package web

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/desk"
	"countersign/internal/web/component"
)

// timeline is what happened, the latest first, with both times where they differ.
func (v *visit) timeline(view desk.CaseView) component.Timeline {
	t := component.Timeline{Words: v.words, Title: v.t("page.case.timeline"), Level: "3"}
	for i := len(view.Events) - 1; i >= 0; i-- {
		if e := view.Events[i]; e.Kind != domestic.DataConsulted {
			t.Items = append(t.Items, v.happened(e, view))
		}
	}
	return t
}

func (v *visit) happened(e act.Event, view desk.CaseView) component.TimelineItem {
	by, role := v.signer(view.Officers, e.Officer)
	item := component.TimelineItem{Title: v.t("page.act." + string(e.Kind)), Occurred: e.Occurred.In(v.zone), Recorded: e.Recorded.In(v.zone),
		By: by, Role: role, Authority: v.authority(e.Officer.Authority),
		Ours: e.Officer.Authority == v.Desk.Authority, Domestic: e.Scope == act.Domestic, Text: v.body(e.Body), Href: casePath(e.Case, "acts", string(e.ID))}
	item.Late = e.Recorded.Format(time.DateOnly) != e.Occurred.Format(time.DateOnly)
	return item
}
