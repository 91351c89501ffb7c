package schemas

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/person"

	"github.com/go-json-experiment/json"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write docs/schemas anew")

const folder = "../../docs/schemas/" + Version

// The committed files are exactly what the types say: none is missing, changed or left over.
func TestJointSchemasAreCommitted(t *testing.T) {
	want, err := JointDocuments()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		for name, b := range want {
			if err := os.WriteFile(filepath.Join(folder, name), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, _ := filepath.Glob(folder + "/joint.*.json")
	for _, f := range files {
		if _, ok := want[filepath.Base(f)]; !ok {
			t.Errorf("%s describes no joint kind", f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got, err := os.ReadFile(filepath.Join(folder, name)); err != nil || !bytes.Equal(got, want[name]) {
			t.Errorf("%s is not what the Go type says (%v); run go test ./internal/schemas -update and give the schemas a new date", name, err)
		}
	}
}

func compile(t *testing.T, kind act.Kind) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join(folder, "joint."+string(kind)+".json"))
	if err != nil {
		t.Fatal(kind, err)
	}
	return s
}

func value(t *testing.T, b []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// fill puts something that is not zero into every field, and a code of the list where a field has one.
func fill(v reflect.Value, path string, codes map[string][]string) {
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
		return
	case *person.Date:
		*x = person.On(1994, 5, 17)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
		if list := codes[path]; len(list) > 0 {
			v.SetString(list[len(list)-1])
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), path, codes)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), path, codes)
	case reflect.Struct:
		for f := range fields(v.Type()) {
			name, _ := jsonName(f)
			if path != "" {
				name = path + "." + name
			}
			fill(v.FieldByIndex(f.Index), name, codes)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path, codes)
	}
}

// What the vocabulary writes, its schema takes: full bodies and bodies with nothing optional. What it must not
// take, it does not: an unknown member, a missing one, a code outside its list.
func TestEveryJointKindFollowsItsSchema(t *testing.T) {
	for _, kind := range joint.Vocabulary.Kinds() {
		s := compile(t, kind)
		body := joint.Vocabulary[kind]()
		fill(reflect.ValueOf(body).Elem(), "", jointCodes[kind])
		full, err := joint.Vocabulary.Encode(kind, body)
		if err != nil {
			t.Fatal(kind, err)
		}
		if err := s.Validate(value(t, full)); err != nil {
			t.Errorf("%s: its own body is refused: %v\n%s", kind, err, full)
		}
		object := value(t, full).(map[string]any)
		object["claim"] = "x"
		if s.Validate(object) == nil {
			t.Errorf("%s: an unknown member is taken", kind)
		}
		delete(object, "claim")
		schema, _ := Joint(kind)
		for _, name := range schema.Required {
			kept := object[name]
			delete(object, name)
			if s.Validate(object) == nil {
				t.Errorf("%s: taken without %q", kind, name)
			}
			object[name] = kept
		}
	}
}

func TestCodesAreClosed(t *testing.T) {
	for kind, lists := range jointCodes {
		s := compile(t, kind)
		for path := range lists {
			body := joint.Vocabulary[kind]()
			fill(reflect.ValueOf(body).Elem(), "", map[string][]string{path: {"no-such-code"}})
			b, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			err = s.Validate(value(t, b))
			if err == nil || !strings.Contains(err.Error(), strings.ReplaceAll(path[strings.LastIndex(path, ".")+1:], ".", "/")) {
				t.Errorf("%s: a code outside the list of %q is taken: %v", kind, path, err)
			}
		}
	}
}

// No message has a field or a code that speaks of a claim, a victim or a barrier (design.md, section 4).
func TestNoSchemaTellsTheSecret(t *testing.T) {
	all, err := JointDocuments()
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range all {
		text := strings.ToLower(string(b))
		for _, word := range []string{"asyl", "refug", "traffick", "victim", "protection", "barrier", "appeal", "claim", "torture"} {
			if strings.Contains(text, word) {
				t.Errorf("%s contains %q", name, word)
			}
		}
	}
}
