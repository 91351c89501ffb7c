package access

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"countersign/policies"

	"github.com/cedar-policy/cedar-go"
	"github.com/go-json-experiment/json"
)

// Engine decides by the policies it has read.
type Engine struct {
	policies map[string]Policy
	byAction map[string]*cedar.PolicySet // an action's own policies and those that speak of every action

	principals, resources sync.Map // entities already built
}

// Policy is one policy as an officer or a lawyer reads it.
type Policy struct {
	ID      string
	Why     string // the @why annotation, in English
	File    string
	Forbids bool
	Actions []string // empty: every action
	Text    string   // Cedar

	parsed *cedar.Policy
}

// Load gives the engine of the embedded policies, which never change: they are read once.
func Load() (*Engine, error) { return embedded() }

var embedded = sync.OnceValues(func() (*Engine, error) { return Read(policies.Files) })

// Read reads the *.cedar files at the root of a file system. A policy without @id or @why is an error.
func Read(files fs.FS) (*Engine, error) {
	names, err := fs.Glob(files, "*.cedar")
	if err != nil {
		return nil, err
	}
	e := &Engine{policies: map[string]Policy{}}
	for _, name := range names {
		if err := e.add(files, name); err != nil {
			return nil, err
		}
	}
	return e, e.index()
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
		id := string(notes["id"])
		if id == "" || notes["why"] == "" {
			return fmt.Errorf("%s: a policy has no @id or no @why", name)
		}
		if _, ok := e.policies[id]; ok {
			return fmt.Errorf("%s: policy %q is there twice", name, id)
		}
		actions, err := actionsOf(p)
		if err != nil {
			return fmt.Errorf("%s: policy %q: %w", name, id, err)
		}
		if len(actions) == 0 && p.Effect() == cedar.Permit {
			return fmt.Errorf("%s: policy %q permits every action; it must name them", name, id)
		}
		e.policies[id] = Policy{ID: id, Why: string(notes["why"]), File: name, Forbids: p.Effect() == cedar.Forbid,
			Actions: actions, Text: string(p.MarshalCedar()), parsed: p}
	}
	return nil
}

// actionsOf reads the action scope of a policy from its JSON form; none means every action.
func actionsOf(p *cedar.Policy) ([]string, error) {
	type uid struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	}
	var form struct {
		Action struct {
			Op       string `json:"op"`
			Entity   uid    `json:"entity"`
			Entities []uid  `json:"entities"`
		} `json:"action"`
	}
	b, err := p.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &form); err != nil {
		return nil, err
	}
	switch form.Action.Op {
	case "All":
		return nil, nil
	case "==":
		return []string{form.Action.Entity.ID}, nil
	case "in":
		names := []string{}
		for _, u := range form.Action.Entities {
			names = append(names, u.ID)
		}
		if form.Action.Entity.ID != "" {
			names = append(names, form.Action.Entity.ID)
		}
		return names, nil
	}
	return nil, fmt.Errorf("action scope %q is not known here", form.Action.Op)
}

// index gives each action its own small set, so that a decision does not grow with the number of policies.
func (e *Engine) index() error {
	e.byAction = map[string]*cedar.PolicySet{}
	for _, p := range e.policies {
		if p.Forbids { // an action exists because something permits it
			continue
		}
		for _, a := range p.Actions {
			if e.byAction[a] == nil {
				e.byAction[a] = cedar.NewPolicySet()
			}
		}
	}
	for action, set := range e.byAction {
		for id, p := range e.policies {
			if len(p.Actions) > 0 && !slices.Contains(p.Actions, action) {
				continue
			}
			own, err := p.about(action)
			if err != nil {
				return fmt.Errorf("%s: policy %q: %w", p.File, id, err)
			}
			set.Add(cedar.PolicyID(id), own)
		}
	}
	return nil
}

// about returns the policy with its action scope narrowed to one of its actions. It says the same about that
// action, and Cedar need not build the whole list at each question.
func (p Policy) about(action string) (*cedar.Policy, error) {
	if len(p.Actions) < 2 {
		return p.parsed, nil
	}
	b, err := p.parsed.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var form map[string]any
	if err := json.Unmarshal(b, &form); err != nil {
		return nil, err
	}
	form["action"] = map[string]any{"op": "==", "entity": map[string]string{"type": "Action", "id": action}}
	if b, err = json.Marshal(form); err != nil {
		return nil, err
	}
	narrow := new(cedar.Policy)
	return narrow, narrow.UnmarshalJSON(b)
}

// Actions lists every action that some policy permits to somebody.
func (e *Engine) Actions() []string { return slices.Sorted(maps.Keys(e.byAction)) }

// Policies lists the policies by name.
func (e *Engine) Policies() []Policy {
	out := slices.Collect(maps.Values(e.policies))
	slices.SortFunc(out, func(a, b Policy) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out
}
