package release

import (
	"crypto/sha256"
	_ "embed"
	"slices"
	"sync"
	"time"

	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/disclose"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

//go:embed joint.json
var jointFile []byte

// KindJoint marks a release of what both states may know. Its tables are counted from joint acts alone, so
// that each state computes every byte of it from its own record (docs/decisions/0020).
const KindJoint = "joint"

// Rule is one counting rule of the joint tables, as dated data. It counts acts of one kind, once per case, on
// the day on which the act happened in the zone of the requested state.
type Rule struct {
	ID        string   `json:"id"`
	Kind      act.Kind `json:"kind"`
	Author    string   `json:"author"` // requesting or requested: which side makes the act
	ValidFrom string   `json:"valid_from"`
	English   string   `json:"en"`
	Sq        string   `json:"sq"`
	hash      string
}

// Text is the rule in a language.
func (r *Rule) Text(lang string) string {
	if lang == "sq" {
		return r.Sq
	}
	return r.English
}

// Rules lists the joint rules, in the order of their columns.
var Rules = sync.OnceValue(func() []Rule {
	var raw []jsontext.Value
	if err := json.Unmarshal(jointFile, &raw); err != nil {
		panic("release: joint.json: " + err.Error())
	}
	all := make([]Rule, len(raw))
	for i, r := range raw {
		if err := json.Unmarshal(r, &all[i], json.RejectUnknownMembers(true)); err != nil {
			panic("release: joint.json: " + err.Error())
		}
		if err := r.Canonicalize(); err != nil {
			panic("release: joint.json: " + err.Error())
		}
		all[i].hash = sum(r)
	}
	return all
})

// JointAct is one joint act as the joint tables count it: nothing of the person and nothing of its body.
type JointAct struct {
	Kind   act.Kind
	Case   act.ID
	Author string
	At     time.Time
}

// JointInput is all that a joint release is computed from. Both states hold all of it.
type JointInput struct {
	ID          string
	Authority   string // who publishes
	Parties     []string
	Zones       map[string]*time.Location
	First, Last statistics.Quarter
	Acts        []JointAct // in the order of either side's record; once per case counts the earliest
	Known       time.Time
	PublishAt   time.Time
	RecordHead  string
}

// BuildJoint computes a joint release. Values are rounded to base 5, so that nothing is withheld: a withheld
// value would need a salt that both states keep secret together.
func BuildJoint(in JointInput) (*Content, error) {
	if in.Last < in.First || len(in.Parties) != 2 || in.Zones[in.Parties[0]] == nil || in.Zones[in.Parties[1]] == nil {
		return nil, fault.New(fault.Invalid, "fault.release.input")
	}
	policy := disclose.Policy{Method: disclose.Round5}
	raw, err := canonical(policy)
	if err != nil {
		return nil, err
	}
	parties := slices.Sorted(slices.Values(in.Parties))
	c := &Content{Format: format, Kind: KindJoint, Parties: parties, ID: in.ID, Authority: in.Authority, Series: statistics.Record,
		Edition: in.PublishAt.Format(time.DateOnly), KnownAt: in.Known.UTC().Format(time.RFC3339), PublishAt: in.PublishAt.UTC().Format(time.RFC3339),
		RecordHead: in.RecordHead, First: in.First.String(), Last: in.Last.String(), Policy: policy, PolicyHash: sum(raw)}
	for _, r := range Rules() {
		c.Definitions = append(c.Definitions, DefinitionRef{statistics.Measure(r.ID), r.hash})
	}
	counts := countJoint(in, parties)
	c.transfers(in, parties, counts)
	c.applications(in, parties, counts)
	// The salts are no secret here: every value is shown.
	public := sha256.Sum256([]byte("countersign joint release\x00" + in.ID))
	c.seal(public[:])
	return c, nil
}

// jointCell is a place in the joint tables.
type jointCell struct {
	rule      string
	requested string // the state that was asked, and that receives
	quarter   statistics.Quarter
}

func countJoint(in JointInput, parties []string) map[jointCell]int64 {
	type once struct {
		rule string
		id   act.ID
	}
	first := map[once]JointAct{}
	rules := map[act.Kind]Rule{}
	for _, r := range Rules() {
		rules[r.Kind] = r
	}
	for _, a := range in.Acts {
		r, ok := rules[a.Kind]
		if !ok || !slices.Contains(parties, a.Author) {
			continue
		}
		k := once{r.ID, a.Case}
		if before, seen := first[k]; !seen || a.At.Before(before.At) {
			first[k] = a
		}
	}
	counts := map[jointCell]int64{}
	for k, a := range first {
		requested := a.Author
		if rules[a.Kind].Author == "requesting" {
			requested = parties[0]
			if a.Author == parties[0] {
				requested = parties[1]
			}
		}
		counts[jointCell{k.rule, requested, quarterIn(a.At, in.Zones[requested])}]++
	}
	return counts
}

func quarterIn(at time.Time, zone *time.Location) statistics.Quarter {
	y, m, d := at.In(zone).Date()
	return statistics.QuarterOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

// transfers is table 1: accepted handovers by quarter and receiving state.
func (c *Content) transfers(in JointInput, parties []string, counts map[jointCell]int64) {
	t := Table{ID: "1", Key: "release.table.transfers", Dims: []string{"quarter", "receiving"}, Wide: true, From: len(c.Cells)}
	for q := in.First; q <= in.Last; q++ {
		for _, p := range parties {
			c.Cells = append(c.Cells, Cell{ID: cellID("1", q.String(), p), Value: disclose.RoundFive(counts[jointCell{"transfer", p, q}])})
		}
	}
	t.Count = len(c.Cells) - t.From
	c.Tables = append(c.Tables, t)
}

// applications is table 2: applications and replies by requested state and quarter.
func (c *Content) applications(in JointInput, parties []string, counts map[jointCell]int64) {
	t := Table{ID: "2", Key: "release.table.applications", Dims: []string{"requested", "quarter", "application"}, Wide: true, From: len(c.Cells)}
	for _, p := range parties {
		for q := in.First; q <= in.Last; q++ {
			for _, r := range Rules()[1:] {
				c.Cells = append(c.Cells, Cell{ID: cellID("2", p, q.String(), r.ID), Value: disclose.RoundFive(counts[jointCell{r.ID, p, q}])})
			}
		}
	}
	t.Count = len(c.Cells) - t.From
	c.Tables = append(c.Tables, t)
}

// jointSummary says the transfers in sentences, as rounded.
func (p *printer) jointSummary() []string {
	all := []string{}
	for i := range p.c.Tables[0].Count {
		cell := &p.c.Cells[p.c.Tables[0].From+i]
		codes := cell.codes()
		if len(codes) == 2 && codes[0] == p.c.Last {
			all = append(all, p.w.Text("release.joint.summary", "quarter", codes[0], "receiving", p.label("receiving", codes[1]), "count", statistics.Count(cell.Value, p.lang)))
		}
	}
	return append(all, p.w.Text("release.joint.rounded"), p.w.Text("release.joint.only"))
}

// jointMethod is the methodology of a joint release.
func (p *printer) jointMethod() ([]byte, error) {
	t := p.w.Text
	v := page{Lang: p.lang, Title: t("release.method"), Lead: []string{p.heading()}}
	add := func(heading string, list []string, text ...string) {
		v.Sections = append(v.Sections, section{Heading: t(heading), Text: text, List: list})
	}
	var rules []string
	for _, r := range Rules() {
		rules = append(rules, r.Text(p.lang)+" ("+r.ID+", "+r.hash+")")
	}
	add("release.method.counts", nil, t("release.joint.unit"))
	add("release.method.definitions", rules)
	add("release.method.source", nil, t("release.joint.source", "head", p.c.RecordHead, "at", p.c.KnownAt))
	add("release.method.quality", nil, t("release.joint.quality"), t("release.method.limits"))
	add("release.method.disclosure", nil, t("release.joint.rounded"), t("release.joint.only"))
	add("release.method.check", nil, t("release.joint.check"), t("release.method.verify"))
	return render(v)
}

// heading is the title of the release.
func (p *printer) heading() string {
	if p.c.Kind == KindJoint {
		return p.w.Text("release.joint.title", "one", p.label("receiving", p.c.Parties[0]), "other", p.label("receiving", p.c.Parties[1]), "first", p.c.First, "last", p.c.Last)
	}
	return p.w.Text("release.title", "country", p.country(), "first", p.c.First, "last", p.c.Last)
}
