package record

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"countersign/internal/fault"

	"golang.org/x/mod/sumdb/tlog"
)

// memory keeps a log's hashes as the store does.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(m)) {
			return nil, fmt.Errorf("no hash %d", x)
		}
		out[i] = m[x]
	}
	return out, nil
}

// The edge must agree with tlog's own storage and tree hash at every size, and be loadable at every size.
func TestEdgeAgreesWithTlog(t *testing.T) {
	var ours, theirs memory
	edge := &Edge{}
	for n := range int64(300) {
		leaf := fmt.Appendf(nil, "leaf %d", n)
		ours = append(ours, edge.Append(leaf)...)
		hashes, err := tlog.StoredHashes(n, leaf, theirs)
		if err != nil {
			t.Fatal(err)
		}
		theirs = append(theirs, hashes...)
		want, err := tlog.TreeHash(n+1, theirs)
		if err != nil {
			t.Fatal(err)
		}
		if edge.Root() != want || len(ours) != len(theirs) || ours[len(ours)-1] != theirs[len(theirs)-1] {
			t.Fatalf("edge differs from tlog at size %d", n+1)
		}
		loaded, err := ReadEdge(n+1, ours)
		if err != nil || loaded.Root() != want {
			t.Fatalf("loaded edge differs at size %d: %v", n+1, err)
		}
	}
	empty, _ := tlog.TreeHash(0, memory{})
	if (&Edge{}).Root() != empty {
		t.Error("root of the empty log differs")
	}
}

func TestCountersignature(t *testing.T) {
	const origin = "gb/al/uk-al"
	logPub, logKey, _ := ed25519.GenerateKey(rand.Reader)
	cosPub, cosKey, _ := ed25519.GenerateKey(rand.Reader)
	signer, err := LogSigner(origin, logKey)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := LogVerifier(origin, logPub)
	if err != nil {
		t.Fatal(err)
	}
	peer := NewCosignVerifier("al/countersign", cosPub)
	head := Head{origin, 7, tlog.Hash{1, 2, 3}}
	signed, err := SignHead(head, signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := OpenCosigned(signed, origin, verifier, peer); fault.KeyOf(err) != "fault.head.countersignature" {
		t.Errorf("a head without countersignature was taken: %v", err)
	}
	at := time.Date(2023, 4, 24, 10, 0, 0, 0, time.UTC)
	both, err := NewCosigner("al/countersign", cosKey).Cosign(signed, at)
	if err != nil {
		t.Fatal(err)
	}
	got, when, err := OpenCosigned(both, origin, verifier, peer)
	if err != nil || got != head || !when.Equal(at) {
		t.Errorf("opened %v at %v: %v", got, when, err)
	}
	if _, err := OpenHead(both, "al/gb/uk-al", verifier); fault.KeyOf(err) != "fault.head.origin" {
		t.Errorf("a head of another log was taken: %v", err)
	}
	for i := range both {
		changed := append([]byte(nil), both...)
		changed[i] ^= 1
		h, w, err := OpenCosigned(changed, origin, verifier, peer)
		if err == nil && (h != head || !w.Equal(at)) {
			t.Fatalf("byte %d changed and was believed", i)
		}
	}
}

func FuzzParseHead(f *testing.F) {
	f.Add(Head{"a", 1, tlog.Hash{}}.Text())
	f.Fuzz(func(t *testing.T, text string) {
		if h, err := ParseHead(text); err == nil && h.Text() != text {
			t.Fatalf("%q is read as %q", text, h.Text())
		}
	})
}

// An own head is known again by text and signature, each whole: a text that goes on in the signature is another.
func TestOwnLogKnowsOnlyWhatItSigned(t *testing.T) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	own, err := NewOwnLog("countersign/test/gb/al", key)
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("countersign/test/gb/al\n1\nroot\n")
	sig, err := own.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	if !own.Verify(text, sig) {
		t.Error("what was signed is not known again")
	}
	cut := len(text) - 5
	if own.Verify(text[:cut], append(text[cut:len(text):len(text)], sig...)) {
		t.Error("a shorter text with a longer signature was taken")
	}
	if own.Verify([]byte("another\n"), sig) {
		t.Error("a signature was taken for another text")
	}
}
