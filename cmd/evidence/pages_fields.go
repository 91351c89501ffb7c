package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/demo/browse"
	"countersign/internal/person"
)

// fieldsTyped takes a standard case from intake to the request, and on to the travel document, by the pages of both
// nodes, and counts every answer that a person had to give. It is scripted: each form is opened as a browser does,
// what it came filled in with is left, and what is missing is given.
func (r *Run) fieldsTyped(ctx context.Context) (string, error) {
	w, err := r.pagesWorld(ctx, "fields", time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	if err != nil {
		return "", err
	}
	defer w.Close()
	if err := w.Slot(ctx); err != nil {
		return "", err
	}
	p := person.Particulars{Names: []person.Name{{Family: "Hoxha", Given: "Agim"}, {Given: "Gimi", Kind: "alias"}}, Birth: person.On(1994, 5, 17), BirthPlace: "Lushnjë",
		BirthCountry: "ALB", Sex: "M", Nationalities: []string{"ALB"}, FatherName: "Petrit", MotherName: "Lumturi", LastResidence: "Fier"}
	id, err := w.OpenOnPages(domestic.CaseOpening{Route: string(casework.Readmission), Part: "EAW", Person: p, Destination: "ALB",
		Encounter: domestic.Encounter{Route: "in-country-check", Place: "Luton", Date: person.On(2026, 11, 20)}})
	if err != nil {
		return "", err
	}
	if err := w.AttestOnPages(ctx, id, casework.StepRequest); err != nil {
		return "", err
	}
	if err := w.OnPage(w.GB, "caseworker", id, casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "passport-copy"}}}); err != nil {
		return "", err
	}
	given := w.Given()
	answered, attested, written := 0, 0, 0
	for _, g := range given {
		switch {
		case strings.Contains(g.Page, "/act/attest"):
			attested++ // an officer's word on one legal condition, which nothing may fill in beforehand
		case g.Typed:
			written++
			answered++
		default:
			answered++
		}
		r.Say("  %-16s %-22s %s", part(g.Page), g.Name, g.Value)
	}
	if answered+attested == 0 {
		return "", fmt.Errorf("nothing was asked")
	}
	if answered+attested > fieldsAtMost {
		r.Caught("%d answers from intake to the request, of them %d attestations", answered+attested, attested)
	}
	if err := w.Slot(ctx); err != nil {
		return "", err
	}
	paper := person.Document{Type: person.LaissezPasser, Number: "LP0012345", Issuer: "ALB", ValidUntil: person.On(2027, 6, 30), OneJourney: true}
	for _, step := range []func() error{
		func() error {
			return w.OnPage(w.AL, "readmission-officer", id, casework.ReplyConfirm{Basis: "prima_facie", Document: true})
		},
		func() error { return w.Slot(ctx) },
		func() error { return w.AttestOnPages(ctx, id, casework.StepDocument) },
		func() error { return w.OnPage(w.GB, "caseworker", id, casework.AskTravelDocument{}) },
		func() error { return w.Slot(ctx) },
		func() error {
			return w.OnPage(w.AL, "readmission-officer", id, casework.IssueTravelDocument{Document: paper})
		},
	} {
		if err := step(); err != nil {
			return "", err
		}
	}
	twice := typedTwice(w.Given())
	for _, t := range twice {
		r.Caught("typed twice: %s", t)
	}
	return fmt.Sprintf("intake to request: %d fields typed and %d chosen besides %d attestations, %d typed twice across both states up to the travel document", written, answered-written, attested, len(twice)), nil
}

// typedTwice are the texts that somebody typed although somebody had typed them before. Numbers of one or two digits
// say nothing by themselves: parts of dates, counts.
func typedTwice(all []browse.Given) (twice []string) {
	seen := map[string]browse.Given{}
	for _, g := range all {
		if !g.Typed {
			continue
		}
		for _, word := range strings.Fields(g.Value) {
			if len(word) < 3 {
				continue
			}
			// A year belongs to its question: two dates of one year are two facts.
			key := strings.ToLower(word)
			if strings.Trim(word, "0123456789") == "" {
				key = g.Name + "=" + key
			}
			if first, ok := seen[key]; ok && (first.Page != g.Page || first.Name == g.Name) {
				twice = append(twice, fmt.Sprintf("%q as %s on %s and as %s on %s", word, first.Name, part(first.Page), g.Name, part(g.Page)))
				continue
			}
			seen[key] = g
		}
	}
	slices.Sort(twice)
	return twice
}

// part is the last part of an address, without identifiers.
func part(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path[strings.LastIndex(path, "/")+1:]
}
