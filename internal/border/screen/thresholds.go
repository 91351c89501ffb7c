package screen

import (
	_ "embed"
	"math"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
)

// Thresholds are where the bands begin, in bits, and where they come from.
type Thresholds struct {
	SecondLook float64    `json:"second_look"`
	Strong     float64    `json:"strong"`
	Provenance Provenance `json:"provenance"`
}

// Provenance says on what thresholds were set, so that anybody can set them again.
type Provenance struct {
	PerTenThousandSecond float64   `json:"per_10000_second_look"` // asked for
	PerTenThousandStrong float64   `json:"per_10000_strong"`
	Forms                int       `json:"names_on_lists"`
	Travellers           int       `json:"travellers"`
	Source               string    `json:"source"`
	Seed                 uint64    `json:"seed"`
	Date                 time.Time `json:"date"`
}

//go:embed thresholds.json
var thresholdsJSON []byte

// Shipped are the thresholds of this version, calibrated on generated travellers.
func Shipped() Thresholds {
	var t Thresholds
	if err := json.Unmarshal(thresholdsJSON, &t, json.RejectUnknownMembers(true)); err != nil {
		panic("screen: thresholds.json: " + err.Error()) // embedded data: a build that cannot work
	}
	return t
}

// Calibrate sets thresholds to a number of alerts per 10,000 travellers none of whom is on a list. The
// travellers are given one by one; the expectation of chance alone is the lower bound.
func (ix *Index) Calibrate(travellers func(yield func(*Query) bool), perSecond, perStrong float64) Thresholds {
	var s Searcher
	var scores []float64
	free := *ix
	free.Thresholds = Thresholds{SecondLook: 1e9, Strong: 1e9}
	for q := range travellers {
		best := -1e9
		for _, h := range free.Search(&s, q, 1<<30) {
			best = max(best, h.Score)
		}
		scores = append(scores, best)
	}
	slices.Sort(scores)
	at := func(per float64) float64 {
		k := len(scores) - int(per*float64(len(scores))/10000)
		if k >= len(scores) {
			k = len(scores) - 1
		}
		return scores[max(k, 0)]
	}
	// A strong match is rarer than the travellers given can show. Chance alone gives at most 2^-score of them per
	// traveller: no population may be stopped more often than that because the generated one is kinder.
	chance := math.Log2(10000 / perStrong)
	return Thresholds{SecondLook: at(perSecond), Strong: max(at(perStrong), chance)}
}
