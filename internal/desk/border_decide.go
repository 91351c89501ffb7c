package desk

import (
	"context"
	"encoding/hex"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border"
	"countersign/internal/border/screen"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// Allow lets the traveller go on.
func (b *Border) Allow(ctx context.Context, who Session, check act.ID) error {
	return b.decide(ctx, who, check, "decide-check", func(c *BorderCheck) any { return border.Allow{Ref: c.Ref} })
}

// SendToSecondLine asks the traveller to come to an officer with time.
func (b *Border) SendToSecondLine(ctx context.Context, who Session, check act.ID) error {
	return b.decide(ctx, who, check, "decide-check", func(c *BorderCheck) any { return border.SendToSecondLine{Ref: c.Ref} })
}

// Refuse proposes a refusal on the standard form, or makes it where the order asks for one officer. The law's part
// of the form comes from the rulebook; the reasons about this person are the officer's.
func (b *Border) Refuse(ctx context.Context, who Session, check act.ID, rule string, form domestic.BorderRefusal) error {
	return b.decide(ctx, who, check, "decide-check", func(c *BorderCheck) any {
		full := c.Result.Form(c.Ref, rule)
		full.Reasons, full.Proportionality, full.PersonLanguage = form.Reasons, form.Proportionality, form.PersonLanguage
		full.CopyGiven, full.ComplaintGiven = form.CopyGiven, form.ComplaintGiven
		for lang, text := range form.Remedy { // in the person's own language, where that is neither of the two
			if full.Remedy[lang] == "" {
				full.Remedy[lang] = text
			}
		}
		return border.Refuse{Form: full}
	})
}

// decide carries out a decision of one officer on the check as it stands inside the transaction.
func (b *Border) decide(ctx context.Context, who Session, check act.ID, action string, command func(*BorderCheck) any) error {
	return b.perform(ctx, who, func(t *turn) error {
		if err := t.allow(action, access.Resource{Type: "check", Domestic: true}); err != nil {
			return err
		}
		c, err := b.check(t.tx, check)
		if err != nil {
			return err
		}
		return t.sayAbout(check, c.State, command(c), border.Env{Officer: who.Officer, Now: t.tx.Now, Result: c.Result, Books: b.Books})
	})
}

// sayAbout lets the domain decide and signs what it says. Acts with reasons about a person are sealed under the
// check's key; codes alone are not.
func (t *turn) sayAbout(check act.ID, s border.State, command any, env border.Env) error {
	statements, err := border.Decide(s, command, env)
	if err != nil {
		return err
	}
	for i := range statements {
		statements[i].Case = check
		statements[i].Subject = borderSubject(statements[i].Kind, check)
	}
	_, err = t.say(statements...)
	return err
}

func borderSubject(kind act.Kind, check act.ID) act.ID {
	if kind == domestic.BorderDecided {
		return ""
	}
	return check
}

// ConfirmRefusal makes another officer's proposal a refusal, once copy and complaint leaflet are in the person's
// hands. Officer and role differ from the first one's, by policy and by the domain.
func (b *Border) ConfirmRefusal(ctx context.Context, who Session, check act.ID, copyGiven, complaintGiven bool) error {
	return b.second(ctx, who, check, func(s border.State) act.Officer { return s.ProposedBy }, border.Confirm{CopyGiven: copyGiven, ComplaintGiven: complaintGiven})
}

// ReviewDecision looks at a decision again, on complaint or by itself: upheld, corrected, withdrawn.
func (b *Border) ReviewDecision(ctx context.Context, who Session, check act.ID, outcome, reasons string) error {
	return b.second(ctx, who, check, func(border.State) act.Officer { return act.Officer{} }, border.Review{Outcome: outcome, Reasons: reasons})
}

func (b *Border) second(ctx context.Context, who Session, check act.ID, first func(border.State) act.Officer, command any) error {
	return b.perform(ctx, who, func(t *turn) error {
		s, err := t.checkState(t.tx, check)
		if err != nil {
			return err
		}
		by := first(s)
		if by == (act.Officer{}) {
			if by, err = t.decidedBy(s.DecidedAct); err != nil {
				return err
			}
		}
		if err := t.allow("review-refusal", access.Resource{Type: "check", Domestic: true, First: by}); err != nil {
			return err
		}
		return t.sayAbout(check, s, command, border.Env{Officer: who.Officer, Now: t.tx.Now, Books: b.Books})
	})
}

// decidedBy is the officer who made an act, the delegating one where a lane signed it.
func (t *turn) decidedBy(id act.ID) (act.Officer, error) {
	row, ok, err := store.FindAct(t.tx, id)
	if err != nil || !ok {
		return act.Officer{}, err
	}
	e, err := t.event(t.tx, row)
	if err != nil {
		return act.Officer{}, err
	}
	e, err = t.laneEvent(t.tx, e)
	return e.Officer, err
}

// Refer hands a person to those who protect: a possible victim of trafficking, somebody who asks for protection, a
// child, somebody ill. The act is domestic, appears in no count, and ends the check.
func (b *Border) Refer(ctx context.Context, who Session, check act.ID, to string) error {
	return b.perform(ctx, who, func(t *turn) error {
		if err := t.allow("record-finding", access.Resource{Type: "check", Domestic: true}); err != nil {
			return err
		}
		s, err := t.checkState(t.tx, check)
		if err != nil {
			return err
		}
		return t.sayAbout(check, s, border.Refer{Check: check, To: to}, border.Env{Officer: who.Officer, Now: t.tx.Now})
	})
}

// ClearMatch records that an alert means another person. It is remembered for this person and document only, and
// no longer than the alert stays as it is.
func (b *Border) ClearMatch(ctx context.Context, who Session, check act.ID, list, ref, reasons string) error {
	err := b.perform(ctx, who, func(t *turn) error {
		if err := t.allow("record-finding", access.Resource{Type: "check", Domestic: true}); err != nil {
			return err
		}
		if len([]rune(reasons)) < 10 {
			return fault.New(fault.Invalid, "fault.border.form", "field", "reasons")
		}
		key, err := b.clearedKey(t.tx, check, list, ref)
		if err != nil {
			return err
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.BorderCleared, Subject: check, Case: check,
			Body: &domestic.BorderClearance{Key: hex.EncodeToString(key[:]), List: list, Ref: ref, Reasons: reasons}})
		return err
	})
	if err != nil {
		return err
	}
	return b.readCleared()
}

func (b *Border) clearedKey(r reader, check act.ID, list, ref string) (border.ClearedKey, error) {
	c, err := b.check(r, check)
	if err != nil {
		return border.ClearedKey{}, err
	}
	ix := b.index.Index()
	if ix == nil || c.Document == nil {
		return border.ClearedKey{}, fault.New(fault.Missing, "fault.border.no-match", "list", list)
	}
	q := border.QueryOf(c.Document)
	if q.Document.Number == "" { // without a document nothing is remembered
		return border.ClearedKey{}, fault.New(fault.Missing, "fault.border.no-match", "list", list)
	}
	var s screen.Searcher
	for _, h := range ix.Search(&s, &q, 20) {
		if a, head := ix.Alert(&h); head.List == list && a.Ref == ref {
			return border.ClearedFor(&q, list, &a), nil
		}
	}
	return border.ClearedKey{}, fault.New(fault.Missing, "fault.border.no-match", "list", list)
}
