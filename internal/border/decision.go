package border

import (
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border/criteria"
	"countersign/internal/fault"
	"countersign/internal/words"
)

// State of one check after its acts: what was decided and what still waits for a second officer.
type State struct {
	Proposed   *domestic.BorderRefusal
	ProposedBy act.Officer
	Proposal   act.ID
	Decision   string // "", allow, second-line, refuse
	DecidedAct act.ID
	Reviews    []string
	Referred   bool
}

// Fold applies one act.
func Fold(s State, e act.Event) State {
	switch b := e.Body.(type) {
	case *domestic.BorderDecision:
		s.Decision, s.DecidedAct = b.Decision, e.ID
	case *domestic.BorderRefusal:
		if e.Kind == domestic.BorderRefusalProposed {
			s.Proposed, s.ProposedBy, s.Proposal = b, e.Officer, e.ID
		} else {
			s.Decision, s.DecidedAct, s.Proposed = "refuse", e.ID, nil
		}
	case *domestic.BorderReview:
		s.Reviews = append(slices.Clone(s.Reviews), b.Outcome)
		if b.Outcome == "withdrawn" {
			s.Decision = "allow"
		}
	case *domestic.BorderReferral:
		s.Referred = true
	}
	return s
}

// Env is what a decision is judged against.
type Env struct {
	Officer act.Officer
	Now     time.Time
	Result  *Result // the check as it was shown
	Books   []*criteria.Book
}

// Allow and SendToSecondLine are an officer's decisions at the lane.
type (
	Allow            struct{ Ref domestic.BorderCheckRef }
	SendToSecondLine struct{ Ref domestic.BorderCheckRef }
	// Refuse proposes a refusal, or makes it where the order asks for one officer only.
	Refuse struct{ Form domestic.BorderRefusal }
	// Confirm makes another officer's proposal a refusal.
	Confirm struct{ CopyGiven, ComplaintGiven bool }
	// Review looks at a decision again.
	Review struct{ Outcome, Reasons string }
	// Refer hands the person to those who protect.
	Refer struct {
		Check act.ID
		To    string
	}
)

// Decide turns an officer's command into acts, or says why not.
func Decide(s State, command any, env Env) ([]act.Statement, error) {
	one := func(kind act.Kind, body any) []act.Statement {
		return []act.Statement{{Scope: act.Domestic, Kind: kind, Occurred: env.Now, Body: body}}
	}
	switch c := command.(type) {
	case Allow:
		return one(domestic.BorderDecided, &domestic.BorderDecision{BorderCheckRef: c.Ref, Decision: "allow"}), s.undecided()
	case SendToSecondLine:
		return one(domestic.BorderDecided, &domestic.BorderDecision{BorderCheckRef: c.Ref, Decision: "second-line"}), s.undecided()
	case Refuse:
		book, err := checkForm(&c.Form, env)
		if err != nil {
			return nil, err
		}
		if err := s.undecided(); err != nil {
			return nil, err
		}
		if book.SecondSigner {
			return one(domestic.BorderRefusalProposed, &c.Form), nil
		}
		if !c.Form.CopyGiven || !c.Form.ComplaintGiven {
			return nil, fault.New(fault.Invalid, "fault.border.copy")
		}
		return one(domestic.BorderRefused, &c.Form), nil
	case Confirm:
		return s.confirm(c, env, one)
	case Review:
		return s.review(c, env, one)
	case Refer:
		if !slices.Contains([]string{"protection", "trafficking-victims", "child-protection", "medical"}, c.To) {
			return nil, fault.New(fault.Invalid, "fault.border.referral")
		}
		return one(domestic.BorderReferred, &domestic.BorderReferral{Check: c.Check, To: c.To}), nil
	}
	return nil, fault.New(fault.Invalid, "fault.border.command")
}

func (s *State) undecided() error {
	switch {
	case s.Referred: // a person who asked for protection is not sent through a queue again
		return fault.New(fault.Conflict, "fault.border.referred")
	case s.Decision == "refuse" || s.Decision == "allow":
		return fault.New(fault.Conflict, "fault.border.decided")
	}
	return nil
}

// shortest is how many letters individual reasons need at least: a word or a code is no reason.
const shortest = 40

// checkForm holds what the standard form must carry: a rule in force that was really not met, individual
// reasons, proportionality, the remedy, both languages and the person's own.
func checkForm(f *domestic.BorderRefusal, env Env) (*criteria.Book, error) {
	var rule *criteria.Evaluation
	if env.Result != nil {
		for i := range env.Result.evaluations {
			if e := &env.Result.evaluations[i]; e.Rule.ID == f.Rule {
				rule = e
			}
		}
	}
	if rule == nil || rule.State != criteria.NotMet || rule.Effect != criteria.MayRefuse {
		return nil, fault.New(fault.Denied, "fault.border.no-ground", "rule", f.Rule)
	}
	if f.Support != rule.Rule.Support || f.LegalBasis != rule.Rule.LegalBasis {
		return nil, fault.New(fault.Invalid, "fault.border.form", "field", "legal_basis")
	}
	need := []string{string(words.English), string(words.Albanian)}
	if f.PersonLanguage == "" {
		return nil, fault.New(fault.Invalid, "fault.border.form", "field", "person_language")
	}
	if !slices.Contains(need, f.PersonLanguage) {
		need = append(need, f.PersonLanguage)
	}
	for _, part := range []struct {
		name  string
		texts map[string]string
		least int
	}{{"reasons", f.Reasons, shortest}, {"proportionality", f.Proportionality, shortest}, {"remedy", f.Remedy, 1}} {
		for _, lang := range need {
			text := strings.TrimSpace(part.texts[lang])
			if len([]rune(text)) < part.least || text == strings.TrimSpace(rule.Rule.Reason[words.Lang(lang)]) {
				return nil, fault.New(fault.Invalid, "fault.border.form", "field", part.name+" ("+lang+")")
			}
		}
	}
	return rule.Book, nil
}

// confirm needs another officer in another role (design.md 5.4).
func (s *State) confirm(c Confirm, env Env, one func(act.Kind, any) []act.Statement) ([]act.Statement, error) {
	if s.Proposed == nil {
		return nil, fault.New(fault.Missing, "fault.border.no-proposal")
	}
	if err := s.undecided(); err != nil {
		return nil, err
	}
	if s.ProposedBy.ID == env.Officer.ID || s.ProposedBy.Role == env.Officer.Role {
		return nil, fault.New(fault.Denied, "fault.border.second-officer")
	}
	form := *s.Proposed
	form.CopyGiven, form.ComplaintGiven = c.CopyGiven, c.ComplaintGiven
	if !form.CopyGiven || !form.ComplaintGiven { // no copy, no act
		return nil, fault.New(fault.Invalid, "fault.border.copy")
	}
	st := one(domestic.BorderRefused, &form)
	st[0].InReplyTo = s.Proposal
	return st, nil
}

func (s *State) review(c Review, _ Env, one func(act.Kind, any) []act.Statement) ([]act.Statement, error) {
	switch {
	case s.Decision == "":
		return nil, fault.New(fault.Missing, "fault.border.no-decision")
	case !slices.Contains([]string{"upheld", "corrected", "withdrawn"}, c.Outcome) || len([]rune(strings.TrimSpace(c.Reasons))) < shortest:
		return nil, fault.New(fault.Invalid, "fault.border.form", "field", "reasons")
	}
	st := one(domestic.BorderReviewed, &domestic.BorderReview{Decision: s.DecidedAct, Outcome: c.Outcome, Reasons: c.Reasons})
	st[0].InReplyTo = s.DecidedAct
	return st, nil
}
