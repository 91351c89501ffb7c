package store

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
)

// CountJoint counts joint acts of some kinds that were made in a period, by who made them. Acts without effect are
// left out.
func CountJoint(q Querier, kinds []act.Kind, from, until time.Time, authors map[LogKind]string) (map[string]int64, error) {
	out := map[string]int64{}
	for _, a := range authors {
		out[a] = 0
	}
	args := []any{stamp(from), stamp(until)}
	var marks []string
	for _, k := range kinds {
		args = append(args, string(k))
		marks = append(marks, placeholder(len(args)))
	}
	rows, err := q.Query(`SELECT l.kind, COUNT(*) FROM acts a JOIN logs l ON l.id = a.log
		WHERE a.made >= $1 AND a.made < $2 AND a.kind IN (`+strings.Join(marks, ", ")+`) AND a.refused = '' GROUP BY l.kind`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var kind string
		var n int64
		if err := rows.Scan(&kind, &n); err != nil {
			return nil, err
		}
		if a, ok := authors[LogKind(kind)]; ok {
			out[a] = n
		}
	}
	return out, rows.Err()
}

// MedianAnswer is the median of whole days between a request and the first answer to it, by who answered, of answers
// made in a period. A side that answered nothing is absent.
func MedianAnswer(q Querier, request act.Kind, answers []act.Kind, from, until time.Time, authors map[LogKind]string) (map[string]int64, error) {
	args := []any{stamp(from), stamp(until)}
	var marks []string
	for _, k := range answers {
		args = append(args, string(k))
		marks = append(marks, placeholder(len(args)))
	}
	args = append(args, string(request))
	rows, err := q.Query(`SELECT l.kind, a.about, MIN(r.made), MIN(a.made) FROM acts a JOIN logs l ON l.id = a.log JOIN acts r ON r.about = a.about
		WHERE a.made >= $1 AND a.made < $2 AND a.kind IN (`+strings.Join(marks, ", ")+`) AND a.refused = ''
		AND r.kind = `+placeholder(len(args))+` AND r.refused = '' GROUP BY l.kind, a.about`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	days := map[string][]int64{}
	for rows.Next() {
		var kind, about, asked, answered string
		if err := rows.Scan(&kind, &about, &asked, &answered); err != nil {
			return nil, err
		}
		if a, ok := authors[LogKind(kind)]; ok {
			days[a] = append(days[a], int64(instant(answered).Sub(instant(asked))/(24*time.Hour)))
		}
	}
	out := map[string]int64{}
	for a, all := range days {
		slices.SortFunc(all, cmp.Compare[int64])
		out[a] = all[(len(all)-1)/2] // the lower of the two in the middle: a whole number of days
	}
	return out, rows.Err()
}

// CountChecks counts the checks that were made under a measure in a period: all, those refused, or those refused and
// looked at again.
func CountChecks(q Querier, measure act.ID, code string, from, until time.Time) (n int64, err error) {
	more := map[string]string{"exits-refused": ` AND decision = 'refuse' AND direction = 'exit'`,
		"exit-refusals-reviewed": ` AND decision = 'refuse' AND direction = 'exit' AND reviewed <> ''`}[code]
	err = q.QueryRow(`SELECT COUNT(*) FROM border_checks WHERE measure = $1 AND at >= $2 AND at < $3`+more, string(measure), stamp(from), stamp(until)).Scan(&n)
	return n, err
}
