package check

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// roots computes the tree of a log again, leaf by leaf, with tlog's own functions.
type roots struct{ hashes []tlog.Hash }

func (r *roots) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(r.hashes)) {
			return nil, fmt.Errorf("hash %d of %d", x, len(r.hashes))
		}
		out[i] = r.hashes[x]
	}
	return out, nil
}

// grow makes the tree as large as the acts that are there.
func (l *Log) tree() (*roots, error) {
	if l.roots != nil {
		return l.roots, nil
	}
	r := &roots{}
	for i, e := range l.Entries {
		more, err := tlog.StoredHashesForRecordHash(int64(i), e.Hash, r)
		if err != nil {
			return nil, err
		}
		r.hashes = append(r.hashes, more...)
	}
	l.roots = r
	return r, nil
}

// Root is the root over the first size acts, computed from the acts.
func (l *Log) Root(size int64) (tlog.Hash, error) {
	r, err := l.tree()
	if err != nil {
		return tlog.Hash{}, err
	}
	return tlog.TreeHash(size, r)
}

// Hashes are the stored hashes that follow from the acts, in the order of tlog.
func (l *Log) Hashes() ([]tlog.Hash, error) {
	r, err := l.tree()
	if err != nil {
		return nil, err
	}
	return r.hashes, nil
}
