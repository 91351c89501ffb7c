package release

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/paper"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/disclose"
	"countersign/internal/statistics/past"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

type signer struct {
	authority string
	key       ed25519.PrivateKey
}

func newSigner(authority string) signer {
	seed := sha256.Sum256([]byte("test key of " + authority))
	return signer{authority, ed25519.NewKeyFromSeed(seed[:])}
}
func (s signer) Authority() string             { return s.authority }
func (s signer) KeyID() string                 { return s.authority + "-1" }
func (s signer) Sign(m []byte) ([]byte, error) { return ed25519.Sign(s.key, m), nil }
func (s signer) public() Key                   { return Key{s.authority, s.key.Public().(ed25519.PublicKey)} }

func input(t testing.TB) Input {
	t.Helper()
	l := statistics.NewLedger()
	for _, b := range past.Plan(1) {
		for _, i := range b.Items {
			if err := i.Apply(l, b.RecordedAt); err != nil {
				t.Fatal(err)
			}
		}
	}
	return Input{ID: "returns-2023-05-25", Authority: "gb", Country: "albania", First: statistics.Q(2021, 1), Last: statistics.Q(2022, 4),
		Holding: cube.FromLedger(l, past.KnownOn(past.May)), Earlier: []*cube.Holding{cube.FromLedger(l, past.KnownOn(past.April))},
		Changes: l.Changes(past.KnownOn(past.April), past.KnownOn(past.May), 42), PublishAt: time.Date(2023, 5, 25, 8, 30, 0, 0, time.UTC),
		RecordHead: "5685 test-head", Policy: disclose.DefaultPolicy, Secret: []byte("a secret of the test")}
}

func built(t testing.TB, in Input) map[string][]byte {
	t.Helper()
	c, risks, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(risks) > 0 {
		t.Fatalf("risks %+v", risks)
	}
	files, err := c.Files(newSigner("gb"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// The release says what the record says, is the same bytes twice, and passes its own checks.
func TestRelease(t *testing.T) {
	in := input(t)
	files := built(t, in)
	again := built(t, input(t))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !bytes.Equal(files[name], again[name]) {
			t.Errorf("%s: two runs, two files", name)
		}
		if strings.HasSuffix(name, ".xlsx") || strings.HasSuffix(name, ".ods") {
			if faults, err := paper.Lint(files[name]); err != nil || len(faults) > 0 {
				t.Errorf("%s: %v %v", name, faults, err)
			}
		}
	}
	for name, want := range map[string]string{"table-1.csv": "2022,returns-without-port,1958,", "index.en.html": "there were 1,958 enforced and voluntary returns of nationals of Albania: 956 enforced (49%) and 1,002 voluntary",
		"index.sq.html": "pati 1.958 kthime të detyruara dhe vullnetare të shtetasve të Shqipërisë: 956 të detyruara (49%)", "table-1.csv-metadata.json": "http://www.w3.org/ns/csvw", "methodology.en.html": in.RecordHead} {
		if !strings.Contains(string(files[name]), want) {
			t.Errorf("%s does not say %q", name, want)
		}
	}
	for name, b := range files {
		if strings.HasSuffix(name, ".html") && (bytes.Contains(b, []byte("[release.")) || bytes.Contains(b, []byte("majority"))) {
			t.Errorf("%s: a key without words, or a majority", name)
		}
	}
	if r := Verify(files, []Key{newSigner("gb").public()}); !r.OK() || r.Cells < 100 || len(r.Signers) != 1 {
		t.Errorf("%+v", r.Problems)
	}
}

// Withheld values are in no file, and their neighbours do not give them away.
func TestWithheld(t *testing.T) {
	c, _, err := Build(input(t))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, cell := range c.Cells {
		if cell.Withheld {
			n++
			line := string(cell.appendLine(nil))
			if !strings.HasSuffix(line, ",c,\n") || !strings.Contains(line, cell.ID+",,") {
				t.Errorf("withheld cell in the open: %s", line)
			}
		}
	}
	if n == 0 {
		t.Error("nothing is withheld: the test proves nothing")
	}
	var all bytes.Buffer
	if err := c.cellsCSV(&all); err != nil {
		t.Fatal(err)
	}
	if all.Len() == 0 || bytes.Contains(all.Bytes(), []byte("asylum")) {
		t.Error("asylum in a joint release")
	}
}

// One changed cell is found and named, wherever it stands.
func TestTampering(t *testing.T) {
	files := built(t, input(t))
	keys := []Key{newSigner("gb").public()}
	replace := func(name, old, new string) map[string][]byte {
		m := maps.Clone(files)
		if !bytes.Contains(m[name], []byte(old)) {
			t.Fatalf("%s does not hold %q", name, old)
		}
		m[name] = bytes.Replace(m[name], []byte(old), []byte(new), 1)
		return m
	}
	without := maps.Clone(files)
	delete(without, "table-2.csv")
	extra := maps.Clone(files)
	extra["table-9.csv"] = []byte("x")
	sheet := maps.Clone(files)
	sheet["returns.en.xlsx"] = tamper(t, input(t))
	for name, c := range map[string]struct {
		files map[string][]byte
		where string
	}{
		"cells":      {replace("cells.csv", "1/2022/returns-without-port,1958", "1/2022/returns-without-port,1888"), "cells.csv: 1/2022/returns-without-port"},
		"table":      {replace("table-1.csv", "2022,returns-without-port,1958", "2022,returns-without-port,1888"), "table-1.csv, line 9: 1/2022/returns-without-port"},
		"page":       {replace("index.en.html", "1,958", "1,888"), "index.en.html, line"},
		"workbook":   {sheet, "returns.en.xlsx, sheet Table 1, cell D6"},
		"root":       {replace("manifest.json", `"root":"`, `"root":"0`), "leaves.bin"},
		"signature":  {replace("manifest.json", `"record_head":"5685`, `"record_head":"5686`), "signatures.json"},
		"definition": {replace("release.json", `"returns-with-port"`, `"returns-with-ports"`), "release.json"},
		"missing":    {without, "table-2.csv"},
		"more":       {extra, "table-9.csv"},
		"leaf":       {replace("leaves.bin", string(files["leaves.bin"][:8]), "12345678"), "leaves.bin"},
	} {
		r := Verify(c.files, keys)
		if !slices.ContainsFunc(r.Problems, func(p Problem) bool { return strings.HasPrefix(p.Where, c.where) }) {
			t.Errorf("%s: %+v", name, r.Problems)
		}
	}
	if r := Verify(files, []Key{newSigner("al").public()}); r.OK() {
		t.Error("a release that the peer has not signed passes for one that it has")
	}
	if r := Verify(map[string][]byte{}, keys); r.OK() {
		t.Error("nothing passes")
	}
}

// tamper writes the workbook with one value changed: 1,958 as 1,888.
func tamper(t *testing.T, in Input) []byte {
	c, _, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	cell, _ := c.find("1/2022/returns-without-port")
	cell.Value = 1888
	files, err := c.Render()
	if err != nil {
		t.Fatal(err)
	}
	return files["returns.en.xlsx"]
}

// The peer signs the same manifest later; nobody signs twice.
func TestSecondSignature(t *testing.T) {
	files := built(t, input(t))
	both, err := AddSignatures(files["manifest.json"], files["signatures.json"], newSigner("al"))
	if err != nil {
		t.Fatal(err)
	}
	files["signatures.json"] = both
	if r := Verify(files, []Key{newSigner("gb").public(), newSigner("al").public()}); !r.OK() || len(r.Signers) != 2 {
		t.Errorf("%+v", r.Problems)
	}
	if _, err := AddSignatures(files["manifest.json"], both, newSigner("al")); fault.KeyOf(err) != "fault.release.signed" {
		t.Error(err)
	}
}

// The root is RFC 6962's, as another implementation computes it.
func TestRoot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cells []Cell
		var hashes []tlog.Hash
		for i := range rapid.IntRange(1, 40).Draw(t, "n") {
			c := Cell{ID: "1/x", Value: int64(i)}
			c.Leaf = c.leaf()
			cells = append(cells, c)
			stored, err := tlog.StoredHashesForRecordHash(int64(i), tlog.Hash(c.Leaf), tlog.HashReaderFunc(func(ix []int64) ([]tlog.Hash, error) {
				var out []tlog.Hash
				for _, x := range ix {
					out = append(out, hashes[x])
				}
				return out, nil
			}))
			if err != nil {
				t.Fatal(err)
			}
			hashes = append(hashes, stored...)
		}
		want, err := tlog.TreeHash(int64(len(cells)), tlog.HashReaderFunc(func(ix []int64) ([]tlog.Hash, error) {
			var out []tlog.Hash
			for _, x := range ix {
				out = append(out, hashes[x])
			}
			return out, nil
		}))
		if err != nil || Hash(want) != Root(cells) {
			t.Fatalf("%x, want %x", Root(cells), want)
		}
	})
}

// A small cell beside its totals, and a detailed table under suppression, are refused.
func TestBuildRefuses(t *testing.T) {
	in := input(t)
	in.Policy.Threshold = 20 // 12 enforced returns in 2021 Q1
	if _, _, err := Build(in); fault.KeyOf(err) != "fault.release.small" {
		t.Error(err)
	}
	in = input(t)
	in.Detailed = true
	if _, _, err := Build(in); fault.KeyOf(err) != "fault.release.detailed" {
		t.Error(err)
	}
	in.Secret = nil
	if _, _, err := Build(in); fault.KeyOf(err) != "fault.release.input" {
		t.Error(err)
	}
	in = input(t)
	in.Last = statistics.Q(2024, 1)
	if _, _, err := Build(in); fault.KeyOf(err) != "fault.statistics.unpublished" {
		t.Error(err)
	}
}

// The steps of a release, one by one.
func TestMachine(t *testing.T) {
	zone := time.FixedZone("BST", 3600)
	at := time.Date(2023, 5, 25, 9, 30, 0, 0, zone)
	drafter, assurer, minister := act.Officer{ID: "d"}, act.Officer{ID: "q"}, act.Officer{ID: "m"}
	s := State{}
	step := func(name string, body domestic.ReleaseStep, by act.Officer, now time.Time, key string) {
		t.Helper()
		body.Release = "r"
		out, err := Decide(s, body, by, now, zone)
		if fault.KeyOf(err) != key {
			t.Errorf("%s: %v, want %q", name, err, key)
		}
		if err == nil {
			s = Fold(s, out, by, now)
		}
	}
	early := at.AddDate(0, 0, -40)
	iso := func(x time.Time) string { return x.Format(time.RFC3339) }
	step("draft before the announcement", domestic.ReleaseStep{Step: StepDraft, Digest: "x"}, drafter, early, "fault.release.order")
	step("a Saturday", domestic.ReleaseStep{Step: StepAnnounce, At: iso(at.AddDate(0, 0, 2))}, drafter, early, "fault.release.at")
	step("10:00", domestic.ReleaseStep{Step: StepAnnounce, At: iso(at.Add(30 * time.Minute))}, drafter, early, "fault.release.at")
	step("three weeks ahead", domestic.ReleaseStep{Step: StepAnnounce, At: iso(at)}, drafter, at.AddDate(0, 0, -21), "fault.release.notice")
	step("announced", domestic.ReleaseStep{Step: StepAnnounce, At: iso(at)}, drafter, early, "")
	step("publish without a draft", domestic.ReleaseStep{Step: StepPublish}, drafter, at, "fault.release.order")
	step("draft without digest", domestic.ReleaseStep{Step: StepDraft}, drafter, early, "fault.release.digest")
	step("draft", domestic.ReleaseStep{Step: StepDraft, Digest: "one"}, drafter, early, "")
	step("draft again", domestic.ReleaseStep{Step: StepDraft, Digest: "two"}, drafter, early, "")
	step("assured by the drafter", domestic.ReleaseStep{Step: StepAssure, Digest: "two"}, drafter, early, "fault.release.same-officer")
	step("assured, other files", domestic.ReleaseStep{Step: StepAssure, Digest: "one"}, assurer, early, "fault.release.changed")
	step("assured", domestic.ReleaseStep{Step: StepAssure, Digest: "two"}, assurer, early, "")
	step("reader without purpose", domestic.ReleaseStep{Step: StepGrant, Officer: "m"}, drafter, early, "fault.release.reader")
	step("reader", domestic.ReleaseStep{Step: StepGrant, Officer: "m", Purpose: "briefing"}, drafter, early, "")
	step("access by another", domestic.ReleaseStep{Step: StepAccess}, drafter, at.Add(-time.Hour), "fault.release.not-listed")
	step("access too early", domestic.ReleaseStep{Step: StepAccess}, minister, at.Add(-25*time.Hour), "fault.release.too-early")
	step("access", domestic.ReleaseStep{Step: StepAccess}, minister, at.Add(-time.Hour), "")
	step("a minute early", domestic.ReleaseStep{Step: StepPublish, Digest: "two"}, drafter, at.Add(-time.Minute), "fault.release.too-early")
	step("other files", domestic.ReleaseStep{Step: StepPublish, Digest: "one"}, drafter, at, "fault.release.changed")
	step("published", domestic.ReleaseStep{Step: StepPublish, Digest: "two"}, drafter, at, "")
	step("draft after publication", domestic.ReleaseStep{Step: StepDraft, Digest: "three"}, drafter, at, "fault.release.order")
	note := "Table 2: one quarter was labelled wrongly."
	step("correction without note", domestic.ReleaseStep{Step: StepRedraft, Digest: "three"}, drafter, at, "fault.release.note")
	step("correction without a draft", domestic.ReleaseStep{Step: StepCorrect, Digest: "three", Note: note}, assurer, at, "fault.release.changed")
	step("correction drafted", domestic.ReleaseStep{Step: StepRedraft, Digest: "three", Note: note, Open: 1}, drafter, at, "")
	step("by the same officer", domestic.ReleaseStep{Step: StepCorrect, Digest: "three", Note: note}, drafter, at, "fault.release.same-officer")
	step("with a finding open", domestic.ReleaseStep{Step: StepCorrect, Digest: "three", Note: note}, assurer, at, "fault.release.open")
	step("own finding decided", domestic.ReleaseStep{Step: StepDecide, Digest: "three", Note: "x"}, drafter, at, "fault.release.same-officer")
	step("finding decided", domestic.ReleaseStep{Step: StepDecide, Digest: "three", Note: "a revision of a total"}, assurer, at, "")
	step("correction", domestic.ReleaseStep{Step: StepCorrect, Digest: "three", Note: note}, assurer, at, "")
	if s.Phase != Corrected || len(s.Notes) != 1 || len(s.Accesses) != 1 || s.Digest != "three" || s.Pending != nil {
		t.Errorf("%+v", s)
	}
}

func FuzzReadContent(f *testing.F) {
	c, _, err := Build(input(f))
	if err != nil {
		f.Fatal(err)
	}
	head, err := c.head()
	if err != nil {
		f.Fatal(err)
	}
	var cells, leaves bytes.Buffer
	if err := errors.Join(c.cellsCSV(&cells), c.leaves(&leaves)); err != nil {
		f.Fatal(err)
	}
	f.Add(head, cells.Bytes(), leaves.Bytes())
	f.Fuzz(func(t *testing.T, head, cells, leaves []byte) {
		c, err := readContent(head, cells, leaves)
		if err != nil {
			return
		}
		for i := range c.Cells {
			line := c.Cells[i].appendLine(nil)
			again, err := readCell(bytes.TrimSuffix(line, []byte("\n")))
			if err != nil || again.ID != c.Cells[i].ID || again.Value != c.Cells[i].Value {
				t.Fatalf("%q %v", line, err)
			}
		}
		_, _ = c.Render()
	})
}
