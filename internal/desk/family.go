package desk

import (
	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/fault"
)

// maxFamily bounds how many cases are read as one family.
const maxFamily = 32

// family are the cases of everybody who belongs to the family of a case: those it names, and those that they name.
// Whoever is named by none of them may be missing; whoever cannot be read is left out, and the gate stays unknown.
func (d *Desk) family(r reader, s casework.State) ([]casework.State, error) {
	seen := map[act.ID]bool{s.Case: true}
	queue := s.Family
	var all []casework.State
	for len(queue) > 0 {
		id := queue[0].Case
		queue = queue[1:]
		if seen[id] {
			continue
		}
		if seen[id] = true; len(all) == maxFamily {
			return nil, fault.New(fault.Invalid, "fault.family.large", "limit", "32")
		}
		m, err := d.caseState(r, id)
		if fault.KindOf(err) == fault.Missing { // somebody who was forgotten
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, m)
		queue = append(queue[:len(queue):len(queue)], m.Family...)
	}
	return all, nil
}

// linkBack says in the other case what was said in this one. Both links stand or fall together.
func (t *turn) linkBack(id act.ID, c casework.LinkFamily) error {
	other, err := t.caseState(t.tx, c.Case)
	if err != nil {
		return err
	}
	if other.Case == "" {
		return fault.New(fault.Missing, "fault.case.missing")
	}
	back, fresh := c.Mirrored(id, other)
	if !fresh {
		return nil
	}
	_, err = t.carryOut(c.Case, back)
	return err
}
