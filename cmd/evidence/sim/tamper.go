package sim

import (
	"strings"

	"countersign/cmd/evidence/check"
	"countersign/cmd/evidence/host"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// Stop stops a side's node and returns its folder.
func (s *Side) Stop() string {
	s.Node.Close()
	return s.folder()
}

// Start starts a stopped side.
func (s *Side) Start() error { return s.open() }

// Size is how many joint acts a side has made.
func (s *Side) Size() int64 { return sizeOf(s.Node.Store(), s.Name) }

// Apart keeps the two from reaching each other until Heal.
func (w *World) Apart() { w.split = w.now.AddDate(1, 0, 0) }

// Audit is what the node's own inspection of its record finds.
func (w *World) Audit(name string) string {
	checks, err := w.Sides[name].Node.Desk.Audit(w.ctx)
	if err != nil {
		return "audit: " + err.Error()
	}
	var bad []string
	for _, c := range checks {
		if !c.OK {
			bad = append(bad, strings.TrimPrefix(c.Key, "verify.record."))
		}
	}
	return strings.Join(bad, " ")
}

// Meet lets both sides push again and says how one of them noticed that something is wrong.
func (w *World) Meet() string {
	w.Calm, w.split = true, w.now
	var noticed []string
	for range 3 {
		for _, name := range host.Both {
			if _, err := w.Sides[name].Node.Push(w.ctx); err != nil {
				noticed = append(noticed, strings.TrimPrefix(fault.KeyOf(err), "fault."))
			}
		}
	}
	for _, name := range host.Both {
		q := w.Sides[name].Node.Store()
		if why, _ := store.ReadOnly(q); why != "" {
			noticed = append(noticed, name+" read-only")
		}
		var forks int
		if q.QueryRow(`SELECT COUNT(*) FROM equivocations`).Scan(&forks); forks > 0 {
			noticed = append(noticed, "proof of a fork at "+name)
		}
	}
	return strings.Join(compact(noticed), ", ")
}

func compact(list []string) (out []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// Compare is what somebody finds who lays both records side by side.
func (w *World) Compare() string {
	records := map[string]*check.Record{}
	for _, name := range host.Both {
		r, err := w.Sides[name].read()
		if err != nil {
			return err.Error()
		}
		records[name] = r
	}
	for _, p := range check.Together(records, false) {
		return p.What
	}
	return ""
}
