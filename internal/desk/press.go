package desk

import (
	"context"
	"strconv"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/official"
	"countersign/internal/statistics/press"
)

// CheckDraft checks every number in a draft against an edition: the record as known on a day, an official
// edition that was imported, or the shipped values of one. It writes nothing.
func (d *Desk) CheckDraft(_ context.Context, who Session, draft press.Draft, o press.Options) (*press.Report, error) {
	if err := d.allow(who, "check-claim", access.Resource{Type: "edition"}); err != nil {
		return nil, err
	}
	library, err := d.library(o.Edition.Published)
	if err != nil {
		return nil, err
	}
	return press.Check(draft, library, o)
}

// library is every edition that a check on a day may name.
func (d *Desk) library(day time.Time) (press.Library, error) {
	ledger, err := d.readLedger(d.Store)
	if err != nil {
		return nil, err
	}
	days, err := d.recordDays(day)
	if err != nil {
		return nil, err
	}
	l := press.Library{press.FromOrigin{}}
	for _, known := range days {
		l = append(l, press.FromLedger{Ledger: ledger, AsOf: statistics.EndOf(known)})
	}
	holdings, err := d.holdings()
	if err != nil {
		return nil, err
	}
	held := map[time.Time]bool{}
	for _, h := range holdings {
		held[h.Edition.Published] = true
		l = append(l, press.FromHolding{Holding: h})
	}
	for _, e := range official.Editions {
		if !held[e] {
			l = append(l, press.FromTable{Published: e})
		}
	}
	return l, nil
}

// ReleaseStatement registers a text that goes out. A text of which one number does not pass is refused: nothing
// unbound passes.
func (d *Desk) ReleaseStatement(ctx context.Context, who Session, s domestic.PressStatement) error {
	if s.Document == "" || len(s.Document) > 200 {
		return fault.New(fault.Invalid, "fault.press.document")
	}
	report, err := d.checkStatement(ctx, who, s)
	if err != nil {
		return err
	}
	if good, all := passing(report); good < all || all == 0 {
		return fault.New(fault.Denied, "fault.press.failed", "good", strconv.Itoa(good), "all", strconv.Itoa(all), "edition", report.Edition.String())
	}
	s.Claims = nil
	for _, f := range report.Findings {
		if f.Statement != nil {
			s.Claims = append(s.Claims, domestic.PressClaim{Text: f.Statement.Text, Claim: f.Claim.String()})
		}
	}
	return d.perform(ctx, who, func(t *turn) error {
		if err := t.allow("check-claim", access.Resource{Type: "edition"}); err != nil {
			return err
		}
		_, err := t.say(act.Statement{Scope: act.Domestic, Kind: domestic.StatementReleased, Body: &s})
		return err
	})
}

func passing(r *press.Report) (good, all int) {
	for _, f := range r.Findings {
		if f.Statement == nil {
			continue
		}
		if all++; f.Verdict.Passes() {
			good++
		}
	}
	return good, all
}

func (d *Desk) checkStatement(ctx context.Context, who Session, s domestic.PressStatement) (*press.Report, error) {
	day, err := statistics.ParseDay(s.Edition)
	if err != nil {
		return nil, err
	}
	draft := press.Draft{Source: s.Text, Format: press.Format(s.Format), Lang: press.Lang(s.Lang)}
	if s.Date != "" {
		if draft.Date, err = statistics.ParseDay(s.Date); err != nil {
			return nil, err
		}
	}
	bindings := map[int]string{}
	for k, v := range s.Bindings {
		n, err := strconv.Atoi(k)
		if err != nil {
			return nil, fault.New(fault.Invalid, "fault.press.bindings", "file", s.Document)
		}
		bindings[n] = v
	}
	o := press.Options{Edition: statistics.Edition{Series: statistics.Series(s.Series), Published: day}, Accept: s.Accept, Bindings: bindings}
	if len(s.Claims) > 0 { // it went out: what it was bound to then counts, not what it would be read as now
		var bound []press.Binding
		for _, c := range s.Claims {
			bound = append(bound, press.Binding{Text: c.Text, Claim: c.Claim})
		}
		o.Accept, o.Bindings = false, press.Rebind(draft, bound)
	}
	return d.CheckDraft(ctx, who, draft, o)
}

// Statement is a registered text with the act that registered it.
type Statement struct {
	domestic.PressStatement
	At time.Time
	By act.ID
}

// Statements lists the registered texts, oldest first.
func (d *Desk) Statements(_ context.Context, who Session) ([]Statement, error) {
	if err := d.allow(who, "check-claim", access.Resource{Type: "edition"}); err != nil {
		return nil, err
	}
	var all []Statement
	err := d.eachEvent(d.Store, domestic.StatementReleased, func(e act.Event) error {
		all = append(all, Statement{*e.Body.(*domestic.PressStatement), e.Recorded, e.Officer.ID})
		return nil
	})
	return all, err
}

// WatchStatements checks every registered text again at an edition and returns what no longer passes.
func (d *Desk) WatchStatements(ctx context.Context, who Session, edition statistics.Edition) ([]press.Notice, error) {
	statements, err := d.Statements(ctx, who)
	if err != nil {
		return nil, err
	}
	library, err := d.library(edition.Published)
	if err != nil {
		return nil, err
	}
	var all []press.Notice
	for _, s := range statements {
		report, err := d.checkStatement(ctx, who, s.PressStatement)
		if err != nil {
			return nil, err
		}
		notices, err := press.Watch(press.Published{Document: s.Document, Edition: report.Edition, Findings: report.Findings}, library, edition)
		if err != nil {
			return nil, err
		}
		all = append(all, notices...)
	}
	return all, nil
}
