package desk_test

import (
	"testing"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"
	"countersign/internal/store/storetest"

	"golang.org/x/mod/sumdb/tlog"
)

// rotate makes the act by which root changes the forger's log key, and lets the forger sign heads with the new one.
func (f *forger) rotate(t *testing.T) []byte {
	next := newSecrets(t, "gb").Log
	b := f.signed(t, f.Root, joint.KeyChanged, changeOf(joint.UseLog, pub(next)), nil)
	f.Log = next
	return b
}

// keptFork is the only proof that the receiver keeps.
func keptFork(t *testing.T, al *side) record.Fork {
	t.Helper()
	proofs, err := store.Forks(al.store)
	if err != nil || len(proofs) != 1 {
		t.Fatalf("%d proofs kept (%v)", len(proofs), err)
	}
	proof, err := record.ReadFork(proofs[0].Proof)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// A fork is proved with the keys of the pairing alone, on whichever side of a change of the log key its two heads stand.
func TestForksAcrossKeyChanges(t *testing.T) {
	for name, play := range map[string]func(t *testing.T, f *forger) record.Batch{
		"both after one change": func(t *testing.T, f *forger) record.Batch {
			f.push(t, f.rotate(t))
			back := f.fork()
			f.push(t, f.good(t))
			back()
			return f.batch(t, f.good(t))
		},
		"the larger one after a change that the smaller one is before": func(t *testing.T, f *forger) record.Batch {
			back := f.fork()
			f.push(t, f.good(t))
			back()
			return f.batch(t, f.good(t), f.rotate(t), f.good(t))
		},
		"the held one after a change, the smaller one before it": func(t *testing.T, f *forger) record.Batch {
			back, before := f.fork(), f.Log
			f.push(t, f.good(t), f.good(t), f.rotate(t))
			back()
			f.Log = before
			return f.batch(t, f.good(t))
		},
		"an idle head of the past under the new key": func(t *testing.T, f *forger) record.Batch {
			back := f.fork()
			f.push(t, f.rotate(t), f.good(t))
			f.push(t, f.good(t))
			back()
			b := f.batch(t, f.good(t), f.good(t))
			return record.Batch{From: f.edge.Size(), Head: b.Head}
		},
		"each record has a change of its own": func(t *testing.T, f *forger) record.Batch {
			back, first := f.fork(), f.Log
			f.push(t, f.rotate(t), f.good(t))
			back()
			f.Log = first
			return f.batch(t, f.good(t), f.good(t), f.rotate(t))
		},
		"two changes before the fork": func(t *testing.T, f *forger) record.Batch {
			f.push(t, f.rotate(t), f.good(t))
			f.push(t, f.rotate(t))
			back := f.fork()
			f.push(t, f.good(t))
			back()
			return f.batch(t, f.good(t), f.good(t))
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, al := forge(t, storetest.SQLite(t))
			paired := f.authority()
			f.push(t, f.good(t))
			a, err := al.Incoming(t.Context(), play(t, f))
			if err != nil || a.Refused != "fault.exchange.fork" {
				t.Fatalf("answered %+v (%v)", a, err)
			}
			proof := keptFork(t, al)
			if err := proof.Check(paired); err != nil {
				t.Fatalf("the proof does not hold: %v", err)
			}
			spoilForkKeys(t, proof, paired)
		})
	}
}

// spoilForkKeys breaks what shows which key counted: each break must be caught.
func spoilForkKeys(t *testing.T, proof record.Fork, paired record.Authority) {
	t.Helper()
	bare := proof
	bare.KeysOfFirst, bare.KeysOfSecond = nil, nil
	if err := bare.Check(paired); err == nil {
		t.Error("heads under an unknown key pass without the acts that changed it")
	}
	other := paired
	other.Root = pub(newSecrets(t, "x").Root)
	if err := proof.Check(other); err == nil {
		t.Error("changes of key are believed under another root")
	}
	for _, list := range []func(*record.Fork) *[]record.Exhibit{
		func(f *record.Fork) *[]record.Exhibit { return &f.KeysOfFirst },
		func(f *record.Fork) *[]record.Exhibit { return &f.KeysOfSecond },
	} {
		moved := proof
		if *list(&moved) = append([]record.Exhibit(nil), *list(&moved)...); len(*list(&moved)) == 0 {
			continue
		}
		(*list(&moved))[0].Index++
		if err := moved.Check(paired); err == nil {
			t.Error("a change of key was believed at another place")
		}
	}
}

// Whoever stole a log key that has been replaced cannot make a proof against its owner with it.
func TestStolenOldKeyProvesNoFork(t *testing.T) {
	f, al := forge(t, storetest.SQLite(t))
	paired, old, at := f.authority(), f.Log, f.edge.Size()
	changed := f.rotate(t)
	f.push(t, changed, f.good(t))
	newest := f.batch(t, f.good(t), f.good(t))
	forged := record.Head{Origin: f.origin(), Size: f.edge.Size() - 1, Root: record.Head{}.Root}
	if _, err := al.Incoming(t.Context(), record.Batch{From: forged.Size, Head: f.head(t, forged, old)}); fault.KeyOf(err) != "fault.head.signature" {
		t.Fatalf("a head under a replaced key was answered %v", err)
	}
	accusation, err := record.NewFork(f.origin(), f.head(t, forged, old), newest.Head, forged.Size,
		record.Head{Origin: f.origin(), Size: f.edge.Size(), Root: f.edge.Root()}, memory(f.hashes))
	if err != nil {
		t.Fatal(err)
	}
	accusation.KeysOfSecond = []record.Exhibit{f.exhibit(t, changed, at)}
	if err := accusation.Check(paired); fault.KeyOf(err) != "fault.fork.key" {
		t.Errorf("a head under a stolen old key: %v", err)
	}
	accusation.First = string(f.head(t, forged, f.Log)) // the same words under the key that counts are a fork
	if err := accusation.Check(paired); err != nil {
		t.Error(err)
	}
}

// exhibit opens one of the forger's acts with its place in the forger's tree.
func (f *forger) exhibit(t *testing.T, raw []byte, index int64) record.Exhibit {
	t.Helper()
	signed, err := act.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := tlog.ProveRecord(f.edge.Size(), index, memory(f.hashes))
	if err != nil {
		t.Fatal(err)
	}
	e, err := record.MakeExhibit(signed, index, proof, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return e
}
