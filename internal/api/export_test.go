package api

import "countersign/internal/casework"

// What the tests of the whole need of the inside.
var Build = build

// ReadEmpty reads an empty body into a command.
func ReadEmpty(c casework.Command) (any, error) {
	f := formOf(c)
	return f.read([]byte(`{}`))
}
