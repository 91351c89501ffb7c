// Package truth enumerates the gate facts of a return case and asks the gate function about each
// combination, step by step. Beside it stand invariants, one per legal rule, written by hand and not derived
// from the profile. A step must pass exactly when no invariant forbids it.
//
// It is used by tests and by the evidence command; nothing in the product depends on it.
package truth

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

// Facts is one row: what is true of the case one hour before the departure.
type Facts struct {
	Law       string // whose law: gb, al
	Route     casework.Route
	Barriers  uint32 // bit i: Barriers[i] holds
	Override  bool   // judicial review without an order: two officers let the departure pass
	Attested  string // fresh, none, stale, not-clear
	Restored  bool   // the node came back from a backup ten minutes ago
	Age       string // adult, child-undecided, child-decided, alone-undecided, alone-unreceived, alone-received
	Document  string // none, short, elsewhere, good
	Notice    string // none, not-understood, running, representative-unserved, served
	Fit       string // none, expired, good
	Decision  bool   // a decision to remove is in force
	Willing   bool
	Reply     string // none, refused, positive, silence
	Announced string // none, problem, paused, received
	Family    string // none, together, apart, held, apart-allowed
	InForce   bool
}

// Barriers are the barriers of the table, by hand.
var Barriers = []string{"asylum-claim", "further-submissions", "human-rights-claim", "appeal-pending", "appeal-time", "court-order",
	"interim-measure", "judicial-review", "child-proceedings", "trafficking-referral", "trafficking-recovery", "age-dispute", "real-risk",
	"stop", "prosecution"}

const humanRights, judicialReview, prosecution = 2, 7, 14

// absent are barriers of a law that the other law does not know: in the table of that law they are not set.
var absent = map[string]uint32{"al": 1<<humanRights | 1<<judicialReview | 1<<prosecution}

// The moment at which the table is taken.
var (
	now     = time.Date(2023, 3, 16, 11, 0, 0, 0, time.UTC)
	departs = now.Add(time.Hour)
	officer = act.Officer{ID: "o1", Authority: "gb", Role: "caseworker"}
	peer    = act.Officer{ID: "o2", Authority: "al", Role: "readmission-officer"}
)

// dimension is one fact and the acts that make each of its values true.
type dimension struct {
	values int
	set    func(f *Facts, v int) // writes the value into the row
	acts   func(f *Facts) []act.Event
	quick  int // values in the quick table; 0: all
}

func event(kind act.Kind, body any, at time.Time) act.Event {
	return act.Event{ID: act.ID(string(kind) + at.String()), Scope: act.Domestic, Kind: kind, Subject: "person", Case: "case", Officer: officer, Made: at, Recorded: at, Body: body}
}

func jointly(kind act.Kind, by act.Officer, body any, at time.Time) act.Event {
	e := event(kind, body, at)
	e.Scope, e.Officer, e.Receipt = act.Joint, by, at
	return e
}

func days(n int) time.Time { return now.AddDate(0, 0, -n) }

// choose makes a dimension whose values are words.
func choose(field func(*Facts) *string, words []string, quick int, acts func(f *Facts) []act.Event) dimension {
	return dimension{len(words), func(f *Facts, v int) { *field(f) = words[v] }, acts, quick}
}

func flag(field func(*Facts) *bool, quick int, acts func(f *Facts) []act.Event) dimension {
	return dimension{2, func(f *Facts, v int) { *field(f) = v == 0 }, acts, quick}
}

// dimensions are in the order in which their acts are folded.
func dimensions(law *treaty.Law) []dimension {
	return []dimension{
		{3, func(f *Facts, v int) {
			f.Route = []casework.Route{casework.Readmission, casework.NotificationOnly, casework.OtherDestination}[v]
		}, nil, 1},
		choose(func(f *Facts) *string { return &f.Age }, []string{"adult", "child-undecided", "child-decided", "alone-undecided", "alone-unreceived", "alone-received"}, 0, opening),
		choose(func(f *Facts) *string { return &f.Reply }, []string{"positive", "refused", "none", "silence"}, 3, replied),
		flag(func(f *Facts) *bool { return &f.Willing }, 0, consent),
		choose(func(f *Facts) *string { return &f.Document }, []string{"good", "elsewhere", "short", "none"}, 3, document),
		choose(func(f *Facts) *string { return &f.Notice }, []string{"served", "representative-unserved", "running", "not-understood", "none"}, 0, notice),
		choose(func(f *Facts) *string { return &f.Fit }, []string{"good", "expired", "none"}, 2, fitness),
		flag(func(f *Facts) *bool { return &f.Decision }, 0, decision),
		choose(func(f *Facts) *string { return &f.Announced }, []string{"received", "paused", "problem", "none"}, 2, announced),
		choose(func(f *Facts) *string { return &f.Family }, []string{"none", "apart", "held", "together", "apart-allowed"}, 3, family),
		flag(func(f *Facts) *bool { return &f.InForce }, 1, nil),
		choose(func(f *Facts) *string { return &f.Attested }, []string{"fresh", "none", "stale", "not-clear"}, 2, func(f *Facts) []act.Event { return attested(f, law) }),
		{2, func(f *Facts, v int) { f.Restored = v == 1 }, nil, 1},
	}
}

func opening(f *Facts) []act.Event {
	birth := person.On(1990, 5, 17)
	if f.Age != "adult" {
		birth = person.On(2010, 5, 17)
	}
	body := &domestic.CaseOpening{Route: string(f.Route), Part: "EAW", Destination: "ALB", Person: person.Particulars{
		Names: []person.Name{{Family: "Prifti"}}, Birth: birth, Nationalities: []string{"ALB"}}}
	if f.Route.TouchesPeer() {
		body.Peer, body.Agreement = "al", "stand-in"
	}
	body.Unaccompanied = f.Age[0] == 'a' && f.Age != "adult"
	list := []act.Event{event(domestic.CaseOpened, body, days(40)),
		event(domestic.SupportSet, &domestic.Support{Language: "sq", Representative: "office"}, days(39)),
		event(domestic.SeatHeld, &domestic.Booking{Means: "air", Carrier: "XX", Number: "1", From: "STN", To: "TIA", Country: "ALB", Departs: departs,
			Arrives: departs.Add(3 * time.Hour)}, days(20)),
		event(domestic.CertificateRecorded, &domestic.Certificate{Gate: "interpreter", From: days(5), Until: departs.Add(time.Hour), Evidence: "booking-record"}, days(5))}
	decided := &domestic.BestInterests{Return: true, Receiver: "aunt", Reception: f.Age != "alone-unreceived", Decided: person.On(2023, 3, 1)}
	if f.Age == "child-decided" || f.Age == "alone-unreceived" || f.Age == "alone-received" {
		list = append(list, event(domestic.ChildDecided, decided, days(10)))
	}
	return list
}

func replied(f *Facts) []act.Event {
	var list []act.Event
	if f.Reply == "none" || !f.Route.TouchesPeer() {
		return nil
	}
	p := person.Particulars{Names: []person.Name{{Family: "Prifti"}}, Birth: person.On(1990, 5, 17), Nationalities: []string{"ALB"}}
	if f.Age != "adult" {
		p.Birth = person.On(2010, 5, 17)
	}
	if f.Route == casework.NotificationOnly {
		return []act.Event{jointly(joint.CaseNotified, officer, &joint.Notification{To: "al", Agreement: "stand-in", Person: p}, days(30))}
	}
	ask := jointly(joint.CaseRequested, officer, &joint.Request{To: "al", Agreement: "stand-in", Category: "national", Person: p}, days(38))
	list = append(list, ask)
	var e act.Event
	switch f.Reply {
	case "positive":
		e = jointly(joint.CaseConfirmed, peer, &joint.Confirmation{Basis: "proof"}, days(30))
	case "refused":
		e = jointly(joint.CaseRefused, peer, &joint.Refusal{Reason: "not-a-national"}, days(30))
	case "silence":
		e = jointly(joint.CaseConsentRelied, officer, &joint.Reliance{Rule: "reply", Start: ask.ID, Due: days(24)}, days(23))
	}
	e.InReplyTo = ask.ID
	return append(list, e)
}

func consent(f *Facts) []act.Event {
	if !f.Willing {
		return nil
	}
	return []act.Event{event(domestic.ConsentRecorded, &domestic.Consent{At: days(15), Language: "sq", ReadBy: "x", Understood: true, Checked: "written-reply"}, days(15))}
}

func document(f *Facts) []act.Event {
	d := person.Document{Type: person.LaissezPasser, Number: "LP1", Issuer: "ALB", ValidUntil: person.On(2023, 6, 1)}
	holder := "escort"
	switch f.Document {
	case "none":
		return nil
	case "short":
		d.ValidUntil = person.On(2023, 3, 17) // the day after the journey: inside the margin of two days
	case "elsewhere":
		holder = "issuer"
	}
	return []act.Event{event(domestic.DocumentRecorded, &domestic.HeldDocument{Document: d, Holder: holder, Genuine: true}, days(12))}
}

func notice(f *Facts) []act.Event {
	at := days(14)
	if f.Notice == "running" {
		at = days(3)
	}
	serve := func(to string) act.Event {
		return event(domestic.NoticeServed, &domestic.Service{Papers: []string{"intention", "departure-details"}, Route: "10A", To: to, At: at, Language: "sq",
			Understood: f.Notice != "not-understood", Checked: "written-reply", Method: "in-person", Proof: "signature", Part: "EAW", Destination: "ALB", Departs: departs}, at)
	}
	switch f.Notice {
	case "none":
		return nil
	case "representative-unserved":
		return []act.Event{serve("person")}
	}
	return []act.Event{serve("person"), serve("representative")}
}

func fitness(f *Facts) []act.Event {
	until := departs.Add(24 * time.Hour)
	switch f.Fit {
	case "none":
		return nil
	case "expired":
		until = departs.Add(-30 * time.Minute) // holds now, and not when the door closes
	}
	return []act.Event{event(domestic.CertificateRecorded, &domestic.Certificate{Gate: "fit-to-travel", From: days(1), Until: until, Evidence: "medical-examination"}, days(1))}
}

func decision(f *Facts) []act.Event {
	if !f.Decision {
		return nil
	}
	return []act.Event{event(domestic.CertificateRecorded, &domestic.Certificate{Gate: "removal-decision", From: days(35), Until: now.AddDate(1, 0, 0), Evidence: "decision-letter"}, days(35))}
}

func announced(f *Facts) []act.Event {
	if f.Announced == "none" || f.Reply == "none" || !f.Route.TouchesPeer() {
		return nil
	}
	tell := jointly(joint.CaseAnnounced, officer, &joint.Announcement{Journey: joint.Journey{Means: "air", Carrier: "XX", Number: "1", From: "STN", To: "TIA", Departs: departs}}, days(6))
	switch f.Announced {
	case "problem":
		e := jointly(joint.CaseArrivalReady, peer, &joint.Arrival{Problem: "time-not-possible"}, days(5))
		e.InReplyTo = tell.ID
		return []act.Event{tell, e}
	case "paused":
		return []act.Event{tell, jointly(joint.CasePaused, officer, &joint.NotYet{}, days(4))}
	}
	return []act.Event{tell}
}

func family(f *Facts) []act.Event {
	if f.Family == "none" {
		return nil
	}
	list := []act.Event{event(domestic.FamilyLinked, &domestic.FamilyLink{Family: "f", Case: "other", Relation: "spouse"}, days(33))}
	if f.Family == "apart-allowed" {
		list = append(list, event(domestic.FamilySeparation, &domestic.Separation{Allowed: true, Reason: "r"}, days(9)))
	}
	return list
}

func attested(f *Facts, law *treaty.Law) []act.Event {
	at := now.Add(-30 * time.Minute)
	switch f.Attested {
	case "none":
		return nil
	case "stale":
		at = now.Add(-100 * time.Hour)
	}
	var findings []domestic.Finding
	for _, g := range law.Gates {
		if g.Attested {
			findings = append(findings, domestic.Finding{Gate: g.ID, Clear: f.Attested != "not-clear", Evidence: "file"})
		}
	}
	var list []act.Event
	for _, p := range casework.Points {
		list = append(list, event(domestic.GatesAttested, &domestic.Attestation{Point: p, Findings: findings}, at))
	}
	return list
}
