package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/treaty"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// HolidaysPage is the calendars on which limits count: the public holidays of both states in a year, and how the own
// state declares one.
type HolidaysPage struct {
	Layout
	Year             int
	Earlier, Later   component.Link
	Own, Peer        component.Table
	Declared         []HolidayLine
	May              bool
	Form             *form.Form
	Fields           []form.Field
	Withdraw         *form.Form
	WithdrawalFields []form.Field
}

// HolidayLine is a declared holiday and where it counts so far.
type HolidayLine struct {
	Text, By string
	State    component.Status
}

type holidayForms struct {
	declare, withdraw  *form.Form
	day                *form.Date
	parts              *form.Choices
	en, sq, source     *form.Text
	declaration, cause *form.Pick
}

// mine are the parts of the own state that have calendars of their own.
func (v *visit) mine() []string {
	return v.Desk.Calendars.Parts(v.Desk.Authority)
}

func (v *visit) holidayForms(lines []desk.HolidayLine) *holidayForms {
	wide := "govuk-!-width-two-thirds"
	f := &holidayForms{
		day:    &form.Date{Base: form.Base{Name: "day", Label: "page.holidays.day"}, Earliest: v.now()},
		parts:  &form.Choices{Base: form.Base{Name: "parts", Label: "page.holidays.parts", Hint: "page.holidays.parts.hint"}, Options: keyed("treaty.part.", v.mine())},
		en:     &form.Text{Base: form.Base{Name: "en", Label: "page.holidays.en"}, Max: 120, Width: wide},
		sq:     &form.Text{Base: form.Base{Name: "sq", Label: "page.holidays.sq"}, Max: 120, Width: wide},
		source: &form.Text{Base: form.Base{Name: "source", Label: "page.holidays.source", Hint: "page.holidays.source.hint"}, Max: 120, Width: wide},
		cause:  &form.Pick{Base: form.Base{Name: "reason", Label: "page.field.why"}, Options: keyed("case.code.holiday.", casework.HolidayReasons)},
	}
	f.declare = form.New(f.day)
	if len(v.mine()) > 0 {
		f.declare.Fields = append(f.declare.Fields, f.parts)
	}
	f.declare.Fields = append(f.declare.Fields, f.en, f.sq, f.source)
	var open []form.Option
	for _, l := range lines {
		if l.Declared != "" && !l.Withdrawn && l.State == v.Desk.Authority && !slices.ContainsFunc(open, func(o form.Option) bool { return o.Value == string(l.Declared) }) {
			open = append(open, form.Option{Value: string(l.Declared), Text: v.dated(l.Date) + ", " + l.Name.In(string(v.words.Lang))})
		}
	}
	if len(open) > 0 {
		f.declaration = &form.Pick{Base: form.Base{Name: "declaration", Label: "page.holidays.declaration"}, Options: open}
		f.withdraw = form.New(f.declaration, f.cause)
	}
	return f
}

func (v *visit) dated(d treaty.Date) string { return treaty.WordDate(d, v.words) }

// holidayYear is the year asked for, or the present one.
func (v *visit) holidayYear() int {
	if y, err := strconv.Atoi(v.r.URL.Query().Get("year")); err == nil && y > 1900 && y < 2200 {
		return y
	}
	return v.now().Year()
}

func holidaysPage(v *visit) error {
	lines, err := v.Desk.HolidayLines(v.ctx(), v.who, v.holidayYear())
	if err != nil {
		return err
	}
	return v.showHolidays(http.StatusOK, lines, v.holidayForms(lines))
}

func (v *visit) showHolidays(status int, lines []desk.HolidayLine, f *holidayForms) error {
	year := v.holidayYear()
	p := &HolidaysPage{Layout: v.layout(v.t("page.holidays.title")), Year: year, May: v.Desk.May(v.who, "declare-holiday"), Form: f.declare, Fields: f.declare.Fields,
		Withdraw: f.withdraw, Earlier: component.Link{Text: itoa(year - 1), Href: "/holidays?year=" + itoa(year-1)}, Later: component.Link{Text: itoa(year + 1), Href: "/holidays?year=" + itoa(year+1)}}
	p.Invalid, p.URL, p.Wide = f.declare.Invalid() || f.withdraw != nil && f.withdraw.Invalid(), "/holidays", true
	if f.withdraw != nil {
		p.WithdrawalFields = f.withdraw.Fields
	}
	p.Own, p.Peer = v.holidayTable(lines, v.Desk.Authority), v.holidayTable(lines, v.Desk.Peer.Authority)
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	seen := map[act.ID]bool{}
	for _, l := range lines {
		if l.Declared != "" && !seen[l.Declared] {
			seen[l.Declared] = true
			p.Declared = append(p.Declared, v.holidayLine(l, lines, v.officer(names, l.By.ID)))
		}
	}
	return v.renderAs(status, "holidays", p)
}

func (v *visit) holidayLine(l desk.HolidayLine, all []desk.HolidayLine, officer string) HolidayLine {
	line := HolidayLine{Text: v.dated(l.Date) + ": " + l.Name.In(string(v.words.Lang)) + " (" + v.free(l, all) + ")",
		By: v.t("page.roster.by", "officer", officer, "moment", v.moment(l.At)) + " " + l.Source}
	switch {
	case l.Withdrawn:
		line.State = component.Status{Tone: component.Unknown, Text: v.t("page.holidays.withdrawn")}
	case l.Receipt.IsZero():
		line.State = component.Status{Tone: component.Waiting, Text: v.t("page.holidays.waiting")}
	default:
		line.State = component.Status{Tone: component.Good, Text: v.t("page.holidays.counts", "moment", v.moment(l.Receipt))}
	}
	return line
}

// free names the state, or the parts of it, in which a declared day is free.
func (v *visit) free(l desk.HolidayLine, all []desk.HolidayLine) string {
	var names []string
	for _, o := range all {
		if o.Declared == l.Declared {
			names = append(names, treaty.Place(o.State, o.Part, v.words))
		}
	}
	return strings.Join(names, ", ")
}

// holidayTable lists the free days of a state; days that several parts share stand once.
func (v *visit) holidayTable(lines []desk.HolidayLine, state string) component.Table {
	t := component.Table{Caption: v.authority(state), CaptionClasses: "govuk-table__caption--m", Classes: "cs-table", FirstCellIsHeader: true}
	heads := []string{v.t("page.holidays.day"), v.t("page.holidays.name"), v.t("page.holidays.where"), v.t("page.holidays.known")}
	for _, h := range heads {
		t.Head = append(t.Head, component.TableCell{Text: h})
	}
	parts := len(v.Desk.Calendars.Parts(state))
	for i, l := range lines {
		same := func(o desk.HolidayLine) bool {
			return o.State == state && o.Declared == "" && o.Date == l.Date && o.Name == l.Name
		}
		if l.State != state || l.Declared != "" || slices.ContainsFunc(lines[:i], same) {
			continue
		}
		var where []string
		for _, o := range lines {
			if same(o) && o.Part != "" {
				where = append(where, treaty.Place(o.State, o.Part, v.words))
			}
		}
		if len(where) == parts {
			where = []string{v.t("page.holidays.everywhere")}
		}
		known := v.t("treaty.status." + string(l.Status))
		if !l.Moved.IsZero() {
			known += "; " + v.t("page.holidays.moved", "day", v.dated(l.Moved))
		}
		var row []component.TableCell
		for i, text := range []string{v.dated(l.Date), l.Name.In(string(v.words.Lang)), strings.Join(where, ", "), known} {
			row = append(row, component.TableCell{Text: text, Attributes: component.Attrs{"data-heading": heads[i]}})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// declareHoliday takes one of the two forms; the button says which.
func declareHoliday(v *visit) error {
	lines, err := v.Desk.HolidayLines(v.ctx(), v.who, v.holidayYear())
	if err != nil {
		return err
	}
	f := v.holidayForms(lines)
	asked, said := f.declare, "page.holidays.declared"
	if strings.HasSuffix(v.r.URL.Path, "/withdraw") {
		asked, said = f.withdraw, "page.holidays.taken-back"
	}
	if asked == nil {
		return fault.New(fault.Missing, "fault.holiday.none")
	}
	if err := asked.Read(v.w, v.r); err != nil {
		return err
	}
	if !asked.Valid() {
		return v.showHolidays(statusOfForm(asked), lines, f)
	}
	var c casework.HolidayCommand
	if asked == f.withdraw {
		c = casework.WithdrawHoliday{Declaration: act.ID(f.declaration.Value), Reason: f.cause.Value}
	} else {
		day, err := person.ParseDate(f.day.Value())
		if err != nil {
			return err
		}
		c = casework.DeclareHoliday{HolidayDeclaration: joint.HolidayDeclaration{Date: day, Parts: f.parts.Values, NameEn: f.en.Value, NameSq: f.sq.Value, Source: f.source.Value}}
	}
	moved, err := v.Desk.Holiday(v.ctx(), v.who, c)
	if kind := fault.KindOf(err); kind == fault.Invalid || kind == fault.Conflict {
		spoken := v.spoken(err)
		asked.Fail(nil, &form.Message{Key: fault.KeyOf(spoken), Args: fault.ArgsOf(spoken)})
		return v.showHolidays(http.StatusUnprocessableEntity, lines, f)
	}
	if err != nil {
		return err
	}
	v.say(said, "count", itoa(len(moved)))
	return v.to("/holidays")
}
