// Package statbench measures the statistics: import, cube, release, press check, verification. It prints
// each figure with its target and what it was measured on; a figure that misses its target is said to.
//
// All rows but the official edition's are synthetic.
package statbench

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"countersign/internal/officialdata"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/disclose"
	"countersign/internal/statistics/official"
	"countersign/internal/statistics/past"
	"countersign/internal/statistics/press"
	"countersign/internal/statistics/press/corpus"
	"countersign/internal/statistics/release"
)

// Bench is one run. Missed lists the figures that miss their targets.
type Bench struct {
	Out    io.Writer
	Quick  bool // a tenth of the rows; targets are then not judged
	Seed   uint64
	Missed []string
}

// Run measures everything, one after the other.
func (b *Bench) Run() error {
	fmt.Fprintf(b.Out, "bench-statistics: %s, %d cores, seed %d, quick %t; load from other processes is part of wall times\n", runtime.Version(), runtime.NumCPU(), b.Seed, b.Quick)
	for _, step := range []func() error{b.importEdition, b.press, b.recall, b.release, b.cube, b.verify} {
		runtime.GC()
		debug.FreeOSMemory()
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// stopwatch measures wall and CPU time of this process.
type stopwatch struct {
	wall time.Time
	cpu  time.Duration
}

func start() stopwatch { return stopwatch{time.Now(), cpu()} }

func (s stopwatch) stop() (wall, used time.Duration) { return time.Since(s.wall), cpu() - s.cpu }

func cpu() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// say prints a figure; over tells that it misses its target.
func (b *Bench) say(what string, wall, used time.Duration, target string, over bool, more string) {
	verdict := "within"
	switch {
	case b.Quick:
		verdict = "quick run, not judged against"
	case over:
		verdict = "MISSES"
		b.Missed = append(b.Missed, what)
	}
	fmt.Fprintf(b.Out, "%-46s %8.3f s wall %8.3f s CPU   %s target %s; %s\n", what, wall.Seconds(), used.Seconds(), verdict, target, more)
}

func (b *Bench) size(n int) int {
	if b.Quick {
		return n / 10
	}
	return n
}

// peak is the process's largest resident size so far, in MB, where the system tells.
func peak() int {
	s, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(s), "\n") {
		var kb int
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kb); err == nil {
			return kb / 1024
		}
	}
	return 0
}

func (b *Bench) importEdition() error {
	dir := officialdata.Dir()
	name := "ret_d01_2023-11-23.csv.gz"
	path := filepath.Join(dir, "returns", name)
	in, err := os.Open(path)
	if dir == "" || err != nil {
		fmt.Fprintf(b.Out, "%-46s skipped: the official data are not there\n", "import of the largest official edition")
		return nil
	}
	defer in.Close()
	w := start()
	f, err := official.Read(in, name, statistics.Day(2023, 11, 23))
	if err != nil {
		return err
	}
	wall, used := w.stop()
	b.say("import of the largest official edition", wall, used, "2 s", wall > 2*time.Second, fmt.Sprintf("%d rows, %d returns", f.Lines, f.Total))
	return nil
}

// events draws synthetic events whose cells are as uneven as real ones: a few nationalities and types have
// most of them.
func events(n int, seed uint64) []cube.Row {
	rng := rand.New(rand.NewPCG(seed, 7))
	first := statistics.Q(2004, 1)
	l := statistics.Lists()
	skewed := func(size int) int { f := rng.Float64(); f *= f; return int(f * f * f * float64(size)) }
	rows := make([]cube.Row, n)
	for i := range rows {
		rows[i] = cube.Row{Quarter: first + statistics.Quarter(rng.IntN(79)), Country: uint16(skewed(len(l.Countries.Codes))), Type: uint8(skewed(len(l.Types.Codes))),
			Age: uint8(skewed(len(l.Ages.Codes))), Sex: uint8(skewed(len(l.Sexes.Codes))), Dest: uint8(skewed(len(l.DestGroups.Codes))), N: 1}
	}
	return rows
}

func count(rows []cube.Row) ([]cube.Row, error) {
	c, err := cube.NewCounter(statistics.Q(2004, 1), statistics.Q(2023, 3))
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if !c.Add(r) {
			return nil, fmt.Errorf("an event lies outside the cube: %+v", r)
		}
	}
	return c.Rows(), nil
}

func (b *Bench) cube() error {
	rows := events(b.size(10_000_000), b.Seed)
	w := start()
	cells, err := count(rows)
	if err != nil {
		return err
	}
	wall, used := w.stop()
	var total int64
	for _, c := range cells {
		total += c.N
	}
	if total != int64(len(rows)) {
		fmt.Fprintf(b.Out, "the cube counts %d of %d events\n", total, len(rows))
		b.Missed = append(b.Missed, "cube: every event counted")
		return nil
	}
	b.say("cube over events, six dimensions", wall, used, "5 CPU s", used > 5*time.Second, fmt.Sprintf("%d events, %d cells, one goroutine", len(rows), len(cells)))
	return b.postgres(rows, cells, used)
}

// input is a release of synthetic events with every cell in it.
func (b *Bench) input(rows []cube.Row) release.Input {
	return release.Input{ID: "bench", Authority: "gb", Country: "albania", First: statistics.Q(2004, 1), Last: statistics.Q(2023, 3),
		Holding:   &cube.Holding{Edition: statistics.Edition{Series: statistics.Record, Published: statistics.Day(2023, 11, 23)}, Rows: map[cube.Table][]cube.Row{cube.D01: rows}},
		PublishAt: time.Date(2023, 11, 23, 9, 30, 0, 0, time.UTC), RecordHead: "bench", Policy: disclose.Policy{Method: disclose.Round5, Threshold: 5, Spread: 4},
		Secret: []byte("a secret of the benchmark"), Detailed: true}
}

func (b *Bench) release() error {
	rows := events(b.size(1_100_000), b.Seed)
	folder, err := os.MkdirTemp("", "release-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	before := peak()
	w := start()
	cells, err := count(rows)
	if err != nil {
		return err
	}
	total := len(rows)
	rows = nil // what follows needs the cells only
	content, _, err := release.Build(b.input(cells))
	if err != nil {
		return err
	}
	cells = nil
	files, size := 0, int64(0)
	err = content.Write(func(name string, _ int, write func(io.Writer) error) error {
		f, err := os.Create(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if err := write(f); err != nil {
			f.Close()
			return err
		}
		n, err := f.Seek(0, io.SeekCurrent)
		files, size = files+1, size+n
		if e := f.Close(); err == nil {
			err = e
		}
		return err
	})
	if err != nil {
		return err
	}
	wall, used := w.stop()
	b.say("whole release, all formats and manifest", wall, used, "10 s and 400 MB", wall > 10*time.Second || peak() > 400,
		fmt.Sprintf("%d events, %d cells, %d files, %d MB on disk; largest resident size of the process %d MB (before it %d MB), the collector as it comes", total, len(content.Cells), files, size>>20, peak(), before))
	return nil
}

// verify checks a release of a million cells.
func (b *Bench) verify() error {
	n := b.size(1_000_000)
	l := statistics.Lists()
	rows := make([]cube.Row, 0, n)
	for q := statistics.Q(2004, 1); len(rows) < n; q++ {
		for i := 0; i < len(l.Countries.Codes)*11*6 && len(rows) < n; i++ {
			rows = append(rows, cube.Row{Quarter: q, Country: uint16(i / 66), Type: uint8(i / 6 % 11), Age: uint8(i % 6), N: int64(i % 97)})
		}
	}
	in := b.input(rows)
	in.Last = rows[len(rows)-1].Quarter
	content, _, err := release.Build(in)
	if err != nil {
		return err
	}
	files, err := content.Files()
	if err != nil {
		return err
	}
	content, rows = nil, nil
	runtime.GC()
	w := start()
	r := release.Verify(files, nil)
	wall, used := w.stop()
	if !r.OK() {
		return fmt.Errorf("the release does not verify: %+v", r.Problems)
	}
	if err := b.oneCell(files); err != nil {
		return err
	}
	b.say("verification of a release", wall, used, "5 s", wall > 5*time.Second, fmt.Sprintf("%d cells, every file rendered again", r.Cells))
	return nil
}

// oneCell changes one cell of the release and expects it to be named.
func (b *Bench) oneCell(files map[string][]byte) error {
	lines := bytes.Split(files["cells.csv"], []byte("\n"))
	i := len(lines) / 2
	f := bytes.Split(lines[i], []byte(","))
	if len(f) != 6 {
		return fmt.Errorf("cells.csv, line %d is no cell", i+1)
	}
	f[1] = append([]byte("1"), f[1]...)
	lines[i] = bytes.Join(f, []byte(","))
	files["cells.csv"] = bytes.Join(lines, []byte("\n"))
	r := release.Verify(files, nil)
	if !slices.ContainsFunc(r.Problems, func(p release.Problem) bool { return p.Where == "cells.csv: "+string(f[0]) }) {
		fmt.Fprintf(b.Out, "the changed cell %s is not named: %+v\n", f[0], r.Problems)
		b.Missed = append(b.Missed, "verification: one changed cell named")
	}
	return nil
}

// recall counts how the press check reads texts that were labelled by hand.
func (b *Bench) recall() error {
	library := press.Library{press.FromOrigin{}}
	for _, e := range official.Editions {
		library = append(library, press.FromTable{Published: e})
	}
	for _, name := range corpus.Sets {
		set, err := corpus.Set(name)
		if err != nil {
			return err
		}
		w := start()
		s, err := corpus.Measure(set, library)
		if err != nil {
			return err
		}
		wall, used := w.stop()
		over := s.Found*100 < s.Labels*95 || s.False > 0 || s.Silent > 0
		if b.Quick && over { // no matter of speed: judged in any run
			b.Missed = append(b.Missed, "press check, "+name+" set of labelled texts")
		}
		b.say("press check, "+name+" set of labelled texts", wall, used, "0.95 found and no false match", over,
			fmt.Sprintf("%d texts: %d of %d numbers found, %d that are none; %d of %d readings as a person's, %d otherwise; %d pass, %d of them falsely; %d texts with a digit passed over",
				s.Texts, s.Found, s.Labels, s.Extra, s.Read, s.Readable, s.Misread, s.Passed, s.False, s.Silent))
	}
	return nil
}

// press checks a draft of about a thousand words with an edition of the demo's record.
func (b *Bench) press() error {
	ledger := statistics.NewLedger()
	for _, batch := range past.Plan(b.Seed) {
		for _, i := range batch.Items {
			if err := i.Apply(ledger, batch.RecordedAt); err != nil {
				return err
			}
		}
	}
	var library press.Library
	for _, day := range []time.Time{past.February, past.April, past.May} {
		library = append(library, press.FromLedger{Ledger: ledger, AsOf: past.KnownOn(day)})
	}
	paragraph := "In 2022, 1,888 Albanian nationals were returned, of whom 954 (51%) were enforced returns and 934 were voluntary returns. " +
		"Voluntary returns of Albanians rose by 90%, from 492 in 2021 to 934 in 2022. The two authorities met several times during the spring and agreed on the " +
		"work that lies ahead of them, which covers documents, flights and the care of those who travel.\n\n"
	text := strings.Repeat(paragraph, b.size(1000)/len(strings.Fields(paragraph))+1)
	w := start()
	report, err := press.Check(press.Draft{Source: text, Format: press.Text}, library, press.Options{Edition: statistics.Edition{Series: statistics.Record, Published: past.April}, Accept: true})
	if err != nil {
		return err
	}
	wall, used := w.stop()
	b.say("press check", wall, used, "0.1 s", wall > 100*time.Millisecond, fmt.Sprintf("%d words, %d statements, record of %d returns", len(strings.Fields(text)), len(report.Findings), ledger.Len()))
	return nil
}
