package casefile

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/person"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Line is one case on its way out: what the other system can hold, and where the case stands here.
type Line struct {
	Case   act.ID
	State  casework.State
	Import domestic.Import // zero for a case that was opened here
	Next   casework.Next
}

// outcome columns come after the fields; no import reads them.
var outcomes = []string{"case", "outcome", "next", "next_owner", "next_due", "acts"}

// Columns names the columns of an export: as the other system does, and by our own names where it has none.
func (m *Mapping) Columns() []string {
	var names []string
	for _, field := range Fields {
		names = append(names, m.column(field))
	}
	return append(names, outcomes...)
}

func (m *Mapping) column(field string) string {
	if m != nil && m.Fields[field].From != "" {
		return m.Fields[field].From
	}
	return field
}

// WriteCSV writes cases as the other system reads them. A cell that a spreadsheet could run is guarded.
func (m *Mapping) WriteCSV(w io.Writer, lines []Line) error {
	out := csv.NewWriter(w)
	if m != nil && m.Delimiter != "" {
		out.Comma = rune(m.Delimiter[0])
	}
	if err := out.Write(m.Columns()); err != nil {
		return err
	}
	for i := range lines {
		cells := m.cells(&lines[i])
		for j := range cells {
			cells[j] = guard(cells[j])
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteJSON writes the same as a list of objects.
func (m *Mapping) WriteJSON(w io.Writer, lines []Line) error {
	list := []map[string]string{}
	names := m.Columns()
	for i := range lines {
		object := map[string]string{}
		for j, v := range m.cells(&lines[i]) {
			object[names[j]] = v
		}
		list = append(list, object)
	}
	b, err := json.Marshal(list, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

func (m *Mapping) cells(l *Line) []string {
	s, p := &l.State, l.State.Particulars
	aliases := []string{}
	for _, n := range p.Names {
		if n.Kind == "alias" {
			aliases = append(aliases, n.String())
		}
	}
	var d person.Document
	for i := range s.Documents {
		if !s.Documents[i].Cancelled.Is() {
			d = s.Documents[i].Document
		}
	}
	values := map[string]string{"reference": l.Import.Reference, "surname": p.Main().Family, "given_names": p.Main().Given,
		"aliases": m.join("aliases", aliases), "birth": m.day("birth", p.Birth), "birth_place": p.BirthPlace, "birth_country": p.BirthCountry, "sex": p.Sex,
		"nationality": m.join("nationality", p.Nationalities), "father_name": p.FatherName, "mother_name": p.MotherName, "last_residence": p.LastResidence,
		"language": s.Support.Language, "interpreter": yes(s.Support.Interpreter), "route": string(s.Route), "part": s.Part, "destination": s.Destination,
		"unaccompanied": yes(s.Unaccompanied), "encounter_route": s.Encounter.Route, "encounter_place": s.Encounter.Place,
		"encounter_date": m.day("encounter_date", s.Encounter.Date), "document_type": d.Type, "document_number": d.Number, "document_issuer": d.Issuer,
		"document_valid_until": m.day("document_valid_until", d.ValidUntil), "requested": m.moment("requested", first(s.Request.At, l.Import.Requested)),
		"received": m.moment("received", first(s.Request.Receipt, l.Import.Received)), "replied": m.moment("replied", first(s.Reply.At, l.Import.Replied)),
		"positive": yes(s.Reply.Positive || l.Import.Positive), "due": m.limit("due", l.Import.Due)}
	cells := make([]string, 0, len(Fields)+len(outcomes))
	for _, field := range Fields {
		cells = append(cells, m.theirs(field, values[field]))
	}
	return append(cells, string(l.Case), string(s.Outcome()), l.Next.Key, l.Next.Owner, instant(l.Next.Due), strconv.Itoa(s.Acts))
}

func first(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

func yes(b bool) string { return strconv.FormatBool(b) }

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// theirs writes our code as the other system does; of several that mean the same, the first by name.
func (m *Mapping) theirs(field, v string) string {
	if m == nil {
		return v
	}
	var codes []string
	for their, ours := range m.Fields[field].Codes {
		if ours == v {
			codes = append(codes, their)
		}
	}
	if len(codes) == 0 {
		return v
	}
	return slices.Min(codes)
}

func (m *Mapping) join(field string, list []string) string {
	split := "\n"
	if m != nil && m.Fields[field].Split != "" {
		split = m.Fields[field].Split
	}
	return strings.Join(list, split)
}

func (m *Mapping) day(field string, d person.Date) string {
	if m != nil && m.Fields[field].Date != "" && d.Exact() {
		return d.First(time.UTC).Format(m.Fields[field].Date)
	}
	return d.String()
}

// limit writes the end of a limit as its last day, where the other system writes days.
func (m *Mapping) limit(field string, t time.Time) string {
	if m != nil && m.Fields[field].Date != "" && !strings.Contains(m.Fields[field].Date, "15") && !t.IsZero() {
		t = t.Add(-time.Second)
	}
	return m.moment(field, t)
}

func (m *Mapping) moment(field string, t time.Time) string {
	if t.IsZero() || m == nil || m.Fields[field].Date == "" {
		return instant(t)
	}
	zone, err := time.LoadLocation(m.Zone)
	if err != nil {
		zone = time.UTC
	}
	return t.In(zone).Format(m.Fields[field].Date)
}
