package casework

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/person"
)

// RecordReturn enters the return into this state's count. Its categories follow from the case; an officer
// signs them. Env.ID names the record: nothing in it leads back to the person.
type RecordReturn struct{}

func (RecordReturn) about() about {
	return about{name: "record-return", side: Requesting, roles: statRoles, late: true}
}

func (RecordReturn) decide(s *State, env *Env) ([]act.Statement, error) {
	o := s.outcome()
	switch {
	case o != Returned && o != Left:
		return nil, fault.New(fault.Conflict, "fault.case.not-returned")
	case s.Return != nil && !s.Return.Retracted:
		return nil, fault.New(fault.Conflict, "fault.case.counted")
	case env.ID == "":
		return nil, fault.New(fault.Invalid, "fault.case.environment")
	}
	r := s.counted(env)
	r.ID = env.ID
	return one(s.own(domestic.ReturnRecorded, &domestic.ReturnRecord{Return: r})), nil
}

// counted puts the case into the categories of the official tables. The date is the day of departure.
func (s *State) counted(env *Env) domestic.CountedReturn {
	at := s.departure()
	day := person.DateOf(at.In(env.Law.Location()))
	r := domestic.CountedReturn{Departed: day.String(), Type: s.returnType(at), Nationality: s.Particulars.Nationalities[0],
		Age: ageBand(s.Particulars.Birth, day), Sex: sexCode(s.Particulars.Sex), DestinationGroup: s.destinationGroup(), Destination: s.Destination}
	r.Offender = s.Offender != nil && s.Offender.Offender
	return r
}

func (s *State) departure() time.Time {
	switch {
	case s.Departed != nil:
		return s.Departed.At
	case s.Accepted != nil:
		return s.Accepted.Mark.At
	}
	return time.Time{}
}

// returnType is the official type: port, then the person's own will, then where the removal began.
func (s *State) returnType(at time.Time) string {
	switch {
	case s.Route == RefusedAtPort && s.PortRefusal != nil && s.PortRefusal.Place == "juxtaposed":
		return "juxtaposed"
	case s.Route == RefusedAtPort:
		return "uk-ports"
	case s.Consent != nil && !s.Consent.Withdrawn.Is() && s.Consent.Assistance:
		return "assisted"
	case s.willing():
		return "controlled"
	case s.Route == VerifiedDeparture, s.Route == OtherDestination && s.booking() == nil:
		return "other-verified"
	case s.Detention != nil && (!s.Detention.Ended.Is() || s.Detention.How == "departed" || s.Detention.Ended.At.After(at)):
		return "enforced-detention"
	}
	return "enforced-non-detained"
}

func ageBand(birth, day person.Date) string {
	years, sure := birth.Years(day)
	if !sure && birth.Month == 0 {
		older := person.On(birth.Year, 1, 1)
		if y, _ := older.Years(day); birth.Year == 0 || band(y) != band(years) {
			return "unknown"
		}
	}
	return band(years)
}

func band(years int) string {
	switch {
	case years < 18:
		return "0-17"
	case years < 30:
		return "18-29"
	case years < 50:
		return "30-49"
	case years < 70:
		return "50-69"
	}
	return "70+"
}

func sexCode(sex string) string {
	switch sex {
	case "F":
		return "female"
	case "M":
		return "male"
	}
	return "unknown"
}

// members of the European Union since 2020, by ISO 3166-1 alpha-3.
var union = map[string]bool{"AUT": true, "BEL": true, "BGR": true, "HRV": true, "CYP": true, "CZE": true, "DNK": true, "EST": true,
	"FIN": true, "FRA": true, "DEU": true, "GRC": true, "HUN": true, "IRL": true, "ITA": true, "LVA": true, "LTU": true, "LUX": true,
	"MLT": true, "NLD": true, "POL": true, "PRT": true, "ROU": true, "SVK": true, "SVN": true, "ESP": true, "SWE": true}

func (s *State) destinationGroup() string {
	switch {
	case len(s.Particulars.Nationalities) > 0 && s.Destination == s.Particulars.Nationalities[0]:
		return "home"
	case union[s.Destination]:
		return "eu"
	}
	return "other"
}

// CorrectReturn replaces what is counted; the reason is coded.
type CorrectReturn struct {
	Return domestic.CountedReturn
	Reason string
}

func (CorrectReturn) about() about {
	return about{name: "correct-return", side: Requesting, roles: statRoles, late: true}
}

func (c CorrectReturn) decide(s *State, env *Env) ([]act.Statement, error) {
	d, dateErr := person.ParseDate(c.Return.Departed)
	if err := all(s.counts(c.Return.ID), need("reason", c.Reason, []string{"reclassified", "date", "personal-detail", "offender-flag"}),
		when(dateErr != nil || !d.Exact() || env.day().Before(d), "fault.case.date", "field", "departed")); err != nil {
		return nil, err
	}
	return one(s.own(domestic.ReturnCorrected, &domestic.ReturnCorrection{Return: c.Return, Reason: c.Reason})), nil
}

func (s *State) counts(id act.ID) error {
	return when(s.Return == nil || s.Return.Retracted || s.Return.Record != id, "fault.case.not-counted")
}

// RetractReturn takes the return out of the count.
type RetractReturn struct {
	Record act.ID
	Reason string
}

func (RetractReturn) about() about {
	return about{name: "retract-return", side: Requesting, roles: statRoles, late: true}
}

func (c RetractReturn) decide(s *State, env *Env) ([]act.Statement, error) {
	if err := all(s.counts(c.Record), need("reason", c.Reason, []string{"duplicate", "did-not-depart"})); err != nil {
		return nil, err
	}
	return one(s.own(domestic.ReturnRetracted, &domestic.ReturnRetraction{ID: c.Record, Reason: c.Reason})), nil
}
