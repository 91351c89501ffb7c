package store

import (
	"time"

	"countersign/internal/act"
)

// NewsRow is one act of the other state on a case. It holds no personal data.
type NewsRow struct {
	Act      act.ID
	Kind     act.Kind
	Case     act.ID
	Recorded time.Time
}

// News lists the latest acts of an authority on the cases of an officer, or on all cases if officer is empty. The
// latest acts are on the cases in which the authority spoke last.
func News(q Querier, authority string, officer act.ID, limit int) ([]NewsRow, error) {
	cases, args := `SELECT id FROM cases WHERE heard > 0`, []any{authority, limit}
	if officer != "" {
		cases += ` AND officer = $3`
		args = append(args, string(officer))
	}
	rows, err := q.Query(`SELECT a.id, a.kind, a.about, a.recorded FROM acts a WHERE a.authority = $1 AND a.refused = ''
		AND a.about IN (`+cases+` ORDER BY heard DESC LIMIT $2) ORDER BY a.seq DESC LIMIT $2`, args...)
	return collect(rows, err, func(r scanner) (n NewsRow, err error) {
		var at string
		err = r.Scan(&n.Act, &n.Kind, &n.Case, &at)
		n.Recorded = instant(at)
		return n, err
	})
}

// LatestOfKind lists the newest acts of a kind, the newest first.
func LatestOfKind(q Querier, kind act.Kind, limit int) ([]ActRow, error) {
	rows, err := q.Query(`SELECT `+actColumns+` FROM acts WHERE kind = $1 ORDER BY seq DESC LIMIT $2`, string(kind), limit)
	return collect(rows, err, scanAct)
}
