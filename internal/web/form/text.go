package form

import (
	"regexp"
	"strconv"
	"unicode/utf8"

	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/words"

	"golang.org/x/text/unicode/norm"
)

// Rule checks a value that is not empty and returns what is wrong with it, or nil.
type Rule func(value string) *Message

// Matches refuses a value that the pattern does not match as a whole.
func Matches(pattern *regexp.Regexp, key string) Rule {
	return func(value string) *Message {
		if at := pattern.FindStringIndex(value); at == nil || at[0] != 0 || at[1] != len(value) {
			return Say(key)
		}
		return nil
	}
}

// Domain lets a rule of the domain speak: its fault's key and variables become the message.
func Domain(check func(value string) error) Rule {
	return func(value string) *Message {
		err := check(value)
		if err == nil {
			return nil
		}
		if key := fault.KeyOf(err); key != "" {
			return &Message{Key: key, Args: fault.ArgsOf(err)}
		}
		return Say("web.form.wrong")
	}
}

// Text is one line.
type Text struct {
	Base
	Value        string
	Max          int    // characters; 200 if zero
	Width        string // class of the design system: "govuk-input--width-10", "govuk-!-width-one-half"
	Prefix       string // key of a unit before it
	Suffix       string // key of a unit after it
	Autocomplete string
	Inputmode    string
	Rules        []Rule
}

func (t *Text) read(s source) { t.Value = norm.NFC.String(clean(s.values.Get(t.Name), false)) }

func (t *Text) check() *Message { return checkText(&t.Base, t.Value, t.Max, 200, t.Rules) }

func checkText(b *Base, value string, max, usual int, rules []Rule) *Message {
	if value == "" {
		return b.missing()
	}
	if max == 0 {
		max = usual
	}
	if n := utf8.RuneCountInString(value); n > max {
		return Say("web.form.long", "max", strconv.Itoa(max), "over", strconv.Itoa(n-max))
	}
	for _, rule := range rules {
		if m := rule(value); m != nil {
			return m
		}
	}
	return nil
}

// Component is the question as an input.
func (t *Text) Component(c *words.Catalogue) component.Component {
	off := false
	in := component.Input{ID: t.Name, Name: t.Name, Value: t.Value, Label: t.label(c), Hint: t.hint(c),
		ErrorMessage: t.message(c), Classes: t.Width, Autocomplete: t.Autocomplete, Inputmode: t.Inputmode, Spellcheck: &off}
	if in.Autocomplete == "" {
		in.Autocomplete = "off" // answers are about other persons, never about the officer
	}
	if t.Prefix != "" {
		in.Prefix = &component.Affix{Text: c.Text(t.Prefix)}
	}
	if t.Suffix != "" {
		in.Suffix = &component.Affix{Text: c.Text(t.Suffix)}
	}
	return in
}

// Long is text of several lines.
type Long struct {
	Base
	Value string
	Max   int // characters; 4000 if zero
	Rows  int
	Rules []Rule
}

func (l *Long) read(s source)   { l.Value = norm.NFC.String(clean(s.values.Get(l.Name), true)) }
func (l *Long) check() *Message { return checkText(&l.Base, l.Value, l.Max, 4000, l.Rules) }

// Component is the question as a text area.
func (l *Long) Component(c *words.Catalogue) component.Component {
	return component.Textarea{ID: l.Name, Name: l.Name, Value: l.Value, Rows: l.Rows, Label: l.label(c),
		Hint: l.hint(c), ErrorMessage: l.message(c), Autocomplete: "off"}
}

// Number is a whole number from Min to Max.
type Number struct {
	Base
	Typed    string
	Min, Max int
	Suffix   string // key of a unit
}

func (n *Number) read(s source) { n.Typed = clean(s.values.Get(n.Name), false) }

func (n *Number) check() *Message {
	if n.Typed == "" {
		return n.missing()
	}
	v, err := strconv.Atoi(n.Typed)
	if err != nil || v < n.Min || v > n.Max {
		return Say("web.form.number", "min", strconv.Itoa(n.Min), "max", strconv.Itoa(n.Max))
	}
	return nil
}

// Value is the number; ok is false when the field is empty or wrong.
func (n *Number) Value() (v int, ok bool) {
	v, err := strconv.Atoi(n.Typed)
	return v, err == nil
}

// Component is the question as a short input.
func (n *Number) Component(c *words.Catalogue) component.Component {
	in := component.Input{ID: n.Name, Name: n.Name, Value: n.Typed, Label: n.label(c), Hint: n.hint(c),
		ErrorMessage: n.message(c), Classes: "govuk-input--width-4", Inputmode: "numeric", Autocomplete: "off"}
	if n.Suffix != "" {
		in.Suffix = &component.Affix{Text: c.Text(n.Suffix)}
	}
	return in
}

// Hidden carries what the page was made from, for example the version that the officer saw.
type Hidden struct {
	Base
	Value string
}

func (h *Hidden) read(s source) {
	if s.values.Has(h.Name) {
		h.Value = clean(s.values.Get(h.Name), false)
	}
}

func (h *Hidden) check() *Message { return nil }

// Component is a hidden input.
func (h *Hidden) Component(*words.Catalogue) component.Component {
	return component.HiddenInput{Name: h.Name, Value: h.Value}
}
