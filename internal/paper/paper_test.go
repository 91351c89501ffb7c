package paper

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func sample() *Book {
	lead := []string{"Table 1: Returns", "This sheet holds one table. There are no notes.", "Source: the record"}
	return &Book{Title: "Returns", Creator: "Statistics", Language: "en", Created: time.Date(2023, 5, 25, 8, 30, 0, 0, time.UTC), Sheets: []Sheet{
		{Name: "Cover", Lead: []string{"Returns", "Published on 25 May 2023"}},
		{Name: "Contents", Lead: []string{"Contents", "This sheet holds one table. There are no notes.", "Source: the record"}, Header: []string{"Sheet", "Title"}, Rows: [][]Cell{{T("1"), T("Returns")}}},
		{Name: "1", Lead: lead, Header: []string{"Quarter", "Enforced", "Share"}, Rows: [][]Cell{{T("2022 Q1"), N(282), D(654, 1)}, {T("=1+1 & <b>\x01"), T("[c]"), D(-5, 1)}}},
	}}
}

func bytesOf(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Both formats pass the checklist, are the same bytes twice, and give back what went in.
func TestSpreadsheets(t *testing.T) {
	for name, write := range map[string]func(*Book) func(io.Writer) error{"xlsx": func(b *Book) func(io.Writer) error { return b.XLSX }, "ods": func(b *Book) func(io.Writer) error { return b.ODS }} {
		b := bytesOf(t, write(sample()))
		if !bytes.Equal(b, bytesOf(t, write(sample()))) {
			t.Errorf("%s: two runs, two files", name)
		}
		faults, err := Lint(b)
		if err != nil || len(faults) > 0 {
			t.Errorf("%s: %v %v", name, faults, err)
		}
		views, err := Read(b)
		if err != nil || len(views) != 3 || views[2].Cells[5][0] != "=1+1 & <b>" || views[2].Cells[4][2] != "65.4" || views[2].Cells[5][2] != "-0.5" {
			t.Errorf("%s: %+v %v", name, views, err)
		}
	}
}

// Another program reads the workbook: texts stay texts.
func TestXLSXIsRead(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(bytesOf(t, sample().XLSX)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if v, err := f.GetCellValue("1", "B5"); err != nil || v != "282" {
		t.Errorf("B5 %q %v", v, err)
	}
	if formula, err := f.GetCellFormula("1", "A6"); err != nil || formula != "" {
		t.Errorf("a text became a formula: %q %v", formula, err)
	}
	tables, err := f.GetTables("1")
	if err != nil || len(tables) != 1 || tables[0].Range != "A4:C6" {
		t.Errorf("tables %+v %v", tables, err)
	}
	if p, err := f.GetDocProps(); err != nil || p.Title != "Returns" || p.Language != "en" {
		t.Errorf("properties %+v %v", p, err)
	}
}

// The linter finds each breach.
func TestLint(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Book)
		rule   string
	}{
		"title":        {func(b *Book) { b.Title = "" }, "no title"},
		"language":     {func(b *Book) { b.Language = "" }, "no language"},
		"sheet twice":  {func(b *Book) { b.Sheets[2].Name = "Contents" }, "unique"},
		"empty cell":   {func(b *Book) { b.Sheets[2].Rows[0][0] = T(" ") }, "no empty cells"},
		"symbol":       {func(b *Book) { b.Sheets[2].Rows[0][0] = T("..") }, "no symbols"},
		"header twice": {func(b *Book) { b.Sheets[2].Header[1] = "Quarter" }, "header cells are unique"},
		"no source":    {func(b *Book) { b.Sheets[2].Lead = b.Sheets[2].Lead[:2] }, "source"},
		"short row":    {func(b *Book) { b.Sheets[2].Rows[0] = b.Sheets[2].Rows[0][:2] }, "no empty cells"},
		"order":        {func(b *Book) { b.Sheets[0], b.Sheets[2] = b.Sheets[2], b.Sheets[0] }, "order"},
	} {
		b := sample()
		c.change(b)
		for kind, write := range map[string]func(io.Writer) error{"xlsx": b.XLSX, "ods": b.ODS} {
			faults, err := Lint(bytesOf(t, write))
			found := false
			for _, f := range faults {
				found = found || strings.Contains(f.Rule, c.rule)
			}
			if err != nil || !found {
				t.Errorf("%s %s: %v %v", name, kind, faults, err)
			}
		}
	}
	// A workbook of another program, with merged cells and no marked-up table.
	f := excelize.NewFile()
	_ = f.SetCellValue("Sheet1", "A1", "Title")
	_ = f.MergeCell("Sheet1", "A1", "C1")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	faults, err := Lint(b.Bytes())
	if err != nil || !strings.Contains(strings.Join(texts(faults), "\n"), "mergeCell") {
		t.Errorf("%v %v", faults, err)
	}
}

func texts(f []Fault) (s []string) {
	for _, x := range f {
		s = append(s, x.String())
	}
	return s
}

func TestCSVText(t *testing.T) {
	for in, want := range map[string]string{"Albania": "Albania", "=1+1": "'=1+1", "@x": "'@x", "-1": "'-1", "+1": "'+1", "\tx": "'\tx", "": "", "a\x00b": "ab"} {
		if got := CSVText(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestChart(t *testing.T) {
	c := Chart{ID: "c1", Title: "Returns & more", Summary: "Voluntary returns rose.", Unit: "Returns", Labels: []string{"2021", "2022"}, Language: "sq",
		Series: []ChartSeries{{"Enforced", []int64{689, 956}}, {"Voluntary", []int64{494, 1002}}}}
	svg, err := c.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil {
		t.Error(err)
	}
	for _, want := range []string{`role="img"`, "<title", "<desc", "#12436D", "#F46A25", "1.002", "Returns &amp; more"} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in the chart", want)
		}
	}
	c.Series[0].Values[0] = -1
	if _, err := c.SVG(); err == nil {
		t.Error("a bar below zero")
	}
	c.Series = make([]ChartSeries, 5)
	if _, err := c.SVG(); err == nil {
		t.Error("five series")
	}
}

func FuzzLint(f *testing.F) {
	var b bytes.Buffer
	_ = sample().XLSX(&b)
	f.Add(b.Bytes())
	var o bytes.Buffer
	_ = sample().ODS(&o)
	f.Add(o.Bytes())
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, b []byte) { _, _ = Lint(b) })
}
