package store

import (
	"database/sql"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// Names of facts about the node itself.
const (
	factRestored = "restored" // instant of the last restore that a person confirmed
	factReadOnly = "read-only"
)

func fact(q Querier, name string) (value string, err error) {
	if t, ok := q.(*Tx); ok {
		return t.fact(name)
	}
	return readFact(q, name)
}

// fact is read by nearly every act: the writer remembers it.
func (t *Tx) fact(name string) (string, error) {
	if value, ok := t.Recall(factKey + name).(string); ok {
		return value, nil
	}
	value, err := readFact(t, name)
	if err == nil {
		t.Remember(factKey+name, value)
	}
	return value, err
}

const factKey = "fact/"

func readFact(q Querier, name string) (value string, err error) {
	err = q.QueryRow(`SELECT value FROM node_facts WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

func (t *Tx) setFact(name, value string) error {
	t.Forget(factKey + name)
	_, err := t.Exec(`INSERT INTO node_facts (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// RestoredAt is when the node came back from a backup: what was attested before is unknown again. Zero: never.
func RestoredAt(q Querier) (time.Time, error) {
	v, err := fact(q, factRestored)
	return instant(v), err
}

// SetRestored notes a restore.
func (t *Tx) SetRestored(at time.Time) error { return t.setFact(factRestored, stamp(at)) }

// ReadOnly says why the node takes no acts; "" when it does.
func ReadOnly(q Querier) (string, error) { return fact(q, factReadOnly) }

// SetReadOnly stops or, with "", allows the taking of acts.
func (t *Tx) SetReadOnly(why string) error { return t.setFact(factReadOnly, why) }

// Turn is how many transactions have been committed to the database, by all processes.
func Turn(q Querier) (turn int64, err error) {
	err = q.QueryRow(`SELECT turn FROM writer WHERE name = 'writer'`).Scan(&turn)
	return turn, err
}

// TakeLease gives a lease to a holder unless another one has it still. It saves doubled work; nothing that must hold
// depends on it, because clocks may differ.
func (t *Tx) TakeLease(name, holder string, d time.Duration) (bool, error) {
	n, err := t.Exec(`INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE leases.holder = excluded.holder OR leases.until < $4`, name, holder, stamp(t.Now.Add(d)), stamp(t.Now))
	return n > 0, err
}

// LinkRow is how the link to the peer stands, folded from the acts about it. Positions are sizes of the stream of
// whoever said so; zero means that nothing was said.
type LinkRow struct {
	PausedHere  int64  `json:"paused_here"`
	PausedThere int64  `json:"paused_there"`
	Ended       string `json:"ended"` // authority that ended it
	EndedAt     int64  `json:"ended_at"`
	FloorHere   int64  `json:"floor_here"` // lowest protocol version taken
	FloorThere  int64  `json:"floor_there"`
}

const factLink = "link"

// Link reads how the link stands.
func Link(q Querier) (LinkRow, error) {
	var l LinkRow
	v, err := fact(q, factLink)
	if err != nil || v == "" {
		return l, err
	}
	return l, json.Unmarshal([]byte(v), &l)
}

// Sending is what decides how much of the own stream may leave, read at one moment.
type Sending struct {
	Log      int64
	Size     int64
	Head     []byte // signed for this size; empty: not yet
	ReadOnly string
	Link     LinkRow
}

// SendingOf reads it for the stream named by origin.
func SendingOf(q Querier, origin string) (s Sending, err error) {
	var link string
	err = q.QueryRow(`SELECT l.id, l.size, COALESCE((SELECT h.signed FROM heads h WHERE h.log = l.id AND h.size = l.size), $1),
		COALESCE((SELECT f.value FROM node_facts f WHERE f.name = 'read-only'), ''), COALESCE((SELECT f.value FROM node_facts f WHERE f.name = 'link'), '')
		FROM logs l WHERE l.origin = $2`, []byte{}, origin).Scan(&s.Log, &s.Size, &s.Head, &s.ReadOnly, &link)
	if err != nil || link == "" {
		return s, err
	}
	return s, json.Unmarshal([]byte(link), &s.Link)
}

// SetLink keeps how the link stands.
func (t *Tx) SetLink(l LinkRow) error {
	b, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return t.setFact(factLink, string(b))
}

// SeenKeys lists, by use, the newest key of the peer that was seen in use.
func SeenKeys(q Querier) (map[string][]byte, error) {
	rows, err := q.Query(`SELECT name, value FROM node_facts WHERE name LIKE 'seen-key-%' ORDER BY name`)
	all, err := collect(rows, err, func(r scanner) ([2]string, error) {
		var nv [2]string
		err := r.Scan(&nv[0], &nv[1])
		return nv, err
	})
	seen := map[string][]byte{}
	for _, nv := range all {
		key, err := base64.StdEncoding.DecodeString(nv[1])
		if err != nil {
			return nil, err
		}
		seen[strings.TrimPrefix(nv[0], "seen-key-")] = key
	}
	return seen, err
}

// SetSeenKey notes that the peer has used a key.
func (t *Tx) SetSeenKey(use string, public []byte) error {
	return t.setFact("seen-key-"+use, base64.StdEncoding.EncodeToString(public))
}
