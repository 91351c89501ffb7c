package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"time"

	"countersign/internal/store"
)

// judgeBackup restores a backup that a killed node left and judges the record in it.
func (g *rig) judgeBackup(name, file string, backup []byte, into string) {
	keys := map[string][]byte{}
	for f, b := range g.fresh[name] {
		if filepath.Ext(f) == ".json" {
			keys[f] = b
		}
	}
	if err := writeFolder(into, keys); err != nil {
		g.Caught("%v", err)
		return
	}
	err := store.Import(context.Background(), store.Options{Folder: into, Clock: time.Now}, bytes.NewReader(backup))
	whole := bytes.HasSuffix(backup, []byte("]}\n")) && bytes.Contains(lastOf(backup), []byte(`"rows"`))
	switch {
	case err != nil && whole:
		g.Caught("backup: a %s backup of %s that is whole is refused: %v", file, name, err)
		return
	case err == nil && !whole:
		g.Caught("backup: a backup of %s that was cut off was restored as if it were whole", name)
		return
	case err != nil:
		g.total.by["backup cut off, refused"]++
		return
	}
	g.total.by["backup restored"]++
	record, err := g.seen.Read(into, name)
	if err != nil {
		g.Caught("backup: %s: %v", name, err)
		return
	}
	for _, p := range record.Problems() {
		g.Caught("backup: %s", p)
	}
}

// lastOf is the last line.
func lastOf(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return b[bytes.LastIndexByte(b, '\n')+1:]
}

// examineBackups checks what a kill in the middle of a backup left: a finished backup restores to a record
// without fault; one that was cut off is refused as a whole.
func (g *rig) examineBackups(name, folder string) {
	for _, file := range []string{"finished", "under-way"} {
		path := filepath.Join(folder, file)
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		into := filepath.Join(folder, "into")
		g.judgeBackup(name, file, b, into)
		os.RemoveAll(into)
	}
}
