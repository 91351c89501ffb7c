package component

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fixture is one case of the design system's own package: options of its macro and the HTML it gives.
type fixture struct {
	Name    string         `json:"name"`
	Options jsontext.Value `json:"options"`
	HTML    string         `json:"html"`
}

// Every component gives the HTML that the package's own macro gives for the same options, but for white
// space and the order of attributes. What differs is in exceptions, with its reason.
func TestFixtures(t *testing.T) {
	matched, used := 0, map[string]bool{}
	for name, make := range components {
		for _, f := range readFixtures(t, name) {
			id := name + "/" + f.Name
			reason, excepted := exceptions[id]
			err := matches(make(), f)
			switch {
			case err == nil && excepted:
				t.Errorf("%s matches now; remove its exception", id)
			case err != nil && !excepted:
				t.Errorf("%s: %v", id, err)
			case err == nil:
				matched++
			default:
				used[id] = true
				t.Logf("%s: excepted: %s", id, reason)
			}
		}
	}
	for id := range exceptions {
		if !used[id] {
			t.Errorf("exception %q names no fixture that differs", id)
		}
	}
	t.Logf("%d fixtures of %d components match, %d exceptions", matched, len(components), len(used))
}

// A component that lost an attribute must not pass: the comparison itself is tested.
func TestFixturesCanFail(t *testing.T) {
	f := fixture{Name: "x", Options: jsontext.Value(`{"text":"Save"}`), HTML: `<button type="submit" class="govuk-button">Save</button>`}
	if matches(&Button{}, f) == nil {
		t.Error("a missing data-module was not seen")
	}
	f.Options = jsontext.Value(`{"text":"Save","unknown":1}`)
	if matches(&Button{}, f) == nil {
		t.Error("an option that the struct lacks was not seen")
	}
}

func readFixtures(t *testing.T, name string) []fixture {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "govuk", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var all []fixture
	lines := bufio.NewScanner(bytes.NewReader(b))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var f fixture
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			t.Fatal(name, err)
		}
		all = append(all, f)
	}
	if len(all) == 0 {
		t.Fatalf("%s: no fixtures", name)
	}
	return all
}

func matches(c Component, f fixture) error {
	options := withoutFalsy(f.Options)
	if _, ok := c.(*DateInput); ok {
		options = dateItems(options)
	}
	if _, ok := c.(*LanguageNavigation); ok { // the one option whose Go name is not its own in another case
		options = jsontext.Value(strings.ReplaceAll(string(options), `"ariaLabel"`, `"ARIALabel"`))
	}
	err := json.Unmarshal(options, c, json.MatchCaseInsensitiveNames(true), json.RejectUnknownMembers(true),
		json.WithUnmarshalers(json.UnmarshalFromFunc(anyString)))
	if err != nil {
		return fmt.Errorf("options: %w", err)
	}
	got, err := HTML(reflect.ValueOf(c).Elem().Interface().(Component))
	if err != nil {
		return err
	}
	if a, b := normal(string(got)), normal(f.HTML); a != b {
		return fmt.Errorf("\n got %s\nwant %s", a, b)
	}
	return nil
}

// withoutFalsy drops false, null and "" from lists: the macros skip them so that a template may write a
// condition inside a list; a Go slice simply has no such item.
func withoutFalsy(v jsontext.Value) jsontext.Value {
	var any any
	if err := json.Unmarshal(v, &any); err != nil {
		panic(err)
	}
	b, err := json.Marshal(dropFalsy(any))
	if err != nil {
		panic(err)
	}
	return b
}

func dropFalsy(v any) any {
	switch v := v.(type) {
	case []any:
		kept := slices.DeleteFunc(v, func(e any) bool { return e == nil || e == false || e == "" })
		for i := range kept {
			kept[i] = dropFalsy(kept[i])
		}
		return kept
	case map[string]any:
		for k := range v {
			if v[k] = dropFalsy(v[k]); v[k] == nil {
				delete(v, k)
			}
		}
	}
	return v
}

// dateItems writes the options day, month and year as the list of items, which is our only spelling.
func dateItems(v jsontext.Value) jsontext.Value {
	var o map[string]any
	if err := json.Unmarshal(v, &o); err != nil {
		panic(err)
	}
	if o["items"] != nil || o["day"] == nil && o["month"] == nil && o["year"] == nil {
		return v
	}
	var items []any
	for _, part := range []string{"day", "month", "year"} {
		item, ok := o[part].(map[string]any)
		switch {
		case !ok && o[part] != nil: // false: the box is left out
		case !ok:
			items = append(items, map[string]any{"name": part})
		default:
			if item["name"] == nil {
				item["name"] = part
			}
			items = append(items, item)
		}
		delete(o, part)
	}
	o["items"] = items
	b, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return b
}

// anyString reads numbers and booleans into text fields, as the macros do.
func anyString(d *jsontext.Decoder, s *string) error {
	switch d.PeekKind() {
	case '0', 't', 'f':
		v, err := d.ReadValue()
		*s = string(v)
		return err
	}
	return errors.ErrUnsupported
}

// normal writes HTML with attributes in order and white space folded.
func normal(s string) string {
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(s), root)
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	for _, n := range nodes {
		normalNode(&b, n)
	}
	return b.String()
}

func normalNode(b *strings.Builder, n *html.Node) {
	switch n.Type {
	case html.TextNode:
		if text := strings.Join(strings.Fields(n.Data), " "); text != "" {
			b.WriteString(text)
		}
	case html.ElementNode:
		b.WriteString("\n<" + n.Data)
		attrs := map[string]string{}
		for _, a := range n.Attr {
			attrs[a.Key] = strings.Join(strings.Fields(a.Val), " ")
		}
		for _, k := range slices.Sorted(maps.Keys(attrs)) {
			fmt.Fprintf(b, " %s=%q", k, attrs[k])
		}
		b.WriteString(">")
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			normalNode(b, c)
		}
		b.WriteString("</" + n.Data + ">")
	}
}

// components are all that the design system's package has fixtures for and we use.
var components = map[string]func() Component{
	"back-link":           func() Component { return new(BackLink) },
	"breadcrumbs":         func() Component { return new(Breadcrumbs) },
	"button":              func() Component { return new(Button) },
	"checkboxes":          func() Component { return new(Checkboxes) },
	"date-input":          func() Component { return new(DateInput) },
	"details":             func() Component { return new(Details) },
	"error-message":       func() Component { return new(ErrorMessage) },
	"error-summary":       func() Component { return new(ErrorSummary) },
	"fieldset":            func() Component { return new(Fieldset) },
	"file-upload":         func() Component { return new(FileUpload) },
	"generic-header":      func() Component { return new(GenericHeader) },
	"hint":                func() Component { return new(Hint) },
	"input":               func() Component { return new(Input) },
	"inset-text":          func() Component { return new(InsetText) },
	"label":               func() Component { return new(Label) },
	"language-navigation": func() Component { return new(LanguageNavigation) },
	"notification-banner": func() Component { return new(NotificationBanner) },
	"pagination":          func() Component { return new(Pagination) },
	"panel":               func() Component { return new(Panel) },
	"phase-banner":        func() Component { return new(PhaseBanner) },
	"radios":              func() Component { return new(Radios) },
	"select":              func() Component { return new(Select) },
	"service-navigation":  func() Component { return new(ServiceNavigation) },
	"skip-link":           func() Component { return new(SkipLink) },
	"summary-list":        func() Component { return new(SummaryList) },
	"table":               func() Component { return new(Table) },
	"tag":                 func() Component { return new(Tag) },
	"task-list":           func() Component { return new(TaskList) },
	"textarea":            func() Component { return new(Textarea) },
	"warning-text":        func() Component { return new(WarningText) },
}
