package act

import (
	"fmt"
	"maps"
	"slices"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Vocabulary maps each kind to a constructor of its body. act/joint and act/domestic each export one.
type Vocabulary map[Kind]func() any

// Decode reads the body of a kind. Unknown kinds, unknown or duplicate members, and trailing bytes are
// refused (design.md 5.8: within a version unknown fields are refused).
func (v Vocabulary) Decode(kind Kind, body []byte) (any, error) {
	make, ok := v[kind]
	if !ok {
		return nil, fault.New(fault.Invalid, "fault.act.unknown-kind", "kind", string(kind))
	}
	b := make()
	if err := json.Unmarshal(body, b, json.RejectUnknownMembers(true)); err != nil {
		return nil, fault.New(fault.Invalid, "fault.act.body", "kind", string(kind)).Because(err)
	}
	return b, nil
}

// Encode writes a body in canonical form (RFC 8785), after checking that its type is the kind's own.
func (v Vocabulary) Encode(kind Kind, body any) ([]byte, error) {
	make, ok := v[kind]
	if !ok {
		return nil, fault.New(fault.Invalid, "fault.act.unknown-kind", "kind", string(kind))
	}
	if want, got := fmt.Sprintf("%T", make()), fmt.Sprintf("%T", body); want != got && want != "*"+got {
		return nil, fmt.Errorf("act %s: body is %s, want %s", kind, got, want)
	}
	b, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("act %s: %w", kind, err)
	}
	raw := jsontext.Value(b)
	if err := raw.Canonicalize(); err != nil {
		return nil, fmt.Errorf("act %s: %w", kind, err)
	}
	return raw, nil
}

// Kinds lists the vocabulary in order.
func (v Vocabulary) Kinds() []Kind { return slices.Sorted(maps.Keys(v)) }

// Merge returns one vocabulary of several parts; a kind named twice is an error of the programmer.
func Merge(parts ...Vocabulary) Vocabulary {
	all := Vocabulary{}
	for _, p := range parts {
		for k, f := range p {
			if _, ok := all[k]; ok {
				panic("act: kind " + string(k) + " registered twice")
			}
			all[k] = f
		}
	}
	return all
}
