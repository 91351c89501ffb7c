// Package component owns every piece of page that Countersign shows: the components of the GOV.UK Design
// System that we use, each as one typed struct and one partial held against the package's own fixtures, and
// the pieces that officers work with (work list, timeline, gates, next step) in the same manner.
//
// A component is a value: it never reads a request, a clock or a store, and it never decides. Text is
// escaped; only template.HTML is not. Nothing here carries the crown, the GOV.UK name or its font.
package component

import (
	"embed"
	"fmt"
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strings"
)

//go:embed partials/*.gohtml
var files embed.FS

// Component is a piece of page with a partial of its own.
type Component interface {
	partial() string
}

// partials is parsed once from the embedded files; a partial that does not parse stops the program at start.
var partials = template.Must(template.ParseFS(files, "partials/*.gohtml"))

// HTML renders a component. The error is a programmer's: a partial that does not fit its struct.
func HTML(c Component) (template.HTML, error) {
	if c == nil {
		return "", nil
	}
	var b strings.Builder
	if err := partials.ExecuteTemplate(&b, c.partial(), c); err != nil {
		return "", fmt.Errorf("component %s: %w", c.partial(), err)
	}
	return template.HTML(b.String()), nil
}

// Join renders components one after the other, for slots that take markup.
func Join(parts ...Component) (template.HTML, error) {
	var b strings.Builder
	for _, p := range parts {
		h, err := HTML(p)
		if err != nil {
			return "", err
		}
		b.WriteString(string(h))
	}
	return template.HTML(b.String()), nil
}

// Attrs are further attributes of an element. An event handler or a style would break the content security
// policy, so they are refused like malformed names.
type Attrs map[string]string

var attrName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9:-]*$`)

// HTML writes the attributes in order of their names.
func (a Attrs) HTML() (template.HTMLAttr, error) {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(a)) {
		lower := strings.ToLower(name)
		if !attrName.MatchString(name) || strings.HasPrefix(lower, "on") || lower == "style" {
			return "", fmt.Errorf("attribute %q is not allowed", name)
		}
		fmt.Fprintf(&b, ` %s="%s"`, name, template.HTMLEscapeString(a[name]))
	}
	return template.HTMLAttr(b.String()), nil
}

// join puts a space between the words that are not empty, for classes and aria-describedby.
func join(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

// Slot is content that may be plain text or markup.
type Slot struct {
	Text string
	HTML template.HTML
}
