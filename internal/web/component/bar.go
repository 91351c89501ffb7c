package component

import (
	"html/template"
	"time"

	"countersign/internal/words"
)

// Fact is a short fact in a bar.
type Fact struct {
	Label string
	Text  string
	HTML  template.HTML
}

// IdentityBar stands on every page of a case: whose it is and how it stands. The name is as in the document.
type IdentityBar struct {
	Words  *words.Catalogue
	Name   string
	Lang   string // of the name, if another than the page's
	Main   bool   // the name is the heading of the page
	Facts  []Fact // born, nationality, reference
	Status *Status
	Note   string // one sentence: what is next and who owes it
	Hold   *Hold
}

// Hold says that a case is held, as it stands, and again when that changes while the page is open.
type Hold struct {
	Words *words.Catalogue
	Case  string // identifier
	Held  bool
	Href  string // of the case
}

func (Hold) partial() string { return "hold" }

// LiveEvery is how often a page that is open and seen asks whether its cases are held.
const LiveEvery = 800 * time.Millisecond

// Every is LiveEvery for the script, in milliseconds.
func (Hold) Every() int64 { return LiveEvery.Milliseconds() }

// HoldMark is the status of a line that may come to be held while the list is open.
type HoldMark struct {
	Words  *words.Catalogue
	Case   string
	Held   bool
	Status Status // while it is not
}

func (HoldMark) partial() string { return "hold-mark" }

// Sign is the status of what is held.
func (h HoldMark) Sign() Status { return Status{Tone: Bad, Text: h.Words.Text("web.hold.status")} }

func (IdentityBar) partial() string { return "identity-bar" }

// Tile is a count that leads to its list.
type Tile struct {
	Count int
	Text  string
	Href  string
	Tone  Tone
}

// Tiles are the counts at the top of a day's work.
type Tiles struct {
	Words *words.Catalogue
	Label string
	Items []Tile
}

func (Tiles) partial() string { return "tiles" }

// Fresh says how old what is shown is, when the other state cannot be reached.
type Fresh struct {
	Words  *words.Catalogue
	Text   string
	Tone   Tone
	Status string
}

func (Fresh) partial() string { return "fresh" }

// Sign is the status of a freshness bar.
func (f Fresh) Sign() Status { return Status{Tone: f.Tone, Text: f.Status} }

// Number writes a count in the page's language.
func (t Tiles) Number(n int) string { return t.Words.Number(int64(n)) }
