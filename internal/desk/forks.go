package desk

import (
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/tlog"
)

// Proofs that the peer signed two records. Whoever holds one can show it to anybody; the stream stands still.

// rewritten keeps the proof that a head no larger than ours has another root than the same peer's later one.
func (t *turn) rewritten(log *store.Log, b record.Batch, head record.Head, acts []incoming) (record.Answer, error) {
	newest, ok, err := store.HeadAt(t.tx, log.ID, log.Size())
	if err != nil || !ok {
		return record.Answer{}, fault.New(fault.Conflict, "fault.exchange.inconsistent").Because(err)
	}
	hashes := store.HashReader{Q: t.tx, Log: log.ID}
	of := log.Head()
	proof, err := record.NewFork(t.peer, b.Head, newest.Signed, head.Size, of, hashes)
	if err != nil {
		return record.Answer{}, err
	}
	if proof.KeysOfSecond, err = t.heldChanges(log, of.Size, of.Size, hashes); err != nil {
		return record.Answer{}, err
	}
	tried, err := t.try(log, b.From, acts)
	if err != nil {
		return record.Answer{}, err
	}
	if tried.Head(t.peer) == head { // what the smaller head stands for is known too
		if proof.KeysOfFirst, err = t.triedChanges(log, b.From, acts, tried); err != nil {
			return record.Answer{}, err
		}
	}
	return t.keepFork(log, proof, head, of)
}

// fork keeps the proof that a larger head contradicts the one that we countersigned.
func (t *turn) fork(log *store.Log, b record.Batch, head record.Head, acts []incoming, tried *record.Grown) (record.Answer, error) {
	held, ok, err := store.HeadAt(t.tx, log.ID, log.Size())
	if err != nil || !ok {
		return record.Answer{}, fault.New(fault.Conflict, "fault.exchange.inconsistent").Because(err)
	}
	proof, err := record.NewFork(t.peer, held.Signed, b.Head, log.Size(), head, tried)
	if err != nil {
		return record.Answer{}, err
	}
	if proof.KeysOfFirst, err = t.heldChanges(log, log.Size(), log.Size(), store.HashReader{Q: t.tx, Log: log.ID}); err != nil {
		return record.Answer{}, err
	}
	if proof.KeysOfSecond, err = t.triedChanges(log, b.From, acts, tried); err != nil {
		return record.Answer{}, err
	}
	return t.keepFork(log, proof, log.Head(), head)
}

// heldChanges are the changes of the peer's log key that are held here below an index, with their places in a tree of the
// given size that begins with them.
func (t *turn) heldChanges(log *store.Log, below, size int64, tree tlog.HashReader) ([]record.Exhibit, error) {
	var all []record.Exhibit
	for _, k := range t.ring().all(t.Peer.Authority, joint.UseLog) {
		if k.Index < 0 || k.Index >= below {
			continue
		}
		rows, err := store.ActsOfLog(t.tx, log.ID, k.Index, 1)
		if err != nil || len(rows) == 0 {
			return nil, fault.New(fault.Missing, "fault.evidence.no-act").Because(err)
		}
		signed, err := t.signedAct(t.tx, rows[0])
		if err != nil {
			return nil, err
		}
		e, err := keyExhibit(incoming{signed: signed}, k.Index, size, tree)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// triedChanges are those of a record that is not taken: what it shares with ours, and what its own acts bring.
func (t *turn) triedChanges(log *store.Log, from int64, acts []incoming, tried *record.Grown) ([]record.Exhibit, error) {
	size := from + int64(len(acts))
	all, err := t.heldChanges(log, from, size, tried)
	if err != nil {
		return nil, err
	}
	for _, i := range logKeyChanges(t.Peer.Root, acts) {
		e, err := keyExhibit(acts[i], from+int64(i), size, tried)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

func keyExhibit(a incoming, index, size int64, tree tlog.HashReader) (record.Exhibit, error) {
	proof, err := tlog.ProveRecord(size, index, tree)
	if err != nil {
		return record.Exhibit{}, err
	}
	return record.MakeExhibit(a.signed, index, proof, func(string) bool { return true })
}

// keepFork freezes the stream. Whoever holds the two heads and the proof can show them to anybody.
func (t *turn) keepFork(log *store.Log, f record.Fork, first, second record.Head) (record.Answer, error) {
	raw, err := json.Marshal(f)
	if err != nil {
		return record.Answer{}, err
	}
	if err := t.tx.PutFork(log.ID, f.Name(first, second), []byte(f.First), []byte(f.Second), raw); err != nil {
		return record.Answer{}, err
	}
	answer, err := t.answer(t.tx, log.ID, log.Size())
	answer.Refused = "fault.exchange.fork"
	return answer, err
}
