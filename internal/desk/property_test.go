package desk_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/store"
	"countersign/internal/store/storetest"

	"pgregory.net/rapid"
)

// weather is a line that loses, doubles, delays and reorders frames and loses answers, as rapid says.
type weather struct {
	t       *rapid.T
	delayed [][]byte
}

func (w *weather) carry(frame []byte, take func([]byte) ([]byte, error)) ([]byte, error) {
	switch rapid.SampledFrom([]string{"fine", "fine", "fine", "lost", "doubled", "answer lost", "delayed", "old first"}).Draw(w.t, "weather") {
	case "lost":
		return nil, errLost
	case "doubled":
		if _, err := take(bytes.Clone(frame)); err != nil {
			return nil, err
		}
	case "answer lost":
		if _, err := take(frame); err != nil {
			return nil, err
		}
		return nil, errLost
	case "delayed":
		w.delayed = append(w.delayed, bytes.Clone(frame))
		return nil, errLost
	case "old first":
		for _, old := range w.delayed {
			if _, err := take(old); err != nil {
				return nil, err
			}
		}
		w.delayed = nil
	}
	return take(frame)
}

// Whatever the line does, both sides end with equal leaves, each act took effect once and in order, the receipts are
// the same on both sides, and nothing was taken for a fork.
func TestAnyWeather(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		gb, al := two(t, func() store.Options { return storetest.SQLite(t) })
		defer gb.store.Close()
		defer al.store.Close()
		w := &weather{t: rt}
		gb.wire.fn, al.wire.fn = w.carry, w.carry
		said := map[*side][]act.ID{}
		rt.Repeat(map[string]func(*rapid.T){
			"gb says":   func(*rapid.T) { said[gb] = append(said[gb], gb.say(t).ID) },
			"al says":   func(*rapid.T) { said[al] = append(said[al], al.say(t).ID) },
			"gb pushes": func(*rapid.T) { gb.link.Slot(context.Background()) },
			"al pushes": func(*rapid.T) { al.link.Slot(context.Background()) },
			"time":      func(*rapid.T) { gb.clock.at = gb.clock.at.Add(time.Minute) },
		})
		gb.wire.fn, al.wire.fn = nil, nil
		gb.slot(t)
		al.slot(t)
		gb.slot(t)
		agree(t, gb, al)
		for from, to := range map[*side]*side{gb: al, al: gb} {
			same(rt, from, to, said[from])
		}
	})
}

// same checks that to holds exactly what from said, once each, in order, effective, with the same receipts.
func same(t *rapid.T, from, to *side, said []act.ID) {
	var held []act.ID
	log, err := store.FindLog(to.store, "countersign/"+agreement+"/"+from.Authority+"/"+to.Authority)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := store.ActsOfLog(to.store, log.ID, 0, log.Size+1)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		mine, ok, err := store.FindAct(from.store, row.ID)
		if err != nil || !ok || row.Refused != "" {
			t.Fatalf("%s holds %+v, which %s never said (%v)", to.Authority, row, from.Authority, err)
		}
		if mine.Receipt.IsZero() || !mine.Receipt.Equal(row.Receipt) {
			t.Fatalf("receipt %v at %s, %v at %s", mine.Receipt, from.Authority, row.Receipt, to.Authority)
		}
		if row.Kind == "link.tested" {
			held = append(held, row.ID)
		}
	}
	if len(held) != len(said) {
		t.Fatalf("%s said %d acts, %s holds %d", from.Authority, len(said), to.Authority, len(held))
	}
	for i := range held {
		if held[i] != said[i] {
			t.Fatalf("act %d is out of order", i)
		}
	}
	if frozen, err := store.Frozen(to.store); err != nil || frozen {
		t.Fatalf("frozen by weather (%v)", err)
	}
}
