package official

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
)

// Limits of what is read: a file is at most maxBytes after decompression, a count at most maxCount.
const (
	maxBytes = 1 << 30
	maxCount = 1_000_000_000
	maxRows  = 20_000_000
)

// File is one table of one edition, read whole.
type File struct {
	Name      string
	Table     cube.Table
	Published time.Time
	Rows      []cube.Row // merged, sorted
	Lines     int        // data rows in the file
	Merged    int        // rows whose key was given before and that were added to it
	Total     int64
	Hash      string // SHA-256 of the content after decompression
}

var dated = regexp.MustCompile(`(\d{4}-\d{2}-\d{2})\.(csv|csv\.gz|xlsx)$`)

// PublishedFromName reads the edition's date from a file name such as ret_d01_2023-05-25.csv.gz.
func PublishedFromName(name string) (time.Time, bool) {
	m := dated.FindStringSubmatch(name)
	if m == nil {
		return time.Time{}, false
	}
	t, err := statistics.ParseDay(m[1])
	return t, err == nil
}

// Read reads one official file: CSV, gzip of CSV, or a workbook. It returns the whole table or an error
// that names file and cell, never part of a table.
func Read(in io.Reader, name string, published time.Time) (*File, error) {
	b := bufio.NewReaderSize(in, 1<<16)
	magic, _ := b.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fault.New(fault.Invalid, "fault.statistics.file", "file", name).Because(err)
		}
		return readCSV(z, name, published)
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")):
		return readXLSX(b, name, published)
	case bytes.HasPrefix(magic, []byte{0xff, 0xfe}), bytes.HasPrefix(magic, []byte{0xfe, 0xff}):
		return nil, refuse(name, 1, 0, "fault.statistics.encoding")
	}
	return readCSV(b, name, published)
}

// counted hashes what passes and stops at the limit.
type counted struct {
	in   io.Reader
	hash hash.Hash
	left int64
}

var errTooLong = errors.New("longer than the limit")

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.hash.Write(p[:n])
	if c.left -= int64(n); c.left < 0 {
		return n, errTooLong
	}
	return n, err
}

func readCSV(in io.Reader, name string, published time.Time) (*File, error) {
	source := &counted{in: in, hash: sha256.New(), left: maxBytes}
	b := bufio.NewReaderSize(source, 1<<16)
	if bom, _ := b.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = b.Discard(3)
	}
	r := csv.NewReader(b)
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.statistics.file", "file", name).Because(err)
	}
	l, err := plan(name, 1, header)
	if err != nil {
		return nil, err
	}
	rd := newReader(name, published, l)
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "fault.statistics.file", "file", name).Because(err)
		}
		line, _ := r.FieldPos(0)
		if err := rd.row(line, record); err != nil {
			return nil, err
		}
	}
	return rd.finish(hex.EncodeToString(source.hash.Sum(nil)))
}

// reader turns rows of labels into cells.
type reader struct {
	file                                 *File
	layout                               *layout
	rows                                 []cube.Row
	countries, types, ages, sexes, dests map[string]entry
	last                                 string // last quarter label, and what it meant
	quarter                              statistics.Quarter
	blocks                               map[statistics.Quarter]*block
	block                                *block
}

// block is the run of rows of one quarter.
type block struct{ began, rows int }

// entry is a label as understood in this edition.
type entry struct {
	index  int
	region string
	within statistics.Group
}

func newReader(name string, published time.Time, l *layout) *reader {
	lists := statistics.Lists()
	return &reader{file: &File{Name: name, Table: l.table, Published: published}, layout: l, blocks: map[statistics.Quarter]*block{},
		countries: labels(&lists.Countries, published), types: labels(&lists.Types, published), ages: labels(&lists.Ages, published),
		sexes: labels(&lists.Sexes, published), dests: labels(&lists.DestGroups, published)}
}

// labels are those in use in an edition.
func labels(l *statistics.List, published time.Time) map[string]entry {
	m := map[string]entry{}
	for i := range l.Codes {
		c := &l.Codes[i]
		for _, n := range c.Names {
			if _, _, used := l.ByLabel(n.Label, published); used {
				m[n.Label] = entry{i, string(c.Region(published)), c.Within}
			}
		}
	}
	return m
}

func (r *reader) row(line int, f []string) error {
	if len(r.rows) >= maxRows {
		return refuse(r.file.Name, line, 0, "fault.statistics.too-long")
	}
	if err := r.quarterOf(line, f); err != nil {
		return err
	}
	c := &r.layout.column
	row := cube.Row{Quarter: r.quarter, Type: cube.None, Age: cube.None, Sex: cube.None, Dest: cube.None}
	lists := statistics.Lists()
	country, err := r.lookup(line, c[countryField], f, r.countries, &lists.Countries)
	if err != nil {
		return err
	}
	row.Country = uint16(country.index)
	if region := f[c[regionField]]; slugOf(region) != country.region {
		return refuse(r.file.Name, line, c[regionField], "fault.statistics.region", "value", clip(region), "country", clip(f[c[countryField]]), "expected", country.region)
	}
	if c[typeField] >= 0 {
		kind, err := r.lookup(line, c[typeField], f, r.types, &lists.Types)
		if err != nil {
			return err
		}
		group := f[c[groupField]]
		i, known, _ := lists.Groups.ByLabel(group, r.file.Published)
		if !known {
			return r.unknown(line, c[groupField], group, &lists.Groups)
		}
		if lists.Groups.Codes[i].Code != string(kind.within) {
			return refuse(r.file.Name, line, c[typeField], "fault.statistics.type-group", "value", clip(f[c[typeField]]), "group", clip(group))
		}
		row.Type = uint8(kind.index)
	}
	for _, d := range []struct {
		field field
		in    map[string]entry
		list  *statistics.List
		to    *uint8
	}{{ageField, r.ages, &lists.Ages, &row.Age}, {sexField, r.sexes, &lists.Sexes, &row.Sex}, {destField, r.dests, &lists.DestGroups, &row.Dest}} {
		if c[d.field] >= 0 {
			e, err := r.lookup(line, c[d.field], f, d.in, d.list)
			if err != nil {
				return err
			}
			*d.to = uint8(e.index)
		}
	}
	if row.N, err = r.count(line, f[c[countField]]); err != nil {
		return err
	}
	r.rows = append(r.rows, row)
	r.block.rows++
	r.file.Total += row.N
	return nil
}

// quarterOf reads the quarter. Files give each quarter in one block: one that comes back has been pasted twice.
func (r *reader) quarterOf(line int, f []string) error {
	column := r.layout.column[quarterField]
	if label := f[column]; label != r.last || r.last == "" {
		q, err := statistics.ParseQuarter(label)
		if err != nil {
			return refuse(r.file.Name, line, column, "fault.statistics.not-a-quarter", "value", clip(label))
		}
		if b, ok := r.blocks[q]; ok {
			return refuse(r.file.Name, line, column, "fault.statistics.quarter-twice", "quarter", label, "row", strconv.Itoa(b.began))
		}
		if q.End().After(r.file.Published) {
			return refuse(r.file.Name, line, column, "fault.statistics.future", "quarter", label, "published", r.file.Published.Format(time.DateOnly))
		}
		r.last, r.quarter, r.block = strings.Clone(label), q, &block{began: line}
		r.blocks[q] = r.block
	}
	if y := r.layout.column[yearField]; y >= 0 && f[y] != strconv.Itoa(r.quarter.Year()) {
		return refuse(r.file.Name, line, y, "fault.statistics.year", "value", clip(f[y]), "quarter", r.last)
	}
	return nil
}

func (r *reader) lookup(line, column int, f []string, in map[string]entry, list *statistics.List) (entry, error) {
	label := f[column]
	if e, ok := in[label]; ok {
		return e, nil
	}
	if !utf8.ValidString(label) {
		return entry{}, refuse(r.file.Name, line, column, "fault.statistics.encoding")
	}
	if open[label] {
		return entry{}, refuse(r.file.Name, line, column, "fault.statistics.unfixed-row", "value", label, "dimension", list.Name)
	}
	if _, known, _ := list.ByLabel(label, r.file.Published); known {
		return entry{}, refuse(r.file.Name, line, column, "fault.statistics.label-date", "value", label, "published", r.file.Published.Format(time.DateOnly))
	}
	return entry{}, r.unknown(line, column, label, list)
}

// open are labels that leave a dimension open: such a row is a sum, not a cell.
var open = map[string]bool{"": true, "All": true, "Total": true, "all": true, "total": true, "*Total": true, "TOTAL": true}

func (r *reader) unknown(line, column int, label string, list *statistics.List) error {
	return refuse(r.file.Name, line, column, "fault.statistics.label", "value", clip(label), "dimension", list.Name, "nearest", list.Nearest(label))
}

func (r *reader) count(line int, s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > maxCount || s[0] == '+' {
		return 0, refuse(r.file.Name, line, r.layout.column[countField], "fault.statistics.count", "value", clip(s))
	}
	return n, nil
}

func (r *reader) finish(hash string) (*File, error) {
	if len(r.rows) == 0 {
		return nil, refuse(r.file.Name, 2, 0, "fault.statistics.empty")
	}
	r.file.Lines, r.file.Hash = len(r.rows), hash
	r.file.Rows, r.file.Merged = cube.Merge(r.rows)
	if r.file.Merged > 0 {
		if q, ok := r.allTwice(); ok {
			return nil, refuse(r.file.Name, 2, 0, "fault.statistics.quarter-twice", "quarter", q.String(), "row", "2")
		}
	}
	return r.file, nil
}

// allTwice finds a quarter of ten cells or more in which every row stands twice: pasted twice in one block.
func (r *reader) allTwice() (statistics.Quarter, bool) {
	cells := map[statistics.Quarter]int{}
	for _, c := range r.file.Rows {
		cells[c.Quarter]++
	}
	for q, b := range r.blocks {
		if cells[q] >= 10 && b.rows >= 2*cells[q] {
			return q, true
		}
	}
	return 0, false
}

func slugOf(label string) string {
	out := make([]byte, 0, len(label))
	for i := range len(label) {
		switch c := label[i]; {
		case c >= 'A' && c <= 'Z':
			out = append(out, c+'a'-'A')
		case c == ' ':
			out = append(out, '-')
		default:
			out = append(out, c)
		}
	}
	return string(out)
}
