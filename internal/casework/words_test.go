package casework

import (
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"countersign/internal/words"
)

var keyInCode = regexp.MustCompile(`"((?:fault\.case|case\.(?:gate|next|due|contested))\.[a-z0-9.-]+)"`)

// Every key that this package can name exists in both languages, and every sentence of its catalogue is used.
func TestEveryKeyHasWords(t *testing.T) {
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("*.go")
	named := map[string]bool{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		for _, m := range keyInCode.FindAllStringSubmatch(string(b), -1) {
			named[m[1]] = true
			for lang, c := range catalogues {
				if !c.Has(m[1]) {
					t.Errorf("%s: %s has no words (%s)", f, m[1], lang)
				}
			}
		}
	}
	b, err := os.ReadFile("../words/catalogue/en/casework.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range keyInCode.FindAllStringSubmatch(string(b), -1) {
		if !named[m[1]] {
			t.Errorf("%s is in the catalogue and nobody says it", m[1])
		}
	}
	for _, s := range Steps {
		for _, c := range catalogues {
			if !c.Has("case.step." + string(s)) {
				t.Errorf("step %s has no words", s)
			}
		}
	}
}

// Every command, code and kind has words in both languages, and no code's words are left over.
func TestEveryCodeHasWords(t *testing.T) {
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for name, list := range Codes() {
		for _, code := range list {
			keys = append(keys, "case.code."+name+"."+code)
		}
	}
	for _, c := range Commands() {
		keys = append(keys, "case.command."+Name(c))
	}
	for _, k := range slices.Concat(joint.Vocabulary.Kinds(), domestic.Vocabulary.Kinds()) {
		if domestic.IsCase(k) || strings.HasPrefix(string(k), "case.") {
			keys = append(keys, "case.kind."+string(k))
		}
	}
	for _, key := range keys {
		for lang, c := range catalogues {
			if !c.Has(key) {
				t.Errorf("%s has no words (%s)", key, lang)
			}
		}
	}
	b, err := os.ReadFile("../words/catalogue/en/casework.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"(case\.(?:code|command|kind)\.[a-z0-9._-]+)"`).FindAllStringSubmatch(string(b), -1) {
		if !slices.Contains(keys, m[1]) {
			t.Errorf("%s is in the catalogue and names nothing", m[1])
		}
	}
}
