package web

import (
	"countersign/internal/web/component"
)

// LooksPage is who looked at personal data, for supervisors and inspectors. Looks in an emergency come first:
// a supervisor is told of each.
type LooksPage struct {
	Layout
	Emergency, All component.Table
	AnyEmergency   bool
}

const looksShown = 200

func looksPage(v *visit) error {
	looks, err := v.Desk.Looks(v.ctx(), v.who, looksShown)
	if err != nil {
		return err
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p := &LooksPage{Layout: v.layout(v.t("page.looks.title"))}
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
		if l.Purpose == purposeEmergency {
			p.Emergency.Rows, p.AnyEmergency = append(p.Emergency.Rows, row), true
		}
		p.All.Rows = append(p.All.Rows, row)
	}
	p.Wide = true
	return v.render("looks", p)
}
