// Package access answers who may do what, and why it was allowed. The policies are data (policies/*.cedar);
// what none of them permits is denied, and so is everything that names no purpose.
//
// It knows nothing of gates: access says whether this officer may try, casework whether the law allows it.
package access

import (
	"fmt"
	"io/fs"

	"countersign/internal/act"
	"countersign/policies"

	"github.com/cedar-policy/cedar-go"
)

// Principal is who asks.
type Principal struct {
	Officer act.Officer
	Posted  bool   // an officer of the other state, working at this node
	Home    string // authority that sent a posted officer
}

// Resource is what it is about.
type Resource struct {
	Type     string // case, person, measure, release, roster, act ...
	State    string // its state, where a policy needs it
	Relation string // assigned, team, none
	Domestic bool   // domestic facts would be shown or changed
}

// Request is one question.
type Request struct {
	Principal Principal
	Action    string // name of the desk function or view, for example "RequestReadmission"
	Resource  Resource
	Purpose   string // catalogue key; empty is denied
}

// Answer is the decision and the policy that made it, to be logged as its reason.
type Answer struct {
	Allowed bool
	Policy  string // @id
	Why     string // @why
}

// Engine decides. It is safe for concurrent use.
type Engine struct{ set *cedar.PolicySet }

// Load reads the embedded policies.
func Load() (*Engine, error) { return Read(policies.Files) }

// Read reads the *.cedar files at the root of a file system. A policy without @id or @why is an error.
func Read(files fs.FS) (*Engine, error) {
	names, err := fs.Glob(files, "*.cedar")
	if err != nil {
		return nil, err
	}
	e := &Engine{set: cedar.NewPolicySet()}
	for _, name := range names {
		if err := e.add(files, name); err != nil {
			return nil, err
		}
	}
	return e, nil
}

func (e *Engine) add(files fs.FS, name string) error {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	list, err := cedar.NewPolicyListFromBytes(name, b)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, p := range list {
		notes := p.Annotations()
		id := cedar.PolicyID(notes["id"])
		if id == "" || notes["why"] == "" {
			return fmt.Errorf("%s: a policy has no @id or no @why", name)
		}
		if e.set.Get(id) != nil {
			return fmt.Errorf("%s: policy %q is there twice", name, id)
		}
		e.set.Add(id, p)
	}
	return nil
}

// Allow decides one request.
func (e *Engine) Allow(r Request) Answer {
	if r.Purpose == "" {
		return Answer{Policy: "no-purpose"}
	}
	officer := cedar.NewEntityUID("Officer", cedar.String(r.Principal.Officer.ID))
	thing := cedar.NewEntityUID("Thing", cedar.String(r.Resource.Type))
	decision, diagnostic := cedar.Authorize(e.set, cedar.EntityMap{
		officer: {UID: officer, Attributes: cedar.NewRecord(cedar.RecordMap{
			"role": cedar.String(r.Principal.Officer.Role), "authority": cedar.String(r.Principal.Officer.Authority),
			"posted": cedar.Boolean(r.Principal.Posted), "home": cedar.String(r.Principal.Home)})},
		thing: {UID: thing, Attributes: cedar.NewRecord(cedar.RecordMap{
			"type": cedar.String(r.Resource.Type), "state": cedar.String(r.Resource.State),
			"relation": cedar.String(r.Resource.Relation), "domestic": cedar.Boolean(r.Resource.Domestic)})},
	}, cedar.Request{Principal: officer, Action: cedar.NewEntityUID("Action", cedar.String(r.Action)), Resource: thing,
		Context: cedar.NewRecord(cedar.RecordMap{"purpose": cedar.String(r.Purpose)})})
	a := Answer{Allowed: decision == cedar.Allow}
	for _, reason := range diagnostic.Reasons {
		a.Policy = string(reason.PolicyID)
		if p := e.set.Get(reason.PolicyID); p != nil {
			a.Why = string(p.Annotations()["why"])
		}
	}
	return a
}
