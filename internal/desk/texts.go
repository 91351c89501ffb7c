package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// CaseText is a text that is to cross with an act of a case: free text crosses only in exactly the words that
// a second officer cleared (design.md, section 4).
type CaseText struct {
	ID       act.ID
	Case     act.ID
	Author   act.ID
	At       time.Time
	Text     string
	Cleared  bool
	By       act.ID // who cleared it or gave it back
	Returned string // why it was given back
}

// ProposeText asks a second officer to clear a text. Words that may never cross are refused at once.
func (d *Desk) ProposeText(ctx context.Context, who Session, id act.ID, text string) error {
	return d.perform(ctx, who, func(t *turn) error {
		s, err := t.caseState(t.tx, id)
		if err != nil {
			return err
		}
		if s.Case == "" {
			return fault.New(fault.Missing, "fault.case.missing")
		}
		if err := t.allow("view-case", t.caseResource(t.tx, s, who)); err != nil {
			return err
		}
		env, err := t.env(t.tx, s)
		if err != nil {
			return err
		}
		// The reviewer's own decision, tried on behalf of nobody: whether these words could be cleared at all.
		text = strings.TrimSpace(text)
		env.By = act.Officer{ID: nodeOfficer, Authority: d.Authority, Role: "supervisor"}
		if _, err := casework.Decide(s, casework.ReviewText{Text: text, Author: who.Officer.ID}, env); err != nil {
			return err
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.TextProposed, Subject: s.Person, Case: id, Body: &domestic.TextProposal{Text: text}})
		return err
	})
}

// ReturnText gives a text back to its author.
func (d *Desk) ReturnText(ctx context.Context, who Session, id, proposal act.ID, reason string) error {
	return d.perform(ctx, who, func(t *turn) error {
		s, err := t.caseState(t.tx, id)
		if err != nil {
			return err
		}
		if err := t.allow("review-text", t.caseResource(t.tx, s, who)); err != nil {
			return err
		}
		if reason = strings.TrimSpace(reason); reason == "" {
			return fault.New(fault.Invalid, "fault.case.needed", "field", "why")
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.TextReturned, Subject: s.Person, Case: id, InReplyTo: proposal,
			Body: &domestic.TextReturn{Proposal: proposal, Reason: reason}})
		return err
	})
}

// TextsOf lists the texts of a case, the latest first.
func TextsOf(events []act.Event) []CaseText {
	all := dossierOf(events).texts
	slices.Reverse(all)
	return all
}

// textsWith are the texts after one more act.
func textsWith(all []CaseText, e act.Event) []CaseText {
	switch b := e.Body.(type) {
	case *domestic.TextProposal:
		return append(slices.Clip(all), CaseText{ID: e.ID, Case: e.Case, Author: e.Officer.ID, At: e.Made, Text: b.Text})
	case *domestic.Review:
		all = slices.Clone(all)
		for i := range all {
			if all[i].Author == b.Author && all[i].Text == b.Text && all[i].By == "" {
				all[i].Cleared, all[i].By = true, e.Officer.ID
			}
		}
	case *domestic.TextReturn:
		all = slices.Clone(all)
		for i := range all {
			if all[i].ID == b.Proposal && all[i].By == "" {
				all[i].Returned, all[i].By = b.Reason, e.Officer.ID
			}
		}
	}
	return all
}

// waitingTexts counts the texts that nobody has looked at.
func waitingTexts(all []CaseText) (n int64) {
	for _, t := range all {
		if t.By == "" {
			n++
		}
	}
	return n
}

// PendingTexts lists the cases with texts that wait for this officer's review. It shows no text and nobody.
func (d *Desk) PendingTexts(_ context.Context, who Session) ([]CaseText, error) {
	if err := d.allow(who, "review-text", access.Resource{Type: "case"}); err != nil {
		return nil, err
	}
	cases, err := store.CasesWithTexts(d.Store)
	if err != nil {
		return nil, err
	}
	var all []CaseText
	for _, id := range cases {
		events, err := d.eventsAbout(d.Store, id)
		if err != nil {
			return nil, err
		}
		for _, t := range TextsOf(events) {
			if t.By == "" && t.Author != who.Officer.ID {
				t.Text = ""
				all = append(all, t)
			}
		}
	}
	slices.SortFunc(all, func(a, b CaseText) int { return a.At.Compare(b.At) })
	return all, nil
}

// News are the latest acts of the other state on the cases that an officer works on. They name kinds and
// cases, never a person: that is all that a notification may hold.
func (d *Desk) News(_ context.Context, who Session, officer act.ID, limit int) ([]store.NewsRow, error) {
	if err := d.allow(who, "view-work-list", access.Resource{Type: "case"}); err != nil {
		return nil, err
	}
	return store.News(d.Store, d.Peer.Authority, officer, limit)
}
