package press

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Format is how a draft is written.
type Format string

const (
	Text     Format = "text"
	Markdown Format = "markdown"
	HTML     Format = "html"
)

// FormatOf guesses by file name.
func FormatOf(name string) Format {
	switch {
	case strings.HasSuffix(name, ".html"), strings.HasSuffix(name, ".htm"):
		return HTML
	case strings.HasSuffix(name, ".md"), strings.HasSuffix(name, ".markdown"):
		return Markdown
	}
	return Text
}

// draft is the plain text of a draft, with marks and the way back to its lines.
type draft struct {
	plain     string
	asides    []Aside // digits that are left out of the plain text
	marks     []mark
	starts    []anchor // plain offset -> line
	sentences []span
}

type span struct{ from, to int }

// mark is a stretch of text that its author has bound.
type mark struct {
	span
	claim string
}

type anchor struct{ plain, line int }

func (d *draft) line(offset int) int {
	i := sort.Search(len(d.starts), func(i int) bool { return d.starts[i].plain > offset })
	if i == 0 {
		return 1
	}
	return d.starts[i-1].line
}

func (d *draft) sentenceAt(offset int) int {
	i := sort.Search(len(d.sentences), func(i int) bool { return d.sentences[i].to > offset })
	if i == len(d.sentences) {
		return max(0, i-1)
	}
	return i
}

func (d *draft) text(s span) string { return d.plain[s.from:s.to] }

// builder writes plain text and keeps the lines.
type builder struct {
	strings.Builder
	d    *draft
	line int
}

func (b *builder) put(s string) {
	for s != "" {
		b.d.starts = append(b.d.starts, anchor{b.Len(), b.line})
		head, rest, found := strings.Cut(s, "\n")
		b.WriteString(head)
		if found {
			b.WriteByte('\n')
			b.line++
		}
		s = rest
	}
}

// skip counts the lines of markup that is left out.
func (b *builder) skip(s string) { b.line += strings.Count(s, "\n") }

var (
	// [954]{enforced | of albania | 2022}: the author's own binding, in text and Markdown.
	bracketed = expression(`\[([^\[\]\n]{1,120})\]\{([^{}\n]{1,300})\}`)
	link      = expression(`!?\[([^\[\]\n]*)\]\([^()\s]*(?:\s+"[^"\n]*")?\)`)
	address   = expression(`https?://\S+|www\.\S+|\S+@\S+\.\w+`)
	fenced    = expression("(?s)```.*?```|`[^`\n]*`")
	listMark  = expression(`(?m)^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+`)
	headMark  = expression(`(?m)^[ \t]{0,3}#{1,6}[ \t]+`)
)

// parse turns a draft into plain text. Invalid UTF-8 becomes the replacement character.
func parse(source string, f Format) *draft {
	source = strings.ToValidUTF8(strings.ReplaceAll(source, "\r\n", "\n"), "\uFFFD")
	d := &draft{}
	b := &builder{d: d, line: 1}
	switch f {
	case HTML:
		b.html(source)
	default:
		b.marked(source, f)
	}
	d.plain = b.String()
	d.sentences = sentences(d.plain)
	return d
}

// blank writes spaces over what is no prose, so that offsets and lines stay. Digits among it are noted.
func (b *builder) blank(s string, re *pattern, why string) string {
	line, at := b.line, 0
	all := re.FindAllStringIndex(s, -1)
	if len(all) == 0 {
		return s
	}
	out := []byte(s)
	for _, m := range all {
		line += strings.Count(s[at:m[0]], "\n")
		at = m[0]
		text := s[m[0]:m[1]]
		if why == AsideList && hasDigit(text) && !beginsList(s, m[0]) {
			continue
		}
		if hasDigit(text) && len(b.d.asides) < 4*maxStatements {
			b.d.asides = append(b.d.asides, Aside{line + strings.Count(text[:strings.IndexAny(text, "0123456789")], "\n"), clip(strings.TrimSpace(text)), why})
		}
		for i := m[0]; i < m[1]; i++ {
			if out[i] != '\n' {
				out[i] = ' '
			}
		}
	}
	return string(out)
}

// beginsList tells whether a line may be an item of a numbered list: it follows an empty line, a colon or
// another item. Without this a line that happens to begin with “954. ” would lose its number.
func beginsList(s string, at int) bool {
	before := strings.TrimRight(s[:at], " \t")
	if before == "" || strings.HasSuffix(before, "\n\n") || strings.HasSuffix(before, ":\n") {
		return true
	}
	if !strings.HasSuffix(before, "\n") {
		return false
	}
	line := before[strings.LastIndexByte(before[:len(before)-1], '\n')+1:]
	return listMark.MatchString(line)
}

func (b *builder) marked(s string, f Format) {
	if f == Markdown {
		s = b.blank(b.blank(b.blank(s, fenced, AsideCode), listMark, AsideList), headMark, AsideList)
	} else {
		s = b.blank(s, listMark, AsideList)
	}
	last := 0
	for _, m := range bracketed.FindAllStringSubmatchIndex(s, -1) {
		b.prose(s[last:m[0]], f)
		from := b.Len()
		b.put(s[m[2]:m[3]])
		b.d.marks = append(b.d.marks, mark{span{from, b.Len()}, s[m[4]:m[5]]})
		last = m[1]
	}
	b.prose(s[last:], f)
}

func (b *builder) prose(s string, f Format) {
	if f == Markdown {
		s = link.ReplaceAllString(s, "$1")
		s = strings.NewReplacer("**", "", "__", "", "*", "", "\\", "").Replace(s)
	}
	b.put(b.blank(s, address, AsideCode))
}

// block elements end a sentence.
var blocks = map[string]bool{"p": true, "div": true, "li": true, "ul": true, "ol": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true,
	"h6": true, "td": true, "th": true, "tr": true, "table": true, "section": true, "article": true, "br": true, "blockquote": true, "figcaption": true, "dd": true, "dt": true, "title": true}

func (b *builder) html(source string) {
	z := html.NewTokenizer(strings.NewReader(source))
	var open []mark // data-claim elements not closed yet; claim holds the element's name before a NUL
	silent := 0
	for {
		kind := z.Next()
		raw := string(z.Raw())
		switch kind {
		case html.ErrorToken:
			return
		case html.TextToken:
			if silent == 0 {
				text := html.UnescapeString(raw)
				b.put(b.blank(text, address, AsideCode))
				b.line += strings.Count(raw, "\n") - strings.Count(text, "\n")
			} else {
				b.skip(raw)
			}
			continue
		}
		b.skip(raw)
		token := z.Token()
		if blocks[token.Data] {
			b.WriteString("\n\n")
		}
		if token.Data == "script" || token.Data == "style" || token.Data == "code" || token.Data == "pre" {
			switch kind {
			case html.StartTagToken:
				silent++
			case html.EndTagToken:
				silent = max(0, silent-1)
			}
		}
		switch kind {
		case html.StartTagToken:
			for _, a := range token.Attr {
				if a.Key == "data-claim" {
					open = append(open, mark{span{b.Len(), 0}, token.Data + "\x00" + a.Val})
				}
			}
		case html.EndTagToken:
			if n := len(open); n > 0 && strings.HasPrefix(open[n-1].claim, token.Data+"\x00") {
				_, claim, _ := strings.Cut(open[n-1].claim, "\x00")
				b.d.marks = append(b.d.marks, mark{span{open[n-1].from, b.Len()}, claim})
				open = open[:n-1]
			}
		}
	}
}

// maxSentence bounds a sentence: each number looks at all of its own, so that a text without full stops
// would otherwise take time that grows with its square.
const maxSentence = 2000

// sentences splits plain text: at a full stop, exclamation or question mark before a space and something
// that begins a sentence, and at empty lines.
func sentences(s string) []span {
	var all []span
	from := 0
	end := func(to int) {
		if strings.TrimSpace(s[from:to]) != "" {
			all = append(all, span{from, to})
		}
		from = to
	}
	for i := 0; i < len(s); i++ {
		if i-from > maxSentence && s[i] == ' ' {
			end(i)
		}
		switch s[i] {
		case '\n':
			if j := i + 1; j < len(s) && strings.HasPrefix(strings.TrimLeft(s[j:], " \t"), "\n") {
				end(j)
			}
		case '.', '!', '?':
			rest := s[i+1:]
			trimmed := strings.TrimLeft(rest, " \t\n\u00a0”’\")")
			if len(trimmed) == len(rest) && rest != "" {
				continue
			}
			r, _ := utf8.DecodeRuneInString(trimmed)
			if trimmed == "" || unicode.IsUpper(r) || unicode.IsDigit(r) && !abbreviated(s[:i]) || strings.ContainsRune("“‘\"£€", r) {
				end(i + 1)
			}
		}
	}
	end(len(s))
	return all
}

// abbreviated tells whether a full stop belongs to a short form such as “No.” or “nr.”.
func abbreviated(before string) bool {
	i := strings.LastIndexFunc(before, func(r rune) bool { return !unicode.IsLetter(r) })
	switch strings.ToLower(before[i+1:]) {
	case "no", "nr", "art", "p", "pp", "approx", "c", "ca", "fq", "para":
		return true
	}
	return false
}
