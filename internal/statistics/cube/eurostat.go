package cube

import (
	"slices"

	"countersign/internal/statistics"
)

// EurostatRow is a row in the columns of migr_eirtn or migr_eirtn1: for comparison, never for delivery.
type EurostatRow struct {
	Citizen statistics.Country
	Age     statistics.Age
	Sex     statistics.Sex
	Dest    statistics.DestGroup
	Period  statistics.Period
	Value   int64 // rounded to 5, as Eurostat publishes
	Exact   int64 // before rounding; not for publication
}

// Eurostat arranges the enforced and voluntary returns of a nationality in Eurostat's columns, one row per
// age, sex and destination group that occurs. What the columns do not say of each other is in
// statistics.Bridges.
func (h *Holding) Eurostat(c statistics.Country, p statistics.Period) ([]EurostatRow, error) {
	l := statistics.Lists()
	sums := map[Row]int64{}
	f := Filter{Measure: statistics.WithoutPort, Population: statistics.Population{Nationality: c}, Period: p}
	if err := h.Each(f, func(r Row) { sums[Row{Age: r.Age, Sex: r.Sex, Dest: r.Dest}] += r.N }); err != nil {
		return nil, err
	}
	var keys []Row
	for k := range sums {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, Row.Compare)
	var rows []EurostatRow
	for _, k := range keys {
		n := sums[k]
		rows = append(rows, EurostatRow{c, statistics.Age(l.Ages.Codes[k.Age].Code), statistics.Sex(l.Sexes.Codes[k.Sex].Code),
			statistics.DestGroup(l.DestGroups.Codes[k.Dest].Code), p, (n + 2) / 5 * 5, n})
	}
	return rows, nil
}
