package component

// Tone is what a state means for the work: it chooses shape and colour together, so that colour alone never
// carries it.
type Tone string

const (
	Good    Tone = "good"    // done, open gate, may pass
	Bad     Tone = "bad"     // closed gate, overdue, stop
	Waiting Tone = "waiting" // on somebody else
	Notice  Tone = "notice"  // soon due, needs a look
	Unknown Tone = "unknown" // not known, which for a gate means closed
	Neutral Tone = "neutral"
)

// Status is a state as a word, a shape and a colour.
type Status struct {
	Tone  Tone
	Text  string
	Large bool // the answer of a check, alone on its page
}

func (Status) partial() string { return "status" }

// Shape is the path of the tone's sign in a box of 16 by 16.
func (s Status) Shape() string {
	switch s.Tone {
	case Good: // tick
		return "M3 8.500l3.500 3.500L13 4.500"
	case Bad: // cross
		return "M4 4l8 8M12 4l-8 8"
	case Waiting: // hourglass
		return "M4 2.500h8M4 13.500h8M5 2.500c0 4 6 4 6 5.500s-6 1.500-6 5.500M11 2.500c0 4-6 4-6 5.500s6 1.500 6 5.500"
	case Notice: // exclamation
		return "M8 3v6M8 12.500v.500"
	case Unknown: // question
		return "M5 5.500c0-4 6-3.500 6 0 0 2-3 2-3 4.500M8 13v.500"
	}
	return "M4 8h8"
}
