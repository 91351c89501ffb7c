package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"countersign/internal/border/alert"
	"countersign/internal/border/screen"
	"countersign/internal/fault"
)

// openLists reads images, signed snapshots and plain tables. A table has no signature and no age: it serves
// tests and measurements, and says so in its name.
func openLists(names []string, ringName string, now time.Time, left *leftOut) (*screen.Index, error) {
	ring := alert.Ring{}
	if ringName != "" {
		b, err := os.ReadFile(ringName)
		if err != nil {
			return nil, err
		}
		if ring, err = alert.ParseRing(b); err != nil {
			return nil, err
		}
	}
	var signed []io.Reader
	b := screen.NewBuilder()
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		br := bufio.NewReaderSize(f, 1<<20)
		head, _ := br.Peek(20)
		switch {
		case screen.IsImage(head) && len(names) == 1:
			return screen.ReadImage(br, ring)
		case alert.IsSnapshot(head):
			signed = append(signed, br)
		case left == nil: // signed files only
			return nil, fmt.Errorf("%s: %w", name, fault.New(fault.Denied, "fault.border.snapshot-form"))
		default:
			if err := addTable(b, name, br, now, left); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if err := b.Load(ring, now, signed...); err != nil {
		return nil, err
	}
	return b.Build(), nil
}

// leftOut names the rows of a plain table that could not be read. A signed list is refused as a whole
// instead; a table is for measurements, which go on without the row and end with exit code 1.
type leftOut struct {
	a    *app
	rows int
}

func (l *leftOut) row(err error) {
	fmt.Fprintln(l.a.err, "countersign:", l.a.message(err))
	l.rows++
}

// fault says how many rows were left out, nil for none.
func (l *leftOut) fault() error {
	if l.rows == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "fault.border.rows", "count", fmt.Sprint(l.rows))
}

func addTable(b *screen.Builder, name string, r io.Reader, now time.Time, left *leftOut) error {
	h := alert.Header{List: "table/" + filepath.Base(name), Kind: alert.Wanted, Authority: "unsigned", LegalBasis: "none: a table for measurements", Action: "border.next.compare-person",
		Version: 1, Issued: now, ValidFrom: now.Add(-time.Hour), ValidUntil: now.Add(time.Hour)}
	if err := b.List(h); err != nil {
		return err
	}
	t, err := alert.NewTable(r)
	if err != nil {
		return err
	}
	for {
		row, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case row.Err != nil:
			left.row(row.Err)
			continue
		case row.Remove:
			left.row(fault.New(fault.Invalid, "fault.border.row", "line", fmt.Sprint(row.Line), "field", "op", "value", "remove"))
			continue
		}
		if row.Alert.Ref == "" {
			row.Alert.Ref = fmt.Sprint("row ", row.Line)
		}
		b.Add(&row.Alert)
	}
}
