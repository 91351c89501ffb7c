package desk

import (
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
)

// history is what the acts about one thing come to. The writer remembers it from act to act (store.Tx.Remember), so
// that a case is folded once and then only further; it is never changed, only replaced.
//
// Of an own joint act one thing still changes: when the peer countersigned it. The state is therefore kept twice: as
// of the last act before the first one that waits for its receipt, and as of now.
type history struct {
	own     string      // authority
	acts    int         // that took effect
	seen    int64       // of the peer's stream, by the authors of the own joint acts among them
	settled dossier     // without the acts that wait
	waiting []act.Event // from the first act on whose receipt has not come
	state   dossier
}

func historyOf(id act.ID) string { return "history/" + string(id) }

// and is the history with one more act.
func (h *history) and(e act.Event) *history {
	next := &history{own: h.own, acts: h.acts + 1, seen: h.seen, settled: h.settled, waiting: h.waiting, state: h.state.and(e)}
	if len(h.waiting) == 0 && !waits(e) {
		next.settled = next.state
	} else {
		next.waiting = append(slices.Clip(h.waiting), e)
	}
	if ours(e, h.own) {
		next.seen = max(next.seen, e.Seen)
	}
	return next
}

// waits tells whether the act may still be countersigned.
func waits(e act.Event) bool { return e.Scope == act.Joint && e.Receipt.IsZero() }

// countersigned is the history once the peer has countersigned the own acts at [from, size).
func (h *history) countersigned(from, size int64, at time.Time) *history {
	next := &history{own: h.own, acts: h.acts - len(h.waiting), seen: h.seen, settled: h.settled, state: h.settled}
	for _, e := range h.waiting {
		if waits(e) && from <= e.Index && e.Index < size {
			e.Receipt = at
		}
		next = next.and(e)
	}
	return next
}

// caseNow is a case as it stands in the transaction.
func (t *turn) caseNow(id act.ID) (casework.State, error) {
	h, err := t.history(id)
	if err != nil {
		return casework.State{}, err
	}
	return h.state.State, nil
}

// history folds what the acts about one thing come to, or recalls it.
func (t *turn) history(id act.ID) (*history, error) {
	if h, ok := t.tx.Recall(historyOf(id)).(*history); ok {
		return h, nil
	}
	events, err := t.eventsAbout(t.tx, id)
	if err != nil {
		return nil, err
	}
	h := &history{own: t.Authority}
	for _, e := range events {
		h = h.and(e)
	}
	if !t.rebuilding {
		t.tx.Remember(historyOf(id), h)
	}
	return h, nil
}

// remember adds an act that was just kept to what is remembered of the thing that it is about. It is taken from the
// bytes that were signed, as a later reading will take it; nothing that a caller holds is shared.
func (t *turn) remember(signed *act.Signed, kept act.Event) error {
	if kept.Case == "" {
		return nil
	}
	h, ok := t.tx.Recall(historyOf(kept.Case)).(*history)
	if !ok {
		return nil
	}
	if theirs(kept, t.Authority) && kept.Index < h.seen { // it comes again after a restore, behind what answered it
		t.tx.Forget(historyOf(kept.Case))
		return nil
	}
	e, err := reread(signed, kept)
	if err == nil {
		t.tx.Remember(historyOf(kept.Case), h.and(e))
	}
	return err
}

// reread is the event as the database will give it back.
func reread(signed *act.Signed, kept act.Event) (act.Event, error) {
	envelope, raw, err := signed.Open()
	if err != nil {
		return act.Event{}, err
	}
	body, err := vocabularyOf(envelope.Scope).Decode(envelope.Kind, raw)
	if err != nil {
		return act.Event{}, err
	}
	e := eventOf(envelope, body)
	e.Recorded, e.Receipt, e.Index = kept.Recorded, kept.Receipt, kept.Index
	return e, nil
}

func vocabularyOf(scope act.Scope) act.Vocabulary {
	if scope == act.Domestic {
		return domestic.Vocabulary
	}
	return joint.Vocabulary
}
