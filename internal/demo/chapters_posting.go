package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/demo/browse"
	"countersign/internal/desk"
	"countersign/internal/taskforce"
)

// PostingRules is the digest of the host's rules as the officer accepted them.
func PostingRules(text string) joint.PostingRules {
	sum := sha256.Sum256([]byte(text))
	return joint.PostingRules{Version: "1", SHA256: hex.EncodeToString(sum[:])}
}

// Post opens a post at the United Kingdom for Albania's border officer and carries it to access: an agreed mandate,
// nomination with consent, vetting by both, the host's consent, training, accreditation, rules accepted. The posting
// runs from today for some days.
func (w *World) Post(ctx context.Context, days int) (act.ID, error) {
	return (&force{World: w, ctx: ctx}).post(days)
}

func (f *force) post(days int) (act.ID, error) {
	w := f.World
	from, until := f.day(0), f.day(days-1)
	mandate := joint.MeasureTerms{Kind: "officer-exchange", Title: text("Exchange of officers", "Shkëmbim nëpunësish"),
		Objective: text("Questions about Albanian documents are answered on the spot.", "Pyetjet për dokumentet shqiptare marrin përgjigje në vend."),
		Basis:     []joint.MeasureBasis{{Article: "Art. 19"}}, Indicators: []joint.Indicator{{Code: "officers-posted", Target: 2}},
		Owners: []joint.MeasureOwner{{Authority: AL, Officer: w.AL.As("coordinator").Officer.ID}, {Authority: GB, Officer: w.GB.As("coordinator").Officer.ID}},
		From:   from, Until: f.day(days + 60), Resources: text("One desk at the host.", "Një vend pune te pala pritëse."),
		Risks: []joint.RightsRisk{{Right: "GDPR Art. 5", Risk: text("The officer sees more than the posting needs.", "Nëpunësi sheh më shumë se sa i duhet detyrës."),
			Mitigation: text("The host’s node shows joint acts only.", "Nyja e palës pritëse tregon vetëm aktet e përbashkëta.")}}}
	measure, proposal := f.do(w.AL, "coordinator", taskforce.ProposeMeasure{Terms: mandate})
	f.slot()
	f.do(w.GB, "coordinator", taskforce.AcceptMeasure{ID: measure, Proposal: proposal})
	f.slot()
	powers := []string{"advice", "observation"}
	post, _ := f.do(w.GB, "coordinator", taskforce.OpenPosting{Terms: joint.Posting{Host: GB, Home: AL, Mandate: measure, Title: text("Adviser on Albanian documents", "Këshilltar për dokumentet shqiptare"), Powers: powers, From: from, Until: until}})
	f.slot()
	f.do(w.AL, "coordinator", taskforce.NominateOfficer{ID: post, Nominee: joint.PostingNominee{Officer: w.AL.As("border-officer").Officer.ID, Consented: from}})
	f.do(w.AL, "supervisor", taskforce.VetOfficer{ID: post, Passed: true})
	f.slot()
	f.do(w.GB, "supervisor", taskforce.VetOfficer{ID: post, Passed: true})
	f.do(w.GB, "coordinator", taskforce.ConsentToPosting{ID: post, Given: true})
	f.do(w.GB, "coordinator", taskforce.AccreditOfficer{ID: post, Accreditation: joint.PostingAccreditation{Powers: powers, Supervisor: w.GB.As("supervisor").Officer.ID, From: from, Until: until}})
	for _, course := range []string{"data-protection", "fundamental-rights"} {
		f.do(w.GB, "coordinator", taskforce.RecordTraining{ID: post, Training: joint.PostingTraining{Course: course, Date: from}})
	}
	f.slot()
	f.do(w.AL, "border-officer", taskforce.AcceptRules{ID: post, Rules: PostingRules("Rules of the host, version 1")})
	f.slot()
	if f.err != nil {
		return "", f.err
	}
	if err := w.GB.Desk.KeepPostings(f.ctx); err != nil {
		return "", err
	}
	f.slot()
	return post, f.err
}

// guest is the posted officer at the host: the session that the host's node opened, and the browser that the officer
// signed in with.
type guest struct {
	desk.Session
	browser *browse.Visitor
}

// posting: an officer of Albania works at the United Kingdom, advises, sees joint acts only, and is locked out when
// the mandate ends, without anybody doing anything.
func (s *Story) posting(ctx context.Context) error {
	f := &force{World: s.World, ctx: ctx, onPages: true}
	post, err := f.post(3)
	if err != nil {
		return err
	}
	officer := s.AL.As("border-officer").Officer.ID
	session, err := s.GB.Desk.SignIn(ctx, officer)
	if err != nil {
		return err
	}
	g := guest{Session: session.For("purpose.taskforce")}
	if g.browser, err = s.browserOf(s.GB, officer); err != nil {
		return err
	}
	s.check(g.Posted && g.Home == AL && g.Officer.Authority == GB, "story.posting.access", "name", g.Name, "role", s.words.Text("role."+g.Officer.Role))
	if err := s.seesJointOnly(ctx, g); err != nil {
		return err
	}
	f.Clock.Advance(24 * time.Hour)
	if err := s.advises(f, g, post); err != nil {
		return err
	}
	return s.lockedOut(f, g, post)
}

// lockedOut: the page that answered in the last second of the mandate leads to the sign-in one second later, and
// there the officer cannot be chosen any more.
func (s *Story) lockedOut(f *force, g guest, post act.ID) error {
	const page = "/task-force/messages"
	f.Clock.Set(f.state(s.GB).AccessAt(post, f.Clock.Now(), london).Ends.Add(-time.Second))
	last, err := g.browser.Open(page)
	s.check(err == nil && last.Path == page, "story.posting.last-second", "moment", s.words.Moment(f.Clock.Now().In(london)))
	f.Clock.Advance(time.Second)
	_, err = s.GB.Desk.Messages(f.ctx, g.Session)
	s.refused(err, "fault.access.denied", "story.posting.session")
	after, err := g.browser.Open(page)
	s.check(err != nil || after.Path != page, "story.posting.page")
	_, err = s.GB.Desk.SignIn(f.ctx, g.Officer.ID)
	s.refused(err, "fault.roster.expired", "story.posting.sign-in")
	if err := s.GB.Desk.KeepPostings(f.ctx); err != nil {
		return err
	}
	_, err = s.GB.Desk.SignIn(f.ctx, g.Officer.ID)
	s.refused(err, "fault.roster.ended", "story.posting.roster")
	return s.same(f)
}

// seesJointOnly: the guest reads a shared case without what the host knows beside it, and nothing else of the host's.
func (s *Story) seesJointOnly(ctx context.Context, g guest) error {
	if _, err := g.browser.Open("/cases/" + string(s.handed)); err != nil {
		return err
	}
	seen, err := s.GB.Desk.ViewCase(ctx, g.Session, s.handed)
	if err != nil {
		return err
	}
	own, err := s.GB.Desk.ViewCase(ctx, s.GB.As("caseworker"), s.handed)
	if err != nil {
		return err
	}
	secret := 0
	for _, e := range seen.Events {
		if e.Scope == act.Domestic {
			secret++
		}
	}
	s.check(secret == 0 && len(seen.Events) > 0 && len(seen.Events) < len(own.Events) && len(seen.State.Barriers) == 0, "story.posting.joint-only",
		"seen", s.words.Number(int64(len(seen.Events))), "all", s.words.Number(int64(len(own.Events))))
	_, err = g.browser.Fill("/search", "search", url.Values{"name": {"Hoxha"}})
	s.refused(err, "fault.access.denied", "story.posting.no-search")
	return nil
}

// advises: the guest sends advice and reports; every act shows the officer's state and role of that day.
func (s *Story) advises(f *force, g guest, post act.ID) error {
	supervisor := s.GB.As("supervisor").Officer.ID
	message := domestic.MessageDraft{Caveat: "named-officers", To: []act.ID{supervisor}, Subject: "Travel documents of the new series", Text: "The perforation of the new series is on page 3."}
	sent, err := f.forceOnPage(s.GB, g.Officer.ID, taskforce.SendMessage{Message: message})
	if err != nil {
		return err
	}
	m, err := s.GB.Desk.ViewMessage(f.ctx, g.Session, sent)
	if err != nil {
		return err
	}
	s.check(m.From.ID == g.Officer.ID && m.From.Role == taskforce.PostedOfficer && m.From.Authority == GB, "story.posting.advice", "name", g.Name)
	f.Clock.Advance(time.Minute)
	report := joint.PostingReport{From: f.day(-1), Until: f.day(0), Activities: []joint.PostingActivity{{Code: "advice-given", Count: 3}}, Summary: text("Three questions about documents answered.", "U dhanë përgjigje tri pyetjeve për dokumentet.")}
	if _, err := f.forceOnPage(s.GB, g.Officer.ID, taskforce.ReportPosting{ID: post, Report: report}); err != nil {
		return err
	}
	_, err = f.forceOnPage(s.GB, g.Officer.ID, taskforce.ProposeMeasure{Terms: checksInDecember(f)})
	s.refused(err, "fault.access.denied", "story.posting.advice-only")
	f.slot()
	s.check(f.err == nil && len(f.state(s.AL).Postings[post].Reports) == 1, "story.posting.reported")
	return f.err
}
