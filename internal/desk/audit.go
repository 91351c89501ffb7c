package desk

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"
	"countersign/internal/treaty"

	"golang.org/x/mod/sumdb/tlog"
)

// Audit checks a whole record from its bytes: each act against its commitment and its place, each officer against the
// roster of that position, each head and countersignature, the agreement, and what is frozen or refused. It reads
// only, and believes no projection.
func (d *Desk) Audit(ctx context.Context) ([]record.Check, error) {
	a := &audit{d: d}
	logs := [][2]string{{d.stream, d.Authority}, {d.peer, d.Peer.Authority}, {d.domestic, d.Authority}}
	devices, err := store.LogsOf(d.Store, store.Device)
	if err != nil {
		return nil, err
	}
	for _, l := range devices {
		logs = append(logs, [2]string{l.Origin, d.Authority})
	}
	for _, l := range logs {
		if err := a.log(ctx, l[0], l[1]); err != nil {
			return a.checks, err
		}
	}
	frozen, err := store.Frozen(d.Store)
	if err != nil {
		return a.checks, err
	}
	a.add("verify.record.no-fork", !frozen, "")
	return a.checks, nil
}

type audit struct {
	d      *Desk
	checks []record.Check
	bad    map[string]string // first failure of each check of the log under way
	roster act.Roster
	acts   int64
	held   int64 // without effect
	seq    int64 // of the act before
}

func (a *audit) add(key string, ok bool, detail string) {
	a.checks = append(a.checks, record.Check{Key: key, OK: ok, Detail: detail})
}

// fail notes the first thing that does not hold.
func (a *audit) fail(key string, index int64, err error) {
	if _, ok := a.bad[key]; !ok {
		why := fault.KeyOf(err)
		if why == "" && err != nil {
			why = err.Error()
		}
		a.bad[key] = fmt.Sprintf("%d: %s", index, why)
	}
}

func (a *audit) log(ctx context.Context, origin, authority string) error {
	a.bad, a.acts, a.held, a.seq = map[string]string{}, 0, 0, 0
	a.roster = act.Roster{}
	log, err := store.FindLog(a.d.Store, origin)
	if err != nil {
		return err
	}
	home := origin != a.d.stream && origin != a.d.peer
	if home { // domestic acts are signed by officers of the stream's roster
		if a.roster, err = store.Roster(a.d.Store, authority); err != nil {
			return err
		}
	}
	edge := &record.Edge{}
	roots := map[int64]tlog.Hash{}
	heads, err := store.Heads(a.d.Store, log.ID)
	if err != nil {
		return err
	}
	for _, h := range heads {
		roots[h.Size] = tlog.Hash{}
	}
	reader := store.HashReader{Q: a.d.Store, Log: log.ID}
	const page = 512
	for from := int64(0); from < log.Size; from += page {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows, err := store.ActsOfLog(a.d.Store, log.ID, from, page)
		if err != nil {
			return err
		}
		for i, row := range rows {
			if row.Index != from+int64(i) {
				a.fail("verify.record.acts", from+int64(i), fault.New(fault.Missing, "fault.audit.missing"))
				break
			}
			a.act(row, origin, authority, edge, reader)
			if _, ok := roots[edge.Size()]; ok {
				roots[edge.Size()] = edge.Root()
			}
		}
		if int64(len(rows)) < min(page, log.Size-from) {
			a.fail("verify.record.acts", from+int64(len(rows)), fault.New(fault.Missing, "fault.audit.missing"))
			break
		}
	}
	if edge.Size() == log.Size {
		if root, err := tlog.TreeHash(log.Size, reader); err != nil || root != edge.Root() {
			a.fail("verify.record.tree", log.Size, err)
		}
	} else {
		a.fail("verify.record.tree", edge.Size(), nil)
	}
	if !home {
		a.heads(origin, log, heads, roots)
	}
	a.report(origin, log)
	return nil
}

// act checks one act: it opens, its leaf is the one in the tree, its officer was on the roster at its place.
func (a *audit) act(row store.ActRow, origin, authority string, edge *record.Edge, reader tlog.HashReader) {
	a.acts++
	if row.Seq <= a.seq { // the order in which acts were kept decides which came first
		a.fail("verify.record.columns", row.Index, nil)
	}
	a.seq = row.Seq
	signed, err := a.d.signedAct(a.d.Store, row)
	if err != nil {
		a.fail("verify.record.acts", row.Index, err)
		stored, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, row.Index)})
		if err == nil { // an erased act still counts as a leaf
			edge.AppendHash(stored[0])
		}
		return
	}
	leaf, err := signed.Leaf(origin)
	if err != nil {
		a.fail("verify.record.acts", row.Index, err)
		return
	}
	edge.Append(leaf)
	if stored, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, row.Index)}); err != nil || stored[0] != tlog.RecordHash(leaf) {
		a.fail("verify.record.leaves", row.Index, err)
	}
	if row.Refused != "" && origin == a.d.domestic { // nobody refuses what never leaves the node
		a.fail("verify.record.columns", row.Index, nil)
	} else if row.Refused != "" {
		a.held++
		return
	}
	envelope, raw, err := signed.Open()
	if err != nil {
		a.fail("verify.record.acts", row.Index, err)
		return
	}
	if envelope.ID != row.ID || envelope.Kind != row.Kind || envelope.Case != row.About || envelope.Authority != row.Officer.Authority || envelope.Role != row.Officer.Role ||
		!time.Time(envelope.Made).Equal(row.Made) {
		a.fail("verify.record.columns", row.Index, nil)
	}
	a.signer(row, envelope, signed, authority, origin != a.d.stream && origin != a.d.peer)
	vocabulary := joint.Vocabulary
	if envelope.Scope == act.Domestic {
		vocabulary = domestic.Vocabulary
	}
	body, err := vocabulary.Decode(envelope.Kind, raw)
	if err != nil {
		a.fail("verify.record.acts", row.Index, err)
		return
	}
	a.enter(row.Index, authority, body)
	if envelope.Scope == act.Joint {
		a.agreement(row.Index, envelope)
	}
}

func (a *audit) signer(row store.ActRow, e act.Envelope, signed *act.Signed, authority string, home bool) {
	root := a.d.Peer.Root
	if authority == a.d.Authority {
		root = public(a.d.Keys.Root)
	}
	if rootOnly(e.Kind) {
		if err := signed.Verify(root); err != nil || e.KeyID != act.KeyID(root) {
			a.fail("verify.record.signatures", row.Index, err)
		}
		return
	}
	signer, ok := a.roster[e.KeyID]
	if !ok || signer.Officer != e.Officer || signer.Role != e.Role {
		a.fail("verify.record.roster", row.Index, fault.New(fault.Denied, "fault.roster.unknown-key"))
		return
	}
	if !home {
		if _, err := a.roster.At(e.KeyID, row.Index, time.Time(e.Made).Format(time.DateOnly)); err != nil {
			a.fail("verify.record.roster", row.Index, err)
		}
	}
	if err := signed.Verify(signer.Key); err != nil {
		a.fail("verify.record.signatures", row.Index, err)
	}
}

// enter folds the roster as the acts say, not as the projection does.
func (a *audit) enter(index int64, authority string, body any) {
	switch b := body.(type) {
	case *joint.RosterEntry:
		key, err := rosterKey(b)
		if err != nil {
			a.fail("verify.record.roster", index, err)
			return
		}
		a.roster[b.KeyID] = act.Signer{Officer: b.Officer, Authority: authority, Name: b.Name, Role: b.Role, Key: key, From: index, Until: b.Until}
	case *joint.RosterEnd:
		if s, ok := a.roster[b.KeyID]; ok && s.Ended == 0 {
			s.Ended = index
			a.roster[b.KeyID] = s
		}
	}
}

// agreement checks that the act names the agreement carried out, and that it was not over on the day.
func (a *audit) agreement(index int64, e act.Envelope) {
	if e.Agreement != a.d.Agreement.ID || e.Version != a.d.Agreement.Version.String() {
		a.fail("verify.record.agreement", index, fault.New(fault.Denied, "fault.exchange.agreement"))
		return
	}
	if isLink(e.Kind) || isRoster(e.Kind) || e.Kind == joint.ActRefused || a.d.Demo {
		return
	}
	if err := a.d.Agreement.Usable(treaty.DateOf(time.Time(e.Made), time.UTC), false); err != nil {
		a.fail("verify.record.agreement", index, err)
	}
}

func (a *audit) heads(origin string, log store.LogInfo, heads []store.HeadRow, roots map[int64]tlog.Hash) {
	d := a.d
	author, other := d.Authority, d.Peer.Authority
	if origin == d.peer {
		author, other = other, author
	}
	keys := d.ring().all(author, joint.UseLog)
	var cosigners []*record.CosignVerifier
	for _, k := range d.ring().all(other, joint.UseCosign) {
		cosigners = append(cosigners, record.NewCosignVerifier(CosignerName(other), k.Public))
	}
	var countersigned int64
	for _, h := range heads {
		head, err := record.OpenHead(h.Signed, origin, d.logVerifiers(origin, []store.AuthorityKey{before(keys, h.Size)})...)
		if err != nil || head.Size != h.Size || h.Size > log.Size || head.Root != roots[h.Size] && h.Size > 0 {
			a.fail("verify.record.heads", h.Size, err)
			continue
		}
		if len(h.Cosigned) == 0 {
			continue
		}
		same, at, err := record.OpenCosignedBy(h.Cosigned, origin, d.logVerifiers(origin, keys), cosigners)
		if err != nil || same != head || !at.Equal(h.At) {
			a.fail("verify.record.countersignatures", h.Size, err)
			continue
		}
		countersigned = max(countersigned, h.Size)
	}
	if origin == d.peer && countersigned < log.Size {
		a.fail("verify.record.countersignatures", log.Size, nil) // nothing is held here that was not countersigned
	}
}

// checksOf are the checks of one log, in the order in which they are reported.
var checksOf = []string{"verify.record.acts", "verify.record.leaves", "verify.record.tree", "verify.record.columns", "verify.record.signatures",
	"verify.record.roster", "verify.record.agreement", "verify.record.heads", "verify.record.countersignatures"}

func (a *audit) report(origin string, log store.LogInfo) {
	for _, key := range checksOf {
		if origin == a.d.domestic && (key == "verify.record.agreement" || key == "verify.record.heads" || key == "verify.record.countersignatures") {
			continue
		}
		detail, bad := a.bad[key]
		if !bad {
			detail = strconv.FormatInt(a.acts, 10)
		}
		a.add(key, !bad, origin+" "+detail)
	}
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
