package taskforce

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"countersign/internal/act/joint"
)

// longest is the number of characters in one text; a longer document is a file, named by its digest.
const longest = 4000

// Identifiers of persons: travel documents and personal numbers (letters and six to nine digits in a row), the
// Albanian personal number (letter, eight digits, letter), and dates of birth spelled as such.
var identifiers = regexp.MustCompile(`(?i)\b[A-Z]{1,2}\d{6,8}[A-Z]?\b|\b\d{9}\b|\b(born|date of birth|i lindur|e lindur|datëlindj\w*)\b`)

// Words of protection (problems.md T7). Beside a person's case they may never cross; elsewhere a second officer
// reads the text first.
var protection = []string{"asylum", "refugee", "trafficking", "trafficked", "modern slavery", "persecut",
	"international protection", "humanitarian protection", "azil", "refugjat", "mbrojtje ndërkombëtare",
	"mbrojtje nderkombetare", "trafikim", "trafikuar", "skllavëri", "skllaveri", "përndjek", "perndjek"}

// Protected tells whether a text speaks of protection, in English or Albanian.
func Protected(text string) bool {
	low := strings.ToLower(text)
	for _, w := range protection {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// NamesPerson tells whether a text holds an identifier of a person.
func NamesPerson(text string) bool { return identifiers.MatchString(text) }

// check refuses a text that is missing in one language, too long, or identifies a person.
func check(field string, texts ...joint.Text) error {
	for _, t := range texts {
		if strings.TrimSpace(t.EN) == "" || strings.TrimSpace(t.SQ) == "" {
			return invalid("fault.taskforce.text-both", "field", field)
		}
		for _, s := range []string{t.EN, t.SQ} {
			if utf8.RuneCountInString(s) > longest {
				return invalid("fault.taskforce.text-long", "field", field)
			}
			if NamesPerson(s) {
				return invalid("fault.taskforce.text-person", "field", field)
			}
		}
	}
	return nil
}

// date refuses what is not a day of the calendar.
func date(field, s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return invalid("fault.taskforce.date", "field", field, "value", s)
	}
	return nil
}

// period refuses a period that is malformed or runs backwards.
func period(from, until string) error {
	if err := date("from", from); err != nil {
		return err
	}
	if err := date("until", until); err != nil {
		return err
	}
	if until < from {
		return invalid("fault.taskforce.period", "from", from, "until", until)
	}
	return nil
}
