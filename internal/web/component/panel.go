package component

import (
	"html/template"
	"strings"
)

// headingTag is the opening and closing tag of a heading whose level is chosen at run time.
type headingTag struct{ Level string }

func heading(level, fallback string) headingTag {
	if len(level) != 1 || level < "1" || level > "6" {
		level = fallback
	}
	return headingTag{level}
}

// Open writes the opening tag; class is ours, id is escaped.
func (h headingTag) Open(class, id string) template.HTML {
	s := "<h" + h.Level + ` class="` + template.HTMLEscapeString(class) + `"`
	if id != "" {
		s += ` id="` + template.HTMLEscapeString(id) + `"`
	}
	return template.HTML(s + ">")
}

// Close writes the closing tag.
func (h headingTag) Close() template.HTML { return template.HTML("</h" + h.Level + ">") }

// Heading is the tag of the panel's title.
func (p Panel) Heading() headingTag { return heading(p.HeadingLevel, "1") }

// Interrupts tells whether the panel stops before an act.
func (p Panel) Interrupts() bool { return strings.Contains(p.Classes, "govuk-panel--interruption") }

// AsButton is an action that does something, or nil for one that leads away.
func (a PanelAction) AsButton() *Button {
	if a.Href != "" && a.Type != "button" {
		return nil
	}
	return &Button{Text: a.Text, Type: or(a.Type, "button"), Href: a.Href, Attributes: a.Attributes,
		Classes: join("govuk-button--inverse", a.Classes)}
}
