package release

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A release is carried by three files: release.json (what it is and how its cells are arranged), cells.csv
// (every value with its salt; a withheld value has neither) and leaves.bin (the hash of each cell, in
// order). All other files are rendered from the first two.

const cellsHeader = "cell_id,value,decimals,obs_status,conf_status,salt\n"

func (c *Content) cellsCSV(out io.Writer) error {
	b := bufio.NewWriterSize(out, 1<<16)
	_, _ = b.WriteString(cellsHeader) // Flush reports what failed
	var line []byte
	for i := range c.Cells {
		line = c.Cells[i].appendLine(line[:0])
		_, _ = b.Write(line)
	}
	return b.Flush()
}

func (c *Cell) appendLine(b []byte) []byte {
	b = append(b, c.ID...)
	b = append(b, ',')
	if c.shown() {
		b = strconv.AppendInt(b, c.Value, 10)
	}
	b = append(b, ',')
	b = strconv.AppendInt(b, int64(c.Decimals), 10)
	b = append(b, ',')
	b = append(b, c.Obs...)
	b = append(b, ',')
	if c.Withheld {
		b = append(b, "c,"...)
	} else {
		b = append(b, ',')
		b = hex.AppendEncode(b, c.Salt[:])
	}
	return append(b, '\n')
}

// shown tells whether a cell has a value to show.
func (c *Cell) shown() bool { return !c.Withheld && c.Obs != "x" && c.Obs != "z" }

func (c *Content) leaves(out io.Writer) error {
	b := bufio.NewWriterSize(out, 1<<16)
	for i := range c.Cells {
		_, _ = b.Write(c.Cells[i].Leaf[:])
	}
	return b.Flush()
}

// readContent reads back what the two files hold, with the leaves of withheld cells from the third.
func readContent(head, cells, leaves []byte) (*Content, error) {
	c := new(Content)
	if err := json.Unmarshal(head, c, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("release.json: %w", err)
	}
	if c.Format != format {
		return nil, fmt.Errorf("release.json: format %q, expected %q", c.Format, format)
	}
	if !bytes.HasPrefix(cells, []byte(cellsHeader)) {
		return nil, fmt.Errorf("cells.csv: expected the header %q", cellsHeader)
	}
	rest := cells[len(cellsHeader):]
	c.Cells = make([]Cell, 0, bytes.Count(rest, []byte("\n")))
	for n := 2; len(rest) > 0; n++ {
		line, after, ok := bytes.Cut(rest, []byte("\n"))
		rest = after
		cell, err := readCell(line)
		if err != nil || !ok {
			return nil, fmt.Errorf("cells.csv, line %d: not a cell: %q", n, line[:min(len(line), 80)])
		}
		c.Cells = append(c.Cells, cell)
	}
	if len(leaves) != len(c.Cells)*len(Hash{}) {
		return nil, fmt.Errorf("leaves.bin: %d bytes for %d cells, expected %d", len(leaves), len(c.Cells), len(c.Cells)*len(Hash{}))
	}
	for i := range c.Cells {
		copy(c.Cells[i].Leaf[:], leaves[i*len(Hash{}):])
	}
	if c.Kind != "" && (c.Kind != KindJoint || len(c.Parties) != 2 || len(c.Tables) == 0) {
		return nil, fmt.Errorf("release.json: no release is of kind %q with %d parties", c.Kind, len(c.Parties))
	}
	next := 0
	for _, t := range c.Tables {
		if t.From != next || t.Count < 0 || t.Count > len(c.Cells)-next || len(t.Dims) == 0 || t.Wide && len(t.Dims) < 2 {
			return nil, fmt.Errorf("release.json: table %s does not follow on", t.ID)
		}
		next += t.Count
	}
	if next != len(c.Cells) {
		return nil, fmt.Errorf("release.json: tables hold %d cells, cells.csv %d", next, len(c.Cells))
	}
	return c, nil
}

func readCell(line []byte) (Cell, error) {
	bad := fmt.Errorf("not a cell")
	var f [6][]byte
	for i := range f {
		part, rest, ok := bytes.Cut(line, []byte(","))
		if ok == (i == 5) {
			return Cell{}, bad
		}
		f[i], line = part, rest
	}
	c := Cell{ID: string(f[0]), Obs: string(f[3]), Withheld: string(f[4]) == "c"}
	decimals, err := strconv.Atoi(string(f[2]))
	if err != nil || decimals < 0 || decimals > 6 || len(f[4]) > 1 || c.Withheld != (len(f[5]) == 0) || len(f[5]) != 0 && len(f[5]) != hex.EncodedLen(len(c.Salt)) {
		return c, bad
	}
	c.Decimals = decimals
	if len(f[1]) == 0 != !c.shown() {
		return c, bad
	}
	if len(f[1]) > 0 {
		if c.Value, err = strconv.ParseInt(string(f[1]), 10, 64); err != nil {
			return c, bad
		}
	}
	if _, err := hex.Decode(c.Salt[:], f[5]); err != nil {
		return c, bad
	}
	return c, nil
}

func (c *Content) head() ([]byte, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	v := jsontext.Value(b)
	if err := v.Canonicalize(); err != nil {
		return nil, err
	}
	if err := v.Indent(); err != nil {
		return nil, err
	}
	return append(v, '\n'), nil
}
