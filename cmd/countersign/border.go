package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"countersign/internal/border"
	"countersign/internal/border/criteria"
	"countersign/internal/border/screen"
	"countersign/internal/border/stay"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/laws"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// borderCmd exposes the engine of the checks at crossing points.
type borderCmd struct {
	Check   borderCheckCmd   `cmd:"" help:"Check documents: zone, alerts, criteria, stay. Findings only; an officer decides."`
	Explain borderExplainCmd `cmd:"" help:"Show how every rule came out for one document, with legal basis and facts."`
	Screen  borderScreenCmd  `cmd:"" help:"Screen travellers against a list of alerts."`
	Stay    borderStayCmd    `cmd:"" help:"Count days of stay in a moving window."`
	Load    borderLoadCmd    `cmd:"" help:"Take a signed list of alerts into use at a node."`
	Sign    borderSignCmd    `cmd:"" help:"Make a signed snapshot or delta of a list from a table."`
}

// journeyFlags are what a check has to know beside the document.
type journeyFlags struct {
	State     string   `help:"State whose officers check: al, gb, schengen." default:"al" placeholder:"CODE"`
	Direction string   `help:"entry or exit." enum:"entry,exit" default:"exit"`
	To        []string `help:"Destination: areas and state, for example schengen,ITA or gb. Not given: unknown." placeholder:"CODE"`
	Facts     string   `help:"JSON file of facts that the officer has asked and seen, for example {\"trip.return_shown\": true}." type:"existingfile" placeholder:"FILE"`
	List      []string `help:"Alert lists: CSV tables, signed snapshots, or one image." type:"existingfile" placeholder:"FILE"`
	Ring      string   `help:"JSON file of trusted keys: {\"key-id\": {\"authority\": …, \"public\": base64}}." type:"existingfile" placeholder:"FILE"`
	History   string   `help:"CSV history of stays: entry,exit[,counts]." type:"existingfile" placeholder:"FILE"`
	Planned   string   `help:"Planned departure from the destination, 2006-01-02." placeholder:"DATE"`
	Issued    string   `help:"Day on which the document was issued, 2006-01-02." placeholder:"DATE"`
	On        string   `help:"Day of the check, 2006-01-02; not given: today." placeholder:"DATE"`
}

// input reads everything but the document.
func (j *journeyFlags) input(a *app) (*border.Input, error) {
	in := &border.Input{Journey: criteria.Journey{State: j.State, Direction: criteria.Direction(j.Direction), Destination: j.To}}
	in.Now = time.Now()
	if j.On != "" {
		d, err := stay.Parse(j.On)
		if err != nil {
			return nil, err
		}
		in.Now = time.Unix(int64(d)*86400+43200, 0).UTC()
	}
	var err error
	if in.Books, err = criteria.Load(laws.Border); err != nil {
		return nil, err
	}
	if in.Facts, err = readFacts(j.Facts); err != nil {
		return nil, err
	}
	if len(j.List) > 0 {
		left := leftOut{a: a}
		if in.Index, err = openLists(j.List, j.Ring, in.Now, &left); err != nil {
			return nil, err
		}
		if err := left.fault(); err != nil { // a check does not rest on half a list
			return nil, err
		}
	}
	if j.History != "" {
		if in.Stays, err = readHistory(j.History); err != nil {
			return nil, err
		}
		if in.Stays == nil {
			in.Stays = []stay.Stay{}
		}
	}
	for _, d := range []struct {
		text string
		to   *stay.Day
	}{{j.Planned, &in.Planned}, {j.Issued, &in.Issued}} {
		if d.text != "" {
			if *d.to, err = stay.Parse(d.text); err != nil {
				return nil, err
			}
		}
	}
	return in, nil
}

// borderCheckCmd checks one zone or many.
type borderCheckCmd struct {
	MRZ  string `name:"mrz" help:"${zones}" required:"" placeholder:"FILE"`
	JSON bool   `name:"json" help:"One JSON object per zone and line."`
	journeyFlags
}

// Run prints an answer for each zone. A zone that cannot be read is a finding of its own and makes the exit
// code 1 at the end.
func (c *borderCheckCmd) Run(a *app) error {
	in, err := c.input(a)
	if err != nil {
		return err
	}
	zones, err := readZones(c.MRZ)
	if err != nil {
		return err
	}
	var s screen.Searcher
	var first error
	today := mrzDay(in.Now)
	for _, z := range zones {
		var m person.MRZ
		zoneErr := person.ParseMRZ(&m, z.text, today)
		in.MRZ = &m
		if zoneErr != nil {
			in.MRZ = nil
			first = errors.Join(first, zoneErr)
		}
		r := border.Check(in, &s)
		if c.JSON {
			if err := a.checkJSON(z.id, in.MRZ, r, zoneErr); err != nil {
				return err
			}
			continue
		}
		a.checkText(in.MRZ, r)
	}
	if first != nil {
		return fault.New(fault.Invalid, "fault.mrz.shape")
	}
	return nil
}

type documentJSON struct {
	Kind           string            `json:"kind"`
	Code           string            `json:"code"`
	Issuer         string            `json:"issuer"`
	IssuerCode     string            `json:"issuer_code"` // one code for all ways of naming the state
	Number         string            `json:"number"`
	Surname        string            `json:"surname"`
	Given          string            `json:"given"`
	Nationality    string            `json:"nationality"`
	NationCode     string            `json:"nationality_code"`
	Birth          string            `json:"birth"`
	Sex            string            `json:"sex"`
	Expiry         string            `json:"expiry"`
	Optional       string            `json:"optional"`
	Digits         map[string]string `json:"digits"`
	DigitsHold     bool              `json:"digits_hold"`
	Repairs        []repairJSON      `json:"repairs"`
	NameMayBeCut   bool              `json:"name_may_be_cut"`
	CenturyAssumed bool              `json:"century_assumed"`
	Lines          []string          `json:"lines"`
}

type repairJSON struct {
	Line, Column int
	From, To     string
	Field        string
}

func documentOf(m *person.MRZ) *documentJSON {
	surname, given := m.Names()
	d := &documentJSON{Kind: m.Kind.String(), Code: m.Code(), Issuer: m.Issuer(), IssuerCode: person.StateCode(m.Issuer()), Number: m.Number(), Surname: surname, Given: given,
		Nationality: m.Nationality(), NationCode: person.StateCode(m.Nationality()), Birth: m.Birth.String(), Sex: string(m.Sex), Expiry: m.Expiry.String(),
		Optional: m.Optional(), Digits: map[string]string{}, DigitsHold: m.Holds(), Repairs: []repairJSON{}, Lines: m.Lines(),
		NameMayBeCut: m.Notes&person.NoteTruncated != 0, CenturyAssumed: m.Notes&person.NoteCentury != 0}
	for f, s := range m.Digits {
		d.Digits[person.DigitField(f).String()] = s.String()
	}
	for _, r := range m.Repairs() {
		d.Repairs = append(d.Repairs, repairJSON{int(r.Line), int(r.Column), string(r.From), string(r.To), r.Field.String()})
	}
	return d
}

func (a *app) checkJSON(id string, m *person.MRZ, r *border.Result, zoneErr error) error {
	out := struct {
		ID       string        `json:"id,omitzero"`
		Document *documentJSON `json:"document"`
		Error    string        `json:"error,omitzero"`
		*border.Result
	}{Result: r}
	if m != nil {
		out.Document = documentOf(m)
	}
	if zoneErr != nil {
		out.Error = a.message(zoneErr)
	}
	b, err := json.Marshal(out, json.Deterministic(true), jsontext.Multiline(false))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s\n", b)
	return err
}

func (a *app) checkText(m *person.MRZ, r *border.Result) {
	fmt.Fprintf(a.out, "%s (%s, %s)\n", a.words.Text(r.Answer.Word), r.Answer.Shape, r.Answer.Colour)
	if m != nil {
		surname, given := m.Names()
		fmt.Fprintf(a.out, "  %s %s %s, %s %s, %s\n", m.Kind, m.Issuer(), m.Number(), surname, given, m.Birth)
	}
	for _, l := range r.Lists {
		fmt.Fprintln(a.out, " ", a.words.Text("border.cli.list", "list", l.List, "version", fmt.Sprint(l.Version), "hours", fmt.Sprintf("%.0f", l.Hours)))
	}
	for _, f := range r.Findings {
		fmt.Fprintf(a.out, "- %s: %s %s", a.words.Text("border.effect."+string(f.Effect)), f.Say(a.words), a.words.Text(f.Next))
		if f.LegalBasis != "" {
			fmt.Fprintf(a.out, " [%s]", f.LegalBasis)
		}
		fmt.Fprintln(a.out)
	}
}

// borderExplainCmd shows every rule.
type borderExplainCmd struct {
	MRZ string `name:"mrz" help:"File with one machine readable zone; - is standard input. Not given: criteria alone." placeholder:"FILE"`
	journeyFlags
}

// Run prints every evaluation, met ones included, in the order of the rulebooks.
func (c *borderExplainCmd) Run(a *app) error {
	in, err := c.input(a)
	if err != nil {
		return err
	}
	if c.MRZ != "" {
		zones, err := readZones(c.MRZ)
		if err != nil {
			return err
		}
		in.MRZ = &person.MRZ{}
		if err := person.ParseMRZ(in.MRZ, zones[0].text, mrzDay(in.Now)); err != nil {
			return err
		}
	}
	r := border.Check(in, &screen.Searcher{})
	book := ""
	for _, e := range r.Evaluations() {
		if e.Book.ID != book {
			book = e.Book.ID
			fmt.Fprintf(a.out, "%s (%s@%s)\n", e.Book.Title[a.words.Lang], e.Book.ID, e.Book.Hash[:12])
		}
		fmt.Fprintf(a.out, "\n%s: %s", e.Rule.ID, a.words.Text("border.state."+string(e.State)))
		if e.Effect != "" {
			fmt.Fprintf(a.out, " → %s", a.words.Text("border.effect."+string(e.Effect)))
		}
		fmt.Fprintf(a.out, "\n  %s\n", a.words.Text("border.cli.legal-basis", "basis", e.Rule.LegalBasis, "mark", string(e.Rule.Mark)))
		if len(e.Facts) > 0 {
			fmt.Fprintf(a.out, "  %s\n", a.words.Text("border.cli.facts", "facts", strings.Join(e.Facts, ", ")))
		}
		if e.State == criteria.NotKnown {
			fmt.Fprintf(a.out, "  %s\n", a.words.Text("border.cli.absent", "facts", strings.Join(e.Absent, ", ")))
		}
		if e.Effect != "" {
			fmt.Fprintf(a.out, "  %s\n  %s\n", a.words.Text("border.cli.reason", "text", e.Rule.Reason[a.words.Lang]),
				a.words.Text("border.cli.satisfied", "text", e.Rule.SatisfiedBy[a.words.Lang]))
			if e.Rule.Conflict != nil {
				fmt.Fprintf(a.out, "  %s\n", a.words.Text("border.cli.conflict", "basis", e.Rule.Conflict.Basis, "text", e.Rule.Conflict.Text[a.words.Lang]))
			}
		}
	}
	return nil
}

// readFacts reads facts and refuses those that no rulebook may ask for.
func readFacts(name string) (criteria.Facts, error) {
	facts := criteria.Facts{}
	if name == "" {
		return facts, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var raw map[string]any
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, fault.New(fault.Invalid, "fault.border.facts", "fact", name).Because(err)
	}
	for k, v := range raw {
		var val criteria.Value
		switch v := v.(type) {
		case bool:
			val = criteria.Is(v)
		case float64:
			val = criteria.Num(v)
		case string:
			val = criteria.Str(v)
		}
		if val.Kind == criteria.Missing || criteria.Vocabulary[k] != val.Kind {
			return nil, fault.New(fault.Invalid, "fault.border.facts", "fact", k)
		}
		facts[k] = val
	}
	return facts, nil
}

func mrzDay(t time.Time) person.MRZDate {
	y, m, d := t.Date()
	return person.MRZDate{Year: int16(y), Month: uint8(m), Day: uint8(d)}
}
