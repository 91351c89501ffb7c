package treaty

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"countersign/internal/fault"
)

// Setting is what a reckoning needs besides the limit and its start.
type Setting struct {
	Requesting, Requested *Calendar      // nil where no calendar is held
	Zone                  *time.Location // the requested State's; nil: that of Requested, else of Requesting
	Stops                 []Stop         // “more information” stops the clock
	Extension             *Grant
	Restart               *Restarted
	// Demonstration lets a limit in days that nobody has defined be shown, as calendar days and with a warning.
	Demonstration bool
}

// Stop is a time during which the clock stands still. As the day of receipt is not counted, the day on which the
// clock stops still counts and the day on which it is released does not: the days after From, up to and with Until.
type Stop struct {
	From, Until time.Time // Until zero: the clock still stands
}

// Grant is an extension as it was granted: By units on top of the limit.
type Grant struct {
	By     int
	Reason string
}

// Restarted tells that the limit runs again from an event.
type Restarted struct {
	Event Event
	At    time.Time
}

// Reckoning is a date and every step that led to it.
type Reckoning struct {
	Rule      Rule
	Limit     int // with the extension
	Unit      Unit
	Bound     Bound
	Direction Direction
	StartsOn  Trigger
	Start     time.Time
	Zone      *time.Location
	FirstDay  Date
	LastDay   Date      // the last day on which to act (at_most), or of the period (at_least, after)
	EndsAt    time.Time // midnight at the end of LastDay; in time is before it
	Stopped   bool      // the clock stands: there is no last day yet
	Counted   int       // days counted so far where Stopped
	Undecided bool      // “days” counted as calendar days although nobody has decided so
	Partial   bool      // counted with a calendar that knows no holidays: the date may be later
	Steps     []Step
	OnExpiry  []Expiry
	Agreement string // id and version
	Article   string
	Source    string
	StandIn   bool
	Notes     []Text
}

// Step is one step of a date. Explain puts it in words.
type Step struct {
	Key      string // catalogue key
	From, To Date
	First    int // number of the first day counted in the step
	Count    int // days, hours, months or years
	Unit     Unit
	Holiday  *Holiday
	Reason   string
}

// Reckon says when a limit that starts at the instant ends, and why. It is pure: the calendars, the stops, the
// extension and the restart are all values.
func Reckon(l *Limit, start time.Time, in Setting) (Reckoning, error) {
	k, err := newCounter(l, start, in)
	if err != nil {
		return Reckoning{}, err
	}
	switch k.r.Unit {
	case Hour:
		k.hours()
	case Month, Year:
		k.months()
	default:
		k.count(k.r.Limit, k.r.Unit == WorkingDay)
	}
	k.extend()
	k.roll()
	if k.err != nil {
		return Reckoning{}, k.err
	}
	k.finish()
	return k.r, nil
}

// Late tells whether the limit has passed at the instant.
func (r Reckoning) Late(at time.Time) bool { return !r.Stopped && !at.Before(r.EndsAt) }

// Effects lists what the law attaches to the silence at the instant: nothing before the end (design.md 5.2).
func (r Reckoning) Effects(at time.Time) []Expiry {
	if !r.Late(at) || len(r.OnExpiry) == 1 && r.OnExpiry[0] == NoEffect {
		return nil
	}
	return r.OnExpiry
}

// Change tells how a date differs after a calendar, a stop or an extension has changed.
type Change struct {
	From, To Date
	Days     int // positive: later
}

// Compare reports whether the last day of two reckonings of one limit differs, and by how much.
func Compare(before, after Reckoning) (Change, bool) {
	if before.LastDay == after.LastDay && before.EndsAt.Equal(after.EndsAt) {
		return Change{}, false
	}
	c := Change{From: before.LastDay, To: after.LastDay}
	if !before.LastDay.IsZero() && !after.LastDay.IsZero() {
		c.Days = after.LastDay.Sub(before.LastDay)
	}
	return c, true
}

// counter walks the days of one reckoning.
type counter struct {
	l         *Limit
	in        Setting
	r         Reckoning
	calendars []*Calendar
	day       Date // the next day to look at
	step      int  // +1 or -1
	numbered  int  // days counted so far
	extra     int  // open-ended extension in a unit of its own, counted after the limit
	extraUnit Unit
	err       error
}

func newCounter(l *Limit, start time.Time, in Setting) (*counter, error) {
	unit, decided := l.Effective()
	if !decided && !in.Demonstration {
		return nil, fault.New(fault.Invalid, "fault.treaty.unspecified", "rule", string(l.Rule), "article", l.Article)
	}
	k := &counter{l: l, in: in, step: 1, r: Reckoning{Rule: l.Rule, Limit: l.Limit, Unit: unit, Bound: l.Bound,
		Direction: l.Direction, StartsOn: l.StartsOn, Start: start, Undecided: !decided, OnExpiry: l.OnExpiry,
		Agreement: l.agreement, Article: l.Article, Source: l.cited, StandIn: l.standIn, Notes: l.Notes}}
	if err := k.zone(); err != nil {
		return nil, err
	}
	if err := k.clauses(); err != nil {
		return nil, err
	}
	if err := k.pick(unit); err != nil {
		return nil, err
	}
	k.begin(decided)
	return k, nil
}

func (k *counter) zone() error {
	switch {
	case k.in.Zone != nil:
		k.r.Zone = k.in.Zone
	case k.in.Requested != nil:
		k.r.Zone = k.in.Requested.Zone
	case k.in.Requesting != nil:
		k.r.Zone = k.in.Requesting.Zone
	default:
		return fault.New(fault.Invalid, "fault.treaty.no-zone", "rule", string(k.l.Rule))
	}
	return nil
}

// clauses applies restart and extension, each only under its clause and within its cap.
func (k *counter) clauses() error {
	l, in := k.l, k.in
	if !l.forward() && (len(in.Stops) > 0 || in.Extension != nil || in.Restart != nil) {
		return fault.New(fault.Invalid, "fault.treaty.backward", "rule", string(l.Rule))
	}
	for _, s := range in.Stops {
		if !s.Until.IsZero() && s.Until.Before(s.From) {
			return fault.New(fault.Invalid, "fault.treaty.stop", "rule", string(l.Rule))
		}
	}
	if r := in.Restart; r != nil {
		if l.Restart == nil || !slices.Contains(l.Restart.On, r.Event) {
			return fault.New(fault.Invalid, "fault.treaty.no-restart", "rule", string(l.Rule), "event", string(r.Event))
		}
		if l.Restart.Limit > 0 {
			k.r.Limit = l.Restart.Limit
		}
		k.r.Start = r.At
	}
	if in.Extension == nil {
		return nil
	}
	return k.grant(*in.Extension)
}

func (k *counter) grant(g Grant) error {
	x, refuse := k.l.Extension, func(key string, args ...string) error {
		return fault.New(fault.Invalid, key, append([]string{"rule", string(k.l.Rule)}, args...)...)
	}
	switch {
	case x == nil:
		return refuse("fault.treaty.no-extension")
	case g.By < 1:
		return refuse("fault.treaty.extension-size")
	case x.NeedsReason && g.Reason == "":
		return refuse("fault.treaty.extension-reason")
	case x.Max > 0 && x.Basis == Additional && g.By > x.Max, x.Max > 0 && x.Basis == Total && k.r.Limit+g.By > x.Max:
		return refuse("fault.treaty.extension-cap", "max", strconv.Itoa(x.Max), "basis", string(x.Basis))
	}
	if x.Unit != "" && x.Unit != k.r.Unit {
		k.extra, k.extraUnit = g.By, x.Unit
		return nil
	}
	k.r.Limit += g.By
	return nil
}

// pick takes the calendars whose working days the limit counts.
func (k *counter) pick(unit Unit) error {
	if unit != WorkingDay && k.extraUnit != WorkingDay && !k.l.RollsOver {
		return nil
	}
	who := k.l.Calendar
	if who == "" {
		who = OfRequested // a decision made “days” working days and names no calendar
	}
	if who == OfRequesting || who == OfBoth {
		k.calendars = append(k.calendars, k.in.Requesting)
	}
	if who == OfRequested || who == OfBoth {
		k.calendars = append(k.calendars, k.in.Requested)
	}
	for _, c := range k.calendars {
		if c == nil {
			return fault.New(fault.Missing, "fault.treaty.no-calendar", "rule", string(k.l.Rule), "whose", string(who))
		}
		k.r.Partial = k.r.Partial || c.Partial
	}
	return nil
}

func (k *counter) begin(decided bool) {
	start := DateOf(k.r.Start, k.r.Zone)
	if k.in.Restart != nil {
		k.note(Step{Key: "treaty.step.restart", From: start, Reason: string(k.in.Restart.Event)})
	} else {
		k.note(Step{Key: "treaty.step.start", From: start, Reason: string(k.l.StartsOn)})
	}
	if !decided {
		k.note(Step{Key: "treaty.step.undecided"})
	}
	if k.r.Unit == Hour {
		return
	}
	k.day = start
	switch {
	case !k.l.forward():
		k.step = -1
		k.day = start.AddDays(-1)
		k.note(Step{Key: "treaty.step.day-before", From: k.day})
	case k.l.FirstDay == SameDay:
		k.note(Step{Key: "treaty.step.same-day", From: k.day})
	default:
		k.day = start.AddDays(1)
		k.note(Step{Key: "treaty.step.day-after", From: k.day})
	}
	k.r.FirstDay = k.day
	k.noteExtension()
}

func (k *counter) noteExtension() {
	if x := k.in.Extension; x != nil {
		k.note(Step{Key: "treaty.step.extension", Count: x.By, Unit: cmp.Or(k.extraUnit, k.r.Unit)})
	}
}

func (k *counter) note(s Step) { k.r.Steps = append(k.r.Steps, s) }

// hours counts by the clock; a stop moves the end by its own length.
func (k *counter) hours() {
	d := time.Duration(k.r.Limit) * time.Hour
	k.noteExtension()
	if !k.l.forward() {
		d = -d
	}
	end := k.r.Start.Add(d)
	for _, s := range k.in.Stops {
		switch {
		case !s.From.Before(end) || s.From.Before(k.r.Start):
		case s.Until.IsZero():
			k.r.Stopped = true
			k.note(Step{Key: "treaty.step.standing", From: DateOf(s.From, k.r.Zone)})
			return
		default:
			end = end.Add(s.Until.Sub(s.From))
			k.note(Step{Key: "treaty.step.stopped", From: DateOf(s.From, k.r.Zone), To: DateOf(s.Until, k.r.Zone),
				Count: int(s.Until.Sub(s.From) / time.Hour), Unit: Hour})
		}
	}
	k.note(Step{Key: "treaty.step.hours", Count: k.r.Limit})
	k.r.EndsAt, k.r.LastDay = end, DateOf(end, k.r.Zone)
	k.r.FirstDay = DateOf(k.r.Start, k.r.Zone)
}

// months ends on the same-numbered day, or on the last day of a month that has none; each stopped day moves it by one.
func (k *counter) months() {
	start, n := DateOf(k.r.Start, k.r.Zone), k.r.Limit
	if k.r.Unit == Year {
		n *= 12
	}
	end := start.AddMonths(k.step * n)
	k.note(Step{Key: "treaty.step.same-number", From: start, To: end, Count: k.r.Limit, Unit: k.r.Unit})
	if k.l.FirstDay == SameDay && k.l.forward() {
		end = end.AddDays(-1)
	}
	first, stopped := Date{}, 0
	for d := k.r.FirstDay; k.l.forward() && !d.After(end); d = d.AddDays(1) {
		state := k.stop(d)
		if state == standing {
			k.r.Stopped = true
			k.note(Step{Key: "treaty.step.standing", From: d})
			return
		}
		if state == stoppedDay {
			if stopped++; first.IsZero() {
				first = d
			}
			end = end.AddDays(1)
		}
	}
	if stopped > 0 {
		k.note(Step{Key: "treaty.step.moved-by-stop", From: first, To: end, Count: stopped})
	}
	k.r.LastDay, k.day = end, end.AddDays(k.step)
}

// extend counts an extension whose unit is not the limit's: days needed until an obstacle ends, after months.
func (k *counter) extend() {
	if k.r.Stopped || k.err != nil {
		return
	}
	last := k.r.LastDay
	k.numbered, k.day = 0, last.AddDays(1) // only a limit that runs forwards is extended
	k.count(k.extra, k.extraUnit == WorkingDay)
	k.r.EndsAt = k.r.EndsAt.AddDate(0, 0, k.r.LastDay.Sub(last)) // of hours: the same time of day
}

// roll moves the last day to the next working day where, and only where, the file says so (design.md 5.3).
func (k *counter) roll() {
	if !k.l.RollsOver || k.r.Stopped || k.err != nil {
		return
	}
	for d := k.r.LastDay; ; d = d.AddDays(1) {
		if free, _ := k.free(d); !free || k.err != nil {
			if d != k.r.LastDay {
				k.note(Step{Key: "treaty.step.rolled", From: k.r.LastDay, To: d})
			}
			k.r.LastDay = d
			return
		}
	}
}

func (k *counter) finish() {
	if k.r.Stopped {
		k.r.Counted = k.numbered
		return
	}
	if k.r.Unit != Hour {
		k.r.EndsAt = k.r.LastDay.End(k.r.Zone)
	}
	key := "treaty.step.end"
	switch {
	case k.l.Direction == Backward:
		key = "treaty.step.latest"
	case k.l.Bound == AtLeast:
		key = "treaty.step.not-before"
	}
	if k.r.Unit == Hour {
		key += "-hour"
	}
	k.note(Step{Key: key, From: k.r.LastDay, To: k.r.LastDay.AddDays(1)})
}
