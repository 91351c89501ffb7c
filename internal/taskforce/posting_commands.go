package taskforce

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// OpenPosting opens a post to be filled; either side may.
type OpenPosting struct {
	ID    act.ID
	Terms joint.Posting
}

func (c OpenPosting) decide(s State, env Env) ([]act.Statement, error) {
	if err := unused(c.ID, s.Postings); err != nil {
		return nil, err
	}
	t := c.Terms
	if t.Host == t.Home || !slices.Contains(s.Parties[:], t.Host) || !slices.Contains(s.Parties[:], t.Home) {
		return nil, invalid("fault.taskforce.posting-states")
	}
	if t.Post == "" {
		return nil, invalid("fault.taskforce.no-id")
	}
	if err := check("title", t.Title); err != nil {
		return nil, err
	}
	if _, ok := env.Agreement.CrossingPoints[t.Place]; t.Place != "" && !ok {
		return nil, invalid("fault.taskforce.crossing-point", "place", t.Place)
	}
	if err := checkPowers(t.Powers, Powers, "", env, false); err != nil {
		return nil, err
	}
	if err := s.inMandate(t.Mandate, t.From, t.Until, env); err != nil {
		return nil, err
	}
	return one(joint.PostingOpened, c.ID, &t), nil
}

// inMandate refuses a period that outlives the mandate or the agreement.
func (s State) inMandate(mandate act.ID, from, until string, env Env) error {
	if err := period(from, until); err != nil {
		return err
	}
	m := s.Measures[mandate]
	if m == nil || m.Base() == "" || m.Terms().Kind != "officer-exchange" {
		return invalid("fault.taskforce.no-mandate")
	}
	switch m.StatusOn(from) {
	case MeasureInForce, MeasureAhead:
	default:
		return conflict("fault.taskforce.no-mandate")
	}
	terms := m.Terms()
	if from < terms.From || until > terms.Until || m.StatusOn(until) == MeasureEnded {
		return invalid("fault.taskforce.outlives-mandate", "from", terms.From, "until", terms.Until)
	}
	if !env.Agreement.covers(from, until) {
		return invalid("fault.taskforce.outside-agreement", "from", from, "until", until)
	}
	if until < env.today() {
		return late("fault.taskforce.period-over", "until", until)
	}
	return nil
}

// checkPowers refuses unknown powers, more than allowed, and executive power without an article that gives it.
func checkPowers(powers, allowed []string, article string, env Env, named bool) error {
	if len(powers) == 0 {
		return invalid("fault.taskforce.powers")
	}
	for i, p := range powers {
		if !slices.Contains(Powers, p) || !slices.Contains(allowed, p) || slices.Contains(powers[:i], p) {
			return invalid("fault.taskforce.powers")
		}
	}
	if !slices.Contains(powers, "executive") {
		return nil
	}
	if _, ok := env.Agreement.Executive[article]; named && !ok || len(env.Agreement.Executive) == 0 {
		return denied("fault.taskforce.executive")
	}
	return nil
}

// NominateOfficer names an officer of one's own state, who has consented.
type NominateOfficer struct {
	ID      act.ID
	Nominee joint.PostingNominee
}

func (c NominateOfficer) decide(s State, env Env) ([]act.Statement, error) {
	p, err := s.livePosting(c.ID)
	switch {
	case err != nil:
		return nil, err
	case p.Terms.Home != env.Us:
		return nil, denied("fault.taskforce.home-only")
	case p.Accredited != nil:
		return nil, conflict("fault.taskforce.posting-filled")
	case c.Nominee.Officer == "":
		return nil, invalid("fault.taskforce.no-id")
	case c.Nominee.Officer == env.Officer.ID:
		return nil, denied("fault.taskforce.self")
	case strings.TrimSpace(c.Nominee.Consented) == "":
		return nil, invalid("fault.taskforce.no-consent")
	}
	if err := date("consented", c.Nominee.Consented); err != nil {
		return nil, err
	}
	if c.Nominee.Consented > env.today() {
		return nil, invalid("fault.taskforce.no-consent")
	}
	if o := s.overlaps(c.ID, "", c.Nominee.Officer, p.Terms.From, p.Terms.Until); o != nil {
		return nil, conflict("fault.taskforce.overlap", "posting", string(o.ID))
	}
	return one(joint.PostingNominated, c.ID, &c.Nominee), nil
}

// VetOfficer records one's own vetting result of the nominee: yes or no, nothing else.
type VetOfficer struct {
	ID     act.ID
	Passed bool
}

func (c VetOfficer) decide(s State, env Env) ([]act.Statement, error) {
	p, err := s.nominated(c.ID, env)
	if err != nil {
		return nil, err
	}
	return one(joint.PostingVetted, c.ID, &joint.PostingVetting{Officer: p.Nominee.Officer, Passed: c.Passed}), nil
}

// ConsentToPosting is the host's answer about the nominee.
type ConsentToPosting struct {
	ID    act.ID
	Given bool
}

func (c ConsentToPosting) decide(s State, env Env) ([]act.Statement, error) {
	p, err := s.nominated(c.ID, env)
	switch {
	case err != nil:
		return nil, err
	case p.Terms.Host != env.Us:
		return nil, denied("fault.taskforce.host-only")
	case c.Given && !p.vettedByBoth():
		return nil, conflict("fault.taskforce.not-vetted")
	}
	return one(joint.PostingConsented, c.ID, &joint.PostingConsent{Officer: p.Nominee.Officer, Given: c.Given}), nil
}

// AccreditOfficer gives the officer the host's mandate: powers, period, supervisor.
type AccreditOfficer struct {
	ID            act.ID
	Accreditation joint.PostingAccreditation // Officer is filled in
}

func (c AccreditOfficer) decide(s State, env Env) ([]act.Statement, error) {
	p, err := s.nominated(c.ID, env)
	switch {
	case err != nil:
		return nil, err
	case p.Terms.Host != env.Us:
		return nil, denied("fault.taskforce.host-only")
	case !p.vettedByBoth():
		return nil, conflict("fault.taskforce.not-vetted")
	case p.Consent == nil || !*p.Consent:
		return nil, conflict("fault.taskforce.no-host-consent")
	}
	a := c.Accreditation
	a.Officer = p.Nominee.Officer
	if a.Supervisor == "" || a.Supervisor == a.Officer {
		return nil, invalid("fault.taskforce.supervisor")
	}
	if err := checkPowers(a.Powers, p.Terms.Powers, a.Article, env, true); err != nil {
		return nil, err
	}
	if err := s.inMandate(p.Terms.Mandate, a.From, a.Until, env); err != nil {
		return nil, err
	}
	if a.From < p.Terms.From || a.Until > p.Terms.Until {
		return nil, invalid("fault.taskforce.outlives-mandate", "from", p.Terms.From, "until", p.Terms.Until)
	}
	if o := s.overlaps(c.ID, p.Terms.Post, a.Officer, a.From, a.Until); o != nil {
		return nil, conflict("fault.taskforce.overlap", "posting", string(o.ID))
	}
	return one(joint.PostingAccredited, c.ID, &a), nil
}

// Courses a posted officer may take; data-protection and fundamental-rights are needed before any access.
var Courses = []string{"host-law", "data-protection", "fundamental-rights", "safety", "systems"}

// RecordTraining records a training of the host.
type RecordTraining struct {
	ID       act.ID
	Training joint.PostingTraining
}

func (c RecordTraining) decide(s State, env Env) ([]act.Statement, error) {
	p, err := s.livePosting(c.ID)
	switch {
	case err != nil:
		return nil, err
	case p.Nominee == nil:
		return nil, conflict("fault.taskforce.no-nominee")
	case p.Terms.Host != env.Us:
		return nil, denied("fault.taskforce.host-only")
	case !slices.Contains(Courses, c.Training.Course):
		return nil, invalid("fault.taskforce.course", "course", c.Training.Course)
	}
	if err := date("date", c.Training.Date); err != nil {
		return nil, err
	}
	if c.Training.Date > env.today() {
		return nil, invalid("fault.taskforce.account-ahead", "until", c.Training.Date)
	}
	return one(joint.PostingTrained, c.ID, &c.Training), nil
}

// AcceptRules is the officer's own acceptance of the host's rules.
type AcceptRules struct {
	ID    act.ID
	Rules joint.PostingRules
}

func (c AcceptRules) decide(s State, env Env) ([]act.Statement, error) {
	p, err := s.livePosting(c.ID)
	if err != nil {
		return nil, err
	}
	if !p.named(env.Officer.ID) {
		return nil, denied("fault.taskforce.posted-only")
	}
	if sum, err := hex.DecodeString(c.Rules.SHA256); err != nil || len(sum) != 32 || c.Rules.Version == "" {
		return nil, invalid("fault.taskforce.rules")
	}
	return one(joint.PostingRulesAccepted, c.ID, &c.Rules), nil
}

// Recall reasons; what lies behind them does not cross.
var recallReasons = []string{"recalled-by-home", "ended-by-host", "officer-asked", "nomination-withdrawn"}

// RecallPosting ends a posting at once. Either side may, at any time, without the other.
type RecallPosting struct {
	ID     act.ID
	Reason string
}

func (c RecallPosting) decide(s State, env Env) ([]act.Statement, error) {
	p, err := s.livePosting(c.ID)
	if err != nil {
		return nil, err
	}
	byHost := c.Reason == "ended-by-host"
	if !slices.Contains(recallReasons, c.Reason) || byHost != (p.Terms.Host == env.Us) {
		return nil, invalid("fault.taskforce.recall-reason")
	}
	return one(joint.PostingRecalled, c.ID, &joint.PostingRecall{Reason: c.Reason}), nil
}

func (s State) livePosting(id act.ID) (*Posting, error) {
	switch p := s.Postings[id]; {
	case p == nil:
		return nil, missing("fault.taskforce.posting-unknown")
	case p.Recalled != nil:
		return nil, conflict("fault.taskforce.posting-over")
	default:
		return p, nil
	}
}

// nominated returns a posting that has a nominee and is not accredited yet. Nobody decides about themselves.
func (s State) nominated(id act.ID, env Env) (*Posting, error) {
	p, err := s.livePosting(id)
	switch {
	case err != nil:
		return nil, err
	case p.Nominee == nil:
		return nil, conflict("fault.taskforce.no-nominee")
	case p.Accredited != nil:
		return nil, conflict("fault.taskforce.posting-filled")
	case p.named(env.Officer.ID):
		return nil, denied("fault.taskforce.self")
	}
	return p, nil
}

// openTo checks that the signing officer holds the posting and has access now.
func (s State) openTo(id act.ID, env Env) (*Posting, error) {
	p, err := s.livePosting(id)
	if err != nil {
		return nil, err
	}
	if !p.named(env.Officer.ID) || p.Accredited == nil {
		return nil, denied("fault.taskforce.posted-only")
	}
	zone := env.Zone
	if zone == nil {
		zone = time.UTC
	}
	if a := s.AccessAt(id, env.Now, zone); !a.Open {
		return nil, denied("fault.taskforce.no-access")
	}
	return p, nil
}
