// Package tampering is root on one node's machine: it has the database, and every key that lies beside it, and
// rewrites the record while the node is stopped. What it cannot do is sign for the other state.
package tampering

import (
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"countersign/cmd/evidence/check"
	"countersign/cmd/evidence/host"
	"countersign/internal/act"
	"countersign/internal/record"
	"countersign/internal/vault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/tlog"
	_ "modernc.org/sqlite"
)

// Attack is one way to rewrite the record of an authority's own stream at an index.
type Attack struct {
	Name string
	Do   func(*Root, int64) error
}

// Attacks are what root tries, each on a record of its own.
var Attacks = []Attack{
	{"edit an act", func(r *Root, i int64) error { return r.edit(i) }},
	{"delete an act", func(r *Root, i int64) error { return r.remove(i) }},
	{"swap two acts", func(r *Root, i int64) error { return r.swap(i) }},
	{"insert an act", func(r *Root, i int64) error { return r.insert(i) }},
	{"truncate the log", func(r *Root, i int64) error { return all(r.truncate(i), r.rechain(), r.dropHeads(i)) }},
	{"edit, and compute the tree again", func(r *Root, i int64) error { return all(r.edit(i), r.rechain()) }},
	{"edit, compute the tree and sign the heads again", func(r *Root, i int64) error { return all(r.edit(i), r.rechain(), r.dropHeads(i), r.resign()) }},
	{"delete, compute the tree and sign the heads again", func(r *Root, i int64) error {
		return all(r.remove(i), r.closeGap(i), r.rechain(), r.dropHeads(i), r.resign())
	}},
}

// Root works on one stopped node.
type Root struct {
	Folder, Authority string
	db                *sql.DB
	log               int64
	origin            string
	keys              keyFile
	safe              *vault.Vault
	wrapped           wrapped
}

type keyFile struct {
	Log    []byte `json:"log"`
	Master []byte `json:"master"`
}

type wrapped struct{ db *sql.DB }

func (w wrapped) FindKey(subject string) (b []byte, ok bool, err error) {
	err = w.db.QueryRow(`SELECT wrapped FROM keys WHERE subject = $1`, subject).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return b, err == nil, err
}
func (w wrapped) PutKey(string, []byte) error { return errors.New("no new subjects") }

func all(errs ...error) error { return errors.Join(errs...) }

// Open gets root to work.
func Open(folder, authority string) (*Root, error) {
	r := &Root{Folder: folder, Authority: authority, origin: "countersign/" + host.Agreement + "/" + authority + "/" + host.PeerOf(authority)}
	raw, err := os.ReadFile(filepath.Join(folder, "keys.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &r.keys); err != nil {
		return nil, err
	}
	if r.safe, err = vault.New(r.keys.Master); err != nil {
		return nil, err
	}
	if r.db, err = sql.Open("sqlite", "file:"+filepath.Join(folder, "countersign.db")); err != nil {
		return nil, err
	}
	r.db.SetMaxOpenConns(1)
	r.wrapped = wrapped{r.db}
	if err := r.unguard(); err != nil {
		return nil, err
	}
	return r, r.db.QueryRow(`SELECT id FROM logs WHERE origin = $1`, r.origin).Scan(&r.log)
}

// unguard takes the database's own guards off: whoever owns it can.
func (r *Root) unguard() error {
	rows, err := r.db.Query(`SELECT name FROM sqlite_master WHERE type = 'trigger'`)
	if err != nil {
		return err
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return errors.Join(err, rows.Close())
		}
		names = append(names, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, name := range names {
		if err := r.exec(`DROP TRIGGER ` + name); err != nil {
			return err
		}
	}
	return nil
}

// Close writes everything back into the one file.
func (r *Root) Close() error { return r.db.Close() }

// forged is another act under the same envelope, with its officer's true signature.
func (r *Root) forged(i int64, id act.ID) (sealed []byte, err error) {
	var old act.ID
	var subject, officer string
	var b []byte
	err = r.db.QueryRow(`SELECT id, subject, officer, sealed FROM acts WHERE log = $1 AND idx = $2`, r.log, i).Scan(&old, &subject, &officer, &b)
	if err != nil {
		return nil, err
	}
	plain, err := r.safe.Open(r.wrapped, subject, "acts/"+string(old), b)
	if err != nil {
		return nil, err
	}
	signed, err := act.Parse(plain)
	if err != nil {
		return nil, err
	}
	envelope, _, err := signed.Open()
	if err != nil {
		return nil, err
	}
	key, err := r.officer(officer)
	if err != nil {
		return nil, err
	}
	envelope.ID = id
	again, err := act.Sign(envelope, jsontext.Value(`{"nonce":"changed by root afterwards"}`), key, rand.Reader)
	if err != nil {
		return nil, err
	}
	if plain, err = again.Encode(); err != nil {
		return nil, err
	}
	return r.safe.Seal(r.wrapped, subject, "acts/"+string(id), plain)
}

func (r *Root) officer(id string) (ed25519.PrivateKey, error) {
	var b []byte
	if err := r.db.QueryRow(`SELECT sealed FROM officer_keys WHERE officer = $1`, id).Scan(&b); err != nil {
		return nil, fmt.Errorf("key of officer %s: %w", id, err)
	}
	seed, err := r.safe.Open(r.wrapped, "", "officer_keys/"+id, b)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

func (r *Root) exec(query string, args ...any) error {
	_, err := r.db.Exec(query, args...)
	return err
}

func (r *Root) edit(i int64) error {
	var id act.ID
	if err := r.db.QueryRow(`SELECT id FROM acts WHERE log = $1 AND idx = $2`, r.log, i).Scan(&id); err != nil {
		return err
	}
	sealed, err := r.forged(i, id)
	if err != nil {
		return err
	}
	return r.exec(`UPDATE acts SET sealed = $1 WHERE log = $2 AND idx = $3`, sealed, r.log, i)
}

func (r *Root) remove(i int64) error {
	return r.exec(`DELETE FROM acts WHERE log = $1 AND idx = $2`, r.log, i)
}

func (r *Root) closeGap(i int64) error {
	return all(r.exec(`UPDATE acts SET idx = -idx WHERE log = $1 AND idx > $2`, r.log, i), r.exec(`UPDATE acts SET idx = -idx - 1 WHERE log = $1 AND idx < 0`, r.log),
		r.exec(`UPDATE logs SET size = size - 1 WHERE id = $1`, r.log))
}

func (r *Root) swap(i int64) error {
	return all(r.exec(`UPDATE acts SET idx = -1 WHERE log = $1 AND idx = $2`, r.log, i), r.exec(`UPDATE acts SET idx = $2 WHERE log = $1 AND idx = $3`, r.log, i, i+1),
		r.exec(`UPDATE acts SET idx = $2 WHERE log = $1 AND idx = -1`, r.log, i+1))
}

func (r *Root) insert(i int64) error {
	const id = act.ID("11111111-2222-4333-8444-555555555555")
	sealed, err := r.forged(i, id)
	if err != nil {
		return err
	}
	columns := `scope, kind, about, subject, officer, authority, role, occurred, made, recorded, refused`
	return all(r.exec(`UPDATE acts SET idx = -idx WHERE log = $1 AND idx >= $2`, r.log, i), r.exec(`UPDATE acts SET idx = -idx + 1 WHERE log = $1 AND idx < 0`, r.log),
		r.exec(`INSERT INTO acts (log, idx, seq, id, sealed, `+columns+`) SELECT log, $2, (SELECT MAX(seq) + 1 FROM acts), $3, $4, `+columns+` FROM acts WHERE log = $1 AND idx = $5`, r.log, i, string(id), sealed, i+1),
		r.exec(`UPDATE logs SET size = size + 1 WHERE id = $1`, r.log))
}

func (r *Root) truncate(i int64) error {
	return all(r.exec(`DELETE FROM acts WHERE log = $1 AND idx >= $2`, r.log, i), r.exec(`UPDATE logs SET size = $2 WHERE id = $1`, r.log, i))
}

// dropHeads forgets every head that the rewritten acts would contradict, countersigned or not.
func (r *Root) dropHeads(i int64) error {
	return r.exec(`DELETE FROM heads WHERE log = $1 AND size > $2`, r.log, i)
}

// rechain computes the tree again from the acts as they are now.
func (r *Root) rechain() error {
	l, err := r.read()
	if err != nil {
		return err
	}
	hashes, err := l.Hashes()
	if err != nil {
		return err
	}
	if err := r.exec(`DELETE FROM tiles WHERE log = $1`, r.log); err != nil {
		return err
	}
	const perTile = 256
	for n := 0; n*perTile < len(hashes); n++ {
		var b []byte
		for _, h := range hashes[n*perTile : min((n+1)*perTile, len(hashes))] {
			b = append(b, h[:]...)
		}
		if err := r.exec(`INSERT INTO tiles (log, n, hashes) VALUES ($1, $2, $3)`, r.log, n, b); err != nil {
			return err
		}
	}
	return nil
}

func (r *Root) read() (*check.Log, error) {
	c, err := check.NewJudge().ReadFrom(r.db, r.Folder, r.Authority)
	if err != nil {
		return nil, err
	}
	return c.Stream(r.Authority), nil
}

// resign signs a head of the whole rewritten log with the stolen log key.
func (r *Root) resign() error {
	l, err := r.read()
	if err != nil {
		return err
	}
	h := record.Head{Origin: r.origin, Size: int64(len(l.Entries))}
	if h.Size == 0 {
		h.Root = tlog.Hash{}
	} else if h.Root, err = l.Root(h.Size); err != nil {
		return err
	}
	signer, err := record.LogSigner(r.origin, ed25519.NewKeyFromSeed(r.keys.Log))
	if err != nil {
		return err
	}
	signed, err := record.SignHead(h, signer)
	if err != nil {
		return err
	}
	return r.exec(`INSERT INTO heads (log, size, signed, cosigned, at) VALUES ($1, $2, $3, $4, '')`, r.log, h.Size, signed, []byte{})
}
