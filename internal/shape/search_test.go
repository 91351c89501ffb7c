package shape

import (
	"os"
	"strings"
	"testing"
)

// search reports the words that a text file contains.
func search(t *testing.T, path string, words []string) error {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil || info.Size() > 2<<20 {
		return err
	}
	b, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(b[:min(len(b), 8000)]), "\x00") {
		return err
	}
	for _, w := range words {
		if strings.Contains(string(b), w) {
			t.Errorf("%s contains %q", path, w)
		}
	}
	return nil
}
