package component

// HiddenInput carries a value through a form.
type HiddenInput struct{ Name, Value string }

func (HiddenInput) partial() string { return "hidden-input" }
