package browse

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

type kind int

const (
	hidden kind = iota
	typed       // one writes into it
	chosen      // one takes one or some of what is offered
)

// control is one question of a form.
type control struct {
	kind    kind
	value   []string
	offered []string
}

// form is a form as the page has it, with what it came filled in with.
type form struct {
	action   string
	file     string // name of the question for a file
	controls map[string]*control
	order    []string
}

var (
	forms      = regexp.MustCompile(`(?s)<form\b([^>]*)>(.*?)</form>`)
	elements   = regexp.MustCompile(`(?s)<(input|select|option|textarea|button)\b([^>]*)>([^<]*)`)
	attributes = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
)

// find reads the form with an id, or that goes to an address, from a page of this site. html/template writes every attribute in double quotes.
func find(p Page, id string) (*form, error) {
	for _, m := range forms.FindAllStringSubmatch(p.Body, -1) {
		if a := attributesOf(m[1]); a["id"] == id || a["action"] == id {
			return read(a["action"], m[2]), nil
		}
	}
	return nil, fmt.Errorf("%s has no form %q: %s", p.Path, id, said(p.Body))
}

func attributesOf(s string) map[string]string {
	all := map[string]string{}
	for _, m := range attributes.FindAllStringSubmatch(s, -1) {
		all[m[1]] = html.UnescapeString(m[2])
	}
	return all
}

func read(action, body string) *form {
	f := &form{action: action, controls: map[string]*control{}}
	inside := ""
	for _, m := range elements.FindAllStringSubmatch(body, -1) {
		a := attributesOf(m[2])
		switch m[1] {
		case "select":
			inside = a["name"]
			f.control(inside, chosen)
		case "option":
			f.offer(f.controls[inside], a, has(a, "selected"))
		case "button":
			if a["name"] != "" && a["name"] != "lang" {
				f.offer(f.control(a["name"], chosen), a, false)
			}
		case "textarea":
			f.control(a["name"], typed).value = []string{html.UnescapeString(m[3])}
		default:
			f.input(a)
		}
	}
	return f
}

func (f *form) input(a map[string]string) {
	switch a["type"] {
	case "hidden":
		c := f.control(a["name"], hidden)
		c.value = append(c.value, a["value"])
	case "radio", "checkbox":
		f.offer(f.control(a["name"], chosen), a, has(a, "checked"))
	case "file":
		f.file = a["name"]
	case "submit":
	default:
		f.control(a["name"], typed).value = []string{a["value"]}
	}
}

func (f *form) control(name string, k kind) *control {
	if f.controls[name] == nil {
		f.controls[name] = &control{kind: k}
		if k != hidden {
			f.order = append(f.order, name)
		}
	}
	return f.controls[name]
}

func (f *form) offer(c *control, a map[string]string, on bool) {
	if c == nil {
		return
	}
	c.offered = append(c.offered, a["value"])
	if on {
		c.value = append(c.value, a["value"])
	}
}

func has(a map[string]string, name string) bool { _, ok := a[name]; return ok }

// values are what a browser would send.
func (f *form) values() url.Values {
	v := url.Values{}
	for name, c := range f.controls {
		if c.kind == typed && len(c.value) == 0 {
			v.Set(name, "")
		}
		v[name] = append(v[name], slices.Clone(c.value)...)
	}
	delete(v, "")
	return v
}

// Words is the text of the page's main part, for finding something in it.
func (p Page) Words() string {
	return strings.TrimSpace(spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(heading.FindString(p.Body), " ")), " "))
}
