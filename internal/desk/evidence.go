package desk

import (
	"context"
	"strings"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/tlog"
)

// Evidence makes the bundle that proves one joint act to somebody who trusts neither state. All envelope
// fields are opened, and of the body the members named in open ("*" opens all). Making it is a disclosure.
func (d *Desk) Evidence(ctx context.Context, who Session, id act.ID, open ...string) ([]byte, error) {
	row, ok, err := store.FindAct(d.Store, id)
	if err != nil {
		return nil, err
	}
	if !ok || row.Scope != act.Joint || row.Refused != "" {
		return nil, fault.New(fault.Missing, "fault.evidence.no-act")
	}
	if err := d.consult(ctx, who, "evidence", access.Resource{Type: "act"}, "evidence", row.Subject); err != nil {
		return nil, err
	}
	origin := d.stream
	if row.Officer.Authority == d.Peer.Authority {
		origin = d.peer
	}
	return d.bundle(origin, row, open)
}

func (d *Desk) bundle(origin string, row store.ActRow, open []string) ([]byte, error) {
	head, ok, err := store.CountersignedHead(d.Store, row.Log, row.Index)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(fault.Unavailable, "fault.evidence.not-countersigned")
	}
	entry, err := d.rosterAct(row)
	if err != nil {
		return nil, err
	}
	b := record.Bundle{Format: record.BundleFormat, Origin: origin, Head: string(head.Cosigned)}
	if b.Act, err = d.exhibit(row, head.Size, func(label string) bool { return opened(label, open) }); err != nil {
		return nil, err
	}
	if b.Officer, err = d.exhibit(entry, head.Size, func(string) bool { return true }); err != nil {
		return nil, err
	}
	if b.Keys, err = d.keyChanges(); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(b, jsontext.WithIndent("  "))
	return append(raw, '\n'), err
}

// keyChanges are the acts by which log and countersigning keys have changed since the pairing. Root's signature makes
// each of them true by itself, so they carry no proof of inclusion.
func (d *Desk) keyChanges() ([]record.Exhibit, error) {
	var out []record.Exhibit
	for _, k := range d.ring() {
		if k.Index < 0 || k.Use != string(joint.UseLog) && k.Use != string(joint.UseCosign) {
			continue
		}
		origin := d.stream
		if k.Authority == d.Peer.Authority {
			origin = d.peer
		}
		log, err := store.FindLog(d.Store, origin)
		if err != nil {
			return nil, err
		}
		rows, err := store.ActsOfLog(d.Store, log.ID, k.Index, 1)
		if err != nil || len(rows) == 0 {
			return nil, fault.New(fault.Missing, "fault.evidence.no-act").Because(err)
		}
		signed, err := d.signedAct(d.Store, rows[0])
		if err != nil {
			return nil, err
		}
		e, err := record.MakeExhibit(signed, k.Index, nil, func(string) bool { return true })
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func opened(label string, open []string) bool {
	member, isBody := strings.CutPrefix(label, "body.")
	for _, o := range open {
		if o == "*" || o == member {
			return true
		}
	}
	return !isBody
}

// rosterAct finds the act that entered the key with which row was signed.
func (d *Desk) rosterAct(row store.ActRow) (store.ActRow, error) {
	signed, err := d.signedAct(d.Store, row)
	if err != nil {
		return row, err
	}
	envelope, _, err := signed.Open()
	if err != nil {
		return row, err
	}
	roster, err := store.Roster(d.Store, row.Officer.Authority)
	if err != nil {
		return row, err
	}
	signer, ok := roster[envelope.KeyID]
	if !ok {
		return row, fault.New(fault.Missing, "fault.evidence.no-act")
	}
	rows, err := store.ActsOfLog(d.Store, row.Log, signer.From, 1)
	if err != nil || len(rows) == 0 || rows[0].Kind != joint.RosterEntered {
		return row, fault.New(fault.Missing, "fault.evidence.no-act").Because(err)
	}
	return rows[0], nil
}

func (d *Desk) exhibit(row store.ActRow, size int64, open func(string) bool) (record.Exhibit, error) {
	signed, err := d.signedAct(d.Store, row)
	if err != nil {
		return record.Exhibit{}, err
	}
	proof, err := tlog.ProveRecord(size, row.Index, store.HashReader{Q: d.Store, Log: row.Log})
	if err != nil {
		return record.Exhibit{}, err
	}
	return record.MakeExhibit(signed, row.Index, proof, open)
}
