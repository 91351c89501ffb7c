package api

import (
	"context"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border/criteria"
	"countersign/internal/border/stay"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// CheckView is a check for the officer in the second line. Reading it is recorded.
type CheckView struct {
	Check    act.ID     `json:"check"`
	Point    string     `json:"point,omitempty"`
	Decision string     `json:"decision" doc:"allow, second-line or refuse; empty: none yet"`
	Answer   string     `json:"answer,omitempty" doc:"what the lists, the document and the criteria say; absent: forgotten, as the law asks"`
	Findings []Found    `json:"findings"`
	Proposed bool       `json:"refusal_proposed" doc:"waits for another officer with another role"`
	Referred bool       `json:"referred" doc:"handed to those who protect"`
	Reviews  []string   `json:"reviews"`
	At       *time.Time `json:"at,omitempty"`
}

// Found is one reason of a check.
type Found struct {
	Key        string `json:"key"`
	Part       string `json:"part"`
	Effect     string `json:"effect"`
	Next       string `json:"next" doc:"catalogue key of what to do"`
	LegalBasis string `json:"legal_basis,omitempty"`
}

// Counts are the totals of one day of a measure, rounded and with small cells left out, as both states hold them.
type Counts struct {
	Authority string    `json:"authority"`
	Measure   act.ID    `json:"measure"`
	Day       string    `json:"day"`
	At        time.Time `json:"at"`
}

// Activation is a measure that was put to work at crossing points.
type Activation struct {
	Measure  act.ID    `json:"measure"`
	Rulebook string    `json:"rulebook"`
	Points   []string  `json:"points"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
}

// traveller is what a check is made on.
type traveller struct {
	Zone        []string       `json:"zone"`
	Point       string         `json:"point"`
	Direction   string         `json:"direction"`
	Destination []string       `json:"destination"`
	Facts       map[string]any `json:"facts"`
	Planned     string         `json:"planned"`
}

type facts struct {
	Facts map[string]any `json:"facts"`
}

type refusal struct {
	Rule           string            `json:"rule"`
	Reasons        map[string]string `json:"reasons"`
	Proportional   map[string]string `json:"proportionality"`
	Remedy         map[string]string `json:"remedy"`
	PersonLanguage string            `json:"person_language"`
	CopyGiven      bool              `json:"copy_given"`
	ComplaintGiven bool              `json:"complaint_leaflet_given"`
}

type given struct {
	CopyGiven      bool `json:"copy_given"`
	ComplaintGiven bool `json:"complaint_leaflet_given"`
}

type reviewed struct {
	Outcome string `json:"outcome"`
	Reasons string `json:"reasons"`
}

type referred struct {
	To string `json:"to"`
}

type cleared struct {
	List    string `json:"list"`
	Ref     string `json:"ref"`
	Reasons string `json:"reasons"`
}

type counted struct {
	Day string `json:"day"`
}

type none struct{}

const tagBorder = "border"

// noBorder answers where the authority has no crossing points.
func (s *service) atBorder() (*desk.Border, error) {
	if s.Border == nil {
		return nil, fault.New(fault.Unavailable, "fault.api.no-border")
	}
	return s.Border, nil
}

// border registers the check at a crossing point and the decisions about it. A refusal is an officer's, never the
// program's: it needs the rule, the reasons about this person, and a second officer where the law asks for one.
func (s *service) border() {
	get(s, "check", "/checks/{id}", tagBorder, "A check with its reasons and decisions", s.check)
	get(s, "border-measures", "/border/measures", tagBorder, "Measures at the crossing points", s.activations)
	get(s, "border-counts", "/border/measures/{id}/counts", tagBorder, "Days of a measure whose totals both states hold", s.counts)
	at := func(id, path, summary string, body any, do func(ctx context.Context, b *desk.Border, who desk.Session, id act.ID, body any) error) deed {
		return deed{id, path, tagBorder, summary, body, func(ctx context.Context, who desk.Session, thing string, body any) error {
			b, err := s.atBorder()
			if err != nil {
				return err
			}
			return do(ctx, b, who, act.ID(thing), body)
		}}
	}
	s.deeds(
		at("open-check", "/checks", "Make a check of one traveller", traveller{}, func(ctx context.Context, b *desk.Border, who desk.Session, _ act.ID, x any) error {
			t := x.(traveller)
			v := desk.Traveller{Zone: t.Zone, Point: t.Point, Direction: criteria.Direction(t.Direction), Destination: t.Destination, Facts: t.Facts}
			if t.Planned != "" {
				day, err := stay.Parse(t.Planned)
				if err != nil {
					return fault.New(fault.Invalid, "fault.border.day", "value", t.Planned).Because(err)
				}
				v.Planned = day
			}
			_, err := b.OpenCheck(ctx, who, v)
			return err
		}),
		at("record-finding", "/checks/{id}/findings", "Add what the officer asked or saw", facts{}, func(ctx context.Context, b *desk.Border, who desk.Session, id act.ID, x any) error {
			_, err := b.RecordFinding(ctx, who, id, x.(facts).Facts)
			return err
		}),
		at("allow-traveller", "/checks/{id}/allow", "Let the traveller go on", none{}, func(ctx context.Context, b *desk.Border, who desk.Session, id act.ID, _ any) error {
			return b.Allow(ctx, who, id)
		}),
		at("second-line", "/checks/{id}/second-line", "Ask the traveller to come to an officer with time", none{}, func(ctx context.Context, b *desk.Border, who desk.Session, id act.ID, _ any) error {
			return b.SendToSecondLine(ctx, who, id)
		}),
		at("refuse-traveller", "/checks/{id}/refusal", "Propose a refusal on the standard form, or make it where one officer may", refusal{}, func(ctx context.Context, b *desk.Border, who desk.Session, id act.ID, x any) error {
			r := x.(refusal)
			return b.Refuse(ctx, who, id, r.Rule, domestic.BorderRefusal{Reasons: r.Reasons, Proportionality: r.Proportional, Remedy: r.Remedy,
				PersonLanguage: r.PersonLanguage, CopyGiven: r.CopyGiven, ComplaintGiven: r.ComplaintGiven})
		}),
		at("confirm-refusal", "/checks/{id}/refusal/confirmation", "The second officer makes a proposed refusal one", given{}, func(ctx context.Context, b *desk.Border, who desk.Session, id act.ID, x any) error {
			return b.ConfirmRefusal(ctx, who, id, x.(given).CopyGiven, x.(given).ComplaintGiven)
		}),
		at("review-refusal", "/checks/{id}/review", "Look at a decision again", reviewed{}, func(ctx context.Context, b *desk.Border, who desk.Session, id act.ID, x any) error {
			return b.ReviewDecision(ctx, who, id, x.(reviewed).Outcome, x.(reviewed).Reasons)
		}),
		at("refer-traveller", "/checks/{id}/referral", "Hand a person to those who protect; it appears in no count", referred{}, func(ctx context.Context, b *desk.Border, who desk.Session, id act.ID, x any) error {
			return b.Refer(ctx, who, id, x.(referred).To)
		}),
		at("clear-match", "/checks/{id}/clearance", "Record that an alert means another person", cleared{}, func(ctx context.Context, b *desk.Border, who desk.Session, id act.ID, x any) error {
			c := x.(cleared)
			return b.ClearMatch(ctx, who, id, c.List, c.Ref, c.Reasons)
		}),
		at("share-counts", "/border/measures/{id}/counts", "Give both states the totals of one day of a measure", counted{}, func(ctx context.Context, b *desk.Border, who desk.Session, id act.ID, x any) error {
			_, err := b.ShareCounts(ctx, who, id, x.(counted).Day)
			return err
		}),
	)
}

func (s *service) check(ctx context.Context, in *thingIn) (*body[CheckView], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	b, err := s.atBorder()
	if err != nil {
		return nil, err
	}
	d, err := b.ViewDecision(ctx, who, act.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &body[CheckView]{checkOf(d)}, nil
}

func checkOf(d *desk.Decided) CheckView {
	v := CheckView{Check: d.ID, Point: d.Row.Point, Decision: d.State.Decision, Proposed: d.State.Proposed != nil && d.State.Decision == "",
		Referred: d.State.Referred, Findings: []Found{}, Reviews: append([]string{}, d.State.Reviews...)}
	if d.Check == nil {
		return v
	}
	at := d.Check.Traveller.At.UTC()
	v.At, v.Point = &at, d.Check.Traveller.Point
	if r := d.Check.Result; r != nil {
		v.Answer = string(r.Answer.Word)
		for _, f := range r.Findings {
			v.Findings = append(v.Findings, Found{Key: f.Key, Part: string(f.Part), Effect: string(f.Effect), Next: f.Next, LegalBasis: f.LegalBasis})
		}
	}
	return v
}

func (s *service) activations(ctx context.Context, in *registerIn) (*body[Pages[Activation]], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	b, err := s.atBorder()
	if err != nil {
		return nil, err
	}
	all, err := b.Activations(who)
	if err != nil {
		return nil, err
	}
	return paged(in.Page, "/border/measures", all, func(m store.MeasureRow) Activation {
		return Activation{m.Measure, m.Rulebook, append([]string{}, m.Points...), m.From.UTC(), m.Until.UTC()}
	}), nil
}

type countsIn struct {
	WithPurpose
	WithLanguage
	Page
	ID string `path:"id" format:"uuid"`
}

func (s *service) counts(ctx context.Context, in *countsIn) (*body[Pages[Counts]], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	b, err := s.atBorder()
	if err != nil {
		return nil, err
	}
	all, err := b.SharedCounts(who, act.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return paged(in.Page, "/border/measures/"+in.ID+"/counts", all, func(c store.CountsRow) Counts {
		return Counts{c.Authority, c.Measure, c.Day, c.At.UTC()}
	}), nil
}
