package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/casefile"
	"countersign/internal/fault"
	"countersign/internal/node"
)

// importCmd takes cases over from the authority's other system, so that nobody types them twice.
type importCmd struct {
	File    importFileCmd    `cmd:"" help:"Take cases over from a CSV or JSON file under a mapping."`
	Observe importObserveCmd `cmd:"" help:"Compare the cases that are only observed with what the other system shows."`
	Adopt   importAdoptCmd   `cmd:"" help:"Work on an observed case here from now on."`
}

type importFileCmd struct {
	asOfficer
	Cases   string `arg:"" help:"CSV or JSON file of the other system, in UTF-8." type:"existingfile"`
	Mapping string `help:"Which column is which field (docs/guide/case-systems.md)." type:"existingfile" required:""`
	Shadow  bool   `help:"Only observe: gates and clocks are evaluated, no act about these cases leaves."`
	DryRun  bool   `help:"Read and check the file; change nothing."`
	SkipBad bool   `help:"Take the lines that are right and leave the others."`
}

func (c *importFileCmd) Run(a *app) error {
	m, err := readMapping(c.Mapping)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(c.Cases)
	if err != nil {
		return err
	}
	result, err := casefile.Read(bytes.NewReader(b), m)
	if err != nil {
		return err
	}
	for _, p := range result.Problems {
		fmt.Fprintln(a.err, a.words.Text("import.problem", "line", strconv.Itoa(p.Line), "field", p.Field, "value", p.Value, "why", a.words.Text(p.Key)))
	}
	fmt.Fprintln(a.out, a.words.Count("import.read", len(result.Records)))
	if len(result.Problems) > 0 && !c.SkipBad {
		return fault.New(fault.Invalid, "fault.import.bad-lines", "count", strconv.Itoa(badLines(result)))
	}
	if c.DryRun {
		return nil
	}
	ctx := context.Background()
	n, who, err := c.session(ctx)
	if err != nil {
		return err
	}
	defer n.Close()
	done, err := n.Desk.Import(ctx, who, result.Records, c.Shadow)
	for _, d := range done {
		key := "import.taken"
		if d.Known {
			key = "import.known"
		}
		fmt.Fprintln(a.out, a.words.Text(key, "reference", d.Reference, "case", string(d.Case)))
	}
	if err == nil && c.Shadow {
		fmt.Fprintln(a.out, a.words.Text("import.shadow"))
	}
	return err
}

func badLines(r *casefile.Result) int {
	lines := map[int]bool{}
	for _, p := range r.Problems {
		lines[p.Line] = true
	}
	return len(lines)
}

func readMapping(path string) (*casefile.Mapping, error) {
	if path == "" {
		return nil, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return casefile.ReadMapping(b)
}

type importObserveCmd struct{ asOfficer }

func (c *importObserveCmd) Run(a *app) error {
	ctx := context.Background()
	n, who, err := c.session(ctx)
	if err != nil {
		return err
	}
	defer n.Close()
	list, err := n.Desk.Observe(ctx, who)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("import.shadow"))
	for _, x := range list {
		args := map[string]string{"owner": a.words.Text("authority." + x.Next.Owner)}
		same := "import.same"
		if x.Differs {
			same = "import.differs"
		}
		fmt.Fprintln(a.out, a.words.Text("import.observed", "reference", x.Reference, "next", a.words.Map(x.Next.Key, args),
			"due", c.day(a, x.Due, n), "their", c.day(a, x.TheirDue, n), "same", a.words.Text(same)))
		for _, g := range x.Closed {
			fmt.Fprintln(a.out, a.words.Text("import.closed", "gate", g.ID, "basis", g.LegalBasis, "why", a.words.Text(g.MessageKey)))
		}
		if x.StandIn {
			fmt.Fprintln(a.out, a.words.Text("import.stand-in"))
		}
	}
	return nil
}

// day is the last day of a limit.
func (c *importObserveCmd) day(a *app, t time.Time, n *node.Node) string {
	if t.IsZero() {
		return a.words.Text("import.no-date")
	}
	return a.words.Date(t.In(n.Desk.Law.Location()).Add(-time.Second))
}

type importAdoptCmd struct {
	asOfficer
	Case string `arg:"" help:"The case."`
}

func (c *importAdoptCmd) Run(a *app) error {
	ctx := context.Background()
	n, who, err := c.session(ctx)
	if err != nil {
		return err
	}
	defer n.Close()
	if err := n.Desk.EndShadow(ctx, who, act.ID(c.Case)); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("import.adopted", "case", c.Case))
	return nil
}
