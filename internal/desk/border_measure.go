package desk

import (
	"context"
	"slices"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/border/criteria"
	"countersign/internal/border/measure"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// ActivateMeasure puts a rulebook to work at named crossing points for a period. Rulebook is the file's id; the act
// names its hash, so that an appeal finds the very text.
func (b *Border) ActivateMeasure(ctx context.Context, who Session, m domestic.BorderMeasure) error {
	return b.perform(ctx, who, func(t *turn) error {
		if err := t.allow("open-lane", access.Resource{Type: "border-measure", Domestic: true}); err != nil {
			return err
		}
		book := b.book(m.Rulebook)
		switch {
		case book == nil:
			return fault.New(fault.Missing, "fault.border.rulebook", "rule", m.Rulebook, "field", "id")
		case m.Measure == "" || len(m.Points) == 0 || !m.Until.After(m.From) || m.Until.Before(t.tx.Now):
			return fault.New(fault.Invalid, "fault.border.period")
		}
		if err := b.knownPoints(m.Points); err != nil {
			return err
		}
		m.Rulebook = book.ID + "@" + book.Hash
		_, err := t.say(act.Statement{Scope: act.Domestic, Kind: domestic.BorderMeasureActivated, Body: &m})
		return err
	})
}

func (b *Border) book(id string) *criteria.Book {
	for _, book := range slices.Concat(b.Books, b.Measures) {
		if book.ID == id {
			return book
		}
	}
	return nil
}

// knownPoint holds a lane to the register where the state has one.
func (b *Border) knownPoint(point string) error {
	if b.Points == nil {
		return nil
	}
	return b.knownPoints([]string{point})
}

func (b *Border) knownPoints(points []string) error {
	if b.Points == nil {
		return fault.New(fault.Missing, "fault.border.register", "state", b.Authority)
	}
	_, err := b.Points.Covered(points)
	return err
}

// measureAt is the measure under which a check is made, with the rulebooks that count there and then.
func (b *Border) measureAt(q store.Querier, point string, direction criteria.Direction, at time.Time) (act.ID, []*criteria.Book, error) {
	rows, err := store.Measures(q)
	if err != nil {
		return "", nil, err
	}
	books := b.Books
	var under act.ID
	for _, m := range rows {
		if at.Before(m.From) || !at.Before(m.Until) || !slices.Contains(m.Points, point) {
			continue
		}
		for _, book := range slices.Concat(b.Books, b.Measures) {
			if book.ID+"@"+book.Hash != m.Rulebook || book.Direction != direction {
				continue
			}
			under = m.Measure
			if !slices.Contains(books, book) {
				books = append(slices.Clip(books), book)
			}
		}
	}
	return under, books, nil
}

// MeasureAt tells a lane's installer which measure and rulebooks count at a point.
func (b *Border) MeasureAt(point string, direction criteria.Direction, at time.Time) (act.ID, []*criteria.Book, error) {
	return b.measureAt(b.Store, point, direction, at)
}

// MeasureDay counts one day of a measure at this state's crossing points. It is for this state's officers: what the
// other state sees is what ShareCounts says.
func (b *Border) MeasureDay(_ context.Context, who Session, id act.ID, day string) (*measure.Counts, error) {
	if err := b.allow(who, "view-measures", access.Resource{Type: "measure"}); err != nil {
		return nil, err
	}
	return b.countDay(b.Store, id, day)
}

func (b *Border) countDay(q store.Querier, id act.ID, day string) (*measure.Counts, error) {
	from, err := time.ParseInLocation(time.DateOnly, day, b.Zone)
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.border.day", "value", day)
	}
	rows, err := store.ChecksOf(q, id, from, from.AddDate(0, 0, 1))
	if err != nil {
		return nil, err
	}
	c := measure.NewCounts(day)
	for _, r := range rows {
		ref := domestic.BorderCheckRef{Check: r.ID, Point: r.Point, Measure: r.Measure, Rules: r.Rules}
		e := act.Event{Kind: domestic.BorderDecided, Occurred: r.At, Body: &domestic.BorderDecision{BorderCheckRef: ref, Decision: r.Decision}}
		if r.Decision == "refuse" {
			e.Kind, e.Body = domestic.BorderRefused, &domestic.BorderRefusal{BorderCheckRef: ref, Rule: r.Ground}
		}
		c.Add(e, b.Zone)
	}
	return c, nil
}

// ShareCounts gives both states the totals of one day of a measure: rounded, small cells left out, nobody's
// nationality, and nothing about alerts or referrals. It can be given again when the day was corrected.
func (b *Border) ShareCounts(ctx context.Context, who Session, id act.ID, day string) (*joint.BorderCounts, error) {
	var out *joint.BorderCounts
	return out, b.perform(ctx, who, func(t *turn) error {
		if err := t.allow("account-measure", access.Resource{Type: "measure"}); err != nil {
			return err
		}
		c, err := b.countDay(t.tx, id, day)
		if err != nil {
			return err
		}
		if len(c.Checks) == 0 {
			return fault.New(fault.Missing, "fault.border.no-counts", "day", day)
		}
		out = c.Joint(id)
		_, err = t.say(act.Statement{Scope: act.Joint, Kind: joint.BorderCounted, Case: id, Body: out})
		return err
	})
}

// SharedCounts are the totals of a measure that both states hold.
func (b *Border) SharedCounts(who Session, id act.ID) ([]store.CountsRow, error) {
	if err := b.allow(who, "view-measures", access.Resource{Type: "measure"}); err != nil {
		return nil, err
	}
	return store.CountsOf(b.Store, id)
}

// Activations are the measures that were put to work here.
func (b *Border) Activations(who Session) ([]store.MeasureRow, error) {
	if err := b.allow(who, "view-measures", access.Resource{Type: "measure"}); err != nil {
		return nil, err
	}
	return store.Measures(b.Store)
}

// Register is the state's crossing points with the share of them that measures of the time cover.
func (b *Border) Register(who Session, at time.Time) (*measure.Register, []measure.Coverage, []string, error) {
	rows, err := b.Activations(who)
	if err != nil {
		return nil, nil, nil, err
	}
	if b.Points == nil {
		return nil, nil, nil, fault.New(fault.Missing, "fault.border.register", "state", b.Authority)
	}
	var points []string
	for _, m := range rows {
		if at.Before(m.From) || !at.Before(m.Until) {
			continue
		}
		for _, p := range m.Points {
			if !slices.Contains(points, p) {
				points = append(points, p)
			}
		}
	}
	slices.Sort(points)
	covered, err := b.Points.Covered(points)
	return b.Points, covered, points, err
}
