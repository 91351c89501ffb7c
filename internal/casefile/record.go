package casefile

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/person"
)

// records makes a record of each row, or says all that is wrong with it. A reference that comes twice is wrong
// the second time: two lines about one file contradict each other, and nobody here knows which is right.
func (m *Mapping) records(rows []row) *Result {
	result := &Result{Lines: len(rows)}
	seen := map[string]bool{}
	for _, x := range rows {
		r := reader{Mapping: m, row: x}
		record := r.record()
		if ref := record.Import.Reference; ref != "" && seen[ref] {
			r.problem("reference", ref, "fault.import.twice")
		}
		seen[record.Import.Reference] = true
		if len(r.problems) > 0 {
			result.Problems = append(result.Problems, r.problems...)
			continue
		}
		result.Records = append(result.Records, record)
	}
	return result
}

type reader struct {
	*Mapping
	row
	problems []Problem
}

func (r *reader) problem(field, value, key string) {
	p := Problem{Line: r.line, Field: field, Value: value, Key: key}
	if !slices.Contains(r.problems, p) {
		r.problems = append(r.problems, p)
	}
}

// text is the value of a field in our code; "" where there is none.
func (r *reader) text(name string) string {
	f, ok := r.Fields[name]
	if !ok {
		return ""
	}
	v := strings.TrimSpace(r.values[f.From])
	if v == "" {
		return f.Value
	}
	if f.Codes != nil {
		code, known := f.Codes[v]
		if !known {
			r.problem(name, v, "fault.import.code")
		}
		return code
	}
	if len(v) > maxValue || strings.IndexFunc(v, func(c rune) bool { return unicode.IsControl(c) && c != '\n' }) >= 0 {
		r.problem(name, v[:min(len(v), 40)], "fault.import.value")
		return ""
	}
	return v
}

func (r *reader) needed(name string) string {
	v := r.text(name)
	if v == "" && !slices.ContainsFunc(r.problems, func(p Problem) bool { return p.Field == name }) {
		r.problem(name, "", "fault.import.needed")
	}
	return v
}

// list splits a field that holds several values.
func (r *reader) list(name string) []string {
	v := r.text(name)
	if v == "" {
		return nil
	}
	split := r.Fields[name].Split
	if split == "" {
		split = "\n"
	}
	var all []string
	for part := range strings.SplitSeq(v, split) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

func (r *reader) bool(name string) bool {
	switch v := strings.ToLower(r.text(name)); v {
	case "true", "yes", "1", "po":
		return true
	case "", "false", "no", "0", "jo":
	default:
		r.problem(name, v, "fault.import.yes-no")
	}
	return false
}

// date reads a day as the mapping says that the other system writes it, or a partial one in our own form.
func (r *reader) date(name string) person.Date {
	v := r.text(name)
	if v == "" {
		return person.Date{}
	}
	if layout := r.Fields[name].Date; layout != "" {
		if t, err := time.Parse(layout, v); err == nil {
			return person.DateOf(t)
		}
	}
	d, err := person.ParseDate(v)
	if err != nil {
		r.problem(name, v, "fault.import.date")
	}
	return d
}

// moment reads an instant; a day alone is its beginning in the mapping's zone.
func (r *reader) moment(name string) time.Time {
	v := r.text(name)
	if v == "" {
		return time.Time{}
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		zone = time.UTC
	}
	for _, layout := range []string{r.Fields[name].Date, time.RFC3339, "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, v, zone); layout != "" && err == nil && t.Year() > 1980 && t.Year() < 2200 {
			return t.UTC()
		}
	}
	r.problem(name, v, "fault.import.date")
	return time.Time{}
}

// limit reads the end of a limit: a day alone counts to its end, as limits are shown to people.
func (r *reader) limit(name string) time.Time {
	t := r.moment(name)
	if v := r.text(name); t.IsZero() || strings.Contains(v, ":") {
		return t
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		zone = time.UTC
	}
	return t.In(zone).AddDate(0, 0, 1).UTC()
}

// code reads a closed code.
func (r *reader) code(name string, allowed []string, needed bool) string {
	v := r.text(name)
	if needed {
		v = r.needed(name)
	}
	if v != "" && !slices.Contains(allowed, v) {
		r.problem(name, v, "fault.import.code")
	}
	return v
}

func (r *reader) country(name string, needed bool) string {
	v := r.text(name)
	if needed {
		v = r.needed(name)
	}
	if v != "" && !person.Alpha3(v) {
		r.problem(name, v, "fault.import.country")
	}
	return v
}

func (r *reader) record() Record {
	routes := make([]string, len(casework.Routes))
	for i, route := range casework.Routes {
		routes[i] = string(route)
	}
	out := Record{Line: r.line, Import: domestic.Import{System: r.System, Reference: r.needed("reference"), Requested: r.moment("requested"),
		Received: r.moment("received"), Replied: r.moment("replied"), Positive: r.bool("positive"), Due: r.limit("due")}}
	out.Opening = domestic.CaseOpening{Route: r.code("route", routes, true), Part: r.needed("part"), Person: r.person(), Destination: r.country("destination", true),
		Unaccompanied: r.bool("unaccompanied"), Encounter: domestic.Encounter{Route: r.code("encounter_route", casework.EncounterRoutes, false),
			Place: r.text("encounter_place"), Date: r.date("encounter_date")}}
	r.course(&out.Import)
	if out.Document = r.document(); out.Document != nil {
		if f := out.Document.Problem(); f != "" {
			r.problem("document_"+f, out.Document.Number, "fault.import.document")
		}
	}
	if lang := r.text("language"); lang != "" {
		out.Support = &domestic.Support{Language: lang, Interpreter: r.bool("interpreter")}
	}
	return out
}

// course checks the order of what the other system says happened.
func (r *reader) course(i *domestic.Import) {
	before := func(a, b time.Time) bool { return !a.IsZero() && !b.IsZero() && b.Before(a) }
	switch {
	case i.Requested.IsZero() && !(i.Received.IsZero() && i.Replied.IsZero()):
		r.problem("requested", "", "fault.import.needed")
	case before(i.Requested, i.Received):
		r.problem("received", i.Received.Format(time.DateOnly), "fault.import.order")
	case before(i.Received, i.Replied), before(i.Requested, i.Replied):
		r.problem("replied", i.Replied.Format(time.DateOnly), "fault.import.order")
	}
}

func (r *reader) person() person.Particulars {
	r.needed("birth")
	p := person.Particulars{Names: []person.Name{{Family: r.needed("surname"), Given: r.text("given_names")}}, Birth: r.date("birth"),
		BirthPlace: r.text("birth_place"), BirthCountry: r.country("birth_country", false), Sex: r.code("sex", person.Sexes, false),
		Nationalities: r.list("nationality"), FatherName: r.text("father_name"), MotherName: r.text("mother_name"), LastResidence: r.text("last_residence")}
	for _, alias := range r.list("aliases") {
		given, family, found := strings.Cut(alias, " ")
		if !found {
			given, family = "", alias
		}
		p.Names = append(p.Names, person.Name{Family: family, Given: given, Kind: "alias"})
	}
	if lang := r.text("language"); lang != "" {
		p.Languages = []string{lang}
	}
	// The day of the import decides later whether a birth can be; here only what is wrong on any day.
	if f := p.Problem(person.On(p.Birth.Year+1, 1, 1)); f != "" && len(r.problems) == 0 {
		r.problem(map[string]string{"names": "surname", "nationalities": "nationality"}[f], "", "fault.import.value")
	}
	return p
}

func (r *reader) document() *person.Document {
	number := r.text("document_number")
	if number == "" {
		return nil
	}
	return &person.Document{Type: r.code("document_type", person.DocumentTypes, true), Number: number, Issuer: r.country("document_issuer", true), ValidUntil: r.date("document_valid_until")}
}
