package store

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"countersign/internal/act"
)

// CaseRow is a case as the work list shows it. What it holds of the person is sealed.
type CaseRow struct {
	ID      act.ID
	Subject act.ID
	Side    string
	Route   string
	Outcome string
	Next    string
	Args    string // JSON
	Owes    string
	Due     time.Time
	Officer act.ID
	Blocked bool
	Paused  bool
	Held    bool // a barrier holds, or one of the states has said “not yet”
	Opened  time.Time
	Updated time.Time
	Acts    int64
	Name    []byte // sealed

	Texts int64 // that wait for a second officer

	Measured []byte // sealed: what the dashboards count of the case; only written here

	BlockedSince time.Time // when the next step came to be blocked; kept by PutCase
	AsOf         time.Time // when time alone moved it last; zero: with its last act
}

const caseColumns = `id, subject, side, route, outcome, next, args, owes, due, officer, blocked, paused, opened, updated, acts, name_sealed, blocked_since, held`

// PutCase writes the projection of a case. A case that stays blocked keeps the time since when it is.
func (t *Tx) PutCase(c CaseRow) error {
	var since time.Time
	if c.Blocked {
		since = c.Updated
	}
	_, err := t.Exec(`INSERT INTO cases (`+caseColumns+`, as_of, texts, measured_sealed, heard, turn) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
		COALESCE((SELECT MAX(a.seq) FROM acts a JOIN logs l ON l.id = a.log WHERE a.about = $1 AND l.kind = 'peer' AND a.refused = ''), 0), `+thisTurn+`)
		ON CONFLICT (id) DO UPDATE SET subject = excluded.subject, side = excluded.side, route = excluded.route, outcome = excluded.outcome,
		next = excluded.next, args = excluded.args, owes = excluded.owes, due = excluded.due, officer = excluded.officer,
		blocked = excluded.blocked, paused = excluded.paused, opened = excluded.opened, updated = excluded.updated, acts = excluded.acts,
		name_sealed = excluded.name_sealed, as_of = excluded.as_of, held = excluded.held, texts = excluded.texts, heard = excluded.heard,
		measured_sealed = excluded.measured_sealed, turn = excluded.turn,
		blocked_since = CASE WHEN cases.blocked AND excluded.blocked THEN cases.blocked_since ELSE excluded.blocked_since END`,
		string(c.ID), string(c.Subject), c.Side, c.Route, c.Outcome, c.Next, c.Args, c.Owes, stamp(c.Due), string(c.Officer), c.Blocked, c.Paused,
		stamp(c.Opened), stamp(c.Updated), c.Acts, c.Name, stamp(since), c.Held, stamp(c.AsOf), c.Texts, c.Measured)
	return err
}

// CaseFilter chooses cases of a work list. Zero fields do not filter.
type CaseFilter struct {
	Officer   act.ID
	Owes      string    // authority
	DueBefore time.Time // exclusive
	Blocked   bool
	Open      bool
	Closed    bool
	Subjects  []act.ID
	Limit     int
	Offset    int
	Sort      string // "due" (default), "updated", "opened", "next", "id": the natural order of each; "-" before it turns it round

	Nobody       bool      // no officer has the file: what waits to be given out
	Team         act.ID    // an officer of the team has the file
	OwesOther    string    // owed by another authority than this one
	DueFrom      time.Time // inclusive
	BlockedSince time.Time // came to be blocked at or after
	Route        string
	Next         string // key of the next step
	After        act.ID // with Sort "id": what comes behind this one
}

// Cases without a limit come last, whichever way the list is sorted.
var caseOrder = map[string]string{
	"": "CASE WHEN due = '' THEN '9' ELSE due END, id", "due": "CASE WHEN due = '' THEN '9' ELSE due END, id", "-due": "due DESC, id",
	"updated": "updated DESC, id DESC", "-updated": "updated, id", "opened": "opened DESC, id", "-opened": "opened, id",
	"id": "id", "next": "next, due, id", "-next": "next DESC, due DESC, id DESC",
}

func (f CaseFilter) where() (string, []any) {
	var terms []string
	var args []any
	add := func(term string, v ...any) {
		for _, x := range v {
			args = append(args, x)
			term = strings.Replace(term, "?", placeholder(len(args)), 1)
		}
		terms = append(terms, term)
	}
	if f.Open {
		add("outcome = ''")
	}
	if f.Closed {
		add("outcome <> ''")
	}
	if f.Officer != "" {
		add("officer = ?", string(f.Officer))
	}
	if f.Owes != "" {
		add("owes = ?", f.Owes)
	}
	if !f.DueBefore.IsZero() {
		add("due <> '' AND due < ?", stamp(f.DueBefore))
	}
	if !f.DueFrom.IsZero() {
		add("due >= ?", stamp(f.DueFrom))
	}
	if f.Nobody {
		add("officer = ''")
	}
	if f.Team != "" {
		add("officer IN (SELECT officer FROM team_members WHERE team = ?)", string(f.Team))
	}
	if f.OwesOther != "" {
		add("owes <> ?", f.OwesOther)
	}
	if f.Blocked {
		add("blocked = ?", true)
	}
	if !f.BlockedSince.IsZero() {
		add("blocked_since >= ?", stamp(f.BlockedSince))
	}
	if f.Route != "" {
		add("route = ?", f.Route)
	}
	if f.Next != "" {
		add("next = ?", f.Next)
	}
	if f.After != "" {
		add("id > ?", string(f.After))
	}
	if f.Subjects != nil {
		marks := make([]string, 0, len(f.Subjects)+1)
		for _, s := range f.Subjects {
			args = append(args, string(s))
			marks = append(marks, placeholder(len(args)))
		}
		terms = append(terms, "subject IN ("+strings.Join(append(marks, "''"), ", ")+")")
	}
	if len(terms) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(terms, " AND "), args
}

// CountCases counts the cases that match.
func CountCases(q Querier, f CaseFilter) (total int, err error) {
	where, args := f.where()
	err = q.QueryRow(`SELECT COUNT(*) FROM cases`+where, args...).Scan(&total)
	return total, err
}

// Cases lists cases; the count of all that match is from the same filter, so that list and total agree (K26).
func Cases(q Querier, f CaseFilter) ([]CaseRow, int, error) {
	total, err := CountCases(q, f)
	if err != nil {
		return nil, 0, err
	}
	where, args := f.where()
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	// The page is found in an index; only its own lines are read.
	query := `SELECT ` + caseColumns + ` FROM cases WHERE id IN (SELECT id FROM cases` + where + ` ORDER BY ` + caseOrder[f.Sort] +
		` LIMIT ` + placeholder(len(args)+1) + ` OFFSET ` + placeholder(len(args)+2) + `) ORDER BY ` + caseOrder[f.Sort]
	rows, err := q.Query(query, append(args, limit, f.Offset)...)
	all, err := collect(rows, err, scanCase)
	return all, total, err
}

func scanCase(r scanner) (CaseRow, error) {
	var c CaseRow
	var due, opened, updated, since string
	err := r.Scan(&c.ID, &c.Subject, &c.Side, &c.Route, &c.Outcome, &c.Next, &c.Args, &c.Owes, &due, &c.Officer, &c.Blocked, &c.Paused, &opened, &updated, &c.Acts, &c.Name, &since, &c.Held)
	c.Due, c.Opened, c.Updated, c.BlockedSince = instant(due), instant(opened), instant(updated), instant(since)
	return c, err
}

// OnHold says of some cases which are held. It reads no name.
func OnHold(q Querier, ids []act.ID) ([]CaseRow, error) {
	marks, args := make([]string, 0, len(ids)+1), make([]any, 0, len(ids))
	for _, id := range ids {
		args = append(args, string(id))
		marks = append(marks, placeholder(len(args)))
	}
	rows, err := q.Query(`SELECT id FROM cases WHERE held AND id IN (`+strings.Join(append(marks, "''"), ", ")+`) ORDER BY id`, args...)
	return collect(rows, err, func(r scanner) (c CaseRow, err error) {
		c.Held = true
		return c, r.Scan(&c.ID)
	})
}

// FindCase returns the projection of one case; ok is false when there is none.
func FindCase(q Querier, id act.ID) (CaseRow, bool, error) {
	c, err := scanCase(q.QueryRow(`SELECT `+caseColumns+` FROM cases WHERE id = $1`, string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	return c, err == nil, err
}

// PutCounsels keeps who represents the person of a case.
func (t *Tx) PutCounsels(about act.ID, officers []act.ID) error {
	if _, err := t.Exec(`DELETE FROM counsels WHERE about = $1`, string(about)); err != nil {
		return err
	}
	for _, o := range officers {
		if _, err := t.Exec(`INSERT INTO counsels (officer, about) VALUES ($1, $2) ON CONFLICT (officer, about) DO NOTHING`, string(o), string(about)); err != nil {
			return err
		}
	}
	return nil
}

// CasesOfCounsel lists the cases that may be a representative's; the acts of each decide.
func CasesOfCounsel(q Querier, officer act.ID) ([]act.ID, error) {
	rows, err := q.Query(`SELECT about FROM counsels WHERE officer = $1 OR officer = '' ORDER BY about`, string(officer))
	return collect(rows, err, scanID)
}

// CasesWithTexts lists the cases in which a text may wait for a second officer.
func CasesWithTexts(q Querier) ([]act.ID, error) {
	rows, err := q.Query(`SELECT id FROM cases WHERE texts > 0 ORDER BY id`)
	return collect(rows, err, scanID)
}

// PutToken adds a blind token of a subject.
func (t *Tx) PutToken(token []byte, subject act.ID) error {
	_, err := t.Exec(`INSERT INTO tokens (token, subject) VALUES ($1, $2) ON CONFLICT (token, subject) DO NOTHING`, token, string(subject))
	return err
}

// DropTokens forgets all tokens of a subject.
func (t *Tx) DropTokens(subject act.ID) error {
	t.ForgetAll()
	_, err := t.Exec(`DELETE FROM tokens WHERE subject = $1`, string(subject))
	return err
}

// SubjectsOf lists the subjects that have all of the tokens. The rarest token comes first: by it they are found.
func SubjectsOf(q Querier, limit int, tokens ...[]byte) ([]act.ID, error) {
	if len(tokens) == 0 {
		return nil, nil
	}
	query, args := `SELECT t.subject FROM tokens t WHERE t.token = $1`, []any{tokens[0]}
	for _, token := range tokens[1:] {
		args = append(args, token)
		query += ` AND EXISTS (SELECT 1 FROM tokens o WHERE o.token = ` + placeholder(len(args)) + ` AND o.subject = t.subject)`
	}
	args = append(args, limit)
	rows, err := q.Query(query+` ORDER BY t.subject LIMIT `+placeholder(len(args)), args...)
	return collect(rows, err, scanID)
}

// Swept lists the cases that time alone moved after their last act, and when.
func Swept(q Querier) (map[act.ID]time.Time, error) {
	rows, err := q.Query(`SELECT id, as_of FROM cases WHERE as_of <> '' ORDER BY id`)
	list, err := collect(rows, err, func(r scanner) (c CaseRow, err error) {
		var at string
		err = r.Scan(&c.ID, &at)
		c.AsOf = instant(at)
		return c, err
	})
	all := make(map[act.ID]time.Time, len(list))
	for _, c := range list {
		all[c.ID] = c.AsOf
	}
	return all, err
}
