package api

import (
	"context"
	"net/http"
	"time"

	"countersign/internal/fault"
	"countersign/internal/statistics"

	"github.com/danielgtaylor/huma/v2"
)

// Figure is one count, with all that it takes to read it.
type Figure struct {
	Measure    string    `json:"measure"`
	Role       string    `json:"role" enum:"part,total,overlap" doc:"overlap: already counted in the parts, never added to them"`
	Definition string    `json:"definition" doc:"in the language of the request"`
	Hash       string    `json:"definition_hash"`
	From       string    `json:"from" doc:"first day"`
	Until      string    `json:"until" doc:"day after the last"`
	AsOf       time.Time `json:"as_of" doc:"as the record knew it at this instant"`
	Value      int64     `json:"value"`
}

// Figures are counts as known at one instant. They count this authority's own record; they are no publication.
type Figures struct {
	Items []Figure `json:"items"`
}

type figuresIn struct {
	WithLanguage
	Measure     string    `query:"measure" enum:"returns-without-port,returns-with-port,enforced,voluntary,port,offender" doc:"absent: the three parts and both totals"`
	From        string    `query:"from" required:"true" format:"date" doc:"first day of departure"`
	To          string    `query:"to" required:"true" format:"date" doc:"last day of departure"`
	AsOf        time.Time `query:"as_of" doc:"as known at this instant; absent: now"`
	Nationality string    `query:"nationality" maxLength:"60" doc:"code of the statistics' country list"`
}

var measures = []statistics.Measure{statistics.EnforcedReturns, statistics.VoluntaryReturns, statistics.PortReturns, statistics.WithoutPort, statistics.WithPort}

func (s *service) figures() {
	register(s, huma.Operation{OperationID: "figures", Method: http.MethodGet, Path: "/figures", Tags: []string{"figures"},
		Summary: "Counts of returns as the record knew them at an instant", Description: "For officers who may count (policy statistics-count). Without disclosure control: not for publication."}, s.count)
}

func (s *service) count(ctx context.Context, in *figuresIn) (*body[Figures], error) {
	who, err := session(ctx, "statistics")
	if err != nil {
		return nil, err
	}
	from, err := statistics.ParseDay(in.From)
	if err != nil {
		return nil, err
	}
	to, err := statistics.ParseDay(in.To)
	if err != nil {
		return nil, err
	}
	if to.Before(from) {
		return nil, fault.New(fault.Invalid, "fault.statistics.day", "value", in.To)
	}
	asOf := in.AsOf
	if asOf.IsZero() {
		asOf = s.Desk.Clock().UTC()
	}
	ledger, err := s.Desk.CountingLedger(ctx, who)
	if err != nil {
		return nil, err
	}
	list := measures
	if in.Measure != "" {
		list = []statistics.Measure{statistics.Measure(in.Measure)}
	}
	out, period := Figures{Items: []Figure{}}, statistics.Days(from, to)
	for _, m := range list {
		d, err := statistics.Define(m, asOf)
		if err != nil {
			return nil, err
		}
		n, err := ledger.Count(statistics.Query{Measure: m, Period: period, Nationality: statistics.CountryOf(in.Nationality)}, asOf)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, Figure{Measure: string(m), Role: string(d.Role), Definition: d.Text(string(spoken(ctx).Lang)), Hash: d.Hash(),
			From: in.From, Until: period.Until.Format(time.DateOnly), AsOf: asOf.UTC(), Value: n})
	}
	return &body[Figures]{out}, nil
}
