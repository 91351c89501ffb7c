package statistics

import (
	_ "embed"
	"sync"

	"github.com/go-json-experiment/json"
)

//go:embed bridges.json
var bridgesFile []byte

// Bridge says which column of another system answers a question of ours, and where it does not.
type Bridge struct {
	System  string `json:"system"` // eurostat, al
	Dataset string `json:"dataset"`
	Periods string `json:"periods"`
	Column  string `json:"column"`
	Ours    string `json:"ours"` // a dimension or measure; empty: nothing here answers it
	Note    string `json:"note"`
}

// Bridges lists what is known of other systems' columns.
var Bridges = sync.OnceValue(func() []Bridge {
	var all []Bridge
	if err := json.Unmarshal(bridgesFile, &all, json.RejectUnknownMembers(true)); err != nil {
		panic("statistics: bridges.json: " + err.Error())
	}
	return all
})

// Flags of Eurostat for the marks of ours (facts/statistics.md, sections 2 and 6).
var eurostatFlags = map[string]string{"b": "b", "c": "c", "e": "e", "f": "f", "p": "p", "r": "r", "u": "u", "z": "z"}

// EurostatFlag returns the flag for a mark; false where Eurostat has none.
func EurostatFlag(mark string) (string, bool) { f, ok := eurostatFlags[mark]; return f, ok }
