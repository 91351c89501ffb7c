package web

import (
	"net/http"

	"countersign/internal/fault"
	"countersign/internal/web/component"
)

// statusOf is the status of each kind of fault; an error that is no fault is internal.
var statusOf = map[fault.Kind]int{
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.Denied:      http.StatusForbidden,
	fault.Missing:     http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Late:        http.StatusConflict,
	fault.Unavailable: http.StatusServiceUnavailable,
}

// StatusOf is the status with which a page answers err.
func StatusOf(err error) int {
	if status, ok := statusOf[fault.KindOf(err)]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// ProblemPage is the page for an error. A fault is told in its own words; anything else only by a reference
// that the log knows, never by its text.
type ProblemPage struct {
	Layout
	Problem component.Problem
}

// NewProblemPage makes the page for err; reference is what the log calls it.
func NewProblemPage(l Layout, err error, reference string) *ProblemPage {
	c := l.Words
	kind := string(fault.KindOf(err))
	p := component.Problem{Words: c}
	switch key := fault.KeyOf(err); {
	case kind == "":
		kind, p.Text, p.Reference = "internal", c.Text("web.problem.internal.text"), reference
	case key != "" && c.Has(key):
		p.Text = c.Map(key, fault.ArgsOf(err))
	case kind == string(fault.Missing):
		p.Text = c.Text("web.problem.missing.text")
	}
	p.Title = c.Text("web.problem." + kind + ".title")
	p.Do = []string{c.Text("web.problem." + kind + ".do")}
	l.Title = p.Title
	return &ProblemPage{Layout: l, Problem: p}
}

// Problem answers with the page for err.
func (r *Renderer) Problem(w http.ResponseWriter, l Layout, err error, reference string) error {
	return r.Render(w, StatusOf(err), "problem", NewProblemPage(l, err, reference))
}
