package desk

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border/alert"
	"countersign/internal/border/screen"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// maxList bounds a list's file: a million alerts take about 100 MB.
const maxList = 1 << 30

// ActivateSnapshot takes a signed list, or a delta on the one in use, into use. A file that is corrupt, unsigned,
// signed by somebody else, replayed or out of its validity changes nothing: the previous list stays.
func (b *Border) ActivateSnapshot(ctx context.Context, who Session, r io.Reader) error {
	if err := b.allow(who, "load-alerts", access.Resource{Type: "alerts", Domestic: true}); err != nil {
		return err
	}
	file, err := io.ReadAll(io.LimitReader(r, maxList))
	if err != nil {
		return err
	}
	old := b.index.Index()
	next, h, err := b.withList(old, file)
	if err != nil {
		return err
	}
	if err := b.keepList(h, file); err != nil {
		return err
	}
	err = b.perform(ctx, who, func(t *turn) error {
		if b.index.Index() != old {
			return fault.New(fault.Conflict, "fault.border.list-changed")
		}
		if _, err := t.say(act.Statement{Scope: act.Domestic, Kind: domestic.BorderSnapshotActivated,
			Body: &domestic.BorderSnapshot{List: h.List, Version: h.Version, SHA256: h.SHA256, Count: h.Count}}); err != nil {
			return err
		}
		t.tx.After(func() { b.index.Set(next) })
		return nil
	})
	return err
}

// withList is the index with one file more. The old one stays as it is.
func (b *Border) withList(old *screen.Index, file []byte) (*screen.Index, alert.Header, error) {
	now := b.Clock().UTC()
	ring, err := b.trusted()
	if err != nil {
		return nil, alert.Header{}, err
	}
	snap, err := alert.Open(bytes.NewReader(file), ring)
	if err != nil {
		return nil, alert.Header{}, err
	}
	h := snap.Header
	var in *alert.Header
	if old != nil {
		for _, l := range old.Lists() {
			if l.List == h.List {
				in = &l
			}
		}
	}
	if err := h.Follows(in, now); err != nil {
		return nil, h, err
	}
	if h.Base != 0 {
		next, err := old.Apply(bytes.NewReader(file), ring, now)
		return next, h, err
	}
	next, err := b.build(old, h, file, ring)
	return next, h, err
}

// build reads every list in use again, with a new whole one in the place of the old.
func (b *Border) build(old *screen.Index, h alert.Header, file []byte, ring alert.Ring) (*screen.Index, error) {
	chains := []chain{{{h, file}}}
	if old != nil {
		for _, l := range old.Lists() {
			if l.List == h.List {
				continue
			}
			c, err := b.filesOf(l, ring)
			if err != nil {
				return nil, err
			}
			chains = append(chains, c)
		}
	}
	ix, _, err := indexOf(chains, ring)
	return ix, err
}

// chain is a whole list and the deltas on it, in order.
type chain []struct {
	alert.Header
	file []byte
}

// indexOf reads chains. Each file is read as of a day on which it was valid: a whole list may be past its own time
// while the deltas on it are not, and how old a list is the checks say themselves. On error it says which chain.
func indexOf(chains []chain, ring alert.Ring) (ix *screen.Index, bad int, err error) {
	b := screen.NewBuilder()
	for i, c := range chains {
		if err := b.Load(ring, c[0].ValidFrom, bytes.NewReader(c[0].file)); err != nil {
			return nil, i, err
		}
	}
	ix = b.Build()
	for i, c := range chains {
		for _, d := range c[1:] {
			if ix, err = ix.Apply(bytes.NewReader(d.file), ring, d.ValidFrom); err != nil {
				return nil, i, err
			}
		}
	}
	return ix, 0, nil
}

// listFile names the file of a version: by the hash of its name, because a list's name may hold any character.
func (b *Border) listFile(list string, version int64) string {
	return filepath.Join(b.Folder, fmt.Sprintf("%s-%d.alerts", hex.EncodeToString([]byte(list)), version))
}

func (b *Border) keepList(h alert.Header, file []byte) error {
	if err := os.MkdirAll(b.Folder, 0o700); err != nil {
		return err
	}
	return replaceFile(b.listFile(h.List, h.Version), file)
}

// replaceFile puts a file in its place only when it is whole on the disk.
func replaceFile(name string, content []byte) error {
	f, err := os.OpenFile(name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(name+".new", name); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// filesOf reads the whole list that a version goes back to, and the deltas from there.
func (b *Border) filesOf(h alert.Header, ring alert.Ring) (c chain, err error) {
	for v := h.Version; ; {
		file, err := os.ReadFile(b.listFile(h.List, v))
		if err != nil {
			return nil, fault.New(fault.Missing, "fault.border.list-file", "list", h.List).Because(err)
		}
		snap, err := alert.Open(bytes.NewReader(file), ring)
		if err != nil {
			return nil, err
		}
		if snap.Header.List != h.List || snap.Header.Version != v {
			return nil, fault.New(fault.Invalid, "fault.border.list-file", "list", h.List)
		}
		c = append(c, struct {
			alert.Header
			file []byte
		}{snap.Header, file})
		if snap.Header.Base == 0 {
			slices.Reverse(c)
			return c, nil
		}
		v = snap.Header.Base
	}
}

// readLists opens the lists that the record says are in use. One that cannot be read is an alarm and is left out; the
// others count, and the checks say what is missing.
func (b *Border) readLists() error {
	b.reading.Lock()
	defer b.reading.Unlock()
	rows, err := store.Lists(b.Store)
	if err != nil || len(rows) == 0 {
		return err
	}
	ring, err := b.trusted()
	if err != nil {
		b.alarm("the keys of the authorities that sign alert lists cannot be read", err)
		return nil
	}
	var chains []chain
	for _, l := range rows {
		c, err := b.filesOf(alert.Header{List: l.List, Version: l.Version}, ring)
		if err != nil {
			b.alarm("an alert list cannot be read", err)
			continue
		}
		chains = append(chains, c)
	}
	for len(chains) > 0 {
		ix, bad, err := indexOf(chains, ring)
		if err == nil {
			b.index.Set(ix)
			return nil
		}
		b.alarm("an alert list cannot be used", err)
		chains = slices.Delete(chains, bad, bad+1)
	}
	return nil
}

// absent are the lists that the record says are in use and that are not in memory.
func (b *Border) absent(q store.Querier) ([]string, error) {
	rows, err := store.Lists(q)
	if err != nil {
		return nil, err
	}
	in := map[string]bool{}
	if ix := b.index.Index(); ix != nil {
		for _, h := range ix.Lists() {
			in[h.List] = true
		}
	}
	var out []string
	for _, r := range rows {
		if !in[r.List] {
			out = append(out, r.List)
		}
	}
	return out, nil
}

// trusted are the authorities that may sign lists, as they stand now.
func (b *Border) trusted() (alert.Ring, error) {
	if b.RingFile == "" {
		return b.Ring, nil
	}
	text, err := os.ReadFile(b.RingFile)
	if errors.Is(err, os.ErrNotExist) { // nobody is trusted yet
		return alert.Ring{}, nil
	}
	if err != nil {
		return nil, err
	}
	return alert.ParseRing(text)
}

// Pack writes the image of the lists in use that a lane starts from, signed by the node.
func (b *Border) Pack(who Session, w io.Writer) error {
	if err := b.allow(who, "load-alerts", access.Resource{Type: "alerts", Domestic: true}); err != nil {
		return err
	}
	return b.pack(w)
}

func (b *Border) pack(w io.Writer) error {
	ix := b.index.Index()
	if ix == nil {
		return fault.New(fault.Unavailable, "fault.border.no-lists")
	}
	return ix.WriteImage(w, b.Authority, b.Keys.Node)
}

// Trusts is the ring that a lane needs to open what Pack wrote.
func (b *Border) Trusts() alert.Ring {
	return alert.Ring{b.Authority: {Authority: screen.ImageAuthority, Public: public(b.Keys.Node)}}
}

// ListStatus is a list as the supervisor sees it.
type ListStatus struct {
	alert.Header
	Age    time.Duration
	Usable bool // by every rulebook of this state
	Loaded bool // its file is there and proved right
}

// ListStatuses says of every list in use how old it is and whether lanes may still go by it.
func (b *Border) ListStatuses(who Session) ([]ListStatus, error) {
	if err := b.allow(who, "view-alerts", access.Resource{Type: "alerts", Domestic: true}); err != nil {
		if err := b.allow(who, "load-alerts", access.Resource{Type: "alerts", Domestic: true}); err != nil {
			return nil, err
		}
	}
	rows, err := store.Lists(b.Store)
	if err != nil {
		return nil, err
	}
	now, limit := b.Clock().UTC(), 365*24*time.Hour
	for _, book := range b.Books {
		if book.State == b.Authority {
			limit = min(limit, time.Duration(book.SnapshotAge)*time.Hour)
		}
	}
	var out []ListStatus
	ix := b.index.Index()
	for _, r := range rows {
		s := ListStatus{Header: alert.Header{List: r.List, Version: r.Version, SHA256: r.SHA256, Count: r.Count}}
		if ix != nil {
			for _, h := range ix.Lists() {
				if h.List == r.List && h.Version == r.Version {
					s.Header, s.Loaded, s.Age = h, true, now.Sub(h.Issued)
					s.Usable = s.Age <= limit && h.Valid(now)
				}
			}
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b ListStatus) int { return strings.Compare(a.List, b.List) })
	return out, nil
}
