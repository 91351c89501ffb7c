package web

import (
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/treaty"
	"countersign/internal/web/form"
)

// gatesOf lists the gates of the law profile that a test and the officer's role fit.
func gatesOf(fits func(a *asker, g *treaty.GateRule) bool) func(*asker) []form.Option {
	return func(a *asker) []form.Option {
		today := a.now().Format(time.DateOnly)
		var all []form.Option
		for i := range a.Desk.Law.Gates {
			if g := &a.Desk.Law.Gates[i]; g.InForce(today) && fits(a, g) {
				all = append(all, form.Option{Value: g.ID, Text: g.Name.In(string(a.words.Lang)), Hint: ""})
			}
		}
		return all
	}
}

// barriers lists the barriers of the case that fit.
func barriers(fits func(a *asker, b *casework.Barrier, g *treaty.GateRule) bool) func(*asker) []form.Option {
	return func(a *asker) []form.Option {
		var all []form.Option
		for i := range a.view.State.Barriers {
			b := &a.view.State.Barriers[i]
			if g, ok := a.Desk.Law.Gate(b.Gate); ok && !b.Lifted.Is() && fits(a, b, g) {
				all = append(all, form.Option{Value: string(b.ID), Text: a.t("page.barrier-since", "barrier", a.ruleName(b.Gate), "date", a.words.Date(b.Since.In(a.zone)))})
			}
		}
		return all
	}
}

func overrides(fits func(*casework.Override) bool) func(*asker) []form.Option {
	return func(a *asker) []form.Option {
		var all []form.Option
		for i := range a.view.State.Overrides {
			if o := &a.view.State.Overrides[i]; fits(o) {
				all = append(all, form.Option{Value: string(o.ID), Text: a.t("page.override-of", "gate", a.ruleName(o.Gate), "step", a.step(casework.Step(o.Step)))})
			}
		}
		return all
	}
}

// barrierOf is the barrier that the act is about.
func barrierOf(a *asker) string {
	for _, b := range a.view.State.Barriers {
		if string(b.ID) == a.about {
			return b.Gate
		}
	}
	return ""
}

// gateActs open and close legal conditions.
var gateActs = map[string]official{
	"set-barrier": {Group: "gates", Stops: true, Ask: setBarrier,
		About: gatesOf(func(a *asker, g *treaty.GateRule) bool {
			return g.Test == "barrier" && treaty.May(g.SetBy, a.who.Officer.Role)
		})},
	"confirm-barrier": {Group: "gates", Second: true,
		About: barriers(func(a *asker, b *casework.Barrier, _ *treaty.GateRule) bool {
			return b.Oral && !b.Confirmed.Is() && b.By.ID != a.who.Officer.ID
		}),
		Ask: func(a *asker) func() casework.Command {
			proof := a.one("barrier-evidence", "proofs", a.proofs(barrierOf(a)))
			return func() casework.Command {
				return casework.ConfirmBarrier{Barrier: act.ID(a.about), Evidence: proof()}
			}
		}},
	"lift-barrier": {Group: "gates", Final: true,
		About: barriers(func(a *asker, b *casework.Barrier, g *treaty.GateRule) bool {
			return treaty.May(g.LiftBy, a.who.Officer.Role) && !(b.Proposed.Is() && (b.Proposed.By.ID == a.who.Officer.ID || b.Proposed.By.Role == a.who.Officer.Role))
		}),
		Ask: func(a *asker) func() casework.Command {
			proof := a.one("barrier-evidence", "proofs", a.proofs(barrierOf(a)))
			at := a.past("ended")
			return func() casework.Command {
				return casework.LiftBarrier{Barrier: act.ID(a.about), Evidence: proof(), At: at()}
			}
		}},
	"attest": {Group: "gates", Ask: attest, About: attestPoints},
	"record-certificate": {Group: "gates",
		About: gatesOf(func(a *asker, g *treaty.GateRule) bool {
			return g.Test == "certificate" && treaty.May(g.SetBy, a.who.Officer.Role)
		}),
		Ask: func(a *asker) func() casework.Command {
			from := a.past("from")
			until := a.date("until", false, a.now(), time.Time{})
			proof := a.one("certificate-evidence", "proofs", a.proofs(a.about))
			return func() casework.Command {
				return casework.RecordCertificate{Certificate: domestic.Certificate{Gate: a.about, From: from(), Until: until().AddDays(1).First(a.zone), Evidence: proof()}}
			}
		}},
	"revoke-certificate": {Group: "gates", Stops: true,
		About: gatesOf(func(a *asker, g *treaty.GateRule) bool {
			return slices.ContainsFunc(a.view.State.Certificates, func(c casework.Certificate) bool { return c.Gate == g.ID && !c.Revoked.Is() })
		}),
		Ask: func(a *asker) func() casework.Command {
			reason := a.line("why", false)
			return func() casework.Command { return casework.RevokeCertificate{Gate: a.about, Reason: reason()} }
		}},
	"propose-override": {Group: "gates",
		About: gatesOf(func(a *asker, g *treaty.GateRule) bool { return !g.Absolute && g.OverrideBy[0] == a.who.Officer.Role }),
		Ask: func(a *asker) func() casework.Command {
			var steps []form.Option
			if g, ok := a.Desk.Law.Gate(a.about); ok {
				for _, s := range g.Guards {
					steps = append(steps, form.Option{Value: s, Label: "case.step." + s})
				}
			}
			step := a.choose("step", steps, false)
			reason := a.one("reason", "override", casework.OverrideReasons)
			until := a.date("until", false, a.now(), a.now().AddDate(0, 0, 14))
			return func() casework.Command {
				return casework.ProposeOverride{Override: domestic.Override{Gate: a.about, Step: step(), Reason: reason(), Until: until().AddDays(1).First(a.zone).Add(-time.Second)}}
			}
		}},
	"confirm-override": {Group: "gates", Second: true, Final: true,
		About: overrides(func(o *casework.Override) bool { return !o.Confirmed.Is() }),
		Ask: func(a *asker) func() casework.Command {
			return func() casework.Command { return casework.ConfirmOverride{Override: act.ID(a.about)} }
		}},
	"review-override": {Group: "gates", About: overrides(func(o *casework.Override) bool { return o.Confirmed.Is() && !o.Reviewed.Is() }),
		Ask: func(a *asker) func() casework.Command {
			upheld := a.yes("upheld")
			reason := a.line("why", false)
			return func() casework.Command {
				return casework.ReviewOverride{Override: act.ID(a.about), Upheld: upheld(), Reason: reason()}
			}
		}},
	"contest-fact": {Group: "gates", Ask: func(a *asker) func() casework.Command {
		first := a.choose("first-fact", a.facts(), false)
		second := a.choose("second-fact", a.facts(), true)
		reason := a.line("why", false)
		return func() casework.Command {
			return casework.ContestFact{Act: act.ID(first()), Against: act.ID(second()), Reason: reason()}
		}
	}},
	"settle-contest": {Group: "gates",
		About: func(a *asker) []form.Option {
			var all []form.Option
			for _, c := range a.view.State.Contested {
				if !c.Settled.Is() {
					text := a.moment(c.At)
					if a.words.Has(c.Key) {
						text = a.t(c.Key)
					}
					all = append(all, form.Option{Value: string(c.ID), Text: text})
				}
			}
			return all
		},
		Ask: func(a *asker) func() casework.Command {
			reason := a.line("why", false)
			return func() casework.Command { return casework.SettleContest{Contest: act.ID(a.about), Reason: reason()} }
		}},
	"record-order": {Group: "gates", When: func(a *asker) bool { return a.view.State.Outcome() != casework.Open }, Ask: func(a *asker) func() casework.Command {
		kind := a.one("order", "order", casework.OrderTypes)
		reference := a.line("court-reference", false)
		due := a.date("order-due", true, time.Time{}, time.Time{})
		return func() casework.Command {
			return casework.RecordOrder{Order: domestic.Order{Type: kind(), Reference: reference(), Due: due()}}
		}
	}},
}

// facts are the acts of the case, to point at two that contradict each other.
func (a *asker) facts() []form.Option {
	var all []form.Option
	for i := len(a.view.Events) - 1; i >= 0; i-- {
		e := a.view.Events[i]
		if key := "page.act." + string(e.Kind); a.words.Has(key) {
			all = append(all, form.Option{Value: string(e.ID), Text: a.t(key) + ", " + a.moment(e.Occurred)})
		}
	}
	return all
}

func setBarrier(a *asker) func() casework.Command {
	rule, ok := a.Desk.Law.Gate(a.about)
	if !ok {
		rule = &treaty.GateRule{}
	}
	oral, until, effect := func() bool { return false }, func() time.Time { return time.Time{} }, func() string { return "" }
	if rule.Suspensive {
		effect = a.maybe("effect", "effect", casework.Effects)
	}
	since := a.past("since")
	if rule.OralHours > 0 {
		oral = a.tick("oral")
	}
	proof := a.maybe("barrier-evidence", "proofs", a.proofs(a.about))
	reference := a.line("court-reference", true)
	if rule.Expires {
		last := a.date("until", true, a.now(), time.Time{})
		until = func() time.Time {
			if d := last(); d.Exact() {
				return d.AddDays(1).First(a.zone)
			}
			return time.Time{}
		}
	}
	return func() casework.Command {
		return casework.SetBarrier{Barrier: domestic.Barrier{Gate: a.about, Since: since(), Until: until(), Effect: effect(), Oral: oral(), Evidence: proof(), Reference: reference()}}
	}
}

// attestPoints are the points at which this officer can attest something, the one of the next step first.
func attestPoints(a *asker) []form.Option {
	var all []form.Option
	near := casework.PointsOf(a.view.Next.Step)
	for _, first := range []bool{true, false} {
		for _, p := range casework.Points {
			if slices.Contains(near, p) == first && len(a.attestable(p)) > 0 {
				all = append(all, form.Option{Value: p, Label: "case.point." + p})
			}
		}
	}
	return all
}

// attestable are the gates that this officer may attest at a point.
func (a *asker) attestable(point string) []string {
	ids, err := a.Desk.Attestable(a.ctx(), a.who, a.view.State.Case, point)
	if err != nil {
		return nil
	}
	return ids
}

// attest asks about every gate that this officer may attest at the point. Nothing is answered beforehand: an
// attestation is an officer's word, not a default.
func attest(a *asker) func() casework.Command {
	type answer struct {
		gate  string
		clear *form.Choice
	}
	var answers []answer
	proof := a.one("looked-at", "proofs", []string{"file-checked", "system-checked", "person-asked", "document-seen", "decision-letter", "court-record", "medical-examination"})
	for _, id := range a.attestable(a.about) {
		c := &form.Choice{Base: form.Base{Name: "gate-" + id, Label: "page.gate-question." + id, Missing: "page.attest.missing"}, Inline: true,
			Options: attestAnswers(a.Desk.Law, id)}
		a.add(c)
		answers = append(answers, answer{id, c})
	}
	return func() casework.Command {
		c := casework.Attest{Point: a.about}
		for _, x := range answers {
			if x.clear.Value == "clear" || x.clear.Value == "not-clear" {
				c.Findings = append(c.Findings, domestic.Finding{Gate: x.gate, Clear: x.clear.Value == "clear", Evidence: proof()})
			}
		}
		return c
	}
}

// attestAnswers are worded after the gate: most name what must not be, some what must.
func attestAnswers(law *treaty.Law, gate string) []form.Option {
	kind := "holds"
	if g, ok := law.Gate(gate); ok && g.Test == "barrier" {
		kind = "barrier"
	}
	return []form.Option{{Value: "clear", Label: "page.attest." + kind + ".clear"}, {Value: "not-clear", Label: "page.attest." + kind + ".not-clear"},
		{Value: "skip", Label: "page.attest.skip"}}
}
