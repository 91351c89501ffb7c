package main

import (
	"bytes"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"countersign/cmd/evidence/check"
	"countersign/cmd/evidence/host"
	"countersign/internal/node"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// A record of today, laid in any older schema, is whole there, and is whole again once it has been brought up to date.
func TestEveryOlderSchemaComesUpToDate(t *testing.T) {
	ctx, root := t.Context(), t.TempDir()
	folders := map[string]string{host.GB: filepath.Join(root, host.GB), host.AL: filepath.Join(root, host.AL)}
	if err := host.Pair(ctx, folders, host.Random, nil); err != nil {
		t.Fatal(err)
	}
	n, err := node.New(ctx, node.Config{Authority: host.GB, Folder: folders[host.GB], Agreement: host.Agreement, Peer: host.AL, Demo: true, Manual: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	office, err := host.Office(ctx, n, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	id, err := office.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := office.Request(ctx, id); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	backup, err := backupOf(store.Options{Folder: folders[host.GB], Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := check.NewJudge().Read(folders[host.GB], host.GB)
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := readGenerations(filepath.Join(root, "schemas"))
	if err != nil {
		t.Fatal(err)
	}
	if len(schemas.versions) < 10 {
		t.Fatalf("only the older schemas %v", schemas.versions)
	}
	for _, v := range schemas.versions {
		old, err := schemas.older(backup, v)
		if err != nil {
			t.Fatal(err)
		}
		storetest.Each(t, func(t *testing.T, o store.Options) {
			keys, err := readFolder(folders[host.GB])
			if err != nil {
				t.Fatal(err)
			}
			folder, err := os.MkdirTemp(root, "laid-")
			if err != nil {
				t.Fatal(err)
			}
			if err := writeFolder(folder, keys); err != nil {
				t.Fatal(err)
			}
			if err := dropDatabase(folder); err != nil {
				t.Fatal(err)
			}
			if o.Postgres == "" {
				o.Folder = folder
			}
			if err := store.ImportAsWas(ctx, o, bytes.NewReader(old)); err != nil {
				t.Fatalf("schema %d: %v", v, err)
			}
			look := func(schema int64) {
				t.Helper()
				r, err := (&place{folder: folder, postgres: o.Postgres}).read(check.NewJudge(), host.GB)
				if err != nil {
					t.Fatalf("schema %d: %v", v, err)
				}
				if r.Schema != schema || len(r.ByID) != len(whole.ByID) {
					t.Fatalf("schema %d, %d acts; want %d, %d", r.Schema, len(r.ByID), schema, len(whole.ByID))
				}
				for _, p := range r.Problems() {
					t.Errorf("schema %d: %s", v, p)
				}
			}
			look(v)
			s, err := store.Open(ctx, o)
			if err != nil {
				t.Fatalf("schema %d: %v", v, err)
			}
			s.Close()
			look(whole.Schema)
		})
	}
}
