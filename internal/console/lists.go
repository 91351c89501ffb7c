package console

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"countersign/internal/border/screen"
	"countersign/internal/fault"
)

// A new image arrives as lists.new. It takes the place of the one in use only when its signature and its whole
// body are right, it is not older than the one in use, and the order still allows its age; else it is put aside as
// lists.refused and the previous one stays.
const (
	ArrivingFile = "lists.new"
	previous     = "lists.previous"
	aside        = "lists.refused"
)

func (l *Lane) path(name string) string { return filepath.Join(l.Folder, name) }

func (l *Lane) image(name string) (*screen.Index, error) {
	f, err := os.Open(l.path(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return screen.ReadImage(f, l.ring)
}

// openLists starts from the image in use, or from the one before when that is damaged. Without any the lane still
// starts: every traveller then goes to the second line, and the screen says why to the officer.
func (l *Lane) openLists() {
	for _, name := range []string{ListsFile, previous} {
		ix, err := l.image(name)
		if err == nil {
			l.lists.Set(ix)
			break
		}
		if !errors.Is(err, os.ErrNotExist) {
			l.note(err)
		}
	}
	l.TakeLists()
}

func (l *Lane) note(err error) {
	l.Log.Warn("a file of alert lists was not taken", "err", err)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refused = fault.KeyOf(err); l.refused == "" {
		l.refused = "fault.border.image"
	}
}

// TakeLists takes an image that has arrived.
func (l *Lane) TakeLists() {
	if _, err := os.Stat(l.path(ArrivingFile)); err != nil {
		return
	}
	ix, err := l.image(ArrivingFile)
	if err == nil {
		err = l.fits(ix)
	}
	if err != nil {
		l.note(err)
		if err := os.Rename(l.path(ArrivingFile), l.path(aside)); err != nil {
			l.Log.Warn("a refused file could not be put aside", "err", err)
		}
		return
	}
	if err := os.Rename(l.path(ListsFile), l.path(previous)); err != nil && !errors.Is(err, os.ErrNotExist) {
		l.note(err)
		return
	}
	if err := os.Rename(l.path(ArrivingFile), l.path(ListsFile)); err != nil {
		l.note(err)
		return
	}
	l.lists.Set(ix)
	l.mu.Lock()
	l.refused = ""
	l.mu.Unlock()
}

// fits refuses an image that goes back behind the one in use, or that is too old already.
func (l *Lane) fits(ix *screen.Index) error {
	now, _ := l.now()
	limit := l.limit()
	for _, h := range ix.Lists() {
		if age := now.Sub(h.Issued); age > limit || !h.Valid(now) {
			return fault.New(fault.Late, "fault.console.too-old", "list", h.List, "hours", fmt.Sprintf("%.0f", age.Hours()))
		}
	}
	if old := l.lists.Index(); old != nil {
		for _, before := range old.Lists() {
			for _, h := range ix.Lists() {
				if h.List == before.List && h.Version < before.Version {
					return fault.New(fault.Conflict, "fault.border.snapshot-old", "list", h.List, "version", fmt.Sprint(h.Version))
				}
			}
		}
	}
	return nil
}

// limit is how old the order allows the lists to be.
func (l *Lane) limit() time.Duration {
	limit := 365 * 24 * time.Hour
	for _, b := range l.Books {
		if b.State == l.settings.State && b.Direction == l.settings.Direction {
			limit = min(limit, time.Duration(b.SnapshotAge)*time.Hour)
		}
	}
	return limit
}
