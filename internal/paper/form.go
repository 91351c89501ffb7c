package paper

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"countersign/internal/act"

	"github.com/go-json-experiment/json"
)

// FormKind names a paper of a return case.
type FormKind string

// The papers, with the acts behind them. A form of the agreement has the fields of facts/agreements.md,
// section 7; none has a field about asylum, and special needs are there only as the person agreed.
const (
	ApplicationForm  FormKind = "application"             // readmission application
	NotificationForm FormKind = "notification"            // communication instead of an application
	ReplyForm        FormKind = "reply"                   // agreed or refused
	InterviewForm    FormKind = "interview-report"        // interview by the requested State's mission
	RecordForm       FormKind = "criminal-record-request" // of its own type, with its own legal basis
	DocumentForm     FormKind = "travel-document-request"
	TransferForm     FormKind = "transfer-notice"
	TransitForm      FormKind = "transit-request" // through the other state to a third one
	HandoverForm     FormKind = "handover-record"
	RefusalForm      FormKind = "refusal"           // refusal with reasons and remedies, for the person
	DepartureForm    FormKind = "departure-details" // for the person, own-language copy first
)

// formSchema is the date of the papers' schemas, hashBytes how much of the version hash is printed.
const (
	formSchema = "2026-11-01"
	hashBytes  = 16
)

// FormKinds lists the papers in the order of a return.
var FormKinds = []FormKind{ApplicationForm, NotificationForm, InterviewForm, ReplyForm, RefusalForm, RecordForm, DocumentForm,
	TransitForm, DepartureForm, TransferForm, HandoverForm}

// Known tells whether the kind is one of the papers.
func (k FormKind) Known() bool { return slices.Contains(FormKinds, k) }

// ForPerson tells whether the paper is given to the person and not to the other authority.
func (k FormKind) ForPerson() bool { return k == RefusalForm || k == DepartureForm }

// Form is a paper as data: what it says, what proves it, and whether it may be used.
type Form struct {
	Schema     string    `json:"schema"` // date of the schema, docs/schemas
	Kind       FormKind  `json:"kind"`
	Case       act.ID    `json:"case"` // file number, random
	Requesting string    `json:"requesting"`
	Requested  string    `json:"requested"`
	Agreement  Treaty    `json:"agreement"`
	Act        Reference `json:"act,omitzero"` // zero: nobody has signed it yet
	Language   string    `json:"language,omitzero"`
	Withheld   []string  `json:"withheld"` // why it may not be used, catalogue keys; empty: it may
	Content    any       `json:"content"`
}

// Treaty names the agreement under which the paper is written.
type Treaty struct {
	ID        string `json:"id"`
	Version   string `json:"version"`
	TitleEn   string `json:"title_en"`
	TitleSq   string `json:"title_sq"`
	Annex     string `json:"annex,omitzero"`   // of the form; empty: not known
	Article   string `json:"article,omitzero"` // of the form; empty: not known
	StandIn   bool   `json:"stand_in"`         // its limits are not the agreed ones
	Requested string `json:"requested_zone,omitzero"`
	Own       string `json:"requesting_zone,omitzero"`
}

// Reference is the act behind the paper and its place in the record.
type Reference struct {
	ID        act.ID    `json:"id"`
	Kind      string    `json:"kind"`
	Signed    time.Time `json:"signed"`
	Officer   string    `json:"officer"` // name on the roster
	Role      string    `json:"role"`
	Authority string    `json:"authority"`
	Received  time.Time `json:"received,omitzero"` // countersigned by the other State
	Joint     bool      `json:"joint"`
	Mark      Mark      `json:"mark,omitzero"`
}

// Draft tells whether the paper must not be used: its act is not signed, or not countersigned where it
// concerns both States, or something is missing that the law owes the person (pain K18).
func (f *Form) Draft() bool { return len(f.Withheld) > 0 }

// Hash is the version of the paper: two papers that differ in one letter differ in it.
func (f *Form) Hash() (string, error) {
	g := *f
	g.Act.Mark = Mark{} // the mark carries this hash
	b, err := json.Marshal(g, json.Deterministic(true))
	if err != nil {
		return "", err
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:hashBytes]), nil
}

// Identity is who a paper is about, as the request form asks (Benelux–Kosovo annexes 1A and 1B; EC–Sri Lanka
// Art 7).
type Identity struct {
	Surname       string   `json:"surname"`
	GivenNames    string   `json:"given_names"`
	MaidenName    string   `json:"maiden_name,omitzero"`
	EarlierNames  []string `json:"earlier_names,omitzero"`
	Aliases       []string `json:"aliases,omitzero"`
	Sex           string   `json:"sex,omitzero" code:"paper.code.sex"`
	Birth         string   `json:"birth" show:"day"`
	BirthPlace    string   `json:"birth_place,omitzero"`
	BirthCountry  string   `json:"birth_country,omitzero" code:"paper.code.country"`
	Nationalities []string `json:"nationalities" code:"paper.code.country"`
	FatherName    string   `json:"father_name,omitzero"`
	MotherName    string   `json:"mother_name,omitzero"`
	LastResidence string   `json:"last_residence,omitzero"`
	CivilStatus   string   `json:"civil_status,omitzero"`
	Languages     []string `json:"languages,omitzero" code:"paper.code.language"`
}

// Paper is a document in a paper.
type Paper struct {
	Type       string `json:"type" code:"case.code.document"`
	Number     string `json:"number"`
	Issuer     string `json:"issuer" code:"paper.code.country"`
	Issued     string `json:"issued,omitzero" show:"day"`
	ValidUntil string `json:"valid_until,omitzero" show:"day"`
	OneJourney bool   `json:"one_journey,omitzero"`
}

// Item is one item of the evidence list.
type Item struct {
	Evidence   string `json:"evidence" code:"paper.code.evidence"`
	Number     string `json:"number,omitzero"`
	Issuer     string `json:"issuer,omitzero" code:"paper.code.country"`
	Issued     string `json:"issued,omitzero" show:"day"`
	ValidUntil string `json:"valid_until,omitzero" show:"day"`
	Annex      int    `json:"annex,omitzero"`
}

// Member is a family member who travels along under an own case.
type Member struct {
	File     act.ID `json:"file"`
	Relation string `json:"relation" code:"case.code.relation"`
}

// Way is how the person travels.
type Way struct {
	Means   string    `json:"means" code:"case.code.means"`
	Carrier string    `json:"carrier,omitzero"`
	Number  string    `json:"number,omitzero"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	Departs time.Time `json:"departs" zone:"requesting"`
	Arrives time.Time `json:"arrives" zone:"requested"`
	Stops   []string  `json:"stops,omitzero"`
}

// Application is the readmission application.
type Application struct {
	Request struct {
		Category  string `json:"category,omitzero" code:"case.code.category"`
		Found     string `json:"found,omitzero" show:"day"`
		Interview bool   `json:"interview"`
		Annexes   int    `json:"annexes"`
	} `json:"request"`
	Identity Identity `json:"identity"`
	Evidence []Item   `json:"evidence"`
	Family   []Member `json:"family"`
	Special  Needs    `json:"special_needs"`
}

// Needs are typed needs of help or care, only as the person expressly agreed (Switzerland–Kuwait Art 6(2)).
type Needs struct {
	Needs []string `json:"needs" code:"case.code.need"`
}

// Notification is the communication that replaces an application for a willing person with a valid passport.
type Notification struct {
	Identity Identity `json:"identity"`
	Document Paper    `json:"document"`
	Will     struct {
		Willing     bool `json:"willing"`
		Declaration bool `json:"declaration"`
	} `json:"will"`
	Special Needs `json:"special_needs"`
}

// Reply is the answer to an application.
type Reply struct {
	Answer struct {
		Applied  time.Time `json:"applied" zone:"requested"`
		Received time.Time `json:"received" zone:"requested"`
		Decision string    `json:"decision" code:"paper.code.decision"`
		Basis    string    `json:"basis,omitzero" code:"case.code.basis"`
		Reason   string    `json:"reason,omitzero" code:"case.code.refusal"`
		Document bool      `json:"document"`
		Covers   []act.ID  `json:"covers,omitzero"`
		Remarks  string    `json:"remarks,omitzero"`
	} `json:"reply"`
	Identity Identity `json:"identity"`
}

// Interview is the report of an interview.
type Interview struct {
	Arranged struct {
		At          time.Time `json:"at" zone:"requesting"`
		Channel     string    `json:"channel" code:"case.code.channel"`
		Place       string    `json:"place,omitzero"`
		Language    string    `json:"language" code:"paper.code.language"`
		Interpreter bool      `json:"interpreter"`
		Monitor     bool      `json:"monitor"`
	} `json:"arranged"`
	Held struct {
		At           time.Time `json:"at" zone:"requested"`
		Attendees    int       `json:"attendees"`
		Interpreter  bool      `json:"interpreter"`
		OnlyIdentity bool      `json:"only_identity"`
		Result       string    `json:"result" code:"case.code.interview"`
		Reason       string    `json:"reason,omitzero" code:"case.code.refusal"`
	} `json:"held"`
	Identity Identity `json:"identity"`
}

// CriminalRecord asks for a criminal record.
type CriminalRecord struct {
	Request struct {
		Basis   string `json:"basis"`
		Purpose string `json:"purpose" code:"case.code.record-purpose"`
	} `json:"request"`
	Identity Identity `json:"identity"`
}

// TravelDocument asks for a travel document.
type TravelDocument struct {
	Request struct {
		Consent  string    `json:"consent" code:"paper.code.consent"`
		Since    time.Time `json:"since" zone:"requesting"`
		TravelOn string    `json:"travel_on,omitzero" show:"day"`
	} `json:"request"`
	Identity Identity `json:"identity"`
}

// Transfer is the notice of transfer (Benelux–Kosovo annex 2; EC–Serbia annex 4).
type Transfer struct {
	Consent struct {
		Consent string    `json:"consent" code:"paper.code.consent"`
		Since   time.Time `json:"since" zone:"requesting"`
	} `json:"agreement"`
	Identity Identity `json:"identity"`
	Document Paper    `json:"document"`
	Journey  Way      `json:"journey"`
	Escort   struct {
		Escorts       int  `json:"escorts"`
		MedicalEscort bool `json:"medical_escort"`
		Luggage       int  `json:"luggage"`
	} `json:"escort"`
	Special  Needs `json:"special_needs"`
	Received struct {
		State   string    `json:"state" code:"paper.code.arrival"`
		At      time.Time `json:"at,omitzero" zone:"requested"`
		Problem string    `json:"problem,omitzero" code:"case.code.arrival"`
	} `json:"acknowledgement"`
}

// Transit asks for transit through the other State (Benelux–Kosovo Art 10).
type Transit struct {
	Identity Identity `json:"identity"`
	Document Paper    `json:"document"`
	Transit  struct {
		States      []string `json:"states" code:"paper.code.country"`
		Destination string   `json:"destination" code:"paper.code.country"`
	} `json:"transit"`
	Journey Way `json:"journey"`
	Escort  struct {
		Escorts int `json:"escorts"`
	} `json:"escort"`
	Declaration struct {
		Conditions bool `json:"conditions"`
	} `json:"declaration"`
}

// Handover is the record of a handover.
type Handover struct {
	Identity Identity `json:"identity"`
	Offered  struct {
		At       time.Time `json:"at" zone:"requested"`
		Place    string    `json:"place"`
		By       string    `json:"by"`
		Property int       `json:"property"`
		Medicine bool      `json:"medicine"`
	} `json:"offered"`
	Document Paper `json:"document"`
	Accepted struct {
		At       time.Time `json:"at,omitzero" zone:"requested"`
		By       string    `json:"by,omitzero"`
		Property int       `json:"property"`
		Medicine bool      `json:"medicine"`
	} `json:"accepted"`
}

// Refusal tells the person that the requested State has refused, why, and what can be done about it.
type Refusal struct {
	Decision struct {
		By      string    `json:"by" code:"authority"`
		At      time.Time `json:"at" zone:"requested"`
		Reason  string    `json:"reason" code:"case.code.refusal"`
		Remarks string    `json:"remarks,omitzero"`
	} `json:"decision"`
	Person   Addressee `json:"person"`
	Remedies []Remedy  `json:"remedies"`
}

// Remedy is one way to challenge a decision. The software knows none: the authority that serves the paper
// states it, with its source.
type Remedy struct {
	Body   string `json:"body"`   // court or authority
	Within string `json:"within"` // time limit
	How    string `json:"how"`    // form and address
	Source string `json:"source"` // article of the law that gives it
}

// Addressee is the person to whom a paper is given.
type Addressee struct {
	Name           string `json:"name"`
	Birth          string `json:"birth" show:"day"`
	Language       string `json:"language,omitzero" code:"paper.code.language"`
	Representative string `json:"representative,omitzero"`
}

// Departure is the notice of departure details for the person (IAA 1999 s10A: date, destination, every stop).
type Departure struct {
	Person  Addressee `json:"person"`
	Journey Way       `json:"journey"`
	Notice  struct {
		Destination string `json:"destination" code:"paper.code.country"`
		Route       string `json:"route,omitzero"`
		Basis       string `json:"basis,omitzero"`
	} `json:"notice"`
	Service struct {
		ReadBy     string `json:"read_by" show:"blank"`
		Understood string `json:"understood" show:"blank"`
		Checked    string `json:"checked" show:"blank"`
		Served     string `json:"served" show:"blank"`
	} `json:"service"`
}
