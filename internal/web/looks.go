package web

import (
	"net/http"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/web/component"
)

// LooksPage is who looked at personal data, for supervisors and inspectors. Looks in an emergency come first:
// a supervisor is told of each.
type LooksPage struct {
	Layout
	Emergency, All component.Table
	AnyEmergency   bool
	Exports        *component.Table // files taken out, by officer and week; nil: none
	Stated         []EmergencyLine
	Failed, Note   string // a review without its reason, as it was typed
}

const looksShown = 200

func looksPage(v *visit) error { return v.showLooks(http.StatusOK, "", "") }

func (v *visit) showLooks(status int, failed, note string) error {
	looks, err := v.Desk.Looks(v.ctx(), v.who, looksShown)
	if err != nil {
		return err
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p := &LooksPage{Layout: v.layout(v.t("page.looks.title")), Failed: failed, Note: note}
	p.Invalid, p.URL = failed != "", "/looks"
	if p.Stated, err = v.emergencies(names); err != nil {
		return err
	}
	heads := []string{v.t("page.looks.when"), v.t("page.column.owner"), v.t("page.looks.purpose"), v.t("page.looks.view"), v.t("page.looks.people")}
	table := func(caption string) component.Table {
		t := component.Table{Caption: v.t(caption), CaptionClasses: "govuk-table__caption--m", Classes: "cs-table"}
		for _, h := range heads {
			t.Head = append(t.Head, component.TableCell{Text: h})
		}
		return t
	}
	p.Emergency, p.All = table("page.looks.emergency"), table("page.looks.all")
	for _, l := range looks {
		view := l.View
		if key := "page.view." + l.View; v.words.Has(key) {
			view = v.t(key)
		}
		purpose := l.Purpose
		if v.words.Has(purpose) {
			purpose = v.t(purpose)
		}
		var row []component.TableCell
		for i, text := range []string{v.moment(l.At), v.officer(names, l.Officer.ID) + ", " + v.role(l.Officer.Role), purpose, view, itoa(l.People)} {
			row = append(row, component.TableCell{Text: text, Attributes: component.Attrs{"data-heading": heads[i]}})
		}
		if l.Purpose == desk.PurposeEmergency {
			p.Emergency.Rows, p.AnyEmergency = append(p.Emergency.Rows, row), true
		}
		p.All.Rows = append(p.All.Rows, row)
	}
	p.Wide = true
	if p.Exports, err = v.exports(names); err != nil {
		return err
	}
	return v.renderAs(status, "looks", p)
}

// exports counts the files that officers took out, by week.
func (v *visit) exports(names map[act.ID]string) (*component.Table, error) {
	all, err := v.Desk.Exports(v.ctx(), v.who)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	heads := []string{v.t("page.column.owner"), v.t("page.looks.exports.week")}
	for n := 1; n < desk.ExportWeeks; n++ {
		heads = append(heads, v.words.Count("page.looks.exports.before", n))
	}
	heads = append(heads, v.t("page.looks.exports.people"))
	t := &component.Table{Caption: v.t("page.looks.exports"), CaptionClasses: "govuk-table__caption--m", Classes: "cs-table", FirstCellIsHeader: true}
	for i, h := range heads {
		t.Head = append(t.Head, component.TableCell{Text: h, Format: map[bool]string{true: "numeric"}[i > 0]})
	}
	for _, x := range all {
		row := []component.TableCell{{Text: v.officer(names, x.Officer)}}
		numbers := make([]int, 0, len(heads))
		numbers = append(append(numbers, x.Files[:]...), int(x.People))
		for i, n := range numbers {
			row = append(row, component.TableCell{Text: itoa(n), Format: "numeric", Attributes: component.Attrs{"data-heading": heads[i+1]}})
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}
