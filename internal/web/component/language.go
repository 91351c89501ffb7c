package component

// LanguageForm is the language switch of a page with a form: its buttons post the form, so that the page
// comes back in the other language with everything that was typed. The browser's own checks are skipped.
type LanguageForm struct {
	LanguageNavigation
	Form string // id of the form
	Name string // parameter whose value is the language
}

func (LanguageForm) partial() string { return "language-form" }
