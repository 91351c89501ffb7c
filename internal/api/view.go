package api

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/person"
	"countersign/internal/treaty"
	"countersign/internal/words"

	"github.com/go-json-experiment/json"
)

var problemType, receiptType = reflect.TypeFor[Problem](), reflect.TypeFor[Receipt]()

// Next is the one sentence of a case.
type Next struct {
	Key      string            `json:"key"`
	Sentence string            `json:"sentence" doc:"in the language of the request"`
	Owner    string            `json:"owner,omitempty" doc:"authority that owes it"`
	Step     string            `json:"step,omitempty"`
	Due      *time.Time        `json:"due,omitempty" doc:"first instant after the limit"`
	Args     map[string]string `json:"args,omitempty"`
	Blocked  bool              `json:"blocked"`
}

// Line is one case of a work list.
type Line struct {
	Case    act.ID    `json:"case"`
	Name    string    `json:"name"`
	Side    string    `json:"side"`
	Route   string    `json:"route"`
	Outcome string    `json:"outcome" doc:"empty: open"`
	Next    Next      `json:"next"`
	Officer act.ID    `json:"officer,omitempty"`
	Paused  bool      `json:"paused"`
	Opened  time.Time `json:"opened"`
	Updated time.Time `json:"updated"`
	Version int64     `json:"version" doc:"acts of the case"`
}

// Gate is one legal condition as it stands before one step.
type Gate struct {
	Gate     string     `json:"gate"`
	Name     string     `json:"name,omitempty"`
	Step     string     `json:"step"`
	Status   string     `json:"status" enum:"open,closed,unknown" doc:"unknown is closed"`
	Absolute bool       `json:"absolute"`
	Basis    string     `json:"basis,omitempty"`
	Mark     string     `json:"mark,omitempty" doc:"how well the basis is known; D is a rule of this project"`
	Why      string     `json:"why"`
	Sentence string     `json:"sentence"`
	Who      []string   `json:"who" doc:"roles that can change it"`
	Since    *time.Time `json:"since,omitempty"`
	Until    *time.Time `json:"until,omitempty"`
}

// Deadline is a date that somebody owes, with how it was reckoned.
type Deadline struct {
	Rule     string     `json:"rule"`
	Key      string     `json:"key"`
	Sentence string     `json:"sentence"`
	Owner    string     `json:"owner"`
	Start    *time.Time `json:"start,omitempty"`
	Due      *time.Time `json:"due,omitempty" doc:"first instant after the limit; absent: the clock stands or nobody knows the limit"`
	Overdue  bool       `json:"overdue"`
	Effect   string     `json:"effect,omitempty"`
	Basis    string     `json:"basis,omitempty"`
	StandIn  bool       `json:"stand_in" doc:"the limit is not the agreed one"`
	Why      []string   `json:"why" doc:"each step of the date, in the language of the request"`
}

// Entry is one act of the timeline.
type Entry struct {
	Act       act.ID         `json:"act"`
	Scope     string         `json:"scope" enum:"joint,domestic"`
	Kind      string         `json:"kind"`
	Officer   string         `json:"officer" doc:"name on the roster"`
	Role      string         `json:"role"`
	Authority string         `json:"authority"`
	Occurred  time.Time      `json:"occurred" doc:"in the world"`
	Recorded  time.Time      `json:"recorded" doc:"in this node's record"`
	Receipt   *time.Time     `json:"receipt,omitempty" doc:"when the other authority held it; absent: not yet, or never"`
	InReplyTo act.ID         `json:"in_reply_to,omitempty"`
	Body      map[string]any `json:"body" doc:"as the schema of the kind says (docs/schemas for joint kinds)"`
}

// Person is what identifies somebody, as the treaty forms ask for it.
type Person struct {
	Names         []person.Name `json:"names"`
	Birth         string        `json:"birth" doc:"2006-01-02, or less of it"`
	BirthPlace    string        `json:"birth_place,omitempty"`
	BirthCountry  string        `json:"birth_country,omitempty"`
	Sex           string        `json:"sex,omitempty"`
	Nationalities []string      `json:"nationalities"`
	Languages     []string      `json:"languages,omitempty"`
}

// Paper is a travel document of the file.
type Paper struct {
	person.Document
	Holder    string `json:"holder,omitempty"`
	Peer      bool   `json:"issued_for_this_return"`
	Cancelled bool   `json:"cancelled"`
	Used      bool   `json:"used"`
}

// Case is a case as its officer sees it.
type Case struct {
	Case        act.ID  `json:"case"`
	Version     int64   `json:"version" doc:"acts of the case; send it back in If-Match"`
	Side        string  `json:"side"`
	Requesting  string  `json:"requesting"`
	Requested   string  `json:"requested,omitempty"`
	Route       string  `json:"route"`
	Agreement   string  `json:"agreement,omitempty"`
	Outcome     string  `json:"outcome" doc:"empty: open"`
	Destination string  `json:"destination,omitempty"`
	Part        string  `json:"part,omitempty"`
	Officer     act.ID  `json:"officer,omitempty"`
	Person      Person  `json:"person"`
	Documents   []Paper `json:"documents"`
	Next        Next    `json:"next"`
	Standing    string  `json:"request" enum:"none,sent,received,agreed,deemed,refused,withdrawn" doc:"where the application stands"`
	Paused      bool    `json:"paused"`
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func nextOf(n casework.Next, c *words.Catalogue) Next {
	args := maps.Clone(n.Args)
	if args == nil {
		args = map[string]string{}
	}
	if n.Owner != "" {
		args["owner"] = c.Text("authority." + n.Owner)
	}
	return Next{Key: n.Key, Sentence: c.Map(n.Key, args), Owner: n.Owner, Step: string(n.Step), Due: moment(n.Due), Args: n.Args, Blocked: len(n.Gates) > 0}
}

func gateOf(g *casework.Gate, c *words.Catalogue) Gate {
	who := g.WhoMayChange
	if who == nil {
		who = []string{}
	}
	return Gate{Gate: g.ID, Step: string(g.Step), Status: string(g.Status), Absolute: g.Absolute, Basis: g.LegalBasis, Mark: g.Mark, Why: g.MessageKey,
		Sentence: c.Text(g.MessageKey), Who: who, Since: moment(g.Since), Until: moment(g.Until)}
}

func deadlineOf(d *casework.Deadline, c *words.Catalogue) Deadline {
	out := Deadline{Rule: d.Rule, Key: d.Key, Sentence: c.Text(d.Key), Owner: d.Owner, Start: moment(d.Start), Due: moment(d.Due), Overdue: d.Overdue,
		Effect: d.Effect, Basis: d.Basis, StandIn: d.StandIn, Why: []string{}}
	if r, ok := d.Trace.(treaty.Reckoning); ok {
		out.Why = r.Explain(c, string(c.Lang))
	}
	return out
}

func lineOf(l desk.CaseLine, c *words.Catalogue) Line {
	n := casework.Next{Key: l.Next, Owner: l.Owes, Due: l.Due}
	json.Unmarshal([]byte(l.Args), &n.Args) // our own projection; without arguments the sentence still stands
	next := nextOf(n, c)
	next.Blocked = l.Blocked
	return Line{Case: l.ID, Name: l.Name, Side: l.Side, Route: l.Route, Outcome: l.Outcome, Next: next, Officer: l.Officer, Paused: l.Paused,
		Opened: l.Opened.UTC(), Updated: l.Updated.UTC(), Version: l.Acts}
}

func caseOf(v *desk.CaseView, own string, c *words.Catalogue) Case {
	s := &v.State
	p := s.Particulars
	out := Case{Case: s.Case, Version: int64(s.Acts), Side: string(s.SideOf(own)), Requesting: s.Requesting, Requested: s.Requested, Route: string(s.Route),
		Agreement: s.Agreement, Outcome: string(s.Outcome()), Destination: s.Destination, Part: s.Part, Officer: s.Owner, Next: nextOf(v.Next, c),
		Person: Person{Names: slices.Clip(p.Names), Birth: p.Birth.String(), BirthPlace: p.BirthPlace, BirthCountry: p.BirthCountry, Sex: p.Sex,
			Nationalities: p.Nationalities, Languages: p.Languages}, Documents: []Paper{}, Paused: s.Paused.Is(), Standing: standing(s)}
	for _, d := range s.Documents {
		out.Documents = append(out.Documents, Paper{Document: d.Document, Holder: d.Holder, Peer: d.Peer, Cancelled: d.Cancelled.Is(), Used: d.Used})
	}
	return out
}

// standing is where the application stands.
func standing(s *casework.State) string {
	switch {
	case !s.Request.Is():
		return "none"
	case s.Withdrawn.Is():
		return "withdrawn"
	case s.Reply.Is() && s.Reply.Positive:
		return "agreed"
	case s.Reply.Is():
		return "refused"
	case s.Relied.Is():
		return "deemed"
	case !s.Request.Receipt.IsZero():
		return "received"
	}
	return "sent"
}

func entryOf(e act.Event, names map[act.ID]string) (Entry, error) {
	out := Entry{Act: e.ID, Scope: string(e.Scope), Kind: string(e.Kind), Officer: names[e.Officer.ID], Role: e.Officer.Role, Authority: e.Officer.Authority,
		Occurred: e.Occurred.UTC(), Recorded: e.Recorded.UTC(), Receipt: moment(e.Receipt), InReplyTo: e.InReplyTo}
	vocabulary := joint.Vocabulary
	if e.Scope == act.Domestic {
		vocabulary = domestic.Vocabulary
	}
	b, err := vocabulary.Encode(e.Kind, e.Body)
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(b, &out.Body)
}

// version reads If-Match: the number of acts of the case that the client has seen, in quotation marks.
func version(match string) (int64, bool) {
	n, err := strconv.ParseInt(strings.Trim(strings.TrimSpace(match), `"`), 10, 64)
	return n, err == nil && n >= 0
}
