package taskforce

import (
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// Powers a posted officer may have. Executive power needs an article of the agreement.
var Powers = []string{"advice", "observation", "executive"}

// Posting is one officer's posting at the other state, from the vacancy to its end.
type Posting struct {
	ID         act.ID                      `json:"id"`
	OpenedBy   string                      `json:"opened_by"`
	Terms      joint.Posting               `json:"terms"`
	Nominee    *joint.PostingNominee       `json:"nominee"`
	Vetted     map[string]bool             `json:"vetted"`  // authority -> passed
	Consent    *bool                       `json:"consent"` // the host's answer; nil: none yet
	Accredited *joint.PostingAccreditation `json:"accredited"`
	Accreditor act.Officer                 `json:"accreditor"`
	Trainings  []joint.PostingTraining     `json:"trainings"`
	Rules      *joint.PostingRules         `json:"rules"`
	Reports    []Report                    `json:"reports"`
	Recalled   *Recall                     `json:"recalled"`
	Handover   *joint.PostingHandover      `json:"handover"`
	HandoverID act.ID                      `json:"handover_id"`
	TakenOver  *joint.PostingTakeover      `json:"taken_over"` // what this officer took over from the one before
	Crossings  []Crossing                  `json:"crossings"`
}

// Report is an activity report and whether the supervisor has read it.
type Report struct {
	ID   act.ID    `json:"id"`
	Made time.Time `json:"made"`
	Seen act.ID    `json:"seen"` // officer of the host who read it
	joint.PostingReport
}

// Recall ended the posting.
type Recall struct {
	By      string      `json:"by"`
	Officer act.Officer `json:"officer"`
	Made    time.Time   `json:"made"`
	Reason  string      `json:"reason"`

	known time.Time // when this node had it: here access ended, whatever the sender's clock said
}

func postingOf(id act.ID, acts []entry) *Posting {
	p := &Posting{ID: id, Vetted: map[string]bool{}}
	for _, e := range acts {
		if b, ok := e.event.Body.(*joint.Posting); ok && p.OpenedBy == "" {
			p.OpenedBy, p.Terms = e.stream, *b
		}
	}
	if p.OpenedBy == "" {
		return nil
	}
	var c conflicts
	for _, e := range acts {
		if p.stands(acts, e, &c) {
			p.step(e)
		}
		p.recall(e)
	}
	for _, e := range acts {
		if n, ok := noteOf(e.event.Body); ok {
			c.note(e.stream, n)
		}
	}
	p.Crossings = c
	return p
}

// stands tells whether a step has effect: not after a recall, and an accreditation not beside a new nomination
// that crossed it. What a recall crossed stays in the record, with the ruling.
func (p *Posting) stands(acts []entry, e entry, c *conflicts) bool {
	if !grants(e.event.Kind) {
		return true
	}
	for _, r := range acts {
		switch b := r.event.Body.(type) {
		case *joint.PostingRecall:
			if before(r, e) {
				return false
			}
			if crossed(r, e) {
				c.add("posting", p.ID, r.event.ID, e.event.ID, RulingRecall)
			}
		case *joint.PostingNominee: // naming another officer takes the first one back
			a, ok := e.event.Body.(*joint.PostingAccreditation)
			if ok && b.Officer != a.Officer && crossed(r, e) {
				c.add("posting", p.ID, r.event.ID, e.event.ID, RulingWithdrawal)
				return false
			}
		}
	}
	return true
}

// grants lists the steps that a recall undoes.
func grants(k act.Kind) bool {
	switch k {
	case joint.PostingNominated, joint.PostingConsented, joint.PostingAccredited, joint.PostingHandedOver,
		joint.PostingTakenOver:
		return true
	}
	return false
}

// step folds what is not a recall. Every fact has one writer: home names and host consents and accredits.
func (p *Posting) step(e entry) {
	home, host := e.stream == p.Terms.Home, e.stream == p.Terms.Host
	switch b := e.event.Body.(type) {
	case *joint.PostingNominee:
		if home && p.Accredited == nil {
			p.Nominee, p.Consent, p.Vetted, p.Trainings, p.Rules = b, nil, map[string]bool{}, nil, nil
		}
	case *joint.PostingVetting:
		if p.named(b.Officer) {
			p.Vetted[e.stream] = b.Passed
		}
	case *joint.PostingConsent:
		if host && p.named(b.Officer) {
			p.Consent = &b.Given
		}
	case *joint.PostingAccreditation:
		if host && p.named(b.Officer) {
			p.Accredited, p.Accreditor = b, e.event.Officer
		}
	case *joint.PostingTraining:
		if host {
			p.Trainings = append(p.Trainings, *b)
		}
	case *joint.PostingRules:
		if p.named(e.event.Officer.ID) {
			p.Rules = b
		}
	default:
		p.work(e)
	}
}

// work folds reports and handovers.
func (p *Posting) work(e entry) {
	switch b := e.event.Body.(type) {
	case *joint.PostingReport:
		if p.named(e.event.Officer.ID) {
			p.Reports = append(p.Reports, Report{ID: e.event.ID, Made: e.event.Made.UTC(), PostingReport: *b})
		}
	case *joint.PostingReportReceipt:
		for i := range p.Reports {
			if p.Reports[i].ID == b.Report && e.stream == p.Terms.Host && p.Reports[i].Seen == "" {
				p.Reports[i].Seen = e.event.Officer.ID
			}
		}
	case *joint.PostingHandover:
		if p.named(e.event.Officer.ID) {
			p.Handover, p.HandoverID = b, e.event.ID
		}
	case *joint.PostingTakeover:
		if p.named(e.event.Officer.ID) {
			p.TakenOver = b
		}
	}
}

func (p *Posting) named(officer act.ID) bool { return p.Nominee != nil && p.Nominee.Officer == officer }

// recall: the earliest one counts, whoever made it.
func (p *Posting) recall(e entry) {
	b, ok := e.event.Body.(*joint.PostingRecall)
	if !ok {
		return
	}
	r := &Recall{By: e.stream, Officer: e.event.Officer, Made: e.event.Made.UTC(), Reason: b.Reason, known: e.event.Made}
	if rec := e.event.Recorded; !rec.IsZero() && rec.Before(r.known) {
		r.known = rec
	}
	if p.Recalled == nil || r.Made.Before(p.Recalled.Made) {
		if p.Recalled != nil && p.Recalled.known.Before(r.known) {
			r.known = p.Recalled.known
		}
		p.Recalled = r
	} else if r.known.Before(p.Recalled.known) {
		p.Recalled.known = r.known
	}
}

// Stage names how far a posting has come, for lists and pages.
func (p *Posting) Stage(today string) string {
	switch {
	case p.Recalled != nil:
		return "recalled"
	case p.Accredited != nil && p.Accredited.Until < today:
		return "ended"
	case p.Accredited != nil:
		return "accredited"
	case p.Consent != nil && !*p.Consent:
		return "not-consented"
	case p.Consent != nil:
		return "consented"
	case p.Nominee != nil:
		return "nominated"
	}
	return "vacant"
}

// period is what the posting occupies: as accredited, else as planned.
func (p *Posting) period() (from, until string) {
	if p.Accredited != nil {
		return p.Accredited.From, p.Accredited.Until
	}
	return p.Terms.From, p.Terms.Until
}

// lastDay is the last day that the posting really occupied: a recall frees the post and the officer.
func (p *Posting) lastDay() string {
	_, until := p.period()
	if p.Recalled != nil {
		return min(until, p.Recalled.Made.Format(time.DateOnly))
	}
	return until
}

// overlaps finds an accredited posting of the same post or the same officer on a common day.
func (s State) overlaps(id, post, officer act.ID, from, until string) *Posting {
	var found *Posting
	for _, p := range s.Postings {
		if p.ID == id || p.Accredited == nil || p.Terms.Post != post && !p.named(officer) {
			continue
		}
		begins, _ := p.period()
		ends := p.lastDay()
		if p.Recalled != nil && ends < begins {
			continue
		}
		// An officer recalled in the morning may be followed the same day.
		common := from <= ends && begins <= until && !(p.Recalled != nil && from == ends)
		if common && (found == nil || p.ID < found.ID) {
			found = p
		}
	}
	return found
}

// Programme lists the postings in both directions, by first day.
func (s State) Programme() []*Posting {
	out := make([]*Posting, 0, len(s.Postings))
	for _, p := range s.Postings {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *Posting) int {
		return strings.Compare(a.Terms.From+a.Terms.Host+string(a.ID), b.Terms.From+b.Terms.Host+string(b.ID))
	})
	return out
}
