package taskforce

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"testing"
)

// Every type that can be decided is in the list of commands, and nothing else.
func TestCommandsAreComplete(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`func \(\w* ?(\w+)\) decide\(`).FindAllSubmatch(b, -1) {
			declared = append(declared, string(m[1]))
		}
	}
	var listed []string
	for _, c := range Commands {
		listed = append(listed, reflect.TypeOf(c).Name())
	}
	slices.Sort(declared)
	slices.Sort(listed)
	if len(listed) == 0 || !slices.Equal(declared, listed) {
		t.Errorf("declared %v\nlisted %v", declared, listed)
	}
}
