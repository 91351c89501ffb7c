package act

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json/jsontext"
)

func sample(t testing.TB) (*Signed, ed25519.PublicKey) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	e := Envelope{Agreement: "uk-al", Version: "2022-12-13", ID: "6b1f3c7e-0000-4000-8000-000000000001", Scope: Joint,
		Kind: "case.requested", Made: Instant(time.Date(2022, 12, 13, 9, 0, 0, 0, time.UTC)), Authority: "gb", Role: "caseworker"}
	s, err := Sign(e, jsontext.Value(`{"born":"1995-03-12","surname":"Hoxha"}`), key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s, pub
}

func TestRoundTrip(t *testing.T) {
	s, pub := sample(t)
	b, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := got.Encode()
	if !bytes.Equal(b, again) {
		t.Errorf("decode and encode changed the bytes:\n%s\n%s", b, again)
	}
	if err := got.Verify(pub); err != nil {
		t.Error(err)
	}
	e, body, err := got.Open()
	if err != nil {
		t.Fatal(err)
	}
	if e.Kind != "case.requested" || string(body) != `{"born":"1995-03-12","surname":"Hoxha"}` {
		t.Errorf("opened %v %s", e, body)
	}
	a, _ := s.Leaf("gb/al")
	c, _ := got.Leaf("gb/al")
	other, _ := got.Leaf("al/gb")
	if !bytes.Equal(a, c) || bytes.Equal(a, other) {
		t.Error("the leaf must follow from the act and its log's origin")
	}
}

// Any changed value, secret or signature must break the officer's signature or the parse.
func TestEveryChangedByteIsCaught(t *testing.T) {
	s, pub := sample(t)
	b, _ := s.Encode()
	for i := range b {
		changed := bytes.Clone(b)
		changed[i] ^= 1
		got, err := Parse(changed)
		if err != nil {
			continue
		}
		if got.Verify(pub) == nil {
			t.Fatalf("byte %d: change of %q not caught", i, b[i])
		}
	}
}

func TestParseRefuses(t *testing.T) {
	s, _ := sample(t)
	b, _ := s.Encode()
	for name, c := range map[string]struct{ in, key string }{
		"duplicate key":  {strings.Replace(string(b), `"act.role":"caseworker"`, `"act.role":"caseworker","act.role":"caseworker"`, 1), "fault.act.malformed"},
		"trailing bytes": {string(b) + " ", "fault.act.not-canonical"},
		"second value":   {string(b) + "{}", "fault.act.malformed"},
		"white space":    {strings.Replace(string(b), ":", ": ", 1), "fault.act.not-canonical"},
		"unknown member": {strings.Replace(string(b), `"secret"`, `"salt":"","secret"`, 1), "fault.act.malformed"},
		"not NFC":        {strings.Replace(string(b), "Hoxha", "Kruj"+"e\u0308", 1), "fault.act.not-canonical"},
		"truncated":      {string(b[:len(b)/2]), "fault.act.malformed"},
		"empty":          {"", "fault.act.malformed"},
		"oversized":      {strings.Repeat(" ", MaxSize+1), "fault.act.too-large"},
	} {
		if _, err := Parse([]byte(c.in)); fault.KeyOf(err) != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

// The same statement signed twice gives unlike leaves: nobody can guess contents by trying them.
func TestLeavesAreBlind(t *testing.T) {
	_, key, _ := ed25519.GenerateKey(rand.Reader)
	e := Envelope{ID: "x", Kind: "k", Made: Instant(time.Unix(0, 0))}
	a, _ := Sign(e, jsontext.Value(`{}`), key, rand.Reader)
	b, _ := Sign(e, jsontext.Value(`{}`), key, rand.Reader)
	la, _ := a.Leaf("o")
	lb, _ := b.Leaf("o")
	if bytes.Equal(la, lb) {
		t.Error("equal statements must have unlike leaves")
	}
}

func FuzzParse(f *testing.F) {
	s, _ := sample(f)
	b, _ := s.Encode()
	f.Add(b)
	f.Add([]byte(`{"fields":{},"secret":"","signature":""}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		s, err := Parse(in)
		if err != nil {
			return
		}
		if out, err := s.Encode(); err != nil || !bytes.Equal(in, out) {
			t.Fatalf("accepted %q but encodes %q (%v)", in, out, err)
		}
		s.Open()
	})
}

func BenchmarkSignAndVerify(b *testing.B) {
	pub, key, _ := ed25519.GenerateKey(rand.Reader)
	e := Envelope{ID: "x", Kind: "k", Made: Instant(time.Unix(0, 0))}
	for b.Loop() {
		s, _ := Sign(e, jsontext.Value(`{"born":"1995-03-12","surname":"Hoxha"}`), key, rand.Reader)
		if err := s.Verify(pub); err != nil {
			b.Fatal(err)
		}
	}
}
