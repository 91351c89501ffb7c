package statistics

import (
	_ "embed"
	"sync"

	"github.com/go-json-experiment/json"
)

//go:embed iso.json
var isoFile []byte

// alpha3 maps ISO 3166-1 alpha-3 codes (and ICAO 9303-3 XXA, XXB, RKS), which cases carry, to this
// program's country codes. A code that maps to nothing is left as it is and refused when it is to count.
var alpha3 = sync.OnceValue(func() map[string]Country {
	var m map[string]Country
	if err := json.Unmarshal(isoFile, &m); err != nil {
		panic("statistics: iso.json: " + err.Error())
	}
	return m
})

// CountryOf is the country code of an alpha-3 code, or the code itself.
func CountryOf(code string) Country {
	if c, ok := alpha3()[code]; ok {
		return c
	}
	return Country(code)
}
