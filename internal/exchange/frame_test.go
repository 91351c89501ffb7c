package exchange

import (
	"bytes"
	"context"
	"crypto/hpke"
	"log/slog"
	"slices"
	"testing"

	"countersign/internal/fault"
	"countersign/internal/record"
)

func key(t testing.TB) hpke.PrivateKey {
	t.Helper()
	k, err := KEM().GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func begun(t testing.TB, k hpke.PrivateKey) *session {
	t.Helper()
	s, err := newSession(k.PublicKey(), infoRequest)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// An onlooker sees one of few lengths, whatever is inside, and whether or not a question opens its session.
func TestFramesHaveFewLengths(t *testing.T) {
	k := key(t)
	s := begun(t, k)
	known := &incoming{}
	questions, answers := map[int]bool{}, map[int]bool{}
	for _, n := range []int{0, 1, 300, 16<<10 - 4, 16<<10 - 3, 60_000, 200_000, 1_000_000, 4<<20 - 4} {
		content := bytes.Repeat([]byte{1}, n)
		for _, opening := range []bool{true, false} {
			frame, salt, err := s.question(infoRequest, content, opening)
			if err != nil {
				t.Fatal(err)
			}
			q, err := readQuestion([]hpke.PrivateKey{key(t), k}, infoRequest, frame, known)
			if err != nil || !bytes.Equal(q.content, content) {
				t.Fatalf("%d bytes: %v", n, err)
			}
			back, err := q.session.answer(q.salt, content)
			if err != nil {
				t.Fatal(err)
			}
			if got, unknown, err := s.readAnswer(back, salt); err != nil || unknown || !bytes.Equal(got, content) {
				t.Fatalf("%d bytes back: %v", n, err)
			}
			questions[len(frame)], answers[len(back)] = true, true
			if len(frame) > MaxFrame {
				t.Errorf("a frame of %d bytes would be refused", len(frame))
			}
		}
	}
	if len(questions) != len(buckets) || len(answers) != len(buckets) {
		t.Errorf("%d and %d lengths, want %d", len(questions), len(answers), len(buckets))
	}
	if !answers[len(unknownSession())] {
		t.Error("that a session is unknown can be told from the length")
	}
	if _, _, err := s.question(infoRequest, make([]byte, 4<<20-3), true); err == nil {
		t.Error("a message that fits no bucket was sealed")
	}
}

// Every changed byte, another use, another key, another form and another length are refused, all alike.
func TestFramesRefused(t *testing.T) {
	k := key(t)
	s := begun(t, k)
	frame, _, err := s.question(infoRequest, []byte("x"), true)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(name string, keys []hpke.PrivateKey, use string, f []byte, want string) {
		t.Helper()
		if _, err := readQuestion(keys, use, f, &incoming{}); fault.KeyOf(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	own := []hpke.PrivateKey{k}
	for i := 0; i < len(frame); i += 97 {
		changed := bytes.Clone(frame)
		changed[i] ^= 1
		refused("changed", own, infoRequest, changed, "fault.exchange.frame")
	}
	refused("as an answer", own, infoReply, frame, "fault.exchange.frame")
	refused("another's key", []hpke.PrivateKey{key(t)}, infoRequest, frame, "fault.exchange.frame")
	refused("no key", nil, infoRequest, frame, "fault.exchange.frame")
	refused("cut", own, infoRequest, frame[:len(frame)-1], "fault.exchange.frame")
	refused("empty", own, infoRequest, nil, "fault.exchange.frame")
	refused("oversized", own, infoRequest, make([]byte, MaxFrame+1), "fault.exchange.oversized")
	refused("unknown as a question", own, infoRequest, unknownSession(), "fault.exchange.frame")
}

// In a session every changed byte is refused too, and an answer fits its own question only.
func TestAnswersFitTheirQuestion(t *testing.T) {
	s := begun(t, key(t))
	known := &incoming{}
	known.keep(s)
	frame, first, err := s.question(infoRequest, []byte("x"), false)
	if err != nil {
		t.Fatal(err)
	}
	for i := magicSize + sessionSize; i < len(frame); i += 97 {
		changed := bytes.Clone(frame)
		changed[i] ^= 1
		if _, err := readQuestion(nil, infoRequest, changed, known); fault.KeyOf(err) != "fault.exchange.frame" {
			t.Errorf("changed at %d: %v", i, err)
		}
	}
	_, second, err := s.question(infoRequest, []byte("x"), false)
	if err != nil {
		t.Fatal(err)
	}
	back, err := s.answer(first, []byte("y"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.readAnswer(back, second); fault.KeyOf(err) != "fault.exchange.frame" {
		t.Errorf("the answer to one question was taken for another's: %v", err)
	}
	if _, _, err := s.readAnswer(frame, first); fault.KeyOf(err) != "fault.exchange.frame" {
		t.Errorf("a question was taken for an answer: %v", err)
	}
	if got, _, err := s.readAnswer(back, first); err != nil || string(got) != "y" {
		t.Errorf("%q, %v", got, err)
	}
	one, err := s.answerWith(first, bytes.Repeat([]byte{1}, saltSize), []byte("y"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := s.answer(first, []byte("y"))
	if err != nil || bytes.Equal(one[answerSize:], two[answerSize:]) {
		t.Errorf("a repeated question is answered under the same key (%v)", err)
	}
}

// A receiver remembers so many sessions and no more; a link goes on to the next after so many frames, and at once when
// the peer has another key.
func TestSessionsEnd(t *testing.T) {
	k := key(t)
	known := &incoming{}
	firstOf := begun(t, k)
	known.keep(firstOf)
	known.keep(firstOf)
	for i := range maxSessions {
		known.keep(&session{id: sessionID{1, byte(i)}})
	}
	if known.find(firstOf.id) != nil || len(known.known) != maxSessions || len(known.order) != maxSessions {
		t.Errorf("%d sessions are remembered", len(known.known))
	}
	var o outgoing
	now, err := o.next(k.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	for range maxFrames - 1 {
		if again, err := o.next(k.PublicKey()); err != nil || again != now {
			t.Fatal("another session too early", err)
		}
	}
	next, err := o.next(k.PublicKey())
	if err != nil || next == now {
		t.Error("a session goes on for ever", err)
	}
	if other, err := o.next(key(t).PublicKey()); err != nil || other == next {
		t.Error("a session goes on though the peer has another key", err)
	}
}

// A link goes on in its session when the peer has started again and knows it no more: the message arrives once.
func TestSessionIsOpenedAgain(t *testing.T) {
	k := key(t)
	var carried []string
	p := &oneKey{k}
	server := func() *Server {
		return &Server{Party: Party{Authority: "al", Peer: "gb", Keys: p}, Streams: quiet{}, Log: slog.New(slog.DiscardHandler)}
	}
	to := server()
	l := NewLink(Party{Authority: "gb", Peer: "al", Keys: p}, quiet{}, carry(func(ctx context.Context, frame []byte) ([]byte, error) {
		carried = append(carried, string(frame[:magicSize]))
		return to.Take(ctx, frame)
	}), slog.New(slog.DiscardHandler))
	say := func() {
		t.Helper()
		if _, _, err := l.exchange(t.Context(), message{Kind: kindAsk}, nil); err != nil {
			t.Fatal(err)
		}
	}
	say()
	say()
	to = server()
	say()
	say()
	if want := []string{magicOpening, magicGoingOn, magicGoingOn, magicOpening, magicGoingOn}; !slices.Equal(carried, want) {
		t.Errorf("%q, want %q", carried, want)
	}
	l.Transport = carry(func(context.Context, []byte) ([]byte, error) { return unknownSession(), nil })
	if _, _, err := l.exchange(t.Context(), message{Kind: kindAsk}, nil); fault.KeyOf(err) != "fault.exchange.frame" {
		t.Errorf("a peer that knows no session at all: %v", err)
	}
}

type oneKey struct{ k hpke.PrivateKey }

func (o *oneKey) Own() []hpke.PrivateKey { return []hpke.PrivateKey{o.k} }
func (o *oneKey) Peer() hpke.PublicKey   { return o.k.PublicKey() }

type carry func(context.Context, []byte) ([]byte, error)

func (c carry) Carry(ctx context.Context, frame []byte) ([]byte, error) { return c(ctx, frame) }

// quiet is a record in which nothing happens.
type quiet struct{ Streams }

func (quiet) Held(context.Context) (record.Answer, error)           { return record.Answer{}, nil }
func (quiet) Floor(context.Context) (int64, error)                  { return 0, nil }
func (quiet) Refused(context.Context, string, string, string) error { return nil }

func TestUnpackRefuses(t *testing.T) {
	good, err := pack(message{Version: 1, Kind: kindAsk}, [][]byte{[]byte("a"), nil})
	if err != nil {
		t.Fatal(err)
	}
	var m message
	if acts, err := unpack(good, &m); err != nil || len(acts) != 2 || string(acts[0]) != "a" || len(acts[1]) != 0 {
		t.Fatal(acts, err)
	}
	header := func(s string) []byte { return append([]byte{0, 0, 0, byte(len(s))}, s...) }
	for name, c := range map[string]struct {
		in   []byte
		want string
	}{
		"empty":           {nil, "fault.exchange.malformed"},
		"length too long": {[]byte{0, 0, 0, 9, 'x'}, "fault.exchange.malformed"},
		"length cut":      {append(bytes.Clone(good), 0, 0), "fault.exchange.malformed"},
		"huge length":     {[]byte{255, 255, 255, 255}, "fault.exchange.malformed"},
		"no JSON":         {header("x"), "fault.exchange.malformed"},
		"unknown member":  {header(`{"version":1,"x":1}`), "fault.exchange.malformed"},
		"doubled member":  {header(`{"version":1,"version":1}`), "fault.exchange.malformed"},
		"newer version":   {header(`{"version":7,"what":"else"}`), "fault.exchange.version"},
		"after the JSON":  {header(`{"version":1}{}`), "fault.exchange.malformed"},
	} {
		var m message
		if _, err := unpack(c.in, &m); fault.KeyOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestVersionsAgree(t *testing.T) {
	for _, c := range []struct {
		own, peer Versions
		floor     int64
		want      int64
	}{
		{Versions{1, 1}, Versions{1, 1}, 0, 1}, {Versions{1, 2}, Versions{1, 1}, 0, 1}, {Versions{1, 2}, Versions{2, 3}, 0, 2},
		{Versions{1, 2}, Versions{1, 1}, 2, 0}, {Versions{1, 1}, Versions{2, 3}, 0, 0}, {Versions{2, 3}, Versions{1, 2}, 2, 2},
	} {
		if got := c.own.agree(c.peer, c.floor); got != c.want {
			t.Errorf("%v and %v above %d agree on %d, want %d", c.own, c.peer, c.floor, got, c.want)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	good, err := pack(message{Version: 1, Kind: kindPush, Head: "h"}, [][]byte{[]byte("act")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte{0, 0, 0, 2, '{', '}'})
	f.Fuzz(func(t *testing.T, in []byte) {
		var m message
		acts, err := unpack(in, &m)
		if err != nil {
			return
		}
		again, err := pack(m, acts)
		if err != nil {
			t.Fatal(err)
		}
		var n message
		if more, err := unpack(again, &n); err != nil || len(more) != len(acts) || n.Kind != m.Kind || n.Start != m.Start {
			t.Fatalf("%q does not come back (%v)", in, err)
		}
	})
}

func FuzzReadFrame(f *testing.F) {
	var b bytes.Buffer
	writeFrame(&b, []byte("frame"))
	f.Add(b.Bytes())
	f.Add([]byte{255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, in []byte) {
		if frame, err := readFrame(bytes.NewReader(in)); err == nil && len(frame) > MaxFrame {
			t.Fatal("too large")
		}
	})
}
