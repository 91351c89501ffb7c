package main

import (
	"context"
	"fmt"
	"strings"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/demo"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// attempt is something that a person with the database open does to get past a closed gate.
type attempt struct {
	name string
	sql  string // $1 is the case
	want string // what it must meet at the latest: guard, record, nothing-gained
}

// attempts are in the order in which somebody would come to think of them.
var attempts = []attempt{
	{"delete the barrier", `DELETE FROM acts WHERE about = $1 AND kind = 'barrier.set'`, "guard"},
	{"move the barrier to another case", `UPDATE acts SET about = 'elsewhere' WHERE about = $1 AND kind = 'barrier.set'`, "guard"},
	{"mark the barrier as refused", `UPDATE acts SET refused = 'fault.exchange.void' WHERE about = $1 AND kind = 'barrier.set'`, "guard"},
	{"put another act's contents into the barrier", `UPDATE acts SET sealed = (SELECT sealed FROM acts WHERE about = $1 AND kind = 'case.assigned') WHERE about = $1 AND kind = 'barrier.set'`, "guard"},
	{"put the barrier before everything else", `UPDATE acts SET seq = -seq WHERE about = $1 AND kind = 'barrier.set'`, "guard"},
	{"shorten the domestic log", `UPDATE logs SET size = size - 1 WHERE kind = 'domestic' AND (SELECT COUNT(*) FROM acts WHERE about = $1) > 0`, "guard"},
	{"overwrite the hashes", `UPDATE tiles SET hashes = substr(hashes, 33) WHERE (SELECT COUNT(*) FROM acts WHERE about = $1) > 0`, "guard"},
	{"give a caseworker a supervisor's role", `UPDATE signers SET role = 'supervisor' WHERE role = 'caseworker' AND (SELECT COUNT(*) FROM acts WHERE about = $1) > 0`, "guard"},
	{"insert the lifting of the barrier, copied from another act", `INSERT INTO acts (log, idx, seq, id, scope, kind, about, subject, officer, authority, role, occurred, made, recorded, sealed)
		SELECT log, idx + 100000, seq + 100000, 'forged', scope, 'barrier.lifted', about, subject, officer, authority, role, occurred, made, recorded, sealed
		FROM acts WHERE about = $1 AND kind = 'barrier.set'`, "record"},
	{"open the case on the work list", `UPDATE cases SET blocked = FALSE, paused = FALSE, next = 'case.next.depart' WHERE id = $1`, "record"},
	{"close the case as returned", `UPDATE cases SET outcome = 'returned' WHERE id = $1`, "record"},
	{"count a return that was none", `INSERT INTO returns (seq, act, kind, recorded, body) SELECT 100000, id, 'return.recorded', updated, '{}' FROM cases WHERE id = $1`, "record"},
}

// gateSQL lets somebody write into the database behind the door, first as far as the guards let him, and then without
// them: whoever owns a database can drop its triggers. What changes something is tried on a world of its own; a quick
// run leaves out what the guards would have stopped.
func (r *Run) gateSQL(ctx context.Context, on engine) error {
	met := map[string]int{}
	passed := 0
	for i, a := range attempts {
		for _, guarded := range []bool{true, false} {
			if r.Quick && !guarded && a.want == "guard" {
				continue
			}
			what, through, err := r.attempt(ctx, fmt.Sprintf("sql-%d-%v", i, guarded), a, guarded, on)
			if err != nil {
				return fmt.Errorf("%s: %w", a.name, err)
			}
			if through {
				passed++
			}
			if guarded {
				met[strings.Fields(what)[0]]++
			}
			r.Say("  %-10s %-58s %-10s %s", on.name, a.name, map[bool]string{false: "no guards"}[guarded], what)
			if r.Quick && a.want == "record" {
				break // there is no guard that the second attempt would do without
			}
		}
	}
	dropped := fmt.Sprintf("with the guards dropped by whoever owns the database %d let a step pass and all were found afterwards", passed)
	if r.Quick {
		dropped = "without the guards they are tried in a full run"
	}
	r.note("%d attempts by SQL on %s: %d stopped by a guard, %d found by the record, and no step passed; %s", len(attempts), on.name, met["guard"], met["record"], dropped)
	return nil
}

// barred opens a case with a barrier in a world of its own.
func (r *Run) barred(ctx context.Context, name string, on engine) (*demo.World, func(), act.ID, error) {
	w, end, err := r.worldOn(ctx, name, on)
	if err != nil {
		return nil, nil, "", err
	}
	id, err := openFor(ctx, w, 0)
	if err == nil {
		_, err = w.GB.Desk.Case(ctx, w.GB.As("escort-officer"), id, casework.SetBarrier{Barrier: domestic.Barrier{Gate: "asylum-claim", Evidence: "person-said"}})
	}
	if err != nil {
		end()
	}
	return w, end, id, err
}

// attempt makes one attempt on a case with a barrier, tries the guarded step, and asks the record. It says what the
// attempt met, and whether the step passed.
func (r *Run) attempt(ctx context.Context, name string, a attempt, guarded bool, on engine) (string, bool, error) {
	w, end, id, err := r.barred(ctx, name, on)
	if err != nil {
		return "", false, err
	}
	defer end()
	if !guarded {
		if err := storetest.Unguard(ctx, w.GB.Store()); err != nil {
			return "", false, err
		}
	}
	refused := w.GB.Store().Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(a.sql, string(id))
		if err == nil && n == 0 {
			return fmt.Errorf("the attempt touched nothing")
		}
		return err
	})
	if refused != nil {
		if i := strings.Index(refused.Error(), "guard "); i >= 0 {
			return "guard " + strings.FieldsFunc(refused.Error()[i+6:], func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })[0], false, nil
		}
		return "", false, refused
	}
	found, err := found(ctx, w)
	if err != nil {
		return "", false, err
	}
	step := r.step(ctx, w, id)
	switch {
	case guarded && a.want == "guard":
		r.Caught("no guard stops: %s", a.name)
	case found == "":
		r.Caught("the record does not find: %s", a.name)
	}
	if step == "the step passed" {
		r.Caught("a step passed a closed gate after: %s", a.name)
	}
	return "record finds " + found + "; " + step, step == "the step passed", nil
}

// step tries what the barrier forbids.
func (r *Run) step(ctx context.Context, w *demo.World, id act.ID) string {
	seat := domestic.Booking{Means: "air", Carrier: "BA", Number: "892", From: "LHR", To: "TIA", Country: "ALB", Departs: w.Clock.Now().AddDate(0, 1, 0), Arrives: w.Clock.Now().AddDate(0, 1, 1)}
	if _, err := w.GB.Desk.Case(ctx, w.GB.As("caseworker"), id, casework.HoldSeat{Booking: seat}); err == nil {
		return "the step passed"
	}
	return "the step is refused"
}

// found asks the record and the rebuilt projections what does not hold.
func found(ctx context.Context, w *demo.World) (string, error) {
	checks, err := w.GB.Desk.Audit(ctx)
	var list []string
	for _, c := range checks {
		if !c.OK {
			list = append(list, strings.TrimPrefix(c.Key, "verify.record."))
		}
	}
	if err != nil {
		list = append(list, "unreadable")
	}
	if len(list) > 0 {
		return strings.Join(list, ", "), nil
	}
	different, err := w.GB.Desk.Rebuild(ctx, false)
	if err != nil {
		return "unreadable", nil
	}
	for _, d := range different {
		list = append(list, d.Table)
		break
	}
	return strings.Join(list, ", "), nil
}
