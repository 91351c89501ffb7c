package words

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// letters are Latin letters that Unicode does not take apart into a base and a mark, and the marks of
// punctuation that keyboards and documents write differently.
var letters = strings.NewReplacer(
	"đ", "d", "ð", "d", "ł", "l", "ø", "o", "æ", "ae", "œ", "oe", "þ", "th", "ı", "i", "ħ", "h", "ß", "ss", "ς", "σ",
	"’", "'", "‘", "'", "ʼ", "'", "`", "'", "´", "'", "‐", "-", "‑", "-", "–", "-",
)

// Fold brings text to the form in which searches compare it: case, accents and the dots of ë and ç do not
// count, spaces are single. “Çelë” and “cele” fold alike. It is for finding only; what is shown and what
// is recorded keep every mark.
func Fold(s string) string {
	s = bare(strings.ToLower(bare(s))) // marks may hide case, and case may bring marks back
	return strings.Join(strings.Fields(letters.Replace(s)), " ")
}

// bare takes text apart into base letters and drops the marks.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
}

// Sort sorts items by a text of theirs as the language's dictionary does; in Albanian dh, gj, ll, nj, rr, sh,
// th, xh, zh, ç and ë are letters of their own. Items with equal text keep their order.
func Sort[T any](l Lang, items []T, text func(T) string) {
	key := SortKeys(l)
	keys := make([][]byte, len(items))
	order := make([]int, len(items))
	for i, item := range items {
		keys[i], order[i] = key(text(item)), i
	}
	slices.SortStableFunc(order, func(a, b int) int { return slices.Compare(keys[a], keys[b]) })
	sorted := make([]T, len(items))
	for to, from := range order {
		sorted[to] = items[from]
	}
	copy(items, sorted)
}

// SortKeys makes keys whose bytes are in the order of Sort. It is for one caller at a time.
func SortKeys(l Lang) func(text string) []byte {
	c := collate.New(language.Make(string(l)))
	var buf collate.Buffer
	return func(text string) []byte {
		buf.Reset()
		return slices.Clone(c.KeyFromString(&buf, text))
	}
}
