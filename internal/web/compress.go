package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
)

// compressed lets write answer through gzip where the browser takes it. It is for pages that hold no secret: a page of somebody
// who is signed in is sent as it is, because it shows personal data beside what its address may reflect, and its size
// compressed would tell about them (BREACH).
func compressed(w http.ResponseWriter, r *http.Request, write func(http.ResponseWriter) error) error {
	w.Header().Add("Vary", "Accept-Encoding")
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		return write(w)
	}
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	if err := write(through{w, z}); err != nil {
		return err
	}
	return z.Close()
}

// through is an answer whose body goes another way.
type through struct {
	http.ResponseWriter
	body io.Writer
}

func (t through) Write(b []byte) (int, error) { return t.body.Write(b) }
