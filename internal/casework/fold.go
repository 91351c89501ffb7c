package casework

import (
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
)

// Fold adds one act to a state. Acts of kinds that are not about a case leave it as it is. An act of a side
// that may not write the fact is recorded as contested and changes nothing.
func Fold(s State, e act.Event) State {
	s.Acts++
	if e.Made.After(s.Last) {
		s.Last = e.Made
	}
	if e.Scope == act.Joint {
		s.foldJoint(&e)
	} else {
		s.foldDomestic(&e)
	}
	return s
}

// FoldAll folds acts in the order in which this node recorded them.
func FoldAll(events []act.Event) State {
	var s State
	for i := range events {
		s = Fold(s, events[i])
	}
	return s
}

func mark(e *act.Event) Mark {
	at := e.Occurred
	if at.IsZero() {
		at = e.Made
	}
	return Mark{ID: e.ID, At: at, Receipt: e.Receipt, By: e.Officer}
}

// add appends without sharing the backing array with an earlier state.
func add[T any](list []T, v T) []T { return append(slices.Clip(list), v) }

// change returns a copy of list in which the elements that match were changed.
func change[T any](list []T, match func(*T) bool, f func(*T)) []T {
	var out []T
	for i := range list {
		if match(&list[i]) {
			if out == nil {
				out = slices.Clone(list)
			}
			f(&out[i])
		}
	}
	if out == nil {
		return list
	}
	return out
}

func (s *State) contest(e *act.Event, key string, against act.ID) {
	s.Contested = add(s.Contested, Contested{Mark: mark(e), Key: key, Against: against})
}

// writer is the side that writes a joint kind.
func writer(k act.Kind) Side {
	switch k {
	case joint.CaseMoreAsked, joint.CaseReplyExtended, joint.CaseConfirmed, joint.CaseRefused, joint.CaseDocumentIssued,
		joint.CaseDocumentCancelled, joint.CaseArrivalReady, joint.CaseAccepted, joint.CaseDeclined, joint.CaseTakeBackAsked,
		joint.CaseInterviewHeld, joint.CaseRecordAnswered, joint.CaseReceivingPaused, joint.CaseReceivingResumed,
		joint.CaseTransitAnswered:
		return Requested
	}
	return Requesting
}

func (s *State) foldJoint(e *act.Event) {
	switch b := e.Body.(type) {
	case *joint.Request:
		s.request(e, b.To, Readmission, b.Agreement)
		s.Particulars = b.Person
		s.Request.Category, s.Request.Evidence, s.Request.Found = b.Category, b.Evidence, b.Found
		return
	case *joint.Notification:
		s.request(e, b.To, NotificationOnly, b.Agreement)
		s.Particulars = b.Person
		s.Request.Notification = true
		return
	case *joint.TransitRequest:
		s.foldTransit(e, b)
		return
	}
	if s.Case == "" || e.Case != s.Case {
		return
	}
	if s.side(e.Officer.Authority) != writer(e.Kind) {
		s.contest(e, ContestedWriter, "")
		return
	}
	if writer(e.Kind) == Requested {
		s.foldRequested(e)
	} else {
		s.foldRequesting(e)
	}
}

// request opens a case at the requested side, and an application at both.
func (s *State) request(e *act.Event, to string, route Route, agreement string) {
	if s.Case == "" {
		s.Case, s.Person, s.Opened = e.Case, e.Subject, e.Made
		s.Requesting, s.Requested = e.Officer.Authority, to
	}
	if s.side(e.Officer.Authority) != Requesting || to != s.Requested {
		s.contest(e, ContestedWriter, "")
		return
	}
	n := s.Request.Count
	s.Route, s.Agreement = route, agreement
	s.Request = Request{Mark: mark(e), Count: n + 1}
	s.Reply, s.Relied, s.Extension, s.Questions, s.Withdrawn = Reply{}, Mark{}, Mark{}, nil, Mark{}
}

func (s *State) foldRequesting(e *act.Event) {
	m := mark(e)
	switch b := e.Body.(type) {
	case *joint.MoreGiven:
		if n := len(s.Questions); n > 0 {
			s.Questions = slices.Clone(s.Questions)
			s.Questions[n-1].Given = m
			s.Request.Evidence = slices.Concat(s.Request.Evidence, b.Evidence)
		}
	case *joint.Reliance:
		if e.Kind == joint.CaseConsentRelied {
			s.Relied, s.ReliedDue = m, b.Due
			if s.Reply.Is() && !s.Reply.Positive {
				s.contest(e, "case.contested.reliance", s.Reply.ID) // a refusal crossed it
			}
		} else {
			s.DocumentBy = m
		}
	case *joint.DocumentRequest:
		s.DocumentAsked = m
	case *joint.DocumentEnd:
		s.endDocument(b.Number, m)
		s.DocumentAsked = Mark{} // a new one has to be asked for
	case *joint.Willing:
		s.Willing = m
	case *joint.Announcement:
		s.Announced = &Announced{Mark: m, Announcement: *b}
		s.Paused = Mark{}
	case *joint.NotYet:
		s.notYet(e, m)
	case *joint.End:
		s.end(e, m)
	case *joint.Offer:
		s.Offers = add(s.Offers, Offered{Mark: m, Offer: *b})
	case *joint.Correction:
		s.Particulars, s.Corrected = b.Person, m
	case *joint.TakeBack:
		s.TakeBackOK = m
	case *joint.InterviewArranged:
		s.Interviews = add(s.Interviews, Interview{Arranged: m, InterviewArranged: *b})
	case *joint.RecordRequest:
		s.Records = add(s.Records, CriminalRecord{Asked: m, Basis: b.Basis})
	}
}

func (s *State) notYet(e *act.Event, m Mark) {
	if e.Kind == joint.CaseResumed {
		s.Paused = Mark{}
		return
	}
	if s.Accepted != nil {
		s.contest(e, "case.contested.crossed", s.Accepted.ID)
		return
	}
	if s.Announced != nil {
		s.Paused = m
	}
	s.stopOffers(m)
	s.stopInterviews(m)
}

func (s *State) end(e *act.Event, m Mark) {
	if s.Accepted != nil { // too late: the acceptance took effect
		s.contest(e, "case.contested.crossed", s.Accepted.ID)
		return
	}
	switch e.Kind {
	case joint.CaseReopened:
		s.Withdrawn = Mark{}
		return
	case joint.CaseWithdrawn:
		s.Withdrawn = m
	}
	s.Announced, s.Paused, s.Willing = nil, Mark{}, Mark{} // what the person said was for this journey
	s.transitStep(e, func(t *Transit) { t.Ended = m })
	s.stopOffers(m)
	s.stopInterviews(m)
}

func (s *State) stopOffers(m Mark) {
	s.Offers = change(s.Offers, func(o *Offered) bool { return !o.Stopped.Is() }, func(o *Offered) { o.Stopped = m })
}

func (s *State) stopInterviews(m Mark) {
	s.Interviews = change(s.Interviews, func(v *Interview) bool { return !v.Held.Is() && !v.Stopped.Is() }, func(v *Interview) { v.Stopped = m })
}

func (s *State) foldRequested(e *act.Event) {
	m := mark(e)
	switch b := e.Body.(type) {
	case *joint.MoreAsked:
		s.Questions = add(s.Questions, Question{Asked: m, Items: b.Items})
	case *joint.Extension:
		s.Extension, s.ExtensionWhy = m, b.Reason
	case *joint.Confirmation:
		s.reply(e, Reply{Mark: m, Positive: true, Basis: b.Basis})
	case *joint.Refusal:
		s.reply(e, Reply{Mark: m, Reason: b.Reason})
	case *joint.DocumentIssue:
		s.Documents = add(s.Documents, Document{Mark: m, Document: b.Document, Peer: true, Holder: "issuer"})
	case *joint.DocumentEnd:
		s.endDocument(b.Number, m)
		s.DocumentAsked = Mark{} // a new one has to be asked for
	case *joint.Arrival:
		if s.Announced == nil || e.InReplyTo != s.Announced.ID {
			return // it answers an announcement that has gone
		}
		a := *s.Announced
		a.Ready, a.Problem = m, b.Problem
		s.Announced = &a
	case *joint.NotYet:
		s.Receiving = m
		if e.Kind == joint.CaseReceivingResumed {
			s.Receiving = Mark{}
		}
	case *joint.Acceptance:
		s.accept(e, m, b)
	case *joint.Decline:
		s.Offers = change(s.Offers, func(o *Offered) bool { return o.ID == e.InReplyTo && s.Accepted == nil },
			func(o *Offered) { o.Declined, o.Why = m, b.Reason })
	case *joint.TakeBack:
		s.TakeBack = m
	case *joint.InterviewResult:
		s.interviewed(e, m, b)
	case *joint.TransitAnswer:
		s.transitStep(e, func(t *Transit) { t.Answered, t.Answer = m, *b })
	case *joint.RecordAnswer:
		s.Records = change(s.Records, func(r *CriminalRecord) bool { return r.Asked.ID == e.InReplyTo }, func(r *CriminalRecord) { r.Answered, r.Answer = m, *b })
	}
}

// interviewed takes the result of an interview. One that was held after its authority had dealt with “not yet” does not
// count: the person was not to be heard. What crossed counts, and is shown as crossed.
func (s *State) interviewed(e *act.Event, m Mark, b *joint.InterviewResult) {
	i := slices.IndexFunc(s.Interviews, func(v Interview) bool { return v.Arranged.ID == e.InReplyTo && !v.Held.Is() })
	if i < 0 {
		return
	}
	if stop := s.Interviews[i].Stopped; stop.Is() {
		s.contest(e, "case.contested.crossed", stop.ID)
		if !stop.Receipt.IsZero() && e.Made.After(stop.Receipt) {
			return
		}
	}
	s.Interviews = slices.Clone(s.Interviews)
	s.Interviews[i].Held, s.Interviews[i].Result = m, *b
}

func (s *State) reply(e *act.Event, r Reply) {
	if e.InReplyTo != s.Request.ID {
		s.contest(e, "case.contested.reply", s.Request.ID) // it answers an application that has gone
		return
	}
	if s.Reply.Is() && s.Reply.Positive != r.Positive && !s.outdated() {
		s.contest(e, "case.contested.reply", s.Reply.ID)
		return
	}
	if s.Relied.Is() && !r.Positive {
		s.contest(e, "case.contested.reliance", s.Relied.ID)
	}
	s.Reply = r
}

// accept is the act that takes effect. It counts unless its author's authority had already dealt with an
// act that called the handover off: withdrawal wins until the acceptance (design.md 5.1). An acceptance that
// was signed on the spot before the withdrawal arrived counts on both sides, and is shown as crossed.
func (s *State) accept(e *act.Event, m Mark, b *joint.Acceptance) {
	i := slices.IndexFunc(s.Offers, func(o Offered) bool { return o.ID == e.InReplyTo })
	if i < 0 || s.Accepted != nil || s.Offers[i].Declined.Is() {
		s.contest(e, "case.contested.acceptance", "")
		return
	}
	if stop := s.Offers[i].Stopped; stop.Is() {
		if !stop.Receipt.IsZero() && e.Made.After(stop.Receipt) {
			s.contest(e, "case.contested.acceptance", stop.ID)
			return
		}
		s.contest(e, "case.contested.crossed", stop.ID)
	}
	s.Accepted = &Accepted{Mark: m, Acceptance: *b}
	s.Withdrawn = Mark{}
	s.useDocument(s.Offers[i].Document.Number)
}

func (s *State) endDocument(number string, m Mark) {
	s.Documents = change(s.Documents, func(d *Document) bool { return d.Number == number && !d.Cancelled.Is() },
		func(d *Document) { d.Cancelled = m })
}

// useDocument ends a document that was good for one journey.
func (s *State) useDocument(number string) {
	s.Documents = change(s.Documents, func(d *Document) bool { return d.Number == number && d.OneJourney },
		func(d *Document) { d.Used = true })
}

func (s *State) foldDomestic(e *act.Event) {
	if b, ok := e.Body.(*domestic.CaseOpening); ok {
		s.open(e, b)
		return
	}
	if s.Case == "" || e.Case != s.Case {
		return
	}
	if s.foldFile(e) || s.foldBarrier(e) || s.foldJourney(e) {
		return
	}
}

func (s *State) open(e *act.Event, b *domestic.CaseOpening) {
	if s.Case != "" {
		s.contest(e, "case.contested.opened", "")
		return
	}
	s.Case, s.Person, s.Opened = e.Case, e.Subject, mark(e).At
	s.Requesting, s.Requested = e.Officer.Authority, b.Peer
	s.Route, s.Agreement, s.Part = Route(b.Route), b.Agreement, b.Part
	s.Particulars, s.Destination = b.Person, b.Destination
	s.Unaccompanied, s.Encounter = b.Unaccompanied, b.Encounter
}
