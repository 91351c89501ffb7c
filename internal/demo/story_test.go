package demo

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"countersign/internal/demo/browse"
	"countersign/internal/record"
	"countersign/internal/words"
)

// tell runs the story and returns its text and the heads of the British node.
func tell(t *testing.T, lang words.Lang, seed uint64) (string, []record.Head) {
	t.Helper()
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, result, err := Tell(t.Context(), Options{Folder: t.TempDir(), Seed: seed}, catalogues[lang], &out)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if result.Failed > 0 || result.Passed < 50 {
		t.Errorf("%d passed, %d failed:\n%s", result.Passed, result.Failed, out.String())
	}
	heads, err := w.GB.Desk.Heads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), heads
}

// A page that refuses for another reason than the one expected does not pass as the expected refusal.
func TestRefusalOnPageMustSayTheFault(t *testing.T) {
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for lang, c := range catalogues {
		said := "… " + c.Text("fault.access.denied", "role", "x", "action", "y") + " …"
		for want, passed := range map[string]int{"fault.access.denied": 1, "fault.case.gate-closed": 0} {
			s := &Story{out: io.Discard, words: c}
			s.refused(&browse.Refusal{Status: 403, Said: said}, want, "story.posting.no-search")
			if s.passed != passed || s.failed != 1-passed {
				t.Errorf("%s, expecting %s: %d passed, %d failed", lang, want, s.passed, s.failed)
			}
		}
	}
}

// Every step of the story holds, in both languages; one seed gives one world, another seed another one.
func TestStory(t *testing.T) {
	english, heads := tell(t, words.English, 1)
	albanian, again := tell(t, words.Albanian, 1)
	for i := range heads {
		if heads[i] != again[i] {
			t.Errorf("one seed, two heads of %s", heads[i].Origin)
		}
	}
	_, other := tell(t, words.English, 2)
	if other[0].Root == heads[0].Root {
		t.Error("two seeds, one head")
	}
	missing := regexp.MustCompile(`\[[a-z]+\.[a-z.-]+\]|\{[a-z_]+\}`)
	for _, text := range []string{english, albanian} {
		if m := missing.FindString(text); m != "" {
			t.Errorf("untranslated: %s", m)
		}
	}
	if !strings.Contains(english, "STAND-IN") || !strings.Contains(albanian, "ZËVENDËSUESE") {
		t.Error("the stand-in is not marked")
	}
}
