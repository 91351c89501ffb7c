// Package paper writes tables as accessible spreadsheets (XLSX and ODS) and charts as SVG. Equal input
// gives equal bytes: no clock, no locale, no map order.
//
// A workbook follows the checklist for accessible spreadsheets (facts/statistics.md, section 6): one
// marked-up table a sheet, a single header row with unique names, no merged or empty cells, notes in words
// and not by symbols, title, source and language set. Lint reads the produced bytes back and checks them.
//
// It knows nothing of statistics: what stands in a cell is the caller's business.
package paper

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Cell is a number or a text. A number has Text empty.
type Cell struct {
	Text     string
	Number   int64
	Decimals int // of the number: 488 with 1 is 48.8
}

// N, D and T make cells.
func N(n int64) Cell                  { return Cell{Number: n} }
func D(scaled int64, places int) Cell { return Cell{Number: scaled, Decimals: places} }
func T(s string) Cell                 { return Cell{Text: s} }

// Decimal is the number as plain digits with a point.
func (c Cell) Decimal() string {
	if c.Decimals == 0 {
		return strconv.FormatInt(c.Number, 10)
	}
	n, sign := c.Number, ""
	if n < 0 {
		n, sign = -n, "-"
	}
	s := strconv.FormatInt(n, 10)
	for len(s) <= c.Decimals {
		s = "0" + s
	}
	return sign + s[:len(s)-c.Decimals] + "." + s[len(s)-c.Decimals:]
}

// Sheet is one table with what a reader needs to know before it, in column A.
type Sheet struct {
	Name   string   // tab, unique, at most 31 characters
	Lead   []string // title first, then notes and source, one a row
	Header []string // unique; empty: a sheet of text only (cover, notes)
	Rows   [][]Cell
	Stream iter.Seq[[]Cell] // instead of Rows, for long tables: a row is used before the next is asked for
	Length int              // of Stream
	Widths []int            // in characters; missing: 16
}

// each yields the rows, from wherever they come.
func (s *Sheet) each() iter.Seq[[]Cell] {
	if s.Stream != nil {
		return s.Stream
	}
	return slices.Values(s.Rows)
}

func (s *Sheet) length() int {
	if s.Stream != nil {
		return s.Length
	}
	return len(s.Rows)
}

// Book is a whole workbook.
type Book struct {
	Title, Creator, Language string
	Created                  time.Time
	Sheets                   []Sheet
}

// clean drops what XML 1.0 cannot hold and replaces invalid UTF-8.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, forbidden) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if forbidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func forbidden(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF || r == 0x7F
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;")

func escape(s string) string { return escaper.Replace(clean(s)) }

// CSVText is a text as it may stand in a CSV file: one that a spreadsheet program would take for a formula
// is preceded by an apostrophe (OWASP: CSV injection).
func CSVText(s string) string {
	s = clean(s)
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

// column is the letter name of a column, counted from 0.
func column(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

// Address names a cell by column and row, both counted from 0.
func Address(x, y int) string { return column(x) + strconv.Itoa(y+1) }
