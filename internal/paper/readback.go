package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// View is a sheet as read back from the bytes of a workbook.
type View struct {
	Name  string
	Cells [][]string // row by row, from A1
	Table string     // range of the marked-up table, "" for none
	flaws []string   // merged cells, drawings and the like, found while reading
}

// workbook is a file as read back.
type workbook struct {
	title, creator, language string
	views                    []View
	flaws                    []string
}

// Read reads back the sheets of an XLSX or ODS file that this package wrote.
func Read(b []byte) ([]View, error) {
	w, err := open(b)
	if err != nil {
		return nil, err
	}
	return w.views, nil
}

// maxPart bounds what one part of a workbook may unpack to.
const maxPart = 1 << 30

func open(b []byte) (*workbook, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("paper: not a workbook: %w", err)
	}
	parts := map[string]*zip.File{}
	for _, f := range z.File {
		parts[f.Name] = f
	}
	if parts["content.xml"] != nil {
		return openODS(parts)
	}
	return openXLSX(parts)
}

func decoder(parts map[string]*zip.File, name string) (*xml.Decoder, io.Closer, error) {
	f := parts[name]
	if f == nil {
		return nil, nil, fmt.Errorf("paper: part %s is missing", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, err
	}
	return xml.NewDecoder(io.LimitReader(r, maxPart)), r, nil
}

// walk reads a part token by token; path is the local name of the open element.
func walk(parts map[string]*zip.File, name string, start func(xml.StartElement), end func(string), chars func(string)) error {
	d, c, err := decoder(parts, name)
	if err != nil {
		return err
	}
	defer c.Close()
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("paper: %s: %w", name, err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			start(t)
		case xml.EndElement:
			end(t.Name.Local)
		case xml.CharData:
			chars(string(t))
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// properties reads title, creator and language from a metadata part.
func (w *workbook) properties(parts map[string]*zip.File, name string) error {
	var open, s string
	return walk(parts, name, func(e xml.StartElement) { open, s = e.Name.Local, "" }, func(string) {
		switch open {
		case "title":
			w.title = s
		case "creator":
			w.creator = s
		case "language":
			w.language = s
		}
		open = ""
	}, func(c string) { s += c })
}

func openXLSX(parts map[string]*zip.File) (*workbook, error) {
	w := &workbook{}
	if err := w.properties(parts, "docProps/core.xml"); err != nil {
		return nil, err
	}
	if err := walk(parts, "xl/workbook.xml", func(e xml.StartElement) {
		if e.Name.Local == "sheet" {
			w.views = append(w.views, View{Name: attr(e, "name")})
			if attr(e, "state") != "" && attr(e, "state") != "visible" {
				w.flaws = append(w.flaws, "no hidden sheets")
			}
		}
	}, func(string) {}, func(string) {}); err != nil {
		return nil, err
	}
	for name := range parts {
		if strings.HasPrefix(name, "xl/drawings/") || strings.HasPrefix(name, "xl/media/") || strings.HasSuffix(name, "vbaProject.bin") {
			w.flaws = append(w.flaws, "no images, floating boxes or macros: "+name)
		}
	}
	sort.Strings(w.flaws)
	for i := range w.views {
		if err := w.views[i].readXLSX(parts, i+1); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (v *View) readXLSX(parts map[string]*zip.File, n int) error {
	sheet := fmt.Sprintf("xl/worksheets/sheet%d.xml", n)
	var at, value string
	reading := false
	err := walk(parts, sheet, func(e xml.StartElement) {
		switch e.Name.Local {
		case "row":
			v.row(attr(e, "r"))
			if attr(e, "hidden") != "" {
				v.flaws = append(v.flaws, "no hidden rows")
			}
		case "c":
			at, value = attr(e, "r"), ""
		case "t", "v":
			reading = true
		case "mergeCell", "headerFooter", "autoFilter", "drawing", "legacyDrawing", "pane":
			v.flaws = append(v.flaws, "no merged cells, page headers, filters, drawings or frozen panes: "+e.Name.Local)
		case "f":
			v.flaws = append(v.flaws, "no formulas")
		case "selection":
			if attr(e, "activeCell") != "A1" {
				v.flaws = append(v.flaws, "the cursor is in A1")
			}
		}
	}, func(name string) {
		switch name {
		case "t", "v":
			reading = false
		case "c":
			v.set(at, value)
		}
	}, func(s string) {
		if reading {
			value += s
		}
	})
	if err != nil {
		return err
	}
	rels := fmt.Sprintf("xl/worksheets/_rels/sheet%d.xml.rels", n)
	if parts[rels] == nil {
		return nil
	}
	var target string
	if err := walk(parts, rels, func(e xml.StartElement) {
		if strings.HasSuffix(attr(e, "Type"), "/table") {
			target = "xl/" + strings.TrimPrefix(attr(e, "Target"), "../")
		}
	}, func(string) {}, func(string) {}); err != nil || target == "" {
		return err
	}
	return walk(parts, target, func(e xml.StartElement) {
		switch e.Name.Local {
		case "table":
			v.Table = attr(e, "ref")
		case "autoFilter":
			v.flaws = append(v.flaws, "no filters")
		}
	}, func(string) {}, func(string) {})
}

// row opens the row of a number: rows that the file leaves out are blank.
func (v *View) row(r string) {
	n, err := strconv.Atoi(r)
	for err == nil && n <= 2_000_000 && len(v.Cells) < n {
		v.Cells = append(v.Cells, nil)
	}
}

var cellRef = regexp.MustCompile(`^([A-Z]{1,3})(\d+)$`)

func (v *View) set(at, value string) {
	m := cellRef.FindStringSubmatch(at)
	if m == nil || len(v.Cells) == 0 {
		return
	}
	if columnIndex(m[1]) > 500 {
		v.flaws = append(v.flaws, "no more than 500 columns: "+at)
		return
	}
	row := &v.Cells[len(v.Cells)-1]
	for len(*row) <= columnIndex(m[1]) {
		*row = append(*row, "")
	}
	(*row)[columnIndex(m[1])] = value
}

func openODS(parts map[string]*zip.File) (*workbook, error) {
	w := &workbook{}
	if err := w.properties(parts, "meta.xml"); err != nil {
		return nil, err
	}
	var v *View
	value, reading := "", false
	err := walk(parts, "content.xml", func(e xml.StartElement) {
		switch e.Name.Local {
		case "table":
			w.views = append(w.views, View{Name: attr(e, "name")})
			v = &w.views[len(w.views)-1]
		case "table-row":
			if v != nil {
				v.Cells = append(v.Cells, nil)
				if attr(e, "visibility") != "" {
					v.flaws = append(v.flaws, "no hidden rows")
				}
			}
		case "table-cell":
			value = ""
			if v != nil && (attr(e, "number-columns-spanned") != "" || attr(e, "number-rows-spanned") != "") {
				v.flaws = append(v.flaws, "no merged cells")
			}
			if v != nil && attr(e, "formula") != "" {
				v.flaws = append(v.flaws, "no formulas")
			}
		case "p":
			reading = true
		case "frame", "image":
			w.flaws = append(w.flaws, "no images or floating boxes")
		case "database-range":
			w.odsRange(attr(e, "target-range-address"))
		}
	}, func(name string) {
		switch name {
		case "p":
			reading = false
		case "table-cell":
			if v != nil && len(v.Cells) > 0 {
				last := &v.Cells[len(v.Cells)-1]
				*last = append(*last, value)
			}
		}
	}, func(s string) {
		if reading {
			value += s
		}
	})
	return w, err
}

var odsRef = regexp.MustCompile(`^'(.*)'\.([A-Z]+\d+):'.*'\.([A-Z]+\d+)$`)

func (w *workbook) odsRange(s string) {
	m := odsRef.FindStringSubmatch(s)
	if m == nil {
		return
	}
	for i := range w.views {
		if w.views[i].Name == m[1] {
			w.views[i].Table = m[2] + ":" + m[3]
		}
	}
}
