package check

import (
	"fmt"
	"sort"

	"countersign/cmd/evidence/host"
	"countersign/internal/act"
	"countersign/internal/record"

	"crypto/ed25519"

	"golang.org/x/mod/sumdb/tlog"
)

// Problem is one broken invariant (facts: I1 to I9).
type Problem struct{ Invariant, What string }

func (p Problem) String() string { return p.Invariant + ": " + p.What }

type list struct {
	who string
	all []Problem
}

func (l *list) add(invariant, format string, args ...any) {
	l.all = append(l.all, Problem{invariant, l.who + ": " + fmt.Sprintf(format, args...)})
}

// Problems says what is wrong with one node's record by itself.
func (r *Record) Problems() []Problem {
	out := &list{who: r.Authority}
	var origins []string
	for origin := range r.Logs {
		origins = append(origins, origin)
	}
	sort.Strings(origins)
	places := map[act.ID]string{}
	for _, origin := range origins {
		l := r.Logs[origin]
		r.numbering(l, out)
		r.hashes(l, out)
		r.heads(l, out)
		for _, e := range l.Entries {
			if e.opened.unreadable != nil {
				continue
			}
			envelope := e.opened.envelope
			place := fmt.Sprintf("%s %d", origin, e.Index)
			if before, ok := places[envelope.ID]; ok && e.Refused == "" {
				out.add("I2", "act %s is at %s and at %s", envelope.ID, before, place)
			}
			places[envelope.ID] = place
		}
	}
	r.signatures(out)
	r.projections(out)
	if r.Frozen > 0 {
		out.add("I3", "%d proofs of a fork are on file", r.Frozen)
	}
	return out.all
}

func (r *Record) numbering(l *Log, out *list) {
	if int64(len(l.Entries)) != l.Size {
		out.add("I1", "%s has size %d and %d acts", l.Origin, l.Size, len(l.Entries))
	}
	for i, e := range l.Entries {
		if e.Index != int64(i) {
			out.add("I2", "%s has act %d where %d should be", l.Origin, e.Index, i)
			return
		}
	}
}

// hashes compares what is stored with what the acts say.
func (r *Record) hashes(l *Log, out *list) {
	tree, err := l.tree()
	if err != nil {
		out.add("I3", "%s: %v", l.Origin, err)
		return
	}
	if len(l.stored) < len(tree.hashes)*tlog.HashSize {
		out.add("I3", "%s keeps %d hashes, its acts make %d", l.Origin, len(l.stored)/tlog.HashSize, len(tree.hashes))
		return
	}
	for i, h := range tree.hashes {
		if tlog.Hash(l.stored[i*tlog.HashSize:]) != h {
			out.add("I3", "%s: stored hash %d does not follow from the acts", l.Origin, i)
			return
		}
	}
}

// heads checks every signed head against the acts, and every countersignature.
func (r *Record) heads(l *Log, out *list) {
	for _, from := range host.Both {
		if l != r.Stream(from) {
			continue
		}
		key, err := r.verifier(l.Origin, from)
		if err != nil {
			out.add("I3", "%v", err)
			return
		}
		peer := host.PeerOf(from)
		witness := record.NewCosignVerifier("countersign/"+peer+"/countersign", ed25519.PublicKey(r.public[peer].Cosign))
		for _, h := range l.Heads {
			head, err := r.judge.head(h, l.Origin, ed25519.PublicKey(r.public[from].Log), key, ed25519.PublicKey(r.public[peer].Cosign), witness)
			if err != nil {
				out.add("I3", "%s: head of %d: %v", l.Origin, h.Size, err)
				continue
			}
			if head.Size > int64(len(l.Entries)) {
				out.add("I1", "%s: a head of %d is signed, only %d acts are there", l.Origin, head.Size, len(l.Entries))
				continue
			}
			if root, err := l.Root(head.Size); err != nil || root != head.Root {
				out.add("I3", "%s: the signed head of %d does not follow from the acts", l.Origin, head.Size)
			}
		}
	}
}

// signatures checks the officer's signature of every joint act that took effect, by the keys that the roster
// acts of its stream entered before it.
func (r *Record) signatures(out *list) {
	for _, from := range host.Both {
		keys := map[string]ed25519.PublicKey{act.KeyID(r.public[from].Root): ed25519.PublicKey(r.public[from].Root)}
		for _, e := range r.Stream(from).Entries {
			if e.Refused != "" {
				continue
			}
			if err := e.opened.unreadable; err != nil {
				out.add("I3", "act %s cannot be read: %v", e.ID, err)
				continue
			}
			key, ok := keys[e.opened.envelope.KeyID]
			if !ok {
				out.add("I3", "act %s is signed by a key that no roster act entered", e.ID)
			} else if err := r.judge.verify(e.opened, key); err != nil {
				out.add("I3", "act %s: %v", e.ID, err)
			}
			enter(keys, string(e.opened.envelope.Kind), e.opened.body)
		}
	}
}

// projections checks that work lists say of each case how many acts it has.
func (r *Record) projections(out *list) {
	acts := map[act.ID]int64{}
	for _, l := range r.Logs {
		for _, e := range l.Entries {
			if e.Refused == "" && e.About != "" {
				acts[e.About]++
			}
		}
	}
	for id, c := range r.Cases {
		if c.Acts != acts[id] {
			out.add("I2", "case %s shows %d acts, the record has %d", id, c.Acts, acts[id])
		}
	}
	for id := range acts {
		if _, ok := r.Cases[id]; !ok {
			out.add("I7", "case %s has acts and is in no work list", id)
		}
	}
}

// Missing says which acknowledged acts are not there.
func (r *Record) Missing(acks []host.Ack) (lost int, all []Problem) {
	out := &list{who: r.Authority}
	for _, a := range acks {
		if len(a.Acts) == 0 && a.About != "" {
			if _, ok := r.Cases[a.About]; !ok {
				lost++
				out.add("I1", "acknowledged opening of case %s is lost", a.About)
			}
		}
		for _, id := range a.Acts {
			if r.ByID[id] == nil {
				lost++
				out.add("I1", "acknowledged act %s is lost", id)
			}
		}
	}
	return lost, out.all
}

// Together says what is wrong between the two records. converged also asks that nothing is under way.
func Together(records map[string]*Record, converged bool) []Problem {
	out := &list{who: "both"}
	for _, from := range host.Both {
		sent, held := records[from].Stream(from), records[host.PeerOf(from)].Stream(from)
		if len(held.Entries) > len(sent.Entries) {
			out.add("I3", "%s holds %d acts of %s, which has only %d", host.PeerOf(from), len(held.Entries), from, len(sent.Entries))
		}
		for i := range min(len(held.Entries), len(sent.Entries)) {
			if held.Entries[i].Hash != sent.Entries[i].Hash {
				out.add("I3", "%s act %d differs between the two records", sent.Origin, i)
				break
			}
		}
		for _, h := range sent.Heads {
			if len(h.Cosigned) > 0 && h.Size > int64(len(held.Entries)) {
				out.add("I1", "%s countersigned %d acts of %s and holds %d", host.PeerOf(from), h.Size, from, len(held.Entries))
			}
		}
		if converged && len(held.Entries) != len(sent.Entries) {
			out.add("I8", "%s holds %d of %d acts of %s after healing", host.PeerOf(from), len(held.Entries), len(sent.Entries), from)
		}
		if converged {
			newest := int64(0)
			for _, h := range sent.Heads {
				if len(h.Cosigned) > 0 {
					newest = max(newest, h.Size)
				}
			}
			if newest != int64(len(sent.Entries)) {
				out.add("I8", "%s has countersignatures for %d of its %d acts after healing", from, newest, len(sent.Entries))
			}
		}
	}
	return out.all
}
