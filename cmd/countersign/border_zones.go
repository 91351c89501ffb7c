package main

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"strings"

	"countersign/internal/fault"
	"countersign/internal/person"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// zone is one machine readable zone of a file, with the name that the file gives it.
type zone struct {
	id   string
	text []byte
}

// zonesHelp is the format, as --help shows it.
const zonesHelp = "File of machine readable zones; - is standard input. Either text, zones one after the other or parted by empty lines; " +
	"or a CSV table with a column mrz, or line1, line2, line3, and optionally id; or JSON: an array, or one value per line, of strings or of objects with id and mrz (a string or an array of lines)."

// readZones reads a file of zones in any of the forms.
func readZones(name string) ([]zone, error) {
	b, err := readInput(name)
	if err != nil {
		return nil, err
	}
	var zones []zone
	switch first, _, _ := bytes.Cut(b, []byte("\n")); {
	case len(bytes.TrimSpace(b)) == 0:
	case bytes.IndexByte([]byte(`[{"`), bytes.TrimSpace(b)[0]) >= 0:
		zones, err = jsonZones(b)
	case bytes.ContainsAny(first, ",;\t") && !bytes.Contains(first, []byte("<")) && isHead(first):
		zones, err = tableZones(b, first)
	default:
		zones = textZones(b)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.mrz.shape").Because(err)
	}
	if len(zones) == 0 {
		return nil, fault.New(fault.Invalid, "fault.mrz.shape")
	}
	return zones, nil
}

// readInput reads a file or standard input without the mark that some programs put before UTF-8.
func readInput(name string) ([]byte, error) {
	var b []byte
	var err error
	if name == "-" {
		b, err = io.ReadAll(os.Stdin)
	} else {
		b, err = os.ReadFile(name)
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n")), err
}

func isHead(line []byte) bool {
	l := strings.ToLower(string(line))
	return strings.Contains(l, "mrz") || strings.Contains(l, "line1") || strings.Contains(l, "zone")
}

// textZones is plain text.
func textZones(b []byte) []zone {
	var zones []zone
	for _, z := range person.SplitZones(b) {
		zones = append(zones, zone{text: z})
	}
	return zones
}

func tableZones(b, head []byte) ([]zone, error) {
	r := csv.NewReader(bytes.NewReader(b))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	for _, sep := range "\t;" {
		if bytes.ContainsRune(head, sep) && !bytes.ContainsRune(head, ',') {
			r.Comma = sep
		}
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[strings.ToLower(strings.TrimSpace(h))] = i
	}
	var zones []zone
	for _, row := range rows[1:] {
		get := func(names ...string) string {
			for _, n := range names {
				if i, ok := at[n]; ok && i < len(row) {
					return row[i]
				}
			}
			return ""
		}
		text := get("mrz", "zone", "mrz_lines", "mrz_text")
		for _, n := range []string{"1", "2", "3"} {
			if l := get("line"+n, "mrz_line"+n, "line_"+n, "mrz_line_"+n, "mrz"+n); l != "" {
				text += l + "\n"
			}
		}
		zones = append(zones, zone{get("id", "ref", "case", "name"), []byte(unescape(text))})
	}
	return zones, nil
}

// unescape takes the ways in which a table writes a line end inside a field.
func unescape(s string) string {
	if s = strings.ReplaceAll(s, `\n`, "\n"); !strings.Contains(s, "\n") {
		s = strings.ReplaceAll(s, "|", "\n")
	}
	return s
}

func jsonZones(b []byte) ([]zone, error) {
	var all []jsontext.Value
	d := jsontext.NewDecoder(bytes.NewReader(b))
	for {
		v, err := d.ReadValue()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if v = v.Clone(); v.Kind() == '[' {
			var more []jsontext.Value
			if err := json.Unmarshal(v, &more); err != nil {
				return nil, err
			}
			all = append(all, more...)
			continue
		}
		all = append(all, v)
	}
	var zones []zone
	for _, v := range all {
		z, err := jsonZone(v)
		if err != nil {
			return nil, err
		}
		zones = append(zones, z...)
	}
	return zones, nil
}

func jsonZone(v jsontext.Value) ([]zone, error) {
	switch v.Kind() {
	case '"':
		var s string
		err := json.Unmarshal(v, &s)
		return []zone{{text: []byte(s)}}, err
	case '[': // the lines of one zone
		var lines []string
		err := json.Unmarshal(v, &lines)
		return []zone{{text: []byte(strings.Join(lines, "\n"))}}, err
	}
	var o map[string]jsontext.Value
	if err := json.Unmarshal(v, &o); err != nil {
		return nil, err
	}
	var z zone
	if id := o["id"]; len(id) > 0 {
		if z.id = string(id); id.Kind() == '"' {
			if err := json.Unmarshal(id, &z.id); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range []string{"mrz", "zone", "lines", "mrz_lines", "raw", "input"} {
		if len(o[name]) > 0 && (o[name].Kind() == '"' || o[name].Kind() == '[') {
			one, err := jsonZone(o[name])
			if err != nil {
				return nil, err
			}
			z.text = one[0].text
			return []zone{z}, nil
		}
	}
	var lines []string
	for _, n := range []string{"line1", "line2", "line3"} {
		var l string
		if len(o[n]) > 0 && json.Unmarshal(o[n], &l) == nil {
			lines = append(lines, l)
		}
	}
	if z.text = []byte(strings.Join(lines, "\n")); len(lines) == 0 {
		for name, inner := range o { // {"cases": [...]}
			if inner.Kind() == '[' && name != "id" {
				return jsonZones(inner)
			}
		}
	}
	return []zone{z}, nil
}
