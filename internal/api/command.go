package api

import (
	"reflect"
	"strings"
	"unicode"

	"countersign/internal/act/domestic"
	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
)

// opened is the opening of a case without the identifiers, which the desk draws.
type opened struct{ domestic.CaseOpening }

// form is the JSON form of a command: the fields of its struct, those of embedded bodies in their place, under
// the names that the acts use. A command of casework is an operation of the API by being there.
type form struct {
	command reflect.Type
	flat    reflect.Type
	index   [][]int // of the command's field behind each field of flat
}

// formOf flattens a command's struct. What may be missing is decided by the rule that needs it, with its own
// reason; so no member of a command is required by the schema.
func formOf(c any) form {
	f := form{command: reflect.TypeOf(c)}
	var list []reflect.StructField
	f.walk(f.command, nil, &list)
	f.flat = reflect.StructOf(list)
	return f
}

func (f *form) walk(t reflect.Type, at []int, list *[]reflect.StructField) {
	for i := range t.NumField() {
		x := t.Field(i)
		index := append(append([]int{}, at...), i)
		if x.Anonymous && x.Type.Kind() == reflect.Struct {
			f.walk(x.Type, index, list)
			continue
		}
		name, _, _ := strings.Cut(x.Tag.Get("json"), ",")
		if name == "" {
			name = snake(x.Name)
		}
		*list = append(*list, reflect.StructField{Name: x.Name, Type: x.Type, Tag: reflect.StructTag(`json:"` + name + `,omitzero"`)})
		f.index = append(f.index, index)
	}
}

// snake writes MedicalEscort as medical_escort, and ID as id.
func snake(s string) string {
	var b strings.Builder
	last := false // an upper-case letter
	for i, r := range s {
		up := unicode.IsUpper(r)
		if i > 0 && up && !last {
			b.WriteByte('_')
		}
		last = up
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// read makes the command of a body. Unknown and duplicate members are refused.
func (f *form) read(body []byte) (any, error) {
	v := reflect.New(f.flat)
	if err := json.Unmarshal(body, v.Interface(), json.RejectUnknownMembers(true)); err != nil {
		return nil, fault.New(fault.Invalid, "fault.api.schema").Because(err)
	}
	c := reflect.New(f.command).Elem()
	for i, index := range f.index {
		c.FieldByIndex(index).Set(v.Elem().Field(i))
	}
	return c.Interface(), nil
}
