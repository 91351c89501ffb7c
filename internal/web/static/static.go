// Package static serves the built front-end files: one stylesheet, one script, one icon. They are embedded,
// compressed once, and named by their contents, so a browser may keep them for a year and a new version is
// seen at once. It never serves anything that a person uploaded.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed countersign.css countersign.js icon.svg licences.txt
var files embed.FS

// Prefix is where the files are served.
const Prefix = "/static/"

// Files are the built files under their names with version.
type Files struct {
	urls   map[string]string // countersign.css → /static/countersign.Xy12….css
	byName map[string]file   // by the name in the address
}

type file struct {
	kind        string
	plain, gzip []byte
}

// New reads and compresses the embedded files.
func New() (*Files, error) {
	f := &Files{urls: map[string]string{}, byName: map[string]file{}}
	names, err := fs.Glob(files, "*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		small, err := compress(b)
		if err != nil {
			return nil, fmt.Errorf("static: %s: %w", name, err)
		}
		sum := sha256.Sum256(b)
		ext := path.Ext(name)
		versioned := strings.TrimSuffix(name, ext) + "." + base64.RawURLEncoding.EncodeToString(sum[:9]) + ext
		f.urls[name] = Prefix + versioned
		f.byName[versioned] = file{kind: mime.TypeByExtension(ext), plain: b, gzip: small}
	}
	return f, nil
}

func compress(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// URL is the address of a built file, for example of "countersign.css". An unknown name is a programmer's
// error and gives an address that is not found.
func (f *Files) URL(name string) string {
	if u, ok := f.urls[name]; ok {
		return u
	}
	return Prefix + "unknown-" + name
}

// Compressed is the number of bytes that a browser loads for name.
func (f *Files) Compressed(name string) int {
	return len(f.byName[strings.TrimPrefix(f.URL(name), Prefix)].gzip)
}

// ServeHTTP serves GET and HEAD below Prefix.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := f.byName[strings.TrimPrefix(r.URL.Path, Prefix)]
	if !ok || r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	body := file.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = file.gzip
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method == http.MethodGet {
		w.Write(body) // a reader that went away is no error of ours
	}
}
