package press

import (
	"os"
	"strings"
	"testing"
)

// Numeric statements in unmarked text: at least 0.95 of them are found, and hardly anything else is.
func TestRecall(t *testing.T) {
	b, err := os.ReadFile("testdata/recall.txt")
	if err != nil {
		t.Fatal(err)
	}
	var want, found, extra int
	for _, line := range strings.Split(string(b), "\n") {
		lang, text, ok := strings.Cut(line, ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		var plain strings.Builder
		var marks []span
		for text != "" {
			before, rest, ok := strings.Cut(text, "«")
			plain.WriteString(before)
			if !ok {
				break
			}
			inner, after, _ := strings.Cut(rest, "»")
			from := plain.Len()
			plain.WriteString(inner)
			marks = append(marks, span{from, plain.Len()})
			text = after
		}
		all, _, _ := statements(parse(plain.String(), Text), Lang(lang))
		want += len(marks)
		hit := make([]bool, len(marks))
		for _, st := range all {
			inside := false
			for i, m := range marks {
				if st.Start < m.to && m.from < st.End {
					hit[i], inside = true, true
				}
			}
			if !inside {
				extra++
				t.Logf("extra: %q in %s", st.Text, plain.String())
			}
		}
		for i, h := range hit {
			if h {
				found++
			} else {
				t.Logf("missed: %q in %s", plain.String()[marks[i].from:marks[i].to], plain.String())
			}
		}
	}
	t.Logf("%d of %d statements found, %d extra", found, want, extra)
	if found*100 < want*95 || extra*100 > want*5 {
		t.Errorf("%d of %d statements found, %d extra", found, want, extra)
	}
}
