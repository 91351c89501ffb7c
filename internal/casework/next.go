package casework

import (
	"time"
)

// Next is the one sentence of a case: what is next, who owes it, by when. Owner is an authority's code.
type Next struct {
	Key   string // catalogue key
	Step  Step   // the guarded step it leads to, if any
	Owner string
	Due   time.Time
	Args  map[string]string
	Gates []Gate // what stands against it, at the node that may know
}

// NextStep says what is next. Both nodes reach the same sentence from what both know; the requesting node
// alone also sees its own gates and papers.
func NextStep(s State, env Env) Next {
	n := s.next(&env)
	if n.Args == nil {
		n.Args = map[string]string{}
	}
	if n.Step != "" && s.side(env.Own) == Requesting {
		for _, g := range evaluate(&s, &env, n.Step, nil) {
			if !g.Passes() {
				n.Gates = append(n.Gates, g)
			}
		}
	}
	if n.Due.IsZero() {
		for _, d := range Deadlines(s, env) {
			if d.Owner == n.Owner && !d.Due.IsZero() && fits(d.Rule, n.Step, n.Key) {
				n.Due = d.Due
				break
			}
		}
	}
	s.reviewFirst(&n, &env)
	n.Args["owner"] = n.Owner
	if !n.Due.IsZero() && env.Law != nil {
		n.Args["due"] = n.Due.In(env.Law.Location()).Add(-time.Second).Format(time.DateOnly)
	}
	return n
}

// reviewFirst puts a review of detention that is due by the end of the day before all else: the person is held while it
// waits (P13). Only the node that detains knows of it.
func (s *State) reviewFirst(n *Next, env *Env) {
	if s.side(env.Own) != Requesting || !s.detained() || env.Law == nil || s.outcome() != Open {
		return
	}
	if due := s.detentionReview(env); !due.After(endOfDay(env.Now, env.Law.Location())) {
		*n = Next{Key: "case.next.review-detention", Owner: env.Own, Due: due, Args: map[string]string{}}
	}
}

// fits tells which limit belongs to which next step.
func fits(rule string, step Step, key string) bool {
	switch rule {
	case "reply":
		return key == "case.next.reply"
	case "travel-document":
		return key == "case.next.issue-document"
	case "notice":
		return step == StepAnnounce
	case "transit-reply":
		return key == "case.next.transit"
	case "transfer":
		return step != "" && step != StepRequest
	}
	return false
}

func (s *State) next(env *Env) Next {
	us, them := s.Requesting, s.Requested
	switch {
	case s.Case == "":
		return Next{Key: "case.next.open", Owner: env.Own, Args: nil}
	case s.TakeBack.Is() && !s.TakeBackOK.Is():
		return Next{Key: "case.next.take-back", Owner: us}
	case s.outcome() != Open:
		return s.nextAfter(env)
	case s.transit() != nil && !s.transit().Answered.Is():
		return Next{Key: "case.next.transit", Owner: them}
	case !s.Route.TouchesPeer():
		return s.nextAlone()
	case !s.asked():
		return Next{Key: map[bool]string{true: "case.next.notify", false: "case.next.request"}[s.Route == NotificationOnly], Step: StepRequest, Owner: us}
	case s.Reply.Is() && !s.Reply.Positive && !s.consented():
		return Next{Key: "case.next.after-refusal", Owner: us, Step: StepRequest}
	case !s.consented():
		return s.nextReply(env, us, them)
	case s.outdated():
		return Next{Key: "case.next.reply", Owner: them}
	case s.Paused.Is():
		return Next{Key: "case.next.paused", Owner: us, Step: StepConfirm}
	case s.Receiving.Is() && s.expected():
		return Next{Key: "case.next.paused", Owner: them}
	}
	return s.nextJourney(env, us, them)
}

// nextAfter is what remains after the outcome.
func (s *State) nextAfter(env *Env) Next {
	requesting := s.side(env.Own) == Requesting
	o := s.outcome()
	switch {
	case requesting && len(s.Orders) > 0:
		return Next{Key: "case.next.bring-back", Owner: s.Requesting}
	case requesting && (o == Returned || o == Left) && (s.Return == nil || s.Return.Retracted):
		return Next{Key: "case.next.count", Owner: s.Requesting}
	case requesting && !s.Closed.Is():
		return Next{Key: "case.next.close", Owner: s.Requesting, Args: map[string]string{"outcome": string(o)}}
	}
	return Next{Key: "case.next.nothing", Owner: env.Own, Args: map[string]string{"outcome": string(o)}}
}

// nextAlone is the next step on routes that touch no peer.
func (s *State) nextAlone() Next {
	switch b := s.booking(); {
	case s.Route == RefusedAtPort && s.PortRefusal == nil:
		return Next{Key: "case.next.port-refusal", Owner: s.Requesting}
	case s.Route != OtherDestination:
		return Next{Key: "case.next.verify-departure", Owner: s.Requesting}
	case b == nil:
		return Next{Key: "case.next.hold-seat", Step: StepHoldSeat, Owner: s.Requesting}
	case !b.Confirmed.Is():
		return Next{Key: "case.next.confirm", Step: StepConfirm, Owner: s.Requesting}
	case !b.Locked.Is():
		return Next{Key: "case.next.lock", Step: StepLock, Owner: s.Requesting}
	}
	return Next{Key: "case.next.depart", Step: StepDepart, Owner: s.Requesting}
}

// nextReply is the next step while the reply is open.
func (s *State) nextReply(env *Env, us, them string) Next {
	switch {
	case s.openQuestion() != nil:
		return Next{Key: "case.next.information", Owner: us, Step: StepRequest}
	case s.Request.Receipt.IsZero():
		return Next{Key: "case.next.receipt", Owner: them}
	}
	if t, err := s.term("reply", env); err == nil && t.OnExpiry == "deemed_consent" && !t.Due.IsZero() && !env.Now.Before(t.Due) {
		return Next{Key: "case.next.rely", Owner: us, Due: t.Due, Step: StepDocument}
	}
	return Next{Key: "case.next.reply", Owner: them}
}

// nextJourney is the next step from the agreement to the handover. The requested side sees only what was
// announced to it.
func (s *State) nextJourney(env *Env, us, them string) Next {
	if s.side(env.Own) == Requested {
		return s.nextReceiving(us, them)
	}
	b := s.booking()
	switch {
	case s.offer() != nil:
		return Next{Key: "case.next.accept", Owner: them}
	case s.left(b):
		return Next{Key: "case.next.offer", Step: StepHandover, Owner: us}
	case !s.hasAnyDocument(env) && !s.DocumentAsked.Is():
		return Next{Key: "case.next.ask-document", Step: StepDocument, Owner: us}
	case !s.hasAnyDocument(env):
		return Next{Key: "case.next.issue-document", Owner: them}
	case b == nil:
		return Next{Key: "case.next.hold-seat", Step: StepHoldSeat, Owner: us}
	case !s.willing() && (s.notice(env).Status == GateClosed && s.notice(env).Why != "case.gate.notice-running"):
		return Next{Key: "case.next.serve-notice", Step: StepServeNotice, Owner: us}
	case !b.Confirmed.Is():
		return Next{Key: "case.next.confirm", Step: StepConfirm, Owner: us}
	case s.Announced == nil || !s.Announced.Journey.Departs.Equal(b.Departs):
		return Next{Key: "case.next.announce", Step: StepAnnounce, Owner: us}
	case !s.Announced.Ready.Is():
		return Next{Key: "case.next.acknowledge", Owner: them, Due: b.Departs}
	case !b.Locked.Is():
		return Next{Key: "case.next.lock", Step: StepLock, Owner: us, Due: b.Departs}
	}
	return Next{Key: "case.next.depart", Step: StepDepart, Owner: us, Due: b.Departs}
}

func (s *State) nextReceiving(us, them string) Next {
	switch {
	case s.offer() != nil:
		return Next{Key: "case.next.accept", Owner: them}
	case s.DocumentAsked.Is() && s.issued() == nil && !s.DocumentBy.Is():
		return Next{Key: "case.next.issue-document", Owner: them}
	case s.Announced == nil:
		return Next{Key: "case.next.await-announcement", Owner: us}
	case !s.Announced.Ready.Is():
		return Next{Key: "case.next.acknowledge", Owner: them, Due: s.Announced.Journey.Departs}
	}
	return Next{Key: "case.next.await-arrival", Owner: us, Due: s.Announced.Journey.Arrives}
}

// hasAnyDocument tells whether a document would serve today.
func (s *State) hasAnyDocument(env *Env) bool {
	if env.Law == nil {
		return false
	}
	return s.document(env.day(), s.Destination, 0) != nil
}
