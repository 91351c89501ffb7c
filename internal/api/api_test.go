package api_test

import (
	"bytes"
	"context"
	"countersign/internal/api"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"countersign/internal/demo"
	"countersign/internal/desk/desktest"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write the OpenAPI document anew")

const documentPath = "testdata/openapi.json"

// The committed document is what the code serves; who changes the API changes the document in the same commit.
func TestDocumentIsCommitted(t *testing.T) {
	s, err := api.Build(api.Config{Desk: desktest.World(t, 31).GB.Desk})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.MarshalIndent(s.OpenAPI(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	raw = append(raw, '\n')
	if *update {
		if err := os.WriteFile(documentPath, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(documentPath)
	if err != nil || !bytes.Equal(raw, want) {
		t.Fatalf("the API is not what %s says (%v); run go test ./internal/api -update and read the difference", documentPath, err)
	}
	if s.OpenAPI().OpenAPI != "3.1.0" {
		t.Error(s.OpenAPI().OpenAPI)
	}
}

// client speaks for one officer and holds every answer against the committed document.
type client struct {
	t        testing.TB
	server   *httptest.Server
	token    string
	purpose  string
	language string
	document map[string]any
	compiler *jsonschema.Compiler
	keys     int
}

func newClient(t testing.TB, a *demo.Authority, role string) *client {
	t.Helper()
	h, err := api.New(api.Config{Desk: a.Desk, Border: a.Border})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, server: httptest.NewServer(h), purpose: "casework", language: "en"}
	t.Cleanup(c.server.Close)
	if c.token, err = a.Desk.MintToken(context.Background(), a.As(role), time.Hour); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c.document = v.(map[string]any)
	c.compiler = jsonschema.NewCompiler()
	c.compiler.AssertFormat()
	if err := c.compiler.AddResource("openapi.json", v); err != nil {
		t.Fatal(err)
	}
	return c
}

// as is the same client for another officer.
func (c *client) as(a *demo.Authority, role string) *client {
	other := *c
	var err error
	if other.token, err = a.Desk.MintToken(context.Background(), a.As(role), time.Hour); err != nil {
		c.t.Fatal(err)
	}
	return &other
}

type reply struct {
	status int
	header http.Header
	raw    []byte
	v      map[string]any
}

// call sends a request; headers are name, value, name, value. path is under the API's base.
func (c *client) call(method, path string, body any, headers ...string) reply {
	c.t.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	r, err := http.NewRequest(method, c.server.URL+api.Base+path, in)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("X-Purpose", c.purpose)
	r.Header.Set("Accept-Language", c.language)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	out := reply{status: answer.StatusCode, header: answer.Header}
	if out.raw, err = io.ReadAll(answer.Body); err != nil {
		c.t.Fatal(err)
	}
	c.check(method, path, &out)
	return out
}

// check holds an answer against the document: its status and media type are described, and its body follows.
func (c *client) check(method, path string, r *reply) {
	c.t.Helper()
	media, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	if strings.Contains(media, "json") {
		if err := json.Unmarshal(r.raw, &r.v); err != nil {
			c.t.Fatalf("%s %s: %v\n%s", method, path, err, r.raw)
		}
	}
	if r.header.Get("Cache-Control") != "no-store" {
		c.t.Errorf("%s %s may be cached", method, path)
	}
	pattern := c.pattern(path)
	if pattern == "" {
		if r.status != http.StatusNotFound {
			c.t.Fatalf("%s %s is not in the document and answers %d", method, path, r.status)
		}
		return
	}
	at := fmt.Sprintf("#/paths/%s/%s/responses", escape(pattern), strings.ToLower(method))
	responses := c.document["paths"].(map[string]any)[pattern].(map[string]any)[strings.ToLower(method)].(map[string]any)["responses"].(map[string]any)
	key := fmt.Sprint(r.status)
	if _, ok := responses[key]; !ok {
		key = "default"
	}
	content, _ := responses[key].(map[string]any)["content"].(map[string]any)
	if _, ok := content[media]; !ok {
		c.t.Fatalf("%s %s: %d %s is not described\n%s", method, path, r.status, media, r.raw)
	}
	if !strings.Contains(media, "json") {
		return
	}
	s, err := c.compiler.Compile("openapi.json" + at + "/" + key + "/content/" + escape(media) + "/schema")
	if err != nil {
		c.t.Fatal(err)
	}
	v, _ := jsonschema.UnmarshalJSON(bytes.NewReader(r.raw))
	if err := s.Validate(v); err != nil {
		c.t.Errorf("%s %s: the answer does not follow the document: %v\n%s", method, path, err, r.raw)
	}
}

func escape(s string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(s)
}

// pattern finds the path of the document that an address follows; exact parts win.
func (c *client) pattern(address string) string {
	address, _, _ = strings.Cut(address, "?")
	parts, best := strings.Split(address, "/"), ""
	for p := range c.document["paths"].(map[string]any) {
		want := strings.Split(p, "/")
		same := len(want) == len(parts)
		for i := 0; same && i < len(want); i++ {
			same = want[i] == parts[i] || strings.HasPrefix(want[i], "{")
		}
		if same && (best == "" || strings.Count(p, "{") < strings.Count(best, "{")) {
			best = p
		}
	}
	return best
}

func (c *client) want(r reply, status int, key string) reply {
	c.t.Helper()
	got, _ := r.v["key"].(string)
	if r.status != status || got != key {
		c.t.Fatalf("got %d %q, want %d %q\n%s", r.status, got, status, key, r.raw)
	}
	return r
}

// act carries out an act on a case at its present version.
func (c *client) act(id, name string, body any) reply {
	c.t.Helper()
	v := c.want(c.call("GET", "/cases/"+id, nil), 200, "")
	c.keys++
	return c.call("POST", "/cases/"+id+"/acts/"+name, body, "If-Match", v.header.Get("ETag"), "Idempotency-Key", fmt.Sprintf("key-of-test-%04d", c.keys))
}
