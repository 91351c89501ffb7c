package synthetic

import (
	"fmt"
	"strings"

	"countersign/internal/border/name"
)

// Zone prints the machine readable zone of an invented person's passport that is valid until expiry (YYMMDD).
func Zone(p *Person, expiry string) string {
	given := upper(p.Given)
	if p.Middle != "" {
		given += "<" + upper(p.Middle)
	}
	first := "P<" + p.Nationality + pad(upper(p.Surname)+"<<"+given, 39)
	number := pad(p.Document.Number, 9)
	number += digit(number)
	birth := fmt.Sprintf("%02d%02d%02d", p.Birth.Year%100, p.Birth.Month, p.Birth.Day)
	birth += digit(birth)
	expiry += digit(expiry)
	optional := strings.Repeat("<", 15)
	return first + "\n" + number + p.Nationality + birth + string(p.Sex) + expiry + optional + digit(number+birth+expiry+optional)
}

func upper(s string) string {
	var words [name.MaxTokens]name.Token
	var parts []string
	for i := range name.Tokens(&words, s) {
		parts = append(parts, words[i].String())
	}
	return strings.Join(parts, "<")
}

func pad(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s + strings.Repeat("<", n-len(s))
}

// digit is the check digit of ICAO Doc 9303-3, 4.9: weights 7, 3, 1, modulo 10.
func digit(s string) string {
	sum := 0
	for i, c := range s {
		v := 0
		switch {
		case c >= '0' && c <= '9':
			v = int(c - '0')
		case c >= 'A' && c <= 'Z':
			v = int(c-'A') + 10
		}
		sum += v * [3]int{7, 3, 1}[i%3]
	}
	return fmt.Sprint(sum % 10)
}
