package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/internal/store"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// generations is what the tables looked like at each migration but the newest, and the empty pace of an upgrade.
type generations struct {
	versions []int64
	columns  map[int64]map[string][]string // by version and table
	after    time.Duration                 // from a start to the middle of the migrations, as far as known
}

// readGenerations makes each older schema once, empty, as the product's own migrations make it, and looks at it.
func readGenerations(folder string) (*generations, error) {
	all, err := migrationsOf(filepath.Join(folder, "newest"))
	if err != nil {
		return nil, err
	}
	g := &generations{columns: map[int64]map[string][]string{}, after: 60 * time.Millisecond}
	for _, v := range all[:len(all)-1] {
		at := filepath.Join(folder, fmt.Sprint(v))
		if err := os.MkdirAll(at, 0o700); err != nil {
			return nil, err
		}
		empty := fmt.Sprintf("{\"format\":%q,\"schema\":%d,\"tables\":[]}\n{\"rows\":[]}\n", store.BackupFormat, v)
		if err := store.ImportAsWas(context.Background(), store.Options{Folder: at, Clock: time.Now}, bytes.NewReader([]byte(empty))); err != nil {
			return nil, fmt.Errorf("schema %d: %w", v, err)
		}
		columns, err := columnsOf(at)
		if err != nil {
			return nil, err
		}
		if columns["cases"] == nil { // there was no register of cases yet
			continue
		}
		g.versions, g.columns[v] = append(g.versions, v), columns
	}
	return g, os.RemoveAll(folder)
}

// migrationsOf lists the versions that a database of today has been through.
func migrationsOf(folder string) ([]int64, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	s, err := store.Open(context.Background(), store.Options{Folder: folder, Clock: time.Now})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return listed[int64](s.Query(`SELECT version_id FROM goose_db_version WHERE version_id > 0 ORDER BY version_id`))
}

// columnsOf lists the columns of each table of a database.
func columnsOf(folder string) (map[string][]string, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "countersign.db"))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tables, err := listed[string](db.Query(`SELECT name FROM sqlite_master WHERE type = 'table'`))
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for _, t := range tables {
		if all[t], err = listed[string](db.Query(`SELECT name FROM pragma_table_info($1)`, t)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// listed scans rows of one column.
func listed[T any](rows *sql.Rows, err error) (all []T, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

type backedUp struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// older writes a backup of today as the version before would have written it: the same rows, in the tables and columns
// that were there.
func (g *generations) older(backup []byte, version int64) ([]byte, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(backup))
	var h struct {
		Format string     `json:"format"`
		Schema int64      `json:"schema"`
		Tables []backedUp `json:"tables"`
	}
	if err := json.UnmarshalDecode(dec, &h); err != nil {
		return nil, err
	}
	h.Schema = version
	kept, places := []backedUp{}, map[int]int{} // by table of the backup
	columns := map[int][]int{}
	for i, t := range h.Tables {
		then := g.columns[version][t.Name]
		if then == nil {
			continue
		}
		places[i] = len(kept)
		var names []string
		for at, c := range t.Columns {
			if slices.Contains(then, c) {
				names, columns[i] = append(names, c), append(columns[i], at)
			}
		}
		kept = append(kept, backedUp{t.Name, names})
	}
	h.Tables = kept
	var out bytes.Buffer
	w := bufio.NewWriter(&out)
	put := func(v any) error {
		b, err := json.Marshal(v)
		w.Write(append(b, '\n'))
		return err
	}
	if err := put(h); err != nil {
		return nil, err
	}
	count := make([]int64, len(kept))
	for {
		var row struct {
			Table  int              `json:"t"`
			Values []jsontext.Value `json:"v"`
			Rows   []int64          `json:"rows"`
		}
		if err := json.UnmarshalDecode(dec, &row); err != nil {
			return nil, err
		}
		if row.Rows != nil {
			break
		}
		to, ok := places[row.Table]
		if !ok {
			continue
		}
		var values []jsontext.Value
		for _, at := range columns[row.Table] {
			values = append(values, row.Values[at])
		}
		count[to]++
		if err := put(map[string]any{"t": to, "v": values}); err != nil {
			return nil, err
		}
	}
	if err := put(map[string]any{"rows": count}); err != nil {
		return nil, err
	}
	err := w.Flush()
	return out.Bytes(), err
}

// laysPerRound is how many older databases are laid for one node in a round, one after the other.
const laysPerRound = 5

// crashUpgrade kills a node while it brings a database of an older schema, full of acts, up to date. The acts were made
// by officers at both nodes; then the record of one is laid again in an older schema, and the node is killed at its
// starts until one has gone through. It must open then, have all that was acknowledged, and go on with its peer.
func (g *rig) crashUpgrade() (int, error) {
	if g.schemas == nil {
		var err error
		if g.schemas, err = readGenerations(filepath.Join(g.Folder, "schemas")); err != nil {
			return 0, err
		}
	}
	if err := g.beginWhole(); err != nil {
		return 0, err
	}
	if err := g.work(60); err != nil || len(g.caught) > 0 {
		return 0, err
	}
	name := host.Both[g.random.IntN(2)]
	backup, err := backupOf(g.places[name].where())
	if err != nil {
		return 0, err
	}
	for range laysPerRound {
		if err := g.upgrade(name, backup); err != nil || g.enough() {
			return 0, err
		}
	}
	if err := g.work(20); err != nil || len(g.caught) > 0 {
		return 0, err
	}
	return g.finish()
}

// work lets officers work at both nodes until some acts are acknowledged, and the nodes exchange all of them.
func (g *rig) work(acts int) error {
	for _, name := range host.Both {
		if err := g.start(g.working(name), 0); err != nil {
			return err
		}
	}
	if !g.ready() {
		return nil
	}
	g.processes[host.GB].Await(acts, 10*time.Second)
	_, err := g.settle()
	return err
}

// upgrade lays an older database and kills the node at its starts, until a start has brought it up to date.
func (g *rig) upgrade(name string, backup []byte) error {
	version := g.schemas.versions[g.random.IntN(len(g.schemas.versions))]
	old, err := g.schemas.older(backup, version)
	if err != nil {
		return err
	}
	if err := g.lay(name, old); err != nil {
		return fmt.Errorf("schema %d: %w", version, err)
	}
	for range 6 {
		if err := g.start(g.job(name, 0), 0); err != nil {
			return err
		}
		time.Sleep(time.Duration(float64(g.schemas.after) * (0.6 + 0.8*g.random.Float64())))
		g.total.kills++
		g.kill(name)
		record := g.examine(name)
		if record == nil {
			return nil
		}
		g.total.by[g.schemas.hit(version, record.Schema)]++
		if record.Schema > g.schemas.versions[len(g.schemas.versions)-1] {
			break
		}
	}
	if err := g.start(g.job(name, 0), 0); err != nil {
		return err
	}
	if g.ready() {
		g.kill(name)
		g.examine(name)
		g.total.by["upgrades done"]++
	}
	return nil
}

// hit says where in an upgrade a kill was, and moves the next one towards the middle.
func (g *generations) hit(from, found int64) string {
	switch newest := g.versions[len(g.versions)-1]; {
	case found == from:
		g.after += g.after / 10
		return "upgrade, before its first migration was kept"
	case found > newest:
		g.after -= g.after / 10
		return "upgrade, after its last"
	}
	return "upgrade, between two"
}

// lay gives a node that is not running an older database in place of its own.
func (g *rig) lay(name string, old []byte) error {
	asWas := func(o store.Options) error { return store.ImportAsWas(context.Background(), o, bytes.NewReader(old)) }
	if p := g.places[name]; p.postgres == "" {
		if err := dropDatabase(p.folder); err != nil {
			return err
		}
		return asWas(p.where())
	}
	return g.movePostgres(name, asWas)
}
