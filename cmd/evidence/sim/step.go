package sim

import (
	"errors"
	"fmt"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
)

// Step lets some time pass, an officer work, and frames travel, with whatever goes wrong. Errors inside the
// product that are no refusals are findings.
func (w *World) Step() error {
	w.Steps++
	w.now = w.now.Add(time.Duration(1+w.random.IntN(14*60)) * time.Minute)
	w.weather()
	s := w.Sides[host.GB]
	if w.random.IntN(5) < 2 {
		s = w.Sides[host.AL]
	}
	if !w.Calm && w.chance(40) {
		s.armed = 1 + w.random.IntN(20)
	}
	if !w.Calm && w.chance(25) {
		s.failing = 1 + w.random.IntN(20)
	}
	err := s.Office.Step(w.ctx)
	s.failing = 0
	if err != nil && !s.dead && !errors.Is(err, errDice) {
		w.find("I1: %s: an officer met an internal error: %v", s.Name, err)
	}
	if !w.Calm && !s.dead && w.chance(60) {
		s.kill("killed between transactions")
	}
	if err := w.revive(); err != nil {
		return err
	}
	for _, name := range host.Both {
		if w.random.IntN(5) < 3 {
			w.push(name)
			if err := w.revive(); err != nil {
				return err
			}
		}
	}
	w.quick()
	return nil
}

// weather is what happens to clocks and lines.
func (w *World) weather() {
	if w.Calm {
		return
	}
	if w.now.After(w.split) && w.chance(60) {
		w.Faults["line cut"]++
		w.split = w.now.Add(time.Duration(1+w.random.IntN(72)) * time.Hour)
	}
	if w.chance(50) {
		w.Faults["clock jumps"]++
		s := w.Sides[host.Both[w.random.IntN(2)]]
		s.skew = time.Duration(w.random.IntN(180)-90) * time.Second
		if w.chance(6) {
			s.skew = time.Duration(w.random.IntN(40)-20) * time.Minute
		}
	}
}

func (w *World) push(name string) {
	s := w.Sides[name]
	_, err := s.Node.Push(w.ctx)
	if err != nil && !s.dead && fault.KeyOf(err) == "" {
		w.find("I8: %s: pushing failed inside: %v", name, err)
	}
}

// revive starts again what was killed. A node that does not start again is a finding and ends the world.
func (w *World) revive() error {
	for _, name := range host.Both {
		s := w.Sides[name]
		if !s.dead {
			continue
		}
		if err := s.again(); err != nil {
			w.find("I1: %s does not start after it was killed: %v", name, err)
			return fmt.Errorf("%s does not start: %w", name, err)
		}
		w.remembers(s)
	}
	return nil
}

func (w *World) find(format string, args ...any) {
	w.Found = append(w.Found, fmt.Sprintf("seed %d step %d: ", w.Seed, w.Steps)+fmt.Sprintf(format, args...))
}

// barriers notes which gates officers closed and opened, as they were told.
func (s *Side) barriers(about act.ID, events []act.Event) {
	for _, e := range events {
		switch b := e.Body.(type) {
		case *domestic.Barrier:
			if e.Kind != domestic.BarrierSet {
				continue
			}
			if s.closed[about] == nil {
				s.closed[about] = map[act.ID]string{}
			}
			s.closed[about][e.ID] = b.Gate
		}
	}
}

// guardedBy is the step that a command carries out.
var guardedBy = map[string]string{"request-readmission": "request", "ask-travel-document": "document", "hold-seat": "hold-seat", "confirm-booking": "confirm",
	"notify-transfer": "announce", "lock-journey": "lock", "depart": "depart", "offer-handover": "handover"}

// guarded checks I4: no step was allowed while an officer knew of an absolute barrier before it.
func (s *Side) guarded(id act.ID, command string) {
	step, ok := guardedBy[command]
	if !ok {
		return
	}
	for barrier, gate := range s.closed[id] {
		rule, ok := s.Office.Desk.Law.Gate(gate)
		if ok && rule.Absolute && rule.Guarding(step) {
			s.w.find("I4: %s carried out %s in case %s while %s (%s) was closed", s.Name, command, id, gate, barrier)
		}
	}
}

// Cut splits the two for a time, in which officers go on working at both ends.
func (w *World) Cut(d time.Duration) error {
	w.Calm = false
	w.Faults["line cut"]++
	w.split = w.now.Add(d)
	for w.now.Before(w.split) {
		if err := w.Step(); err != nil || len(w.Found) > 0 {
			return err
		}
	}
	return nil
}
