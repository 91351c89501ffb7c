package console

import (
	"fmt"
	"sync/atomic"
	"time"

	"countersign/internal/act"
	"countersign/internal/border"
	"countersign/internal/border/criteria"
	"countersign/internal/fault"
	"countersign/internal/person"

	"github.com/google/uuid"
)

// A manifest is the zones of a bus, a ferry or a flight, checked in one go. It decides nothing: it says before the
// people stand at the lane who is to be asked something. Like every check it is kept in memory only and for a while.
type manifest struct {
	begin time.Time
	took  atomic.Int64 // nanoseconds; 0 while it runs
	done  atomic.Int64
	rows  []manifestRow // by place; those before done are written
}

// manifestRow is one passenger.
type manifestRow struct {
	Place  int
	Name   string
	Check  act.ID
	Answer border.Answer
	read   bool
}

// maxManifest bounds the form and maxPassengers the people of one manifest: the largest ferries carry fewer.
const (
	maxManifest   = 4 << 20
	maxPassengers = 3000
)

// StartManifest begins to check all zones of a text. One manifest is checked at a time.
func (l *Lane) StartManifest(text []byte) error {
	zones := person.SplitZones(text)
	if len(zones) == 0 || len(zones) > maxPassengers {
		return fault.New(fault.Invalid, "fault.console.manifest", "limit", fmt.Sprint(maxPassengers))
	}
	now, _ := l.now()
	m := &manifest{begin: now, rows: make([]manifestRow, len(zones))}
	old := l.manifest.Load()
	if old != nil && old.took.Load() == 0 || !l.manifest.CompareAndSwap(old, m) {
		return fault.New(fault.Conflict, "fault.console.manifest-runs")
	}
	go m.run(l, zones)
	return nil
}

func (m *manifest) run(l *Lane, zones [][]byte) {
	begin := l.Elapsed()
	for i, z := range zones {
		at, _ := l.now()
		c := &check{id: act.ID(uuid.NewString()), at: at, zone: z, facts: criteria.Facts{}}
		var doc person.MRZ
		y, month, d := at.Date()
		if person.ParseMRZ(&doc, z, person.MRZDate{Year: int16(y), Month: uint8(month), Day: uint8(d)}) == nil {
			c.document = &doc
		}
		l.run(c)
		l.keep(c)
		row := manifestRow{Place: i + 1, Check: c.id, Answer: c.result.Answer, read: c.document != nil}
		if c.document != nil {
			surname, given := c.document.Names()
			row.Name = surname + ", " + given
		}
		m.rows[i] = row
		m.done.Store(int64(i + 1))
	}
	m.took.Store(max(int64(l.Elapsed()-begin), 1))
}

// manifestView is how the newest manifest stands.
type manifestView struct {
	Started, Finished          bool
	Done, All                  int
	Clear, Ask, Second, Unread int
	Seconds                    string
	Rows                       []manifestRow // those who are to be asked something
}

func (l *Lane) manifestView() *manifestView {
	m := l.manifest.Load()
	if now, _ := l.now(); m == nil || now.Sub(m.begin) > keptFor {
		return &manifestView{}
	}
	v := &manifestView{Started: true, Done: int(m.done.Load()), All: len(m.rows)}
	for _, r := range m.rows[:v.Done] {
		switch {
		case !r.read:
			v.Unread++
		case r.Answer == border.Clear:
			v.Clear++
			continue
		case r.Answer == border.AskMore:
			v.Ask++
		default:
			v.Second++
		}
		v.Rows = append(v.Rows, r)
	}
	if took := m.took.Load(); took > 0 {
		v.Finished, v.Seconds = true, fmt.Sprintf("%.2f", time.Duration(took).Seconds())
	}
	return v
}
