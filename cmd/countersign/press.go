package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/official"
	"countersign/internal/statistics/past"
	"countersign/internal/statistics/press"

	"github.com/go-json-experiment/json"
)

// pressCmd checks what is to be said in public.
type pressCmd struct {
	Check pressCheck `cmd:"" help:"Check every number in a draft against a published edition. Exit code 1 when a statement does not pass."`
}

type pressCheck struct {
	editionStore
	File     string `arg:"" help:"Draft: text, Markdown or HTML, in English or Albanian." type:"existingfile"`
	Edition  string `help:"Date of the edition to check against (2006-01-02)." required:""`
	Series   string `help:"Which series: record (the demo's synthetic record, as known on 2023-02-23, 2023-04-24 and 2023-05-25), quarterly (official editions) or live-systems (the statement of 2023-04-24)." enum:"record,quarterly,live-systems" default:"record"`
	Accept   bool   `help:"Accept the one reading that each unmarked sentence gives. Read them first: without this flag they are only offered."`
	Dated    string `help:"Day of the text, from which “last year” is reckoned (2006-01-02); without it its dateline, else the edition's date."`
	Bindings string `help:"JSON file that binds statements by their number, for example {\"3\": \"enforced | of albania | 2022\"}." type:"existingfile"`
	TextLang string `help:"Language of the draft; without it the language is recognised." enum:"en,sq," default:""`
	Seed     uint64 `help:"Seed of the demo's record." default:"1"`
	nodeFolder
}

func (c *pressCheck) Run(a *app) error {
	day, err := statistics.ParseDay(c.Edition)
	if err != nil {
		return err
	}
	source, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	var dated time.Time
	if c.Dated != "" {
		if dated, err = statistics.ParseDay(c.Dated); err != nil {
			return err
		}
	}
	bindings, err := readBindings(c.Bindings)
	if err != nil {
		return err
	}
	report, err := c.check(press.Draft{Source: string(source), Format: press.FormatOf(c.File), Lang: press.Lang(c.TextLang), Date: dated},
		press.Options{Edition: statistics.Edition{Series: statistics.Series(c.Series), Published: day}, Accept: c.Accept, Bindings: bindings})
	if err != nil {
		return err
	}
	good, all := printReport(a, a.out, filepath.Base(c.File), report)
	if good < all {
		return fault.New(fault.Invalid, "fault.press.failed", "good", strconv.Itoa(good), "all", strconv.Itoa(all), "edition", report.Edition.String())
	}
	return nil
}

// check asks the node's record and editions, or those that are at hand without a node.
func (c *pressCheck) check(draft press.Draft, o press.Options) (*press.Report, error) {
	if c.Node == "" {
		library, err := c.library()
		if err != nil {
			return nil, err
		}
		return press.Check(draft, library, o)
	}
	ctx := context.Background()
	n, who, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	defer n.Close()
	return n.Desk.CheckDraft(ctx, who, draft, o)
}

func readBindings(path string) (map[int]string, error) {
	if path == "" {
		return nil, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var raw map[string]string
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, fault.New(fault.Invalid, "fault.press.bindings", "file", filepath.Base(path)).Because(err)
	}
	m := map[int]string{}
	for k, v := range raw {
		n, err := strconv.Atoi(k)
		if err != nil || n < 1 {
			return nil, fault.New(fault.Invalid, "fault.press.bindings", "file", filepath.Base(path))
		}
		m[n] = v
	}
	return m, nil
}

// library gathers what a draft may be checked against without a node: the demo's record, the official
// editions (imported ones whole, the others for Albanian nationals) and the statement of 24 April 2023.
func (c *pressCheck) library() (press.Library, error) {
	ledger, err := demoLedger(c.Seed)
	if err != nil {
		return nil, err
	}
	l := press.Library{press.FromOrigin{}}
	for _, day := range []time.Time{past.February, past.April, past.May} {
		l = append(l, press.FromLedger{Ledger: ledger, AsOf: past.KnownOn(day)})
	}
	imported := map[time.Time]bool{}
	if holdings, err := c.editions(); err == nil {
		for _, h := range holdings {
			imported[h.Edition.Published] = true
			l = append(l, press.FromHolding{Holding: h})
		}
	} else if fault.KindOf(err) != fault.Missing {
		return nil, err
	}
	for _, e := range official.Editions {
		if !imported[e] {
			l = append(l, press.FromTable{Published: e})
		}
	}
	return l, nil
}

// demoLedger folds the demo's synthetic past.
func demoLedger(seed uint64) (*statistics.Ledger, error) {
	l := statistics.NewLedger()
	for _, b := range past.Plan(seed) {
		for _, i := range b.Items {
			if err := i.Apply(l, b.RecordedAt); err != nil {
				return nil, err
			}
		}
	}
	return l, nil
}

// printReport writes a line per statement and returns how many pass.
func printReport(a *app, w io.Writer, file string, r *press.Report) (good, all int) {
	lang := string(a.words.Lang)
	fmt.Fprintln(w, a.words.Text("press.title", "file", file, "edition", r.Edition.String()))
	for _, f := range r.Findings {
		if f.Statement != nil {
			all++
			if f.Verdict.Passes() {
				good++
			}
			fmt.Fprintf(w, "%3d  %s:%d  %-14s  %s%s\n", all, file, f.Line, f.Statement.Text, a.words.Text("press.verdict."+string(f.Verdict)), detail(a, f, lang))
			if f.Claim != nil {
				fmt.Fprintf(w, "     %s: %s\n", a.words.Text("press.how."+strings.ReplaceAll(string(f.How), " ", "-")), f.Claim)
			} else if f.Suggestion != nil {
				if gaps := f.Suggestion.Missing; len(gaps) > 0 {
					fmt.Fprintln(w, "     "+a.words.Text("press.cannot", "missing", strings.Join(gapWords(a, gaps), "; ")))
					fmt.Fprintln(w, "     "+a.words.Text("press.reads", "claim", f.Suggestion.String()))
				} else {
					fmt.Fprintln(w, "     "+a.words.Text("press.suggestion", "claim", f.Suggestion.String()))
				}
			}
			if f.Problem != nil {
				fmt.Fprintln(w, "     "+a.message(f.Problem))
			}
		} else {
			fmt.Fprintf(w, "   -  %s:%d  %s\n", file, f.Line, f.Text)
		}
		for _, c := range f.Cautions {
			text := a.words.Text("press.caution." + string(c))
			if c == press.Fragile {
				text += " (" + f.Band + ")"
			}
			fmt.Fprintln(w, "     ! "+text)
		}
	}
	if len(r.Asides) > 0 {
		var list []string
		for _, x := range r.Asides {
			list = append(list, a.words.Text("press.aside.one", "text", x.Text, "line", strconv.Itoa(x.Line), "why", a.words.Text("press.aside."+x.Why)))
		}
		fmt.Fprintln(w, a.words.Text("press.asides", "list", strings.Join(list, ", ")))
	}
	fmt.Fprintln(w, a.words.Text("press.sum", "good", strconv.Itoa(good), "all", strconv.Itoa(all)))
	return good, all
}

func gapWords(a *app, gaps []string) []string {
	var all []string
	for _, g := range gaps {
		key, word := press.Gap(g)
		all = append(all, a.words.Text(key, "word", word))
	}
	return all
}

// detail says what the value is now and where the printed one is true.
func detail(a *app, f press.Finding, lang string) string {
	var s string
	if f.Now != nil && f.Verdict != press.Match {
		s += "; " + a.words.Text("press.now", "value", f.Show(f.Now, lang), "edition", f.At.String())
	}
	if !f.True.Published.IsZero() {
		s += "; " + a.words.Text("press.true-of", "edition", f.True.String())
	}
	if f.Instead != "" {
		s += "; " + a.words.Text("press.instead", "claim", f.Instead)
	}
	return s
}
