package desk

import (
	"math"

	"countersign/internal/act"
)

// causal puts the acts about one thing, which are in this node's order, into an order in which no own joint act stands
// before what its author had seen of the peer's stream (design.md 5.1). Only a node that has come back from a backup
// needs it: it takes its own acts back first, and the peer's acts that they answered come again after them. Everything
// else keeps its place.
func causal(events []act.Event, own string) []act.Event {
	if !overtaken(events, own) {
		return events
	}
	ordered := make([]act.Event, 0, len(events))
	var held []act.Event // own joint acts that wait for what their authors had seen, in their order
	for i, e := range events {
		if ours(e, own) && (len(held) > 0 || soonest(events[i+1:], own) < e.Seen) {
			held = append(held, e)
			continue
		}
		ordered = append(ordered, e)
		for len(held) > 0 && theirs(e, own) && soonest(events[i+1:], own) >= held[0].Seen {
			ordered, held = append(ordered, held[0]), held[1:]
		}
	}
	return append(ordered, held...)
}

func ours(e act.Event, own string) bool { return e.Scope == act.Joint && e.Officer.Authority == own }

func theirs(e act.Event, own string) bool { return e.Scope == act.Joint && e.Officer.Authority != own }

// overtaken tells whether an own joint act stands before an act of the peer that its author had seen.
func overtaken(events []act.Event, own string) bool {
	first := int64(math.MaxInt64) // index of the earliest act of the peer behind
	for i := len(events) - 1; i >= 0; i-- {
		switch e := events[i]; {
		case theirs(e, own):
			first = min(first, e.Index)
		case ours(e, own) && first < e.Seen:
			return true
		}
	}
	return false
}

// soonest is the smallest index in the peer's stream among the acts.
func soonest(events []act.Event, own string) int64 {
	first := int64(math.MaxInt64)
	for _, e := range events {
		if theirs(e, own) {
			first = min(first, e.Index)
		}
	}
	return first
}
