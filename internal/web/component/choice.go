package component

import (
	"html/template"
	"slices"
	"strconv"
)

// ChoiceLabel styles the label of one radio or checkbox.
type ChoiceLabel struct {
	Classes    string
	Attributes Attrs
}

// Conditional is what a chosen radio or checkbox reveals.
type Conditional struct{ HTML template.HTML }

// Choice is one radio or checkbox, or a divider between them.
type Choice struct {
	ID, Name, Value string
	Text            string
	HTML            template.HTML
	Label           ChoiceLabel
	Hint            *Hint
	Checked         *bool // nil: checked when its value is among the group's
	Disabled        bool
	Divider         string
	Behaviour       string // checkboxes: "exclusive"
	Conditional     Conditional
	Attributes      Attrs
}

// choiceView is a choice with everything that depends on its group.
type choiceView struct {
	Choice
	ID, Name, DescribedBy, ConditionalID string
	Checked                              bool
	Labelled                             Label
	Hinted                               *Hint
}

func viewChoice(kind, prefix, name, describedBy string, n int, c Choice, chosen bool) choiceView {
	v := choiceView{Choice: c, ID: c.ID, Name: or(c.Name, name), Checked: chosen}
	if v.ID == "" {
		v.ID = prefix
		if n > 0 {
			v.ID += "-" + strconv.Itoa(n+1)
		}
	}
	if c.Checked != nil {
		v.Checked = *c.Checked
	}
	v.ConditionalID = "conditional-" + v.ID
	v.Labelled = Label{Text: c.Text, HTML: c.HTML, For: v.ID, Attributes: c.Label.Attributes,
		Classes: join("govuk-"+kind+"__label", c.Label.Classes)}
	v.DescribedBy = describedBy
	if c.Hint != nil && (c.Hint.Text != "" || c.Hint.HTML != "") {
		h := *c.Hint
		h.ID, h.Classes = v.ID+"-item-hint", join("govuk-"+kind+"__hint", h.Classes)
		v.Hinted, v.DescribedBy = &h, join(describedBy, h.ID)
	}
	return v
}

// Radios is a choice of one.
type Radios struct {
	IDPrefix, Name string
	Value          string
	Items          []Choice
	Fieldset       *Fieldset
	Hint           *Hint
	ErrorMessage   *ErrorMessage
	FormGroup      FormGroup
	Classes        string
	Attributes     Attrs
}

func (Radios) partial() string { return "radios" }

// Messages are the hint and the error with their ids.
func (r Radios) Messages() messages {
	by := ""
	if r.Fieldset != nil {
		by = r.Fieldset.DescribedBy
	}
	return messagesOf(or(r.IDPrefix, r.Name), by, r.Hint, r.ErrorMessage)
}

// Grouped is the fieldset that names what describes it.
func (r Radios) Grouped() Fieldset { return grouped(r.Fieldset, r.Messages().DescribedBy, "") }

// Choices are the items as they are shown.
func (r Radios) Choices() []choiceView {
	var all []choiceView
	for i, c := range r.Items {
		all = append(all, viewChoice("radios", or(r.IDPrefix, r.Name), r.Name, "", i, c, r.Value != "" && c.Value == r.Value))
	}
	return all
}

// Checkboxes is a choice of any number.
type Checkboxes struct {
	IDPrefix, Name string
	Values         []string
	Items          []Choice
	Fieldset       *Fieldset
	Hint           *Hint
	ErrorMessage   *ErrorMessage
	DescribedBy    string
	FormGroup      FormGroup
	Classes        string
	Attributes     Attrs
}

func (Checkboxes) partial() string { return "checkboxes" }

// Messages are the hint and the error with their ids.
func (c Checkboxes) Messages() messages {
	by := c.DescribedBy
	if c.Fieldset != nil && c.Fieldset.DescribedBy != "" {
		by = c.Fieldset.DescribedBy
	}
	return messagesOf(or(c.IDPrefix, c.Name), by, c.Hint, c.ErrorMessage)
}

// Grouped is the fieldset that names what describes it.
func (c Checkboxes) Grouped() Fieldset { return grouped(c.Fieldset, c.Messages().DescribedBy, "") }

// Choices are the items as they are shown. Without a fieldset each box carries the group's description.
func (c Checkboxes) Choices() []choiceView {
	by := ""
	if c.Fieldset == nil {
		by = c.Messages().DescribedBy
	}
	var all []choiceView
	for i, item := range c.Items {
		all = append(all, viewChoice("checkboxes", or(c.IDPrefix, c.Name), c.Name, by, i, item, slices.Contains(c.Values, item.Value)))
	}
	return all
}

func grouped(f *Fieldset, describedBy, role string) Fieldset {
	if f == nil {
		return Fieldset{}
	}
	g := *f
	g.DescribedBy, g.Role = describedBy, or(role, g.Role)
	return g
}

// DateItem is one box of a date input. Error nil: all boxes are marked when the group has an error.
type DateItem struct {
	ID, Name, Label string
	Value           string
	Error           *bool
	Classes         string
	Autocomplete    string
	Inputmode       string
	Pattern         string
	Attributes      Attrs
}

// DateInput asks for a memorable date in three boxes; parts may stay empty when the caller allows it.
type DateInput struct {
	ID, NamePrefix string
	Items          []DateItem // day, month, year if empty
	Values         map[string]string
	Fieldset       *Fieldset
	Hint           *Hint
	ErrorMessage   *ErrorMessage
	FormGroup      FormGroup
	Classes        string
	Attributes     Attrs
}

func (DateInput) partial() string { return "date-input" }

// Messages are the hint and the error with their ids.
func (d DateInput) Messages() messages {
	by := ""
	if d.Fieldset != nil {
		by = d.Fieldset.DescribedBy
	}
	return messagesOf(d.ID, by, d.Hint, d.ErrorMessage)
}

// Grouped is the fieldset in the role of a group, which screen readers announce with its description.
func (d DateInput) Grouped() Fieldset { return grouped(d.Fieldset, d.Messages().DescribedBy, "group") }
