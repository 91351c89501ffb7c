// Package form owns questions and their answers: typed fields with label, hint, rules and the value as it was
// typed; reading them from a request within limits; errors that name the field and lead to it. What was
// typed is kept through every error and every change of language.
//
// Labels, hints and errors are catalogue keys. A form never decides whether an act is allowed: the desk does,
// and its fault comes back beside the field it is about.
package form

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/words"
)

// Field is one question. The types are Text, Long, Number, Choice, Choices, Pick, Date, Clock, File, Hidden.
type Field interface {
	// Component is the question as it is shown, with its value and error.
	Component(*words.Catalogue) component.Component

	names() []string // of the parameters that it reads
	read(source)
	check() *Message
	base() *Base
	anchor() string // id that the error summary leads to
}

// Message is something to say about a field: a catalogue key and its variables.
type Message struct {
	Key  string
	Args map[string]string
}

// Say makes a message; args are name, value, name, value ...
func Say(key string, args ...string) *Message {
	m := &Message{Key: key, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		m.Args[args[i]] = args[i+1]
	}
	return m
}

// Base is what every question has.
type Base struct {
	Name     string // parameter, and id of the control
	Label    string // key
	Hint     string // key; empty: none
	Heading  bool   // the label is the heading of the page
	Large    bool   // the label is as large as a heading of a section
	Optional bool   // may stay empty; the label says so
	Unmarked bool   // the label does not say so: in a filter everything may stay empty
	Missing  string // key of the error when it stays empty; empty: a general one
	err      *Message
}

func (b *Base) base() *Base     { return b }
func (b *Base) names() []string { return []string{b.Name} }
func (b *Base) anchor() string  { return b.Name }

// Err is the field's error, nil without one.
func (b *Base) Err() *Message { return b.err }

// missing is the error of a field that may not stay empty.
func (b *Base) missing() *Message {
	if b.Optional {
		return nil
	}
	if b.Missing != "" {
		return Say(b.Missing)
	}
	return Say("web.form.missing")
}

// Form is a set of questions that are answered together.
type Form struct {
	Fields   []Field
	switched words.Lang
	general  []Message
}

// New makes a form of fields.
func New(fields ...Field) *Form { return &Form{Fields: fields} }

// source is where fields read from.
type source struct {
	values url.Values
	files  func(name string, max int64) ([]Upload, error)
}

// ids of the parameter that asks for another language; the same as web.LanguageParameter.
const languageParameter = "lang"

// textLimit bounds all typed text of one request.
const textLimit = 1 << 20

// Read takes the answers from a posted request and checks them. A malformed or too large request is a fault;
// wrong answers are not, they are kept in the form: see Valid.
func (f *Form) Read(w http.ResponseWriter, r *http.Request) error {
	limit := int64(textLimit)
	for _, field := range f.Fields {
		if file, ok := field.(*File); ok {
			limit += file.limit()
		}
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return fault.New(fault.Invalid, "web.fault.request").Because(err)
	}
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(limit) // all of it in memory: nothing personal touches the disk
	} else {
		err = r.ParseForm()
	}
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return fault.New(fault.Invalid, "web.fault.too-large").Because(err)
	} else if err != nil {
		return fault.New(fault.Invalid, "web.fault.request").Because(err)
	}
	return f.take(source{r.PostForm, func(name string, max int64) ([]Upload, error) { return uploads(r, name, max) }})
}

// ReadQuery takes the answers from an address, as filters of lists do.
func (f *Form) ReadQuery(q url.Values) error { return f.take(source{values: q}) }

func (f *Form) take(s source) error {
	for _, field := range f.Fields {
		for _, name := range field.names() {
			if _, many := field.(*Choices); !many && len(s.values[name]) > 1 {
				return fault.New(fault.Invalid, "web.fault.request")
			}
		}
	}
	for _, field := range f.Fields {
		field.read(s)
	}
	if lang := words.Lang(s.values.Get(languageParameter)); slices.Contains(words.Langs, lang) {
		f.switched = lang
		return nil
	}
	f.check()
	return nil
}

func (f *Form) check() {
	for _, field := range f.Fields {
		field.base().err = field.check()
	}
}

// Switched is the language that the officer asked for instead of sending the form, or empty.
func (f *Form) Switched() words.Lang { return f.switched }

// Valid tells whether the form was sent, not merely switched to another language, and has no errors.
func (f *Form) Valid() bool { return f.switched == "" && !f.Invalid() }

// Invalid tells whether there are errors to show.
func (f *Form) Invalid() bool {
	return len(f.general) > 0 || slices.ContainsFunc(f.all(), func(x Field) bool { return x.base().err != nil })
}

// all are the fields and those that their answers reveal.
func (f *Form) all() []Field {
	var all []Field
	for _, field := range f.Fields {
		all = append(all, field)
		if c, ok := field.(*Choice); ok {
			all = append(all, c.revealed()...)
		}
	}
	return all
}

// Fail puts an error on a field, or on the form as a whole if field is nil.
func (f *Form) Fail(field Field, m *Message) {
	if field == nil {
		f.general = append(f.general, *m)
		return
	}
	field.base().err = m
}

// Fault puts a fault of the desk beside the field it is about. It tells whether err is the officer's to mend:
// an invalid, late or conflicting answer is; anything else needs a page of its own.
func (f *Form) Fault(field Field, err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Late:
		f.Fail(field, &Message{Key: fault.KeyOf(err), Args: fault.ArgsOf(err)})
		return true
	}
	return false
}

// Summary is the error summary at the top of the page, or nil without errors.
func (f *Form) Summary(c *words.Catalogue) component.Component {
	if !f.Invalid() {
		return nil
	}
	s := component.ErrorSummary{TitleText: c.Text("web.form.summary")}
	for _, m := range f.general {
		s.ErrorList = append(s.ErrorList, component.ErrorItem{Text: c.Map(m.Key, m.Args)})
	}
	for _, field := range f.all() {
		if m := field.base().err; m != nil {
			s.ErrorList = append(s.ErrorList, component.ErrorItem{Text: field.base().text(c, m), Href: "#" + field.anchor()})
		}
	}
	return s
}

// text is a message with the field's own label as a variable.
func (b *Base) text(c *words.Catalogue, m *Message) string {
	args := map[string]string{"label": c.Text(b.Label)}
	for k, v := range m.Args {
		args[k] = v
	}
	if bound := args["bound"]; bound != "" { // a date of the record, written in the reader's language
		args["bound"] = c.Day(bound)
	}
	return c.Map(m.Key, args)
}

func (b *Base) label(c *words.Catalogue) component.Label {
	return component.Label{Text: b.labelText(c), IsPageHeading: b.Heading, Classes: b.size("govuk-label")}
}

func (b *Base) fieldset(c *words.Catalogue) *component.Fieldset {
	return &component.Fieldset{Legend: component.Legend{Text: b.labelText(c), IsPageHeading: b.Heading,
		Classes: b.size("govuk-fieldset__legend")}}
}

func (b *Base) labelText(c *words.Catalogue) string {
	if b.Optional && !b.Unmarked {
		return c.Text("web.form.optional", "label", c.Text(b.Label))
	}
	return c.Text(b.Label)
}

func (b *Base) size(block string) string {
	switch {
	case b.Heading:
		return block + "--l"
	case b.Large:
		return block + "--m"
	}
	return block + "--s"
}

func (b *Base) hint(c *words.Catalogue) *component.Hint {
	if b.Hint == "" {
		return nil
	}
	return &component.Hint{Text: c.Text(b.Hint)}
}

func (b *Base) message(c *words.Catalogue) *component.ErrorMessage {
	if b.err == nil {
		return nil
	}
	return &component.ErrorMessage{Text: b.text(c, b.err), VisuallyHiddenText: c.Text("web.form.error")}
}

// clean brings typed text to one form: line ends, no blanks around it, no control characters.
func clean(s string, lines bool) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && lines:
			return r
		case r == '\n', r == '\t', r == '\u00a0':
			return ' '
		case r < ' ', r == 0x7f, r == '\ufeff', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1 // control characters, and marks that turn the direction of what others read
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(s)
}

// readAll reads a file that may have max bytes.
func readAll(r io.Reader, max int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, max+1))
	if err == nil && int64(len(b)) > max {
		err = fault.New(fault.Invalid, "web.form.file.large")
	}
	return b, err
}
