package signin

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// codec writes a session as JSON: every value in it is text.
type codec struct{}

type written struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

// Encode implements scs.Codec.
func (codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	w := written{deadline, make(map[string]string, len(values))}
	for k, v := range values {
		text, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("session: %s is a %T, not text", k, v)
		}
		w.Values[k] = text
	}
	return json.Marshal(w)
}

// Decode implements scs.Codec.
func (codec) Decode(b []byte) (time.Time, map[string]any, error) {
	var w written
	if err := json.Unmarshal(b, &w, json.RejectUnknownMembers(true)); err != nil {
		return time.Time{}, nil, err
	}
	values := make(map[string]any, len(w.Values))
	for k, v := range w.Values {
		values[k] = v
	}
	return w.Deadline, values, nil
}
