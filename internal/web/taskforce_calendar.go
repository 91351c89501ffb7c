package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/taskforce"
	"countersign/internal/web/component"
)

// zoneOf is a state's zone: the days of a posting are days at the host.
func (v *visit) zoneOf(authority string) *time.Location {
	if authority != v.Desk.Authority {
		if zone, err := v.Desk.Agreement.Zone(authority); err == nil {
			return zone
		}
	}
	return v.zone
}

// duty is who answers now, day and night, on each side; a function that nobody answers for is said to be open.
func (v *visit) duty(s taskforce.State) component.Table {
	t := component.Table{Head: v.heads("function", "authority", "desk", "phone", "until"), Caption: v.t("taskforce.page.duty"), CaptionClasses: "govuk-visually-hidden"}
	on := s.OnDuty(v.now())
	for _, f := range taskforce.Functions {
		for _, a := range []string{v.Desk.Authority, v.Desk.Peer.Authority} {
			i := slices.IndexFunc(on, func(d *taskforce.Duty) bool { return d.By == a && d.Entry.Function == f })
			row := []component.TableCell{{Text: v.t("taskforce.function." + f)}, {Text: v.authority(a)}, statusCell(component.Notice, v.t("taskforce.page.nobody")), {}, {}}
			if i >= 0 {
				row[2], row[3], row[4] = component.TableCell{Text: v.both(on[i].Entry.Desk)}, component.TableCell{HTML: link("tel:"+strings.ReplaceAll(on[i].Entry.Phone, " ", ""), on[i].Entry.Phone), Classes: "cs-nowrap"}, component.TableCell{Text: v.moment(on[i].Until)}
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// calendarPage is what is ahead: meetings, tasks due, measures and postings that begin or end; and who is on duty.
func calendarPage(v *visit) error {
	s, err := v.forceState("view-calendar")
	if err != nil {
		return err
	}
	token, err := v.Desk.CalendarToken(v.who)
	if err != nil {
		return err
	}
	p := v.forcePage(v.t("taskforce.page.menu.calendar"))
	p.Acts = append(p.Acts, ForceLink{Text: v.t("taskforce.page.feed"), Href: "/task-force/feed/" + string(v.who.Officer.ID) + "/" + token})
	ahead := v.ahead(s)
	p.part(v.t("taskforce.page.ahead"), v.paged(p.Title, v.columnsOf("on", "what", "title"), len(ahead), func(i int) component.WorkRow {
		return component.WorkRow{Cells: []component.TableCell{{Text: v.words.Day(ahead[i].day), Classes: "cs-nowrap"}, {Text: v.t("taskforce.calendar." + ahead[i].what)}, {HTML: link(ahead[i].href, ahead[i].title)}}}
	}))
	p.part(v.t("taskforce.page.duty"), v.duty(s))
	v.offer(p, "", "", taskforce.SetDuty{ID: probe}, taskforce.CallMeeting{ID: probe})
	for _, d := range s.OnDuty(v.now()) {
		v.offer(p, d.ID, "", taskforce.EndDuty{ID: d.ID, At: d.Until.Add(-time.Millisecond)})
	}
	return v.render("taskforce", p)
}

type appointment struct{ day, what, title, href string }

func (v *visit) ahead(s taskforce.State) []appointment {
	var all []appointment
	today := v.today()
	add := func(day, what, title, href string, id act.ID) {
		if day >= today {
			all = append(all, appointment{day, what, title, href + string(id)})
		}
	}
	for _, m := range s.Meetings {
		if !m.Cancelled {
			add(m.Starts.In(v.zone).Format(time.DateOnly), "meeting", v.both(m.Title), "/task-force/meetings/", m.ID)
		}
	}
	for _, m := range s.Measures {
		if m.Base() != "" {
			add(m.Terms().From, "measure-begins", v.both(m.Terms().Title), "/task-force/measures/", m.ID)
			add(m.Terms().Until, "measure-ends", v.both(m.Terms().Title), "/task-force/measures/", m.ID)
		}
	}
	for _, t := range s.Tasks {
		if t.Live() {
			add(t.Due, "task-due", v.both(t.Title), "/task-force/tasks/", t.ID)
		}
	}
	for _, x := range s.Postings {
		if x.Accredited != nil && x.Recalled == nil {
			add(x.Accredited.From, "posting-begins", v.both(x.Terms.Title), "/task-force/postings/", x.ID)
			add(x.Accredited.Until, "posting-ends", v.both(x.Terms.Title), "/task-force/postings/", x.ID)
		}
	}
	slices.SortFunc(all, func(a, b appointment) int {
		return cmp.Or(strings.Compare(a.day, b.day), strings.Compare(a.what, b.what), strings.Compare(a.href, b.href))
	})
	return all
}

// calendarFeed is the calendar for a calendar program: no names, no titles, no places.
func calendarFeed(v *visit) error {
	w := taskforce.CalendarWords{Name: v.t("taskforce.calendar.name"), Meeting: v.t("taskforce.calendar.meeting"), MeasureBegins: v.t("taskforce.calendar.measure-begins"), MeasureEnds: v.t("taskforce.calendar.measure-ends"),
		TaskDue: v.t("taskforce.calendar.task-due"), PostingBegins: v.t("taskforce.calendar.posting-begins"), PostingEnds: v.t("taskforce.calendar.posting-ends")}
	text, err := v.Desk.Calendar(v.id("officer"), v.r.PathValue("token"), w)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="task-force.ics"`)
	v.w.WriteHeader(http.StatusOK)
	_, err = v.w.Write([]byte(text))
	return err
}
