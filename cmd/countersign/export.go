package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
)

// exportCmd gives the authority's cases back to its other system, with where they stand here.
type exportCmd struct {
	asOfficer
	Mapping string `help:"The mapping under which they came; without it, our own names." type:"existingfile"`
	Format  string `help:"csv or json." enum:"csv,json" default:"csv"`
	Out     string `help:"File to write; it holds personal data." required:"" type:"path"`
}

func (c *exportCmd) Run(a *app) error {
	m, err := readMapping(c.Mapping)
	if err != nil {
		return err
	}
	ctx := context.Background()
	n, who, err := c.session(ctx)
	if err != nil {
		return err
	}
	defer n.Close()
	lines, err := n.Desk.Export(ctx, who)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if c.Format == "json" {
		err = m.WriteJSON(&b, lines)
	} else {
		err = m.WriteCSV(&b, lines)
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, b.Bytes(), 0o600); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("export.written", "file", c.Out, "count", strconv.Itoa(len(lines))))
	return nil
}
