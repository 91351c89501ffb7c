package form

import (
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/words"
)

// Upload is a file as it was sent. Type is what its first bytes say, never what the browser says (T15).
type Upload struct {
	Name string // last part only, cleaned; for showing, never for a path
	Type string // for example application/pdf
	Body []byte
}

// File is a file to send. Its page's form needs enctype="multipart/form-data".
type File struct {
	Base
	Max   int64    // bytes; 8 MB if zero
	Types []string // types allowed, for example "application/pdf", "image/jpeg"
	Any   bool     // the browser offers files of any name: their kind has no type of its own
	Value *Upload
	bad   *Message
}

func (f *File) limit() int64 {
	if f.Max == 0 {
		return 8 << 20
	}
	return f.Max
}

func (f *File) read(s source) {
	f.Value, f.bad = nil, nil
	if s.files == nil {
		return
	}
	all, err := s.files(f.Name, f.limit())
	switch {
	case err != nil && fault.KeyOf(err) != "":
		f.bad = Say(fault.KeyOf(err), "max", strconv.FormatInt(f.limit()>>20, 10))
	case err != nil:
		f.bad = Say("web.form.file.unreadable")
	case len(all) > 1:
		f.bad = Say("web.form.file.one")
	case len(all) == 1:
		f.Value = &all[0]
	}
}

func (f *File) check() *Message {
	switch {
	case f.bad != nil:
		return f.bad
	case f.Value == nil:
		return f.missing()
	case len(f.Value.Body) == 0:
		return Say("web.form.file.empty")
	case !slices.Contains(f.Types, f.Value.Type):
		return Say("web.form.file.type")
	}
	return nil
}

// Component is the question as a file control with a drop zone.
func (f *File) Component(c *words.Catalogue) component.Component {
	attributes := component.Attrs{"accept": strings.Join(f.Types, ",")}
	if f.Any {
		attributes = nil
	}
	return component.FileUpload{ID: f.Name, Name: f.Name, Label: f.label(c), Hint: f.hint(c), ErrorMessage: f.message(c),
		JavaScript: true, Attributes: attributes,
		ChooseFilesButtonText: c.Text("web.file.choose"), NoFileChosenText: c.Text("web.file.none"),
		DropInstructionText: c.Text("web.file.drop"), EnteredDropZoneText: c.Text("web.file.entered"),
		LeftDropZoneText: c.Text("web.file.left")}
}

func uploads(r *http.Request, name string, max int64) ([]Upload, error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	var all []Upload
	for _, h := range r.MultipartForm.File[name] {
		if h.Filename == "" {
			continue
		}
		file, err := h.Open()
		if err != nil {
			return nil, err
		}
		body, err := readAll(file, max)
		file.Close()
		if err != nil {
			return nil, err
		}
		kind, _, _ := strings.Cut(http.DetectContentType(body), ";")
		all = append(all, Upload{Name: fileName(h.Filename), Type: kind, Body: body})
	}
	return all, nil
}

// fileName keeps the last part of a name from any system, and at most 100 characters of it.
func fileName(s string) string {
	s = clean(path.Base(strings.ReplaceAll(s, `\`, "/")), false)
	if r := []rune(s); len(r) > 100 {
		s = string(r[len(r)-100:])
	}
	return s
}
