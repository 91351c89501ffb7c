package web

import (
	"net/http"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/release"
	"countersign/internal/web/form"
)

// stepForms are the questions of the steps of a release.
type stepForms struct {
	note    *form.Long
	reader  *form.Pick
	purpose *form.Text
}

func (v *visit) stepForms() stepForms {
	return stepForms{
		note:    &form.Long{Base: form.Base{Name: "note", Label: "page.stat.note.label"}, Max: 1000, Rows: 3},
		reader:  &form.Pick{Base: form.Base{Name: "reader", Label: "page.stat.reader"}, Options: v.colleagues()},
		purpose: &form.Text{Base: form.Base{Name: "purpose", Label: "page.stat.purpose"}, Max: 200, Width: "govuk-!-width-two-thirds"},
	}
}

// fields are the questions of one step.
func (f stepForms) fields(step string) []form.Field {
	switch step {
	case release.StepDecide, release.StepRedraft:
		return []form.Field{f.note}
	case release.StepGrant:
		return []form.Field{f.reader, f.purpose}
	}
	return nil
}

// Steps that are joint acts.
const (
	stepMirror      = "mirror"
	stepOffer       = "offer"
	stepCountersign = "countersign"
)

// releaseSteps are what this officer may try with the release as it stands. What is offered is decided again when
// it is done.
func (v *visit) releaseSteps(r desk.ReleaseView) []ReleaseStep {
	var all []ReleaseStep
	add := func(step, action string, when, final bool) {
		if !when || !v.Desk.May(v.who, action) {
			return
		}
		s := ReleaseStep{Action: "/statistics/releases/" + r.State.Release + "/" + step, Title: v.t("page.stat.step." + step), Text: v.t("page.stat.step." + step + ".text"),
			Button: v.t("page.stat.step." + step + ".button"), Fields: v.stepForms().fields(step), Final: final}
		all = append(all, s)
	}
	if !r.Own {
		add(stepMirror, "compare-mirror", true, false)
		add(stepCountersign, "propose-edition", len(r.Signers) == 0, true)
		return all
	}
	joint, open := r.Kind == release.KindJoint, r.Open > 0
	add(stepMirror, "compare-mirror", joint && !r.Public(), false)
	add(release.StepDraft, "propose-edition", r.Phase == release.Announced || r.Phase == release.Drafted, false)
	add(release.StepDecide, "confirm-edition", open && (r.Phase == release.Drafted && !r.Settled(r.Digest) || r.Pending != nil && !r.Settled(r.Pending.Digest)), false)
	add(release.StepAssure, "confirm-edition", r.Phase == release.Drafted && r.Settled(r.Digest), false)
	add(release.StepGrant, "propose-edition", r.Phase == release.Assured || r.Phase == release.PreRelease, false)
	add(release.StepPublish, "publish-edition", r.Phase == release.Assured || r.Phase == release.PreRelease, true)
	add(stepOffer, "propose-edition", joint && r.Public() && r.Pending == nil && len(r.Signers) < 2, false)
	add(release.StepRedraft, "correct-edition", r.Public() && r.Pending == nil, false)
	add(release.StepCorrect, "confirm-edition", r.Pending != nil && r.Settled(r.Pending.Digest), true)
	return all
}

// stepRelease takes one step.
func stepRelease(v *visit) error {
	id, step := v.r.PathValue("id"), v.r.PathValue("step")
	q := v.stepForms()
	f := form.New(q.fields(step)...)
	if err := f.Read(v.w, v.r); err != nil {
		return err
	}
	if !f.Valid() {
		return v.showRelease(statusOfForm(f), step, f)
	}
	if err := v.takeStep(id, step, q); err != nil {
		if len(f.Fields) > 0 && f.Fault(f.Fields[0], v.spoken(err)) {
			return v.showRelease(http.StatusUnprocessableEntity, step, f)
		}
		return err
	}
	v.say("page.stat.done." + step)
	return v.to("/statistics/releases/" + id)
}

func (v *visit) takeStep(id, step string, q stepForms) error {
	d, ctx := v.Desk, v.ctx()
	switch step {
	case release.StepDraft:
		_, err := d.DraftRelease(ctx, v.who, id)
		return err
	case release.StepDecide:
		return d.DecideFindings(ctx, v.who, id, q.note.Value)
	case release.StepAssure:
		return d.AssureRelease(ctx, v.who, id)
	case release.StepGrant:
		return d.GrantPreRelease(ctx, v.who, id, act.ID(q.reader.Value), q.purpose.Value)
	case release.StepPublish:
		return d.PublishRelease(ctx, v.who, id)
	case release.StepRedraft:
		_, err := d.DraftCorrection(ctx, v.who, id, q.note.Value)
		return err
	case release.StepCorrect:
		return d.CorrectRelease(ctx, v.who, id)
	case stepOffer:
		return d.OfferRelease(ctx, v.who, id)
	case stepCountersign:
		_, err := d.CountersignRelease(ctx, v.who, id)
		return err
	case stepMirror:
		return v.countMirror(id)
	}
	return fault.New(fault.Missing, "page.fault.no-page")
}

func (v *visit) countMirror(id string) error {
	r, err := v.Desk.Release(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	first, err := statistics.ParseQuarter(r.First)
	if err != nil {
		return err
	}
	last, err := statistics.ParseQuarter(r.Last)
	if err != nil {
		return err
	}
	return v.Desk.CountMirror(v.ctx(), v.who, first, last)
}
