package sim

import (
	"bytes"
	"fmt"
	"os"

	"countersign/cmd/evidence/host"
	"countersign/internal/act"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// Old is a node's past: a backup as the product makes it, or the database files as somebody copied them.
type Old struct {
	backup []byte
	files  map[string][]byte
	acks   int
	views  int
	Case   act.ID // was ready for its application then
}

// Keep keeps the past of a side. With files the copy is one of files and not a backup.
func (s *Side) Keep(files bool) (*Old, error) {
	o := &Old{acks: len(s.Acks), views: s.Views}
	if s.Name == host.GB {
		id, err := s.Office.Open(s.w.ctx)
		if err != nil {
			return nil, err
		}
		if err := s.Office.Attest(s.w.ctx, id, casework.StepRequest, "request"); err != nil {
			return nil, err
		}
		o.Case, o.acks = id, len(s.Acks)
	}
	if files {
		var err error
		o.files, err = ReadFolder(s.folder())
		return o, err
	}
	var b bytes.Buffer
	err := s.Node.Store().Export(s.w.ctx, &b)
	o.backup = b.Bytes()
	return o, err
}

// Restore destroys the side's database and starts it on its past. A backup is marked as restored, as the
// product's own command does; copied files are not.
func (s *Side) Restore(o *Old) error {
	s.Node.Close()
	files, err := ReadFolder(s.folder())
	if err != nil {
		return err
	}
	if err := os.RemoveAll(s.folder()); err != nil {
		return err
	}
	if o.files != nil {
		files = o.files
	} else {
		for _, name := range []string{"countersign.db", "countersign.db-wal"} {
			delete(files, name)
		}
	}
	if err := WriteFolder(s.folder(), files); err != nil {
		return err
	}
	if o.files == nil {
		if err := s.fill(o.backup); err != nil {
			return err
		}
	}
	s.forget(o)
	s.w.mending = true
	return s.open()
}

func (s *Side) fill(backup []byte) error {
	options := store.Options{Folder: s.folder(), Clock: s.clock}
	if err := store.Import(s.w.ctx, options, bytes.NewReader(backup)); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	st, err := store.Open(s.w.ctx, options)
	if err != nil {
		return err
	}
	defer st.Close()
	return desk.MarkRestored(s.w.ctx, st)
}

// forget keeps of what was acknowledged since only the joint acts: domestic ones cannot come from the peer, and
// the product says so.
func (s *Side) forget(o *Old) {
	later := s.Acks[o.acks:]
	s.Acks = append([]host.Ack(nil), s.Acks[:o.acks]...)
	for _, a := range later {
		if len(a.Joint) > 0 {
			s.Acks = append(s.Acks, host.Ack{About: a.About, Acts: a.Joint, Joint: a.Joint})
		}
	}
	s.Views, s.closed = o.views, map[act.ID]map[act.ID]string{}
}

// Recover lets the restored side find its way back: it takes no act before it has asked, takes its own joint acts
// back, works again only after a person said so, and holds every gate closed until somebody attests it anew.
func (w *World) Recover(name string, o *Old, lost int) {
	s := w.Sides[name]
	admin := s.Office.As("administrator").For("purpose.administration")
	if o.files == nil {
		if _, err := s.Node.Desk.TestLink(w.ctx, admin, ""); fault.KindOf(err) != fault.Unavailable {
			w.find("restore: %s took an act before it had asked its peer (%v)", name, err)
		}
	}
	for range 4 { // one push asks and stops, the next takes back
		s.Node.Push(w.ctx)
	}
	why, err := store.ReadOnly(s.Node.Store())
	if err != nil {
		w.find("restore: %s: %v", name, err)
	}
	if why == "" && (lost > 0 || o.files == nil) {
		w.find("restore: %s works again though nobody said so, %d acts after its backup", name, lost)
	}
	if why != "" {
		if _, err := s.Node.Desk.TestLink(w.ctx, admin, ""); fault.KindOf(err) != fault.Unavailable {
			w.find("restore: %s took an act before a person let it (%v)", name, err)
		}
		if err := s.Node.Desk.Resume(w.ctx, admin); err != nil {
			w.find("restore: %s cannot be resumed: %v", name, err)
			return
		}
	}
	if o.Case != "" && why != "" {
		w.gatesUnknown(s, o.Case)
	}
}

// gatesUnknown checks that what was attested before the restore does not count any more.
func (w *World) gatesUnknown(s *Side, id act.ID) {
	w.now = w.now.Add(1e9)
	row, ok, err := store.FindCase(s.Node.Store(), id)
	if err != nil || !ok || row.Next != "case.next.request" {
		return // its application had left before the backup's node was lost
	}
	if ok, err := s.Office.Apply(w.ctx, id); err != nil || ok {
		w.find("restore: an application left on attestations from before the restore (%v)", err)
	}
	if ok, err := s.Office.Request(w.ctx, id); err != nil || !ok {
		w.find("restore: an application does not leave after new attestations (%v)", err)
	}
}

// Work makes n joint acts at a side, with as much other work as comes along, and pushes now and then.
func (w *World) Work(name string, n int) error {
	s := w.Sides[name]
	admin := s.Office.As("administrator").For("purpose.administration")
	for i := range n {
		if w.random.IntN(3) == 0 {
			if err := w.Step(); err != nil {
				return err
			}
		}
		e, err := s.Node.Desk.TestLink(w.ctx, admin, "")
		if err != nil {
			return err
		}
		s.Acks = append(s.Acks, host.Ack{Acts: []act.ID{e.ID}, Joint: []act.ID{e.ID}})
		if i%7 == 0 {
			w.push(name)
		}
	}
	return nil
}
