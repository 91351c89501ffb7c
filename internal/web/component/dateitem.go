package component

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Inputs are the boxes of the date as inputs.
func (d DateInput) Inputs() []Input {
	items := d.Items
	if len(items) == 0 {
		items = []DateItem{
			{Name: "day", Classes: "govuk-input--width-2"},
			{Name: "month", Classes: "govuk-input--width-2"},
			{Name: "year", Classes: "govuk-input--width-4"},
		}
	}
	marked := func(i DateItem) bool {
		return i.Error != nil && *i.Error || strings.Contains(i.Classes, "govuk-input--error")
	}
	any := false
	for _, i := range items {
		any = any || marked(i)
	}
	var all []Input
	for _, i := range items {
		all = append(all, d.input(i, marked(i) || d.ErrorMessage != nil && !any && (i.Error == nil || *i.Error)))
	}
	return all
}

func (d DateInput) input(i DateItem, wrong bool) Input {
	classes := "govuk-date-input__input"
	if wrong && !strings.Contains(i.Classes, "govuk-input--error") {
		classes = join(classes, "govuk-input--error")
	}
	if !strings.Contains(i.Classes, "govuk-input--width-") {
		width := "govuk-input--width-2"
		if i.Name == "year" {
			width = "govuk-input--width-4"
		}
		classes = join(classes, width)
	}
	name := i.Name
	if d.NamePrefix != "" {
		name = d.NamePrefix + "-" + i.Name
	}
	value := i.Value
	if value == "" {
		value = d.Values[name]
	}
	if value == "" { // the package gives the values under their short names, too
		value = d.Values[i.Name]
	}
	return Input{
		ID: or(i.ID, d.ID+"-"+i.Name), Name: name, Value: value,
		Label:   Label{Text: or(i.Label, capitalised(i.Name)), Classes: "govuk-date-input__label"},
		Classes: join(classes, i.Classes), Inputmode: or(i.Inputmode, "numeric"),
		Autocomplete: i.Autocomplete, Pattern: i.Pattern, Attributes: i.Attributes,
	}
}

func capitalised(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + strings.ToLower(s[n:])
}
