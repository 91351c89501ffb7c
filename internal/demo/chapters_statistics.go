package demo

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/node"
	"countersign/internal/statistics"
	"countersign/internal/statistics/press"
	"countersign/internal/statistics/release"
)

// The joint release of the story: the transfers of the two quarters in which it plays.
const jointRelease = "transfers-2024-q1"

var (
	jointFirst = statistics.Q(2023, 4)
	jointLast  = statistics.Q(2024, 1)
)

// figures: both statisticians compare their counts, publish a joint release that each node computes by itself,
// and one changed cell is found; then the statements of the past are checked against two editions.
func (s *Story) figures(ctx context.Context) error {
	if err := s.announce(ctx); err != nil {
		return err
	}
	if err := s.compare(ctx); err != nil {
		return err
	}
	if err := s.publish(ctx); err != nil {
		return err
	}
	if err := s.signTogether(ctx); err != nil {
		return err
	}
	return s.statements(ctx)
}

func (s *Story) statistician(a *Authority) desk.Session {
	return a.As("statistician").For("purpose.statistics")
}

// onRelease lets an officer take a step with the joint release on its page.
func (s *Story) onRelease(a *Authority, role, step string, answers url.Values) error {
	v, err := s.Browser(a, role)
	if err == nil {
		_, err = v.Fill(releasePath, releasePath+"/"+step, answers)
	}
	return err
}

const releasePath = "/statistics/releases/" + jointRelease

// announce lays the release down at least four weeks ahead, at 09:30 on a weekday and after the last quarter.
func (s *Story) announce(context.Context) error {
	v, err := s.Browser(s.GB, "statistician")
	if err != nil {
		return err
	}
	announce := func(at time.Time) error {
		answers := url.Values{"id": {jointRelease}, "kind": {release.KindJoint}, "first": {jointFirst.String()}, "last": {jointLast.String()}}
		putDay(answers, "day", at.In(london).Format(time.DateOnly))
		_, err := v.Fill("/statistics/releases", "/statistics/releases", answers)
		return err
	}
	after := jointLast.End().AddDate(0, 0, 3)
	if at := weekday(later(s.Clock.Now().AddDate(0, 0, 14), after)); at.Before(s.Clock.Now().Add(release.Notice)) {
		s.refused(announce(at), "web.form.date.earliest", "story.figures.notice")
	}
	at := weekday(later(s.Clock.Now().Add(release.Notice+time.Hour), after))
	if err := announce(at); err != nil {
		return err
	}
	s.did("story.figures.announced", "moment", s.words.Moment(at.In(london)))
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// weekday is the next 09:30 in London on a weekday.
func weekday(t time.Time) time.Time {
	y, m, d := t.In(london).Date()
	at := time.Date(y, m, d, 9, 30, 0, 0, london)
	for at.Before(t) || at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		d++
		at = time.Date(y, m, d, 9, 30, 0, 0, london)
	}
	return at.UTC()
}

// decision is what the supervisor writes. Acts say the same in every language of the story.
const decision = "The return was taken out of our own tables as a duplicate; the handover itself took place and counts in the joint tables."

// minute is the announced one.
func (s *Story) minute(ctx context.Context) (time.Time, error) {
	v, err := s.GB.Desk.Release(ctx, s.statistician(s.GB), jointRelease)
	return v.At, err
}

// compare: each side tells the other what it counts, act by act. The return that the chapter of the count took out of the British
// count stands in the Albanian one; the draft does not pass before an officer has explained that.
func (s *Story) compare(ctx context.Context) error {
	at, err := s.minute(ctx)
	if err != nil {
		return err
	}
	s.Clock.Set(at.Add(-48 * time.Hour))
	if err := s.onRelease(s.GB, "statistician", "mirror", nil); err != nil {
		return err
	}
	if err := s.AL.Desk.CountMirror(ctx, s.statistician(s.AL), jointFirst, jointLast); err != nil { // its page comes with the offer
		return err
	}
	if err := s.Slot(ctx); err != nil {
		return err
	}
	report, err := s.GB.Desk.Mirror(ctx, s.statistician(s.GB), jointFirst, jointLast)
	if err != nil {
		return err
	}
	s.check(report.Theirs > 0 && report.Agreed > 0 && len(report.Differences) == 1, "story.figures.mirror", "ours", strconv.Itoa(report.Ours),
		"theirs", strconv.Itoa(report.Theirs), "agreed", strconv.Itoa(report.Agreed), "count", strconv.Itoa(len(report.Differences)))
	view, err := s.AL.Desk.ViewCase(ctx, s.AL.As("readmission-officer"), s.handed)
	if err != nil {
		return err
	}
	s.check(len(report.Differences) == 1 && report.Differences[0].Act == view.State.Accepted.ID, "story.figures.difference")
	if err := s.onRelease(s.GB, "statistician", release.StepDraft, nil); err != nil {
		return err
	}
	draft, err := s.GB.Desk.Release(ctx, s.statistician(s.GB), jointRelease)
	if err != nil {
		return err
	}
	supervisor := s.GB.As("supervisor").For("purpose.statistics")
	s.refused(s.GB.Desk.AssureRelease(ctx, supervisor, jointRelease), "fault.release.open", "story.figures.open", "count", strconv.Itoa(len(draft.Findings))) // no page offers it
	if err := s.onRelease(s.GB, "supervisor", release.StepDecide, url.Values{"note": {decision}}); err != nil {
		return err
	}
	if err := s.onRelease(s.GB, "supervisor", release.StepAssure, nil); err != nil {
		return err
	}
	s.did("story.figures.assured")
	return nil
}

// publish: named readers in the last day, and publication at the announced minute.
func (s *Story) publish(ctx context.Context) error {
	at, err := s.minute(ctx)
	if err != nil {
		return err
	}
	presser, coordinator := s.GB.As("press-officer").For("purpose.statistics"), s.GB.As("coordinator").For("purpose.statistics")
	if err := s.onRelease(s.GB, "statistician", release.StepGrant, url.Values{"reader": {string(presser.Officer.ID)}, "purpose": {"answers to the press on the day"}}); err != nil {
		return err
	}
	s.Clock.Set(at.Add(-20 * time.Hour))
	if err := s.preRelease(coordinator, presser); err != nil {
		return err
	}
	s.Clock.Set(at.Add(-time.Minute))
	s.refused(s.onRelease(s.GB, "press-officer", release.StepPublish, nil), "fault.release.too-early", "story.figures.early")
	s.Clock.Set(at)
	if err := s.onRelease(s.GB, "press-officer", release.StepPublish, nil); err != nil {
		return err
	}
	v, err := s.GB.Desk.Release(ctx, presser, jointRelease)
	if err != nil {
		return err
	}
	s.check(v.Phase == release.Published && len(v.Accesses) == 1, "story.figures.published", "moment", s.words.Moment(at.In(london)))
	return nil
}

// preRelease: in the last day the named reader opens the figures, and nobody else.
func (s *Story) preRelease(other, reader desk.Session) error {
	const table = releasePath + "/files/table-1.csv"
	for _, who := range []desk.Session{other, reader} {
		v, err := s.browserOf(s.GB, who.Officer.ID)
		if err != nil {
			return err
		}
		_, err = v.Open(table)
		if who.Officer.ID == reader.Officer.ID {
			return err
		}
		s.refused(err, "fault.release.not-listed", "story.figures.not-listed")
	}
	return nil
}

// signTogether: the other node computes every byte from its own record before it signs; anyone checks both
// signatures offline, and one changed cell is named.
func (s *Story) signTogether(ctx context.Context) error {
	if err := s.onRelease(s.GB, "statistician", "offer", nil); err != nil {
		return err
	}
	if err := s.Slot(ctx); err != nil {
		return err
	}
	s.Clock.Advance(time.Hour)
	if err := s.onRelease(s.AL, "statistician", "countersign", nil); err != nil {
		return err
	}
	if err := s.Slot(ctx); err != nil {
		return err
	}
	ours, err := s.GB.Desk.ReleaseFiles(ctx, s.statistician(s.GB), jointRelease)
	if err != nil {
		return err
	}
	theirs, err := s.AL.Desk.ReleaseFiles(ctx, s.statistician(s.AL), jointRelease)
	if err != nil {
		return err
	}
	same := len(ours) == len(theirs)
	for name, b := range ours {
		same = same && bytes.Equal(b, theirs[name])
	}
	s.check(same, "story.figures.same", "files", strconv.Itoa(len(ours)))
	folder := filepath.Join(s.proofs, jointRelease)
	if err := leaveFiles(folder, ours); err != nil {
		return err
	}
	keys := []release.Key{{Authority: GB, Public: ed25519.PublicKey(s.GB.Public.Cosign)}, {Authority: AL, Public: ed25519.PublicKey(s.AL.Public.Cosign)}}
	r := release.Verify(ours, keys)
	s.check(r.OK() && len(r.Signers) == 2, "story.figures.verified", "cells", strconv.Itoa(r.Cells), "signers", strings.Join(r.Signers, ", "))
	s.did("story.figures.command", "command", "countersign release verify "+folder+" --keys "+filepath.Join(s.proofs, node.PublicName(GB))+" --keys "+filepath.Join(s.proofs, node.PublicName(AL)))
	return s.oneCell(ours, keys)
}

// leaveFiles writes the release for whoever wants to check it.
func leaveFiles(folder string, files map[string][]byte) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// oneCell changes the people that Albania received in the last quarter, in the table that readers download.
func (s *Story) oneCell(files map[string][]byte, keys []release.Key) error {
	const name = "table-1.csv"
	cell := "1/" + jointLast.String() + "/" + AL
	lines := strings.Split(string(files[name]), "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasSuffix(l, ","+cell) })
	if i < 0 {
		return fault.New(fault.Missing, "fault.release.unknown", "release", jointRelease)
	}
	fields := strings.Split(lines[i], ",")
	was := fields[2]
	fields[2] = was + "0"
	lines[i] = strings.Join(fields, ",")
	changed := map[string][]byte{}
	for n, b := range files {
		changed[n] = b
	}
	changed[name] = []byte(strings.Join(lines, "\n"))
	r := release.Verify(changed, keys)
	named := slices.ContainsFunc(r.Problems, func(p release.Problem) bool { return strings.HasSuffix(p.Where, ": "+cell) })
	s.check(!r.OK() && named, "story.figures.cell", "cell", cell, "was", was, "now", fields[2])
	return nil
}

// origin is what was said on 24 April 2023, with each number marked up by its author.
const originText = `In 2022, [1,888]{returns-without-port | of albania | 2022} Albanian nationals were returned, of whom [954]{enforced | of albania | 2022}
([51%]{enforced / returns-without-port | of albania | 2022}) by force and [934]{voluntary | of albania | 2022} voluntarily, a rise of
[90%]{voluntary | of albania | 2022 on 2021} from [492]{voluntary | of albania | 2021}.

The returns are a combination of failed asylum seekers, foreign national offenders and voluntary returns.`

// statements: true of the record on the day, with cautions; a month later no longer.
func (s *Story) statements(ctx context.Context) error {
	presser := s.GB.As("press-officer").For("purpose.statistics")
	draft := press.Draft{Source: originText, Format: press.FormatOf("statement.md")}
	report, err := s.GB.Desk.CheckDraft(ctx, presser, draft, press.Options{Edition: statistics.Edition{Series: statistics.Record, Published: statistics.Day(2023, 4, 24)}})
	if err != nil {
		return err
	}
	cautions := map[press.Caution]bool{}
	numbers := 0
	for _, f := range report.Findings {
		if f.Statement != nil {
			numbers++
		}
		for _, c := range f.Cautions {
			cautions[c] = true
		}
	}
	s.check(report.Passes() && numbers == 6 && cautions[press.Fragile] && cautions[press.AddedUp], "story.figures.april", "count", strconv.Itoa(numbers))
	if err := s.register("2023-04-24"); err != nil {
		return err
	}
	notices, err := s.GB.Desk.WatchStatements(ctx, presser, statistics.Edition{Series: statistics.Record, Published: statistics.Day(2023, 5, 25)})
	if err != nil {
		return err
	}
	stale := 0
	for _, n := range notices {
		if n.After.Verdict == press.Stale {
			stale++
		}
	}
	s.check(stale == numbers, "story.figures.may", "count", strconv.Itoa(stale))
	return nil
}

// register checks the statement on the press officer's page and, as everything in it passes, registers it there.
func (s *Story) register(day string) error {
	const page = "/statistics/press"
	v, err := s.Browser(s.GB, "press-officer")
	if err != nil {
		return err
	}
	answers := url.Values{"text": {originText}, "format": {"markdown"}, "series": {string(statistics.Record)}, "edition": {day}, "document": {day}, "do": {"check"}}
	checked, err := v.Fill(page, page, answers)
	if err != nil {
		return err
	}
	_, err = v.Send(checked, page, url.Values{"do": {"register"}})
	return err
}
