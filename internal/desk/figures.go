package desk

import (
	"context"

	"countersign/internal/access"
	"countersign/internal/statistics"
)

// CountingLedger is the ledger for an officer who may count. Small counts can lead to a person, so not everybody may.
func (d *Desk) CountingLedger(ctx context.Context, who Session) (*statistics.Ledger, error) {
	if err := d.allow(who, "count-returns", access.Resource{Type: "return"}); err != nil {
		return nil, err
	}
	return d.Ledger(ctx)
}
