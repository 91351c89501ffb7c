package casework

import (
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
)

// OpenCase opens a file on the requesting side. Case and Person are fresh random identifiers.
type OpenCase struct {
	Case, Person act.ID
	domestic.CaseOpening
}

func (OpenCase) about() about {
	return about{name: "open-case", roles: append(slices.Clone(caseRoles), "border-officer"), fresh: true}
}

func (c OpenCase) decide(s *State, env *Env) ([]act.Statement, error) {
	route := Route(c.Route)
	switch {
	case c.Case == "" || c.CaseOpening.Person.Names == nil || c.Person == "":
		return nil, fault.New(fault.Invalid, "fault.case.needed", "field", "person")
	case !slices.Contains(Routes, route):
		return nil, need("route", c.Route, stringsOf(Routes))
	case route.TouchesPeer() && (c.Peer == "" || c.Agreement == "" || c.Peer == env.Own):
		return nil, fault.New(fault.Invalid, "fault.case.needed", "field", "agreement")
	case !route.TouchesPeer() && c.Peer != "":
		return nil, fault.New(fault.Invalid, "fault.case.route-peer")
	case !slices.Contains(env.Law.Parts, c.Part):
		return nil, need("part", c.Part, env.Law.Parts)
	case !person.Alpha3(c.Destination):
		return nil, need("destination", "", nil)
	}
	if err := particulars(c.CaseOpening.Person, env); err != nil {
		return nil, err
	}
	body := c.CaseOpening
	return one(act.Statement{Scope: act.Domestic, Kind: domestic.CaseOpened, Subject: c.Person, Case: c.Case, Body: &body}), nil
}

func stringsOf[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

func particulars(p person.Particulars, env *Env) error {
	if f := p.Problem(env.day()); f != "" {
		return fault.New(fault.Invalid, "fault.case.particulars", "field", f)
	}
	return nil
}

// RequestReadmission sends the application. The special needs that go with it are those that the person
// agreed to share.
type RequestReadmission struct {
	Category  string
	Evidence  []joint.Evidence
	Found     person.Date
	Interview bool
}

func (RequestReadmission) about() about {
	return about{name: "request-readmission", side: Requesting, roles: caseRoles}
}

func (c RequestReadmission) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(
		when(s.Route != Readmission, "fault.case.route", "route", string(s.Route)),
		when(s.asked() && !(s.Reply.Is() && !s.Reply.Positive), "fault.case.open-request"),
		need("category", c.Category, Categories), s.evidence(c.Evidence, env), found(c.Found, env),
		particulars(s.Particulars, env), closed(s, env, StepRequest)); err != nil {
		return nil, err
	}
	return one(s.joint(joint.CaseRequested, &joint.Request{Agreement: s.Agreement, To: s.Requested, Category: c.Category,
		Person: s.Particulars, Evidence: c.Evidence, Family: s.relatives(env), Found: c.Found, Interview: c.Interview,
		Needs: s.sharedNeeds()})), nil
}

func found(d person.Date, env *Env) error {
	if !d.IsZero() && (!d.Exact() || env.day().Before(d)) {
		return fault.New(fault.Invalid, "fault.case.date", "field", "found")
	}
	return nil
}

// evidence checks the list of an application: at least one item, each with a type, each document sound.
func (s *State) evidence(list []joint.Evidence, env *Env) error {
	if len(list) == 0 {
		return fault.New(fault.Invalid, "fault.case.needed", "field", "evidence")
	}
	for _, e := range list {
		if strings.TrimSpace(e.Type) == "" || len(e.Type) > 60 {
			return fault.New(fault.Invalid, "fault.case.needed", "field", "evidence")
		}
		if e.Document != (person.Document{}) {
			if f := e.Document.Problem(); f != "" {
				return fault.New(fault.Invalid, "fault.case.document", "field", f)
			}
		}
	}
	return nil
}

// relatives are those members of the family whom the other state was asked about itself. Of nobody else anything is said:
// a relative may stay, or may have asked for protection from that state.
func (s *State) relatives(env *Env) []joint.Relative {
	var list []joint.Relative
	for _, f := range s.Family {
		if slices.ContainsFunc(env.Family, func(m State) bool { return m.Case == f.Case && m.asked() }) {
			list = append(list, joint.Relative{Case: f.Case, Relation: f.Relation})
		}
	}
	return list
}

// sharedNeeds are the needs that the person expressly agreed to share (Switzerland-Kuwait 2016 Art 6(2)).
func (s *State) sharedNeeds() []string {
	var list []string
	for _, n := range s.Needs {
		if n.Shared {
			list = append(list, n.Type)
		}
	}
	slices.Sort(list)
	return list
}

// NotifyInstead tells the other state of a willing person with a valid passport; no application is needed.
type NotifyInstead struct{ Number string }

func (NotifyInstead) about() about {
	return about{name: "notify-instead", side: Requesting, roles: caseRoles}
}

func (c NotifyInstead) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(when(s.Route != NotificationOnly, "fault.case.route", "route", string(s.Route)),
		when(s.asked(), "fault.case.open-request"), particulars(s.Particulars, env), closed(s, env, StepRequest)); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.Documents, func(d Document) bool {
		return d.Number == c.Number && d.Type == person.Passport && !d.Cancelled.Is() && d.Covers(env.day(), env.Law.MarginDays)
	})
	if i < 0 {
		return nil, fault.New(fault.Invalid, "fault.case.no-passport")
	}
	return one(s.joint(joint.CaseNotified, &joint.Notification{Agreement: s.Agreement, To: s.Requested, Person: s.Particulars,
		Document: s.Documents[i].Document, Declaration: true, Needs: s.sharedNeeds()})), nil
}

// AskMoreInformation stops the reply until named items come.
type AskMoreInformation struct {
	Items  []string
	Remark string
}

func (AskMoreInformation) about() about {
	return about{name: "ask-more-information", side: Requested, roles: replyRoles}
}

func (c AskMoreInformation) decide(s *State, env *Env) ([]act.Statement, error) {
	r, err := s.remark(c.Remark, env)
	if err := all(err, s.awaitingReply(), when(s.openQuestion() != nil, "fault.case.question-open"), items(c.Items)); err != nil {
		return nil, err
	}
	return one(answer(s.joint(joint.CaseMoreAsked, &joint.MoreAsked{Items: c.Items, Remark: r}), s.Request.ID)), nil
}

func items(list []string) error {
	if len(list) == 0 {
		return need("items", "", nil)
	}
	for _, i := range list {
		if err := need("items", i, MoreItems); err != nil {
			return err
		}
	}
	return nil
}

// GiveInformation answers the open question.
type GiveInformation struct {
	Items    []string
	Evidence []joint.Evidence
	Remark   string
}

func (GiveInformation) about() about {
	return about{name: "give-information", side: Requesting, roles: caseRoles}
}

func (c GiveInformation) decide(s *State, env *Env) ([]act.Statement, error) {
	q := s.openQuestion()
	if q == nil {
		return nil, fault.New(fault.Conflict, "fault.case.no-question")
	}
	r, err := s.remark(c.Remark, env)
	if err := all(err, items(c.Items), closed(s, env, StepRequest)); err != nil {
		return nil, err
	}
	if len(c.Evidence) > 0 {
		if err := s.evidence(c.Evidence, env); err != nil {
			return nil, err
		}
	}
	return one(answer(s.joint(joint.CaseMoreGiven, &joint.MoreGiven{Items: c.Items, Evidence: c.Evidence, Remark: r}), q.Asked.ID)), nil
}

// awaitingReply refuses where no application waits for a reply.
func (s *State) awaitingReply() error {
	return all(when(!s.asked() || s.Request.Notification, "fault.case.no-request"), when(s.Reply.Is() && !s.outdated(), "fault.case.replied"))
}

// ExtendReply prolongs the time to reply under the agreement's clause.
type ExtendReply struct{ Reason string }

func (ExtendReply) about() about {
	return about{name: "extend-reply", side: Requested, roles: replyRoles}
}

func (c ExtendReply) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(s.awaitingReply(), when(s.Extension.Is(), "fault.case.extended"), need("reason", c.Reason, ExtensionReasons)); err != nil {
		return nil, err
	}
	before, err := s.term("reply", env)
	if err != nil {
		return nil, fault.New(fault.Denied, "fault.case.no-extension").Because(err)
	}
	longer := *s
	longer.Extension = Mark{ID: "this", At: env.Now}
	after, err := longer.term("reply", env)
	switch {
	case err != nil || !after.Due.After(before.Due):
		return nil, fault.New(fault.Denied, "fault.case.no-extension")
	case !env.Now.Before(before.Due):
		return nil, fault.New(fault.Late, "fault.case.late", "due", before.Due.Format("2006-01-02"))
	}
	return one(answer(s.joint(joint.CaseReplyExtended, &joint.Extension{Reason: c.Reason}), s.Request.ID)), nil
}

// ReplyConfirm is the positive reply.
type ReplyConfirm struct {
	Basis    string
	Document bool
	Covers   []act.ID
	Remark   string
}

func (ReplyConfirm) about() about {
	return about{name: "reply-confirm", side: Requested, roles: replyRoles}
}

func (c ReplyConfirm) decide(s *State, env *Env) ([]act.Statement, error) {
	r, err := s.remark(c.Remark, env)
	if err := all(err, s.awaitingReply(), need("basis", c.Basis, Bases)); err != nil {
		return nil, err
	}
	return one(answer(s.joint(joint.CaseConfirmed, &joint.Confirmation{Basis: c.Basis, Covers: c.Covers, Document: c.Document, Remark: r}),
		s.Request.ID)), nil
}

// ReplyRefuse is the negative reply; the reason is typed and the other state sees it.
type ReplyRefuse struct {
	Reason string
	Remark string
}

func (ReplyRefuse) about() about {
	return about{name: "reply-refuse", side: Requested, roles: replyRoles}
}

func (c ReplyRefuse) decide(s *State, env *Env) ([]act.Statement, error) {
	r, err := s.remark(c.Remark, env)
	if err := all(err, s.awaitingReply(), need("reason", c.Reason, RefusalReasons)); err != nil {
		return nil, err
	}
	return one(answer(s.joint(joint.CaseRefused, &joint.Refusal{Reason: c.Reason, Remark: r}), s.Request.ID)), nil
}

// RelyOnDeemedConsent signs that silence counts as consent (design.md 5.2). It proves no nationality.
type RelyOnDeemedConsent struct{}

func (RelyOnDeemedConsent) about() about {
	return about{name: "rely-on-deemed-consent", side: Requesting, roles: []string{"senior-caseworker", "readmission-officer"}}
}

func (c RelyOnDeemedConsent) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(s.awaitingReply(), when(s.Reply.Is(), "fault.case.replied"), when(s.Relied.Is(), "fault.case.relied")); err != nil {
		return nil, err
	}
	return s.rely("reply", "deemed_consent", joint.CaseConsentRelied, s.Request.Mark, "", env)
}

// rely signs the effect of a limit that passed.
func (s *State) rely(rule, effect string, kind act.Kind, start Mark, own string, env *Env) ([]act.Statement, error) {
	t, err := s.term(rule, env)
	switch {
	case err != nil:
		return nil, fault.New(fault.Denied, "fault.case.no-effect").Because(err)
	case t.OnExpiry != effect:
		return nil, fault.New(fault.Denied, "fault.case.no-effect")
	case t.Due.IsZero() || env.Now.Before(t.Due):
		return nil, fault.New(fault.Conflict, "fault.case.too-early", "due", day(t.Due))
	}
	if err := closed(s, env, StepDocument); err != nil {
		return nil, err
	}
	return one(answer(s.joint(kind, &joint.Reliance{Rule: rule, Start: start.ID, Due: t.Due, Own: own}), start.ID)), nil
}

// remark takes a text that another officer of the same authority reviewed in exactly these words.
func (s *State) remark(text string, env *Env) (joint.Remark, error) {
	if strings.TrimSpace(text) == "" {
		return joint.Remark{}, nil
	}
	if err := crossable(text); err != nil {
		return joint.Remark{}, err
	}
	for _, t := range s.Texts {
		if t.Text == text && t.By.ID != env.By.ID && t.Author == env.By.ID && t.By.Authority == env.Own {
			return joint.Remark{Text: text, Author: env.By.ID, Reviewer: t.By.ID}, nil
		}
	}
	return joint.Remark{}, fault.New(fault.Denied, "fault.case.not-reviewed")
}
