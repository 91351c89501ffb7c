package desk

import (
	"context"
	"fmt"
	"reflect"

	"countersign/internal/act"
	"countersign/internal/store"
)

// Misremembered compares what the writer remembers of cases with what their acts say, and counts what it remembers.
func (d *Desk) Misremembered(ctx context.Context, cases ...act.ID) (wrong []string, remembered int, err error) {
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		for _, id := range cases {
			h, ok := tx.Recall(historyOf(id)).(*history)
			if !ok {
				continue
			}
			remembered++
			events, err := d.eventsAbout(tx, id)
			if err != nil {
				return err
			}
			if s := dossierOf(events); !reflect.DeepEqual(s, h.state) || h.acts != len(events) {
				wrong = append(wrong, fmt.Sprintf("case %s: %d acts remembered, %d recorded:\n%+v\n%+v", id, h.acts, len(events), h.state, s))
			}
		}
		return nil
	})
	return wrong, remembered, err
}
