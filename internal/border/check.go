package border

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"countersign/internal/border/alert"
	"countersign/internal/border/criteria"
	"countersign/internal/border/screen"
	"countersign/internal/border/stay"
	"countersign/internal/person"
)

// Input is everything a check rests on. Nothing else enters: the same input gives the same result.
type Input struct {
	Now     time.Time
	Zone    *time.Location // of the crossing point: the day of the check is a day there
	MRZ     *person.MRZ    // nil: no readable zone
	Journey criteria.Journey
	Facts   criteria.Facts // what the officer has asked and seen
	Books   []*criteria.Book
	Index   *screen.Index // nil: no lists at this lane
	Absent  []string      // lists that should be in Index and could not be read
	Cleared Cleared       // nil: nothing remembered
	Stays   []stay.Stay
	Planned stay.Day // planned departure from the destination; 0 unknown
	Issued  stay.Day // date of issue of the document; 0 unknown
}

// Check joins document, alerts, criteria and stay. The searcher is the caller's scratch memory.
func Check(in *Input, s *screen.Searcher) *Result {
	r := &Result{}
	zone := in.Zone
	if zone == nil {
		zone = time.UTC
	}
	today := stay.DayOf(in.Now.In(zone))
	in.Journey.Day = today.String()
	facts := maps.Clone(in.Facts)
	if facts == nil {
		facts = criteria.Facts{}
	}
	set := func(name string, v criteria.Value) { // an officer's own finding is not overwritten
		if facts[name].Kind == criteria.Missing {
			facts[name] = v
		}
	}
	for _, f := range unlessSaid {
		set(f, criteria.Is(false))
	}
	r.document(in, today, set)
	r.stays(in, today, set)
	r.alerts(in, s, set)
	r.criteria(in, facts)
	r.settle()
	return r
}

func (r *Result) add(f Finding) { r.Findings = append(r.Findings, f) }

// document says what the zone certainly shows, and what it does not.
func (r *Result) document(in *Input, today stay.Day, set func(string, criteria.Value)) {
	m := in.MRZ
	if m == nil {
		r.add(Finding{Part: PartDocument, Key: "border.finding.no-zone", Certainty: NotKnown, Effect: criteria.Ask, Next: "border.next.read-again"})
		return
	}
	for f, d := range m.Digits {
		if d.Holds() {
			continue
		}
		key, certainty := "border.finding.digit-wrong", Certain
		if d == person.DigitAmbiguous {
			key, certainty = "border.finding.digit-ambiguous", NotKnown
		}
		r.add(Finding{Part: PartDocument, Key: key, Args: map[string]string{"field": person.DigitField(f).String()},
			Certainty: certainty, Effect: criteria.SecondLine, Next: "border.next.read-again", LegalBasis: "ICAO Doc 9303-3, 4.9"})
	}
	for _, fix := range m.Repairs() {
		r.add(Finding{Part: PartDocument, Key: "border.finding.repaired", Args: map[string]string{"line": fmt.Sprint(fix.Line), "column": fmt.Sprint(fix.Column),
			"from": string(fix.From), "to": string(fix.To)}, Certainty: Certain, Effect: criteria.Info, Next: "border.next.compare-print", LegalBasis: "ICAO Doc 9303-3, 4.9"})
	}
	r.notes(m)
	// A wrong digit may be a misread zone: the document is not called invalid before an officer has looked.
	if m.Holds() {
		set("document.invalid", criteria.Is(false))
	}
	if day, ok := dayOf(m.Expiry); ok {
		set("document.expired", criteria.Is(day < today))
		set("document.days_left", criteria.Num(float64(day-today)))
		if in.Planned != 0 {
			set("document.months_after_trip", criteria.Num(months(in.Planned, day)))
		}
		if day < today {
			r.add(Finding{Part: PartDocument, Key: "border.finding.expired", Args: map[string]string{"date": day.String()}, Certainty: Certain,
				Effect: criteria.SecondLine, Next: "border.next.second-line"})
		}
	}
	if in.Issued != 0 {
		set("document.issue_age_years", criteria.Num(months(in.Issued, today)/12))
	}
	set("document.kind", criteria.Str(kindOf(m)))
	if age, ok := ageOf(m.Birth, today); ok {
		set("traveller.age", criteria.Num(float64(age)))
	}
	if n := person.StateCode(m.Nationality()); n != "" && in.Journey.State != "" {
		set("traveller.national", criteria.Is(n == person.StateCode(in.Journey.State)))
	}
	r.add(Finding{Part: PartDocument, Key: "border.finding.chip", Certainty: NotKnown, Effect: criteria.Info, Next: "border.next.none"})
}

func (r *Result) notes(m *person.MRZ) {
	for _, n := range []struct {
		note person.MRZNote
		key  string
		next string
	}{
		{person.NoteTruncated, "border.finding.name-cut", "border.next.compare-print"},
		{person.NoteNameChars, "border.finding.name-chars", "border.next.compare-print"},
		{person.NoteBirthUnknown, "border.finding.birth-unknown", "border.next.ask-birth"},
		{person.NoteBirthInvalid, "border.finding.birth-invalid", "border.next.ask-birth"},
		{person.NoteExpiryInvalid, "border.finding.expiry-invalid", "border.next.compare-print"},
		{person.NoteCentury, "border.finding.century", "border.next.confirm-century"},
	} {
		if m.Notes&n.note == 0 || n.note == person.NoteCentury && m.Birth.Year > 1975 {
			continue
		}
		r.add(Finding{Part: PartDocument, Key: n.key, Certainty: NotKnown, Effect: criteria.Info, Next: n.next})
	}
	if m.Issuer() != "ALB" || m.Kind != person.TD3 && m.Kind != person.TD1 || m.Optional() == "" {
		return
	}
	number, _, _ := strings.Cut(m.Optional(), " ")
	for _, w := range person.CheckAlbanianNumber(number, m.Birth, m.Sex) {
		r.add(Finding{Part: PartDocument, Key: "border.finding.personal-number", Args: map[string]string{"what": string(w)},
			Certainty: Possible, Effect: criteria.Info, Next: "border.next.compare-print"})
	}
}

// alerts screens the traveller and says how old the lists are: an old list turns "nothing found" into
// "nothing found as of".
func (r *Result) alerts(in *Input, s *screen.Searcher, set func(string, criteria.Value)) {
	open := map[string]bool{} // facts that an officer still has to settle
	settle := func() {
		for _, fact := range confirmedFact {
			if !open[fact] { // no match of this kind: there is nothing to confirm
				set(fact, criteria.Is(false))
			}
		}
	}
	if in.Index == nil {
		settle()
		r.add(Finding{Part: PartData, Key: "border.finding.no-lists", Certainty: NotKnown, Effect: criteria.SecondLine, Next: "border.next.second-line"})
		return
	}
	limit := snapshotLimit(in.Books, in.Journey)
	usable := len(in.Absent) == 0
	for _, l := range in.Absent {
		r.Lists = append(r.Lists, ListAge{List: l})
		r.add(Finding{Part: PartData, Key: "border.finding.list-absent", Args: map[string]string{"list": l}, Certainty: NotKnown,
			Effect: criteria.SecondLine, Next: "border.next.second-line"})
	}
	for _, l := range in.Index.Lists() {
		age := in.Now.Sub(l.Issued)
		ok := age <= limit && age >= -clockTolerance && l.Valid(in.Now)
		usable = usable && ok
		r.Lists = append(r.Lists, ListAge{l.List, l.Version, age.Hours(), ok})
		if !ok {
			r.add(Finding{Part: PartData, Key: "border.finding.list-old", Args: map[string]string{"list": l.List, "issued": l.Issued.UTC().Format("2006-01-02 15:04")},
				Certainty: NotKnown, Effect: criteria.SecondLine, Next: "border.next.second-line"})
		}
	}
	if in.MRZ == nil {
		settle()
		return
	}
	q := QueryOf(in.MRZ)
	found := false
	for _, h := range in.Index.Search(s, &q, 20) {
		if h.Band == screen.NoFinding {
			continue
		}
		a, list := in.Index.Alert(&h)
		h.Before = in.Cleared.Has(&q, list.List, &a)
		e := evidence(in.Index, &h)
		f := Finding{Part: PartAlert, Key: "border.finding.alert-" + h.Band.String(), Args: map[string]string{"list": list.List, "ref": e.Ref},
			Certainty: Possible, Effect: criteria.SecondLine, Next: list.Action, LegalBasis: list.LegalBasis, Alert: e}
		if h.Before {
			f.Key, f.Effect, f.Next = "border.finding.alert-cleared", criteria.Info, "border.next.none"
		} else {
			found = true
			open[confirmedFact[list.Kind]] = true
		}
		r.add(f)
	}
	settle()
	if found || usable {
		set("alert.second_look", criteria.Is(found))
	}
}

// confirmedFact is what an officer settles by looking at a match of each kind of list. A match alone leaves it
// unknown: being on a list never refuses.
var confirmedFact = map[alert.Kind]string{
	alert.Wanted: "confirmed.warrant", alert.LostDocument: "confirmed.document_lost", alert.EntryBan: "confirmed.entry_ban",
	alert.CourtTravelBan: "confirmed.court_travel_ban", alert.ChildAbduction: "confirmed.child_abduction",
}

// unlessSaid are facts that an officer enters when there is something to enter.
var unlessSaid = []string{"history.inad_2_years", "history.deported_3_years", "history.no_ban_document_shown", "officer.threat_to_public_order", "trip.humanitarian"}

const clockTolerance = 5 * time.Minute

// snapshotLimit is the strictest age that the rulebooks of this check allow.
func snapshotLimit(books []*criteria.Book, j criteria.Journey) time.Duration {
	limit := 24 * time.Hour * 365
	for _, b := range books {
		if b.State == j.State && b.Direction == j.Direction {
			limit = min(limit, time.Duration(b.SnapshotAge)*time.Hour)
		}
	}
	return limit
}

// QueryOf is what a zone gives the screening.
func QueryOf(m *person.MRZ) screen.Query {
	surname, given := m.Names()
	return screen.Query{Name: strings.TrimSpace(given + " " + surname), NameCut: m.Notes&person.NoteTruncated != 0, Birth: m.Birth, Sex: m.Sex,
		Nationality: person.StateCode(m.Nationality()), Document: alert.Document{Number: m.Number(), State: person.StateCode(m.Issuer())}}
}

// stays counts days where a rulebook of the journey has a window.
func (r *Result) stays(in *Input, today stay.Day, set func(string, criteria.Value)) {
	if in.Stays == nil {
		return
	}
	for _, b := range in.Books {
		if b.Stay == nil || b.State != in.Journey.State && !slices.Contains(in.Journey.Destination, b.State) {
			continue
		}
		c, err := stay.Count(stay.Rule(*b.Stay), in.Stays, today)
		if err != nil {
			r.add(Finding{Part: PartStay, Key: "border.finding.stay-history", Certainty: NotKnown, Effect: criteria.Ask, Next: "border.next.ask-stays"})
			return
		}
		n := &StayNote{Used: c.Used, Left: c.Left, EarliestEntry: c.EarliestEntry.String()}
		if c.LatestDeparture != 0 {
			n.LatestDeparture = c.LatestDeparture.String()
		}
		r.Stay = n
		left := 0 // may the person be there today at all?
		if c.LatestDeparture != 0 {
			left = int(c.LatestDeparture-today) + 1
		}
		set("stay.days_used", criteria.Num(float64(c.Used)))
		set("stay.days_left", criteria.Num(float64(left)))
		if c.Overstay > 0 {
			r.add(Finding{Part: PartStay, Key: "border.finding.overstay", Args: map[string]string{"count": fmt.Sprint(c.Overstay), "date": c.FirstOver.String()},
				Certainty: Certain, Effect: criteria.Info, Next: "border.next.ask-stays", LegalBasis: b.ID})
		}
	}
}

// criteria turns the evaluations that ask for something into findings.
func (r *Result) criteria(in *Input, facts criteria.Facts) {
	r.evaluations = criteria.Evaluate(in.Books, in.Journey, facts)
	for i := range r.evaluations {
		e := &r.evaluations[i]
		if e.Effect == "" {
			continue
		}
		f := Finding{Part: PartCriterion, Key: "border.finding.criterion-" + string(e.State), Certainty: Certain, Effect: e.Effect, Next: nextOf(e),
			LegalBasis: e.Rule.LegalBasis, Mark: e.Rule.Mark, Reason: e.Rule.Reason, Satisfied: e.Rule.SatisfiedBy, Conflict: e.Rule.Conflict,
			Rule: e.Rule.ID, Rulebook: e.Book.ID + "@" + e.Book.Hash[:12], evaluation: e}
		if e.State != criteria.NotMet {
			f.Certainty = NotKnown
		}
		if e.Effect == criteria.MayRefuse {
			f.Support = e.Rule.Support
		}
		r.add(f)
	}
}

func nextOf(e *criteria.Evaluation) string {
	switch e.Effect {
	case criteria.Ask:
		return "border.next.ask"
	case criteria.SecondLine, criteria.MayRefuse:
		return "border.next.second-line"
	}
	return "border.next.none"
}

// settle puts the hardest findings first and derives the answer.
func (r *Result) settle() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return b.Effect.Rank() - a.Effect.Rank() })
	r.Answer = Clear
	if len(r.Findings) == 0 {
		return
	}
	switch r.Findings[0].Effect {
	case criteria.MayRefuse, criteria.SecondLine:
		r.Answer = SecondLine
	case criteria.Ask:
		r.Answer = AskMore
	}
}

func kindOf(m *person.MRZ) string {
	switch {
	case m.Kind == person.TD3 && m.Code() != "" && m.Code()[0] == 'P':
		return "passport"
	case m.Kind == person.MRVA || m.Kind == person.MRVB:
		return "visa"
	}
	return "card"
}

func dayOf(d person.MRZDate) (stay.Day, bool) {
	if !d.Complete() {
		return 0, false
	}
	return stay.DayOf(time.Date(int(d.Year), time.Month(d.Month), int(d.Day), 0, 0, 0, 0, time.UTC)), true
}

// ageOf is the age in full years. With a part of the date unknown it is given only if every possible day
// gives the same age.
func ageOf(d person.MRZDate, today stay.Day) (int, bool) {
	if d.Year == 0 {
		return 0, false
	}
	now := time.Unix(int64(today)*86400, 0).UTC()
	full := func(m, day int) int {
		n := now.Year() - int(d.Year)
		if int(now.Month()) < m || int(now.Month()) == m && now.Day() < day {
			n--
		}
		return n
	}
	m0, m1, d0, d1 := int(d.Month), int(d.Month), int(d.Day), int(d.Day)
	if d.Month == 0 {
		m0, m1 = 1, 12
	}
	if d.Day == 0 {
		d0, d1 = 1, 31
	}
	eldest, youngest := full(m0, d0), full(m1, d1)
	return youngest, eldest == youngest
}

// months counts calendar months from a to b with the fraction of the last one.
func months(a, b stay.Day) float64 {
	at, bt := time.Unix(int64(a)*86400, 0).UTC(), time.Unix(int64(b)*86400, 0).UTC()
	n := (bt.Year()-at.Year())*12 + int(bt.Month()) - int(at.Month())
	if bt.Day() < at.Day() && !lastOfMonth(bt) {
		n--
	}
	start := at.AddDate(0, n, 0)
	return float64(n) + max(bt.Sub(start).Hours()/24, 0)/31
}

func lastOfMonth(t time.Time) bool { return t.AddDate(0, 0, 1).Month() != t.Month() }
