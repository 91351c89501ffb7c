package store

import (
	"database/sql"
	"errors"
	"time"

	"countersign/internal/act"

	"github.com/go-json-experiment/json"
)

// CheckRow is one check at a crossing point under its last decision. It names nobody.
type CheckRow struct {
	ID        act.ID
	Point     string
	Direction string
	Measure   act.ID
	At        time.Time // of the decision
	Decision  string    // allow, second-line, refuse
	Rules     []string  // that asked for something
	Ground    string    // the rule on which a refusal rests
	Rulebooks []string
	Lists     []string
	Lane      string // empty: decided at the node
	Act       act.ID
	Seconds   int64 // in the second line
	Reviewed  string
}

const checkColumns = `id, point, direction, measure, at, decision, rules, rulebooks, lists, lane, act, seconds, reviewed, ground`

// PutCheck keeps how a check stands.
func (t *Tx) PutCheck(c CheckRow) error {
	rules, books, lists := list(c.Rules), list(c.Rulebooks), list(c.Lists)
	_, err := t.Exec(`INSERT INTO border_checks (`+checkColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (id) DO UPDATE SET at = excluded.at, decision = excluded.decision, rules = excluded.rules, rulebooks = excluded.rulebooks,
		lists = excluded.lists, lane = excluded.lane, act = excluded.act, seconds = excluded.seconds, reviewed = excluded.reviewed,
		ground = excluded.ground`,
		string(c.ID), c.Point, c.Direction, string(c.Measure), stamp(c.At), c.Decision, rules, books, lists, c.Lane, string(c.Act), c.Seconds, c.Reviewed, c.Ground)
	return err
}

func list(s []string) string {
	if s == nil {
		s = []string{}
	}
	b, _ := json.Marshal(s) // strings always encode
	return string(b)
}

func scanCheck(r scanner) (CheckRow, error) {
	var c CheckRow
	var at, rules, books, lists string
	err := r.Scan(&c.ID, &c.Point, &c.Direction, &c.Measure, &at, &c.Decision, &rules, &books, &lists, &c.Lane, &c.Act, &c.Seconds, &c.Reviewed, &c.Ground)
	c.At = instant(at)
	return c, errors.Join(err, unlist(rules, &c.Rules), unlist(books, &c.Rulebooks), unlist(lists, &c.Lists))
}

func unlist(s string, to *[]string) error {
	if s == "" {
		return nil
	}
	return json.Unmarshal([]byte(s), to)
}

// FindCheck reads how a check stands; ok is false when nothing was decided.
func FindCheck(q Querier, id act.ID) (CheckRow, bool, error) {
	c, err := scanCheck(q.QueryRow(`SELECT `+checkColumns+` FROM border_checks WHERE id = $1`, string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return CheckRow{}, false, nil
	}
	return c, err == nil, err
}

// ChecksOf lists the checks of a measure in a span of time.
func ChecksOf(q Querier, measure act.ID, from, until time.Time) ([]CheckRow, error) {
	rows, err := q.Query(`SELECT `+checkColumns+` FROM border_checks WHERE measure = $1 AND at >= $2 AND at < $3 ORDER BY at, id`, string(measure), stamp(from), stamp(until))
	return collect(rows, err, scanCheck)
}

// ChecksWith lists the newest checks that stand under a decision.
func ChecksWith(q Querier, decision string, limit int64) ([]CheckRow, error) {
	rows, err := q.Query(`SELECT `+checkColumns+` FROM border_checks WHERE decision = $1 ORDER BY at DESC, id LIMIT $2`, decision, limit)
	return collect(rows, err, scanCheck)
}

// ListRow is a version of an alert list in use.
type ListRow struct {
	List    string
	Version int64
	SHA256  string
	Count   int
	At      time.Time
}

// PutList notes the version in use.
func (t *Tx) PutList(l ListRow) error {
	_, err := t.Exec(`INSERT INTO border_lists (list, version, sha256, count, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (list) DO UPDATE SET version = excluded.version, sha256 = excluded.sha256, count = excluded.count, at = excluded.at`,
		l.List, l.Version, l.SHA256, l.Count, stamp(l.At))
	return err
}

// Lists are the alert lists in use.
func Lists(q Querier) ([]ListRow, error) {
	rows, err := q.Query(`SELECT list, version, sha256, count, at FROM border_lists ORDER BY list`)
	return collect(rows, err, func(r scanner) (ListRow, error) {
		var l ListRow
		var at string
		err := r.Scan(&l.List, &l.Version, &l.SHA256, &l.Count, &at)
		l.At = instant(at)
		return l, err
	})
}

// MeasureRow is a rulebook at work at crossing points.
type MeasureRow struct {
	Act      act.ID
	Measure  act.ID
	Rulebook string
	Points   []string
	From     time.Time
	Until    time.Time
}

// PutMeasure adds an activation.
func (t *Tx) PutMeasure(m MeasureRow) error {
	_, err := t.Exec(`INSERT INTO border_measures (act, measure, rulebook, points, starts, ends) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(m.Act), string(m.Measure), m.Rulebook, list(m.Points), stamp(m.From), stamp(m.Until))
	return err
}

// Measures are all activations, newest first.
func Measures(q Querier) ([]MeasureRow, error) {
	rows, err := q.Query(`SELECT act, measure, rulebook, points, starts, ends FROM border_measures ORDER BY starts DESC, act`)
	return collect(rows, err, func(r scanner) (MeasureRow, error) {
		var m MeasureRow
		var points, from, until string
		err := r.Scan(&m.Act, &m.Measure, &m.Rulebook, &points, &from, &until)
		m.From, m.Until = instant(from), instant(until)
		return m, errors.Join(err, unlist(points, &m.Points))
	})
}

// CountsRow is one day's totals of a measure as one of the states gave them to both.
type CountsRow struct {
	Authority string
	Measure   act.ID
	Day       string
	At        time.Time
	Body      string
}

// PutCounts keeps totals; those given later for the same day take their place.
func (t *Tx) PutCounts(c CountsRow) error {
	_, err := t.Exec(`INSERT INTO border_counts (authority, measure, day, at, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (authority, measure, day) DO UPDATE SET at = excluded.at, body = excluded.body`, c.Authority, string(c.Measure), c.Day, stamp(c.At), c.Body)
	return err
}

// CountsOf lists the totals of a measure that both states hold.
func CountsOf(q Querier, measure act.ID) ([]CountsRow, error) {
	rows, err := q.Query(`SELECT authority, measure, day, at, body FROM border_counts WHERE measure = $1 ORDER BY day, authority`, string(measure))
	return collect(rows, err, func(r scanner) (CountsRow, error) {
		var c CountsRow
		var at string
		err := r.Scan(&c.Authority, &c.Measure, &c.Day, &at, &c.Body)
		c.At = instant(at)
		return c, err
	})
}

// PutCleared remembers a false match.
func (t *Tx) PutCleared(key, list, ref string) error {
	_, err := t.Exec(`INSERT INTO border_cleared (key, list, ref) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING`, key, list, ref)
	return err
}

// ClearedKeys are the keys of all false matches.
func ClearedKeys(q Querier) ([]string, error) {
	rows, err := q.Query(`SELECT key FROM border_cleared ORDER BY key`)
	return collect(rows, err, func(r scanner) (string, error) {
		var k string
		err := r.Scan(&k)
		return k, err
	})
}
