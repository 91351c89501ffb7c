package demo

import (
	"context"
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
)

// points are the attestation points before each guarded step (design.md 5.7).
var points = map[casework.Step][]string{
	casework.StepRequest: {"request"}, casework.StepDocument: {"travel-document"}, casework.StepHoldSeat: {"booking"},
	casework.StepConfirm: {"booking"}, casework.StepAnnounce: {"booking"}, casework.StepLock: {"manifest-lock"},
	casework.StepDepart: {"t24", "t2"}, casework.StepHandover: {"handover"},
}

// Attest lets the British officers look at every gate before a step and attest what they found clear: each
// gate by an officer whose role may say so. Gates that are closed by a fact stay closed.
func (w *World) Attest(ctx context.Context, id act.ID, step casework.Step) error {
	for _, point := range points[step] {
		if err := w.attest(ctx, id, step, point); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) attest(ctx context.Context, id act.ID, step casework.Step, point string) error {
	return w.eachAttester(ctx, id, step, func(role string, findings []domestic.Finding) error {
		_, err := w.GB.Desk.Case(ctx, w.GB.As(role), id, casework.Attest{Point: point, Findings: findings})
		return err
	})
}

// eachAttester hands over what each role is to attest before a step: the gates that no fact closes.
func (w *World) eachAttester(ctx context.Context, id act.ID, step casework.Step, attest func(role string, findings []domestic.Finding) error) error {
	view, err := w.GB.Desk.ViewCase(ctx, w.GB.As("supervisor"), id)
	if err != nil {
		return err
	}
	byRole := map[string][]domestic.Finding{}
	for _, g := range view.Gates[step] {
		rule, ok := w.GB.Desk.Law.Gate(g.ID)
		if !ok || !rule.Attested || g.Status == casework.GateClosed {
			continue
		}
		role := "caseworker"
		if len(rule.AttestBy) > 0 && !slices.Contains(rule.AttestBy, role) && !slices.Contains(rule.AttestBy, "any") {
			role = rule.AttestBy[0]
		}
		evidence := "file-checked"
		if len(rule.Evidence) > 0 {
			evidence = rule.Evidence[0]
		}
		byRole[role] = append(byRole[role], domestic.Finding{Gate: g.ID, Clear: true, Evidence: evidence})
	}
	for _, role := range []string{"caseworker", "senior-caseworker", "court-liaison", "medical-officer", "specialist", "supervisor"} {
		if f := byRole[role]; len(f) > 0 {
			if err := attest(role, f); err != nil {
				return err
			}
		}
	}
	return nil
}
