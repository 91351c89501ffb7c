package casework

import (
	"slices"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/treaty"
)

// bent is the law of the United Kingdom with one rule changed.
func bent(id string, change func(*treaty.GateRule)) *treaty.Law {
	l := *law("gb")
	l.Gates = slices.Clone(l.Gates)
	for i := range l.Gates {
		if l.Gates[i].ID == id {
			change(&l.Gates[i])
		}
	}
	return &l
}

func find(gates []Gate, id string) Gate {
	for _, g := range gates {
		if g.ID == id {
			return g
		}
	}
	return Gate{Status: "absent"}
}

// A node without a law lets nothing pass.
func TestNoLawIsClosed(t *testing.T) {
	w := newWorld(t)
	w.ready()
	env := w.gb.env("escort-officer")
	env.Law = nil
	for _, step := range Steps {
		g := Evaluate(w.gb.state(), env, step)
		if len(g) != 1 || g[0].Passes() || !g[0].Absolute || g[0].ID != "law" || g[0].Step != step || g[0].MessageKey != "case.gate.no-law" {
			t.Errorf("%s: %+v", step, g)
		}
	}
}

// Whatever stands in the log, an override opens no absolute gate: acts are judged again when they are read.
func TestOverrideInTheLogOpensNoAbsoluteGate(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "court-order", Evidence: "sealed-order"}})
	s := w.gb.state()
	w.gb.append(s.own(domestic.OverrideProposed, &domestic.Override{Gate: "court-order", Step: "confirm", Reason: "x", Until: w.now.AddDate(0, 0, 1)}), w.gb.env("senior-caseworker"))
	id := w.gb.events[len(w.gb.events)-1].ID
	w.gb.append(s.own(domestic.OverrideConfirmed, &domestic.OverrideStep{Override: id}), w.gb.env("court-liaison"))
	env := w.gb.env("caseworker")
	for _, l := range []*treaty.Law{env.Law, bent("court-order", func(r *treaty.GateRule) { r.OverrideBy = [2]string{"senior-caseworker", "court-liaison"} })} {
		env.Law = l
		if g := find(Evaluate(w.gb.state(), env, StepConfirm), "court-order"); g.Passes() || g.Override != "" {
			t.Errorf("%+v", g)
		}
	}
}

// An override ends with its time, with a review that does not uphold it, and when the profile allows none.
func TestOverrideEnds(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "judicial-review", Evidence: "court-record"}})
	w.gb.must("senior-caseworker", ProposeOverride{domestic.Override{Gate: "judicial-review", Step: "hold-seat", Reason: "court-agrees", Until: w.now.Add(48 * time.Hour)}})
	if g := w.gb.gate("judicial-review", StepHoldSeat); g.Passes() {
		t.Error("a proposal alone opened the gate")
	}
	w.gb.must("court-liaison", ConfirmOverride{w.gb.state().Overrides[0].ID})
	if g := w.gb.gate("judicial-review", StepHoldSeat); !g.Passes() || !g.Until.Equal(w.gb.state().Overrides[0].Until) {
		t.Errorf("%+v", g)
	}
	env := w.gb.env("caseworker")
	env.Law = bent("judicial-review", func(r *treaty.GateRule) { r.OverrideBy = [2]string{} })
	if g := find(Evaluate(w.gb.state(), env, StepHoldSeat), "judicial-review"); g.Passes() {
		t.Error("open although the profile allows no override any more")
	}
	upheld, fallen := w.gb.state(), w.gb.state()
	upheld.Overrides, fallen.Overrides = slices.Clone(upheld.Overrides), slices.Clone(fallen.Overrides)
	upheld.Overrides[0].Reviewed, upheld.Overrides[0].Upheld = Mark{ID: "r"}, true
	fallen.Overrides[0].Reviewed = Mark{ID: "r"}
	if g := find(Evaluate(upheld, w.gb.env("caseworker"), StepHoldSeat), "judicial-review"); !g.Passes() {
		t.Error("closed although the review upheld it")
	}
	if g := find(Evaluate(fallen, w.gb.env("caseworker"), StepHoldSeat), "judicial-review"); g.Passes() {
		t.Error("open although the review did not uphold it")
	}
	w.pass(48 * time.Hour)
	if g := w.gb.gate("judicial-review", StepHoldSeat); g.Passes() {
		t.Error("open after its time")
	}
}

// Who may change a gate: whoever attests an unknown one, whoever lifts a closed one.
func TestWhoMayChange(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	env := w.gb.env("caseworker")
	env.Law = bent("age-dispute", func(r *treaty.GateRule) { r.AttestBy = []string{"medical-officer"} })
	unknown := find(Evaluate(w.gb.state(), env, StepConfirm), "age-dispute")
	if unknown.Status != GateUnknown || !slices.Equal(unknown.WhoMayChange, []string{"medical-officer"}) {
		t.Errorf("%+v", unknown)
	}
	if g := w.gb.gate("age-dispute", StepConfirm); !slices.Equal(g.WhoMayChange, []string{"any"}) {
		t.Errorf("without roles of its own: %v", g.WhoMayChange)
	}
	w.gb.must("caseworker", SetBarrier{domestic.Barrier{Gate: "age-dispute", Evidence: "assessment"}})
	if g := find(Evaluate(w.gb.state(), env, StepConfirm), "age-dispute"); !slices.Equal(g.WhoMayChange, []string{"specialist"}) {
		t.Errorf("%v", g.WhoMayChange)
	}
	if g := w.gb.gate("notice-period", StepConfirm); !slices.Contains(g.WhoMayChange, "caseworker") {
		t.Errorf("%v", g.WhoMayChange)
	}
}

// For whom a gate exists. What is not known counts as if it applied.
func TestApplies(t *testing.T) {
	yes, no := true, false
	adult := State{Case: "c", Particulars: arben, Part: "SCT", Route: Readmission}
	child := adult
	child.Particulars.Birth = person.On(2010, 1, 1)
	flight, boat := adult, adult
	flight.Bookings = []Booking{{Mark: Mark{ID: "b"}, Booking: domestic.Booking{Means: "air"}}}
	boat.Bookings = []Booking{{Mark: Mark{ID: "b"}, Booking: domestic.Booking{Means: "sea"}}}
	offender, other := adult, adult
	offender.Offender, other.Offender = &domestic.Offender{Offender: true}, &domestic.Offender{}
	held, free := adult, adult
	held.Detention, free.Detention = &Detention{}, &Detention{Ended: Mark{ID: "e"}}
	family, alone, goes := adult, adult, adult
	family.Family = []domestic.FamilyLink{{Case: "d"}}
	alone.Unaccompanied = true
	goes.Consent = &Consent{}
	nowhere := adult
	nowhere.Part = ""
	for i, c := range []struct {
		when treaty.When
		s    State
		want bool
	}{
		{treaty.When{}, adult, true},
		{treaty.When{Routes: []string{"readmission"}}, adult, true},
		{treaty.When{Routes: []string{"notification"}}, adult, false},
		{treaty.When{Parts: []string{"SCT"}}, adult, true},
		{treaty.When{Parts: []string{"NIR"}}, adult, false},
		{treaty.When{Parts: []string{"NIR"}}, nowhere, true},
		{treaty.When{Child: &yes}, adult, false},
		{treaty.When{Child: &yes}, child, true},
		{treaty.When{Child: &no}, child, false},
		{treaty.When{Means: []string{"air"}}, adult, true},
		{treaty.When{Means: []string{"air"}}, flight, true},
		{treaty.When{Means: []string{"air"}}, boat, false},
		{treaty.When{Offender: &yes}, adult, true},
		{treaty.When{Offender: &yes}, offender, true},
		{treaty.When{Offender: &yes}, other, false},
		{treaty.When{Detained: &yes}, held, true},
		{treaty.When{Detained: &yes}, free, false},
		{treaty.When{Detained: &yes}, adult, false},
		{treaty.When{Family: &yes}, family, true},
		{treaty.When{Family: &yes}, adult, false},
		{treaty.When{Unaccompanied: &yes}, alone, true},
		{treaty.When{Unaccompanied: &yes}, adult, false},
		{treaty.When{Willing: &no}, adult, true},
		{treaty.When{Willing: &no}, goes, false},
	} {
		if got := applies(&c.when, &c.s, &Env{Now: monday}); got != c.want {
			t.Errorf("row %d, %+v: %v", i, c.when, got)
		}
	}
}

// A rule has a commencement and an end.
func TestRuleInForce(t *testing.T) {
	for _, c := range []struct {
		from, to, want string
	}{
		{"2023-03-06", "", "unknown"}, {"2023-03-07", "", "absent"}, {"", "2023-03-07", "unknown"}, {"", "2023-03-06", "absent"},
	} {
		w := newWorld(t)
		w.requested()
		env := w.gb.env("caseworker")
		env.Law = bent("human-rights-claim", func(r *treaty.GateRule) { r.Commence, r.Ends = c.from, c.to })
		if g := find(Evaluate(w.gb.state(), env, StepConfirm), "human-rights-claim"); string(g.Status) != c.want {
			t.Errorf("%+v: %s", c, g.Status)
		}
	}
}

// A word holds until its own end, and a gate says until when it is open.
func TestFindingEnds(t *testing.T) {
	w := newWorld(t)
	w.requested()
	end := w.now.Add(2 * time.Hour)
	w.gb.refused(t, "caseworker", Attest{Point: "booking", Findings: []domestic.Finding{{Gate: "stop", Clear: true, Evidence: "file", Until: w.now}}}, "fault.case.date")
	w.gb.must("caseworker", Attest{Point: "booking", Findings: []domestic.Finding{{Gate: "stop", Clear: true, Evidence: "file", Until: end}}})
	if g := w.gb.gate("stop", StepConfirm); g.Status != GateOpen || !g.Until.Equal(end) {
		t.Errorf("%+v", g)
	}
	w.now = end
	if g := w.gb.gate("stop", StepConfirm); g.Status != GateUnknown {
		t.Errorf("%+v", g)
	}
}

// A gate that a certificate or document opens is open until the earlier of their ends.
func TestOpenUntilTheEarlierEnd(t *testing.T) {
	w := newWorld(t)
	departs := w.ready()
	certificate := departs.Add(24 * time.Hour)
	if g := w.gb.gate("fit-to-travel", StepDepart); !g.Until.Equal(certificate) {
		t.Errorf("until %s, want %s", g.Until, certificate)
	}
	early, late := w.now.Add(30*time.Minute), certificate.Add(48*time.Hour)
	for _, until := range []time.Time{early, late} {
		for _, point := range []string{"t24", "t2"} {
			w.gb.must("caseworker", Attest{Point: point, Findings: []domestic.Finding{{Gate: "fit-to-travel", Clear: true, Evidence: "medical-examination", Until: until}}})
		}
		want := certificate
		if until.Before(certificate) {
			want = until
		}
		if g := w.gb.gate("fit-to-travel", StepDepart); !g.Until.Equal(want) {
			t.Errorf("until %s, want %s", g.Until, want)
		}
	}
}

// A step that needs two points is open until the earlier end of the two words.
func TestTwoPointsTheEarlierEnd(t *testing.T) {
	for _, hours := range [][2]int{{3, 5}, {5, 3}, {3, 0}, {0, 3}} {
		w := newWorld(t)
		departs := w.ready()
		for i, point := range []string{"t24", "t2"} {
			f := domestic.Finding{Gate: "stop", Clear: true, Evidence: "file"}
			if hours[i] > 0 {
				f.Until = departs.Add(time.Duration(hours[i]) * time.Hour)
			}
			w.gb.must("caseworker", Attest{Point: point, Findings: []domestic.Finding{f}})
		}
		if g := w.gb.gate("stop", StepDepart); !g.Until.Equal(departs.Add(3 * time.Hour)) {
			t.Errorf("%v: until %s", hours, g.Until)
		}
	}
}

// What an officer is asked to attest at a point is what guards the steps of that point, and what the role may.
func TestAttestable(t *testing.T) {
	w := newWorld(t)
	w.requested()
	env := w.gb.env("caseworker")
	has := func(point, role, gate string) bool {
		return slices.Contains(Attestable(w.gb.state(), env, point, role), gate)
	}
	if !has("request", "caseworker", "asylum-claim") || has("request", "caseworker", "fit-to-travel") || !has("t2", "caseworker", "fit-to-travel") ||
		has("request", "caseworker", "notice-period") || has("nowhere", "caseworker", "asylum-claim") || has("request", "caseworker", "travel-document") {
		t.Error(Attestable(w.gb.state(), env, "request", "caseworker"))
	}
	env.Law = bent("asylum-claim", func(r *treaty.GateRule) { r.AttestBy = []string{"specialist"} })
	if has("request", "caseworker", "asylum-claim") || !has("request", "specialist", "asylum-claim") {
		t.Error("roles of the profile are not followed")
	}
	w.gb.refused(t, "caseworker", Attest{Point: "request", Findings: []domestic.Finding{{Gate: "fit-to-travel", Clear: true, Evidence: "file"}}}, "fault.case.gate")
}

// The latest certificate that holds counts; one that was revoked, begins later or ends before the journey does not.
func TestCertificates(t *testing.T) {
	base := func(t *testing.T) (*world, time.Time) {
		w := newWorld(t)
		w.agreed()
		departs := w.now.Truncate(time.Hour).AddDate(0, 0, 10)
		w.held(departs)
		return w, departs
	}
	certify := func(w *world, from, until time.Time) error {
		return w.gb.try("medical-officer", RecordCertificate{domestic.Certificate{Gate: "fit-to-travel", From: from, Until: until, Evidence: "medical-examination"}})
	}
	status := func(w *world) string { return w.gb.gate("fit-to-travel", StepLock).MessageKey }
	w, departs := base(t)
	if status(w) != "case.gate.no-certificate" {
		t.Error(status(w))
	}
	if err := certify(w, w.now, departs); err != nil || status(w) != "case.gate.certificate-expired" {
		t.Error(err, status(w))
	}
	if err := certify(w, w.now, departs.Add(time.Minute)); err != nil || status(w) != "case.gate.not-attested" {
		t.Error(err, status(w))
	}
	if err := certify(w, w.now, w.now.AddDate(0, 0, 15)); err == nil {
		t.Error("longer than the profile allows")
	}
	if err := certify(w, w.now.AddDate(0, 0, -3), departs.Add(-time.Hour)); err != nil || status(w) != "case.gate.not-attested" {
		t.Error("a shorter one hides a longer one", err, status(w))
	}
	w.gb.must("escort-officer", RevokeCertificate{Gate: "fit-to-travel", Reason: "worse"})
	if status(w) != "case.gate.no-certificate" {
		t.Error(status(w))
	}
	w.gb.refused(t, "escort-officer", RevokeCertificate{Gate: "fit-to-travel", Reason: "worse"}, "fault.case.no-certificate")
}

// A document that the destination does not accept is no document; one that it accepts is, whoever issued it.
func TestDocumentAccepted(t *testing.T) {
	w := newWorld(t)
	w.requested()
	d := person.Document{Type: person.StandardTD, Number: "S1", Issuer: "GBR", ValidUntil: person.On(2023, 12, 31)}
	w.gb.must("caseworker", RecordDocument{domestic.HeldDocument{Document: d, Holder: "authority", Genuine: true}})
	if g := w.gb.gate("travel-document", StepConfirm); g.MessageKey != "case.gate.no-document" {
		t.Errorf("%+v", g)
	}
	w.gb.must("caseworker", RecordDocument{domestic.HeldDocument{Document: d, Holder: "authority", Genuine: true, Accepted: []string{"ALB"}}})
	if g := w.gb.gate("travel-document", StepConfirm); g.MessageKey != "case.gate.not-attested" {
		t.Errorf("%+v", g)
	}
	d.ValidUntil = person.On(2024, 12, 31)
	w.gb.refused(t, "caseworker", RecordDocument{domestic.HeldDocument{Document: d, Holder: "authority", Genuine: true}}, "fault.case.document-contradicts")
	w.gb.must("caseworker", CancelDocument{domestic.DocumentEnd{Number: "S1", Reason: "lost"}})
	if g := w.gb.gate("travel-document", StepConfirm); g.MessageKey != "case.gate.no-document" {
		t.Errorf("%+v", g)
	}
}

// NABA 2022 s47: a prisoner leaves after the release date or inside the early-removal window.
func TestCustody(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	departs := w.now.Truncate(time.Hour).AddDate(0, 0, 10)
	w.held(departs)
	at := func() Gate { return w.gb.gate("custody", StepConfirm) }
	if g := at(); !g.Passes() {
		t.Errorf("%+v", g)
	}
	day := person.DateOf(departs)
	for _, c := range []struct {
		o    domestic.Offender
		open bool
	}{
		{domestic.Offender{Offender: true, ReleaseDate: day.AddDays(1)}, false},
		{domestic.Offender{Offender: true, ReleaseDate: day}, true},
		{domestic.Offender{Offender: true, ReleaseDate: day.AddDays(100), RequisiteFrom: day.AddDays(-100), RequisiteUntil: day.AddDays(100)}, true},
		{domestic.Offender{Offender: true, ReleaseDate: day.AddDays(100), RequisiteFrom: day.AddDays(-99), RequisiteUntil: day.AddDays(101)}, false},
		{domestic.Offender{Offender: true, ReleaseDate: day.AddDays(100), RequisiteFrom: day.AddDays(-100), RequisiteUntil: day.AddDays(100), EarlyRemovalFrom: day.AddDays(1)}, false},
		{domestic.Offender{Offender: true, ReleaseDate: day, RequisiteFrom: day.AddDays(-100), RequisiteUntil: day.AddDays(200)}, true},
		{domestic.Offender{Offender: false, ReleaseDate: day.AddDays(1)}, true},
	} {
		w.gb.must("caseworker", RecordOffender{c.o})
		if g := at(); g.Passes() != c.open {
			t.Errorf("%+v: %s", c.o, g.Status)
		}
	}
	for _, c := range []struct{ from, end, want string }{
		{"2023-01-01", "2023-12-31", "2023-07-02"}, // half of 364 days
		{"2023-01-01", "2027-01-01", "2026-01-01"}, // the period less a year is longer than half
		{"2023-01-01", "", ""},
	} {
		from, _ := person.ParseDate(c.from)
		end, _ := person.ParseDate(c.end)
		o := &domestic.Offender{RequisiteFrom: from, RequisiteUntil: end}
		if got := EarliestRemoval(law("gb"), o, day).String(); got != c.want {
			t.Errorf("%s to %s: %s, want %s", c.from, c.end, got, c.want)
		}
		if got := EarliestRemoval(law("al"), o, day); !got.IsZero() {
			t.Errorf("a state without the rule: %s", got)
		}
	}
	dated := *law("gb")
	dated.EarlyRemoval = []treaty.EarlyRemovalRule{{Share: [2]int{1, 1}, LessYears: 1, Ends: "2023-03-10"}, {Share: [2]int{2, 3}, LessYears: 1, Commence: "2023-03-10"}}
	o := &domestic.Offender{RequisiteFrom: person.On(2023, 1, 1), RequisiteUntil: person.On(2023, 1, 31)}
	for travel, want := range map[person.Date]string{person.On(2023, 3, 9): "2023-01-31", person.On(2023, 3, 10): "2023-01-21"} {
		if got := EarliestRemoval(&dated, o, travel).String(); got != want {
			t.Errorf("travel on %s: %s, want %s", travel, got, want)
		}
	}
}

// An officer may decide on a later day than the rule's, never on an earlier one, and not where there is no rule.
func TestEarlyRemovalWindow(t *testing.T) {
	w := newWorld(t)
	w.requested()
	o := domestic.Offender{Offender: true, ReleaseDate: person.On(2024, 3, 1), RequisiteFrom: person.On(2023, 1, 1), RequisiteUntil: person.On(2023, 1, 31)}
	for name, c := range map[string]struct {
		change func(*domestic.Offender)
		key    string
	}{
		"the period alone":     {func(*domestic.Offender) {}, ""},
		"the rule’s first day": {func(o *domestic.Offender) { o.EarlyRemovalFrom = person.On(2023, 1, 16) }, ""},
		"a day earlier":        {func(o *domestic.Offender) { o.EarlyRemovalFrom = person.On(2023, 1, 15) }, "fault.case.early-removal"},
		"a month later":        {func(o *domestic.Offender) { o.EarlyRemovalFrom = person.On(2023, 2, 16) }, ""},
		"without the period": {func(o *domestic.Offender) {
			*o = domestic.Offender{Offender: true, EarlyRemovalFrom: person.On(2023, 2, 16)}
		}, "fault.case.early-removal"},
		"half a period":             {func(o *domestic.Offender) { o.RequisiteFrom = person.Date{} }, "fault.case.date"},
		"the other half":            {func(o *domestic.Offender) { o.RequisiteUntil = person.Date{} }, "fault.case.date"},
		"it ends before it begins":  {func(o *domestic.Offender) { o.RequisiteUntil = person.On(2022, 12, 31) }, "fault.case.date"},
		"it ends when it begins":    {func(o *domestic.Offender) { o.RequisiteUntil = o.RequisiteFrom }, "fault.case.date"},
		"only a year":               {func(o *domestic.Offender) { o.RequisiteFrom = person.Date{Year: 2022} }, "fault.case.date"},
		"released after the end":    {func(o *domestic.Offender) { o.SentenceEnds = person.On(2024, 2, 29) }, "fault.case.date"},
		"released on the last day":  {func(o *domestic.Offender) { o.SentenceEnds = person.On(2024, 3, 1) }, ""},
		"an order without its date": {func(o *domestic.Offender) { o.DeportationOrder = person.Date{Year: 2023} }, "fault.case.date"},
	} {
		x := o
		c.change(&x)
		if err := w.gb.try("caseworker", RecordOffender{x}); fault.KeyOf(err) != c.key {
			t.Errorf("%s: %v, want %q", name, err, c.key)
		}
	}
}

// A pending prosecution that an officer records with the sentence closes its gate like a barrier, reaches the journey and
// the other state, and is struck by those who may lift it; the word given before counts no more.
func TestPendingProsecution(t *testing.T) {
	w := newWorld(t)
	w.booked()
	at := func() Gate { return w.gb.gate("prosecution", StepConfirm) }
	if g := at(); !g.Passes() {
		t.Fatalf("%+v", g)
	}
	before := len(w.gb.sent)
	w.gb.must("caseworker", RecordOffender{domestic.Offender{Offender: true, Pending: true}})
	if g := at(); g.Status != GateClosed || g.MessageKey != "case.gate.barrier" {
		t.Errorf("%+v", g)
	}
	if new := kinds(w.gb)[before:]; !slices.Equal(new, []act.Kind{joint.CasePaused}) || w.gb.state().Booking().Confirmed.Is() {
		t.Errorf("told %v, and the seat is %+v", new, w.gb.state().Booking())
	}
	w.gb.must("caseworker", RecordOffender{domestic.Offender{Offender: true, Pending: true, ReleaseDate: person.On(2023, 1, 1)}})
	if new := kinds(w.gb)[before:]; len(new) != 1 {
		t.Errorf("told twice: %v", new)
	}
	finding := []domestic.Finding{{Gate: "prosecution", Clear: true, Evidence: "court-record"}}
	w.gb.refused(t, "caseworker", Attest{"booking", finding}, "fault.case.attest-against-barrier")
	w.gb.refused(t, "caseworker", RecordOffender{domestic.Offender{Offender: true}}, "fault.case.role")
	w.gb.must("senior-caseworker", RecordOffender{domestic.Offender{Offender: true}})
	if g := at(); g.Status != GateUnknown || g.MessageKey != "case.gate.attested-too-old" {
		t.Errorf("%+v", g)
	}
	w.gb.must("caseworker", Attest{"booking", finding})
	if g := at(); !g.Passes() {
		t.Errorf("%+v", g)
	}
}

func TestFamilyGate(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	departs := w.now.Truncate(time.Hour).AddDate(0, 0, 10)
	w.held(departs)
	w.gb.must("caseworker", LinkFamily{domestic.FamilyLink{Family: "f", Case: "case-2", Relation: "spouse"}})
	member := func(change func(*Booking)) State {
		b := Booking{Mark: Mark{ID: "b2"}, Booking: booking(departs).Booking}
		change(&b)
		return State{Case: "case-2", Requesting: "gb", Requested: "al", Route: Readmission, Bookings: []Booking{b}}
	}
	gone := member(func(b *Booking) { b.Number = "999" })
	gone.Accepted = &Accepted{}
	defer func() {
		w.gb.must("caseworker", LinkFamily{domestic.FamilyLink{Family: "f", Case: "case-3", Relation: "child"}})
		child := member(func(b *Booking) { b.Number = "777" })
		child.Case = "case-3"
		w.gb.family = []State{gone, child}
		if g := w.gb.gate("family", StepConfirm); g.MessageKey != "case.gate.family-apart" {
			t.Errorf("one has returned, the other is booked elsewhere: %s", g.MessageKey)
		}
	}()
	for name, c := range map[string]struct {
		s    State
		want string
	}{
		"same journey":     {member(func(*Booking) {}), "case.gate.clear"},
		"another number":   {member(func(b *Booking) { b.Number = "999" }), "case.gate.family-apart"},
		"another carrier":  {member(func(b *Booking) { b.Carrier = "YY" }), "case.gate.family-apart"},
		"another day":      {member(func(b *Booking) { b.Departs = b.Departs.AddDate(0, 0, 1) }), "case.gate.family-apart"},
		"suspended":        {member(func(b *Booking) { b.Suspended = Mark{ID: "s"} }), "case.gate.family-apart"},
		"cancelled":        {member(func(b *Booking) { b.Cancelled = Mark{ID: "s"} }), "case.gate.family-apart"},
		"already returned": {gone, "case.gate.clear"},
		"another case":     {State{Case: "case-3"}, "case.gate.family-unknown"},
	} {
		w.gb.family = []State{c.s}
		if g := w.gb.gate("family", StepConfirm); g.MessageKey != c.want {
			t.Errorf("%s: %s", name, g.MessageKey)
		}
	}
}

// What was confirmed before the particulars were corrected has to be confirmed again.
func TestCorrectionAfterReply(t *testing.T) {
	w := newWorld(t)
	w.agreed()
	if g := w.gb.gate("reply", StepConfirm); !g.Passes() {
		t.Fatalf("%+v", g)
	}
	other := arben
	other.Birth = person.On(1991, 5, 17)
	w.gb.must("caseworker", CorrectPerson{domestic.PersonChange{Person: other, Fields: []string{"birth"}, Reason: "document-seen"}})
	w.sync()
	if g := w.gb.gate("reply", StepConfirm); g.MessageKey != "case.gate.reply-before-correction" {
		t.Errorf("%+v", g)
	}
	if got := w.al.state().Particulars.Birth; got != other.Birth {
		t.Errorf("the other state still has %v", got)
	}
	w.pass(30 * 24 * time.Hour)
	w.gb.mustAttest("travel-document")
	w.gb.refused(t, "senior-caseworker", RelyOnDeemedConsent{}, "fault.case.replied")
	if n := NextStep(w.gb.state(), w.gb.env("caseworker")); n.Key != "case.next.reply" || n.Owner != "al" {
		t.Errorf("%+v", n)
	}
	w.al.must("readmission-officer", ReplyRefuse{Reason: "not-a-national"})
	w.sync()
	for _, n := range []*node{w.gb, w.al} {
		if s := n.state(); s.consented() || len(s.Contested) != 0 {
			t.Errorf("%s: consented %v, contested %v", n.own, s.consented(), s.Contested)
		}
	}
}

func TestAnnouncedGate(t *testing.T) {
	w := newWorld(t)
	departs := w.booked()
	at := func() string { return w.gb.gate("announced", StepDepart).MessageKey }
	if at() != "case.gate.clear" {
		t.Error(at())
	}
	w.al.must("border-officer", AcknowledgeArrival{Problem: "crossing-point-closed"})
	w.sync()
	if at() != "case.gate.arrival-problem" {
		t.Error(at())
	}
	s := w.gb.state()
	for what, change := range map[string]func(*Booking){"another place": func(b *Booking) { b.To = "RIN" }, "another hour": func(b *Booking) { b.Departs = b.Departs.Add(time.Hour) }} {
		moved := s
		moved.Bookings = slices.Clone(s.Bookings)
		change(&moved.Bookings[0])
		if g := find(Evaluate(moved, w.gb.env("caseworker"), StepDepart), "announced"); g.Status != GateClosed || g.MessageKey != "case.gate.not-announced" {
			t.Errorf("%s: %+v", what, g)
		}
	}
	w.gb.must("caseworker", CancelBooking{Reason: "receiving-side"})
	w.held(departs.AddDate(0, 0, 5))
	if at() != "case.gate.not-announced" {
		t.Error(at())
	}
	again := service(departs.AddDate(0, 0, 5), w.now)
	w.gb.must("caseworker", again)
	w.gb.must("caseworker", ConfirmBooking{})
	w.gb.must("caseworker", NotifyTransfer{})
	if at() != "case.gate.not-received" {
		t.Error(at())
	}
	w.sync()
	if at() != "case.gate.clear" {
		t.Error(at())
	}
}

// An exception says something only of a gate that is closed: of one that is open it says nothing.
func TestAnExceptionOfAnOpenGate(t *testing.T) {
	w := newWorld(t)
	w.ready()
	s := w.gb.state()
	s.Overrides = []Override{{Mark: Mark{ID: "o"}, Override: domestic.Override{Gate: "judicial-review", Step: string(StepDepart), Until: w.now.Add(time.Hour)}, Confirmed: Mark{ID: "c"}}}
	g := find(Evaluate(s, w.gb.env("escort-officer"), StepDepart), "judicial-review")
	if !g.Passes() || g.Override != "" || g.MessageKey != "case.gate.clear" {
		t.Errorf("%+v", g)
	}
	s.Barriers = []Barrier{{Mark: Mark{ID: "b"}, Barrier: domestic.Barrier{Gate: "judicial-review"}}}
	g = find(Evaluate(s, w.gb.env("escort-officer"), StepDepart), "judicial-review")
	if !g.Passes() || g.Override != "o" || g.MessageKey != "case.gate.overridden" || !g.Until.Equal(w.now.Add(time.Hour)) {
		t.Errorf("%+v", g)
	}
}
