package treaty

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"countersign/agreements"
	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// embedded is the table of agreements that ship with the program, read once.
var embedded = sync.OnceValues(func() ([]*Agreement, error) { return LoadAgreements(agreements.Files) })

// Agreements returns every version of every agreement and law file that ships with the program, by id and
// version. They are shared: read only.
func Agreements() ([]*Agreement, error) { return embedded() }

// LoadAgreements reads every JSON file at the root of fsys. One invalid file refuses all of them.
func LoadAgreements(fsys fs.FS) ([]*Agreement, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, err
	}
	var all []*Agreement
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		a, err := ParseAgreement(name, data)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(all, func(b *Agreement) bool { return a.ID == b.ID && a.Version == b.Version }); i >= 0 {
			return nil, refuse(name, data, "/version", "fault.treaty.file.duplicate", "value", a.ID+" "+a.Version.String())
		}
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b *Agreement) int {
		if c := strings.Compare(a.ID, b.ID); c != 0 {
			return c
		}
		return a.Version.Compare(b.Version)
	})
	return all, nil
}

// ParseAgreement reads one file strictly: unknown and duplicate members, missing values and words outside the
// vocabulary are refused with file, line, field and what is allowed.
func ParseAgreement(file string, data []byte) (*Agreement, error) {
	a := new(Agreement)
	if err := decode(file, data, a); err != nil {
		return nil, err
	}
	c := &checker{file: file, data: data}
	c.agreement(a)
	if c.err != nil {
		return nil, c.err
	}
	if base := strings.TrimSuffix(path.Base(file), ".json"); base != a.ID && !strings.HasPrefix(base, a.ID+"@") {
		return nil, refuse(file, data, "/id", "fault.treaty.file.value", "value", a.ID, "allowed", base)
	}
	a.settle()
	return a, nil
}

// settle fills what the limits need to speak for themselves.
func (a *Agreement) settle() {
	for l := range a.limits() {
		s, _ := a.source(l.Source)
		l.agreement, l.standIn = a.ID+" "+a.Version.String(), a.StandIn
		l.cited = s.Title + " (" + s.Reference + ")"
		if l.Bound == "" {
			l.Bound = AtMost
		}
		if l.Direction == "" {
			l.Direction = Forward
		}
		if l.FirstDay == "" {
			l.FirstDay = DayAfter
		}
	}
}

// FindAgreement returns the version of the agreement that applies on the day: the newest whose time in force
// holds the day, and else the newest whose entry into force is not known. Whether a node may use it is Usable.
func FindAgreement(id string, on Date) (*Agreement, error) {
	all, err := Agreements()
	if err != nil {
		return nil, err
	}
	return find(all, id, on)
}

func find(all []*Agreement, id string, on Date) (*Agreement, error) {
	var best *Agreement
	var known bool
	for _, a := range all {
		if a.ID != id {
			continue
		}
		known = true
		force := a.ForceOn(on)
		if force == NotYet || force == Ended && !a.Superseded {
			continue
		}
		if best == nil || force == InForce || best.ForceOn(on) != InForce {
			best = a // versions are in order: the newest of equal standing wins
		}
	}
	switch {
	case best != nil:
		return best, nil
	case known:
		return nil, fault.New(fault.Missing, "fault.treaty.not-in-force", "agreement", id, "date", on.String())
	}
	return nil, fault.New(fault.Missing, "fault.treaty.no-agreement", "agreement", id, "allowed", ids(all))
}

// FindVersion returns the version to which a case is pinned, in force or not.
func FindVersion(id string, version Date) (*Agreement, error) {
	all, err := Agreements()
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if a.ID == id && a.Version == version {
			return a, nil
		}
	}
	return nil, fault.New(fault.Missing, "fault.treaty.no-version", "agreement", id, "version", version.String())
}

func ids(all []*Agreement) string {
	var s []string
	for _, a := range all {
		s = append(s, a.ID)
	}
	return strings.Join(slices.Compact(s), ", ")
}

// decode reads one of our own data files strictly into v and says where it breaks.
func decode(file string, data []byte, v any) error {
	err := json.Unmarshal(data, v, json.RejectUnknownMembers(true))
	if err == nil {
		return nil
	}
	if s, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		key := "fault.treaty.file.syntax"
		if errors.Is(s, jsontext.ErrDuplicateName) {
			key = "fault.treaty.file.repeated"
		}
		return fault.New(fault.Invalid, key, "file", file, "line", lineAt(data, int(s.ByteOffset)),
			"field", field(string(s.JSONPointer))).Because(s)
	}
	s, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		return fault.New(fault.Invalid, "fault.treaty.file.syntax", "file", file, "line", "1", "field", "").Because(err)
	}
	ptr := string(s.JSONPointer)
	if errors.Is(s, json.ErrUnknownName) {
		parent := ptr[:strings.LastIndex(ptr, "/")]
		return refuse(file, data, ptr, "fault.treaty.file.unknown", "allowed", strings.Join(members(reflect.TypeOf(v), parent), ", "))
	}
	allowed := "text"
	if s.GoType != nil {
		allowed = describe(s.GoType)
	}
	return refuse(file, data, ptr, "fault.treaty.file.value", "value", string(s.JSONValue), "allowed", allowed).Because(s)
}

// refuse makes the fault for one field of a file.
func refuse(file string, data []byte, pointer, key string, args ...string) *fault.Error {
	return fault.New(fault.Invalid, key, append([]string{"file", file, "line", lineOf(data, pointer),
		"field", field(pointer)}, args...)...)
}

// field writes a JSON pointer as people do: limits.0.unit.
func field(pointer string) string {
	return strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
}

// lineOf returns the line of the value at the pointer, or of the nearest value around it that exists.
func lineOf(data []byte, pointer string) string {
	best, offset := -1, 0
	for dec := jsontext.NewDecoder(bytes.NewReader(data)); ; {
		if _, err := dec.ReadToken(); err != nil {
			return lineAt(data, offset)
		}
		p := string(dec.StackPointer())
		if len(p) > best && (p == pointer || strings.HasPrefix(pointer, p+"/")) {
			best, offset = len(p), int(dec.InputOffset())
		}
		if p == pointer {
			return lineAt(data, offset)
		}
	}
}

func lineAt(data []byte, offset int) string {
	offset = min(max(offset, 0), len(data))
	return strconv.Itoa(1 + bytes.Count(data[:offset], []byte("\n")))
}

// members lists the names that the struct at the pointer allows.
func members(t reflect.Type, pointer string) []string {
	for _, name := range strings.Split(pointer, "/") {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice && name != "" {
			t = t.Elem()
		}
		if t.Kind() == reflect.Struct && name != "" {
			for f := range t.Fields() {
				if jsonName(f) == name {
					t = f.Type
					break
				}
			}
		}
	}
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	var names []string
	if t.Kind() == reflect.Struct {
		for f := range t.Fields() {
			if name := jsonName(f); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func describe(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[Date]():
		return "2006-01-02"
	case t == reflect.TypeFor[Text]():
		return `{"en": "...", "sq": "..."}`
	}
	switch t.Kind() {
	case reflect.Int:
		return "1, 2, 3 ..."
	case reflect.Bool:
		return "true, false"
	case reflect.Slice:
		return "[ ... ]"
	case reflect.Struct, reflect.Map, reflect.Pointer:
		return "{ ... }"
	}
	return `"..."`
}
