package taskforce

import (
	"bytes"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// ProposalStatus says where a proposal stands.
type ProposalStatus string

const (
	Open       ProposalStatus = "open"        // waits for the other side
	Agreed     ProposalStatus = "agreed"      // in effect
	Declined   ProposalStatus = "declined"    //
	Withdrawn  ProposalStatus = "withdrawn"   //
	SetAside   ProposalStatus = "set-aside"   // lost against a crossing proposal
	Lapsed     ProposalStatus = "lapsed"      // its base was never agreed
	OutOfOrder ProposalStatus = "out-of-turn" // made although another was open, or has no base
)

// Proposal is one side's proposal about a measure, minutes or a commitment, and what became of it.
type Proposal struct {
	ID       act.ID         `json:"id"` // of the act that proposed it
	By       string         `json:"by"` // authority
	Officer  act.Officer    `json:"officer"`
	Made     time.Time      `json:"made"`
	Change   string         `json:"change"` // new, amend, suspend, resume, end
	Base     act.ID         `json:"base"`
	Content  any            `json:"content"` // the joint body
	Status   ProposalStatus `json:"status"`
	Answer   act.ID         `json:"answer"` // the act that agreed, declined or withdrew it
	Answered act.Officer    `json:"answered"`
	At       time.Time      `json:"at"`     // when it was answered
	Reason   joint.Text     `json:"reason"` // of a refusal

	place  entry
	weight int
}

// move is what an act does to the proposals of its thing.
type move struct {
	verb   string // propose, agree, decline, withdraw, or empty
	target act.ID // the proposal that is answered
	change string
	base   act.ID
	reason joint.Text
}

// The weight of a change: the more cautious one stays when two cross.
var weights = map[string]int{"end": 2, "suspend": 1}

func moveOf(body any) move {
	switch b := body.(type) {
	case *joint.MeasureProposal:
		return move{verb: "propose", change: "new"}
	case *joint.MeasureChange:
		return move{verb: "propose", change: b.Change, base: b.Base}
	case *joint.Minutes:
		return move{verb: "propose", change: changeOf(b.Base), base: b.Base}
	case *joint.Commitment:
		return move{verb: "propose", change: changeOf(b.Base), base: b.Base}
	case *joint.Agreement:
		return move{verb: "agree", target: b.Proposal}
	case *joint.ProposalRefusal:
		return move{verb: "decline", target: b.Proposal, reason: b.Reason}
	case *joint.Withdrawal:
		return move{verb: "withdraw", target: b.Proposal}
	}
	return move{}
}

func changeOf(base act.ID) string {
	if base == "" {
		return "new"
	}
	return "amend"
}

// talks is the negotiation about one thing: every proposal in order, and the agreed ones in the order of
// their agreement.
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
		case "agree":
			t.agree(e, m)
		case "decline":
			t.decline(e, m)
		case "withdraw":
			t.withdraw(e, m)
		}
	}
	for _, e := range acts {
		if n, ok := e.event.Body.(*joint.CrossingNote); ok {
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
	p := &Proposal{ID: e.event.ID, By: e.stream, Officer: e.event.Officer, Made: e.event.Made.UTC(),
		Change: m.change, Base: m.base, Content: e.event.Body, Status: Open, place: e, weight: weights[m.change]}
	for _, own := range t.all { // a newer proposal of the same side takes the place of its older ones
		if own.By == p.By && (own.Status == Open || own.Status == SetAside) {
			t.close(own, Withdrawn, e)
		}
	}
	t.all = append(t.all, p)
	if t.cross(p); p.Status == Open {
		t.fits(p)
	}
}

// fits checks a proposal that no other one crosses against what its author knew.
func (t *talks) fits(p *Proposal) {
	var base act.ID
	if c := t.current(); c != nil {
		base = c.ID
	}
	switch {
	case p.Base != base:
		p.Status = Lapsed
		if c := t.overtaken(p); c != "" {
			t.conflicts.add(t.family, t.id, p.ID, c, RulingBaseGone)
		} else {
			p.Status = OutOfOrder
		}
	case t.openOfOther(p) != nil && before(t.openOfOther(p).place, p.place):
		p.Status = OutOfOrder
	}
}

// overtaken finds why p's base is not what is agreed: the withdrawal that crossed the acceptance of the base,
// or the agreement that p's author did not know of.
func (t *talks) overtaken(p *Proposal) act.ID {
	if b := t.find(p.Base); b != nil && b.Status == Withdrawn {
		return b.Answer
	}
	for _, a := range t.agreed {
		for _, e := range t.acts {
			if (e.event.ID == a.Answer || e.event.ID == a.ID) && crossed(e, p.place) {
				return e.event.ID
			}
		}
	}
	return ""
}

func (t *talks) openOfOther(p *Proposal) *Proposal {
	for _, q := range t.all {
		if q.By != p.By && q.Status == Open {
			return q
		}
	}
	return nil
}

// cross applies the rules for proposals that crossed p. They are the same whichever side is replayed first.
func (t *talks) cross(p *Proposal) {
	for _, q := range t.all {
		live := q.Status == Open || q.Status == SetAside
		if !live || q.By == p.By || !crossed(p.place, q.place) {
			continue
		}
		switch {
		case q.Status == Open && p.Status == Open && same(p.place.event, q.place.event):
			t.conflicts.add(t.family, t.id, p.ID, q.ID, RulingSame)
			t.merge(p, q)
		case p.weight > q.weight:
			t.conflicts.add(t.family, t.id, p.ID, q.ID, RulingCautious)
			q.Status = SetAside
		case p.weight < q.weight:
			t.conflicts.add(t.family, t.id, p.ID, q.ID, RulingCautious)
			p.Status = SetAside
		default:
			t.conflicts.add(t.family, t.id, p.ID, q.ID, RulingBothAside)
			p.Status, q.Status = SetAside, SetAside
		}
	}
}

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
	t.agreed = append(t.agreed, kept)
}

// same tells whether two proposals say the same, by their canonical bytes.
func same(a, b act.Event) bool {
	x, err := joint.Vocabulary.Encode(a.Kind, a.Body)
	if err != nil {
		return false
	}
	y, err := joint.Vocabulary.Encode(b.Kind, b.Body)
	return err == nil && a.Kind == b.Kind && bytes.Equal(x, y)
}

func (t *talks) agree(e entry, m move) {
	p := t.find(m.target)
	if p == nil || p.By == e.stream || !before(p.place, e) {
		return
	}
	if w := t.withdrawal(p, e); w != nil {
		t.conflicts.add(t.family, t.id, e.event.ID, w.event.ID, RulingWithdrawal)
		return
	}
	if p.Status != Open {
		return
	}
	t.close(p, Agreed, e)
	t.agreed = append(t.agreed, p)
}

// withdrawal finds the act with which p's author took p back while the acceptance e was on its way.
func (t *talks) withdrawal(p *Proposal, e entry) *entry {
	for i, w := range t.acts {
		if w.stream != p.By || !before(p.place, w) || !crossed(w, e) {
			continue
		}
		if m := moveOf(w.event.Body); m.verb == "propose" || m.verb == "withdraw" && m.target == p.ID {
			return &t.acts[i]
		}
	}
	return nil
}

func (t *talks) decline(e entry, m move) {
	p := t.find(m.target)
	if p == nil || p.By == e.stream || p.Status != Open || !before(p.place, e) {
		return
	}
	t.close(p, Declined, e)
	p.Reason = m.reason
}

func (t *talks) withdraw(e entry, m move) {
	p := t.find(m.target)
	if p == nil || p.By != e.stream || p.Status != Open && p.Status != SetAside {
		return
	}
	t.close(p, Withdrawn, e)
	t.revive(p)
}

// revive opens the other side's proposal again when the one that crossed it has been withdrawn.
func (t *talks) revive(gone *Proposal) {
	for _, q := range t.all {
		if q.Status != SetAside || !crossed(gone.place, q.place) || t.open() != nil {
			continue
		}
		rivals := false
		for _, r := range t.all {
			live := r.Status == Open || r.Status == SetAside
			rivals = rivals || live && r.By != q.By && crossed(q.place, r.place)
		}
		if !rivals {
			q.Status = Open
			t.fits(q)
		}
	}
}

func (t *talks) close(p *Proposal, status ProposalStatus, e entry) {
	p.Status, p.Answer, p.Answered, p.At = status, e.event.ID, e.event.Officer, e.event.Made.UTC()
}
