package form

import (
	"slices"

	"countersign/internal/web/component"
	"countersign/internal/words"
)

// Option is one answer to choose. Label is a key; Text stands instead where the answer is data (a name).
type Option struct {
	Value   string
	Label   string
	Text    string
	Hint    string // key
	Divider string // key: a word between this answer and the next; the option has no value then
	Reveals Field  // asked only when this answer is chosen
	Alone   bool   // Choices: this answer excludes the others
}

func (o Option) text(c *words.Catalogue) string {
	if o.Label != "" {
		return c.Text(o.Label)
	}
	return o.Text
}

func has(options []Option, value string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.Value == value && o.Divider == "" })
}

// Choice is one answer of several, as radios. None is chosen beforehand.
type Choice struct {
	Base
	Options []Option
	Value   string
	Inline  bool // two short answers beside each other
}

func (f *Choice) names() []string {
	names := []string{f.Name}
	for _, o := range f.Options {
		if o.Reveals != nil {
			names = append(names, o.Reveals.names()...)
		}
	}
	return names
}

func (f *Choice) read(s source) {
	f.Value = s.values.Get(f.Name)
	for _, o := range f.Options {
		if o.Reveals != nil {
			o.Reveals.read(s)
		}
	}
}

func (f *Choice) check() *Message {
	for _, o := range f.Options {
		if o.Reveals == nil {
			continue
		}
		o.Reveals.base().err = nil
		if o.Value == f.Value {
			o.Reveals.base().err = o.Reveals.check()
		}
	}
	if f.Value == "" {
		return f.missing()
	}
	if !has(f.Options, f.Value) {
		return Say("web.form.unknown-answer")
	}
	return nil
}

// revealed are the fields that the chosen answer reveals.
func (f *Choice) revealed() []Field {
	var all []Field
	for _, o := range f.Options {
		if o.Reveals != nil && o.Value == f.Value {
			all = append(all, o.Reveals)
		}
	}
	return all
}

// Component is the question as radios.
func (f *Choice) Component(c *words.Catalogue) component.Component {
	r := component.Radios{IDPrefix: f.Name, Name: f.Name, Value: f.Value, Items: items(c, f.Options),
		Fieldset: f.fieldset(c), Hint: f.hint(c), ErrorMessage: f.message(c)}
	if f.Inline {
		r.Classes = "govuk-radios--inline"
	}
	return r
}

// Choices are any number of answers, as checkboxes.
type Choices struct {
	Base
	Options []Option
	Values  []string
}

func (f *Choices) read(s source) { f.Values = s.values[f.Name] }

func (f *Choices) check() *Message {
	if len(f.Values) == 0 {
		return f.missing()
	}
	for _, v := range f.Values {
		if !has(f.Options, v) {
			return Say("web.form.unknown-answer")
		}
		for _, o := range f.Options {
			if o.Alone && o.Value == v && len(f.Values) > 1 {
				return Say("web.form.alone")
			}
		}
	}
	return nil
}

// Component is the question as checkboxes.
func (f *Choices) Component(c *words.Catalogue) component.Component {
	return component.Checkboxes{IDPrefix: f.Name, Name: f.Name, Values: f.Values, Items: items(c, f.Options),
		Fieldset: f.fieldset(c), Hint: f.hint(c), ErrorMessage: f.message(c)}
}

func items(c *words.Catalogue, options []Option) []component.Choice {
	var all []component.Choice
	for _, o := range options {
		if o.Divider != "" {
			all = append(all, component.Choice{Divider: c.Text(o.Divider)})
			continue
		}
		item := component.Choice{Value: o.Value, Text: o.text(c)}
		if o.Hint != "" {
			item.Hint = &component.Hint{Text: c.Text(o.Hint)}
		}
		if o.Alone {
			item.Behaviour = "exclusive"
		}
		if o.Reveals != nil {
			// A field's own component always renders; should it not, the question is missing and tests see it.
			item.Conditional.HTML, _ = component.HTML(o.Reveals.Component(c))
		}
		all = append(all, item)
	}
	return all
}

// Pick is one answer of a long list, as a drop-down.
type Pick struct {
	Base
	Options []Option
	Value   string
	Prompt  string // key of the first, empty entry
}

func (f *Pick) read(s source) { f.Value = s.values.Get(f.Name) }

func (f *Pick) check() *Message {
	if f.Value == "" {
		return f.missing()
	}
	if !has(f.Options, f.Value) {
		return Say("web.form.unknown-answer")
	}
	return nil
}

// Component is the question as a drop-down.
func (f *Pick) Component(c *words.Catalogue) component.Component {
	empty := ""
	prompt := "web.form.choose"
	if f.Prompt != "" {
		prompt = f.Prompt
	}
	s := component.Select{ID: f.Name, Name: f.Name, Value: f.Value, Label: f.label(c), Hint: f.hint(c),
		ErrorMessage: f.message(c), Items: []component.Option{{Value: &empty, Text: c.Text(prompt)}}}
	for _, o := range f.Options {
		value := o.Value
		s.Items = append(s.Items, component.Option{Value: &value, Text: o.text(c)})
	}
	return s
}
