package paper

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"time"
)

const odsMime = "application/vnd.oasis.opendocument.spreadsheet"

// ODS writes the book as an OpenDocument spreadsheet (ISO/IEC 26300, version 1.3).
func (b *Book) ODS(w io.Writer) error {
	z := zip.NewWriter(w)
	// The media type comes first and uncompressed (OpenDocument part 2, section 3.3).
	h := &zip.FileHeader{Name: "mimetype", Method: zip.Store, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	f, err := z.CreateHeader(h)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(f, odsMime); err != nil {
		return err
	}
	file := func(name string, write func(*bufio.Writer)) {
		if err == nil {
			err = entry(z, name, write)
		}
	}
	text(file, "META-INF/manifest.xml", `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="`+odsMime+`"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>`)
	stamp := b.Created.UTC().Format(time.RFC3339)
	text(file, "meta.xml", `<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" office:version="1.3"><office:meta><meta:generator>Countersign</meta:generator><dc:title>`+escape(b.Title)+`</dc:title><meta:initial-creator>`+escape(b.Creator)+`</meta:initial-creator><dc:creator>`+escape(b.Creator)+`</dc:creator><meta:creation-date>`+stamp+`</meta:creation-date><dc:date>`+stamp+`</dc:date><dc:language>`+escape(b.Language)+`</dc:language></office:meta></office:document-meta>`)
	text(file, "styles.xml", `<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3"><office:styles><style:default-style style:family="table-cell"><style:text-properties style:font-name="Arial" fo:font-size="12pt" fo:language="`+escape(b.Language)+`"/></style:default-style></office:styles></office:document-styles>`)
	file("content.xml", b.content)
	if err != nil {
		return err
	}
	return z.Close()
}

func (b *Book) content(w *bufio.Writer) {
	_, _ = w.WriteString(xmlHead + `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.3"><office:automatic-styles>` +
		`<number:number-style style:name="n0"><number:number number:decimal-places="0" number:min-integer-digits="1" number:grouping="true"/></number:number-style>` +
		`<number:number-style style:name="n1"><number:number number:decimal-places="1" number:min-integer-digits="1" number:grouping="true"/></number:number-style>` +
		`<style:style style:name="head" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap"/><style:text-properties fo:font-weight="bold"/></style:style>` +
		`<style:style style:name="c0" style:family="table-cell" style:data-style-name="n0"/><style:style style:name="c1" style:family="table-cell" style:data-style-name="n1"/>` +
		`<style:style style:name="wide" style:family="table-column"><style:table-column-properties style:column-width="4cm"/></style:style>` +
		`</office:automatic-styles><office:body><office:spreadsheet>`)
	for i := range b.Sheets {
		b.Sheets[i].odsTable(w)
	}
	_, _ = w.WriteString(`<table:database-ranges>`)
	n := 0
	for _, s := range b.Sheets {
		if len(s.Header) > 0 {
			n++
			fmt.Fprintf(w, `<table:database-range table:name="table_%d" table:contains-header="true" table:target-range-address="&apos;%s&apos;.A%d:&apos;%s&apos;.%s%d"/>`, n, escape(s.Name), s.top(), escape(s.Name), column(len(s.Header)-1), s.top()+s.length())
		}
	}
	_, _ = w.WriteString(`</table:database-ranges></office:spreadsheet></office:body></office:document-content>`)
}

func (s *Sheet) odsTable(w *bufio.Writer) {
	fmt.Fprintf(w, `<table:table table:name="%s"><table:table-column table:style-name="wide" table:number-columns-repeated="%d"/>`, escape(s.Name), max(1, len(s.Header)))
	str := func(style, v string) {
		if style != "" {
			style = ` table:style-name="` + style + `"`
		}
		_, _ = w.WriteString(`<table:table-cell` + style + ` office:value-type="string"><text:p>` + escape(v) + `</text:p></table:table-cell>`)
	}
	for i, l := range s.Lead {
		_, _ = w.WriteString(`<table:table-row>`)
		if i == 0 {
			str("head", l)
		} else {
			str("", l)
		}
		_, _ = w.WriteString(`</table:table-row>`)
	}
	if len(s.Header) > 0 {
		_, _ = w.WriteString(`<table:table-header-rows><table:table-row>`)
		for _, h := range s.Header {
			str("head", h)
		}
		_, _ = w.WriteString(`</table:table-row></table:table-header-rows>`)
	}
	for r := range s.each() {
		_, _ = w.WriteString(`<table:table-row>`)
		for _, c := range r {
			if c.Text != "" {
				str("", c.Text)
				continue
			}
			style, v := "c0", c.Decimal()
			if c.Decimals > 0 {
				style = "c1"
			}
			_, _ = w.WriteString(`<table:table-cell table:style-name="` + style + `" office:value-type="float" office:value="` + v + `"><text:p>` + v + `</text:p></table:table-cell>`)
		}
		_, _ = w.WriteString(`</table:table-row>`)
	}
	_, _ = w.WriteString(`</table:table>`)
}
