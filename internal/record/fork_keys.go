package record

import (
	"slices"

	"countersign/internal/fault"

	"golang.org/x/mod/sumdb/note"
)

// A fork is proved when the log key has changed too: the two heads may stand on different sides of a change, and the two
// records may have changed it at different places. A head of size n counts under the key that counted at n
// (docs/protocol.md, section 8), by one of two readings: by the changes in the record that the head itself stands for, or by
// all changes that root is shown to have signed. A key that had been replaced at the head's size by both readings proves
// nothing: whoever stole it could have signed (docs/decisions/0073).

// change is one change of the log key with its position.
type change struct {
	index int64
	key   []byte
	act   Exhibit
}

// heads opens both heads, each under the key that counted at its size.
func (f Fork) heads(accused Authority) (first, second Head, err error) {
	ofFirst, err := logChanges(f.KeysOfFirst, accused)
	if err != nil {
		return first, second, err
	}
	ofSecond, err := logChanges(f.KeysOfSecond, accused)
	if err != nil {
		return first, second, err
	}
	all := append(slices.Clone(ofFirst), ofSecond...)
	slices.SortStableFunc(all, func(x, y change) int { return int(x.index - y.index) })
	all = append([]change{{index: -1, key: accused.Log}}, all...)
	if first, err = f.head(f.First, ofFirst, all); err != nil {
		return first, second, err
	}
	second, err = f.head(f.Second, ofSecond, all)
	return first, second, err
}

// logChanges reads the changes of the accused authority's log key, each signed by its root.
func logChanges(exhibits []Exhibit, accused Authority) ([]change, error) {
	var all []change
	for _, e := range exhibits {
		use, key, _, err := e.keyChange(accused)
		if err != nil || use != "log" {
			return nil, fault.New(fault.Denied, "fault.bundle.key").Because(err)
		}
		all = append(all, change{e.Index, key, e})
	}
	return all, nil
}

func (f Fork) head(signed string, own, all []change) (Head, error) {
	h, err := OpenHead([]byte(signed), f.Origin, f.verifiers(all)...)
	if err != nil {
		return h, err
	}
	for _, c := range own {
		if err := c.act.included(f.Origin, h); err != nil {
			return h, err
		}
	}
	counted := counting(all, h.Size)
	counted = append(counted, counting(own, h.Size)...)
	if _, err := OpenHead([]byte(signed), f.Origin, f.verifiers(counted)...); err != nil {
		return h, fault.New(fault.Denied, "fault.fork.key").Because(err)
	}
	return h, nil
}

// counting is the key that counts at a size: the last one announced below it.
func counting(keys []change, size int64) []change {
	for _, k := range slices.Backward(keys) {
		if k.index < size {
			return []change{k}
		}
	}
	return nil
}

func (f Fork) verifiers(keys []change) []note.Verifier {
	var all []note.Verifier
	for _, k := range keys {
		v, err := LogVerifier(f.Origin, k.key)
		if err == nil && !slices.ContainsFunc(all, func(x note.Verifier) bool { return x.KeyHash() == v.KeyHash() }) {
			all = append(all, v) // two changes to one key name it once: a list with doubles is ambiguous
		}
	}
	return all
}
