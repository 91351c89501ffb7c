package exchange

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/record"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/tlog"
)

var update = flag.Bool("update", false, "write the test vectors of docs/protocol again")

// The vectors of docs/protocol.md are made again from their inputs and compared byte by byte: the page, the files and
// the code say the same.
func TestVectors(t *testing.T) {
	for name, make := range map[string]func(*testing.T) any{"keys": keysVector, "act": actVector, "heads": headsVector, "fork": forkVector, "frame": frameVector} {
		t.Run(name, func(t *testing.T) {
			got, err := json.Marshal(make(t), jsontext.WithIndent("  "), json.Deterministic(true))
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			path := filepath.Join("..", "..", "docs", "protocol", "vectors", name+".json")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s differs from what the code makes (%v); run with -update and look at the difference", path, err)
			}
		})
	}
}

// seed is the private key of a purpose: SHA-256 of its name.
func seed(purpose string) ed25519.PrivateKey {
	s := sha256.Sum256([]byte("vector " + purpose))
	return ed25519.NewKeyFromSeed(s[:])
}

func public(k ed25519.PrivateKey) []byte { return k.Public().(ed25519.PublicKey) }

func text(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func keysVector(*testing.T) any {
	a := record.Authority{Authority: "gb", Root: public(seed("root")), Log: public(seed("log")), Cosign: public(seed("cosign")), Seal: bytes.Repeat([]byte{1}, 1216), TLS: public(seed("tls"))}
	return map[string]any{"about": "private keys are SHA-256 of \"vector \" and the use; seal stands in as 1216 bytes 01", "public": a, "fingerprint": a.Fingerprint(),
		"officer_seed": text(seed("officer").Seed()), "officer_key_id": act.KeyID(public(seed("officer")))}
}

const vectorOrigin = "countersign/uk-al/gb/al"

// signedVector is one act, made from fixed bytes.
func signedVector(t *testing.T, id string, key ed25519.PrivateKey, kind act.Kind, body any) *act.Signed {
	t.Helper()
	raw, err := joint.Vocabulary.Encode(kind, body)
	if err != nil {
		t.Fatal(err)
	}
	at := act.Instant(time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC))
	secret := sha256.Sum256([]byte("secret of " + id))
	s, err := act.Sign(act.Envelope{Agreement: "uk-al", Version: "2026-11-23", ID: act.ID(id), Scope: act.Joint, Kind: kind, Occurred: at, Made: at,
		Officer: "11111111-2222-4333-8444-555555555555", Authority: "gb", Role: "administrator"}, raw, key, bytes.NewReader(secret[:]))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func actVector(t *testing.T) any {
	s := signedVector(t, "99999999-0000-4000-8000-000000000001", seed("officer"), joint.LinkTested, &joint.LinkTest{Nonce: "ëç"})
	encoded, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := act.Parse(encoded)
	if err != nil || again.Verify(public(seed("officer"))) != nil {
		t.Fatal(err)
	}
	commitments, err := s.Commitments()
	if err != nil {
		t.Fatal(err)
	}
	var fields []map[string]string
	for i, f := range s.Fields {
		salt, err := act.Salt(s.Secret, f.Label)
		if err != nil {
			t.Fatal(err)
		}
		fields = append(fields, map[string]string{"label": f.Label, "value": string(f.Value), "salt": hex.EncodeToString(salt), "commitment": hex.EncodeToString(commitments[i][:])})
	}
	root, _ := s.Root()
	leaf, _ := s.Leaf(vectorOrigin)
	return map[string]any{"act": string(encoded), "fields": fields, "root": hex.EncodeToString(root[:]), "origin": vectorOrigin, "leaf": hex.EncodeToString(leaf),
		"officer_public": text(public(seed("officer")))}
}

// tree is a log of n test acts in memory.
func tree(t *testing.T, n int, tag string) (memory, record.Head) {
	t.Helper()
	var hashes memory
	edge := &record.Edge{}
	for i := range n {
		leaf := sha256.Sum256(fmt.Appendf(nil, "leaf %s%d", tag, i))
		hashes = append(hashes, edge.Append(leaf[:])...)
	}
	return hashes, record.Head{Origin: vectorOrigin, Size: edge.Size(), Root: edge.Root()}
}

func signedHead(t *testing.T, h record.Head) []byte {
	t.Helper()
	signer, err := record.LogSigner(vectorOrigin, seed("log"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := record.SignHead(h, signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func headsVector(t *testing.T) any {
	var sizes []map[string]any
	for _, n := range []int{0, 1, 2, 3, 7, 8, 300} {
		_, h := tree(t, n, "")
		sizes = append(sizes, map[string]any{"size": n, "root": text(h.Root[:])})
	}
	_, h := tree(t, 7, "")
	signed := signedHead(t, h)
	cosigned, err := record.NewCosigner("countersign/al/countersign", seed("cosign")).Cosign(signed, time.Unix(1795426200, 0))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"about": "leaf i is SHA-256 of \"leaf i\"; keys as in keys.json, the cosign key stands for al", "roots": sizes, "signed": string(signed), "countersigned": string(cosigned)}
}

func forkVector(t *testing.T) any {
	_, first := tree(t, 5, "other ")
	hashes, second := tree(t, 9, "")
	f, err := record.NewFork(vectorOrigin, signedHead(t, first), signedHead(t, second), first.Size, second, hashes)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Check(record.Authority{Authority: "gb", Root: public(seed("root")), Log: public(seed("log"))}); err != nil {
		t.Fatal(err)
	}
	return f
}

// frameVector makes frames from fixed salts and a fixed encapsulation, which is read from the vector itself: only who
// owns the private key can tell that its secret is right.
func frameVector(t *testing.T) any {
	var kept struct {
		Enc []byte `json:"encapsulation"`
	}
	if raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "protocol", "vectors", "frame.json")); err == nil {
		if err := json.Unmarshal(raw, &kept); err != nil {
			t.Fatal(err)
		}
	}
	private, err := KEM().DeriveKeyPair(seed("seal").Seed())
	if err != nil {
		t.Fatal(err)
	}
	if len(kept.Enc) == 0 {
		s, err := newSession(private.PublicKey(), infoRequest)
		if err != nil {
			t.Fatal(err)
		}
		kept.Enc = s.enc
	}
	s, err := joinSession([]hpke.PrivateKey{private}, infoRequest, kept.Enc, func(*session) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	m := message{Version: 1, Kind: kindPush, From: "gb", To: "al", Start: 3, Head: "a head"}
	content, err := pack(m, [][]byte{[]byte("first act"), []byte("second act")})
	if err != nil {
		t.Fatal(err)
	}
	r := reply{Version: 1, Oldest: 1, Latest: 1, Held: 5, Cosigned: "a countersigned head", Heads: []string{}, Theirs: []string{}}
	back, err := pack(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	salt := func(b byte) []byte { return bytes.Repeat([]byte{b}, saltSize) }
	frame := func(f []byte, err error) map[string]any {
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(f)
		return map[string]any{"bytes": len(f), "sha256": hex.EncodeToString(sum[:])}
	}
	opening, err := s.questionWith(infoRequest, salt(1), content, true)
	if q, err := readQuestion([]hpke.PrivateKey{private}, infoRequest, opening, &incoming{}); err != nil || !bytes.Equal(q.content, content) {
		t.Fatalf("the opening question cannot be read: %v", err)
	}
	return map[string]any{"about": "the sealing key is derived (RFC 9180, DeriveKeyPair) from the seed of \"vector seal\"; salts are 32 bytes of 01, 02 and 03",
		"seal_private_seed": text(seed("seal").Seed()), "encapsulation": text(kept.Enc), "session": hex.EncodeToString(s.id[:]), "secret": hex.EncodeToString(s.secret),
		"question": text(content), "answer": text(back), "buckets": buckets, "info_question": infoRequest, "info_answer": infoReply, "exporter_context": exportFrame,
		"opening":  frame(opening, err),
		"going_on": frame(s.questionWith(infoRequest, salt(2), content, false)),
		"answered": frame(s.answerWith(salt(2), salt(3), back))}
}

type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = m[x]
	}
	return out, nil
}
