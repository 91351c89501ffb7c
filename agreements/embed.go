// Package agreements holds treaties as dated data, and laws of the same shape, one JSON file per version
// (ID.json, or ID@VERSION.json for further versions). Package treaty reads and checks them; nothing else does.
// Replacing a file replaces the agreement, without a change of code.
package agreements

import "embed"

//go:embed *.json
var Files embed.FS
