package desk

import (
	"context"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"

	"golang.org/x/mod/sumdb/note"
)

// Why a node is read-only: it is behind its own past, or it has its past back and waits for a person.
const (
	readOnlyBehind   = "fault.exchange.behind"
	readOnlyRestored = "fault.node.restored"
)

// Standing compares the newest head of the own stream that the peer holds with the own log. The head carries our
// own signature, so the peer cannot invent it: what it says, this node once signed. A node whose log is shorter, or
// has another root, has lost its own past; it becomes read-only before it signs anything.
func (d *Desk) Standing(ctx context.Context, a record.Answer) error {
	if len(a.Newest) == 0 {
		if a.Held > 0 {
			return fault.New(fault.Denied, "fault.exchange.answer")
		}
		return nil
	}
	if stood := d.stood.Load(); stood != nil && *stood == string(a.Newest) {
		return nil
	}
	head, err := record.OpenHead(a.Newest, d.stream, d.ownLog()...)
	if err != nil {
		return fault.New(fault.Denied, "fault.exchange.answer").Because(err)
	}
	if a.Held > head.Size {
		return fault.New(fault.Denied, "fault.exchange.answer")
	}
	behind := false
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		log, err := tx.Log(d.stream)
		if err != nil {
			return err
		}
		err = d.turn(tx, Session{}).agrees(log, head)
		if key := fault.KeyOf(err); key != "fault.exchange.behind" && key != "fault.exchange.diverged" {
			return err
		}
		behind = true
		return tx.SetReadOnly(readOnlyBehind)
	})
	if err == nil && behind {
		err = fault.New(fault.Unavailable, "fault.exchange.behind")
	}
	if err == nil {
		newest := string(a.Newest)
		d.stood.Store(&newest)
	}
	return err
}

// returnedHeads bounds how many countersigned heads one answer gives back.
const returnedHeads = 512

// GiveBack gives the peer a stretch of its own stream as it is held here, ending at a head that it signed, with
// the countersigned heads of it, and the peer's own countersignatures over our stream.
func (d *Desk) GiveBack(_ context.Context, from, countersignedFrom int64) (record.Returned, error) {
	r := record.Returned{From: from}
	theirs, err := store.FindLog(d.Store, d.peer)
	if err != nil {
		return r, err
	}
	ours, err := store.FindLog(d.Store, d.stream)
	if err != nil {
		return r, err
	}
	heads, err := store.CountersignedHeads(d.Store, theirs.ID, from, returnedHeads)
	if err != nil {
		return r, err
	}
	own, err := store.CountersignedHeads(d.Store, ours.ID, countersignedFrom, returnedHeads)
	if err != nil {
		return r, err
	}
	for _, h := range own {
		r.Theirs = append(r.Theirs, h.Cosigned)
	}
	if err := d.giveActs(&r, theirs.ID, heads); err != nil {
		return r, err
	}
	r.More = r.Head != nil && r.From+int64(len(r.Acts)) < theirs.Size || len(own) == returnedHeads
	return r, nil
}

// giveActs adds the acts up to the last head that fits a batch.
func (d *Desk) giveActs(r *record.Returned, log int64, heads []store.HeadRow) error {
	if len(heads) == 0 {
		return nil
	}
	acts, err := d.stretch(log, r.From, heads[len(heads)-1].Size)
	if err != nil {
		return err
	}
	end := r.From
	for _, h := range heads {
		if h.Size > r.From+int64(len(acts)) {
			break
		}
		r.Head, end = h.Signed, h.Size
		r.Heads = append(r.Heads, h.Cosigned)
	}
	r.Acts = acts[:end-r.From]
	return nil
}

// Recovery says what a restored node took back.
type Recovery struct {
	From  int64 // size of the own stream that was whole
	Taken int64 // acts taken back from the peer
	Moved int64 // own acts made since the restore, put behind those
}

// TakeBack takes the own joint acts that this node has lost back from the peer, through fetch. Each is checked
// against its commitments and against a head that this node itself signed. The node stays read-only.
func (d *Desk) TakeBack(ctx context.Context, fetch func(ctx context.Context, from, countersignedFrom int64) (record.Returned, error)) (Recovery, error) {
	var r Recovery
	why, err := store.ReadOnly(d.Store)
	if err != nil || why != readOnlyBehind {
		return r, err
	}
	if err := d.readReceipts(); err != nil {
		return r, err
	}
	r.From = d.receipts.size()
	at := r.From
	held, err := d.Held(ctx)
	if err != nil {
		return r, err
	}
	countersigned := held.Held
	for more := true; more; {
		got, err := fetch(ctx, at, countersigned)
		if err != nil {
			return r, err
		}
		if len(got.Acts) == 0 {
			got.Head = nil
		}
		step, err := d.takeBack(ctx, at, got)
		if err != nil {
			return r, err
		}
		at, countersigned, more = at+int64(len(got.Acts)), max(countersigned, step.countersigned), got.More && (len(got.Acts) > 0 || len(got.Theirs) > 0)
		r.Taken, r.Moved = r.Taken+step.taken, max(r.Moved, step.moved)
	}
	return r, d.whole(ctx)
}

type taken struct{ taken, moved, countersigned int64 }

// takeBack keeps one stretch: acts, receipts and our own countersignatures, in one transaction.
func (d *Desk) takeBack(ctx context.Context, from int64, r record.Returned) (taken, error) {
	var out taken
	acts, err := d.parseOwn(r.Acts)
	if err != nil {
		return out, err
	}
	keys := d.withChanges(d.Authority, from, acts)
	var head record.Head
	if r.Head != nil {
		if head, err = record.OpenHead(r.Head, d.stream, d.logVerifiers(d.stream, keys)...); err != nil {
			return out, err
		}
	}
	return out, d.Store.Write(ctx, func(tx *store.Tx) error {
		out = taken{}
		t := d.turn(tx, Session{})
		if r.Head != nil {
			if err := t.replace(from, head, acts, &out); err != nil {
				return err
			}
		}
		if err := t.receiptsBack(r.Heads, t.logVerifiers(d.stream, keys)); err != nil {
			return err
		}
		tx.ForgetAll() // acts have other receipts now
		out.countersigned, err = t.countersignaturesBack(r.Theirs)
		return err
	})
}

// replace puts the acts in their places. Acts of ours that stand there but were never under a signed head are kept,
// and put behind: an officer signs an act without its place.
func (t *turn) replace(from int64, head record.Head, acts []incoming, out *taken) error {
	log, err := t.tx.Log(t.stream)
	if err != nil {
		return err
	}
	hashes := store.HashReader{Q: t.tx, Log: log.ID}
	tried, err := record.Grow(from, hashes)
	if err != nil {
		return err
	}
	for _, a := range acts {
		tried.Append(a.leaf)
	}
	if tried.Head(t.stream) != head {
		return fault.New(fault.Conflict, "fault.exchange.inconsistent")
	}
	same := min(log.Size()-from, int64(len(acts)))
	for ; same > 0; same-- { // the longest prefix that is here already
		if ok, err := sameLeaves(hashes, from, acts[:same]); err != nil || ok {
			break
		}
	}
	if same == int64(len(acts)) {
		return nil
	}
	tail, err := t.tx.CutLog(t.stream, from+same)
	if err != nil {
		return err
	}
	for _, a := range acts[same:] {
		if err := t.keepOwn(a.signed, a.envelope, time.Time{}); err != nil {
			return err
		}
		out.taken++
	}
	for _, row := range tail {
		signed, err := t.signedAct(t.tx, row)
		if err != nil {
			return err
		}
		envelope, _, err := signed.Open()
		if err != nil {
			return err
		}
		if _, known, err := store.FindAct(t.tx, row.ID); err != nil {
			return err
		} else if known {
			continue // it is among what came back
		}
		if err := t.keepOwn(signed, envelope, row.Recorded); err != nil {
			return err
		}
		out.moved++
	}
	return nil
}

// keepOwn keeps an own act without settling it; projections are rebuilt once all are here.
func (t *turn) keepOwn(signed *act.Signed, envelope act.Envelope, recorded time.Time) error {
	e := eventOf(envelope, nil)
	if e.Recorded = recorded; recorded.IsZero() {
		e.Recorded = t.tx.Now
	}
	if wrapped, found, err := t.tx.FindKey(string(e.Subject)); err != nil {
		return err
	} else if found && len(wrapped) == 0 {
		e.Subject = "" // forgotten here before the backup was made: kept under the node's key
	}
	return t.keep(t.stream, signed, &e, "")
}

func (t *turn) receiptsBack(heads [][]byte, keys []note.Verifier) error {
	log, err := t.tx.Log(t.stream)
	if err != nil {
		return err
	}
	for _, raw := range heads {
		head, at, err := record.OpenCosignedBy(raw, t.stream, keys, t.anyPeerCosigner())
		if err != nil {
			return err
		}
		if err := t.agrees(log, head); err != nil {
			return err
		}
		if err := t.tx.PutHead(log.ID, store.HeadRow{Size: head.Size, Signed: raw, Cosigned: raw, At: at}); err != nil {
			return err
		}
	}
	return nil
}

// countersignaturesBack keeps what this node countersigned of the peer's stream after the backup was made: the
// acts themselves come again by the stream, and keep the receipts they had.
func (t *turn) countersignaturesBack(heads [][]byte) (largest int64, err error) {
	log, err := t.tx.Log(t.peer)
	if err != nil {
		return 0, err
	}
	var mine []*record.CosignVerifier
	for _, k := range t.ring().all(t.Authority, joint.UseCosign) {
		mine = append(mine, record.NewCosignVerifier(CosignerName(t.Authority), k.Public))
	}
	for _, raw := range heads {
		head, at, err := record.OpenCosignedBy(raw, t.peer, t.logVerifiers(t.peer, t.ring().all(t.Peer.Authority, joint.UseLog)), mine)
		if err != nil {
			continue // a key that came after the backup: the receipt will be a later one
		}
		largest = max(largest, head.Size)
		if head.Size <= log.Size() {
			continue
		}
		if err := t.tx.PutHead(log.ID, store.HeadRow{Size: head.Size, Signed: raw, Cosigned: raw, At: at}); err != nil {
			return 0, err
		}
	}
	return largest, nil
}

// anyPeerCosigner checks receipts of the past: any key that the peer ever had.
func (d *Desk) anyPeerCosigner() []*record.CosignVerifier {
	var out []*record.CosignVerifier
	for _, k := range d.ring().all(d.Peer.Authority, joint.UseCosign) {
		out = append(out, record.NewCosignVerifier(CosignerName(d.Peer.Authority), k.Public))
	}
	return out
}

// whole rebuilds the projections and marks the node as restored: every gate attested before is unknown. It still
// takes no acts until a person resumes it.
func (d *Desk) whole(ctx context.Context) error {
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetRestored(tx.Now); err != nil {
			return err
		}
		if err := d.turn(tx, Session{}).rebuild(); err != nil {
			return err
		}
		return tx.SetReadOnly(readOnlyRestored)
	})
	if err != nil {
		return err
	}
	if err := d.loadKeys(); err != nil {
		return err
	}
	return d.readReceipts()
}

// ParseOwn reads own acts that come back.
func (d *Desk) parseOwn(raw [][]byte) ([]incoming, error) {
	acts := make([]incoming, len(raw))
	return acts, each(len(raw), func(i int) (err error) {
		if acts[i], err = parseOne(d.stream, raw[i]); err != nil {
			return err
		}
		if acts[i].invalid != nil {
			return acts[i].invalid
		}
		acts[i].fits = acts[i].signed.Verify(d.rootKey())
		return nil
	})
}

// Resume lets a restored node work again. The person says with it that what came back has been looked at.
func (d *Desk) Resume(ctx context.Context, who Session) error {
	if err := d.allow(who, "restore-node", access.Resource{Type: "node"}); err != nil {
		return err
	}
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		why, err := store.ReadOnly(tx)
		if err != nil {
			return err
		}
		if why != readOnlyRestored {
			return fault.New(fault.Conflict, "fault.node.not-restored")
		}
		if err := tx.SetReadOnly(""); err != nil {
			return err
		}
		if err := tx.SetRestored(tx.Now); err != nil {
			return err
		}
		own, err := tx.Log(d.stream)
		if err != nil {
			return err
		}
		secret, err := tx.Log(d.domestic)
		if err != nil {
			return err
		}
		t := d.turn(tx, who)
		if _, err := t.say(act.Statement{Scope: act.Domestic, Kind: domestic.NodeResumed,
			Body: &domestic.Resumption{Joint: own.Size(), Domestic: secret.Size()}}); err != nil {
			return err
		}
		return t.close()
	})
}

// MarkRestored is called on a database that has just come out of a backup, before the node starts: it takes no acts
// until it has asked the peer.
func MarkRestored(ctx context.Context, s *store.Store) error {
	return s.Write(ctx, func(tx *store.Tx) error { return tx.SetReadOnly(readOnlyBehind) })
}
