package component

import (
	"html/template"
	"time"

	"countersign/internal/words"
)

// TimelineItem is one act in the life of a case.
type TimelineItem struct {
	Title     string
	Occurred  time.Time // in the world, in the zone to show
	Recorded  time.Time // when this node committed it
	By        string    // officer
	Role      string    // of that day (pain K16)
	Authority string
	Ours      bool // made here; otherwise by the other state
	Domestic  bool // never left this node
	Late      bool // recorded on a later day than it occurred
	Corrected bool // a later act corrects it
	Text      string
	HTML      template.HTML
	Href      string // the act with its proof
	Tone      Tone
}

// Timeline is the life of a case, newest first as its caller sorts it. Occurred and recorded are two times
// (pain K9) and both are shown when their days differ.
type Timeline struct {
	Words *words.Catalogue
	Title string
	Items []TimelineItem
	Level string // of the headings; 3 if empty
}

func (Timeline) partial() string { return "timeline" }

type timelineView struct {
	TimelineItem
	Heading                      headingTag
	When, Machine, RecordedLater string
	Side, SideClass              string
}

// Shown are the items with their words.
func (t Timeline) Shown() []timelineView {
	var all []timelineView
	for _, i := range t.Items {
		v := timelineView{TimelineItem: i, Heading: heading(t.Level, "3"), When: t.Words.Moment(i.Occurred),
			Machine: i.Occurred.Format(time.RFC3339)}
		if i.Recorded.Format(time.DateOnly) != i.Occurred.Format(time.DateOnly) {
			v.RecordedLater = t.Words.Text("web.timeline.recorded", "moment", t.Words.Moment(i.Recorded))
		}
		switch {
		case i.Domestic:
			v.Side, v.SideClass = t.Words.Text("web.timeline.domestic"), "domestic"
		case i.Ours:
			v.Side, v.SideClass = t.Words.Text("web.timeline.ours"), "ours"
		default:
			v.Side, v.SideClass = t.Words.Text("web.timeline.theirs"), "theirs"
		}
		all = append(all, v)
	}
	return all
}
