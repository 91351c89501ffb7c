package desk

import (
	"context"
	"time"

	"countersign/internal/store"
)

// FollowLists reads the lists again when the record says that others are in use than are in memory: another replica
// or the operator's command took them into use. It returns whether they were read.
func (b *Border) FollowLists() (bool, error) {
	rows, err := store.Lists(b.Store)
	if err != nil {
		return false, err
	}
	if b.holds(rows) || !b.changed(rows) {
		return false, nil
	}
	return true, b.readLists()
}

// holds tells whether the lists in memory are those of the record.
func (b *Border) holds(rows []store.ListRow) bool {
	in := map[string]int64{}
	if ix := b.index.Index(); ix != nil {
		for _, h := range ix.Lists() {
			in[h.List] = h.Version
		}
	}
	for _, r := range rows {
		if in[r.List] != r.Version {
			return false
		}
	}
	return len(in) == len(rows)
}

// changed tells whether the record names other lists than at the last look: a damaged file is not read again and
// again.
func (b *Border) changed(rows []store.ListRow) bool {
	b.reading.Lock()
	defer b.reading.Unlock()
	seen := map[string]int64{}
	same := len(rows) == len(b.seen)
	for _, r := range rows {
		seen[r.List] = r.Version
		same = same && b.seen[r.List] == r.Version
	}
	b.seen = seen
	return !same
}

// RunFollowing looks from time to time, until ctx ends, whether other lists or false matches count than are in memory.
func (b *Border) RunFollowing(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if _, err := b.FollowLists(); err != nil && ctx.Err() == nil {
			b.alarm("the alert lists could not be followed", err)
		}
		if err := b.readCleared(); err != nil && ctx.Err() == nil {
			b.alarm("the false matches could not be followed", err)
		}
	}
}
