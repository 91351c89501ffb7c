package taskforce

import "countersign/internal/act"

// talks is the negotiation about one thing: every proposal in order, and the agreed ones in the order of
// their agreement. What becomes of crossing acts is decided by rules that look at all acts, not at their order,
// so that neither side gains by its name or by the speed of its link.
type talks struct {
	family    string
	id        act.ID
	all       []*Proposal
	agreed    []*Proposal
	conflicts conflicts
	acts      []entry
}

// negotiate replays the acts about one thing in their merged order.
func negotiate(family string, id act.ID, acts []entry) *talks {
	t := &talks{family: family, id: id, acts: acts}
	for _, e := range acts {
		switch m := moveOf(e.event.Body); m.verb {
		case "propose":
			t.propose(e, m)
		case "agree", "decline":
			t.answer(e, m)
		}
	}
	for _, p := range t.all {
		t.settle(p)
	}
	for _, e := range acts {
		if n, ok := noteOf(e.event.Body); ok {
			t.conflicts.note(e.stream, n)
		}
	}
	return t
}

// current is the proposal last agreed, or nil.
func (t *talks) current() *Proposal {
	if len(t.agreed) == 0 {
		return nil
	}
	return t.agreed[len(t.agreed)-1]
}

// open is the proposal that waits for an answer, or nil.
func (t *talks) open() *Proposal {
	for _, p := range t.all {
		if p.Status == Open {
			return p
		}
	}
	return nil
}

func (t *talks) find(id act.ID) *Proposal {
	for _, p := range t.all {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func (t *talks) propose(e entry, m move) {
	p := &Proposal{ID: e.event.ID, By: e.stream, Officer: e.event.Officer, Made: e.event.Made.UTC(), Change: m.change,
		Base: m.base, Content: e.event.Body, Status: Open, place: e}
	p.taken = t.takenBack(e)
	t.all = append(t.all, p)
	if t.fits(p); p.Status != Open {
		return
	}
	for _, q := range t.all {
		if q.By != p.By && (q.Status == Open || q.Status == Agreed) && crossed(p.place, q.place) {
			t.cross(p, q)
		}
	}
}

// takenBack finds the act with which the author of a proposal took it back: a withdrawal, or a newer proposal in
// its place. It is none if its author knew that the proposal was answered, or agreed because both proposed it.
func (t *talks) takenBack(p entry) *entry {
	for i, w := range t.acts {
		if w.stream != p.stream || w.index <= p.index {
			continue
		}
		m := moveOf(w.event.Body)
		if m.verb != "propose" && (m.verb != "withdraw" || m.target != p.event.ID) {
			continue
		}
		answered, agreed := false, false
		for _, a := range t.acts {
			if a.stream == p.stream || !before(a, w) {
				continue
			}
			n := moveOf(a.event.Body)
			answered = answered || (n.verb == "agree" || n.verb == "decline") && n.target == p.event.ID && before(p, a)
			agreed = agreed || n.verb == "propose" && crossed(a, p) && same(a, p) && !t.goneFor(a, p, w)
		}
		if answered {
			return nil
		}
		if !agreed {
			return &t.acts[i]
		}
	}
	return nil
}

// goneFor tells whether the author of w knew that q had been taken back by an author who did not know of p.
func (t *talks) goneFor(q, p, w entry) bool {
	for _, e := range t.acts {
		m := moveOf(e.event.Body)
		back := m.verb == "propose" || m.verb == "withdraw" && m.target == q.event.ID
		if back && e.stream == q.stream && e.index > q.index && !before(p, e) && before(e, w) {
			return true
		}
	}
	return false
}

// fits checks a proposal against what its author knew to be agreed.
func (t *talks) fits(p *Proposal) {
	if b := t.find(p.Base); p.Base != "" && (b == nil || b.Status != Agreed || !known(b, p)) {
		p.Status = OutOfOrder
		if c := t.undone(b); c != "" {
			p.Status = Lapsed
			t.conflicts.add(t.family, t.id, p.ID, c, RulingBaseGone)
		}
		return
	}
	for i := len(t.agreed) - 1; i >= 0 && t.agreed[i].ID != p.Base; i-- {
		if known(t.agreed[i], p) { // something newer was agreed, or the first proposal was made twice
			p.Status = OutOfOrder
		}
	}
	for _, q := range t.all {
		if q.By != p.By && q.Status == Open && q.taken == nil && len(q.rivals) == 0 && before(q.place, p.place) {
			p.Status = OutOfOrder // the other side's proposal has to be answered first
		}
	}
}

// known tells whether p's author knew that b was agreed.
func known(b, p *Proposal) bool {
	for _, e := range b.basis {
		if !before(e, p.place) {
			return false
		}
	}
	return true
}

// undone finds the withdrawal because of which a proposal was not agreed in the end, although somebody saw it
// agreed: it crossed the acceptance, or took back the other side's same proposal.
func (t *talks) undone(b *Proposal) act.ID {
	if b == nil {
		return ""
	}
	for _, e := range t.acts {
		m := moveOf(e.event.Body)
		if m.verb == "agree" && m.target == b.ID && b.taken != nil && crossed(*b.taken, e) {
			return b.taken.event.ID
		}
	}
	for _, q := range t.all {
		if q.By != b.By && crossed(q.place, b.place) && same(q.place, b.place) {
			if unaware(q, b) {
				return q.taken.event.ID
			}
			if unaware(b, q) {
				return b.taken.event.ID
			}
		}
	}
	return ""
}

// The weight of a change: the more cautious one stays when two cross.
var weights = map[string]int{"end": 2, "suspend": 1}

// cross applies the rules for two proposals that crossed.
func (t *talks) cross(p, q *Proposal) {
	switch {
	case unaware(p, q) || unaware(q, p): // it was gone before anybody could weigh the two
		t.conflicts.add(t.family, t.id, p.ID, q.ID, RulingWithdrawal)
	case same(p.place, q.place):
		t.conflicts.add(t.family, t.id, p.ID, q.ID, RulingSame)
		t.merge(p, q)
	case weights[p.Change] == weights[q.Change]:
		t.conflicts.add(t.family, t.id, p.ID, q.ID, RulingBothAside)
		p.rivals, q.rivals = append(p.rivals, q), append(q.rivals, p)
	case weights[p.Change] > weights[q.Change]:
		t.conflicts.add(t.family, t.id, p.ID, q.ID, RulingCautious)
		q.rivals = append(q.rivals, p)
	default:
		t.conflicts.add(t.family, t.id, p.ID, q.ID, RulingCautious)
		p.rivals = append(p.rivals, q)
	}
}

// unaware tells whether p was taken back by an author who did not know of q.
func unaware(p, q *Proposal) bool { return p.taken != nil && !before(q.place, *p.taken) }

// merge turns two equal proposals into one agreement, known by the smaller id.
func (t *talks) merge(p, q *Proposal) {
	kept, other := p, q
	if q.ID < p.ID {
		kept, other = q, p
	}
	at := kept.Made
	if other.Made.After(at) {
		at = other.Made
	}
	kept.Status, kept.Answer, kept.Answered, kept.At = Agreed, other.ID, other.Officer, at
	other.Status, other.Answer, other.Answered, other.At = Agreed, kept.ID, kept.Officer, at
	kept.basis, other.basis = []entry{p.place, q.place}, []entry{p.place, q.place}
	t.agreed = append(t.agreed, kept)
}

// answer lets the other side's acceptance or refusal take effect, unless the proposal was taken back: a
// withdrawal wins over the answer that crosses it.
func (t *talks) answer(e entry, m move) {
	p := t.find(m.target)
	if p == nil || p.By == e.stream || p.Status != Open || !before(p.place, e) {
		return
	}
	if p.taken != nil {
		if m.verb == "agree" && crossed(*p.taken, e) {
			t.conflicts.add(t.family, t.id, e.event.ID, p.taken.event.ID, RulingWithdrawal)
		}
		return
	}
	for _, q := range p.rivals { // one's own rival has to be withdrawn first
		if !q.gone() || !before(*q.taken, e) {
			return
		}
	}
	p.answered(Declined, e)
	p.Reason = m.reason
	if m.verb == "agree" {
		p.Status, p.basis = Agreed, []entry{e}
		t.agreed = append(t.agreed, p)
	}
}

// gone tells whether a proposal was withdrawn in so many words, which lets its rival stand again.
func (p *Proposal) gone() bool {
	return p.taken != nil && moveOf(p.taken.event.Body).verb == "withdraw"
}

// settle gives a proposal without an answer its last status.
func (t *talks) settle(p *Proposal) {
	if p.Status != Open {
		return
	}
	if p.taken != nil {
		p.answered(Withdrawn, *p.taken)
		return
	}
	for _, q := range p.rivals {
		if !q.gone() {
			p.Status = SetAside
		}
	}
}

func (p *Proposal) answered(status ProposalStatus, e entry) {
	p.Status, p.Answer, p.Answered, p.At = status, e.event.ID, e.event.Officer, e.event.Made.UTC()
}
