package desk

import (
	"context"
	"time"

	"countersign/internal/access"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/official"
	"countersign/internal/statistics/press"
)

// FigureMeasures are the rows of a table of figures: the parts, their total, port apart, and the offenders, who are
// counted in the groups already.
var FigureMeasures = []statistics.Measure{statistics.EnforcedReturns, statistics.VoluntaryReturns, statistics.WithoutPort, statistics.PortReturns, statistics.OffenderReturns}

// Figures is a population and period in every edition of one series.
type Figures struct {
	Series   statistics.Series
	Editions []statistics.Edition
	Values   [][]cube.Vintage // by measure, by edition
}

// Figures shows what each edition says of a nationality and a period: the official editions (imported whole, or the
// shipped values of Albanian nationals) and the own record as known on the same days.
func (d *Desk) Figures(_ context.Context, who Session, country statistics.Country, p statistics.Period) ([]Figures, error) {
	if err := d.allow(who, "view-statistics", access.Resource{Type: "edition"}); err != nil {
		return nil, err
	}
	library, err := d.library(dayOnly(d.Clock()))
	if err != nil {
		return nil, err
	}
	var all []Figures
	for _, series := range []statistics.Series{statistics.Quarterly, statistics.Record} {
		if series == statistics.Record && d.allow(who, "count-returns", access.Resource{Type: "return"}) != nil {
			continue // small counts of the own record can lead to a person
		}
		f := Figures{Series: series}
		for _, s := range library {
			if s.Edition().Series == series && (series != statistics.Record || len(f.Editions) < maxRecordDays) {
				f.Editions = append(f.Editions, s.Edition())
			}
		}
		for _, m := range FigureMeasures {
			row := []cube.Vintage{}
			for _, e := range f.Editions {
				row = append(row, vintage(library, e, m, country, p))
			}
			f.Values = append(f.Values, row)
		}
		all = append(all, f)
	}
	return all, nil
}

// maxRecordDays bounds the columns of a table of figures.
const maxRecordDays = 8

func vintage(l press.Library, e statistics.Edition, m statistics.Measure, country statistics.Country, p statistics.Period) cube.Vintage {
	v := cube.Vintage{Edition: e}
	for _, s := range l {
		if s.Edition() == e {
			n, err := s.Value(m, statistics.Population{Nationality: country}, p)
			v.Value, v.Held = n, err == nil
		}
	}
	return v
}

// FigureYears bounds the years that a table of figures offers.
func (d *Desk) FigureYears() (first, last int) {
	return 2010, d.Clock().In(time.UTC).Year()
}

// EditionDays are the days of the official editions that a check may name, oldest first.
func EditionDays() []time.Time { return official.Editions }
