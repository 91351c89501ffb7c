package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

func itoa(n int) string { return strconv.Itoa(n) }

// RecordConsent records the person's own decision to go. Nobody consents to what they did not understand.
type RecordConsent struct{ domestic.Consent }

func (RecordConsent) about() about {
	return about{name: "record-consent", side: Requesting, roles: caseRoles}
}

func (c RecordConsent) decide(s *State, env *Env) ([]act.Statement, error) {
	t, err := env.past(c.At, "at")
	if err := all(err, need("language", c.Language, nil), need("read_by", c.ReadBy, nil), need("checked", c.Checked, Checks),
		when(!c.Understood, "fault.case.not-understood"), when(s.willing(), "fault.case.consented"),
		when(s.detained() && c.Form == "", "fault.case.needed", "field", "form")); err != nil {
		return nil, err
	}
	body := c.Consent
	body.At = t
	out := one(at(s.own(domestic.ConsentRecorded, &body), t))
	if s.asked() && !s.Willing.Is() {
		out = append(out, s.joint(joint.CaseWilling, &joint.Willing{Declaration: true}))
	}
	return out, nil
}

// WithdrawConsent is the person's change of mind, at any moment until the handover is accepted. It stops the
// journey; the other state learns that what it was asked or told is withdrawn, and nothing else.
type WithdrawConsent struct{ At time.Time }

func (WithdrawConsent) about() about {
	return about{name: "withdraw-consent", side: Requesting, roles: anyOfficer}
}

func (c WithdrawConsent) decide(s *State, env *Env) ([]act.Statement, error) {
	t, err := env.past(c.At, "at")
	if err := all(err, when(!s.willing(), "fault.case.no-consent-recorded")); err != nil {
		return nil, err
	}
	out := one(at(s.own(domestic.ConsentWithdrawn, &domestic.ConsentEnd{At: t}), t))
	return append(out, s.ending("consent-withdrawn", s.Route == NotificationOnly || s.Willing.Is() && !s.expected())...), nil
}

// Withdraw ends the application or notification, and every journey, with one typed reason that stays here.
type Withdraw struct{ Reason string }

func (Withdraw) about() about {
	return about{name: "withdraw", side: Requesting, roles: append(slices.Clone(caseRoles), "supervisor", "court-liaison", "specialist")}
}

func (c Withdraw) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(need("reason", c.Reason, EndReasons), when(!s.asked(), "fault.case.no-request")); err != nil {
		return nil, err
	}
	return s.ending(c.Reason, true), nil
}

// ending are the acts that end an attempt: cancel the booking, record reason and stage here, and tell the
// other state that the application (whole) or the transfer is withdrawn.
func (s *State) ending(reason string, whole bool) []act.Statement {
	var out []act.Statement
	b := s.booking()
	if b != nil {
		out = append(out, s.own(domestic.BookingCancelled, &domestic.BookingStep{Booking: b.ID, Reason: reason}))
	}
	if b != nil || s.asked() {
		out = append(out, s.own(domestic.AttemptEnded, &domestic.EndedAttempt{Reason: reason, Stage: s.stage(), Whole: whole}))
	}
	switch {
	case whole && s.asked():
		out = append(out, s.joint(joint.CaseWithdrawn, &joint.End{}))
		out = append(out, s.unusedDocuments("withdrawn")...)
	case s.expected(), s.transit() != nil:
		out = append(out, s.joint(joint.CaseTransferWithdrawn, &joint.End{}))
	}
	return out
}

// unusedDocuments send every unused document back, whatever the reason: a document that outlives its case is
// one that may be used against somebody who may stay (P8).
func (s *State) unusedDocuments(reason string) []act.Statement {
	var out []act.Statement
	for i := range s.Documents {
		if d := &s.Documents[i]; d.Peer && !d.Cancelled.Is() && !d.Used {
			out = append(out, s.own(domestic.DocumentCancelled, &domestic.DocumentEnd{Number: d.Number, Reason: reason}),
				s.joint(joint.CaseDocumentReturned, &joint.DocumentEnd{Number: d.Number}))
		}
	}
	return out
}

// Reopen takes a withdrawn application up again; the reply that was given stands.
type Reopen struct{ Reason string }

func (Reopen) about() about {
	return about{name: "reopen", side: Requesting, roles: []string{"senior-caseworker", "readmission-officer"}, late: true}
}

func (c Reopen) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(s.outcome() != Withdrawn || !s.Request.Is() || s.Closed.Is(), "fault.case.not-withdrawn"), need("reason", c.Reason, ReopenReasons),
		when(s.Route == NotificationOnly && !s.willing(), "fault.case.no-consent-recorded"), closed(s, env, StepRequest)); err != nil {
		return nil, err
	}
	return []act.Statement{s.joint(joint.CaseReopened, &joint.End{}),
		s.own(domestic.CaseMovedBack, &domestic.MoveBack{To: string(StepRequest), Reason: c.Reason})}, nil
}

// CloseCase closes the file after its outcome, or a file that never left the house.
type CloseCase struct{ Reason string }

func (CloseCase) about() about {
	return about{name: "close-case", side: Requesting, roles: seniorRoles, late: true}
}

func (c CloseCase) decide(s *State, env *Env) ([]act.Statement, error) {
	refused := s.Reply.Is() && !s.Reply.Positive
	if err := all(need("reason", c.Reason, EndReasons), when(s.Closed.Is(), "fault.case.finished", "outcome", string(s.outcome())),
		when(s.outcome() == Open && s.asked() && !refused, "fault.case.open-request"),
		when(s.booking() != nil && s.outcome() == Open, "fault.case.booked")); err != nil {
		return nil, err
	}
	return append(s.unusedDocuments("withdrawn"), s.own(domestic.CaseClosed, &domestic.Closing{Reason: c.Reason})), nil
}

// MoveBack returns the case to an earlier step: what was attested from there on must be attested again.
type MoveBack struct {
	To     Step
	Reason string
}

func (MoveBack) about() about {
	return about{name: "move-back", side: Requesting, roles: seniorRoles}
}

func (c MoveBack) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(need("to", string(c.To), stringsOf(Steps)), need("reason", c.Reason, MoveReasons)); err != nil {
		return nil, err
	}
	out := one(s.own(domestic.CaseMovedBack, &domestic.MoveBack{To: string(c.To), Reason: c.Reason}))
	return append(out, s.notYetActs("error", env)...), nil
}

// Recategorise changes the route before the other state is asked.
type Recategorise struct {
	To     Route
	Reason string
}

func (Recategorise) about() about {
	return about{name: "recategorise", side: Requesting, roles: seniorRoles}
}

func (c Recategorise) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(need("to", string(c.To), stringsOf(Routes)), need("reason", c.Reason, MoveReasons),
		when(c.To == s.Route, "fault.case.same-route"), when(s.asked(), "fault.case.open-request"), when(s.booking() != nil, "fault.case.booked"),
		when(c.To.TouchesPeer() && (s.Requested == "" || s.Agreement == ""), "fault.case.needed", "field", "agreement")); err != nil {
		return nil, err
	}
	return one(s.own(domestic.CaseRecategorised, &domestic.Recategorisation{From: string(s.Route), To: string(c.To), Reason: c.Reason})), nil
}

// Assign gives the file to an officer; ownership moves only by an act.
type Assign struct {
	Officer act.ID
	Reason  string
}

func (Assign) about() about {
	return about{name: "assign", roles: append(slices.Clone(seniorRoles), "readmission-officer", "caseworker"), late: true}
}

func (c Assign) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(need("officer", string(c.Officer), nil), when(c.Officer == s.Owner, "fault.case.same-owner")); err != nil {
		return nil, err
	}
	return one(s.own(domestic.CaseAssigned, &domestic.Assignment{Officer: c.Officer, Reason: c.Reason})), nil
}

// ReviewText is a second officer's word that exactly this text may cross the border.
type ReviewText struct {
	Text   string
	Author act.ID
}

func (ReviewText) about() about {
	return about{name: "review-text", roles: append(slices.Clone(seniorRoles), "readmission-officer")}
}

func (c ReviewText) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(need("text", c.Text, nil), need("author", string(c.Author), nil), crossable(c.Text)); err != nil {
		return nil, err
	}
	if c.Author == env.By.ID {
		return nil, fault.New(fault.Denied, "fault.case.same-officer")
	}
	return one(s.own(domestic.TextReviewed, &domestic.Review{Text: c.Text, Author: c.Author})), nil
}

// CorrectPerson changes particulars, with a typed reason; the other state is told when it was asked.
type CorrectPerson struct{ domestic.PersonChange }

func (CorrectPerson) about() about {
	return about{name: "correct-person", side: Requesting, roles: caseRoles, late: true}
}

func (c CorrectPerson) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(particulars(c.Person, env), need("reason", c.Reason, ChangeReasons), when(len(c.Fields) == 0, "fault.case.needed", "field", "fields")); err != nil {
		return nil, err
	}
	body := c.PersonChange
	out := one(s.own(domestic.PersonChanged, &body))
	if s.asked() {
		out = append(out, s.joint(joint.CaseCorrected, &joint.Correction{Person: c.Person, Fields: c.Fields}))
	}
	return out, nil
}

// RecordNeed notes a need, and whether the person agreed that the other state is told.
type RecordNeed struct{ domestic.Need }

func (RecordNeed) about() about { return about{name: "record-need", roles: anyOfficer, late: true} }

func (c RecordNeed) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := need("type", c.Type, NeedTypes); err != nil {
		return nil, err
	}
	body := c.Need
	return one(s.own(domestic.NeedRecorded, &body)), nil
}

// EndNeed ends a need.
type EndNeed struct{ Type string }

func (EndNeed) about() about { return about{name: "end-need", roles: anyOfficer} }

func (c EndNeed) decide(s *State, env *Env) ([]act.Statement, error) {
	if !slices.ContainsFunc(s.Needs, func(n domestic.Need) bool { return n.Type == c.Type }) {
		return nil, fault.New(fault.Missing, "fault.case.needed", "field", "type")
	}
	return one(s.own(domestic.NeedEnded, &domestic.NeedEnd{Type: c.Type})), nil
}

// SetSupport says in which language to speak with the person, and who represents them.
type SetSupport struct{ domestic.Support }

func (SetSupport) about() about {
	return about{name: "set-support", roles: append(slices.Clone(caseRoles), "specialist")}
}

func (c SetSupport) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := need("language", c.Language, nil); err != nil {
		return nil, err
	}
	body := c.Support
	return one(s.own(domestic.SupportSet, &body)), nil
}

// DecideBestInterests is a child's own decision.
type DecideBestInterests struct{ domestic.BestInterests }

func (DecideBestInterests) about() about {
	return about{name: "decide-best-interests", side: Requesting, roles: specialistRoles}
}

func (c DecideBestInterests) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(!s.child(env.Now), "fault.case.no-child"), when(!c.Decided.Exact() || env.day().Before(c.Decided) || c.Decided.Before(s.Particulars.Birth), "fault.case.date", "field", "decided"),
		when(c.Return && s.Unaccompanied && strings.TrimSpace(c.Receiver) == "", "fault.case.needed", "field", "receiver")); err != nil {
		return nil, err
	}
	body := c.BestInterests
	return one(s.own(domestic.ChildDecided, &body)), nil
}

// RecordOffender records sentence dates and what else decides when an offender may leave.
type RecordOffender struct{ domestic.Offender }

func (RecordOffender) about() about {
	return about{name: "record-offender", side: Requesting, roles: caseRoles, late: true}
}

func (c RecordOffender) decide(s *State, env *Env) ([]act.Statement, error) {
	o := c.Offender
	for _, d := range []person.Date{o.SentenceEnds, o.ReleaseDate, o.DeportationOrder, o.EarlyRemovalFrom, o.RequisiteFrom, o.RequisiteUntil} {
		if !d.IsZero() && !d.Exact() {
			return nil, fault.New(fault.Invalid, "fault.case.date", "field", "offender")
		}
	}
	if err := when(o.SentenceEnds.Exact() && o.ReleaseDate.Exact() && o.SentenceEnds.Before(o.ReleaseDate), "fault.case.date", "field", "release_date"); err != nil {
		return nil, err
	}
	if err := all(earlyRemoval(&o, env), s.prosecution(&o, env)); err != nil {
		return nil, err
	}
	out := one(s.own(domestic.OffenderRecorded, &o))
	if o.Pending && s.outcome() == Open {
		out = append(out, s.notYetActs("barrier", env)...)
	}
	return out, nil
}

// earlyRemoval refuses an early-removal window that the law does not give.
func earlyRemoval(o *domestic.Offender, env *Env) error {
	if err := when(o.RequisiteFrom.IsZero() != o.RequisiteUntil.IsZero() || o.RequisiteFrom.Exact() && !o.RequisiteFrom.Before(o.RequisiteUntil),
		"fault.case.date", "field", "requisite_until"); err != nil || o.EarlyRemovalFrom.IsZero() {
		return err
	}
	rule := *o
	rule.EarlyRemovalFrom = person.Date{}
	if first := EarliestRemoval(env.Law, &rule, o.EarlyRemovalFrom); !first.Exact() || o.EarlyRemovalFrom.Before(first) {
		return fault.New(fault.Denied, "fault.case.early-removal", "first", first.String())
	}
	return nil
}

// prosecution lets a pending prosecution be struck only by those who may lift the gate that it closes.
func (s *State) prosecution(o *domestic.Offender, env *Env) error {
	if o.Pending || !s.fact(treaty.FactProsecution) {
		return nil
	}
	for i := range env.Law.Gates {
		if r := &env.Law.Gates[i]; r.Fact == treaty.FactProsecution {
			return may(r.LiftBy, env)
		}
	}
	return nil
}

// Detain records the power, the ground and why the return is imminent.
type Detain struct{ domestic.Detention }

func (Detain) about() about {
	return about{name: "detain", side: Requesting, roles: detentionRoles}
}

func (c Detain) decide(s *State, env *Env) ([]act.Statement, error) {
	t, err := env.past(c.At, "at")
	if err := all(err, when(s.detained(), "fault.case.detained"), need("power", c.Power, nil), need("ground", c.Ground, DetentionGrounds),
		need("imminent", c.Imminent, Imminence), need("place", c.Place, nil)); err != nil {
		return nil, err
	}
	body := c.Detention
	body.At = t
	return one(at(s.own(domestic.DetentionRecorded, &body), t)), nil
}

// ReviewDetention says whether the reason is still valid.
type ReviewDetention struct{ domestic.DetentionReview }

func (ReviewDetention) about() about {
	return about{name: "review-detention", side: Requesting, roles: detentionRoles, late: true}
}

func (c ReviewDetention) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(!s.detained(), "fault.case.not-detained"), need("reason", c.Reason, nil),
		when(!c.Next.IsZero() && !(c.Next.Exact() && env.day().Before(c.Next) && c.Next.Before(env.day().AddDays(longestReview(env.Law)+1))), "fault.case.date", "field", "next")); err != nil {
		return nil, err
	}
	body := c.DetentionReview
	return one(s.own(domestic.DetentionReviewed, &body)), nil
}

// EndDetention ends detention.
type EndDetention struct{ domestic.DetentionEnd }

func (EndDetention) about() about {
	return about{name: "end-detention", side: Requesting, roles: append(slices.Clone(detentionRoles), "escort-officer"), late: true}
}

func (c EndDetention) decide(s *State, env *Env) ([]act.Statement, error) {
	t, err := env.past(c.At, "at")
	if err := all(err, when(!s.detained(), "fault.case.not-detained"), need("how", c.How, DetentionEnds),
		when(s.Detention != nil && t.Before(s.Detention.Detention.At), "fault.case.date", "field", "at")); err != nil {
		return nil, err
	}
	return one(at(s.own(domestic.DetentionEnded, &domestic.DetentionEnd{How: c.How, At: t}), t)), nil
}
