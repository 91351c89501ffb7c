package casework

import (
	"slices"
	"time"

	"countersign/internal/fault"
	"countersign/internal/treaty"
)

// Deadline is a date that somebody owes, with what follows if it passes.
type Deadline struct {
	Rule    string // rule of the agreement or of the law
	Key     string // catalogue key of the sentence
	Owner   string // authority that owes it
	Start   time.Time
	Due     time.Time // first instant after the limit; zero: the clock stands or nobody knows the limit
	Overdue bool
	Effect  string // what the text attaches to its end: none, deemed_consent, duty_ended, document_deemed
	Basis   string
	StandIn bool
	Trace   any // why this date
}

// facts are what the choice of a limit hangs on.
func (s *State) facts() TermFacts {
	f := TermFacts{Category: s.Request.Category, Part: s.Part, Tier: tier(s), Extended: s.Extension.Is()}
	if f.Category == "" {
		f.Category = "national"
	}
	for _, q := range s.Questions {
		f.Stopped = append(f.Stopped, Span{From: received(q.Asked), To: received(q.Given)})
	}
	return f
}

func received(m Mark) time.Time {
	if m.Receipt.IsZero() {
		return m.At
	}
	return m.Receipt
}

// tier is the strength of the evidence that went with the application: the best item counts.
func tier(s *State) string {
	best := "prima_facie"
	for _, e := range s.Request.Evidence {
		switch e.Type {
		case "passport", "laissez-passer", "identity-card", "military-id", "seamans-book", "consular-card", "register-hit", "visa-hit":
			best = "proof"
		}
	}
	return best
}

// term reckons a rule of the agreement for this case.
func (s *State) term(rule string, env *Env) (Term, error) {
	if env.Agreement == nil {
		return Term{}, fault.New(fault.Missing, "fault.case.no-effect")
	}
	start, ok := s.starts(rule)
	if !ok {
		return Term{}, fault.New(fault.Conflict, "fault.case.not-started", "rule", rule)
	}
	f := s.facts()
	if rule != "reply" {
		f.Stopped, f.Extended = nil, false
	}
	return env.Agreement.Term(rule, start, f)
}

// starts is when a rule's limit starts: on receipt, which is the countersignature (design.md 5.3). What the
// other state has not countersigned has started nothing.
func (s *State) starts(rule string) (time.Time, bool) {
	var m Mark
	switch rule {
	case "reply", "register-check", "interview":
		m = s.Request.Mark
	case "transfer", "consent-validity":
		m = s.Reply.Mark
		if !m.Is() && s.Relied.Is() {
			return s.ReliedDue, true
		}
	case "travel-document":
		if m = s.DocumentAsked; !m.Is() {
			m = s.Request.Mark
		}
	case "transit-reply":
		if t := s.transit(); t != nil {
			m = t.Mark
		}
	case "wrongful-readmission":
		if s.Accepted != nil {
			return s.Accepted.Mark.At, true
		}
	}
	return m.Receipt, m.Is() && !m.Receipt.IsZero()
}

// Deadlines lists what is owed by whom, the earliest first. It is derived from acts and time; nothing here
// acts by itself.
func Deadlines(s State, env Env) []Deadline {
	var list []Deadline
	s.treatyDeadlines(&env, func(d Deadline) { list = append(list, d) })
	s.ownDeadlines(&env, func(d Deadline) { list = append(list, d) })
	for i := range list {
		list[i].Overdue = !list[i].Due.IsZero() && !env.Now.Before(list[i].Due)
	}
	return inOrder(list)
}

// inOrder puts the earliest first, and what nobody can date last.
func inOrder(list []Deadline) []Deadline {
	var dated, undated []Deadline
	for _, d := range list {
		if d.Due.IsZero() {
			undated = append(undated, d)
		} else {
			dated = append(dated, d)
		}
	}
	slices.SortStableFunc(dated, func(a, b Deadline) int { return a.Due.Compare(b.Due) })
	return append(dated, undated...)
}

func (s *State) treatyDeadlines(env *Env, add func(Deadline)) {
	put := func(rule, key, owner string) {
		start, ok := s.starts(rule)
		t, err := s.term(rule, env)
		if ok && err == nil {
			add(Deadline{Rule: rule, Key: key, Owner: owner, Start: start, Due: t.Due, Effect: t.OnExpiry, Basis: t.Basis, StandIn: t.StandIn, Trace: t.Trace})
		}
	}
	open := s.outcome() == Open
	if t := s.transit(); open && t != nil && !t.Answered.Is() {
		put("transit-reply", "case.due.transit", s.Requested)
	}
	switch {
	case open && s.asked() && s.Request.Receipt.IsZero():
		add(Deadline{Rule: "receipt", Key: "case.due.receipt", Owner: s.Requested, Start: s.Request.At})
	case open && s.awaitingReply() == nil && s.openQuestion() != nil:
		add(Deadline{Rule: "information", Key: "case.due.information", Owner: s.Requesting, Start: received(s.openQuestion().Asked)})
	case open && s.awaitingReply() == nil && !s.outdated():
		put("reply", "case.due.reply", s.Requested)
	}
	if open && s.consented() && s.asked() {
		if s.DocumentAsked.Is() && s.issued() == nil && !s.DocumentBy.Is() {
			put("travel-document", "case.due.document", s.Requested)
		}
		if s.Route == Readmission {
			put("transfer", "case.due.transfer", s.Requesting)
		}
	}
	if s.Accepted != nil && !s.TakeBack.Is() {
		put("wrongful-readmission", "case.due.take-back", s.Requested)
	}
}

// ownDeadlines are this state's own: they are known only to the requesting node.
func (s *State) ownDeadlines(env *Env, add func(Deadline)) {
	if env.Law == nil || s.side(env.Own) != Requesting {
		return
	}
	own := func(rule, key string, start, due time.Time) {
		add(Deadline{Rule: rule, Key: key, Owner: env.Own, Start: start, Due: due, Effect: "none"})
	}
	for i := range s.Barriers {
		b := &s.Barriers[i]
		if r, ok := env.Law.Gate(b.Gate); ok && b.Oral && !b.Confirmed.Is() && !b.Lifted.Is() {
			own("oral", "case.due.oral", b.At, b.At.Add(time.Duration(r.OralHours)*time.Hour))
		}
	}
	for i := range s.Overrides {
		o := &s.Overrides[i]
		if r, ok := env.Law.Gate(o.Gate); ok && o.Confirmed.Is() && !o.Reviewed.Is() {
			own("override-review", "case.due.override", o.Confirmed.At, o.Confirmed.At.Add(time.Duration(r.ReviewHours)*time.Hour))
		}
	}
	for i := range s.Orders {
		if o := &s.Orders[i]; o.Due.Exact() {
			own("order", "case.due.order", o.At, o.Due.AddDays(1).First(env.Law.Location()))
		}
	}
	if s.detained() {
		own("detention", "case.due.detention", s.Detention.Mark.At, s.detentionReview(env))
	}
	if b := s.booking(); b != nil && s.Accepted == nil && s.Route.TouchesPeer() && s.asked() && s.Announced == nil {
		if t, err := s.noticeOfTransfer(b, env); err == nil {
			add(Deadline{Rule: "notice", Key: "case.due.announce", Owner: env.Own, Start: b.Arrives, Due: t.Due, Basis: t.Basis, StandIn: t.StandIn, Trace: t.Trace})
		}
	}
}

// detentionReview is when detention is reviewed next: the date set at the last review, the profile's days
// after it began, and the same day when an attempt has ended since.
func (s *State) detentionReview(env *Env) time.Time {
	zone := env.Law.Location()
	last := s.Detention.Mark.At
	if s.Detention.Reviewed.Is() {
		last = s.Detention.Reviewed.At
	}
	for i := range s.Attempts {
		if a := s.Attempts[i].Mark.At; a.After(last) {
			return endOfDay(a, zone)
		}
	}
	if s.Detention.Next.Exact() {
		return s.Detention.Next.AddDays(1).First(zone)
	}
	for _, n := range env.Law.ReviewDays {
		if due := endOfDay(s.Detention.Mark.At.AddDate(0, 0, n), zone); due.After(endOfDay(last, zone)) {
			return due
		}
	}
	return endOfDay(last.AddDate(0, 0, longestReview(env.Law)), zone)
}

// longestReview is the most days between two reviews; a profile without any does not load.
func longestReview(law *treaty.Law) int { return law.ReviewDays[len(law.ReviewDays)-1] }

func endOfDay(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone)
}
