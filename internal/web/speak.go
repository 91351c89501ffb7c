package web

import (
	"errors"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/treaty"
	"countersign/internal/words"
)

// What codes and identifiers are called in the page's language.

func (v *visit) role(code string) string {
	if key := "role." + code; v.words.Has(key) {
		return v.t(key)
	}
	return code
}

func (v *visit) roles(codes []string) string {
	var list []string
	for _, c := range codes {
		if c == "any" {
			return v.t("page.any-officer")
		}
		list = append(list, v.role(c))
	}
	return v.words.List(list)
}

func (v *visit) authority(code string) string {
	if code == "" {
		return ""
	}
	return v.t("authority." + code)
}

// code is one entry of a closed list.
func (v *visit) code(list, value string) string {
	if key := "case.code." + list + "." + value; v.words.Has(key) {
		return v.t(key)
	}
	return value
}

func (v *visit) codes(list string, values []string) string {
	var all []string
	for _, x := range values {
		all = append(all, v.code(list, x))
	}
	return v.words.List(all)
}

// gateName is what a gate is called. Most rules name what must not be: “A protection claim is pending”. Beside
// “met” that would read as its opposite, so the page says that it is ruled out.
func (v *visit) gateName(id string) string {
	if id == desk.HeldGate {
		return v.t("page.gate.held")
	}
	r, ok := v.Desk.Law.Gate(id)
	if !ok {
		return id
	}
	name := r.Name.In(string(v.words.Lang))
	if r.Test == "barrier" {
		return v.t("page.gate.ruled-out", "barrier", name)
	}
	return name
}

func (v *visit) step(s casework.Step) string { return v.t("case.step." + string(s)) }

// officer is a name, or that nobody has the file.
func (v *visit) officer(names map[act.ID]string, id act.ID) string {
	switch n := names[id]; {
	case id == "":
		return v.t("page.nobody")
	case n != "":
		return n
	}
	return v.t("page.unknown-officer")
}

// signer is who signed an act: an officer by name and role of that day, or the authority itself, which has neither.
func (v *visit) signer(names map[act.ID]string, o act.Officer) (name, role string) {
	if o.Role == desk.RoleNode {
		return v.role(o.Role), ""
	}
	return v.officer(names, o.ID), v.role(o.Role)
}

// country is a state by its ISO code.
func (v *visit) country(alpha3 string) string {
	if key := "treaty.state." + strings.ToLower(alpha3); v.words.Has(key) {
		return v.t(key)
	}
	if key := "page.country." + alpha3; v.words.Has(key) {
		return v.t(key)
	}
	return alpha3
}

// lastDay is the last day of a limit that ends at an instant: midnight belongs to the day before.
func (v *visit) lastDay(due time.Time) string {
	if due.IsZero() {
		return ""
	}
	return due.In(v.zone).Add(-time.Second).Format(time.DateOnly)
}

func (v *visit) moment(t time.Time) string { return v.words.Moment(t.In(v.zone)) }

// next is the one sentence of a case, with names instead of codes.
func (v *visit) next(key string, args map[string]string) string {
	named := map[string]string{}
	for k, x := range args {
		switch k {
		case "owner":
			x = v.authority(x)
		case "due":
			x = v.words.Day(x)
		case "outcome":
			x = v.t("case.outcome." + x)
		}
		named[k] = x
	}
	return v.words.Map(key, named)
}

// spoken gives the codes inside a fault their words.
func (v *visit) spoken(err error) error {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	named := fault.New(e.Kind, e.Key)
	named.Args = map[string]string{}
	for k, x := range e.Args {
		switch k {
		case "gate":
			x = v.gateName(x)
		case "step":
			x = v.step(casework.Step(x))
		case "who", "roles":
			x = v.roles(strings.Split(x, ", "))
		case "role":
			x = v.role(x)
		case "due", "bound":
			x = v.words.Day(x)
		case "side":
			x = v.t("page.side." + x)
		case "route":
			if key := "case.route." + x; v.words.Has(key) {
				x = v.t(key)
			}
		case "outcome":
			x = v.t("case.outcome." + x)
		case "field":
			if key := "page.field." + strings.ReplaceAll(x, "_", "-"); v.words.Has(key) {
				x = v.t(key)
			}
		case "action":
			if key := "page.do." + x; v.words.Has(key) {
				x = v.t(key)
			}
		}
		named.Args[k] = x
	}
	return named.Because(e.Cause)
}

// why is the trace of a limit, if the treaty reckoned it.
func why(trace any) (treaty.Reckoning, bool) {
	switch r := trace.(type) {
	case treaty.Reckoning:
		return r, true
	case *treaty.Reckoning:
		if r != nil {
			return *r, true
		}
	}
	return treaty.Reckoning{}, false
}

// sortWords sorts as the page's language does.
func sortWords[T any](v *visit, items []T, text func(T) string) {
	words.Sort(v.words.Lang, items, text)
}
