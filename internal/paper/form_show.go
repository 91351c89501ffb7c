package paper

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/words"
)

// Section is a part of a paper as it is read: in one language, every field in words, empty ones said to be so.
type Section struct {
	Key  string // of the heading, paper.section.KEY
	Item int    // number in a list, from 1; 0: not a list
	Rows []Row
}

// Row is one field. Blank rows are filled in by hand.
type Row struct {
	Key   string // of the label, paper.field.KEY
	Value string
	Blank bool
}

// Sections puts a paper in words. Pages and PDF show the same sections.
func (f *Form) Sections(c *words.Catalogue) []Section {
	sh := shower{form: f, words: c}
	v := reflect.Indirect(reflect.ValueOf(f.Content))
	if v.Kind() != reflect.Struct {
		return nil
	}
	if !f.Kind.ForPerson() {
		sh.parties()
	}
	for i := range v.NumField() {
		sh.section(nameOf(v.Type().Field(i)), v.Field(i))
	}
	if f.Act.ID != "" {
		sh.act()
	}
	return sh.sections
}

type shower struct {
	form     *Form
	words    *words.Catalogue
	sections []Section
}

func nameOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func (s *shower) section(name string, v reflect.Value) {
	if v.Kind() != reflect.Slice {
		s.sections = append(s.sections, Section{Key: name, Rows: s.rows(v)})
		return
	}
	for i := range v.Len() {
		s.sections = append(s.sections, Section{Key: name, Item: i + 1, Rows: s.rows(v.Index(i))})
	}
	if v.Len() == 0 {
		s.sections = append(s.sections, Section{Key: name, Rows: []Row{{Key: "none", Value: s.words.Text("paper.none")}}})
	}
}

func (s *shower) rows(v reflect.Value) []Row {
	var rows []Row
	for i := range v.NumField() {
		f := v.Type().Field(i)
		r := Row{Key: nameOf(f), Blank: f.Tag.Get("show") == "blank"}
		if !r.Blank {
			r.Value = s.value(f.Tag, v.Field(i))
		}
		rows = append(rows, r)
	}
	return rows
}

func (s *shower) value(tag reflect.StructTag, v reflect.Value) string {
	empty := s.words.Text("paper.empty")
	switch x := v.Interface().(type) {
	case bool:
		return s.words.Text("paper." + map[bool]string{true: "yes", false: "no"}[x])
	case int:
		return strconv.Itoa(x)
	case time.Time:
		return s.moment(x, tag.Get("zone"))
	case []string:
		return s.list(x, tag)
	case []act.ID:
		all := make([]string, len(x))
		for i, id := range x {
			all[i] = string(id)
		}
		return s.list(all, tag)
	}
	if text := v.String(); text != "" {
		return s.text(text, tag)
	}
	return empty
}

func (s *shower) list(items []string, tag reflect.StructTag) string {
	if len(items) == 0 {
		return s.words.Text("paper.none")
	}
	all := make([]string, len(items))
	for i, v := range items {
		all[i] = s.text(v, tag)
	}
	return s.words.List(all)
}

// text puts a code in words; a code that the catalogue does not know stands as it is.
func (s *shower) text(v string, tag reflect.StructTag) string {
	if list := tag.Get("code"); list != "" {
		if key := list + "." + v; s.words.Has(key) {
			return s.words.Text(key)
		}
		return v
	}
	if tag.Get("show") == "day" {
		return s.words.Day(v)
	}
	return v
}

// moment writes a time in the zone of the State where it happens.
func (s *shower) moment(t time.Time, side string) string {
	if t.IsZero() {
		return s.words.Text("paper.empty")
	}
	name := s.form.Agreement.Own
	if side == "requested" {
		name = s.form.Agreement.Requested
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		zone = time.UTC
	}
	return s.words.Moment(t.In(zone))
}

// parties names both authorities; their contacts are in the lists that the Parties exchange.
func (s *shower) parties() {
	name := func(code string) string {
		if code == "" {
			return s.words.Text("paper.empty")
		}
		return s.words.Text("authority." + code)
	}
	s.sections = append(s.sections, Section{Key: "parties", Rows: []Row{{Key: "requesting", Value: name(s.form.Requesting)},
		{Key: "requested", Value: name(s.form.Requested)}, {Key: "file", Value: string(s.form.Case)}}})
}

// act says who signed, when, and when the other State had it.
func (s *shower) act() {
	a := &s.form.Act
	side := "requesting"
	if a.Authority == s.form.Requested {
		side = "requested"
	}
	rows := []Row{{Key: "officer", Value: a.Officer}, {Key: "role", Value: s.words.Text("role." + a.Role)},
		{Key: "authority", Value: s.words.Text("authority." + a.Authority)}, {Key: "signed", Value: s.moment(a.Signed, side)}}
	if a.Joint {
		other := map[string]string{"requesting": "requested", "requested": "requesting"}[side]
		rows = append(rows, Row{Key: "countersigned", Value: s.moment(a.Received, other)})
	}
	s.sections = append(s.sections, Section{Key: "signature", Rows: append(rows, Row{Key: "act", Value: string(a.ID)})})
}
