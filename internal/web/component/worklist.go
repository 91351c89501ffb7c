package component

import (
	"html/template"
	"net/url"
	"strconv"

	"countersign/internal/words"
)

// Column is a column of a work list. Sort is the name under which the list can be sorted; empty: it cannot.
type Column struct {
	Text    string
	Sort    string
	Numeric bool
	Hidden  bool // the heading is for screen readers only
}

// WorkRow is one line. Select is the value of its box for a bulk assignment; empty: no box.
type WorkRow struct {
	Cells  []TableCell
	Tone   Tone // Bad: overdue, Notice: soon; empty: nothing special
	Select string
	Name   string // what the box selects, for a screen reader
}

// WorkList is a list of work: counted, sorted by links, paged by links. Every link keeps the filters, which
// are the query of URL (pain K26: list, total and export come from one query).
type WorkList struct {
	Words    *words.Catalogue
	Caption  string
	Columns  []Column
	Rows     []WorkRow
	URL      *url.URL
	SortBy   string
	Down     bool
	Page     int // first is 1
	PerPage  int
	Total    int
	Empty    string        // what to say when there is nothing
	Form     string        // id of the form that the boxes belong to, for bulk assignment
	SelectID string        // name of the boxes
	Live     bool          // its marks of held cases follow the record while the list is open
	Actions  template.HTML // above the list: export, print, assign
}

func (WorkList) partial() string { return "work-list" }

// Every is how often the list asks, for the script.
func (WorkList) Every() int64 { return Hold{}.Every() }

// Sign is the status of a line that is held.
func (w WorkList) Sign() Status { return HoldMark{Words: w.Words}.Sign() }

type columnView struct {
	Column
	Href string
	Aria string // ascending, descending, none; empty: not sortable
	Next string // what the link will do
}

// Heads are the columns with their links.
func (w WorkList) Heads() []columnView {
	var all []columnView
	for _, c := range w.Columns {
		v := columnView{Column: c}
		if c.Sort != "" {
			down := c.Sort == w.SortBy && !w.Down
			v.Aria, v.Next = "none", w.Words.Text("web.list.sort.up")
			if c.Sort == w.SortBy {
				v.Aria = map[bool]string{false: "ascending", true: "descending"}[w.Down]
			}
			if down {
				v.Next = w.Words.Text("web.list.sort.down")
			}
			v.Href = w.with("sort", c.Sort, "down", map[bool]string{true: "1"}[down], "page", "")
		}
		all = append(all, v)
	}
	return all
}

// with is the list's address with some parameters changed; an empty value drops one.
func (w WorkList) with(pairs ...string) string {
	u := url.URL{Path: "/"}
	if w.URL != nil {
		u = url.URL{Path: w.URL.Path, RawQuery: w.URL.RawQuery}
	}
	q := u.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Del(pairs[i])
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

type cellView struct {
	TableCell
	Heading string
	First   bool
}

type workRowView struct {
	WorkRow
	Shown []cellView
}

// Lines are the rows with the heading of each cell, which narrow screens show beside it.
func (w WorkList) Lines() []workRowView {
	var all []workRowView
	for _, r := range w.Rows {
		v := workRowView{WorkRow: r}
		for i, c := range r.Cells {
			cell := cellView{TableCell: c, First: i == 0}
			if i < len(w.Columns) {
				cell.Heading = w.Columns[i].Text
				if w.Columns[i].Numeric {
					cell.Format = "numeric"
				}
			}
			v.Shown = append(v.Shown, cell)
		}
		all = append(all, v)
	}
	return all
}

// Counted says how many there are and which of them are shown.
func (w WorkList) Counted() string {
	if w.Total <= len(w.Rows) {
		return w.Words.Count("web.list.count", w.Total)
	}
	from := (w.Page-1)*w.PerPage + 1
	return w.Words.Text("web.list.range", "from", w.Words.Number(int64(from)),
		"to", w.Words.Number(int64(from+len(w.Rows)-1)), "total", w.Words.Number(int64(w.Total)))
}

// Pages leads to the other pages, nil if there are none.
func (w WorkList) Pages() *Pagination {
	if w.PerPage <= 0 || w.Total <= w.PerPage {
		return nil
	}
	last := (w.Total + w.PerPage - 1) / w.PerPage
	p := &Pagination{LandmarkLabel: w.Words.Text("web.list.pages")}
	if w.Page > 1 {
		p.Previous = &PageLink{Text: w.Words.Text("web.list.previous"), Href: w.with("page", strconv.Itoa(w.Page-1))}
	}
	if w.Page < last {
		p.Next = &PageLink{Text: w.Words.Text("web.list.next"), Href: w.with("page", strconv.Itoa(w.Page+1))}
	}
	gap := false
	for n := 1; n <= last; n++ {
		if n > 1 && n < last && (n < w.Page-1 || n > w.Page+1) {
			if !gap {
				p.Items = append(p.Items, PageItem{Ellipsis: true})
			}
			gap = true
			continue
		}
		gap = false
		number := w.Words.Number(int64(n))
		p.Items = append(p.Items, PageItem{Number: number, Current: n == w.Page, Href: w.with("page", strconv.Itoa(n)),
			VisuallyHiddenText: w.Words.Text("web.list.page", "number", number)})
	}
	return p
}
