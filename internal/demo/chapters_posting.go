package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
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
	f := &force{World: w, ctx: ctx}
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
	if err := w.GB.Desk.KeepPostings(ctx); err != nil {
		return "", err
	}
	f.slot()
	return post, f.err
}

// posting: an officer of Albania works at the United Kingdom, advises, sees joint acts only, and is locked out when
// the mandate ends, without anybody doing anything.
func (s *Story) posting(ctx context.Context) error {
	post, err := s.Post(ctx, 3)
	if err != nil {
		return err
	}
	f := &force{World: s.World, ctx: ctx}
	officer := s.AL.As("border-officer")
	guest, err := s.GB.Desk.SignIn(ctx, officer.Officer.ID)
	if err != nil {
		return err
	}
	guest = guest.For("purpose.taskforce")
	s.check(guest.Posted && guest.Home == AL && guest.Officer.Authority == GB, "story.posting.access", "name", guest.Name, "role", s.words.Text("role."+guest.Officer.Role))
	if err := s.seesJointOnly(ctx, guest); err != nil {
		return err
	}
	f.Clock.Advance(24 * time.Hour)
	if err := s.advises(f, guest, post); err != nil {
		return err
	}
	f.Clock.Set(f.state(s.GB).AccessAt(post, f.Clock.Now(), london).Ends.Add(-time.Second))
	_, err = s.GB.Desk.Messages(ctx, guest)
	s.check(err == nil, "story.posting.last-second", "moment", s.words.Moment(f.Clock.Now().In(london)))
	f.Clock.Advance(time.Second)
	_, err = s.GB.Desk.Messages(ctx, guest)
	s.refused(err, "fault.access.denied", "story.posting.session")
	_, err = s.GB.Desk.SignIn(ctx, officer.Officer.ID)
	s.refused(err, "fault.roster.expired", "story.posting.sign-in")
	if err := s.GB.Desk.KeepPostings(ctx); err != nil {
		return err
	}
	_, err = s.GB.Desk.SignIn(ctx, officer.Officer.ID)
	s.refused(err, "fault.roster.ended", "story.posting.roster")
	return s.same(f)
}

// seesJointOnly: the guest reads a shared case without what the host knows beside it, and nothing else of the host's.
func (s *Story) seesJointOnly(ctx context.Context, guest desk.Session) error {
	seen, err := s.GB.Desk.ViewCase(ctx, guest, s.handed)
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
	_, err = s.GB.Desk.FindPeople(ctx, guest, desk.Search{Name: "Hoxha"})
	s.refused(err, "fault.access.denied", "story.posting.no-search")
	return nil
}

// advises: the guest sends advice and reports; every act shows the officer's state and role of that day.
func (s *Story) advises(f *force, guest desk.Session, post act.ID) error {
	supervisor := s.GB.As("supervisor").Officer.ID
	message := domestic.MessageDraft{Caveat: "named-officers", To: []act.ID{supervisor}, Subject: "Travel documents of the new series", Text: "The perforation of the new series is on page 3.", Expires: f.Clock.Now().AddDate(0, 0, 30)}
	sent, err := s.GB.Desk.TaskForce(f.ctx, guest, taskforce.SendMessage{Message: message})
	if err != nil {
		return err
	}
	s.check(sent[0].Officer.Role == taskforce.PostedOfficer && sent[0].Officer.Authority == GB, "story.posting.advice", "name", guest.Name)
	f.Clock.Advance(time.Minute)
	report := joint.PostingReport{From: f.day(-1), Until: f.day(0), Activities: []joint.PostingActivity{{Code: "advice-given", Count: 3}}, Summary: text("Three questions about documents answered.", "U dhanë përgjigje tri pyetjeve për dokumentet.")}
	if _, err := s.GB.Desk.TaskForce(f.ctx, guest, taskforce.ReportPosting{ID: post, Report: report}); err != nil {
		return err
	}
	_, err = s.GB.Desk.TaskForce(f.ctx, guest, taskforce.ProposeMeasure{Terms: checksInDecember(f)})
	s.refused(err, "fault.access.denied", "story.posting.advice-only")
	f.slot()
	s.check(f.err == nil && len(f.state(s.AL).Postings[post].Reports) == 1, "story.posting.reported")
	return f.err
}
