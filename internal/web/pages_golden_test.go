package web_test

import (
	"testing"

	"countersign/internal/demo"
	"countersign/internal/words"
)

// shown are the pages with a golden file per language: who looks, where, at what.
func (w *world) shown() []struct {
	name, role, path string
	at               *demo.Authority
} {
	type page = struct {
		name, role, path string
		at               *demo.Authority
	}
	c := func(name, more string) string { return "/cases/" + string(w.cases[name]) + more }
	return []page{
		{"work", "caseworker", "/", w.GB}, {"cases", "readmission-officer", "/cases?show=all", w.AL},
		{"case", "caseworker", c("question", ""), w.GB}, {"case-held", "court-liaison", c("held", ""), w.GB},
		{"case-journey", "coordinator", c("held", ""), w.GB}, {"case-reply", "readmission-officer", c("asked", ""), w.AL},
		{"act-request", "caseworker", c("held", "/act/request-readmission"), w.GB}, {"act-attest", "caseworker", c("held", "/act/attest?about=request"), w.GB},
		{"act-barrier-choice", "caseworker", c("new", "/act/set-barrier"), w.GB}, {"act-barrier", "caseworker", c("new", "/act/set-barrier?about=court-order"), w.GB},
		{"act-seat", "coordinator", c("asked", "/act/hold-seat"), w.GB}, {"act-reply", "readmission-officer", c("asked", "/act/reply-confirm"), w.AL},
		{"act-refuse", "readmission-officer", c("asked", "/act/reply-refuse"), w.AL}, {"act-person", "caseworker", c("asked", "/act/correct-person"), w.GB},
		{"search", "caseworker", "/search", w.GB}, {"news", "caseworker", "/news", w.GB}, {"officers", "administrator", "/officers", w.GB}, {"officers-second", "supervisor", "/officers", w.GB}, {"holidays", "supervisor", "/holidays?year=2026", w.GB},
		{"looks", "inspector", "/looks", w.AL}, {"clients", "counsel", "/clients", w.GB}, {"client", "counsel", "/clients/" + string(w.cases["question"]), w.GB},
		{"representative", "senior-caseworker", c("held", "/representative"), w.GB}, {"act-proof", "caseworker", c("asked", "/acts/"+string(w.sent("asked"))), w.GB}, {"texts", "supervisor", "/texts", w.GB}, {"case-texts", "supervisor", c("question", "/texts"), w.GB}, {"start", "statistician", "/start", w.GB}, {"about", "caseworker", "/about", w.GB},
		{"accessibility", "caseworker", "/accessibility", w.AL}, {"privacy", "caseworker", "/privacy", w.AL},
		{"administration", "administrator", "/administration", w.GB}, {"pairing", "supervisor", "/administration/pairing", w.AL}, {"teams", "administrator", "/administration/teams", w.GB},
		{"their-view", "caseworker", c("question", "/their-view"), w.GB}, {"their-view-nothing", "court-liaison", c("held", "/their-view"), w.GB},
	}
}

func TestPagesGolden(t *testing.T) {
	w := newWorld(t)
	w.people()
	for _, lang := range words.Langs {
		same(t, "sign-in."+string(lang), w.visitor(t, w.GB, lang).page("/sign-in"))
		for _, p := range w.shown() {
			t.Run(p.name+"."+string(lang), func(t *testing.T) {
				same(t, p.name+"."+string(lang), w.as(t, p.at, p.role, lang).page(p.path))
			})
		}
	}
}
