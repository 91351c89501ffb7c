package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/store"
	"countersign/internal/words"

	"github.com/danielgtaylor/huma/v2"
)

// Inputs that many operations share; they are exported because huma reads only exported fields.
type (
	// WithPurpose is on every operation that reads or writes personal data.
	WithPurpose struct {
		Purpose string `header:"X-Purpose" required:"true" enum:"casework,emergency,border,inspection,statistics,taskforce,administration" doc:"Why personal data is read; recorded with who, when and whom"`
	}
	// WithLanguage chooses the language of sentences.
	WithLanguage struct {
		Language string `header:"Accept-Language" doc:"en or sq; decides the language of sentences"`
	}
	// OfCase names the case.
	OfCase struct {
		WithPurpose
		WithLanguage
		ID string `path:"id" format:"uuid" doc:"Case"`
	}
	// Page chooses a part of a list.
	Page struct {
		Limit  int `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Offset int `query:"offset" minimum:"0" maximum:"1000000" default:"0"`
	}
)

// next is the address of the page after this one; empty at the end.
func (p Page) next(path string, q url.Values, total int) string {
	if p.Offset+p.Limit >= total {
		return ""
	}
	q.Set("limit", strconv.Itoa(p.Limit))
	q.Set("offset", strconv.Itoa(p.Offset+p.Limit))
	return Base + path + "?" + q.Encode()
}

// body is an answer with nothing but a body.
type body[T any] struct{ Body T }

// Me is the officer for whom a program works.
type Me struct {
	Officer   act.ID   `json:"officer"`
	Name      string   `json:"name"`
	Role      string   `json:"role"`
	Authority string   `json:"authority"`
	Posted    bool     `json:"posted"`
	Purposes  []string `json:"purposes"`
}

// Lines is one page of a work list.
type Lines struct {
	Items []Line `json:"items"`
	Total int    `json:"total" doc:"of all that match"`
	Next  string `json:"next,omitempty" doc:"address of the next page"`
}

func (s *service) people() {
	register(s, huma.Operation{OperationID: "me", Method: http.MethodGet, Path: "/me", Tags: []string{"people"}, Summary: "The officer for whom the program works"},
		func(ctx context.Context, _ *WithLanguage) (*body[Me], error) {
			who, err := session(ctx, Purposes[0])
			return &body[Me]{Me{who.Officer.ID, who.Name, who.Officer.Role, who.Officer.Authority, who.Posted, Purposes}}, err
		})
	register(s, huma.Operation{OperationID: "find-people", Method: http.MethodPost, Path: "/people/search", Tags: []string{"people"},
		Summary: "Find cases of people already known here", Description: "Searches this node only: there is no search across the border. What is searched for stands in the body, never in the address."},
		s.findPeople)
}

type searchIn struct {
	WithPurpose
	WithLanguage
	Body struct {
		Name     string `json:"name,omitempty" maxLength:"200" doc:"any words of any name; ë is e and ç is c"`
		Birth    string `json:"birth,omitempty" maxLength:"10" doc:"2006-01-02, or the year"`
		Document string `json:"document,omitempty" maxLength:"40" doc:"number of a document"`
	}
}

func (s *service) findPeople(ctx context.Context, in *searchIn) (*body[Lines], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	found, err := s.Desk.FindPeople(ctx, who, desk.Search{Name: in.Body.Name, Birth: in.Body.Birth, Document: in.Body.Document})
	if err != nil {
		return nil, err
	}
	return &body[Lines]{Lines{Items: lines(found, spoken(ctx)), Total: len(found)}}, nil
}

func lines(list []desk.CaseLine, c *words.Catalogue) []Line {
	out := make([]Line, 0, len(list))
	for _, l := range list {
		out = append(out, lineOf(l, c))
	}
	return out
}

type workIn struct {
	WithPurpose
	WithLanguage
	Page
	Mine    bool      `query:"mine" doc:"only cases of the officer"`
	Owes    string    `query:"owes" maxLength:"8" doc:"only where this authority owes the next step"`
	Blocked bool      `query:"blocked" doc:"only where a gate is closed before the next step"`
	Closed  bool      `query:"closed" doc:"cases that have ended, instead of open ones"`
	Before  time.Time `query:"due_before" doc:"only what is due before this instant"`
	Sort    string    `query:"sort" enum:"due,updated,opened" default:"due"`
}

func (s *service) cases() {
	register(s, huma.Operation{OperationID: "work", Method: http.MethodGet, Path: "/work", Tags: []string{"cases"}, Summary: "The work list"}, s.work)
	register(s, huma.Operation{OperationID: "case", Method: http.MethodGet, Path: "/cases/{id}", Tags: []string{"cases"}, Summary: "A case"}, s.one)
	register(s, huma.Operation{OperationID: "gates", Method: http.MethodGet, Path: "/cases/{id}/gates", Tags: []string{"cases"}, Summary: "The gates before each step, with their legal basis and who can change them"}, s.gates)
	register(s, huma.Operation{OperationID: "deadlines", Method: http.MethodGet, Path: "/cases/{id}/deadlines", Tags: []string{"cases"}, Summary: "What is owed by when, and why on that date"}, s.deadlines)
	register(s, huma.Operation{OperationID: "timeline", Method: http.MethodGet, Path: "/cases/{id}/timeline", Tags: []string{"cases"}, Summary: "The acts of a case"}, s.timeline)
}

func (s *service) work(ctx context.Context, in *workIn) (*body[Lines], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	f := store.CaseFilter{Owes: in.Owes, Blocked: in.Blocked, Open: !in.Closed, Closed: in.Closed, DueBefore: in.Before, Sort: in.Sort, Limit: in.Limit, Offset: in.Offset}
	if in.Mine {
		f.Officer = who.Officer.ID
	}
	found, total, err := s.Desk.Cases(ctx, who, f)
	if err != nil {
		return nil, err
	}
	q := url.Values{"sort": {in.Sort}}
	for name, on := range map[string]bool{"mine": in.Mine, "blocked": in.Blocked, "closed": in.Closed} {
		if on {
			q.Set(name, "true")
		}
	}
	if in.Owes != "" {
		q.Set("owes", in.Owes)
	}
	if !in.Before.IsZero() {
		q.Set("due_before", in.Before.Format(time.RFC3339Nano))
	}
	return &body[Lines]{Lines{Items: lines(found, spoken(ctx)), Total: total, Next: in.next("/work", q, total)}}, nil
}

// view reads a case once; that is one look in the record.
func (s *service) view(ctx context.Context, in *OfCase) (desk.CaseView, error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return desk.CaseView{}, err
	}
	return s.Desk.ViewCase(ctx, who, act.ID(in.ID))
}

type caseOut struct {
	ETag string `header:"ETag" doc:"the version of the case"`
	Body Case
}

func (s *service) one(ctx context.Context, in *OfCase) (*caseOut, error) {
	v, err := s.view(ctx, in)
	if err != nil {
		return nil, err
	}
	c := caseOf(&v, s.Desk.Authority, spoken(ctx))
	return &caseOut{ETag: etag(c.Version), Body: c}, nil
}

func etag(version int64) string { return fmt.Sprintf(`"%d"`, version) }

// Gates are the gates of a case.
type Gates struct {
	Items []Gate `json:"items" doc:"empty at the requested authority: it has no gates in this case"`
}

type gatesIn struct {
	OfCase
	Step string `query:"step" enum:"request,document,hold-seat,serve-notice,confirm,announce,lock,depart,handover" doc:"only before this step"`
}

func (s *service) gates(ctx context.Context, in *gatesIn) (*body[Gates], error) {
	v, err := s.view(ctx, &in.OfCase)
	if err != nil {
		return nil, err
	}
	c := spoken(ctx)
	out := Gates{Items: []Gate{}}
	for _, step := range casework.Steps {
		if in.Step != "" && in.Step != string(step) {
			continue
		}
		for i := range v.Gates[step] {
			g := gateOf(&v.Gates[step][i], c)
			if rule, ok := s.Desk.Law.Gate(g.Gate); ok {
				g.Name = rule.Name.In(string(c.Lang))
			}
			out.Items = append(out.Items, g)
		}
	}
	return &body[Gates]{out}, nil
}

// Deadlines are the dates of a case, the earliest first.
type Deadlines struct {
	Items []Deadline `json:"items"`
}

func (s *service) deadlines(ctx context.Context, in *OfCase) (*body[Deadlines], error) {
	v, err := s.view(ctx, in)
	if err != nil {
		return nil, err
	}
	out := Deadlines{Items: []Deadline{}}
	for i := range v.Deadlines {
		out.Items = append(out.Items, deadlineOf(&v.Deadlines[i], spoken(ctx)))
	}
	return &body[Deadlines]{out}, nil
}

// Timeline is one page of the acts of a case, in this node's order.
type Timeline struct {
	Items []Entry `json:"items"`
	Total int     `json:"total"`
	Next  string  `json:"next,omitempty"`
}

type timelineIn struct {
	OfCase
	Page
}

func (s *service) timeline(ctx context.Context, in *timelineIn) (*body[Timeline], error) {
	v, err := s.view(ctx, &in.OfCase)
	if err != nil {
		return nil, err
	}
	out := Timeline{Items: []Entry{}, Total: len(v.Events), Next: in.next("/cases/"+in.ID+"/timeline", url.Values{}, len(v.Events))}
	for _, e := range v.Events[min(in.Offset, len(v.Events)):min(in.Offset+in.Limit, len(v.Events))] {
		entry, err := entryOf(e, v.Officers)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, entry)
	}
	return &body[Timeline]{out}, nil
}
