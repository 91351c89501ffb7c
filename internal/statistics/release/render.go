package release

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/paper"
	"countersign/internal/statistics"
	"countersign/internal/words"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// sheetRows is the largest table that goes into spreadsheets; larger ones are published as CSV only.
const sheetRows = 400_000

// Put takes one file of a release: its name, about how long it will be, and what writes it.
type Put func(name string, size int, write func(io.Writer) error) error

// Render makes every file of a release but the manifest and the signatures.
func (c *Content) Render() (map[string][]byte, error) {
	files := map[string][]byte{}
	return files, c.render(keep(files))
}

// keep puts files into a map.
func keep(files map[string][]byte) Put {
	return func(name string, size int, write func(io.Writer) error) error {
		var b bytes.Buffer
		b.Grow(size)
		err := write(&b)
		files[name] = b.Bytes()
		return err
	}
}

// render yields the files one after the other, so that the long ones need never be held whole.
func (c *Content) render(put Put) error {
	all, err := words.Load()
	if err != nil {
		return err
	}
	whole := func(name string, b []byte, err error) error {
		if err != nil {
			return err
		}
		return put(name, len(b), func(w io.Writer) error {
			_, err := w.Write(b)
			return err
		})
	}
	head, err := c.head()
	if err := whole("release.json", head, err); err != nil {
		return err
	}
	if err := put("cells.csv", len(cellsHeader)+lineLength*len(c.Cells), c.cellsCSV); err != nil {
		return err
	}
	if err := put("leaves.bin", len(Hash{})*len(c.Cells), c.leaves); err != nil {
		return err
	}
	for i := range c.Tables {
		t := &c.Tables[i]
		name := "table-" + t.ID + ".csv"
		if err := put(name, lineLength*(t.Count+1), func(w io.Writer) error { return c.tidy(w, t) }); err != nil {
			return err
		}
		meta, err := c.csvw(t, name, all)
		if err := whole(name+"-metadata.json", meta, err); err != nil {
			return err
		}
	}
	for _, lang := range words.Langs {
		p := &printer{c: c, w: all[lang], lang: string(lang)}
		book, err := p.book()
		if err != nil {
			return err
		}
		if err := put("returns."+p.lang+".xlsx", 0, book.XLSX); err != nil {
			return err
		}
		if err := put("returns."+p.lang+".ods", 0, book.ODS); err != nil {
			return err
		}
		page, err := p.index()
		if err := whole("index."+p.lang+".html", page, err); err != nil {
			return err
		}
		page, err = p.methodology()
		if err := whole("methodology."+p.lang+".html", page, err); err != nil {
			return err
		}
	}
	return nil
}

// lineLength is about how long a line of a table is, so that long ones are not copied while they grow.
const lineLength = 112

// tidy writes a table long: a row per cell, numbers alone in the value column.
func (c *Content) tidy(out io.Writer, t *Table) error {
	b := bufio.NewWriterSize(out, 1<<16)
	_, _ = b.WriteString(strings.Join(t.Dims, ",") + ",value,obs_status,conf_status,cell_id\n") // Flush reports what failed
	var line []byte
	for i := t.From; i < t.From+t.Count; i++ {
		cell := &c.Cells[i]
		line = line[:0]
		rest := cell.ID[strings.IndexByte(cell.ID, '/')+1:]
		for {
			code, after, more := strings.Cut(rest, "/")
			line = append(append(line, paper.CSVText(code)...), ',')
			if rest = after; !more {
				break
			}
		}
		if cell.shown() {
			line = append(line, paper.D(cell.Value, cell.Decimals).Decimal()...)
		}
		line = append(append(line, ','), strings.ToUpper(cell.Obs)...)
		line = append(line, ',')
		if cell.Withheld {
			line = append(line, 'C')
		}
		line = append(append(line, ','), cell.ID...)
		line = append(line, '\n')
		_, _ = b.Write(line)
	}
	return b.Flush()
}

// csvw describes a tidy file (W3C Metadata Vocabulary for Tabular Data, 2015).
func (c *Content) csvw(t *Table, name string, all map[words.Lang]*words.Catalogue) ([]byte, error) {
	titles := func(key string) map[string]string {
		return map[string]string{"en": all[words.English].Text(key), "sq": all[words.Albanian].Text(key)}
	}
	type column struct {
		Name     string            `json:"name"`
		Titles   map[string]string `json:"titles"`
		Datatype string            `json:"datatype"`
		Required bool              `json:"required,omitzero"`
	}
	var columns []column
	for _, d := range t.Dims {
		columns = append(columns, column{d, titles("release.dim." + d), "string", true})
	}
	columns = append(columns, column{"value", titles("release.dim.value"), "decimal", false}, column{"obs_status", titles("release.dim.obs_status"), "string", false},
		column{"conf_status", titles("release.dim.conf_status"), "string", false}, column{"cell_id", titles("release.dim.cell_id"), "string", true})
	b, err := json.Marshal(map[string]any{
		"@context": []any{"http://www.w3.org/ns/csvw", map[string]string{"@language": "en"}}, "url": name, "dc:title": c.tableTitles(t, all),
		"dc:identifier": c.ID, "dc:issued": c.PublishAt, "dc:publisher": c.Authority, "tableSchema": map[string]any{"columns": columns, "primaryKey": "cell_id"}}, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	v := jsontext.Value(b)
	if err := v.Indent(); err != nil {
		return nil, err
	}
	return append(v, '\n'), nil
}

func (c *Content) tableTitles(t *Table, all map[words.Lang]*words.Catalogue) []map[string]string {
	var titles []map[string]string
	for _, lang := range words.Langs {
		p := &printer{c: c, w: all[lang], lang: string(lang)}
		titles = append(titles, map[string]string{"@value": p.title(t), "@language": string(lang)})
	}
	return titles
}

// printer renders in one language.
type printer struct {
	c    *Content
	w    *words.Catalogue
	lang string
}

func (p *printer) country() string {
	l := &statistics.Lists().Countries
	if i, ok := l.Index(string(p.c.Country)); ok {
		key := "release.country." + l.Codes[i].Code
		if p.w.Has(key) {
			return p.w.Text(key)
		}
		return l.Codes[i].Text(p.lang)
	}
	return string(p.c.Country)
}

func (p *printer) title(t *Table) string {
	years := ""
	if n := len(p.c.Last); n >= 4 {
		years = p.lastYear()
	}
	return p.w.Text(t.Key, "country", p.country(), "first", p.c.First, "last", p.c.Last, "year", years)
}

// lastYear is the last whole year of the release.
func (p *printer) lastYear() string {
	last, err := statistics.ParseQuarter(p.c.Last)
	if err != nil {
		return ""
	}
	if last.Number() == 4 {
		return strconv.Itoa(last.Year())
	}
	return strconv.Itoa(last.Year() - 1)
}

// label is what a code of a dimension is called.
func (p *printer) label(dim, code string) string {
	l := statistics.Lists()
	lists := map[string]*statistics.List{"age": &l.Ages, "sex": &l.Sexes, "destination_group": &l.DestGroups, "type": &l.Types, "nationality": &l.Countries}
	if list := lists[dim]; list != nil {
		if i, ok := list.Index(code); ok {
			return list.Codes[i].Text(p.lang)
		}
	}
	if dim == "measure" {
		if p.w.Has("release.measure." + code) {
			return p.w.Text("release.measure." + code)
		}
	}
	if key := "release." + dim + "." + code; p.w.Has(key) {
		return p.w.Text(key)
	}
	return code
}

// grid is a table arranged for reading.
type grid struct {
	Title  string
	Table  *Table
	Header []string
	Rows   []gridRow
}

type gridRow struct {
	Head  []string
	Cells []*Cell
}

// grid arranges a table for reading, wide ones with the last dimension across.
func (p *printer) grid(t *Table) (*grid, error) {
	g := &grid{Title: p.title(t), Table: t, Header: p.dims(t)}
	if !t.Wide {
		g.Header = append(g.Header, p.w.Text("release.dim.value"))
		for i := t.From; i < t.From+t.Count; i++ {
			codes := p.c.Cells[i].codes()
			if len(codes) != len(t.Dims) {
				return nil, fmt.Errorf("cell %q has no place in table %s", p.c.Cells[i].ID, t.ID)
			}
			for k := range codes {
				codes[k] = p.label(t.Dims[k], codes[k])
			}
			g.Rows = append(g.Rows, gridRow{codes, []*Cell{&p.c.Cells[i]}})
		}
		return g, nil
	}
	last := len(t.Dims) - 1
	g.Header = g.Header[:last]
	var across []string
	rows := map[string]int{}
	for i := t.From; i < t.From+t.Count; i++ {
		cell := &p.c.Cells[i]
		codes := cell.codes()
		if len(codes) != len(t.Dims) {
			return nil, fmt.Errorf("cell %q has no place in table %s", cell.ID, t.ID)
		}
		key := strings.Join(codes[:last], "/")
		n, ok := rows[key]
		if !ok {
			n = len(g.Rows)
			rows[key] = n
			head := slices.Clone(codes[:last])
			for k := range head {
				head[k] = p.label(t.Dims[k], head[k])
			}
			g.Rows = append(g.Rows, gridRow{Head: head})
		}
		if !slices.Contains(across, codes[last]) {
			across = append(across, codes[last])
		}
		g.Rows[n].Cells = append(g.Rows[n].Cells, cell)
	}
	for _, code := range across {
		g.Header = append(g.Header, p.label(t.Dims[last], code))
	}
	for _, r := range g.Rows {
		if len(r.Cells) != len(across) {
			return nil, fmt.Errorf("table %s is not rectangular", t.ID)
		}
	}
	return g, nil
}

// mark is the shorthand of a cell's status, in brackets.
func (c *Cell) mark() string {
	var s string
	for _, o := range c.Obs {
		s += "[" + string(o) + "]"
	}
	if c.Withheld {
		return "[c]"
	}
	return s
}

// book is the workbook of a language: cover, contents, notes, tables.
func (p *printer) book() (*paper.Book, error) {
	at, err := time.Parse(time.RFC3339, p.c.PublishAt)
	if err != nil {
		return nil, err
	}
	source := p.w.Text("release.sheet.source", "series", p.w.Text("release.series."+string(p.c.Series)), "head", p.c.RecordHead)
	one := p.w.Text("release.sheet.one-table")
	b := &paper.Book{Title: p.heading(), Creator: p.c.Authority, Language: p.lang, Created: at}
	cover := []string{b.Title, p.w.Text("release.published", "date", p.c.Edition, "authority", p.c.Authority), p.w.Text("release.known", "at", p.c.KnownAt), source}
	cover = append(cover, p.corrections()...)
	contents := paper.Sheet{Name: p.w.Text("release.sheet.contents"), Lead: []string{p.w.Text("release.sheet.contents"), one + " " + p.w.Text("release.sheet.notes-at"), source},
		Header: []string{p.w.Text("release.sheet.sheet"), p.w.Text("release.sheet.title")}, Widths: []int{14, 90}}
	notes := paper.Sheet{Name: p.w.Text("release.sheet.notes"), Lead: []string{p.w.Text("release.sheet.notes"), one, source},
		Header: []string{p.w.Text("release.sheet.mark"), p.w.Text("release.sheet.meaning")}, Widths: []int{14, 110}}
	for _, m := range []string{"c", "p", "r", "x", "z"} {
		notes.Rows = append(notes.Rows, []paper.Cell{paper.T("[" + m + "]"), paper.T(p.w.Text("release.mark." + m))})
	}
	var tables []paper.Sheet
	for i := range p.c.Tables {
		t := &p.c.Tables[i]
		name := p.w.Text("release.sheet.table", "id", t.ID)
		if t.Count > sheetRows {
			contents.Rows = append(contents.Rows, []paper.Cell{paper.T("table-" + t.ID + ".csv"), paper.T(p.title(t) + " " + p.w.Text("release.sheet.csv-only"))})
			continue
		}
		contents.Rows = append(contents.Rows, []paper.Cell{paper.T(name), paper.T(p.title(t))})
		s, err := p.sheet(name, t, one, source)
		if err != nil {
			return nil, err
		}
		tables = append(tables, *s)
	}
	b.Sheets = append([]paper.Sheet{{Name: p.w.Text("release.sheet.cover"), Lead: cover, Widths: []int{110}}, contents, notes}, tables...)
	return b, nil
}

// sheet is one table. Marks stand in a column of their own, so that value columns hold numbers only.
func (p *printer) sheet(name string, t *Table, one, source string) (*paper.Sheet, error) {
	s := &paper.Sheet{Name: name, Lead: []string{p.title(t), one + " " + p.w.Text("release.sheet.see-notes"), source}}
	status := p.w.Text("release.sheet.status")
	if !t.Wide {
		s.Header = append(p.dims(t), p.w.Text("release.dim.value"), status)
		s.Stream, s.Length = p.long(t), t.Count
		return s, p.fits(t)
	}
	g, err := p.grid(t)
	if err != nil {
		return nil, err
	}
	s.Header = append(slices.Clone(g.Header), status)
	for _, r := range g.Rows {
		row := make([]paper.Cell, 0, len(s.Header))
		for _, h := range r.Head {
			row = append(row, paper.T(h))
		}
		var marks []string
		for i, c := range r.Cells {
			row = append(row, p.value(c))
			if m := c.mark(); m != "" && c.shown() {
				marks = append(marks, g.Header[len(g.Header)-len(r.Cells)+i]+" "+m)
			}
		}
		s.Rows = append(s.Rows, append(row, p.status(strings.Join(marks, "; "))))
	}
	return s, nil
}

// value is a number, or the mark that says why there is none.
func (p *printer) value(c *Cell) paper.Cell {
	if c.shown() {
		return paper.D(c.Value, c.Decimals)
	}
	return paper.T(c.mark())
}

func (p *printer) status(marks string) paper.Cell {
	if marks == "" {
		marks = p.w.Text("release.sheet.no-status")
	}
	return paper.T(marks)
}

func (p *printer) dims(t *Table) []string {
	var all []string
	for _, d := range t.Dims {
		all = append(all, p.w.Text("release.dim."+d))
	}
	return all
}

// fits checks that every cell of a table has a code for each of its dimensions.
func (p *printer) fits(t *Table) error {
	for i := t.From; i < t.From+t.Count; i++ {
		if strings.Count(p.c.Cells[i].ID, "/") != len(t.Dims) {
			return fmt.Errorf("cell %q has no place in table %s", p.c.Cells[i].ID, t.ID)
		}
	}
	return nil
}

// long yields a long table cell by cell, in one row that is used again.
func (p *printer) long(t *Table) func(yield func([]paper.Cell) bool) {
	return func(yield func([]paper.Cell) bool) {
		row := make([]paper.Cell, 0, len(t.Dims)+2)
		labels := make([]map[string]string, len(t.Dims))
		for k := range labels {
			labels[k] = map[string]string{}
		}
		for i := t.From; i < t.From+t.Count; i++ {
			c := &p.c.Cells[i]
			row = row[:0]
			_, rest, _ := strings.Cut(c.ID, "/")
			for k, d := range t.Dims {
				code, after, _ := strings.Cut(rest, "/")
				label, ok := labels[k][code]
				if !ok {
					label = p.label(d, code)
					labels[k][code] = label
				}
				row, rest = append(row, paper.T(label)), after
			}
			if !yield(append(row, p.value(c), p.status(c.mark()))) {
				return
			}
		}
	}
}
