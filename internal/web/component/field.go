package component

import "html/template"

// Label names a control.
type Label struct {
	Text          string
	HTML          template.HTML
	For           string
	IsPageHeading bool
	Classes       string
	Attributes    Attrs
}

func (Label) partial() string { return "label" }

// Hint helps before the officer answers.
type Hint struct {
	ID         string
	Text       string
	HTML       template.HTML
	Classes    string
	Attributes Attrs
}

func (Hint) partial() string { return "hint" }

// ErrorMessage says beside a control what is wrong and how to mend it. VisuallyHiddenText is read before it;
// empty is the English "Error".
type ErrorMessage struct {
	ID                 string
	Text               string
	HTML               template.HTML
	VisuallyHiddenText string
	Classes            string
	Attributes         Attrs
}

func (ErrorMessage) partial() string { return "error-message" }

// Legend names a group of controls.
type Legend struct {
	Text          string
	HTML          template.HTML
	IsPageHeading bool
	Classes       string
}

// Fieldset groups controls under a legend.
type Fieldset struct {
	Legend      Legend
	DescribedBy string
	Role        string
	HTML        template.HTML
	Classes     string
	Attributes  Attrs
}

func (Fieldset) partial() string { return "fieldset" }

// FormGroup is the box around a control. BeforeInput and AfterInput belong to single controls, BeforeInputs
// and AfterInputs to groups.
type FormGroup struct {
	BeforeInput, AfterInput   Slot
	BeforeInputs, AfterInputs Slot
	Classes                   string
	Attributes                Attrs
}

// messages are the hint and the error of a control with their ids, and the value of its aria-describedby.
type messages struct {
	Hint         *Hint
	ErrorMessage *ErrorMessage
	DescribedBy  string
}

func messagesOf(id, describedBy string, hint *Hint, e *ErrorMessage) messages {
	m := messages{DescribedBy: describedBy}
	if hint != nil {
		h := *hint
		h.ID = id + "-hint"
		m.Hint, m.DescribedBy = &h, join(m.DescribedBy, h.ID)
	}
	if e != nil {
		c := *e
		c.ID = id + "-error"
		m.ErrorMessage, m.DescribedBy = &c, join(m.DescribedBy, c.ID)
	}
	return m
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
