package desk

import (
	"context"
	"encoding/base64"
	"slices"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"

	"golang.org/x/mod/sumdb/tlog"
)

// What an inspector reads of the streams from outside: commitments, signatures and who signed, nothing about a person. Each
// reading is recorded with its purpose, as every look is.

// inspectPage bounds one answer.
const inspectPage = 256

func (d *Desk) inspect(ctx context.Context, who Session, view string) error {
	if !d.Paired() {
		return fault.New(fault.Unavailable, "fault.pair.not-yet")
	}
	return d.consult(ctx, who, "verify-record", access.Resource{Type: "record"}, view)
}

// InspectedStreams says how far both streams go here.
func (d *Desk) InspectedStreams(ctx context.Context, who Session) (s record.Standing, err error) {
	if err := d.inspect(ctx, who, "inspection/standing"); err != nil {
		return s, err
	}
	s.Own = d.OwnAuthority()
	s.Peer, _ = d.PeerAuthority()
	for _, x := range [][2]string{{d.peer, d.Peer.Authority}, {d.stream, d.Authority}} {
		head, _, err := store.NewestHeadOf(d.Store, x[0]) // before the size: the log may grow meanwhile
		if err != nil {
			return s, err
		}
		log, err := store.FindLog(d.Store, x[0])
		if err != nil {
			return s, err
		}
		s.Streams = append(s.Streams, record.StreamStanding{Origin: x[0], Author: x[1], Size: log.Size, Newest: head.Size})
	}
	if s.Changes, err = d.keyChanges(); err != nil {
		return s, err
	}
	s.Frozen, err = store.Frozen(d.Store)
	return s, err
}

// InspectedActs shows a page of a stream to an inspector.
func (d *Desk) InspectedActs(ctx context.Context, who Session, origin string, from int64) ([]record.Line, error) {
	log, err := d.inspected(ctx, who, origin, "inspection/acts")
	if err != nil {
		return nil, err
	}
	rows, err := store.ActsOfLog(d.Store, log.ID, from, inspectPage)
	if err != nil {
		return nil, err
	}
	lines := make([]record.Line, 0, len(rows))
	for _, row := range rows {
		l, err := d.line(row)
		if err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func (d *Desk) inspected(ctx context.Context, who Session, origin, view string) (store.LogInfo, error) {
	if !slices.Contains([]string{d.stream, d.peer}, origin) { // a domestic log is the authority's own
		return store.LogInfo{}, fault.New(fault.Missing, "fault.bundle.origin", "origin", origin)
	}
	if err := d.inspect(ctx, who, view); err != nil {
		return store.LogInfo{}, err
	}
	return store.FindLog(d.Store, origin)
}

func (d *Desk) line(row store.ActRow) (record.Line, error) {
	signed, err := d.signedAct(d.Store, row)
	if fault.KeyOf(err) == "fault.vault.forgotten" {
		leaf, err := store.HashReader{Q: d.Store, Log: row.Log}.ReadHashes([]int64{tlog.StoredHashIndex(0, row.Index)})
		if err != nil {
			return record.Line{}, err
		}
		return record.Line{Exhibit: record.Exhibit{Index: row.Index}, Erased: base64.StdEncoding.EncodeToString(leaf[0][:])}, nil
	}
	if err != nil {
		return record.Line{}, err
	}
	e, err := record.MakeExhibit(signed, row.Index, nil, record.ForAuditor(kindOf(signed)))
	return record.Line{Exhibit: e, Refused: row.Refused != ""}, err
}

// kindOf is the kind that was signed, whatever the table says.
func kindOf(signed *act.Signed) act.Kind {
	e, _, err := signed.Open()
	if err != nil {
		return ""
	}
	return e.Kind
}

// InspectedHeads shows a page of a stream's heads to an inspector.
func (d *Desk) InspectedHeads(ctx context.Context, who Session, origin string, above int64) ([]record.SignedHead, error) {
	log, err := d.inspected(ctx, who, origin, "inspection/heads")
	if err != nil {
		return nil, err
	}
	rows, err := store.HeadsAbove(d.Store, log.ID, above, inspectPage)
	return signedHeads(rows), err
}

func signedHeads(rows []store.HeadRow) []record.SignedHead {
	page := make([]record.SignedHead, 0, len(rows))
	for _, h := range rows {
		page = append(page, record.SignedHead{Size: h.Size, Signed: string(h.Signed), Cosigned: string(h.Cosigned)})
	}
	return page
}
