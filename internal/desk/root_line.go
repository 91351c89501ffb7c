package desk

import (
	"maps"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
)

// RootLine is what an order would have root say, made from the very bytes that would be signed: what people compare with
// what was decided, here and on the machine that has the key.
type RootLine struct {
	Envelope act.Envelope
	Made     time.Time
	Key      string            // catalogue key of the sentence
	Args     map[string]string // its variables; "role" is a role's code
}

// Say gives the sentence; text is the catalogue's.
func (l RootLine) Say(text func(key string, args map[string]string) string) string {
	args := maps.Clone(l.Args)
	if role, ok := args["role"]; ok {
		args["role"] = text("role."+role, nil)
	}
	s := text(l.Key, args)
	if until := l.Args["until"]; until != "" {
		s += " " + text("root.until", map[string]string{"day": until})
	}
	return s + " " + text("root.made", map[string]string{"moment": l.Made.UTC().Format(time.RFC3339)})
}

// ReadRootOrder reads an order; what root does not sign is refused.
func ReadRootOrder(o act.Order) (RootLine, error) {
	e, err := o.Read()
	if err != nil {
		return RootLine{}, err
	}
	l := RootLine{Envelope: e, Made: time.Time(e.Made)}
	if e.Scope != act.Joint || !joint.RootOnly(e.Kind) {
		return l, fault.New(fault.Denied, "fault.root.not-root", "kind", string(e.Kind))
	}
	raw := o.Body.Clone() // files are indented for people
	if err := raw.Canonicalize(); err != nil {
		return l, err
	}
	body, err := joint.Vocabulary.Decode(e.Kind, raw)
	if err != nil {
		return l, err
	}
	switch b := body.(type) {
	case *joint.RosterEntry:
		l.Key, l.Args = "root.enters", map[string]string{"name": b.Name, "role": b.Role, "officer": string(b.Officer), "key": b.KeyID, "until": b.Until}
	case *joint.RosterEnd:
		l.Key, l.Args = "root.ends", map[string]string{"key": b.KeyID, "reason": b.Reason}
	case *joint.KeyChange:
		l.Key, l.Args = "root.changes", map[string]string{"use": string(b.Use), "key": b.Key[:min(len(b.Key), 44)], "reason": b.Reason}
	case *joint.LinkEnd:
		l.Key, l.Args = "root.link-ends", map[string]string{"reason": b.Reason}
	case *joint.VersionFloor:
		l.Key, l.Args = "root.floor", map[string]string{"version": strconv.FormatInt(b.Version, 10)}
	}
	return l, nil
}

// RootLines says what waits for the root key.
func (d *Desk) RootLines() ([]RootLine, error) {
	orders, err := d.rootOrders(d.Store)
	if err != nil {
		return nil, err
	}
	var all []RootLine
	for _, o := range orders {
		l, err := ReadRootOrder(o)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}
