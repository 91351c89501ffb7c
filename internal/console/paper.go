package console

import (
	"cmp"

	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/words"
)

// paper is the standard form of a proposed refusal with the leaflet on how to complain, in both languages, to be
// printed for the person. It says of itself that it is a proposal until a second officer has confirmed it.
type paper struct{ Languages []paperIn }

// paperIn is the paper in one language.
type paperIn struct {
	Lang                    words.Lang
	Title, State            string
	Facts                   [][2]string
	Officer, Second, Person string // lines to sign on
	Leaflet                 string
	Lines                   []string
}

// paper writes the form of a check whose refusal was proposed here.
func (l *Lane) paper(id act.ID) (*paper, error) {
	c, err := l.find(id)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	form, document := c.state.Proposed, c.document
	l.mu.Unlock()
	if form == nil || document == nil {
		return nil, fault.New(fault.Missing, "fault.border.no-proposal")
	}
	surname, given := document.Names()
	p := &paper{}
	for _, lang := range words.Langs {
		w := l.catalogues[lang]
		one := paperIn{Lang: lang, Title: w.Text("console.paper.title"), State: w.Text("console.paper.state"),
			Officer: w.Text("console.paper.officer"), Second: w.Text("console.paper.second"), Person: w.Text("console.paper.person"),
			Leaflet: w.Text("console.paper.leaflet"), Lines: []string{form.Remedy[string(lang)], w.Text("console.paper.complain"), w.Text("console.paper.no-harm"), w.Text("console.paper.protection")}}
		rule := form.Rule
		for i := range c.result.Findings {
			if f := &c.result.Findings[i]; f.Rule == form.Rule {
				rule = f.Reason[lang]
			}
		}
		for _, f := range [][2]string{{"name", surname + ", " + given}, {"document", document.Issuer() + " " + document.Number()}, {"born", w.Day(document.Birth.String())},
			{"point", cmp.Or(l.settings.PointName, form.Point)}, {"when", w.Moment(c.at.In(l.zone))}, {"rule", rule}, {"basis", form.LegalBasis}, {"reasons", form.Reasons[string(lang)]}, {"proportionality", form.Proportionality[string(lang)]}} {
			one.Facts = append(one.Facts, [2]string{w.Text("console.paper." + f[0]), f[1]})
		}
		p.Languages = append(p.Languages, one)
	}
	return p, nil
}
