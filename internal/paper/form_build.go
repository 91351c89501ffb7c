package paper

import (
	"slices"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

// FormInput is what a paper is written from: one case as this node holds it.
type FormInput struct {
	Kind      FormKind
	Own       string // code of this node's authority
	State     casework.State
	Events    []act.Event
	Officers  map[act.ID]string // names on the rosters
	Agreement *treaty.Agreement
	Law       *treaty.Law
	Remedies  []Remedy // stated by the authority; for a refusal only
	Transit   []string // states of transit, for a transit request only
}

// BuildForm writes a paper. One whose act is not signed yet can be looked at as a draft where the file holds
// enough for it; a reply, a report or a record of what has not happened does not exist.
func BuildForm(in FormInput) (*Form, error) {
	if !in.Kind.Known() {
		return nil, fault.New(fault.Missing, "fault.paper.kind", "kind", string(in.Kind))
	}
	if in.Kind.ForPerson() && in.State.SideOf(in.Own) != casework.Requesting {
		return nil, fault.New(fault.Denied, "fault.paper.side")
	}
	f := &Form{Schema: formSchema, Kind: in.Kind, Case: in.State.Case, Requesting: in.State.Requesting, Requested: in.State.Requested,
		Agreement: in.treaty(), Withheld: []string{}}
	base, ok := content(&in, f)
	if f.Content == nil {
		return nil, fault.New(fault.Missing, "fault.paper.nothing", "kind", string(in.Kind))
	}
	if !ok {
		f.withhold("paper.draft.not-signed")
		return f, nil
	}
	f.Act = in.reference(base)
	if f.Act.Joint && f.Act.Received.IsZero() {
		f.withhold("paper.draft.not-countersigned")
	}
	return f, nil
}

func (f *Form) withhold(key string) {
	if !slices.Contains(f.Withheld, key) {
		f.Withheld = append(f.Withheld, key)
	}
}

// forms of the agreement files behind the papers.
var treatyForms = map[FormKind]string{ApplicationForm: "request", NotificationForm: "communication", ReplyForm: "reply", TransferForm: "notice",
	DocumentForm: "travel-document", TransitForm: "transit"}

func (in *FormInput) treaty() Treaty {
	a := in.Agreement
	if a == nil {
		return Treaty{}
	}
	t := Treaty{ID: a.ID, Version: a.Version.String(), TitleEn: a.Title.En, TitleSq: a.Title.Sq, StandIn: a.StandIn,
		Requested: a.Zones[in.State.Requested], Own: a.Zones[in.State.Requesting]}
	for _, form := range a.Forms {
		if form.Form == treatyForms[in.Kind] {
			t.Annex, t.Article = form.Annex, form.Article
		}
	}
	return t
}

func (in *FormInput) reference(e act.Event) Reference {
	return Reference{ID: e.ID, Kind: string(e.Kind), Signed: e.Made.UTC(), Officer: in.Officers[e.Officer.ID], Role: e.Officer.Role,
		Authority: e.Officer.Authority, Received: e.Receipt.UTC(), Joint: e.Scope == act.Joint}
}

// last finds the last act of some kinds.
func (in *FormInput) last(kinds ...act.Kind) (act.Event, bool) {
	for i := len(in.Events) - 1; i >= 0; i-- {
		if slices.Contains(kinds, in.Events[i].Kind) {
			return in.Events[i], true
		}
	}
	return act.Event{}, false
}

// content fills the form; ok is false while its act is not signed.
func content(in *FormInput, f *Form) (act.Event, bool) {
	fill := map[FormKind]func(*FormInput, *Form) (act.Event, bool){ApplicationForm: application, NotificationForm: notification, ReplyForm: reply,
		InterviewForm: interview, RecordForm: criminalRecord, DocumentForm: travelDocument, TransferForm: transfer, TransitForm: transit,
		HandoverForm: handover, RefusalForm: refusal, DepartureForm: departure}[in.Kind]
	return fill(in, f)
}

// IdentityOf writes particulars as the forms ask for them.
func IdentityOf(p person.Particulars) Identity {
	main := p.Main()
	id := Identity{Surname: main.Family, GivenNames: main.Given, Sex: p.Sex, Birth: p.Birth.String(), BirthPlace: p.BirthPlace,
		BirthCountry: p.BirthCountry, Nationalities: p.Nationalities, FatherName: p.FatherName, MotherName: p.MotherName,
		LastResidence: p.LastResidence, CivilStatus: p.CivilStatus, Languages: p.Languages}
	for _, n := range p.Names {
		switch n.Kind {
		case "maiden":
			id.MaidenName = n.String()
		case "former":
			id.EarlierNames = append(id.EarlierNames, n.String())
		case "alias":
			id.Aliases = append(id.Aliases, n.String())
		}
	}
	return id
}

func paperOf(d person.Document) Paper {
	return Paper{Type: d.Type, Number: d.Number, Issuer: d.Issuer, Issued: d.Issued.String(), ValidUntil: d.ValidUntil.String(), OneJourney: d.OneJourney}
}

func wayOf(j joint.Journey) Way {
	return Way{Means: j.Means, Carrier: j.Carrier, Number: j.Number, From: j.From, To: j.To, Departs: j.Departs.UTC(), Arrives: j.Arrives.UTC(), Stops: j.Stops}
}

func bookingWay(b *casework.Booking) Way {
	return wayOf(joint.Journey{Means: b.Means, Carrier: b.Carrier, Number: b.Number, From: b.From, To: b.To, Departs: b.Departs, Arrives: b.Arrives, Stops: b.Stops})
}

// agreedNeeds are the needs that the person agreed to share.
func agreedNeeds(needs []domestic.Need) []string {
	list := []string{}
	for _, n := range needs {
		if n.Shared {
			list = append(list, n.Type)
		}
	}
	slices.Sort(list)
	return list
}

// asked is who the last application or notification was about: what was sent, not what is known by now.
func (in *FormInput) asked() Identity {
	if e, ok := in.last(joint.CaseRequested, joint.CaseNotified, joint.CaseCorrected); ok {
		switch b := e.Body.(type) {
		case *joint.Request:
			return IdentityOf(b.Person)
		case *joint.Notification:
			return IdentityOf(b.Person)
		case *joint.Correction:
			return IdentityOf(b.Person)
		}
	}
	return IdentityOf(in.State.Particulars)
}

// consent says since when the other State agrees, and how.
func (in *FormInput) consent() (string, time.Time) {
	s := &in.State
	switch {
	case s.Reply.Is() && s.Reply.Positive:
		return "reply", s.Reply.At.UTC()
	case s.Relied.Is():
		return "deemed", s.ReliedDue.UTC()
	case s.Request.Is() && s.Request.Notification:
		return "not-needed", s.Request.At.UTC()
	}
	return "none", time.Time{}
}
