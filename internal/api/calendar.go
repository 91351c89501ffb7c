package api

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
)

// HolidayView is a day that is not a working day in a state, or in one part of it: from the calendars of the program, or
// declared since by an act of that state.
type HolidayView struct {
	Date      string     `json:"date"`
	State     string     `json:"state" doc:"authority"`
	Part      string     `json:"part,omitempty" doc:"part of the state; absent where it has none"`
	NameEn    string     `json:"name_en"`
	NameSq    string     `json:"name_sq"`
	Status    string     `json:"status" enum:"announced,computed,estimated" doc:"how well the date is known"`
	Source    string     `json:"source"`
	MovedFrom string     `json:"moved_from,omitempty" doc:"the day at a weekend from which it moved"`
	Declared  act.ID     `json:"declared,omitempty" doc:"the act that declared it"`
	By        act.ID     `json:"by,omitempty" doc:"the officer who declared it"`
	At        *time.Time `json:"at,omitempty"`
	Receipt   *time.Time `json:"receipt,omitempty" doc:"when the other state had it: from then on both count the agreement's limits with it"`
	Withdrawn bool       `json:"withdrawn" doc:"taken back before its day"`
}

type holidaysIn struct {
	WithPurpose
	WithLanguage
	Page
	Year int `query:"year" minimum:"1900" maximum:"2200" doc:"absent: the present one"`
}

const tagCalendar = "calendar"

// calendar registers the public holidays of both states and how the own one declares a day.
func (s *service) calendar() {
	get(s, "holidays", "/calendar/holidays", tagCalendar, "Public holidays of both states in a year, with those declared since the calendars were written", s.holidays)
	for _, c := range []struct {
		name, summary string
		body          casework.HolidayCommand
	}{
		{"declare-holiday", "Declare a day free in the own state, or in parts of it: every limit that still runs moves", casework.DeclareHoliday{}},
		{"withdraw-holiday", "Take the own declaration back before its day", casework.WithdrawHoliday{}},
	} {
		s.deeds(deed{c.name, "/calendar/acts/" + c.name, tagCalendar, c.summary, c.body,
			func(ctx context.Context, who desk.Session, _ string, b any) error {
				c, ok := b.(casework.HolidayCommand)
				if !ok {
					return wrong(b)
				}
				_, err := s.Desk.Holiday(ctx, who, c)
				return err
			}})
	}
}

func (s *service) holidays(ctx context.Context, in *holidaysIn) (*body[Pages[HolidayView]], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	year := in.Year
	if year == 0 {
		year = s.Desk.Clock().In(s.Desk.Law.Location()).Year()
	}
	lines, err := s.Desk.HolidayLines(ctx, who, year)
	if err != nil {
		return nil, err
	}
	out := paged(in.Page, "/calendar/holidays", lines, holidayView)
	out.Body.Next = in.next("/calendar/holidays", url.Values{"year": {strconv.Itoa(year)}}, len(lines))
	return out, nil
}

func holidayView(l desk.HolidayLine) HolidayView {
	v := HolidayView{Date: l.Date.String(), State: l.State, Part: l.Part, NameEn: l.Name.En, NameSq: l.Name.Sq, Status: string(l.Status), Source: l.Source,
		MovedFrom: l.Moved.String(), Declared: l.Declared, By: l.By.ID, Withdrawn: l.Withdrawn}
	if l.Declared != "" {
		v.At = moment(l.At)
		v.Receipt = moment(l.Receipt)
	}
	return v
}
