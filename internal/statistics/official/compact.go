// Package official holds what a statistics office published: the compact table of official values that is
// shipped with the program, and the reader of the office's own files (CSV, gzip, XLSX).
//
// Contains public sector information licensed under the Open Government Licence v3.0 (Home Office,
// Immigration system statistics: returns; editions of 23 February, 25 May, 24 August and 23 November 2023).
//
// It never guesses a label: an unknown one is refused with file, row and the nearest known label, and
// nothing of a refused file is kept.
package official

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"countersign/internal/statistics"

	"github.com/go-json-experiment/json"
)

// Attribution goes wherever the official figures are shown.
const Attribution = "Contains public sector information licensed under the Open Government Licence v3.0."

//go:embed data/albania-quarters.csv
var quartersFile []byte

//go:embed data/albania-cells.csv
var cellsFile []byte

//go:embed data/albania-offenders.csv
var offendersFile []byte

//go:embed data/origin-2023-04-24.json
var originFile []byte

// Editions are the publication dates of the four official editions.
var Editions = []time.Time{
	statistics.Day(2023, 2, 23), statistics.Day(2023, 5, 25), statistics.Day(2023, 8, 24), statistics.Day(2023, 11, 23),
}

// QuarterRow is one quarter of Albanian nationals in one edition.
type QuarterRow struct {
	Edition                             time.Time
	Quarter                             statistics.Quarter
	Enforced, Voluntary, Port, Offender int64
}

// CellRow is one cell of Ret_D01 for Albanian nationals.
type CellRow struct {
	Edition time.Time
	Cell    statistics.Cell // Offender is false: Ret_D01 does not have it
	Returns int64
}

// OffenderRow is one cell of Ret_D03 for Albanian nationals.
type OffenderRow struct {
	Edition   time.Time
	Quarter   statistics.Quarter
	DestGroup statistics.DestGroup
	Returns   int64
}

// Compact is the shipped table of official values for Albanian nationals.
type Compact struct {
	Quarters  []QuarterRow  // 2010 Q1 on, all four editions
	Cells     []CellRow     // 2021 Q1 on, February and May editions; 2023 Q1 of the August edition
	Offenders []OffenderRow // the same
	Origin    Origin
}

// Origin is the statement of 24 April 2023 and its figures.
type Origin struct {
	Title       string         `json:"title"`
	Series      string         `json:"series"`
	Published   string         `json:"published"`
	Provisional bool           `json:"provisional"`
	Nationality string         `json:"nationality"`
	Attribution string         `json:"attribution"`
	Note        string         `json:"note"`
	Figures     []OriginFigure `json:"figures"`
	Bounds      []OriginBound  `json:"bounds"`
}

// OriginFigure is one stated count; Period is a year or a quarter.
type OriginFigure struct {
	Period  string             `json:"period"`
	Measure statistics.Measure `json:"measure"`
	Value   int64              `json:"value"`
}

// OriginBound is "over N" in a span of days, both ends included.
type OriginBound struct {
	First   string             `json:"first"`
	Last    string             `json:"last"`
	Measure statistics.Measure `json:"measure"`
	Over    int64              `json:"over"`
}

// Table reads the shipped table once; a fault in it is a fault of the build, which tests find.
var Table = sync.OnceValue(func() *Compact {
	t := new(Compact)
	if err := t.read(); err != nil {
		panic("statistics/official: " + err.Error())
	}
	return t
})

func (t *Compact) read() error {
	if err := json.Unmarshal(originFile, &t.Origin, json.RejectUnknownMembers(true)); err != nil {
		return fmt.Errorf("origin: %w", err)
	}
	if err := eachRow(quartersFile, 6, func(e time.Time, q statistics.Quarter, _ []string, n []int64) {
		t.Quarters = append(t.Quarters, QuarterRow{e, q, n[0], n[1], n[2], n[3]})
	}, 4); err != nil {
		return fmt.Errorf("quarters: %w", err)
	}
	if err := eachRow(cellsFile, 7, func(e time.Time, q statistics.Quarter, f []string, n []int64) {
		t.Cells = append(t.Cells, CellRow{e, statistics.Cell{Quarter: q, Nationality: "albania", Type: statistics.Type(f[2]),
			Age: statistics.Age(f[3]), Sex: statistics.Sex(f[4]), DestGroup: statistics.DestGroup(f[5])}, n[0]})
	}, 1); err != nil {
		return fmt.Errorf("cells: %w", err)
	}
	if err := eachRow(offendersFile, 4, func(e time.Time, q statistics.Quarter, f []string, n []int64) {
		t.Offenders = append(t.Offenders, OffenderRow{e, q, statistics.DestGroup(f[2]), n[0]})
	}, 1); err != nil {
		return fmt.Errorf("offenders: %w", err)
	}
	return nil
}

// eachRow reads edition, quarter, further fields, and counts in the last columns.
func eachRow(file []byte, width int, row func(time.Time, statistics.Quarter, []string, []int64), counts int) error {
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord = width
	all, err := r.ReadAll()
	if err != nil {
		return err
	}
	for i, f := range all[1:] {
		edition, err := statistics.ParseDay(f[0])
		if err != nil {
			return fmt.Errorf("row %d: %w", i+2, err)
		}
		q, err := statistics.ParseQuarter(f[1])
		if err != nil {
			return fmt.Errorf("row %d: %w", i+2, err)
		}
		n := make([]int64, counts)
		for j := range n {
			if n[j], err = strconv.ParseInt(strings.TrimSpace(f[width-counts+j]), 10, 64); err != nil {
				return fmt.Errorf("row %d: %w", i+2, err)
			}
		}
		row(edition, q, f, n)
	}
	return nil
}

// Value returns an official value for Albanian nationals in an edition of the shipped table, summed over a
// period of whole quarters; false when the edition does not hold every quarter of it.
func (t *Compact) Value(edition time.Time, m statistics.Measure, p statistics.Period) (int64, bool) {
	quarters, ok := p.Quarters()
	if !ok {
		return 0, false
	}
	var sum int64
	found := 0
	for _, r := range t.Quarters {
		if !r.Edition.Equal(edition) || r.Quarter < quarters[0] || r.Quarter > quarters[len(quarters)-1] {
			continue
		}
		found++
		switch m {
		case statistics.EnforcedReturns:
			sum += r.Enforced
		case statistics.VoluntaryReturns:
			sum += r.Voluntary
		case statistics.PortReturns:
			sum += r.Port
		case statistics.OffenderReturns:
			sum += r.Offender
		case statistics.WithoutPort:
			sum += r.Enforced + r.Voluntary
		case statistics.WithPort:
			sum += r.Enforced + r.Voluntary + r.Port
		default:
			return 0, false
		}
	}
	return sum, found == len(quarters)
}

// CellsOf returns the cells of an edition for quarters from first to last.
func (t *Compact) CellsOf(edition time.Time, first, last statistics.Quarter) map[statistics.Cell]int64 {
	m := map[statistics.Cell]int64{}
	for _, r := range t.Cells {
		if r.Edition.Equal(edition) && r.Cell.Quarter >= first && r.Cell.Quarter <= last {
			m[r.Cell] += r.Returns
		}
	}
	return m
}

// OffendersOf returns, for an edition, offenders by quarter and destination group.
func (t *Compact) OffendersOf(edition time.Time) map[statistics.Quarter]map[statistics.DestGroup]int64 {
	m := map[statistics.Quarter]map[statistics.DestGroup]int64{}
	for _, r := range t.Offenders {
		if r.Edition.Equal(edition) {
			if m[r.Quarter] == nil {
				m[r.Quarter] = map[statistics.DestGroup]int64{}
			}
			m[r.Quarter][r.DestGroup] += r.Returns
		}
	}
	return m
}
