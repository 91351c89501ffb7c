// Package access answers who may do what, and why it was allowed. The policies are data (policies/*.cedar);
// what none of them permits is denied, and so is everything that names no purpose.
//
// It knows nothing of gates: access says whether this officer may try, casework whether the law allows it. It
// stores nothing: the desk records the answer's policy as the reason.
package access

import (
	"countersign/internal/act"

	"github.com/cedar-policy/cedar-go"
)

// Principal is who asks.
type Principal struct {
	Officer act.Officer
	Posted  bool   // an officer of the other state, working at this node
	Home    string // authority that sent a posted officer
	Mandate bool   // the posting gives access now (taskforce.State.AccessAt)
}

// Resource is what it is about.
type Resource struct {
	Type      string      // case, person, measure, release, roster, act ...
	State     string      // its state, where a policy needs it
	Authority string      // whose it is; empty: this node's own
	Relation  string      // assigned, team, client, self, none; empty means none
	Domestic  bool        // domestic facts would be shown or changed
	First     act.Officer // who made the first of two steps, if this is the second
}

// Request is one question.
type Request struct {
	Principal Principal
	Action    string // name of the desk function or view in small letters, for example "request-readmission"
	Resource  Resource
	Purpose   string // catalogue key; empty is denied
}

// Answer is the decision and the policy that made it, to be logged as its reason.
type Answer struct {
	Allowed bool
	Policy  string // @id of the policy, or one of the built-in denials
	Why     string // catalogue key of the reason, "access.why." + Policy
}

// Denials that need no policy.
const (
	NoPurpose     = "no-purpose"     // DPA 2018 s62: a consultation has a justification
	NoOfficer     = "no-officer"     // nobody, or no role
	UnknownAction = "unknown-action" // no policy speaks of it
	NotPermitted  = "not-permitted"  // no policy permits it to this officer
	Failed        = "failed"         // a policy could not be evaluated: closed (ASVS 16.5.3)
)

// Allow decides one request. It is safe for concurrent use.
func (e *Engine) Allow(r Request) Answer {
	switch {
	case r.Purpose == "":
		return denied(NoPurpose)
	case r.Principal.Officer.ID == "" || r.Principal.Officer.Role == "":
		return denied(NoOfficer)
	}
	set, ok := e.byAction[r.Action]
	if !ok {
		return denied(UnknownAction)
	}
	things := e.things(r)
	decision, diagnostic := cedar.Authorize(set, &things, cedar.Request{Principal: things.principal.UID,
		Action: cedar.NewEntityUID("Action", cedar.String(r.Action)), Resource: things.resource.UID,
		Context: cedar.NewRecord(cedar.RecordMap{"purpose": cedar.String(r.Purpose)})})
	switch {
	case len(diagnostic.Errors) > 0:
		return denied(Failed)
	case len(diagnostic.Reasons) == 0:
		return denied(NotPermitted)
	}
	// Several policies may say the same; the smallest name is logged, so that the record is stable.
	first := diagnostic.Reasons[0].PolicyID
	for _, reason := range diagnostic.Reasons {
		first = min(first, reason.PolicyID)
	}
	return Answer{Allowed: decision == cedar.Allow, Policy: string(first), Why: "access.why." + string(first)}
}

func denied(policy string) Answer { return Answer{Policy: policy, Why: "access.why." + policy} }

// things gives Cedar the two entities of a request.
type things struct{ principal, resource cedar.Entity }

// things builds the entities, or takes them from the last time: there are as many principals as officers, and as
// many resources without a first officer as kinds and states of things.
func (e *Engine) things(r Request) things {
	var t things
	if known, ok := e.principals.Load(r.Principal); ok {
		t.principal = known.(cedar.Entity)
	} else {
		t.principal = principalOf(r.Principal)
		e.principals.Store(r.Principal, t.principal)
	}
	if r.Resource.First != (act.Officer{}) {
		t.resource = resourceOf(r.Resource)
		return t
	}
	if known, ok := e.resources.Load(r.Resource); ok {
		t.resource = known.(cedar.Entity)
	} else {
		t.resource = resourceOf(r.Resource)
		e.resources.Store(r.Resource, t.resource)
	}
	return t
}

func principalOf(p Principal) cedar.Entity {
	return cedar.Entity{UID: cedar.NewEntityUID("Officer", cedar.String(p.Officer.ID)),
		Attributes: cedar.NewRecord(cedar.RecordMap{"officer": cedar.String(p.Officer.ID),
			"role": cedar.String(p.Officer.Role), "authority": cedar.String(p.Officer.Authority),
			"posted": cedar.Boolean(p.Posted), "home": cedar.String(p.Home), "mandate": cedar.Boolean(p.Mandate)})}
}

func resourceOf(t Resource) cedar.Entity {
	relation := t.Relation
	if relation == "" {
		relation = "none"
	}
	return cedar.Entity{UID: cedar.NewEntityUID("Thing", cedar.String(t.Type)),
		Attributes: cedar.NewRecord(cedar.RecordMap{"type": cedar.String(t.Type), "state": cedar.String(t.State),
			"authority": cedar.String(t.Authority), "relation": cedar.String(relation),
			"domestic": cedar.Boolean(t.Domestic), "first_officer": cedar.String(t.First.ID),
			"first_role": cedar.String(t.First.Role)})}
}

// Get implements cedar's EntityGetter.
func (t *things) Get(uid cedar.EntityUID) (cedar.Entity, bool) {
	switch uid {
	case t.principal.UID:
		return t.principal, true
	case t.resource.UID:
		return t.resource, true
	}
	return cedar.Entity{}, false
}
