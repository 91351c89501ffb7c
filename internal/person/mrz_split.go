package person

import (
	"bytes"
)

// SplitZones parts a text of many zones, such as a manifest: at empty lines, and what stands together longer than one
// zone by the length of its lines.
func SplitZones(text []byte) [][]byte {
	var zones [][]byte
	var block [][]byte
	flush := func() {
		for len(block) > 0 {
			n := linesOfZone(block)
			zones = append(zones, append(bytes.Join(block[:n], []byte("\n")), '\n'))
			block = block[n:]
		}
	}
	for line := range bytes.SplitSeq(bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n")), []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			flush()
			continue
		}
		block = append(block, line)
	}
	flush()
	return zones
}

// linesOfZone is how many lines of a block the zone at its beginning takes: three of about 30, or two of about 36 or 44.
// A line as long as a whole zone is one.
func linesOfZone(block [][]byte) int {
	n := 2
	switch w := len(bytes.Join(bytes.Fields(block[0]), nil)); {
	case w >= 60:
		n = 1
	case w <= 32:
		n = 3
	}
	if n > 1 && len(block) <= 3 { // one zone, whatever its lines look like
		return len(block)
	}
	return min(n, len(block))
}
