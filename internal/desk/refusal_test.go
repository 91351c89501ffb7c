package desk_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"log/slog"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/exchange"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// What makes a message false as a whole is refused with its own reason, and nothing of it stays.
func TestMessagesRefusedAsAWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		f, al := forge(t, o)
		f.push(t, f.good(t), f.good(t))
		before := dump(t, al)
		for _, c := range []struct {
			name, reason string
			spoil        func(*record.Batch)
		}{
			{"head signed by another key", "fault.head.signature", func(b *record.Batch) {
				h := record.Head{Origin: f.origin(), Size: f.edge.Size(), Root: f.edge.Root()}
				b.Head = f.head(t, h, f.officer)
			}},
			{"head of another stream", "fault.head.signature", func(b *record.Batch) {
				b.Head = f.head(t, record.Head{Origin: "countersign/other/gb/al", Size: f.edge.Size(), Root: f.edge.Root()}, f.Log)
			}},
			{"head of no bytes", "fault.head.signature", func(b *record.Batch) { b.Head = nil }},
			{"head with another size", "fault.exchange.size", func(b *record.Batch) { b.Acts = b.Acts[:len(b.Acts)-1] }},
			{"negative start", "fault.exchange.size", func(b *record.Batch) { b.From = -1 }},
			{"truncated act", "fault.act.malformed", func(b *record.Batch) { b.Acts[0] = b.Acts[0][:len(b.Acts[0])/2] }},
			{"act with a space", "fault.act.not-canonical", func(b *record.Batch) { b.Acts[0] = append(bytes.Clone(b.Acts[0]), ' ') }},
			{"oversized act", "fault.act.too-large", func(b *record.Batch) { b.Acts[0] = bytes.Repeat([]byte("x"), act.MaxSize+1) }},
			{"act of no bytes", "fault.act.malformed", func(b *record.Batch) { b.Acts[1] = nil }},
			{"acts in another order", "fault.exchange.inconsistent", func(b *record.Batch) { b.Acts[0], b.Acts[1] = b.Acts[1], b.Acts[0] }},
			{"act replaced", "fault.exchange.inconsistent", func(b *record.Batch) { b.Acts[0] = f.good(t) }},
			{"one signature moved to another act", "fault.exchange.inconsistent", func(b *record.Batch) {
				b.Acts[0] = swapSignature(t, b.Acts[0], b.Acts[1])
			}},
		} {
			t.Run(c.name, func(t *testing.T) {
				back := f.fork()
				b := f.batch(t, f.good(t), f.good(t))
				c.spoil(&b)
				answer, err := al.Incoming(t.Context(), b)
				if got := fault.KeyOf(err); got != c.reason {
					t.Errorf("refused with %q (%v, %+v), want %q", got, err, answer, c.reason)
				}
				back()
			})
		}
		if after := dump(t, al); after != before {
			t.Errorf("a refused message left something:\n%s", firstDifference(before, after))
		}
		f.push(t, f.good(t)) // and the stream goes on
	})
}

func swapSignature(t *testing.T, a, b []byte) []byte {
	t.Helper()
	one, err := act.Parse(a)
	if err != nil {
		t.Fatal(err)
	}
	two, err := act.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	one.Signature = two.Signature
	out, err := one.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "- " + x[i] + "\n+ " + y[i]
		}
	}
	return "one is longer"
}

// A single bad act cannot be taken out of the stream: it is held without effect, refused in the own stream with its
// own reason, and countersigned, so that the stream goes on.
func TestActsHeldWithoutEffect(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		f, al := forge(t, o)
		test := &joint.LinkTest{Nonce: "n"}
		stranger := newSecrets(t, "x").Node
		repeated := f.envelope(joint.LinkTested)
		f.push(t, f.raw(t, repeated, []byte(`{"nonce":"n"}`), f.officer))
		ended := newSecrets(t, "x").Node
		f.push(t, f.signed(t, f.Root, joint.RosterEntered, entry("33333333-2222-4333-8444-555555555555", "Ended", "administrator", ended), nil))
		f.push(t, f.signed(t, f.Root, joint.RosterEnded, &joint.RosterEnd{KeyID: act.KeyID(pub(ended)), Reason: "left"}, nil))
		short := newSecrets(t, "x").Node
		until := entry("44444444-2222-4333-8444-555555555555", "Short", "administrator", short)
		until.Until = "2024-03-01"
		f.push(t, f.signed(t, f.Root, joint.RosterEntered, until, nil))
		if err := al.store.Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.PutKey("gone", []byte("key")); err != nil {
				return err
			}
			return tx.DestroyKey("gone")
		}); err != nil {
			t.Fatal(err)
		}
		ownKey := al.ownKeyID(t)
		signed := func(key ed25519.PrivateKey, kind act.Kind, body any, spoil func(*act.Envelope)) func() []byte {
			return func() []byte { return f.signed(t, key, kind, body, spoil) }
		}
		for _, c := range []struct {
			name, reason string
			act          func() []byte
		}{
			{"officer's signature by another key of the roster", "fault.act.signature", func() []byte { return resign(t, f.good(t), f.good(t)) }},
			{"officer not on the roster", "fault.roster.unknown-key", signed(stranger, joint.LinkTested, test, nil)},
			{"officer whose key has ended", "fault.roster.ended", signed(ended, joint.LinkTested, test, func(e *act.Envelope) { e.Officer = "33333333-2222-4333-8444-555555555555" })},
			{"officer whose day has passed", "fault.roster.expired", signed(short, joint.LinkTested, test, func(e *act.Envelope) { e.Officer = "44444444-2222-4333-8444-555555555555" })},
			{"officer under another name", "fault.roster.role", signed(f.officer, joint.LinkTested, test, func(e *act.Envelope) { e.Officer = "someone" })},
			{"officer with another role", "fault.roster.role", signed(f.officer, joint.LinkTested, test, func(e *act.Envelope) { e.Role = "supervisor" })},
			{"node key that speaks as an officer", "fault.roster.role", signed(f.Node, joint.LinkTested, test, func(e *act.Envelope) { e.Officer, e.Role = nodeID, "node" })},
			{"officer who refuses in the node's place", "", signed(f.officer, joint.ActRefused, &joint.ActRefusal{Reason: "x"}, nil)},
			{"root key that speaks as an officer", "fault.roster.unknown-key", signed(f.Root, joint.LinkTested, test, nil)},
			{"roster changed by an officer", "fault.roster.not-root", signed(f.officer, joint.RosterEntered, entry("a", "A", "administrator", stranger), nil)},
			{"roster entry whose key is another's", "fault.roster.key", signed(f.Root, joint.RosterEntered, &joint.RosterEntry{Officer: "a", Role: "administrator", Key: base64.StdEncoding.EncodeToString(pub(stranger)), KeyID: act.KeyID(pub(f.officer))}, nil)},
			{"roster entry that is there already", "fault.roster.known-key", signed(f.Root, joint.RosterEntered, entry(forgedOfficer, "Again", "administrator", f.officer), nil)},
			{"roster end of our own officer", "fault.roster.unknown-key", signed(f.Root, joint.RosterEnded, &joint.RosterEnd{KeyID: ownKey, Reason: "left"}, nil)},
			{"key changed by an officer", "fault.roster.not-root", signed(f.officer, joint.KeyChanged, &joint.KeyChange{Use: joint.UseLog, Key: base64.StdEncoding.EncodeToString(pub(stranger))}, nil)},
			{"key changed to no key", "fault.keys.malformed", signed(f.Root, joint.KeyChanged, &joint.KeyChange{Use: joint.UseSeal, Key: "AAAA"}, nil)},
			{"floor that nobody speaks", "fault.exchange.floor", signed(f.Root, joint.LinkFloor, &joint.VersionFloor{Version: 99}, nil)},
			{"other agreement", "fault.exchange.agreement", signed(f.officer, joint.LinkTested, test, func(e *act.Envelope) { e.Agreement = "ec-al" })},
			{"other version of the agreement", "fault.exchange.agreement", signed(f.officer, joint.LinkTested, test, func(e *act.Envelope) { e.Version = "1999-01-01" })},
			{"other authority", "fault.exchange.authority", signed(f.officer, joint.LinkTested, test, func(e *act.Envelope) { e.Authority = "al" })},
			{"domestic act", "fault.exchange.not-joint", signed(f.officer, joint.LinkTested, test, func(e *act.Envelope) { e.Scope = act.Domestic })},
			{"made in the future", "fault.exchange.future", signed(f.officer, joint.LinkTested, test, func(e *act.Envelope) { e.Made = act.Instant(f.now().Add(6 * time.Minute)) })},
			{"valid until yesterday", "fault.exchange.expired", signed(f.officer, joint.LinkTested, test, func(e *act.Envelope) { e.ValidUntil = act.Instant(f.now().Add(-time.Hour)) })},
			{"identifier used before", "fault.exchange.replayed", signed(f.officer, joint.LinkTested, test, func(e *act.Envelope) { e.ID = repeated.ID })},
			{"unknown kind", "fault.act.unknown-kind", func() []byte { return f.raw(t, f.envelope("case.guessed"), []byte(`{}`), f.officer) }},
			{"unknown field", "fault.act.body", func() []byte {
				return f.raw(t, f.envelope(joint.LinkTested), []byte(`{"asylum":true,"nonce":"n"}`), f.officer)
			}},
			{"person whose data was erased", "fault.vault.forgotten", signed(f.officer, joint.LinkTested, test, func(e *act.Envelope) { e.Subject = "gone" })},
			{"case that is not open", "fault.exchange.no-case", signed(f.officer, joint.CaseReopened, &joint.End{}, func(e *act.Envelope) { e.Case, e.Subject = "no-such-case", "p" })},
		} {
			t.Run(c.name, func(t *testing.T) {
				own, _ := al.heads(t)
				signers, err := store.TextRows(al.store, `SELECT * FROM signers ORDER BY key_id`)
				if err != nil {
					t.Fatal(err)
				}
				answer := f.push(t, c.act())
				if answer.Held != f.edge.Size() || len(answer.Cosigned) == 0 {
					t.Fatalf("the stream does not go on: %+v", answer)
				}
				rows, err := store.ActsOfLog(al.store, al.peerLog(t), answer.Held-1, 1)
				if err != nil || len(rows) != 1 {
					t.Fatal(err)
				}
				want := c.reason
				if want == "" {
					want = "fault.roster.role"
				}
				if rows[0].Refused != want {
					t.Fatalf("held with reason %q, want %q", rows[0].Refused, want)
				}
				again, _ := al.heads(t)
				if refusals := again.Size - own.Size; (refusals == 1) != (c.reason != "") {
					t.Errorf("%d refusals in the own stream", refusals)
				}
				after, _ := store.TextRows(al.store, `SELECT * FROM signers ORDER BY key_id`)
				if strings.Join(after, "\n") != strings.Join(signers, "\n") {
					t.Error("an act without effect changed a roster")
				}
			})
		}
		f.push(t, f.good(t))
		if rows, _ := store.ActsOfLog(al.store, al.peerLog(t), f.edge.Size()-1, 1); rows[0].Refused != "" {
			t.Errorf("a good act after the bad ones was refused: %s", rows[0].Refused)
		}
	})
}

// resign puts the fields of one act under the signature of another, as a thief of nothing would.
func resign(t *testing.T, a, b []byte) []byte { return swapSignature(t, a, b) }

func (s *side) peerLog(t testing.TB) int64 {
	t.Helper()
	log, err := store.FindLog(s.store, "countersign/"+agreement+"/gb/al")
	if err != nil {
		t.Fatal(err)
	}
	return log.ID
}

func (s *side) ownKeyID(t testing.TB) string {
	t.Helper()
	roster, err := s.Officers(s.Authority)
	if err != nil {
		t.Fatal(err)
	}
	for id, signer := range roster {
		if signer.Role == "administrator" {
			return id
		}
	}
	t.Fatal("no officer")
	return ""
}

// A gap is answered with what is held; a repetition with the stored countersignature; a head behind ours that was
// never seen is a rollback of the sender.
func TestGapRepetitionRollback(t *testing.T) {
	f, al := forge(t, storetest.SQLite(t))
	first := f.batch(t, f.good(t), f.good(t))
	second := f.batch(t, f.good(t))
	if a, err := al.Incoming(t.Context(), second); err != nil || a.Held != first.From {
		t.Fatalf("a gap was answered %+v (%v)", a, err)
	}
	one, err := al.Incoming(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	two, err := al.Incoming(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	before := dump(t, al)
	for range 100 {
		for _, b := range []record.Batch{first, second} {
			a, err := al.Incoming(t.Context(), b)
			if err != nil || !bytes.Equal(a.Cosigned, two.Cosigned) || a.Held != two.Held {
				t.Fatalf("a repetition was answered %+v (%v)", a, err)
			}
		}
	}
	both := record.Batch{From: first.From, Head: second.Head, Acts: append(append([][]byte(nil), first.Acts...), second.Acts...)}
	if a, err := al.Incoming(t.Context(), both); err != nil || !bytes.Equal(a.Cosigned, two.Cosigned) {
		t.Fatalf("the same acts in another batch were answered %+v (%v)", a, err)
	}
	middle := f.headAt(t, one.Held-1)
	a, err := al.Incoming(t.Context(), record.Batch{From: one.Held - 1, Head: middle})
	if err != nil || a.Refused != "fault.exchange.rollback" || len(a.Newest) == 0 {
		t.Fatalf("a rollback was answered %+v (%v)", a, err)
	}
	if after := dump(t, al); after != before {
		t.Errorf("repetitions changed something:\n%s", firstDifference(before, after))
	}
}

// headAt signs the forger's own head of an earlier size.
func (f *forger) headAt(t testing.TB, size int64) []byte {
	edge, err := record.ReadEdge(size, memory(f.hashes))
	if err != nil {
		t.Fatal(err)
	}
	return f.head(t, record.Head{Origin: f.origin(), Size: size, Root: edge.Root()}, f.Log)
}

// Equivocation in each of its forms is kept as a proof that anybody can check, and the stream stands still.
func TestForks(t *testing.T) {
	for name, fork := range map[string]func(t *testing.T, f *forger) record.Batch{
		"same size, other root": func(t *testing.T, f *forger) record.Batch {
			return f.batch(t, f.good(t))
		},
		"smaller, other root": func(t *testing.T, f *forger) record.Batch {
			b := f.batch(t, f.good(t))
			return record.Batch{From: f.edge.Size(), Head: b.Head}
		},
		"other leaf at a known index, larger": func(t *testing.T, f *forger) record.Batch {
			return f.batch(t, f.good(t), f.good(t), f.good(t), f.good(t))
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, al := forge(t, storetest.SQLite(t))
			f.push(t, f.good(t), f.good(t))
			back := f.fork()
			grow := 1
			if name == "smaller, other root" {
				grow = 3
			}
			for range grow {
				f.push(t, f.good(t))
			}
			back()
			_, held := al.heads(t)
			b := fork(t, f)
			a, err := al.Incoming(t.Context(), b)
			if err != nil || a.Refused != "fault.exchange.fork" {
				t.Fatalf("answered %+v (%v)", a, err)
			}
			proofs, err := store.Forks(al.store)
			if err != nil || len(proofs) != 1 {
				t.Fatalf("%d proofs kept (%v)", len(proofs), err)
			}
			proof, err := record.ReadFork(proofs[0].Proof)
			if err != nil {
				t.Fatal(err)
			}
			if err := proof.Check(f.authority()); err != nil {
				t.Errorf("the proof does not hold: %v", err)
			}
			other := f.authority()
			other.Log = pub(f.officer)
			if err := proof.Check(other); err == nil {
				t.Error("the proof holds under another key")
			}
			honest := proof
			honest.First, honest.Root = proof.Second, proof.Root
			if err := honest.Check(f.authority()); err == nil && proof.First != proof.Second {
				t.Error("one head alone passes as a fork")
			}
			if _, now := al.heads(t); now != held {
				t.Error("the fork was taken")
			}
			if _, err := al.Incoming(t.Context(), b); fault.KeyOf(err) != "fault.exchange.frozen" {
				t.Errorf("a frozen stream answered %v", err)
			}
		})
	}
}

// An inconsistent head proves nothing: the stream is not frozen by it.
func TestInconsistentHeadProvesNothing(t *testing.T) {
	f, al := forge(t, storetest.SQLite(t))
	back := f.fork()
	b := f.batch(t, f.good(t))
	b.Acts[0] = f.good(t)
	if _, err := al.Incoming(t.Context(), b); fault.KeyOf(err) != "fault.exchange.inconsistent" {
		t.Fatal(err)
	}
	back()
	f.push(t, f.good(t))
}

// Both sides note a refusal, each with the reason; frames that are no frames have a reason of their own.
func TestRefusalsAreNotedOnBothSides(t *testing.T) {
	gb, al := two(t, func() store.Options { return storetest.SQLite(t) })
	gb.say(t)
	gb.slot(t)
	before := dump(t, al)
	gb.wire.fn = func(frame []byte, take func([]byte) ([]byte, error)) ([]byte, error) {
		return take(append([]byte("CSX9"), frame[4:]...))
	}
	gb.say(t)
	if _, err := gb.link.Slot(t.Context()); fault.KeyOf(err) != "fault.exchange.unreachable" {
		t.Fatal(err)
	}
	wrong := exchange.NewLink(exchange.Party{Authority: "ch", Peer: "al", Keys: sealKeys{gb.keys, al.keys}}, gb.Desk, &wire{to: al.server}, slog.New(slog.DiscardHandler))
	if _, err := wrong.Slot(context.Background()); fault.KeyOf(err) != "fault.exchange.refused" || fault.ArgsOf(err)["reason"] != "fault.exchange.address" {
		t.Fatal(err)
	}
	if got := reasons(t, al, "here"); got["fault.exchange.frame"] != 1 || got["fault.exchange.address"] != 1 {
		t.Errorf("the receiver noted %v", got)
	}
	if got := reasons(t, gb, "there"); got["fault.exchange.address"] != 1 {
		t.Errorf("the sender noted %v", got)
	}
	if after := dump(t, al); after != before {
		t.Errorf("refused frames left something:\n%s", firstDifference(before, after))
	}
	gb.wire.fn = nil
	gb.slot(t)
	al.slot(t)
	agree(t, gb, al)
}

// A captured frame brings nothing, however often it is sent again.
func TestCapturedFrame(t *testing.T) {
	gb, al := two(t, func() store.Options { return storetest.SQLite(t) })
	var captured [][]byte
	gb.wire.fn = func(frame []byte, take func([]byte) ([]byte, error)) ([]byte, error) {
		captured = append(captured, bytes.Clone(frame))
		return take(frame)
	}
	for range 3 {
		gb.say(t)
		gb.slot(t)
	}
	before := dump(t, al)
	for range 100 {
		for _, frame := range captured {
			if _, err := al.server.Take(t.Context(), frame); err != nil {
				t.Fatal(err)
			}
		}
	}
	if after := dump(t, al); after != before {
		t.Errorf("captured frames changed something:\n%s", firstDifference(before, after))
	}
}

// The answer is lost: the sender asks, and the countersignature that it gets is the stored one.
func TestLostAnswer(t *testing.T) {
	gb, al := two(t, func() store.Options { return storetest.SQLite(t) })
	gb.slot(t)
	e := gb.say(t)
	lose := true
	gb.wire.fn = func(frame []byte, take func([]byte) ([]byte, error)) ([]byte, error) {
		answer, err := take(frame)
		if lose {
			return nil, errLost
		}
		return answer, err
	}
	if _, err := gb.link.Slot(t.Context()); err == nil {
		t.Fatal("the answer was not lost")
	}
	lose = false
	al.clock.at = al.clock.at.Add(time.Hour)
	gb.slot(t)
	mine, _, err := store.FindAct(gb.store, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	theirs, _, err := store.FindAct(al.store, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if mine.Receipt.IsZero() || !mine.Receipt.Equal(theirs.Receipt) {
		t.Errorf("receipts %v and %v", mine.Receipt, theirs.Receipt)
	}
	al.slot(t)
	agree(t, gb, al)
}
