// Package schemas writes the dated JSON Schemas (2020-12) of what crosses the border and of what is printed,
// from the Go types themselves, so that the contract of the two states cannot drift from the code. The files
// are in docs/schemas; a test holds that they are what this package writes.
//
// It reads types and never values: there is nothing about anybody in it.
package schemas

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/person"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Version is the date of the message schemas. Within a version unknown fields are refused; a field or a code
// that is added or dropped makes a new version (design.md 5.8, pain K14).
const Version = "2026-11-01"

// Schema is the part of JSON Schema 2020-12 that the types need.
type Schema struct {
	Dialect     string            `json:"$schema,omitzero"`
	ID          string            `json:"$id,omitzero"`
	Title       string            `json:"title,omitzero"`
	Description string            `json:"description,omitzero"`
	Type        string            `json:"type,omitzero"`
	Format      string            `json:"format,omitzero"`
	Pattern     string            `json:"pattern,omitzero"`
	Enum        []string          `json:"enum,omitzero"`
	Items       *Schema           `json:"items,omitzero"`
	Properties  map[string]Schema `json:"properties,omitzero"`
	Required    []string          `json:"required,omitzero"`
	Closed      *bool             `json:"additionalProperties,omitzero"`
}

// datePattern is a civil date that may be partial, or "" where nothing is known (ICAO 9303-3, 4.7).
const datePattern = `^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$`

// Of describes the JSON form of a type. codes names closed lists by the path of a field, for example
// "journey.means"; path is "" at the top.
func Of(t reflect.Type, codes map[string][]string) Schema { return of(t, "", codes) }

func of(t reflect.Type, path string, codes map[string][]string) Schema {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return Schema{Type: "string", Format: "date-time"}
	case t == reflect.TypeFor[person.Date]():
		return Schema{Type: "string", Pattern: datePattern}
	case t == reflect.TypeFor[act.ID]():
		return Schema{Type: "string"}
	case t.Kind() != reflect.Struct && t.Kind() != reflect.Slice && t.Kind() != reflect.Array && t.Kind() != reflect.Map, isText(t):
		return scalar(t, path, codes)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return Schema{Type: "string", Format: "byte"}
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Array:
		items := of(t.Elem(), path, codes)
		return Schema{Type: "array", Items: &items}
	case t.Kind() == reflect.Map:
		return Schema{Type: "object"}
	}
	return object(t, path, codes)
}

func isText(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

func scalar(t reflect.Type, path string, codes map[string][]string) Schema {
	switch t.Kind() {
	case reflect.Bool:
		return Schema{Type: "boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return Schema{Type: "integer"}
	case reflect.Float32, reflect.Float64:
		return Schema{Type: "number"}
	}
	return Schema{Type: "string", Enum: slices.Clone(codes[path])}
}

func object(t reflect.Type, path string, codes map[string][]string) Schema {
	closed := false
	s := Schema{Type: "object", Properties: map[string]Schema{}, Required: []string{}, Closed: &closed}
	for f := range fields(t) {
		name, optional := jsonName(f)
		inner := name
		if path != "" {
			inner = path + "." + name
		}
		p := of(f.Type, inner, codes)
		if optional && len(p.Enum) > 0 && !slices.Contains(p.Enum, "") {
			p.Enum = append(p.Enum, "")
		}
		s.Properties[name] = p
		if !optional {
			s.Required = append(s.Required, name)
		}
	}
	slices.Sort(s.Required)
	return s
}

// fields yields the exported fields of a struct, those of embedded structs in their place.
func fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Anonymous && f.Tag.Get("json") == "" && f.Type.Kind() == reflect.Struct {
				for g := range fields(f.Type) {
					if !yield(g) {
						return
					}
				}
				continue
			}
			if f.IsExported() && f.Tag.Get("json") != "-" && !yield(f) {
				return
			}
		}
	}
}

func jsonName(f reflect.StructField) (name string, optional bool) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		name = f.Name
	}
	return name, strings.Contains(options, "omit")
}

// Document writes one schema as a file: canonical order, indented, one final line feed.
func Document(id, title string, s Schema) ([]byte, error) {
	s.Dialect, s.ID, s.Title = "https://json-schema.org/draft/2020-12/schema", "urn:countersign:schema:"+Version+":"+id, title
	b, err := json.Marshal(s, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", id, err)
	}
	return append(b, '\n'), nil
}
