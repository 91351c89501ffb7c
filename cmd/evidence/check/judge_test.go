package check_test

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"countersign/cmd/evidence/check"
	"countersign/cmd/evidence/host"
	"countersign/internal/exchange"
	"countersign/internal/node"
)

// pair makes two nodes with a little work at gb, all of it countersigned by al, and returns gb's folder.
func pair(t *testing.T) string {
	t.Helper()
	ctx, root := t.Context(), t.TempDir()
	folders := map[string]string{host.GB: filepath.Join(root, host.GB), host.AL: filepath.Join(root, host.AL)}
	if err := host.Pair(ctx, folders, host.Random, nil); err != nil {
		t.Fatal(err)
	}
	nodes := map[string]*node.Node{}
	for _, name := range host.Both {
		n, err := node.New(ctx, node.Config{Authority: name, Folder: folders[name], Agreement: host.Agreement, Peer: host.PeerOf(name), Demo: true, Manual: true,
			Transport: to(func() *node.Node { return nodes[host.PeerOf(name)] }), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		defer n.Close()
		nodes[name] = n
	}
	office, err := host.Office(ctx, nodes[host.GB], rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		id, err := office.Open(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := office.Request(ctx, id); err != nil || !ok {
			t.Fatal(ok, err)
		}
		if _, err := nodes[host.GB].Push(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return folders[host.GB]
}

// to carries frames to another node of the same process.
type to func() *node.Node

var _ exchange.Transport = to(nil)

func (n to) Carry(ctx context.Context, frame []byte) ([]byte, error) { return n().Take(ctx, frame) }

// A judge who has seen the whole record before must see each byte that has changed since, wherever it is.
func TestJudgeSeesWhatHasChangedSince(t *testing.T) {
	folder := pair(t)
	judge := check.NewJudge()
	look := func(t *testing.T) string {
		r, err := judge.Read(folder, host.GB)
		if err != nil {
			return err.Error()
		}
		var found []string
		for _, p := range r.Problems() {
			found = append(found, p.String())
		}
		return strings.Join(found, "; ")
	}
	for range 2 {
		if found := look(t); found != "" {
			t.Fatalf("a record without fault: %s", found)
		}
	}
	whole, err := os.ReadFile(filepath.Join(folder, "countersign.db"))
	if err != nil {
		t.Fatal(err)
	}
	const stream = ` log = (SELECT id FROM logs WHERE origin = 'countersign/uk-al/gb/al')`
	for _, c := range []struct{ name, sql, want string }{
		{"a byte of a sealed act", `UPDATE acts SET sealed = flip(sealed) WHERE idx = 3 AND` + stream, "cannot be opened"},
		{"a byte of a domestic act", `UPDATE acts SET sealed = flip(sealed) WHERE idx = 3 AND NOT` + stream, "cannot be opened"},
		{"the key of a person", `UPDATE keys SET wrapped = flip(wrapped) WHERE subject = (SELECT subject FROM acts WHERE idx = 13 AND` + stream + `)`, "cannot be opened"},
		{"the name of an act", `UPDATE acts SET id = 'another' WHERE idx = 3 AND` + stream, "cannot be opened"},
		{"two acts in each other's places", `UPDATE acts SET idx = 1000 WHERE idx = 13 AND` + stream + `;UPDATE acts SET idx = 13 WHERE idx = 14 AND` + stream + `;UPDATE acts SET idx = 14 WHERE idx = 1000 AND` + stream, "I3"},
		{"a hash of the tree", `UPDATE tiles SET hashes = flip(hashes) WHERE` + stream, "does not follow from the acts"},
		{"a signed head", `UPDATE heads SET signed = flip(signed) WHERE` + stream, "head of"},
		{"a countersignature", `UPDATE heads SET cosigned = flip(cosigned) WHERE length(cosigned) > 0 AND` + stream, "head of"},
		{"a countersignature over another head", `UPDATE heads SET cosigned = (SELECT h.cosigned FROM heads h WHERE h.log = heads.log AND length(h.cosigned) > 0 ORDER BY h.size LIMIT 1)
			WHERE length(cosigned) > 0 AND size > (SELECT MIN(size) FROM heads WHERE length(cosigned) > 0 AND` + stream + `) AND` + stream, "over another head"},
		{"the roster act of an officer's key", `UPDATE acts SET refused = 'test' WHERE kind = 'roster.entered' AND` + stream, "no roster act entered"},
		{"an act taken out", `DELETE FROM acts WHERE idx = (SELECT MAX(idx) FROM acts WHERE` + stream + `) AND` + stream, "I1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tamper(t, folder, c.sql)
			if found := look(t); !strings.Contains(found, c.want) {
				t.Errorf("found %q, want %q", found, c.want)
			}
			restore(t, folder, whole)
			if found := look(t); found != "" {
				t.Errorf("a record without fault again: %s", found)
			}
		})
	}
}

// tamper changes a database as root would: past the guards.
func tamper(t *testing.T, folder, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "countersign.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	rows, err := db.Query(`SELECT name FROM sqlite_master WHERE type = 'trigger'`)
	if err != nil {
		t.Fatal(err)
	}
	var guards []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		guards = append(guards, `DROP TRIGGER `+name)
	}
	rows.Close()
	for _, s := range append(guards, strings.Split(statements, ";")...) {
		result, err := db.Exec(flipped(s))
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if n, _ := result.RowsAffected(); n == 0 && !strings.HasPrefix(s, "DROP") {
			t.Fatalf("%s: nothing was changed", s)
		}
	}
}

// flipped writes flip(x), which changes one byte in the middle of x, in SQLite's words.
func flipped(s string) string {
	before, rest, ok := strings.Cut(s, "flip(")
	if !ok {
		return s
	}
	x, after, _ := strings.Cut(rest, ")")
	middle := `(length(` + x + `) / 2)`
	return before + `CAST(substr(` + x + `, 1, ` + middle + `) || CASE substr(` + x + `, ` + middle + ` + 1, 1) WHEN x'41' THEN x'42' ELSE x'41' END || substr(` + x + `, ` + middle + ` + 2) AS BLOB)` + after
}

func restore(t *testing.T, folder string, whole []byte) {
	t.Helper()
	for _, suffix := range []string{"-wal", "-shm"} {
		os.Remove(filepath.Join(folder, "countersign.db"+suffix))
	}
	if err := os.WriteFile(filepath.Join(folder, "countersign.db"), bytes.Clone(whole), 0o600); err != nil {
		t.Fatal(err)
	}
}
