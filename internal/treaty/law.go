package treaty

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Law is one state's own law as dated data: what closes which step of a return, on which basis, and who may
// set, lift, attest or override it. Package casework evaluates it; a third state needs a file and no code.
type Law struct {
	ID         string       `json:"id"` // code of the authority, for example gb
	State      string       `json:"state"`
	Version    string       `json:"version"` // day from which this text of the profile is used
	Title      Text         `json:"title"`
	Zone       string       `json:"zone"`
	Parts      []string     `json:"parts"`            // parts of the state that have own calendars
	Removal    string       `json:"removal,omitzero"` // id of the domestic law with the limits of notices
	Notices    []NoticeRule `json:"notices"`
	Points     []Point      `json:"points"`
	Gates      []GateRule   `json:"gates"`
	MarginDays int          `json:"document_margin_days"` // a travel document outlives the day of travel by this
	ReviewDays []int        `json:"detention_review_days"`
	// EarlyRemoval is from which day prisoners may be removed before their release; without a rule in force nobody is.
	EarlyRemoval []EarlyRemovalRule `json:"early_removal,omitempty"`
	Notes        []Text             `json:"notes,omitempty"`

	index map[string]int
	zone  *time.Location
}

// NoticeRule is one route of notices before a removal.
type NoticeRule struct {
	ID     string   `json:"id"`   // for example 10A
	Rule   string   `json:"rule"` // rule of the removal law that gives the limit
	Papers []string `json:"papers"`
	Same   bool     `json:"same_destination"` // destination and stops must be those of the notice
	Starts string   `json:"starts"`           // service, original
	Bound  string   `json:"bound"`            // at_least: not before its end; at_most: not after it
	// AfterAttempt are the typed reasons of a failed removal after which the route is open; empty: it needs none.
	AfterAttempt []string `json:"after_attempt,omitempty"`

	Basis    string `json:"basis"`
	Mark     string `json:"mark"`
	Commence string `json:"commences,omitzero"`
	Ends     string `json:"ends,omitzero"`
}

// EarlyRemovalRule gives the minimum custody before a prisoner may be removed: the longer of a share of the requisite
// period and that period less some years.
type EarlyRemovalRule struct {
	Share     [2]int `json:"share"` // numerator and denominator
	LessYears int    `json:"less_years"`
	Basis     string `json:"basis"`
	Mark      string `json:"mark"`
	Commence  string `json:"commences,omitzero"`
	Ends      string `json:"ends,omitzero"`
	Unsettled *Text  `json:"unsettled,omitempty"`
}

// InForce tells whether the rule is law on a day (2006-01-02).
func (e *EarlyRemovalRule) InForce(day string) bool {
	return (e.Commence == "" || e.Commence <= day) && (e.Ends == "" || day < e.Ends)
}

// Point is one of the seven points at which gates are attested (design.md 5.7).
type Point struct {
	ID    string `json:"id"`
	Hours int    `json:"hours"` // how long before the step the attestation may be made
}

// GateRule is one legal condition.
type GateRule struct {
	ID          string    `json:"id"`
	Name        Text      `json:"name"`
	Test        string    `json:"test"` // barrier, notice, document, certificate, child, consent, reply, agreement, family, announced, custody
	Absolute    bool      `json:"absolute"`
	Guards      []string  `json:"guards"`
	When        When      `json:"when,omitzero"`
	Attested    bool      `json:"attested"` // an officer must have attested it at the step's point
	Basis       string    `json:"basis"`
	Mark        string    `json:"mark"`              // V, S, I, D as in the facts pages; D is a rule of this project
	Fact        string    `json:"fact,omitzero"`     // something on record that closes the gate like a barrier: pending-prosecution
	SetBy       []string  `json:"set_by,omitempty"`  // roles; "any" is every officer of the authority
	LiftBy      []string  `json:"lift_by,omitempty"` // roles
	LiftByTwo   bool      `json:"lift_by_two,omitzero"`
	AttestBy    []string  `json:"attest_by,omitempty"`
	Evidence    []string  `json:"evidence,omitempty"`   // kinds of evidence that are accepted; empty: any named one
	Expires     bool      `json:"expires,omitzero"`     // the barrier's own end date opens it, once attested again
	MinDays     int       `json:"min_days,omitzero"`    // it cannot be lifted earlier
	Suspensive  bool      `json:"suspensive,omitzero"`  // only a suspensive one holds; unknown holds
	OralHours   int       `json:"oral_hours,omitzero"`  // one officer's word holds and is confirmed within this
	MaxDays     int       `json:"max_days,omitzero"`    // longest validity of a certificate
	OverrideBy  [2]string `json:"override_by,omitzero"` // proposer's and confirmer's role; empty: nobody
	ReviewHours int       `json:"review_hours,omitzero"`
	Secret      bool      `json:"secret,omitzero"` // only officers of the state may read it, never a posted one
	Commence    string    `json:"commences,omitzero"`
	Ends        string    `json:"ends,omitzero"`
	Transition  *Text     `json:"transitional,omitempty"`
	Unsettled   *Text     `json:"unsettled,omitempty"` // what the pages do not settle
}

// Overridable tells whether two officers may let a step pass although the gate is closed.
func (g *GateRule) Overridable() bool { return !g.Absolute && g.OverrideBy != [2]string{} }

// When says for whom a gate exists; nil or empty asks nothing. It is the whole vocabulary.
type When struct {
	Routes        []string `json:"routes,omitempty"`
	Parts         []string `json:"parts,omitempty"`
	Means         []string `json:"means,omitempty"`
	Child         *bool    `json:"child,omitempty"`
	Unaccompanied *bool    `json:"unaccompanied,omitempty"`
	Family        *bool    `json:"family,omitempty"`
	Offender      *bool    `json:"offender,omitempty"`
	Detained      *bool    `json:"detained,omitempty"`
	Willing       *bool    `json:"willing,omitempty"`
}

// The closed lists of a profile.
var (
	LawSteps = []string{"request", "document", "hold-seat", "serve-notice", "confirm", "announce", "lock", "depart", "handover"}
	lawTests = []string{"barrier", "notice", "document", "certificate", "child", "consent", "reply", "agreement",
		"family", "announced", "custody"}
	lawPoints = []string{"request", "travel-document", "booking", "manifest-lock", "t24", "t2", "handover"}
	lawRoutes = []string{"readmission", "notification", "verified-departure", "port-refusal", "other-destination"}
	LawRoles  = []string{"caseworker", "senior-caseworker", "readmission-officer", "escort-officer", "court-liaison",
		"medical-officer", "specialist", "supervisor", "border-officer", "coordinator", "statistician", "inspector", "administrator"}
	lawMarks = []string{"V", "S", "I", "D"}
	lawFacts = []string{FactProsecution}
)

// FactProsecution is that an officer recorded a pending prosecution.
const FactProsecution = "pending-prosecution"

// absoluteGates are the conditions that no profile may drop or soften (design.md 5.6, and the interim
// measures, referrals and appeal times beside it), each with the test that must stand behind it.
var absoluteGates = []struct{ id, test string }{
	{"asylum-claim", "barrier"}, {"further-submissions", "barrier"}, {"appeal-pending", "barrier"}, {"appeal-time", "barrier"},
	{"court-order", "barrier"}, {"interim-measure", "barrier"}, {"trafficking-referral", "barrier"}, {"trafficking-recovery", "barrier"},
	{"age-dispute", "barrier"}, {"real-risk", "barrier"}, {"stop", "barrier"}, {"child", "child"}, {"notice-period", "notice"},
	{"travel-document", "document"}, {"fit-to-travel", "certificate"},
}

// barrierSteps are the steps that every barrier guards, and no barrier guards another one. A barrier that guarded more or
// fewer steps than the next could be told from it by what the other state is sent and when (design.md,
// section 4). Serving a notice is preparation, which NIAA 2002 s78 leaves open while an appeal is pending.
var barrierSteps = []string{"request", "document", "hold-seat", "confirm", "announce", "lock", "depart", "handover"}

// LoadLaw reads laws/ID/profile.json from files and refuses what a profile may not say, naming file, field
// and what is allowed.
func LoadLaw(files fs.FS, id string) (*Law, error) {
	name := id + "/profile.json"
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("law profile: %w", err)
	}
	l, err := ReadLaw(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("law profile %s: %w", name, err)
	}
	if l.ID != id {
		return nil, fmt.Errorf("law profile %s: id is %q; want %q, the name of the folder", name, l.ID, id)
	}
	return l, nil
}

// ReadLaw reads one profile.
func ReadLaw(r io.Reader) (*Law, error) {
	b, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil, err
	}
	l := new(Law)
	if err := json.Unmarshal(b, l, json.RejectUnknownMembers(true)); err != nil {
		return nil, lawPlace(b, err)
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	return l, nil
}

// lawPlace adds the line and field to an error of the JSON reader.
func lawPlace(b []byte, err error) error {
	var at int64 = -1
	var where string
	if e, ok := err.(*json.SemanticError); ok {
		at, where = e.ByteOffset, string(e.JSONPointer)
	} else if e, ok := err.(*jsontext.SyntacticError); ok {
		at, where = e.ByteOffset, string(e.JSONPointer)
	}
	if at < 0 || at > int64(len(b)) {
		return err
	}
	return fmt.Errorf("line %d, field %s: %w", 1+bytes.Count(b[:at], []byte("\n")), where, err)
}

// Gate returns a rule by its id.
func (l *Law) Gate(id string) (*GateRule, bool) {
	i, ok := l.index[id]
	if !ok {
		return nil, false
	}
	return &l.Gates[i], true
}

// Notice returns a route of notices by its id.
func (l *Law) Notice(id string) (*NoticeRule, bool) {
	for i := range l.Notices {
		if l.Notices[i].ID == id {
			return &l.Notices[i], true
		}
	}
	return nil, false
}

// Window is how long before its step an attestation at a point may be made.
func (l *Law) Window(point string) time.Duration {
	for _, p := range l.Points {
		if p.ID == point {
			return time.Duration(p.Hours) * time.Hour
		}
	}
	return 0
}

// Location is the state's zone; legal days are days there.
func (l *Law) Location() *time.Location { return l.zone }

// InForce tells whether the rule is law on a day (2006-01-02).
func (g *GateRule) InForce(day string) bool {
	return (g.Commence == "" || g.Commence <= day) && (g.Ends == "" || day < g.Ends)
}

// InForce tells whether the route of notices is law on a day.
func (n *NoticeRule) InForce(day string) bool {
	return (n.Commence == "" || n.Commence <= day) && (n.Ends == "" || day < n.Ends)
}

// May tells whether a role is in a list of a rule.
func May(roles []string, role string) bool {
	return slices.Contains(roles, role) || slices.Contains(roles, "any")
}

// Guarding tells whether the rule guards a step.
func (g *GateRule) Guarding(step string) bool { return slices.Contains(g.Guards, step) }

func (l *Law) check() error {
	if l.ID == "" || l.Version == "" || l.State == "" {
		return fmt.Errorf("field id, state or version is empty")
	}
	zone, err := time.LoadLocation(l.Zone)
	if err != nil || l.Zone == "" {
		return fmt.Errorf("field zone: %q is no zone of the IANA database", l.Zone)
	}
	l.zone, l.index = zone, make(map[string]int, len(l.Gates))
	if len(l.Parts) == 0 {
		return fmt.Errorf("field parts: name at least one part of the state")
	}
	for i := range l.Gates {
		g := &l.Gates[i]
		if _, twice := l.index[g.ID]; twice || g.ID == "" {
			return fmt.Errorf("field gates[%d].id: %q is empty or given twice", i, g.ID)
		}
		if err := g.check(); err != nil {
			return fmt.Errorf("field gates[%d] (%s): %w", i, g.ID, err)
		}
		l.index[g.ID] = i
	}
	for _, check := range []func() error{l.checkAbsolute, l.checkPoints, l.checkNotices, l.checkCustody} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// checkAbsolute refuses a profile that drops or softens an absolute gate.
func (l *Law) checkAbsolute() error {
	for _, a := range absoluteGates {
		g, ok := l.Gate(a.id)
		switch {
		case !ok:
			return fmt.Errorf("field gates: the absolute gate %q is missing; no profile may drop it", a.id)
		case !g.Absolute:
			return fmt.Errorf("field gates (%s): absolute is false; no profile may soften it", a.id)
		case g.Test != a.test:
			return fmt.Errorf("field gates (%s): test is %q; want %q", a.id, g.Test, a.test)
		case !g.Guarding("depart") || !g.Guarding("handover") && g.Test != "notice":
			return fmt.Errorf("field gates (%s): guards must contain depart and handover", a.id)
		case g.Ends != "" || g.Commence != "":
			return fmt.Errorf("field gates (%s): an absolute gate has no commencement and no end", a.id)
		case a.id != "child" && !g.When.empty():
			return fmt.Errorf("field gates (%s): an absolute gate is for everybody; when must be empty", a.id)
		case a.test == "barrier" && !slices.Contains(g.SetBy, "any"):
			return fmt.Errorf("field gates (%s): set_by must be any: whoever learns of it stops", a.id)
		}
	}
	return nil
}

func (w When) empty() bool {
	return len(w.Routes)+len(w.Parts)+len(w.Means) == 0 && w.Child == nil && w.Unaccompanied == nil && w.Family == nil &&
		w.Offender == nil && w.Detained == nil && w.Willing == nil
}

func (l *Law) checkPoints() error {
	if len(l.Points) != len(lawPoints) {
		return fmt.Errorf("field points: want the seven points %s", strings.Join(lawPoints, ", "))
	}
	for i, p := range l.Points {
		if p.ID != lawPoints[i] || p.Hours <= 0 {
			return fmt.Errorf("field points[%d]: want %s with hours above 0", i, lawPoints[i])
		}
	}
	if l.Window("t24") > 24*time.Hour || l.Window("t2") > 2*time.Hour {
		return fmt.Errorf("field points: t24 is at most 24 hours and t2 at most 2 (design.md 5.7)")
	}
	return nil
}

func (l *Law) checkNotices() error {
	for i, n := range l.Notices {
		switch {
		case n.ID == "" || n.Rule == "" || len(n.Papers) == 0:
			return fmt.Errorf("field notices[%d]: id, rule and papers are needed", i)
		case n.Bound != "at_least" && n.Bound != "at_most":
			return fmt.Errorf("field notices[%d].bound: %q; want at_least or at_most", i, n.Bound)
		case n.Starts != "service" && n.Starts != "original":
			return fmt.Errorf("field notices[%d].starts: %q; want service or original", i, n.Starts)
		case !slices.Contains(lawMarks, n.Mark):
			return fmt.Errorf("field notices[%d].mark: %q; want one of %s", i, n.Mark, strings.Join(lawMarks, ", "))
		}
	}
	return nil
}

// checkCustody checks what is reckoned about people who are held.
func (l *Law) checkCustody() error {
	if len(l.ReviewDays) == 0 || !slices.IsSorted(l.ReviewDays) || l.ReviewDays[0] < 1 {
		return fmt.Errorf("field detention_review_days: want at least one day after the detention began, in order")
	}
	for i, e := range l.EarlyRemoval {
		switch {
		case e.Share[0] < 1 || e.Share[1] < e.Share[0] || e.LessYears < 1:
			return fmt.Errorf("field early_removal[%d]: share is a fraction of the period, for example [1, 2]; less_years is 1 or more", i)
		case e.Basis == "" || !slices.Contains(lawMarks, e.Mark):
			return fmt.Errorf("field early_removal[%d]: mark and basis are needed; mark is one of %s", i, strings.Join(lawMarks, ", "))
		}
	}
	return nil
}

func (g *GateRule) check() error {
	if !slices.Contains(lawTests, g.Test) {
		return fmt.Errorf("test %q; want one of %s", g.Test, strings.Join(lawTests, ", "))
	}
	if !slices.Contains(lawMarks, g.Mark) || g.Basis == "" {
		return fmt.Errorf("mark and basis are needed; mark is one of %s", strings.Join(lawMarks, ", "))
	}
	if g.Fact != "" && (g.Test != "barrier" || !slices.Contains(lawFacts, g.Fact)) {
		return fmt.Errorf("fact %q; only a barrier has one, and it is one of %s", g.Fact, strings.Join(lawFacts, ", "))
	}
	for _, s := range g.Guards {
		if !slices.Contains(LawSteps, s) {
			return fmt.Errorf("guards %q; want one of %s", s, strings.Join(LawSteps, ", "))
		}
	}
	if g.Name.En == "" || g.Name.Sq == "" {
		return fmt.Errorf("name is needed in both languages")
	}
	if len(g.Guards) == 0 {
		return fmt.Errorf("guards is empty")
	}
	for _, r := range slices.Concat(g.SetBy, g.LiftBy, g.AttestBy, g.OverrideBy[:]) {
		if r != "" && r != "any" && !slices.Contains(LawRoles, r) {
			return fmt.Errorf("role %q; want any or one of %s", r, strings.Join(LawRoles, ", "))
		}
	}
	for _, r := range g.When.Routes {
		if !slices.Contains(lawRoutes, r) {
			return fmt.Errorf("route %q; want one of %s", r, strings.Join(lawRoutes, ", "))
		}
	}
	if g.Test == "barrier" {
		return g.checkBarrier()
	}
	return g.checkOverride()
}

func (g *GateRule) checkBarrier() error {
	switch {
	case !slices.Equal(g.Guards, barrierSteps):
		return fmt.Errorf("guards: every barrier guards exactly %s, so that none can be told from another", strings.Join(barrierSteps, ", "))
	case len(g.SetBy) == 0 || len(g.LiftBy) == 0:
		return fmt.Errorf("set_by and lift_by are needed")
	case slices.Contains(g.LiftBy, "any"):
		return fmt.Errorf("lift_by may not be any")
	case !g.Attested:
		return fmt.Errorf("attested must be true: an unknown barrier is a closed one")
	}
	return g.checkOverride()
}

func (g *GateRule) checkOverride() error {
	none := g.OverrideBy == [2]string{}
	switch {
	case g.Absolute && !none:
		return fmt.Errorf("override_by: an absolute gate has no override")
	case !none && (g.OverrideBy[0] == "" || g.OverrideBy[1] == "" || g.OverrideBy[0] == g.OverrideBy[1]):
		return fmt.Errorf("override_by: want two different roles")
	case !none && g.ReviewHours <= 0:
		return fmt.Errorf("review_hours: an override is reviewed later; want hours above 0")
	}
	return nil
}
