// Package web owns what officers see in a browser: pages in English and Albanian, each as one Go file (its
// data, form and handler), one template and a golden file per language. It reads projections and asks the
// desk; it never writes to the store, never decides, and never shows personal data that was not asked of a
// reader that logs it.
package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"countersign/internal/web/component"
	"countersign/internal/web/form"
	"countersign/internal/web/static"
	"countersign/internal/words"
)

// View is the data of one page. A page's struct embeds Layout and is given by pointer.
type View interface{ Frame() *Layout }

// Renderer holds every page, parsed once per language. Templates can translate, write dates and numbers,
// and place components; nothing else, so that decisions stay in Go.
type Renderer struct {
	Static     *static.Files
	Catalogues map[words.Lang]*words.Catalogue
	pages      map[words.Lang]map[string]*template.Template
}

// NewRenderer parses layout.gohtml and every page of the folders: a page is any other *.gohtml file and is
// named by its file. A page defines the template "main", and "head" if it needs to.
func NewRenderer(catalogues map[words.Lang]*words.Catalogue, folders ...fs.FS) (*Renderer, error) {
	files, err := static.New()
	if err != nil {
		return nil, err
	}
	r := &Renderer{Static: files, Catalogues: catalogues, pages: map[words.Lang]map[string]*template.Template{}}
	for lang, c := range catalogues {
		layout, err := template.New("layout").Funcs(functions(c, files)).Parse(layoutSource)
		if err != nil {
			return nil, err
		}
		r.pages[lang] = map[string]*template.Template{}
		for _, folder := range folders {
			if err := r.parse(lang, layout, folder); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

func (r *Renderer) parse(lang words.Lang, layout *template.Template, folder fs.FS) error {
	names, err := fs.Glob(folder, "*.gohtml")
	if err != nil {
		return err
	}
	for _, name := range names {
		page := strings.TrimSuffix(path.Base(name), ".gohtml")
		if page == "layout" {
			continue
		}
		if _, ok := r.pages[lang][page]; ok {
			return fmt.Errorf("web: two pages are named %s", page)
		}
		source, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		t, err := layout.Clone()
		if err != nil {
			return err
		}
		if _, err := t.New(page).Parse(string(source)); err != nil {
			return fmt.Errorf("web: %w", err)
		}
		if t.Lookup("main") == nil {
			return fmt.Errorf("web: page %s does not define main", page)
		}
		r.pages[lang][page] = t
	}
	return nil
}

// functions are all that a template may call.
func functions(c *words.Catalogue, files *static.Files) template.FuncMap {
	return template.FuncMap{
		"t":         c.Text,
		"date":      func(t time.Time) string { return c.Date(t) },
		"day":       c.Day,
		"moment":    c.Moment,
		"number":    func(n int) string { return c.Number(int64(n)) },
		"count":     c.Count,
		"component": component.HTML,
		"field":     func(f form.Field) (template.HTML, error) { return component.HTML(f.Component(c)) },
		"errors":    func(f *form.Form) (template.HTML, error) { return component.HTML(f.Summary(c)) },
		"static":    files.URL,
	}
}

// HTML renders a page to bytes, as golden tests and Render do.
func (r *Renderer) HTML(page string, v View) ([]byte, error) {
	lang := v.Frame().Words.Lang
	t, ok := r.pages[lang][page]
	if !ok {
		return nil, fmt.Errorf("web: no page %q in %q", page, lang)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", v); err != nil {
		return nil, fmt.Errorf("web: page %s: %w", page, err)
	}
	return b.Bytes(), nil
}

// Render answers with a page. It is written only when it is whole: a page that fails midway would look
// finished to the officer. The error is for the log; the officer gets the status 500 and no detail.
func (r *Renderer) Render(w http.ResponseWriter, status int, page string, v View) error {
	b, err := r.HTML(page, v)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", string(v.Frame().Words.Lang))
	w.WriteHeader(status)
	_, err = w.Write(b)
	return err
}
