// Package browse is an officer at a browser without a window: it signs in, opens pages, fills in the forms that the
// pages hold and sends them, with cookies and by the rules for requests of the same site. It sends what a form asks
// for and nothing else: an answer to a question that the page does not ask is an error. It counts what was typed.
//
// It knows pages only, never the desk.
package browse

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Visitor is one officer's browser.
type Visitor struct {
	base   string
	lang   string
	client *http.Client
	tally  *Tally
}

// Refusal is a page that says no: to look at something, or to what was sent.
type Refusal struct {
	Path   string
	Status int
	Said   string // in the visitor's language
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("%s answers %d: %s", r.Path, r.Status, r.Said[:min(len(r.Said), 400)])
}

// Tally is every answer that was given by hand, by one or several officers, in order.
type Tally struct {
	given []Given
	forms int
}

// Given are the answers so far.
func (t *Tally) Given() []Given { return slices.Clone(t.given) }

// Forms is how many forms were sent.
func (t *Tally) Forms() int { return t.forms }

// Given is an answer that an officer gave by hand: typed, or chosen from what the page offers. What a form came
// filled in with, and what nobody changed, is none.
type Given struct {
	Page, Name, Value string
	Typed             bool
}

// Page is what the browser shows.
type Page struct {
	Path   string
	Status int
	Body   string
}

// SignIn begins a session as an officer of the demo, who is chosen from a list, in the language that the browser
// asks for.
func SignIn(base, lang, officer string, tally *Tally) (*Visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	v := &Visitor{base: base, lang: lang, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}, tally: &Tally{}}
	if _, err := v.Fill("/sign-in", "sign-in", url.Values{"officer": {officer}}); err != nil {
		return nil, err
	}
	v.tally = tally // who one is belongs to no case
	return v, nil
}

// Open opens a page that must be there.
func (v *Visitor) Open(path string) (Page, error) {
	return v.must(v.get(path))
}

// Fill opens a page, answers the questions of one of its forms and sends it. Where the act cannot be taken back and
// the next page asks once more, that is confirmed as well. The page that is shown in the end is returned.
func (v *Visitor) Fill(path, form string, answers url.Values) (Page, error) {
	p, err := v.Open(path)
	if err != nil {
		return p, err
	}
	return v.Send(p, form, answers)
}

// Send answers the questions of a form of the page that is open. A form goes by its id, or by the address to which it
// is sent; a button that has a name is answered like a question.
func (v *Visitor) Send(p Page, id string, answers url.Values) (Page, error) {
	f, err := find(p, id)
	if err != nil {
		return p, err
	}
	if err := v.answer(f, p.Path, answers); err != nil {
		return p, err
	}
	v.tally.forms++
	next, err := v.must(v.post(f.action, f.values()))
	if err != nil {
		return next, err
	}
	if stop, err := find(next, "stop"); err == nil { // the page that stops: the button has the act's name
		return v.must(v.post(stop.action, stop.values()))
	}
	return next, nil
}

// Upload chooses a file for the one question of a form, and sends it.
func (v *Visitor) Upload(path, form, name string, content []byte) (Page, error) {
	p, err := v.Open(path)
	if err != nil {
		return p, err
	}
	f, err := find(p, form)
	if err != nil {
		return p, err
	}
	if f.file == "" {
		return p, fmt.Errorf("%s asks for no file", path)
	}
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile(f.file, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err := cmp.Or(err, m.Close()); err != nil {
		return p, err
	}
	v.tally.forms++
	return v.must(v.ask(http.MethodPost, f.action, m.FormDataContentType(), &body))
}

func (v *Visitor) must(p Page, err error) (Page, error) {
	if err == nil && p.Status >= 400 {
		err = &Refusal{p.Path, p.Status, said(p.Body)}
	}
	return p, err
}

// answer gives answers to the questions that the form asks, and counts them.
func (v *Visitor) answer(f *form, page string, answers url.Values) error {
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		values := answers[name]
		c, ok := f.controls[name]
		if !ok {
			return fmt.Errorf("%s does not ask %q", page, name)
		}
		if c.kind != typed {
			for _, value := range values {
				if !slices.Contains(c.offered, value) {
					return fmt.Errorf("%s: %q is no answer to %q, but %q", page, value, name, c.offered)
				}
			}
		}
		if slices.Equal(c.value, values) {
			continue // it stood there already
		}
		c.value = values
		v.tally.given = append(v.tally.given, Given{page, name, strings.Join(values, ", "), c.kind == typed})
	}
	return nil
}

// Ask tells which answers a question of a form offers; nil where the page does not ask it.
func (p Page) Ask(id, name string) []string {
	f, err := find(p, id)
	if err != nil || f.controls[name] == nil {
		return nil
	}
	return f.controls[name].offered
}

// Questions are the names of what a form asks.
func (p Page) Questions(id string) []string {
	f, err := find(p, id)
	if err != nil {
		return nil
	}
	return f.order
}

// Link is the address of the first link whose address begins so.
func (p Page) Link(prefix string) string {
	for _, m := range links.FindAllStringSubmatch(p.Body, -1) {
		if href := html.UnescapeString(m[1]); strings.HasPrefix(href, prefix) {
			return href
		}
	}
	return ""
}

var links = regexp.MustCompile(`<a [^>]*href="([^"]*)"`)

func (v *Visitor) get(path string) (Page, error) { return v.ask(http.MethodGet, path, "", nil) }

func (v *Visitor) post(path string, values url.Values) (Page, error) {
	return v.ask(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
}

// ask sends a request as a browser does from a page of the same site.
func (v *Visitor) ask(method, path, kind string, body io.Reader) (Page, error) {
	r, err := http.NewRequest(method, v.base+path, body)
	if err != nil {
		return Page{}, err
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", v.lang)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Origin", v.base)
	}
	a, err := v.client.Do(r)
	if err != nil {
		return Page{}, err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return Page{a.Request.URL.RequestURI(), a.StatusCode, string(b)}, err
}

var (
	summary = regexp.MustCompile(`(?s)class="govuk-error-summary".*?</div>\s*</div>\s*</div>`)
	heading = regexp.MustCompile(`(?s)<main.*</main>`)
	tags    = regexp.MustCompile(`<[^>]*>`)
	spaces  = regexp.MustCompile(`\s+`)
)

// said is what a page says is wrong.
func said(body string) string {
	part := summary.FindString(body)
	if part == "" {
		part = heading.FindString(body)
	}
	return strings.TrimSpace(spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(part, " ")), " "))
}
