package person

import (
	"strings"

	"golang.org/x/text/language"
)

// StateCode brings the ways in which lists and documents name a state or nationality to one three-letter
// code: "D" and "DE" to "DEU", the British kinds of nationality to "GBR", "RKS", "KS" and "XK" to "XKX".
// Codes of organisations and of persons without a nationality (UNO, XXA ...) stay. "" is unknown.
func StateCode(s string) string {
	s = strings.ToUpper(strings.Trim(s, " <"))
	switch s {
	case "":
		return ""
	case "D":
		return "DEU"
	case "GBD", "GBN", "GBO", "GBP", "GBS", "UK":
		return "GBR"
	case "RKS", "KS", "XK", "XKX", "KOS":
		return "XKX"
	}
	if len(s) != 2 {
		return s
	}
	if r, err := language.ParseRegion(s); err == nil {
		if three := r.ISO3(); three != "ZZZ" {
			return three
		}
	}
	return s
}
