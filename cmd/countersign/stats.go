package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/official"
)

// statsCmd works on official editions: in a folder, or in a node as one of its officers.
type statsCmd struct {
	Import statsImport `cmd:"" help:"Import official tables (CSV, gzip or workbook). Nothing of a refused file is kept; importing twice changes nothing."`
	Table  statsTable  `cmd:"" help:"Print the returns of a nationality, with every earlier edition's value beside."`
}

// editionStore is the folder that holds imported tables, one file per table and edition.
type editionStore struct {
	Store string `help:"Folder of imported editions." default:"./countersign-stats" type:"path" env:"COUNTERSIGN_STATS"`
}

type statsImport struct {
	editionStore
	nodeFolder
	Edition string   `help:"Publication date of the edition, when the file name does not end with it (2006-01-02)."`
	Files   []string `arg:"" help:"Official files, for example ret_d01_2023-05-25.csv.gz." type:"existingfile"`
}

func (c *statsImport) Run(a *app) error {
	keep := c.add
	if c.Node != "" {
		ctx := context.Background()
		n, who, err := c.open(ctx)
		if err != nil {
			return err
		}
		defer n.Close()
		keep = func(path string, published time.Time) (*official.File, bool, error) {
			in, err := os.Open(path)
			if err != nil {
				return nil, false, err
			}
			defer in.Close()
			return n.Desk.ImportEdition(ctx, who, in, filepath.Base(path), published)
		}
	}
	for _, path := range c.Files {
		published, ok := official.PublishedFromName(path)
		if c.Edition != "" {
			var err error
			if published, err = statistics.ParseDay(c.Edition); err != nil {
				return err
			}
		} else if !ok {
			return fault.New(fault.Invalid, "fault.statistics.no-edition", "file", filepath.Base(path))
		}
		f, fresh, err := keep(path, published)
		if err != nil {
			return err
		}
		key := "statistics.import.done"
		if !fresh {
			key = "statistics.import.known"
		}
		lang := string(a.words.Lang)
		fmt.Fprintln(a.out, a.words.Text(key, "table", string(f.Table), "edition", published.Format(time.DateOnly), "rows", statistics.Count(int64(f.Lines), lang),
			"returns", statistics.Count(f.Total, lang), "merged", statistics.Count(int64(f.Merged), lang),
			"first", f.Rows[0].Quarter.String(), "last", f.Rows[len(f.Rows)-1].Quarter.String()))
	}
	fmt.Fprintln(a.out, official.Attribution)
	return nil
}

func readOfficial(path string, published time.Time) (*official.File, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return official.Read(in, filepath.Base(path), published)
}

func (s editionStore) path(t cube.Table, published time.Time) string {
	return filepath.Join(s.Store, strings.ToLower(string(t))+"_"+published.Format(time.DateOnly)+".table")
}

// add reads a file and keeps its table.
func (s editionStore) add(path string, published time.Time) (*official.File, bool, error) {
	f, err := readOfficial(path, published)
	if err != nil {
		return nil, false, err
	}
	fresh, err := s.keep(f)
	return f, fresh, err
}

// keep keeps a table. It is written whole under another name, made durable and renamed; false when the same
// content is there already, a fault when other content is: an edition does not change.
func (s editionStore) keep(f *official.File) (fresh bool, err error) {
	path := s.path(f.Table, f.Published)
	if b, err := os.ReadFile(path); err == nil {
		old, err := official.ReadCompact(b, path)
		if err != nil {
			return false, err
		}
		if old.Hash == f.Hash || slices.Equal(old.Rows, f.Rows) {
			return false, nil
		}
		return false, fault.New(fault.Conflict, "fault.statistics.edition-twice", "table", string(f.Table), "edition", f.Published.Format(time.DateOnly))
	}
	if err := os.MkdirAll(s.Store, 0o755); err != nil {
		return false, err
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		return false, err
	}
	return true, writeDurably(path, b.Bytes())
}

// writeDurably writes a file so that it is either absent or whole: fsync before the rename.
func writeDurably(path string, b []byte) error {
	return writeDurablyBy(path, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}

func writeDurablyBy(path string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // after the rename there is nothing left to remove
	if err = write(tmp); err == nil {
		err = tmp.Sync()
	}
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(tmp.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// editions reads every edition of the folder, oldest first.
func (s editionStore) editions() ([]*cube.Holding, error) {
	names, err := filepath.Glob(filepath.Join(s.Store, "*.table"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var files []*official.File
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := official.ReadCompact(b, name)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		return nil, fault.New(fault.Missing, "fault.statistics.no-editions", "folder", s.Store)
	}
	return official.Holdings(files)
}

// until returns the editions published up to a date, the one of that date last.
func until(all []*cube.Holding, edition string) ([]*cube.Holding, error) {
	if edition == "" {
		return all, nil
	}
	day, err := statistics.ParseDay(edition)
	if err != nil {
		return nil, err
	}
	for i, h := range all {
		if h.Edition.Published.Equal(day) {
			return all[:i+1], nil
		}
	}
	var have []string
	for _, h := range all {
		have = append(have, h.Edition.Published.Format(time.DateOnly))
	}
	return nil, fault.New(fault.Missing, "fault.statistics.edition", "edition", edition, "have", strings.Join(have, ", "))
}

type statsTable struct {
	editionStore
	Nationality string `help:"Nationality: Albania, albanian, Shqipëria." required:""`
	Year        int    `help:"Calendar year." xor:"period" required:""`
	Quarter     string `help:"Quarter, for example 2022 Q1." xor:"period" required:""`
	Edition     string `help:"Publication date; without it the newest edition that was imported."`
	nodeFolder
}

// tableMeasures are the rows of the table, in reading order; the offenders stand apart because they are
// already counted in the groups above.
var tableMeasures = []statistics.Measure{statistics.EnforcedReturns, statistics.VoluntaryReturns, statistics.WithoutPort, statistics.PortReturns, statistics.OffenderReturns}

func (c *statsTable) Run(a *app) error {
	country, err := findCountry(c.Nationality)
	if err != nil {
		return err
	}
	period := statistics.Year(c.Year)
	if c.Quarter != "" {
		q, err := findQuarter(c.Quarter)
		if err != nil {
			return err
		}
		period = statistics.QuarterPeriod(q)
	}
	all, err := c.held()
	if err != nil {
		return err
	}
	if all, err = until(all, c.Edition); err != nil {
		return err
	}
	return printTable(a, all, country, period)
}

// held reads the editions of the node or of the folder.
func (c *statsTable) held() ([]*cube.Holding, error) {
	if c.Node == "" {
		return c.editions()
	}
	ctx := context.Background()
	n, who, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	defer n.Close()
	all, err := n.Desk.Editions(ctx, who)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.Missing, "fault.statistics.no-editions", "folder", c.Node)
	}
	return all, err
}

// findCountry accepts a code, a label of any edition, an Albanian name or the name of a people.
func findCountry(name string) (statistics.Country, error) {
	if n, ok := statistics.Named(name); ok {
		return n.Country, nil
	}
	return "", fault.New(fault.Invalid, "fault.statistics.country", "value", name, "nearest", statistics.Lists().Countries.Nearest(name))
}

// findQuarter accepts “2022 Q1” and what people type for it: 2022Q1, 2022-q1, Q1 2022.
func findQuarter(s string) (statistics.Quarter, error) {
	f := strings.FieldsFunc(strings.ToUpper(strings.ReplaceAll(strings.ToUpper(s), "Q", " Q")), func(r rune) bool { return r == ' ' || r == '-' || r == '/' })
	if len(f) == 2 && strings.HasPrefix(f[0], "Q") {
		f[0], f[1] = f[1], f[0]
	}
	if q, err := statistics.ParseQuarter(strings.Join(f, " ")); err == nil {
		return q, nil
	}
	return statistics.ParseQuarter(s) // its fault names what was typed
}

func printTable(a *app, all []*cube.Holding, country statistics.Country, period statistics.Period) error {
	lang, newest := string(a.words.Lang), all[len(all)-1]
	filter := cube.Filter{Measure: statistics.WithoutPort, Population: statistics.Population{Nationality: country}, Period: period}
	if _, err := newest.Sum(filter); err != nil {
		return err
	}
	list := &statistics.Lists().Countries
	i, _ := list.Index(string(country))
	fmt.Fprintln(a.out, a.words.Text("statistics.table.title", "country", countryLabel(&list.Codes[i], newest.Edition.Published, lang), "period", period.String()))
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	head := "\t"
	for _, h := range all {
		head += h.Edition.Published.Format(time.DateOnly) + "\t"
	}
	fmt.Fprintln(w, head+a.words.Text("statistics.table.revision")+"\t")
	for _, m := range tableMeasures {
		filter.Measure = m
		d, err := statistics.Define(m, newest.Edition.Published)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, d.Text(lang)+"\t"+vintages(cube.Revisions(all, statistics.Quarterly, filter), lang)+"\t")
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("statistics.table.notes"))
	fmt.Fprintln(a.out, official.Attribution)
	return nil
}

// countryLabel is the edition's own label, or the Albanian name for whoever reads Albanian.
func countryLabel(c *statistics.Code, published time.Time, lang string) string {
	if lang == "sq" {
		return c.Text(lang)
	}
	return c.Label(published)
}

// vintages writes a value per edition and last how far the newest moved from the one before it.
func vintages(all []cube.Vintage, lang string) string {
	var cells []string
	for _, v := range all {
		if v.Held {
			cells = append(cells, statistics.Count(v.Value, lang))
		} else {
			cells = append(cells, "[x]")
		}
	}
	moved := "[z]"
	if n := len(all); n > 1 && all[n-1].Held && all[n-2].Held {
		moved = statistics.Count(all[n-1].Value-all[n-2].Value, lang)
		if moved[0] != '-' && moved != "0" {
			moved = "+" + moved
		}
	}
	return strings.Join(append(cells, moved), "\t")
}
