package paper

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
)

// XLSX writes the book as an Office Open XML workbook (ISO/IEC 29500). Texts are inline strings, which no
// program evaluates as formulas.
func (b *Book) XLSX(w io.Writer) error {
	z := zip.NewWriter(w)
	var err error
	file := func(name string, write func(*bufio.Writer)) {
		if err == nil {
			err = entry(z, name, write)
		}
	}
	file("[Content_Types].xml", b.contentTypes)
	text(file, "_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>`+
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>`+
		`<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/></Relationships>`)
	stamp := b.Created.UTC().Format(time.RFC3339)
	text(file, "docProps/core.xml", `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`+
		`<dc:title>`+escape(b.Title)+`</dc:title><dc:creator>`+escape(b.Creator)+`</dc:creator><dc:language>`+escape(b.Language)+`</dc:language>`+
		`<dcterms:created xsi:type="dcterms:W3CDTF">`+stamp+`</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">`+stamp+`</dcterms:modified></cp:coreProperties>`)
	text(file, "docProps/app.xml", `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Countersign</Application></Properties>`)
	file("xl/workbook.xml", b.workbook)
	file("xl/_rels/workbook.xml.rels", b.workbookRels)
	text(file, "xl/styles.xml", styles)
	tables := 0
	for i := range b.Sheets {
		s := &b.Sheets[i]
		if len(s.Header) > 0 {
			tables++
			id := tables
			text(file, fmt.Sprintf("xl/worksheets/_rels/sheet%d.xml.rels", i+1), fmt.Sprintf(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/table" Target="../tables/table%d.xml"/></Relationships>`, id))
			file(fmt.Sprintf("xl/tables/table%d.xml", id), func(w *bufio.Writer) { s.table(w, id) })
		}
		file(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), func(w *bufio.Writer) { s.worksheet(w, i == 0) })
	}
	if err != nil {
		return err
	}
	return z.Close()
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// The styles of a workbook: text that wraps, title, header, numbers with a thousands
// mark and with one decimal.
const styles = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
	`<numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.0"/></numFmts>` +
	`<fonts count="2"><font><sz val="12"/><name val="Arial"/></font><font><b/><sz val="12"/><name val="Arial"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
	`<cellXfs count="5"><xf fontId="0" applyFont="1"/><xf fontId="1" applyFont="1"/>` +
	`<xf fontId="1" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="3" fontId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="164" fontId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`

// entry adds a file with a fixed time, so that equal books are equal archives.
func entry(z *zip.Writer, name string, write func(*bufio.Writer)) error {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate}
	h.Modified = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	f, err := z.CreateHeader(h)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	write(w)
	return w.Flush()
}

func text(file func(string, func(*bufio.Writer)), name, body string) {
	file(name, func(w *bufio.Writer) { _, _ = w.WriteString(xmlHead + body) })
}

func (b *Book) contentTypes(w *bufio.Writer) {
	_, _ = w.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	part := func(name, kind string) {
		fmt.Fprintf(w, `<Override PartName="/%s" ContentType="application/vnd.openxmlformats-%s+xml"/>`, name, kind)
	}
	part("xl/workbook.xml", "officedocument.spreadsheetml.sheet.main")
	part("xl/styles.xml", "officedocument.spreadsheetml.styles")
	part("docProps/core.xml", "package.core-properties")
	part("docProps/app.xml", "officedocument.extended-properties")
	tables := 0
	for i, s := range b.Sheets {
		part(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), "officedocument.spreadsheetml.worksheet")
		if len(s.Header) > 0 {
			tables++
			part(fmt.Sprintf("xl/tables/table%d.xml", tables), "officedocument.spreadsheetml.table")
		}
	}
	_, _ = w.WriteString(`</Types>`)
}

func (b *Book) workbook(w *bufio.Writer) {
	_, _ = w.WriteString(xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><bookViews><workbookView activeTab="0"/></bookViews><sheets>`)
	for i, s := range b.Sheets {
		fmt.Fprintf(w, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escape(s.Name), i+1, i+1)
	}
	_, _ = w.WriteString(`</sheets></workbook>`)
}

func (b *Book) workbookRels(w *bufio.Writer) {
	_, _ = w.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i := range b.Sheets {
		fmt.Fprintf(w, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
	}
	fmt.Fprintf(w, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`, len(b.Sheets)+1)
}

// top is the row of the header, counted from 1.
func (s *Sheet) top() int { return len(s.Lead) + 1 }

func (s *Sheet) table(w *bufio.Writer, id int) {
	ref := fmt.Sprintf("A%d:%s%d", s.top(), column(len(s.Header)-1), s.top()+s.length())
	_, _ = w.WriteString(xmlHead)
	fmt.Fprintf(w, `<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="%d" name="table_%d" displayName="table_%d" ref="%s" totalsRowShown="0"><tableColumns count="%d">`, id, id, id, ref, len(s.Header))
	for i, h := range s.Header {
		fmt.Fprintf(w, `<tableColumn id="%d" name="%s"/>`, i+1, escape(h))
	}
	_, _ = w.WriteString(`</tableColumns></table>`)
}

func (s *Sheet) worksheet(w *bufio.Writer, active bool) {
	_, _ = w.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheetViews><sheetView `)
	if active {
		_, _ = w.WriteString(`tabSelected="1" `)
	}
	_, _ = w.WriteString(`workbookViewId="0"><selection activeCell="A1" sqref="A1"/></sheetView></sheetViews><cols>`)
	for i := range max(1, len(s.Header)) {
		width := 16
		if i < len(s.Widths) {
			width = s.Widths[i]
		}
		fmt.Fprintf(w, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, width)
	}
	_, _ = w.WriteString(`</cols><sheetData>`)
	row := 0
	for i, l := range s.Lead {
		row++
		style := 0
		if i == 0 {
			style = 1
		}
		fmt.Fprintf(w, `<row r="%d">`, row)
		inline(w, "A", row, style, l)
		_, _ = w.WriteString(`</row>`)
	}
	letters := make([]string, len(s.Header))
	for i := range letters {
		letters[i] = column(i)
	}
	if len(s.Header) > 0 {
		row++
		fmt.Fprintf(w, `<row r="%d">`, row)
		for i, h := range s.Header {
			inline(w, letters[i], row, 2, h)
		}
		_, _ = w.WriteString(`</row>`)
	}
	for r := range s.each() {
		row++
		fmt.Fprintf(w, `<row r="%d">`, row)
		for i, c := range r {
			if c.Text != "" {
				inline(w, letters[i], row, 0, c.Text)
				continue
			}
			style := 3
			if c.Decimals > 0 {
				style = 4
			}
			fmt.Fprintf(w, `<c r="%s%d" s="%d"><v>%s</v></c>`, letters[i], row, style, c.Decimal())
		}
		_, _ = w.WriteString(`</row>`)
	}
	_, _ = w.WriteString(`</sheetData>`)
	if len(s.Header) > 0 {
		_, _ = w.WriteString(`<tableParts count="1"><tablePart r:id="rId1"/></tableParts>`)
	}
	_, _ = w.WriteString(`</worksheet>`)
}

func inline(w *bufio.Writer, letter string, row, style int, s string) {
	fmt.Fprintf(w, `<c r="%s%d" s="%d" t="inlineStr"><is><t`, letter, row, style)
	if strings.TrimSpace(s) != s {
		_, _ = w.WriteString(` xml:space="preserve"`)
	}
	_, _ = w.WriteString(`>` + escape(s) + `</t></is></c>`)
}
