package exchange

import (
	"bytes"
	"crypto/hpke"
	"testing"

	"countersign/internal/fault"
)

func key(t testing.TB) hpke.PrivateKey {
	t.Helper()
	k, err := KEM().GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// An onlooker sees one of few lengths, whatever is inside.
func TestFramesHaveFewLengths(t *testing.T) {
	k := key(t)
	lengths := map[int]bool{}
	for _, n := range []int{0, 1, 300, 16<<10 - 4, 16<<10 - 3, 60_000, 200_000, 1_000_000, 4<<20 - 4} {
		content := bytes.Repeat([]byte{1}, n)
		frame, err := seal(k.PublicKey(), infoRequest, content)
		if err != nil {
			t.Fatal(err)
		}
		lengths[len(frame)] = true
		got, err := open([]hpke.PrivateKey{key(t), k}, infoRequest, frame)
		if err != nil || !bytes.Equal(got, content) {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if len(frame) > MaxFrame {
			t.Errorf("a frame of %d bytes would be refused", len(frame))
		}
	}
	if len(lengths) != len(buckets) {
		t.Errorf("%d lengths, want %d", len(lengths), len(buckets))
	}
	if _, err := seal(k.PublicKey(), infoRequest, make([]byte, 4<<20-3)); err == nil {
		t.Error("a message that fits no bucket was sealed")
	}
}

// Every changed byte, another use, another key and another length are refused, all alike.
func TestFramesRefused(t *testing.T) {
	k := key(t)
	frame, err := seal(k.PublicKey(), infoRequest, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	refused := func(name string, keys []hpke.PrivateKey, info string, f []byte, want string) {
		if _, err := open(keys, info, f); fault.KeyOf(err) != want {
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
}

func TestUnpackRefuses(t *testing.T) {
	good, err := pack(message{Version: 1, Kind: kindAsk, Nonce: make([]byte, nonceSize)}, [][]byte{[]byte("a"), nil})
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
	good, err := pack(message{Version: 1, Kind: kindPush, Nonce: make([]byte, nonceSize), Head: "h"}, [][]byte{[]byte("act")})
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
