package desk

import (
	"bytes"
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/official"
	"countersign/internal/store"
)

// ImportEdition reads one table of an official edition and keeps it: whole or not at all. The same file twice is
// the same as once (fresh is false); other content for the same table and date is refused, for an edition does
// not change.
func (d *Desk) ImportEdition(ctx context.Context, who Session, in io.Reader, name string, published time.Time) (f *official.File, fresh bool, err error) {
	if err := d.allow(who, "propose-edition", access.Resource{Type: "edition"}); err != nil {
		return nil, false, err
	}
	if f, err = official.Read(in, name, published); err != nil { // outside the transaction: a file is long
		return nil, false, err
	}
	var content bytes.Buffer
	if _, err := f.WriteTo(&content); err != nil {
		return nil, false, err
	}
	day := published.Format(time.DateOnly)
	return f, fresh, d.perform(ctx, who, func(t *turn) error {
		fresh = false
		hash, err := store.FindEdition(t.tx, string(f.Table), day)
		switch {
		case err != nil || hash == f.Hash:
			return err
		case hash != "":
			return fault.New(fault.Conflict, "fault.statistics.edition-twice", "table", string(f.Table), "edition", day)
		}
		fresh = true
		if err := t.tx.PutEdition(store.EditionRow{Table: string(f.Table), Published: day, Hash: f.Hash, Content: content.Bytes()}); err != nil {
			return err
		}
		_, err = t.say(act.Statement{Scope: act.Domestic, Kind: domestic.EditionImported, Body: &domestic.EditionImport{Table: string(f.Table),
			Published: day, File: f.Name, Hash: f.Hash, Rows: f.Lines, Returns: f.Total}})
		return err
	})
}

// editionCache keeps tables that were read: they never change.
type editionCache struct {
	mu    sync.Mutex
	files map[string]*official.File
}

// Editions are the official editions that are kept here, oldest first.
func (d *Desk) Editions(_ context.Context, who Session) ([]*cube.Holding, error) {
	if err := d.allow(who, "view-statistics", access.Resource{Type: "edition"}); err != nil {
		return nil, err
	}
	return d.holdings()
}

func (d *Desk) holdings() ([]*cube.Holding, error) {
	rows, err := store.Editions(d.Store)
	if err != nil {
		return nil, err
	}
	d.editions.mu.Lock()
	defer d.editions.mu.Unlock()
	if d.editions.files == nil {
		d.editions.files = map[string]*official.File{}
	}
	var files []*official.File
	for _, r := range rows {
		f := d.editions.files[r.Table+" "+r.Hash]
		if f == nil {
			content, err := store.EditionContent(d.Store, r.Table, r.Published)
			if err != nil {
				return nil, err
			}
			if f, err = official.ReadCompact(content, r.Table+" "+r.Published); err != nil {
				return nil, err
			}
			d.editions.files[r.Table+" "+r.Hash] = f
		}
		files = append(files, f)
	}
	return official.Holdings(files)
}

// recordDays are the days as known on which the record is looked at beside the one that is asked for: those of
// the own publications and of the official editions, so that a figure that has moved since is seen as stale.
func (d *Desk) recordDays(target time.Time) ([]time.Time, error) {
	own, err := d.ownReleases(d.Store)
	if err != nil {
		return nil, err
	}
	days := append([]time.Time{target}, official.Editions...)
	if origin, err := statistics.ParseDay(official.Table().Origin.Published); err == nil {
		days = append(days, origin)
	}
	for _, s := range own {
		if s.Public() && s.Kind == "" {
			if known, err := time.Parse(time.RFC3339, s.Draft.Known); err == nil {
				days = append(days, dayOnly(known))
			}
		}
	}
	days = slices.DeleteFunc(days, func(t time.Time) bool { return t.After(target) })
	slices.SortFunc(days, time.Time.Compare)
	return slices.CompactFunc(days, time.Time.Equal), nil
}

func dayOnly(t time.Time) time.Time {
	y, m, day := t.UTC().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
}
