package desk_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"countersign/internal/exchange"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

func failing(t testing.TB, checks []record.Check, err error) []string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range checks {
		if !c.OK {
			out = append(out, c.Key+" "+c.Detail)
		}
	}
	return out
}

// Root on one node changes the database in place: the audit of that database, or the comparison with the peer, finds
// each change, and a record that nobody touched passes.
func TestAuditFindsTampering(t *testing.T) {
	for name, attack := range map[string][]string{
		"nothing":                    nil,
		"an act deleted":             {`DELETE FROM acts WHERE log = 1 AND idx = 3`},
		"an act edited":              {`UPDATE acts SET sealed = (SELECT sealed FROM acts WHERE log = 1 AND idx = 4) WHERE log = 1 AND idx = 3`},
		"two acts swapped":           {`UPDATE acts SET idx = 100 WHERE log = 1 AND idx = 3`, `UPDATE acts SET idx = 3 WHERE log = 1 AND idx = 4`, `UPDATE acts SET idx = 4 WHERE log = 1 AND idx = 100`},
		"a column edited":            {`UPDATE acts SET kind = 'case.requested' WHERE log = 1 AND idx = 3`},
		"the officer's name changed": {`UPDATE acts SET role = 'supervisor' WHERE log = 1 AND idx = 3`},
		"hashes zeroed":              {`UPDATE tiles SET hashes = zeroblob(length(hashes)) WHERE log = 1`},
		"a countersignature cut":     {`UPDATE heads SET cosigned = substr(cosigned, 1, length(cosigned) - 8) WHERE log = 1 AND size > 3`},
		"truncated with its heads":   {`DELETE FROM acts WHERE log = 1 AND idx >= 4`, `UPDATE logs SET size = 4 WHERE id = 1`, `DELETE FROM heads WHERE log = 1 AND size > 4`},
		"a receipt dated back":       {`UPDATE heads SET at = '2020-01-01T00:00:00.000Z' WHERE log = 2`},
		"the peer's act deleted":     {`DELETE FROM acts WHERE log = 2 AND idx = 2`},
		"a domestic act deleted":     {`DELETE FROM acts WHERE log = 3 AND idx = 0`},
		"truncated":                  {`DELETE FROM acts WHERE log = 1 AND idx >= 4`, `UPDATE logs SET size = 4 WHERE id = 1`},
	} {
		t.Run(name, func(t *testing.T) {
			gb, al := pairOf(t)
			for range 3 {
				gb.say(t)
				al.say(t)
				gb.slot(t)
				al.slot(t)
			}
			if err := gb.consulted(t); err != nil {
				t.Fatal(err)
			}
			if err := storetest.Unguard(t.Context(), gb.store); err != nil { // the owner of the database can
				t.Fatal(err)
			}
			gb.store.Close()
			db, err := sql.Open("sqlite", filepath.Join(gb.options.Folder, "countersign.db"))
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range attack {
				if _, err := db.Exec(s); err != nil {
					t.Fatal(err)
				}
			}
			db.Close()
			ro, err := store.OpenReadOnly(t.Context(), gb.options)
			if err != nil {
				t.Fatal(err)
			}
			defer ro.Close()
			gb.store = ro
			gb.Desk.Store = ro
			checks, err := gb.Audit(t.Context())
			bad := failing(t, checks, err)
			checks, err = gb.CompareWithPeer(t.Context(), gb.link.Returned)
			if bad = append(bad, failing(t, checks, err)...); (len(bad) > 0) != (attack != nil) {
				t.Errorf("found %v", bad)
			}
			if err := ro.Write(t.Context(), func(*store.Tx) error { return nil }); fault.KeyOf(err) != "fault.store.readonly" {
				t.Errorf("a store open for reading took a write: %v", err)
			}
		})
	}
}

// consulted makes a domestic act.
func (s *side) consulted(t testing.TB) error {
	_, err := s.FindPeople(context.Background(), s.casework, searchFor)
	return err
}

// The same frames as a file: out, taken, answered, and the answers brought back. A second reading changes nothing, a
// damaged file is refused.
func TestFiles(t *testing.T) {
	gb, al := two(t, func() store.Options { return storetest.SQLite(t) })
	for range 5 {
		gb.say(t)
	}
	var out, answers bytes.Buffer
	if n, err := gb.link.Export(t.Context(), 0, &out); err != nil || n != 8 {
		t.Fatalf("%d acts exported (%v)", n, err)
	}
	damaged := bytes.Clone(out.Bytes())
	damaged[len(damaged)/2] ^= 1
	if _, err := al.importFile(damaged, &bytes.Buffer{}); fault.KeyOf(err) != "fault.exchange.frame" {
		t.Fatalf("a damaged file: %v", err)
	}
	if _, err := al.importFile(out.Bytes()[:out.Len()-7], &bytes.Buffer{}); fault.KeyOf(err) != "fault.exchange.truncated" {
		t.Fatalf("a file that was cut off: %v", err)
	}
	if _, err := al.importFile(out.Bytes(), &answers); err != nil {
		t.Fatal(err)
	}
	before := dump(t, al)
	if _, err := al.importFile(out.Bytes(), &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	if after := dump(t, al); after != before {
		t.Error("reading a file twice changed something")
	}
	r := bufio.NewReader(bytes.NewReader(answers.Bytes()))
	if kind, err := exchange.Opening(r); err != nil || kind != exchange.AnswersFile {
		t.Fatal(kind, err)
	}
	if n, err := gb.link.ImportAnswers(t.Context(), r); err != nil || n != 8 {
		t.Fatalf("countersigned %d (%v)", n, err)
	}
	if s, _ := gb.LinkState(t.Context()); s.Countersigned != 8 {
		t.Errorf("%+v", s)
	}
}

func (s *side) importFile(b []byte, answers *bytes.Buffer) (int, error) {
	r := bufio.NewReader(bytes.NewReader(b))
	if _, err := exchange.Opening(r); err != nil {
		return 0, err
	}
	return s.server.Import(context.Background(), r, answers)
}
