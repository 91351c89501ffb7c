package taskforce

import (
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/joint"
)

// entry is one joint act with its place: the stream it came in, its index there, and how much of the other
// stream its author had seen.
type entry struct {
	stream string
	index  int64
	event  *act.Event
	said   string // of a proposal: its canonical bytes, to compare it with one that crosses it
}

func newEntry(stream string, index int64, e act.Event) entry {
	n := entry{stream: stream, index: index, event: &e}
	if moveOf(e.Body).verb == "propose" {
		if b, err := joint.Vocabulary.Encode(e.Kind, e.Body); err == nil {
			n.said = string(e.Kind) + " " + string(b)
		}
	}
	return n
}

// same tells whether two proposals say the same.
func same(a, b entry) bool { return a.said != "" && a.said == b.said }

// before tells whether a was known to the author of b.
func before(a, b entry) bool {
	if a.stream == b.stream {
		return a.index < b.index
	}
	return b.event.Seen > a.index
}

// crossed tells whether neither author knew of the other's act.
func crossed(a, b entry) bool { return a.stream != b.stream && !before(a, b) && !before(b, a) }

// history is the acts about one thing, by stream, each in the order of its stream.
type history map[string][]entry

// with returns a history that also holds e. The receiver is not changed.
func (h history) with(e entry) history {
	next := make(history, len(h)+1)
	for stream, list := range h {
		next[stream] = list
	}
	next[e.stream] = append(slices.Clip(h[e.stream]), e)
	return next
}

// merge puts the acts of both streams into one order. It is a function of the acts alone: an act follows
// all that its author had seen; of two acts that crossed, the one of the smaller stream name comes first,
// which decides nothing: the rules for crossing acts are the same for both sides (a test folds with names changed).
func (h history) merge() []entry {
	var a, b []entry
	for stream, list := range h {
		switch {
		case a == nil:
			a = list
		case stream < a[0].stream:
			a, b = list, a
		default:
			b = list
		}
	}
	out := make([]entry, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if before(b[0], a[0]) {
			out, b = append(out, b[0]), b[1:]
		} else {
			out, a = append(out, a[0]), a[1:]
		}
	}
	return append(append(out, a...), b...)
}
