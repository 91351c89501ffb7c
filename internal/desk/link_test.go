package desk_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"log/slog"
	"testing"

	"countersign/internal/act/joint"
	"countersign/internal/exchange"
	"countersign/internal/fault"
	"countersign/internal/record"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

func pairOf(t *testing.T) (gb, al *side) {
	gb, al = two(t, func() store.Options { return storetest.SQLite(t) })
	gb.slot(t)
	al.slot(t)
	return gb, al
}

// A new log key counts from the act that announces it: the head that covers the act is signed by it, and the old
// key signs nothing later.
func TestLogKeyChanges(t *testing.T) {
	f, al := forge(t, storetest.SQLite(t))
	f.push(t, f.good(t))
	old := f.Log
	next := newSecrets(t, "gb").Log
	b := f.signed(t, f.Root, joint.KeyChanged, changeOf(joint.UseLog, pub(next)), nil)
	back := f.fork()
	if _, err := al.Incoming(t.Context(), f.batch(t, b)); fault.KeyOf(err) != "fault.head.signature" {
		t.Fatalf("the old key signed over its own end: %v", err)
	}
	back()
	f.Log = next
	f.push(t, b, f.good(t))
	f.Log = old
	back = f.fork()
	if _, err := al.Incoming(t.Context(), f.batch(t, f.good(t))); fault.KeyOf(err) != "fault.head.signature" {
		t.Fatalf("the old key still signs: %v", err)
	}
	back()
	f.Log = next
	f.push(t, f.good(t))
}

func changeOf(use joint.KeyUse, key []byte) *joint.KeyChange {
	return &joint.KeyChange{Use: use, Key: base64Of(key), Reason: "routine"}
}

// Every key can be changed while the link runs; work goes on before, during and after.
func TestKeysRotate(t *testing.T) {
	gb, al := pairOf(t)
	for range 2 {
		for _, use := range []joint.KeyUse{joint.UseLog, joint.UseCosign} {
			public, private, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []*side{gb, al} {
				if err := s.ChangeKey(t.Context(), use, "routine", public, private.Seed()); err != nil {
					t.Fatal(err)
				}
				public, private, _ = ed25519.GenerateKey(rand.Reader)
			}
			gb.say(t)
			for range 2 {
				gb.slot(t)
				al.slot(t)
			}
			agree(t, gb, al)
		}
	}
	if inUse, all := gb.OwnKeys(joint.UseCosign); len(all) != 3 || string(inUse) != string(all[2]) {
		t.Errorf("%d countersigning keys", len(all))
	}
	if keys := gb.PeerKeys(joint.UseLog); len(keys) == 0 {
		t.Error("no log key of the peer")
	}
}

// Either side stops the exchange at once. Work goes on inside; nothing crosses until whoever paused resumes.
func TestPauseAndEnd(t *testing.T) {
	gb, al := pairOf(t)
	if err := gb.PauseLink(t.Context(), "tired"); fault.KeyOf(err) != "fault.exchange.reason" {
		t.Fatal(err)
	}
	if err := al.PauseLink(t.Context(), "incident"); err != nil {
		t.Fatal(err)
	}
	gb.say(t)
	al.say(t)
	_, before := al.heads(t)
	if _, err := gb.link.Slot(t.Context()); fault.ArgsOf(err)["reason"] != "fault.exchange.paused" {
		t.Fatalf("a paused node answered %v", err)
	}
	al.slot(t)
	if s, _ := gb.LinkState(t.Context()); s.PausedThere == 0 {
		t.Error("the pause has not arrived")
	}
	gb.slot(t) // an idle slot like any other
	al.slot(t)
	if _, now := al.heads(t); now != before {
		t.Error("something crossed a paused link")
	}
	if s, _ := al.LinkState(t.Context()); s.Size == s.Countersigned {
		t.Error("an act made after the pause has left")
	}
	if err := al.ResumeLink(t.Context()); err != nil {
		t.Fatal(err)
	}
	al.slot(t)
	gb.slot(t)
	agree(t, gb, al)
	if err := gb.EndLink(t.Context(), "agreement-ended"); err != nil {
		t.Fatal(err)
	}
	gb.slot(t)
	if s, _ := al.LinkState(t.Context()); s.Ended != "gb" {
		t.Errorf("the end has not arrived: %+v", s)
	}
	al.say(t)
	al.slot(t)
	if _, held := gb.heads(t); held.Size == 0 {
		t.Error("history is gone")
	}
}

// Versions: the highest common one is taken, never one below the signed floor, and a peer that speaks none says so.
func TestVersions(t *testing.T) {
	for _, c := range []struct {
		name       string
		from, to   exchange.Versions
		floor      int64
		refused    string
		negotiated bool
	}{
		{"same", exchange.Versions{Oldest: 1, Latest: 1}, exchange.Versions{Oldest: 1, Latest: 1}, 0, "", false},
		{"newer sender, older receiver", exchange.Versions{Oldest: 1, Latest: 2}, exchange.Versions{Oldest: 1, Latest: 1}, 0, "", true},
		{"two apart but one in common", exchange.Versions{Oldest: 2, Latest: 3}, exchange.Versions{Oldest: 1, Latest: 2}, 0, "", true},
		{"nothing in common", exchange.Versions{Oldest: 2, Latest: 3}, exchange.Versions{Oldest: 1, Latest: 1}, 0, "fault.exchange.version", false},
		{"floor above what both speak", exchange.Versions{Oldest: 1, Latest: 2}, exchange.Versions{Oldest: 1, Latest: 1}, 2, "fault.exchange.version", false},
		{"message below the floor", exchange.Versions{Oldest: 1, Latest: 1}, exchange.Versions{Oldest: 1, Latest: 2}, 2, "fault.exchange.floor", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			gb, al := two(t, func() store.Options { return storetest.SQLite(t) })
			al.Desk.Speaks = 9
			if c.floor > 0 {
				if err := al.RaiseFloor(t.Context(), c.floor); err != nil {
					t.Fatal(err)
				}
				if c.refused == "fault.exchange.version" { // the sender knows the floor, as its own
					gb.Desk.Speaks = 9
					if err := gb.RaiseFloor(t.Context(), c.floor); err != nil {
						t.Fatal(err)
					}
				}
			}
			al.server.Versions = c.to
			p := party(gb.keys, al.keys)
			p.Versions = c.from
			link := exchange.NewLink(p, gb.Desk, gb.wire, slog.New(slog.DiscardHandler))
			_, err := link.Slot(t.Context())
			if fault.ArgsOf(err)["reason"] != c.refused {
				t.Fatalf("%v, want %q", err, c.refused)
			}
			if got := reasons(t, al, "here")["fault.exchange.version"]; c.negotiated && got != 1 {
				t.Errorf("negotiated with %d refusals", got)
			}
		})
	}
}

// A state that nobody can call pushes and pulls by calling: both streams get through.
func TestPullOnly(t *testing.T) {
	gb, al := two(t, func() store.Options { return storetest.SQLite(t) })
	gb.link.Pull = true
	for range 3 {
		gb.say(t)
		al.say(t)
		gb.slot(t)
		agree(t, gb, al)
	}
	if s, _ := al.LinkState(t.Context()); s.Countersigned != s.Size {
		t.Errorf("the countersignature of what was pulled has not come back: %+v", s)
	}
}

// A backlog of many batches gets through a window, also when the line swaps them.
func TestWindow(t *testing.T) {
	gb, al := pairOf(t)
	if testing.Short() {
		t.Skip("takes some seconds: run without -short")
	}
	for range 1400 {
		gb.say(t)
	}
	gb.slot(t)
	al.slot(t)
	agree(t, gb, al)
}

// Evidence made after log and countersigning keys have changed is still checked with the keys of the pairing alone, and
// a change that root did not sign proves nothing.
func TestEvidenceAfterRotation(t *testing.T) {
	gb, al := pairOf(t)
	for _, s := range []*side{gb, al} {
		for _, use := range []joint.KeyUse{joint.UseLog, joint.UseCosign} {
			public, private, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.ChangeKey(t.Context(), use, "routine", public, private.Seed()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 2 {
		gb.slot(t)
		al.slot(t)
	}
	e := gb.say(t)
	gb.slot(t)
	id, err := gb.EnterOfficer(t.Context(), "Inspector", "inspector", "", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	who, err := gb.SignIn(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := gb.Evidence(t.Context(), who.For("purpose.inspection"), e.ID, "*")
	if err != nil {
		t.Fatal(err)
	}
	keys := []record.Authority{gb.keys.authority(), al.keys.authority()}
	v, err := record.Verify(raw, keys...)
	if err != nil || !v.OK() {
		t.Fatalf("%+v (%v)", v, err)
	}
	other := keys[0]
	other.Root = pub(newSecrets(t, "x").Root)
	if v, err := record.Verify(raw, other, keys[1]); err != nil || v.OK() {
		t.Errorf("believed under another root: %v", err)
	}
}

func (s *secrets) authority() record.Authority {
	return record.Authority{Authority: s.name, Root: pub(s.Root), Log: pub(s.Log), Cosign: pub(s.Cosign), Seal: s.seal.PublicKey().Bytes(), TLS: pub(s.tls)}
}

// The receiver's disk is full: the sender keeps its acts and is told why; with room again they get through once.
func TestReceiverWithoutRoom(t *testing.T) {
	gb, al := pairOf(t)
	if err := al.store.Write(t.Context(), func(tx *store.Tx) error { return tx.LimitPages(1) }); err != nil {
		t.Fatal(err)
	}
	for range 40 {
		gb.say(t)
	}
	if _, err := gb.link.Slot(t.Context()); fault.ArgsOf(err)["reason"] != "fault.store.full" {
		t.Fatalf("a full disk answered %v", err)
	}
	if err := al.store.Write(t.Context(), func(tx *store.Tx) error { return tx.LimitPages(1 << 30) }); err != nil {
		t.Fatal(err)
	}
	gb.slot(t)
	al.slot(t)
	agree(t, gb, al)
}
