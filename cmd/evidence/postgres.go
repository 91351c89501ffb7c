package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// Nodes of the experiments on PostgreSQL, each with a schema of its own, where the environment names a server.

// onPostgres chooses whose records lie in PostgreSQL this time: one side's, the other's, both or nobody's.
func (g *rig) onPostgres() []string {
	if os.Getenv(storetest.Env) == "" {
		return nil
	}
	return [][]string{{host.GB}, {host.AL}, host.Both, nil}[g.random.IntN(4)]
}

// movePostgres makes a schema for a node that is not running, and has it filled instead of the folder's database.
func (g *rig) movePostgres(name string, fill func(store.Options) error) error {
	p := g.places[name]
	g.leavePostgres(name)
	var err error
	if p.postgres, p.drop, err = storetest.Schema(os.Getenv(storetest.Env)); err != nil {
		return err
	}
	if err := dropDatabase(p.folder); err != nil {
		return err
	}
	return fill(store.Options{Postgres: p.postgres, Clock: time.Now})
}

// leavePostgres drops the schema of a node that is not running.
func (g *rig) leavePostgres(name string) {
	p := g.places[name]
	if p == nil || p.drop == nil {
		return
	}
	if err := p.drop(); err != nil {
		g.Say("the schema of a round could not be dropped: %v", err)
	}
	p.postgres, p.drop = "", nil
}

// dropDatabase removes the SQLite database of a folder.
func dropDatabase(folder string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(folder, "countersign.db"+suffix)); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}

// from fills a database from a backup.
func from(backup []byte) func(store.Options) error {
	return func(o store.Options) error { return store.Import(context.Background(), o, bytes.NewReader(backup)) }
}

// where is the database of a node that is not running.
func (p *place) where() store.Options {
	return store.Options{Folder: p.folder, Postgres: p.postgres, Clock: time.Now}
}

// backupOf takes the backup of a database that nobody writes to.
func backupOf(o store.Options) ([]byte, error) {
	s, err := store.Open(context.Background(), o)
	if err != nil {
		return nil, fmt.Errorf("open for a backup: %w", err)
	}
	defer s.Close()
	var b bytes.Buffer
	err = s.Export(context.Background(), &b)
	return b.Bytes(), err
}

// sayPostgres prints how much of the traffic ran there.
func (g *rig) sayPostgres() {
	if os.Getenv(storetest.Env) == "" {
		g.Say("nothing of it on PostgreSQL: %s names no server (tools/with-postgres starts one)", storetest.Env)
		return
	}
	g.Say("of it on PostgreSQL: %d kills or stops of its nodes, %d official acts acknowledged by them", g.total.postgres.kills, g.total.postgres.acks)
}
