package component

import "html/template"

// Affix is a unit before or after an input, for example "days".
type Affix struct {
	Text       string
	HTML       template.HTML
	Classes    string
	Attributes Attrs
}

// InputWrapper is the box around an input with affixes.
type InputWrapper struct {
	Classes    string
	Attributes Attrs
}

// Input is a single line of text.
type Input struct {
	ID, Name       string
	Type           string // text if empty
	Value          string
	Label          Label
	Hint           *Hint
	ErrorMessage   *ErrorMessage
	DescribedBy    string
	Prefix, Suffix *Affix
	InputWrapper   InputWrapper
	FormGroup      FormGroup
	Autocomplete   string
	Autocapitalize string
	Inputmode      string
	Pattern        string
	Spellcheck     *bool
	Disabled       bool
	Classes        string
	Attributes     Attrs
}

func (Input) partial() string { return "input" }

// ControlID is the id that labels and the error summary point to.
func (i Input) ControlID() string { return or(i.ID, i.Name) }

// Labelled is the label bound to the control.
func (i Input) Labelled() Label { i.Label.For = i.ControlID(); return i.Label }

// Messages are the hint and the error with their ids.
func (i Input) Messages() messages {
	return messagesOf(i.ControlID(), i.DescribedBy, i.Hint, i.ErrorMessage)
}

// Wrapped tells whether something stands beside the input.
func (i Input) Wrapped() bool {
	has := func(a *Affix) bool { return a != nil && (a.Text != "" || a.HTML != "") }
	return has(i.Prefix) || has(i.Suffix) || i.FormGroup.BeforeInput != Slot{} || i.FormGroup.AfterInput != Slot{}
}

// Textarea is several lines of text.
type Textarea struct {
	ID, Name     string
	Value        string
	Rows         int // 5 if zero
	Label        Label
	Hint         *Hint
	ErrorMessage *ErrorMessage
	DescribedBy  string
	FormGroup    FormGroup
	Autocomplete string
	Spellcheck   *bool
	Disabled     bool
	Classes      string
	Attributes   Attrs
}

func (Textarea) partial() string { return "textarea" }

// ControlID is the id that labels and the error summary point to.
func (t Textarea) ControlID() string { return or(t.ID, t.Name) }

// Labelled is the label bound to the control.
func (t Textarea) Labelled() Label { t.Label.For = t.ControlID(); return t.Label }

// Messages are the hint and the error with their ids.
func (t Textarea) Messages() messages {
	return messagesOf(t.ControlID(), t.DescribedBy, t.Hint, t.ErrorMessage)
}

// Option is one choice of a select. Value nil: the text is the value.
type Option struct {
	Value      *string
	Text       string
	Selected   *bool // nil: selected when its value is the select's
	Disabled   bool
	Attributes Attrs
}

// Select is a drop-down list.
type Select struct {
	ID, Name     string
	Value        string
	Items        []Option
	Label        Label
	Hint         *Hint
	ErrorMessage *ErrorMessage
	DescribedBy  string
	FormGroup    FormGroup
	Disabled     bool
	Classes      string
	Attributes   Attrs
}

func (Select) partial() string { return "select" }

// ControlID is the id that labels and the error summary point to.
func (s Select) ControlID() string { return or(s.ID, s.Name) }

// Labelled is the label bound to the control.
func (s Select) Labelled() Label { s.Label.For = s.ControlID(); return s.Label }

// Messages are the hint and the error with their ids.
func (s Select) Messages() messages {
	return messagesOf(s.ControlID(), s.DescribedBy, s.Hint, s.ErrorMessage)
}

// Chosen tells whether an option is selected.
func (s Select) Chosen(o Option) bool {
	if o.Selected != nil {
		return *o.Selected
	}
	value := o.Text
	if o.Value != nil {
		value = *o.Value
	}
	return s.Value != "" && value == s.Value
}

// FileUpload takes a file. JavaScript adds the drop zone; its texts are needed in Albanian.
type FileUpload struct {
	ID, Name                string
	Label                   Label
	Hint                    *Hint
	ErrorMessage            *ErrorMessage
	DescribedBy             string
	FormGroup               FormGroup
	Multiple, Disabled      bool
	JavaScript              bool
	WrapperClasses          string
	WrapperAttributes       Attrs
	ChooseFilesButtonText   string
	NoFileChosenText        string
	MultipleFilesChosenText struct{ One, Other string }
	DropInstructionText     string
	EnteredDropZoneText     string
	LeftDropZoneText        string
	Classes                 string
	Attributes              Attrs
}

func (FileUpload) partial() string { return "file-upload" }

// ControlID is the id that labels and the error summary point to.
func (f FileUpload) ControlID() string { return or(f.ID, f.Name) }

// Labelled is the label bound to the control.
func (f FileUpload) Labelled() Label { f.Label.For = f.ControlID(); return f.Label }

// Messages are the hint and the error with their ids.
func (f FileUpload) Messages() messages {
	return messagesOf(f.ControlID(), f.DescribedBy, f.Hint, f.ErrorMessage)
}
