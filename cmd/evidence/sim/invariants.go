package sim

import (
	"context"
	"strconv"
	"time"

	"countersign/cmd/evidence/check"
	"countersign/cmd/evidence/host"
	"countersign/internal/store"
)

// quick checks after each step what can be read in a moment.
func (w *World) quick() {
	size, held, receipt := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, name := range host.Both {
		q := w.Sides[name].Node.Store()
		size[name], held[host.PeerOf(name)] = sizeOf(q, name), sizeOf(q, host.PeerOf(name))
		if h, ok := countersigned(q, name); ok {
			receipt[name] = h
		}
		var gaps, forks int64
		q.QueryRow(`SELECT COUNT(*) FROM logs WHERE size <> (SELECT COALESCE(MAX(idx) + 1, 0) FROM acts WHERE acts.log = logs.id)`).Scan(&gaps)
		q.QueryRow(`SELECT COUNT(*) FROM equivocations`).Scan(&forks)
		if gaps > 0 {
			w.find("I1: %s: the size of %d logs is not that of their acts", name, gaps)
		}
		if forks > 0 {
			w.find("I3: %s has a proof of a fork on file", name)
		}
		if why, _ := store.ReadOnly(q); why != "" {
			w.find("I1: %s is read-only though no backup was restored: %s", name, why)
		}
	}
	for _, name := range host.Both {
		if held[name] > size[name] {
			w.find("I3: %s holds %d acts of %s, which has %d", host.PeerOf(name), held[name], name, size[name])
		}
		if receipt[name] > held[name] && !w.mending {
			w.find("I1: %s has a countersignature for %d acts, %s holds %d", name, receipt[name], host.PeerOf(name), held[name])
		}
	}
}

// sizeOf is the size of a stream as one database has it.
func sizeOf(q *store.Store, from string) (n int64) {
	q.QueryRow(`SELECT size FROM logs WHERE origin = $1`, stream(from)).Scan(&n)
	return n
}

func stream(from string) string {
	return "countersign/" + host.Agreement + "/" + from + "/" + host.PeerOf(from)
}

func countersigned(q *store.Store, name string) (size int64, ok bool) {
	err := q.QueryRow(`SELECT size FROM heads WHERE log = (SELECT id FROM logs WHERE origin = $1) AND cosigned <> $2 ORDER BY size DESC LIMIT 1`, stream(name), []byte{}).Scan(&size)
	return size, err == nil
}

// remembers checks that a node which was killed still has what it acknowledged last.
func (w *World) remembers(s *Side) {
	for _, a := range s.Acks[max(0, len(s.Acks)-30):] {
		for _, id := range a.Acts {
			var n int
			if err := s.Node.Store().QueryRow(`SELECT COUNT(*) FROM acts WHERE id = $1`, string(id)).Scan(&n); err != nil || n != 1 {
				w.find("I1: %s: acknowledged act %s is there %d times after a kill (%v)", s.Name, id, n, err)
			}
		}
	}
}

// Heal lets the weather clear and both sides push until nothing is left to send; it returns how long that
// took in simulated time. Slots are a second apart, as in production.
func (w *World) Heal() time.Duration {
	w.Calm = true
	began := w.now
	if w.split.After(began) {
		w.split = began
	}
	for _, s := range w.Sides {
		s.skew = 0
	}
	for range 600 {
		w.now = w.now.Add(time.Second)
		for _, name := range host.Both {
			w.push(name)
		}
		if w.settled() {
			w.mending = false
			break
		}
	}
	return w.now.Sub(began)
}

func (w *World) settled() bool {
	for _, name := range host.Both {
		size, held := sizeOf(w.Sides[name].Node.Store(), name), sizeOf(w.Sides[host.PeerOf(name)].Node.Store(), name)
		n, ok := countersigned(w.Sides[name].Node.Store(), name)
		if !ok || n != size || held != size {
			return false
		}
	}
	return true
}

// Judge reads both records as files and checks all that the judge knows; converged asks for equal records.
func (w *World) Judge(converged bool) {
	records := map[string]*check.Record{}
	for _, name := range host.Both {
		s := w.Sides[name]
		r, err := s.read()
		if err != nil {
			w.find("I1: %s: the record cannot be read: %v", name, err)
			return
		}
		records[name] = r
		_, lost := r.Missing(s.Acks)
		for _, p := range append(lost, r.Problems()...) {
			w.find("%s", p)
		}
		if n := r.Count("data.consulted"); n < s.Views {
			w.find("I9: %s showed %d cases and recorded %d looks", name, s.Views, n)
		}
	}
	for _, p := range check.Together(records, converged) {
		w.find("%s", p)
	}
	if converged {
		for _, p := range check.Outcomes(records) {
			w.find("%s", p)
		}
	}
}

// Acts is how many acts both nodes have, of both kinds.
func (w *World) Acts() (joint, domestic int64) {
	for _, name := range host.Both {
		j, d := w.Sides[name].Acts()
		joint, domestic = joint+j, domestic+d
	}
	return joint, domestic
}

// Acts is how many acts a side has made.
func (s *Side) Acts() (joint, domestic int64) {
	joint = sizeOf(s.Node.Store(), s.Name)
	s.Node.Store().QueryRow(`SELECT size FROM logs WHERE kind = 'domestic'`).Scan(&domestic)
	return joint, domestic
}

// Outcomes counts how the requesting side's cases ended.
func (w *World) Outcomes() map[string]int {
	all := map[string]int{}
	rows, err := w.Sides[host.GB].Node.Store().Query(`SELECT outcome, COUNT(*) FROM cases GROUP BY outcome`)
	if err != nil {
		return all
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var n int
		if rows.Scan(&name, &n) == nil {
			if name == "" {
				name = "open"
			}
			all[name] += n
		}
	}
	return all
}

// Until runs steps until a simulated time after the start.
func (w *World) Until(ctx context.Context, d time.Duration, judge int) error {
	for w.now.Before(Start.Add(d)) && len(w.Found) == 0 && ctx.Err() == nil {
		if err := w.Step(); err != nil {
			return err
		}
		if judge > 0 && w.Steps%judge == 0 {
			w.Judge(false)
		}
	}
	return nil
}

// Now is the simulated time.
func (w *World) Now() time.Time { return w.now }

// Name of the seed, for messages.
func (w *World) Name() string { return strconv.FormatUint(w.Seed, 10) }
