package criteria

import "strings"

// Expr is a condition over facts: one test of one fact, or all, any, not of conditions.
type Expr struct {
	Fact     string   `json:"fact,omitzero"`
	Is       *bool    `json:"is,omitzero"`
	AtLeast  *float64 `json:"at_least,omitzero"`
	AtMost   *float64 `json:"at_most,omitzero"`
	MoreThan *float64 `json:"more_than,omitzero"`
	LessThan *float64 `json:"less_than,omitzero"`
	OneOf    []string `json:"one_of,omitzero"`

	All []Expr `json:"all,omitzero"`
	Any []Expr `json:"any,omitzero"`
	Not *Expr  `json:"not,omitzero"`
}

// Three is a truth value of three.
type Three int8

const (
	False   Three = -1
	Unknown Three = 0
	True    Three = 1
)

func (t Three) String() string { return [...]string{"false", "unknown", "true"}[t+1] }

// Eval is Kleene's logic: all is the least, any the greatest, unknown in the middle.
func (e *Expr) Eval(f Facts) Three {
	switch {
	case e.Fact != "":
		return e.test(f[e.Fact])
	case e.Not != nil:
		return -e.Not.Eval(f)
	case e.All != nil:
		r := True
		for i := range e.All {
			r = min(r, e.All[i].Eval(f))
		}
		return r
	}
	r := False
	for i := range e.Any {
		r = max(r, e.Any[i].Eval(f))
	}
	return r
}

func (e *Expr) test(v Value) Three {
	if v.Kind != Vocabulary[e.Fact] { // missing, or of the wrong kind: not known
		return Unknown
	}
	ok := false
	switch {
	case e.Is != nil:
		ok = v.Bool == *e.Is
	case e.AtLeast != nil:
		ok = v.Number >= *e.AtLeast
	case e.AtMost != nil:
		ok = v.Number <= *e.AtMost
	case e.MoreThan != nil:
		ok = v.Number > *e.MoreThan
	case e.LessThan != nil:
		ok = v.Number < *e.LessThan
	default:
		for _, s := range e.OneOf {
			ok = ok || s == v.Text
		}
	}
	if ok {
		return True
	}
	return False
}

// check holds that each node is exactly one thing and that tests fit the kind of their fact.
func (e *Expr) check(rule string) error {
	if e == nil {
		return nil
	}
	tests := 0
	for _, set := range []bool{e.Is != nil, e.AtLeast != nil, e.AtMost != nil, e.MoreThan != nil, e.LessThan != nil, e.OneOf != nil} {
		if set {
			tests++
		}
	}
	forms := 0
	for _, set := range []bool{e.Fact != "", e.All != nil, e.Any != nil, e.Not != nil} {
		if set {
			forms++
		}
	}
	if forms != 1 || (e.Fact != "") != (tests == 1) || tests > 1 {
		return broken(rule, "expression")
	}
	if e.Fact != "" {
		want := Quantity
		switch {
		case e.Is != nil:
			want = Truth
		case e.OneOf != nil:
			want = Word
		}
		if Vocabulary[e.Fact] != want {
			return broken(rule, e.Fact)
		}
	}
	for _, list := range [][]Expr{e.All, e.Any} {
		for i := range list {
			if err := list[i].check(rule); err != nil {
				return err
			}
		}
	}
	return e.Not.check(rule)
}

// walk calls f with each fact of e.
func (e *Expr) walk(f func(fact string)) {
	if e == nil {
		return
	}
	if e.Fact != "" {
		f(e.Fact)
	}
	for i := range e.All {
		e.All[i].walk(f)
	}
	for i := range e.Any {
		e.Any[i].walk(f)
	}
	e.Not.walk(f)
}

func (e *Expr) uses(prefix string) bool {
	found := false
	e.walk(func(fact string) { found = found || strings.HasPrefix(fact, prefix) })
	return found
}

func (e *Expr) only(prefixes []string) bool {
	ok := true
	e.walk(func(fact string) {
		hit := false
		for _, p := range prefixes {
			hit = hit || strings.HasPrefix(fact, p)
		}
		ok = ok && hit
	})
	return ok
}
