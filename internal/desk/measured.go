package desk

import (
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/statistics/timeliness"

	"github.com/go-json-experiment/json"
)

// measured is what the dashboards count of one case: times and codes. It is projected with the case and sealed under
// the key of its person, because the reason of an ended attempt may tell of a claim or a victim.
type measured struct {
	Case         bool                     `json:"case,omitzero"` // something opened it
	Applications []timeliness.Application `json:"applications,omitempty"`
	Consents     []timeliness.Wait        `json:"consents,omitempty"`
	Ended        []timeliness.Ended       `json:"ended,omitempty"`
	Bookings     []timeliness.Booking     `json:"bookings,omitempty"`
	Documents    []timeliness.Document    `json:"documents,omitempty"`
	Barriers     []timeliness.Barrier     `json:"barriers,omitempty"`
	Met          casework.Met             `json:"met,omitzero"`
}

// caseMeasured is the place under which it is sealed.
func caseMeasured(id act.ID) string { return "cases/" + string(id) + "/measured" }

func (f dossier) measured() measured {
	if f.State.Case == "" {
		return measured{}
	}
	m := measured{Case: true, Met: f.State.Met()}
	m.replies(f.State)
	m.journey(f.State)
	m.stops(f)
	return m
}

// replies: an application counts from its receipt at the side that was asked; a withdrawn one waits no more.
func (m *measured) replies(s casework.State) {
	if !s.Request.Is() || s.Request.Notification || s.Request.Receipt.IsZero() {
		return
	}
	a := timeliness.Application{Requested: s.Requested, Receipt: s.Request.Receipt, Deemed: s.Relied.Is()}
	switch {
	case s.Reply.Is():
		a.Replied = s.Reply.At
	case s.Withdrawn.Is():
		return // nobody owes a reply; the withdrawal is no reply either
	}
	m.Applications = append(m.Applications, a)
}

func (m *measured) journey(s casework.State) {
	var left time.Time
	switch {
	case s.Departed != nil:
		left = s.Departed.At
	case s.Accepted != nil:
		left = s.Accepted.Mark.At
	}
	if s.Consent != nil && !s.Consent.Withdrawn.Is() && (!left.IsZero() || s.Outcome() == casework.Open) {
		m.Consents = append(m.Consents, timeliness.Wait{Start: s.Consent.Mark.At, End: left})
	}
	for _, b := range s.Bookings {
		booking := timeliness.Booking{Travel: b.Departs, Reason: b.Why, Cancelled: b.Cancelled.At}
		booking.Returned = s.Departed != nil && s.Departed.Booking == b.ID
		m.Bookings = append(m.Bookings, booking)
	}
	for _, doc := range s.Documents {
		if !doc.Peer {
			continue // the person's own passport is no travel document agreed for this return
		}
		x := timeliness.Document{Issued: doc.Mark.At, Used: doc.Used || !left.IsZero(), Withdrawn: doc.Cancelled.At}
		if y, mo, day := doc.ValidUntil.Year, doc.ValidUntil.Month, doc.ValidUntil.Day; y > 0 {
			x.ValidUntil = time.Date(y, time.Month(mo), day, 23, 59, 59, 0, time.UTC)
		}
		x.MayStay = s.Outcome() == casework.Withdrawn
		m.Documents = append(m.Documents, x)
	}
}

func (m *measured) stops(f dossier) {
	for _, a := range f.State.Attempts {
		m.Ended = append(m.Ended, timeliness.Ended{Reason: a.Reason, Stage: a.Stage, Day: a.Mark.At})
	}
	var held time.Time // when a seat was first held
	for _, b := range f.State.Bookings {
		if held.IsZero() || b.Mark.At.Before(held) {
			held = b.Mark.At
		}
	}
	for _, b := range f.barriers {
		b.AfterBooking = !held.IsZero() && b.Recorded.After(held)
		m.Barriers = append(m.Barriers, b)
	}
}

// barriersWith adds a barrier that an act set: when it could be known, and when it was recorded.
func barriersWith(all []timeliness.Barrier, e act.Event) []timeliness.Barrier {
	if e.Kind != domestic.BarrierSet {
		return all
	}
	return append(slices.Clip(all), timeliness.Barrier{Knowable: e.Occurred, Recorded: e.Recorded})
}

// sealMeasured seals what the dashboards count of a case.
func (t *turn) sealMeasured(f dossier) ([]byte, error) {
	plain, err := json.Marshal(f.measured(), json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	return t.Vault.Seal(t.tx, string(f.State.Person), caseMeasured(f.State.Case), plain)
}
