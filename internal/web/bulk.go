package web

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/web/form"

	"github.com/go-json-experiment/json"
)

// fileOwners are the roles that can have a file.
var fileOwners = []string{"caseworker", "senior-caseworker", "readmission-officer"}

// BulkPage reports what a bulk assignment did, case by case, and what it did not do (pain K26). Files can be
// assigned in bulk; nothing is ever decided in bulk.
type BulkPage struct {
	Layout
	Done, Not []ActLink
	Back      string
	Summary   string
}

// bulkLimit bounds one assignment.
const bulkLimit = 200

func assign(v *visit) error {
	values, err := v.posted()
	if err != nil {
		return err
	}
	chosen, officer := values["case"], act.ID(values.Get("officer"))
	back := local(values.Get("back"))
	switch {
	case len(chosen) == 0:
		return fault.New(fault.Invalid, "page.assign.none")
	case !slices.ContainsFunc(v.colleagues(fileOwners...), func(o form.Option) bool { return o.Value == string(officer) }):
		return fault.New(fault.Invalid, "page.assign.nobody")
	case len(chosen) > bulkLimit:
		return fault.New(fault.Invalid, "page.assign.many", "max", itoa(bulkLimit))
	}
	p := &BulkPage{Back: back}
	for _, id := range chosen {
		line := ActLink{Text: desk.Reference(act.ID(id)), Href: casePath(act.ID(id))}
		if _, err := v.Desk.Case(v.ctx(), v.who, act.ID(id), casework.Assign{Officer: officer}); err != nil {
			if fault.KindOf(err) == "" {
				return err
			}
			spoken := v.spoken(err)
			line.Blocked = v.words.Map(fault.KeyOf(spoken), fault.ArgsOf(spoken))
			p.Not = append(p.Not, line)
			continue
		}
		p.Done = append(p.Done, line)
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p.Layout = v.layout(v.t("page.assign.title"))
	p.URL = "/cases"
	p.Summary = v.t("page.assign.summary", "done", itoa(len(p.Done)), "not", itoa(len(p.Not)), "officer", v.officer(names, officer))
	return v.render("bulk", p)
}

// hiddenOf carries a query on.
func hiddenOf(values url.Values) []component.HiddenInput {
	var all []component.HiddenInput
	for _, name := range []string{"show", "owner", "route", "sort", "down"} {
		if x := values.Get(name); x != "" {
			all = append(all, component.HiddenInput{Name: name, Value: x})
		}
	}
	return all
}

// export writes the list as a file. It is a disclosure: who took it, how many lines and what for are in the
// record before the first byte leaves, and no file holds more than the cap (T10).
func export(v *visit) error {
	values, err := v.posted()
	if err != nil {
		return err
	}
	q, err := v.newCaseQuery()
	if err != nil {
		return err
	}
	if err := q.read(values); err != nil {
		return err
	}
	lines, total, err := v.Desk.ExportCases(v.ctx(), v.who, v.filter(q))
	if err != nil {
		return err
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("\ufeff") // spreadsheets then read ë and ç as they are
	w := csv.NewWriter(&b)
	var head []string
	for _, c := range v.columns(false) {
		head = append(head, c.Text)
	}
	rows := [][]string{head}
	for _, l := range lines {
		var args map[string]string
		if err := json.Unmarshal([]byte(l.Args), &args); err != nil {
			return err
		}
		rows = append(rows, []string{l.Name, desk.Reference(l.ID), v.next(l.Next, args), v.authority(l.Owes), v.lastDay(l.Due), v.officer(names, l.Officer),
			v.lineStatus(l).Text, l.Updated.In(v.zone).Format("2006-01-02 15:04")})
	}
	rows = append(rows, []string{v.t("page.export.mark", "officer", v.who.Name, "moment", v.moment(v.Desk.Clock()), "count", itoa(len(lines)), "total", itoa(total))})
	for _, row := range rows {
		for i := range row {
			row[i] = harmless(row[i])
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="cases.csv"`)
	v.w.WriteHeader(http.StatusOK)
	_, err = v.w.Write(b.Bytes())
	return err
}

// harmless keeps a spreadsheet from reading a cell as a formula (ASVS 1.2.10).
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
