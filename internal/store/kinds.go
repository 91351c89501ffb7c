package store

import (
	"strings"

	"countersign/internal/act"
)

// EachActOf hands the acts of some kinds to fn, in this node's order.
func EachActOf(q Querier, kinds []act.Kind, fn func(ActRow) error) error {
	const page = 512
	args := []any{int64(0), page}
	var list []string
	for i, k := range kinds {
		list, args = append(list, placeholder(i+3)), append(args, string(k))
	}
	for {
		rows, err := q.Query(`SELECT `+actColumns+` FROM acts WHERE seq > $1 AND kind IN (`+strings.Join(list, ", ")+`) ORDER BY seq LIMIT $2`, args...)
		acts, err := collect(rows, err, scanAct)
		if err != nil {
			return err
		}
		for _, a := range acts {
			if err := fn(a); err != nil {
				return err
			}
			args[0] = a.Seq
		}
		if len(acts) < page {
			return nil
		}
	}
}
