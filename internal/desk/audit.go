package desk

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"
	"countersign/internal/treaty"

	"golang.org/x/mod/sumdb/tlog"
)

// Audit checks a whole record from its bytes: each act against its commitment and its place, each officer against the
// roster of that position, each head and countersignature, the agreement, and what is frozen or refused. It reads
// only, and believes no projection. What an inspector checks from outside is checked by the same code (record.Audit); here
// the tables beside the bytes are held against them too.
func (d *Desk) Audit(ctx context.Context) ([]record.Check, error) {
	f := &folder{d: d, bad: map[string]record.Check{}}
	changes, err := d.keyChanges()
	if err != nil {
		return nil, err
	}
	known := []record.Authority{d.OwnAuthority()}
	if peer, ok := d.PeerAuthority(); ok {
		known = append(known, peer)
	}
	a := &record.Audit{Source: f, Known: known, Changes: changes, InForce: d.inForce, Receipt: f.receipt}
	var checks []record.Check
	own, err := f.stream(ctx, a, d.stream, d.Authority, &checks)
	if err != nil {
		return checks, err
	}
	peer, err := f.stream(ctx, a, d.peer, d.Peer.Authority, &checks)
	if err != nil {
		return checks, err
	}
	checks = append(checks, record.Answered(d.stream, own.Unanswered, peer.Refused), record.Answered(d.peer, peer.Unanswered, own.Refused))
	if err := f.home(ctx, a, own.Roster, &checks); err != nil {
		return checks, err
	}
	frozen, err := store.Frozen(d.Store)
	return append(checks, record.Check{Key: "verify.record.no-fork", OK: !frozen}), err
}

// folder shows the logs of a node's own database to an auditor, and notes where the tables do not say what the acts say.
type folder struct {
	d   *Desk
	log store.LogInfo
	seq int64                   // of the act before
	at  map[int64]time.Time     // receipts of the page of heads under way, as kept
	bad map[string]record.Check // first failure of each check of the log under way
}

func (f *folder) fail(key string, index int64, err error) {
	if _, ok := f.bad[key]; !ok {
		f.bad[key] = record.Failed(key, f.log.Origin, index, err)
	}
}

var errColumns = fault.New(fault.Conflict, "fault.audit.columns")

// stream checks one of the two streams; without a pairing the peer's is empty.
func (f *folder) stream(ctx context.Context, a *record.Audit, origin, author string, checks *[]record.Check) (*record.Finding, error) {
	if len(a.Known) < 2 {
		return &record.Finding{Roster: act.Roster{}}, nil
	}
	return f.check(ctx, a, record.Stretch{Origin: origin, Author: author, Whole: origin == f.d.peer}, checks)
}

// home checks the domestic log and those of devices, which officers of the own roster sign.
func (f *folder) home(ctx context.Context, a *record.Audit, roster act.Roster, checks *[]record.Check) error {
	devices, err := store.LogsOf(f.d.Store, store.Device)
	if err != nil {
		return err
	}
	origins := []string{f.d.domestic}
	for _, l := range devices {
		origins = append(origins, l.Origin)
	}
	for _, origin := range origins {
		if _, err := f.check(ctx, a, record.Stretch{Origin: origin, Author: f.d.Authority, Roster: roster}, checks); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) check(ctx context.Context, a *record.Audit, s record.Stretch, checks *[]record.Check) (*record.Finding, error) {
	head, _, err := store.NewestHeadOf(f.d.Store, s.Origin) // before the size: the log may grow meanwhile
	if err != nil {
		return nil, err
	}
	if f.log, err = store.FindLog(f.d.Store, s.Origin); err != nil {
		return nil, err
	}
	f.seq, f.bad, s.Size, s.Newest = 0, map[string]record.Check{}, f.log.Size, head.Size
	found, err := a.Log(ctx, s)
	if err != nil {
		return nil, err
	}
	f.tree(found)
	for _, c := range found.Checks {
		if own, failed := f.bad[c.Key]; failed && c.OK {
			c = own
		}
		*checks = append(*checks, c)
	}
	for _, key := range []string{"verify.record.leaves", "verify.record.tree", "verify.record.columns"} {
		c, failed := f.bad[key]
		if !failed {
			c = record.Check{Key: key, OK: true, Detail: s.Origin + " " + strconv.FormatInt(found.Acts, 10)}
		}
		*checks = append(*checks, c)
	}
	return found, nil
}

// tree holds the stored tree against the one that follows from the acts.
func (f *folder) tree(found *record.Finding) {
	root, err := tlog.TreeHash(f.log.Size, store.HashReader{Q: f.d.Store, Log: f.log.ID})
	if err == nil && (found.Acts != f.log.Size || root != found.Head.Root) {
		err = fault.New(fault.Conflict, "fault.audit.tree")
	}
	if err != nil {
		f.fail("verify.record.tree", found.Acts, err)
	}
}

const auditPage = 512

// Acts implements record.Source.
func (f *folder) Acts(ctx context.Context, _ string, from int64) ([]record.Shown, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rows, err := store.ActsOfLog(f.d.Store, f.log.ID, from, auditPage)
	if err != nil {
		return nil, err
	}
	page := make([]record.Shown, 0, len(rows))
	for _, row := range rows {
		x, err := f.show(row)
		if err != nil {
			return nil, err
		}
		page = append(page, x)
	}
	return page, nil
}

// show opens one act and holds its row and its stored leaf against it.
func (f *folder) show(row store.ActRow) (record.Shown, error) {
	if row.Seq <= f.seq { // the order in which acts were kept decides which came first
		f.fail("verify.record.columns", row.Index, errColumns)
	}
	f.seq = row.Seq
	stored, err := store.HashReader{Q: f.d.Store, Log: f.log.ID}.ReadHashes([]int64{tlog.StoredHashIndex(0, row.Index)})
	if err != nil {
		f.fail("verify.record.leaves", row.Index, err)
		stored = make([]tlog.Hash, 1)
	}
	if row.Refused != "" && f.log.Kind == store.DomesticLog { // nobody refuses what never leaves the node
		f.fail("verify.record.columns", row.Index, errColumns)
		row.Refused = ""
	}
	signed, err := f.d.signedAct(f.d.Store, row)
	if err != nil {
		if fault.KeyOf(err) != "fault.vault.forgotten" { // an erased act still counts as a leaf
			f.fail("verify.record.acts", row.Index, err)
		}
		return record.Shown{Index: row.Index, Erased: &stored[0]}, nil
	}
	x, err := record.ShowWhole(row.Index, signed)
	if err != nil {
		return x, err
	}
	if stored[0] != tlog.RecordHash(act.Leaf(f.log.Origin, x.Root, x.Signature)) {
		f.fail("verify.record.leaves", row.Index, fault.New(fault.Conflict, "fault.audit.tree"))
	}
	if x.Refused = row.Refused != ""; !x.Refused {
		f.columns(row, signed)
	}
	return x, nil
}

// columns holds what is shown of an act against what was signed.
func (f *folder) columns(row store.ActRow, signed *act.Signed) {
	e, raw, err := signed.Open()
	if err == nil {
		_, err = vocabularyOf(e.Scope).Decode(e.Kind, raw)
	}
	if err != nil {
		f.fail("verify.record.acts", row.Index, err)
		return
	}
	if e.ID != row.ID || e.Kind != row.Kind || e.Case != row.About || e.Authority != row.Officer.Authority || e.Role != row.Officer.Role ||
		!time.Time(e.Made).Equal(row.Made) {
		f.fail("verify.record.columns", row.Index, errColumns)
	}
}

// Heads implements record.Source.
func (f *folder) Heads(_ context.Context, _ string, above int64) ([]record.SignedHead, error) {
	rows, err := store.HeadsAbove(f.d.Store, f.log.ID, above, auditPage)
	if err != nil {
		return nil, err
	}
	f.at = make(map[int64]time.Time, len(rows))
	for _, h := range rows {
		f.at[h.Size] = h.At
	}
	return signedHeads(rows), nil
}

// receipt holds the time that is kept beside a countersignature against the one inside it.
func (f *folder) receipt(_ string, size int64, at time.Time) error {
	if !at.Equal(f.at[size]) {
		return fault.New(fault.Conflict, "fault.audit.columns")
	}
	return nil
}

// inForce checks that an act names the agreement carried out, and that it was not over on the day.
func (d *Desk) inForce(e act.Envelope) error { return InForce(d.Agreement.ID, e, d.Demo) }

// InForce checks that an act names the agreement, in a version that there is, and that this was in force on the day.
func InForce(agreement string, e act.Envelope, exercise bool) error {
	version, err := treaty.ParseDate(e.Version)
	if err != nil || e.Agreement != agreement {
		return fault.New(fault.Denied, "fault.exchange.agreement").Because(err)
	}
	a, err := treaty.FindVersion(agreement, version)
	if err != nil {
		return fault.New(fault.Denied, "fault.exchange.agreement").Because(err)
	}
	if joint.IsLink(e.Kind) || joint.IsRoster(e.Kind) || e.Kind == joint.ActRefused || exercise {
		return nil
	}
	return a.Usable(treaty.DateOf(time.Time(e.Made), time.UTC), false)
}

// CompareWithPeer asks the peer for everything that it holds of the own stream and compares it leaf by leaf.
func (d *Desk) CompareWithPeer(ctx context.Context, fetch func(ctx context.Context, from, countersignedFrom int64) (record.Returned, error)) ([]record.Check, error) {
	log, err := store.FindLog(d.Store, d.stream)
	if err != nil {
		return nil, err
	}
	check := record.Check{Key: "verify.peer.same", OK: true}
	reader := store.HashReader{Q: d.Store, Log: log.ID}
	at, countersigned := int64(0), d.receipts.size()
	for more := true; more && check.OK; {
		got, err := fetch(ctx, at, int64(1)<<62)
		if err != nil {
			return nil, err
		}
		acts, err := d.parseOwn(got.Acts)
		if err != nil {
			return nil, err
		}
		if at+int64(len(acts)) > log.Size {
			check.OK, check.Detail = false, strconv.FormatInt(at, 10)
			break
		}
		if check.OK, err = sameLeaves(reader, at, acts); err != nil {
			return nil, err
		}
		at, more = at+int64(len(acts)), got.More && len(acts) > 0
	}
	check.Detail = d.stream + " " + strconv.FormatInt(at, 10)
	return []record.Check{check, {Key: "verify.peer.holds", OK: at >= countersigned, Detail: strconv.FormatInt(countersigned, 10)}}, nil
}

// CompareRecords compares two records that both lie open: what each holds of the other's stream must be its own words.
func CompareRecords(a, b *Desk) ([]record.Check, error) {
	var checks []record.Check
	for _, p := range [][2]*Desk{{a, b}, {b, a}} {
		own, err := store.FindLog(p[0].Store, p[0].stream)
		if err != nil {
			return nil, err
		}
		held, err := store.FindLog(p[1].Store, p[0].stream)
		if err != nil {
			return nil, err
		}
		n := min(own.Size, held.Size)
		c := record.Check{Key: "verify.peer.same", OK: held.Size <= own.Size, Detail: p[0].stream + " " + strconv.FormatInt(n, 10)}
		if c.OK && n > 0 {
			one, err := tlog.TreeHash(n, store.HashReader{Q: p[0].Store, Log: own.ID})
			if err != nil {
				return nil, err
			}
			two, err := tlog.TreeHash(n, store.HashReader{Q: p[1].Store, Log: held.ID})
			if err != nil {
				return nil, err
			}
			c.OK = bytes.Equal(one[:], two[:])
		}
		checks = append(checks, c)
	}
	return checks, nil
}

// Forks gives the proofs of forks that are kept here, for anybody who holds the authority's public keys.
func (d *Desk) Forks() ([][]byte, error) {
	rows, err := store.Forks(d.Store)
	var out [][]byte
	for _, r := range rows {
		out = append(out, r.Proof)
	}
	return out, err
}
