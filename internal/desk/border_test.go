package desk_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border"
	"countersign/internal/border/alert"
	"countersign/internal/border/criteria"
	"countersign/internal/border/lane"
	"countersign/internal/border/measure"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/store"
	"countersign/laws"
)

const specimen = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"

// checkpoint is an Albanian node with its crossing points and officers.
type checkpoint struct {
	*desk.Border
	al, gb                *side
	officer, other        desk.Session
	supervisor, statistic desk.Session
	lists                 ed25519.PrivateKey
}

const thePoint = "al-tirana-airport"

func atTheBorder(t testing.TB) *checkpoint {
	t.Helper()
	gb, al := two(t, func() store.Options { return store.Options{Folder: t.TempDir()} })
	p := &checkpoint{al: al, gb: gb}
	as := func(name, role, purpose string) desk.Session {
		id, err := al.EnterOfficer(t.Context(), name, role, "", rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		s, err := al.SignIn(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return s.For(purpose)
	}
	p.officer, p.other = as("First", "border-officer", "purpose.border"), as("Other", "border-officer", "purpose.border")
	p.supervisor, p.statistic = as("Supervisor", "supervisor", "purpose.border"), as("Counter", "statistician", "purpose.statistics")
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p.lists = key
	books, err := criteria.Load(laws.Border)
	if err != nil {
		t.Fatal(err)
	}
	points, err := measure.LoadRegister(laws.Border, "al")
	must(t, err)
	if p.Border, err = desk.NewBorder(al.Desk, desk.BorderConfig{Books: books, Points: points, Ring: alert.Ring{"police": {Authority: "al-police", Public: pub}},
		Folder: t.TempDir(), Retention: time.Hour}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *checkpoint) list(t testing.TB, version int64, alerts ...alert.Alert) []byte {
	t.Helper()
	now := p.al.clock.now()
	var file bytes.Buffer
	h := alert.Header{List: "al/wanted", Kind: alert.Wanted, Authority: "al-police", LegalBasis: "a warrant", Action: "border.next.compare-person", Version: version,
		Issued: now, ValidFrom: now.Add(-time.Hour), ValidUntil: now.AddDate(0, 0, 7)}
	if err := alert.Write(&file, h, "police", p.lists, func(yield func(*alert.Change) bool) {
		for i := range alerts {
			if !yield(&alert.Change{Alert: alerts[i]}) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func anna(day int) alert.Alert {
	return alert.Alert{Ref: "w1", Names: []string{"Anna Maria Eriksson"}, Birth: person.MRZDate{Year: 1974, Month: 8, Day: uint8(day)}, Sex: 'F'}
}

// satisfied are the facts of a traveller with whom nothing is open.
func satisfied() map[string]any {
	return map[string]any{"document.biometric": true, "trip.purpose_shown": true, "trip.address_shown": true, "trip.invitation_shown": true, "trip.lodging_shown": true,
		"trip.return_shown": true, "trip.means_shown": true, "trip.insurance_shown": true, "trip.visa_required": false, "trip.visa_held": true, "trip.residence_permit": false,
		"document.issue_age_years": 2.0, "document.months_after_trip": 24.0, "confirmed.court_travel_ban": false, "confirmed.warrant": false}
}

func traveller(zone string, facts map[string]any) desk.Traveller {
	return desk.Traveller{Zone: strings.Split(zone, "\n"), Point: thePoint, Direction: criteria.Exit, Destination: []string{"gb"}, Facts: facts}
}

// valid is a passport that has not expired in the time of the tests.
const valid = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F3404159ZE184226B<<<<<16"

func open(t testing.TB, p *checkpoint, zone string, facts map[string]any) *desk.BorderCheck {
	t.Helper()
	c, err := p.OpenCheck(t.Context(), p.officer, traveller(zone, facts))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func want(t testing.TB, err error, key string) {
	t.Helper()
	if fault.KeyOf(err) != key {
		t.Fatalf("%v, want %s", err, key)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// An expired document supports a refusal; the order asks for two officers; both languages and individual reasons.
func TestRefusalOnTheForm(t *testing.T) {
	p := atTheBorder(t)
	must(t, p.ActivateSnapshot(t.Context(), p.supervisor, bytes.NewReader(p.list(t, 1))))
	c := open(t, p, specimen, satisfied())
	rule := ""
	for _, f := range c.Result.Findings {
		if f.Effect == criteria.MayRefuse {
			rule = f.Rule
		}
	}
	if rule != "al.exit.document-valid" {
		t.Fatalf("%+v", c.Result.Findings)
	}
	both := func(s string) map[string]string {
		return map[string]string{"en": s + " in English, about this person", "sq": s + " shqip, për këtë person"}
	}
	form := domestic.BorderRefusal{Reasons: both("The passport ended on 15 April 2012 and no other was shown"), PersonLanguage: "sq"}
	want(t, p.Refuse(t.Context(), p.officer, c.ID, rule, form), "fault.border.form")
	form.Proportionality = both("A new passport can be had within the day; nothing urgent was said")
	want(t, p.Refuse(t.Context(), p.statistic, c.ID, rule, form), "fault.access.denied")
	want(t, p.Refuse(t.Context(), p.officer, c.ID, "al.exit.warrant", form), "fault.border.no-ground")
	must(t, p.Refuse(t.Context(), p.officer, c.ID, rule, form))
	if row, _, _ := store.FindCheck(p.al.store, c.ID); row.Decision != "second-line" {
		t.Fatalf("a proposal alone refuses: %+v", row)
	}
	want(t, p.ConfirmRefusal(t.Context(), p.officer, c.ID, true, true), "fault.access.denied")
	want(t, p.ConfirmRefusal(t.Context(), p.supervisor, c.ID, true, false), "fault.border.copy")
	must(t, p.ConfirmRefusal(t.Context(), p.supervisor, c.ID, true, true))
	if row, _, _ := store.FindCheck(p.al.store, c.ID); row.Decision != "refuse" {
		t.Fatalf("%+v", row)
	}
	want(t, p.Allow(t.Context(), p.officer, c.ID), "fault.border.decided")
	// The supervisor who confirmed does not review; nobody with the same role does.
	want(t, p.ReviewDecision(t.Context(), p.supervisor, c.ID, "withdrawn", strings.Repeat("a valid second passport was found ", 2)), "fault.access.denied")
}

// A lane's queue arrives once, however often it is delivered, in one piece or many.
func TestLaneExactlyOnce(t *testing.T) {
	p := atTheBorder(t)
	l := p.lane(t, "lane-1")
	for range 5 {
		l.allow(t)
	}
	first := append([]lane.Entry(nil), l.queue.Pending[:3]...)
	if at, err := p.DeliverLane(t.Context(), first); err != nil || at.Seq != 3 {
		t.Fatal(at, err)
	}
	for range 2 {
		if at, err := p.DeliverLane(t.Context(), l.queue.Pending); err != nil || at.Seq != 5 {
			t.Fatal(at, err)
		}
	}
	want(t, second(p.DeliverLane(t.Context(), l.other(t))), "fault.border.lane-fork")
	l.allow(t)
	l.allow(t)
	want(t, second(p.DeliverLane(t.Context(), l.queue.Pending[6:])), "fault.border.lane-gap")
	tampered := append([]lane.Entry(nil), l.queue.Pending...)
	tampered[6].Body = bytes.Replace(tampered[6].Body, []byte(`"allow"`), []byte(`"refuse"`), 1)
	if at, err := p.DeliverLane(t.Context(), tampered); fault.KeyOf(err) != "fault.border.lane-signature" || at.Seq != 6 {
		t.Fatal(at, err)
	}
	if n, err := p.ProveLane("lane-1"); err != nil || n != 6 {
		t.Fatal(n, err)
	}
	must(t, p.RevokeLane(t.Context(), p.supervisor, "lane-1", l.d.KeyID, "lost"))
	want(t, second(p.DeliverLane(t.Context(), l.queue.Pending)), "fault.border.lane-revoked")
	rows, err := store.ChecksOf(p.al.store, "", time.Time{}, p.al.clock.now().Add(time.Hour))
	if err != nil || len(rows) != 6 || rows[0].Lane != "lane-1" {
		t.Fatal(len(rows), err)
	}
	checks, err := p.Audit(t.Context())
	must(t, err)
	for _, c := range checks {
		if !c.OK {
			t.Errorf("audit: %+v", c)
		}
	}
	diff, err := p.Rebuild(t.Context(), false)
	if err != nil || len(diff) > 0 {
		t.Fatalf("%v %v", diff, err)
	}
}

// An officer whose key ended lends no lane anything any more.
func TestLaneOfAnEndedOfficer(t *testing.T) {
	p := atTheBorder(t)
	l := p.lane(t, "lane-1")
	l.allow(t)
	must(t, p.EndOfficer(t.Context(), p.officer.Officer.ID, "left"))
	want(t, second(p.DeliverLane(t.Context(), l.queue.Pending)), "fault.border.lane-signature")
}

// A day is closed only on the last entry that the lane itself shows.
func TestCloseLane(t *testing.T) {
	p := atTheBorder(t)
	l := p.lane(t, "lane-1")
	l.allow(t)
	day := p.al.clock.now().Format(time.DateOnly)
	want(t, p.CloseLane(t.Context(), p.supervisor, "lane-1", day, l.queue.Prev), "fault.border.lane-open")
	_, err := p.DeliverLane(t.Context(), l.queue.Pending)
	must(t, err)
	must(t, p.CloseLane(t.Context(), p.supervisor, "lane-1", day, l.queue.Prev))
	want(t, p.CloseLane(t.Context(), p.supervisor, "lane-1", day, l.queue.Prev), "fault.border.lane-closed")
	l.allow(t)
	want(t, second(p.DeliverLane(t.Context(), l.queue.Pending)), "fault.border.lane-revoked")
}

// Whoever had nothing against them is forgotten; whoever was sent to the second line is not.
func TestForgetting(t *testing.T) {
	p := atTheBorder(t)
	must(t, p.ActivateSnapshot(t.Context(), p.supervisor, bytes.NewReader(p.list(t, 1))))
	clear, kept := open(t, p, valid, satisfied()), open(t, p, specimen, satisfied())
	if clear.Result.Answer != border.Clear {
		t.Fatalf("%+v", clear.Result.Findings)
	}
	sent := open(t, p, valid, satisfied())
	must(t, p.Allow(t.Context(), p.officer, clear.ID))
	must(t, p.SendToSecondLine(t.Context(), p.officer, sent.ID))
	if n, err := p.Forget(t.Context()); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	p.al.clock.at = p.al.clock.at.Add(time.Hour)
	if n, err := p.Forget(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := p.ViewCheck(t.Context(), p.officer, clear.ID); fault.KeyOf(err) != "fault.border.forgotten" {
		t.Fatal(err)
	}
	wrapped, ok, err := p.al.store.FindKey(string(clear.ID))
	if err != nil || !ok || len(wrapped) != 0 {
		t.Fatalf("the key is still there: %d bytes, %v", len(wrapped), err)
	}
	for _, c := range []*desk.BorderCheck{kept, sent} {
		if _, err := p.ViewCheck(t.Context(), p.officer, c.ID); err != nil {
			t.Fatal(err)
		}
	}
	if row, ok, _ := store.FindCheck(p.al.store, clear.ID); !ok || row.Decision != "allow" {
		t.Fatal("the count is gone with the traveller")
	}
}

// A false match is remembered for this person and document, and for no changed alert.
func TestFalseMatch(t *testing.T) {
	p := atTheBorder(t)
	must(t, p.ActivateSnapshot(t.Context(), p.supervisor, bytes.NewReader(p.list(t, 1, anna(12)))))
	c := open(t, p, valid, nil)
	if !matched(c) {
		t.Fatalf("%+v", c.Result.Findings)
	}
	want(t, p.ClearMatch(t.Context(), p.officer, c.ID, "al/wanted", "w2", "another person, seen"), "fault.border.no-match")
	must(t, p.ClearMatch(t.Context(), p.officer, c.ID, "al/wanted", "w1", "another person: the scar is missing"))
	if matched(open(t, p, valid, nil)) {
		t.Fatal("the false match was not remembered")
	}
	must(t, p.ActivateSnapshot(t.Context(), p.supervisor, bytes.NewReader(p.list(t, 2, anna(12), alert.Alert{Ref: "w2", Names: []string{"Anna Eriksson"}, Birth: anna(12).Birth}))))
	if !matched(open(t, p, valid, nil)) {
		t.Fatal("another alert was cleared with the first")
	}
}

func matched(c *desk.BorderCheck) bool {
	for _, f := range c.Result.Findings {
		if f.Part == border.PartAlert && f.Effect == criteria.SecondLine {
			return true
		}
	}
	return false
}

// A list that is corrupt, unsigned, replayed or by another key changes nothing.
func TestBadListsChangeNothing(t *testing.T) {
	p := atTheBorder(t)
	good := p.list(t, 3, anna(12))
	must(t, p.ActivateSnapshot(t.Context(), p.supervisor, bytes.NewReader(good)))
	for i := 0; i < len(good); i += 7 {
		bad := bytes.Clone(good)
		bad[i] ^= 4
		if p.ActivateSnapshot(t.Context(), p.supervisor, bytes.NewReader(bad)) == nil {
			t.Fatalf("a change at byte %d was taken", i)
		}
	}
	want(t, p.ActivateSnapshot(t.Context(), p.supervisor, bytes.NewReader(good)), "fault.border.snapshot-old")
	want(t, p.ActivateSnapshot(t.Context(), p.officer, bytes.NewReader(p.list(t, 4))), "fault.access.denied")
	l, err := p.ListStatuses(p.supervisor)
	if err != nil || len(l) != 1 || l[0].Version != 3 || !l[0].Loaded || !l[0].Usable {
		t.Fatalf("%+v %v", l, err)
	}
	again, err := desk.NewBorder(p.al.Desk, p.BorderConfig)
	must(t, err)
	if l, _ := again.ListStatuses(p.supervisor); !l[0].Loaded {
		t.Fatal("a restart lost the list")
	}
}

// A person who was referred to those who protect is not sent through the queue again, and nothing of it is joint.
func TestReferral(t *testing.T) {
	p := atTheBorder(t)
	c := open(t, p, valid, nil)
	before, _ := p.al.heads(t)
	must(t, p.Refer(t.Context(), p.officer, c.ID, "trafficking-victims"))
	want(t, p.SendToSecondLine(t.Context(), p.officer, c.ID), "fault.border.referred")
	after, _ := p.al.heads(t)
	if before != after {
		t.Fatal("a referral left a trace in the stream")
	}
	if _, ok, _ := store.FindCheck(p.al.store, c.ID); ok {
		t.Fatal("a referral is counted")
	}
}

// The totals of a day reach the other state as given, and nobody's check does.
func TestMeasureTotals(t *testing.T) {
	p := atTheBorder(t)
	now := p.al.clock.now()
	id := act.ID("22222222-0000-4000-8000-000000000001")
	want(t, p.ActivateMeasure(t.Context(), p.supervisor, domestic.BorderMeasure{Measure: id, Rulebook: "al-exit", Points: []string{"nowhere"}, From: now, Until: now.AddDate(0, 1, 0)}), "fault.border.point")
	must(t, p.ActivateMeasure(t.Context(), p.supervisor, domestic.BorderMeasure{Measure: id, Rulebook: "al-exit", Points: []string{thePoint}, From: now, Until: now.AddDate(0, 1, 0)}))
	must(t, p.ActivateSnapshot(t.Context(), p.supervisor, bytes.NewReader(p.list(t, 1))))
	for range 12 {
		c := open(t, p, valid, satisfied())
		if c.Ref.Measure != id {
			t.Fatalf("%+v", c.Ref)
		}
		must(t, p.Allow(t.Context(), p.officer, c.ID))
	}
	c := open(t, p, specimen, satisfied())
	must(t, p.SendToSecondLine(t.Context(), p.officer, c.ID))
	day := now.Format(time.DateOnly)
	out, err := p.ShareCounts(t.Context(), p.statistic, id, day)
	must(t, err)
	if out.Travelled != 15 || len(out.Points) != 2 || out.Points[0].Count != 10 || !out.Points[1].Low {
		t.Fatalf("%+v", out)
	}
	p.al.slot(t)
	there, err := store.CountsOf(p.gb.store, id)
	here, err2 := store.CountsOf(p.al.store, id)
	if err != nil || err2 != nil || len(there) != 1 || there[0].Body != here[0].Body || there[0].Authority != "al" {
		t.Fatalf("%+v %v", there, err)
	}
	if strings.Contains(dump(t, p.gb), "border.decided") {
		t.Fatal("a check crossed the border")
	}
}

type laneRig struct {
	p     *checkpoint
	d     *lane.Delegation
	queue *lane.Queue
	n     int
}

func (p *checkpoint) lane(t testing.TB, name string) *laneRig {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	now := p.al.clock.now()
	d, err := p.DelegateLane(t.Context(), p.officer, domestic.BorderDelegation{Lane: name, Point: thePoint, KeyID: act.KeyID(pub),
		Public: base64.StdEncoding.EncodeToString(pub), From: now, Until: now.Add(8 * time.Hour)})
	must(t, err)
	return &laneRig{p, d, lane.NewQueue(d, key, 1, ""), 0}
}

func (l *laneRig) allow(t testing.TB) {
	t.Helper()
	l.n++
	_, err := l.queue.Append(act.Statement{Kind: domestic.BorderDecided, Body: &domestic.BorderDecision{Decision: "allow",
		BorderCheckRef: domestic.BorderCheckRef{Check: act.ID(fmt.Sprintf("33333333-0000-4000-8000-%012d", l.n)), Point: thePoint, Direction: "exit", Rulebooks: []string{}, Lists: []string{}}}}, l.p.al.clock.now())
	must(t, err)
}

// other is another entry in a place that is taken.
func (l *laneRig) other(t testing.TB) []lane.Entry {
	saved := *l.queue
	l.queue.Next, l.queue.Prev, l.queue.Pending = 5, l.queue.Pending[4].Prev, nil
	l.n = 900
	l.allow(t)
	out := l.queue.Pending
	*l.queue, l.n = saved, 5
	return out
}

func second(_ lane.Position, err error) error { return err }
