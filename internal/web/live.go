package web

import (
	"net/http"
	"net/url"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/component"

	"github.com/go-json-experiment/json"
)

// PathLive is where pages that are open ask which of their cases are held. The question and its answer hold random
// identifiers and nothing else.
const PathLive = "/live"

// maxAsking bounds how many such questions are answered at the same time. Whoever comes beyond it is asked to come
// again, which the script does by itself: official acts go before them.
const maxAsking = 64

// live answers one question. It is no sign that anybody is there: it prolongs no session, and it shows nobody, so it
// is no look at personal data either.
func (s *Site) live(w http.ResponseWriter, r *http.Request) {
	select {
	case s.asking <- struct{}{}:
		defer func() { <-s.asking }()
	default:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	held, err := s.onHold(r)
	switch {
	case fault.KindOf(err) == fault.Denied:
		w.WriteHeader(http.StatusForbidden)
	case err != nil:
		s.Log.Error("live", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
	case held == nil:
		w.WriteHeader(http.StatusUnauthorized)
	default:
		w.Header().Set("Content-Type", "application/json")
		json.MarshalWrite(w, map[string][]act.ID{"held": held}) // a reader that went away is no error of ours
	}
}

// onHold is nil where nobody is signed in.
func (s *Site) onHold(r *http.Request) ([]act.ID, error) {
	proof, ok, err := s.Sessions.Glance(r)
	if err != nil || !ok {
		return nil, err
	}
	who, err := s.officerOf(r.Context(), proof)
	if fault.KindOf(err) != "" { // off the roster: the next click says so
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(q["case"]) > desk.MaxOnHold {
		return nil, fault.New(fault.Denied, "web.fault.request")
	}
	ids := make([]act.ID, 0, len(q["case"]))
	for _, id := range q["case"] {
		ids = append(ids, act.ID(id))
	}
	return s.Desk.OnHold(r.Context(), who.For(purpose(who.Officer.Role)), ids...)
}

// hold is the place on a page of a case that says whether it is held. What cannot be found out counts as held.
func (v *visit) hold(id act.ID) *component.Hold {
	held, err := v.Desk.OnHold(v.ctx(), v.who, id)
	if fault.KindOf(err) == fault.Denied {
		return nil // an inspector, for example, who reads the record and has no list of work
	}
	if err != nil {
		v.Log.Error("hold", "err", err)
	}
	h := &component.Hold{Words: v.words, Case: string(id), Held: err != nil || len(held) > 0}
	if path := casePath(id); v.r.URL.Path != path && v.Desk.May(v.who, "view-work-list") {
		h.Href = path
	}
	return h
}
