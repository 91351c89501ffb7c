package border

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"countersign/internal/border/alert"
	"countersign/internal/border/name"
	"countersign/internal/border/screen"
)

// ClearedKey names a false match without saying who: a hash over the traveller as the document shows them,
// the document, and the alert as it was. Another document, another spelling, or a changed alert gives another
// key, and the traveller is looked at afresh.
type ClearedKey [16]byte

// Cleared are the false matches that officers have recorded.
type Cleared map[ClearedKey]struct{}

// ClearedFor is the key for one traveller and one alert. The desk records it with the officer's act of review.
func ClearedFor(q *screen.Query, list string, a *alert.Alert) ClearedKey {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s|%s|%c|%s:%s\n", folded(q.Name), q.Birth, q.Sex, q.Document.State, q.Document.Number)
	fmt.Fprintf(&b, "%s|%s|%s|%c|%s", list, a.Ref, a.Birth, a.Sex, a.Nationality)
	for _, n := range a.Names {
		fmt.Fprintf(&b, "|%s", folded(n))
	}
	for _, d := range a.Documents {
		fmt.Fprintf(&b, "|%s:%s", d.State, d.Number)
	}
	sum := sha256.Sum256(b.Bytes())
	return ClearedKey(sum[:16])
}

// Has tells whether an officer has already found that this traveller is not who the alert means. Without a
// document number nothing is remembered: too many people share a name.
func (c Cleared) Has(q *screen.Query, list string, a *alert.Alert) bool {
	if c == nil || q.Document.Number == "" {
		return false
	}
	_, ok := c[ClearedFor(q, list, a)]
	return ok
}

func folded(s string) string {
	var buf [name.MaxTokens]name.Token
	words := make([]string, name.Tokens(&buf, s))
	for i := range words {
		words[i] = buf[i].String()
	}
	slices.Sort(words)
	return fmt.Sprint(words)
}
