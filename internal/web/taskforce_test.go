package web_test

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/demo"
	"countersign/internal/taskforce"
	"countersign/internal/words"
)

func both(en, sq string) joint.Text { return joint.Text{EN: en, SQ: sq} }

// force gives a command of the task force and returns what it is about and the act.
func (w *world) force(a *demo.Authority, role string, c taskforce.Command) (about, made act.ID) {
	w.t.Helper()
	w.Clock.Advance(time.Minute)
	events, err := a.Desk.TaskForce(w.t.Context(), a.As(role).For("purpose.taskforce"), c)
	if err != nil {
		w.t.Fatalf("%s: %v", taskforce.Name(c), err)
	}
	return events[0].Case, events[0].ID
}

func (w *world) measureTerms() joint.MeasureTerms {
	return joint.MeasureTerms{Kind: "checks", Title: both("Document checks in winter", "Kontrolle dokumentesh në dimër"), Objective: both("Forged documents are found before the journey.", "Dokumentet e falsifikuara gjenden para udhëtimit."),
		Basis: []joint.MeasureBasis{{Article: "Art. 19"}}, Indicators: []joint.Indicator{{Code: "documents-examined", Target: 400}},
		Owners: []joint.MeasureOwner{{Authority: demo.AL, Officer: w.AL.As("coordinator").Officer.ID}, {Authority: demo.GB, Officer: w.GB.As("coordinator").Officer.ID}},
		From:   "2026-11-23", Until: "2027-02-28", Places: []string{"al-morine"}, Resources: both("Four officers of each side.", "Katër nëpunës nga secila palë."),
		Risks: []joint.RightsRisk{{Right: "ECHR Protocol 4 Art. 2", Risk: both("Somebody is kept from leaving without a lawful reason.", "Dikush pengohet të dalë pa arsye të ligjshme."), Mitigation: both("Each refusal is reviewed.", "Çdo refuzim rishikohet.")}}}
}

// taskForce fills the world: a measure with two amendments that crossed, a meeting with agreed minutes and a task, a
// commitment with progress, an accredited posting, duty, a message and a draft.
func (w *world) taskForce() map[string]act.ID {
	w.t.Helper()
	ids := map[string]act.ID{}
	terms := w.measureTerms()
	measure, proposal := w.force(w.GB, "coordinator", taskforce.ProposeMeasure{Terms: terms})
	w.slot()
	w.force(w.AL, "coordinator", taskforce.AcceptMeasure{ID: measure, Proposal: proposal})
	w.slot()
	w.force(w.AL, "coordinator", taskforce.AccountMeasure{ID: measure, Account: joint.MeasureAccount{From: "2026-11-23", Until: "2026-11-23", Results: []joint.IndicatorResult{{Code: "documents-examined", Value: 131}}, Summary: both("First day.", "Dita e parë.")}})
	longer, more := terms, terms
	longer.Until, more.Places = "2027-03-31", []string{"al-morine", "al-han-i-hotit"}
	w.force(w.GB, "coordinator", taskforce.ChangeMeasure{ID: measure, Change: "amend", From: "2026-12-01", Terms: &longer, Reason: both("Traffic lasts.", "Trafiku zgjat.")})
	w.force(w.AL, "coordinator", taskforce.ChangeMeasure{ID: measure, Change: "amend", From: "2026-12-01", Terms: &more, Reason: both("One more point.", "Edhe një pikë.")})
	w.slot()
	starts := w.Clock.Now().Add(time.Hour)
	meeting, _ := w.force(w.AL, "coordinator", taskforce.CallMeeting{Call: joint.MeetingCall{Title: both("Task force", "Task-forca"), Starts: starts, Ends: starts.Add(time.Hour), Place: both("By video", "Me video"), Agenda: []joint.Text{both("The measure", "Masa")}}})
	w.slot()
	w.Clock.Set(starts.Add(time.Hour))
	_, minutes := w.force(w.AL, "coordinator", taskforce.ProposeMinutes{ID: meeting, Minutes: joint.Minutes{Items: []joint.Text{both("It is carried out.", "Zbatohet.")}, Decisions: []joint.MinutesDecision{{Text: both("Figures every month.", "Shifra çdo muaj."), Measure: measure}},
		Actions: []joint.MinutesAction{{Title: both("Send specimens", "Të dërgohen mostrat"), Owner: demo.AL, Due: "2026-12-07", Measure: measure}}}})
	w.slot()
	w.force(w.GB, "coordinator", taskforce.AgreeMinutes{ID: meeting, Proposal: minutes})
	task, _ := w.force(w.GB, "coordinator", taskforce.OpenTask{Task: joint.Task{Title: both("Second document reader", "Lexuesi i dytë i dokumenteve"), Owner: demo.AL, Due: "2026-12-01", Evidence: both("Delivery note", "Fletëdorëzimi"), Measure: measure}})
	entry, entered := w.force(w.GB, "coordinator", taskforce.ProposeCommitment{Entry: joint.Commitment{Source: both("Joint communiqué (invented), point 4", "Komunikatë e përbashkët (e sajuar), pika 4"), StandIn: true, Promise: both("A joint unit is set up", "Ngrihet një njësi e përbashkët"), By: []string{demo.GB, demo.AL}, Due: "2026-12-31", Evidence: both("Order of both ministers", "Urdhri i të dy ministrave")}})
	w.slot()
	w.force(w.AL, "coordinator", taskforce.AcceptCommitment{ID: entry, Proposal: entered})
	w.force(w.AL, "coordinator", taskforce.StateProgress{ID: entry, Progress: joint.CommitmentProgress{Status: "under-way", AsOf: "2026-11-23", Statement: both("The order is drafted.", "Urdhri është hartuar.")}})
	w.force(w.GB, "coordinator", taskforce.SetDuty{Entry: joint.Duty{Function: "border", Desk: both("Border desk", "Zyra e kufirit"), Phone: "+44 20 7946 0000", From: w.Clock.Now(), Until: w.Clock.Now().AddDate(0, 0, 7)}})
	w.slot()
	posting, err := w.Post(w.t.Context(), 30)
	if err != nil {
		w.t.Fatal(err)
	}
	to := []act.ID{w.AL.As("coordinator").Officer.ID}
	message, _ := w.force(w.GB, "coordinator", taskforce.SendMessage{Message: domestic.MessageDraft{Caveat: "named-officers", To: to, Briefing: true, Subject: "Situation this week", Text: "Quiet.", Expires: w.Clock.Now().AddDate(0, 0, 7)}})
	w.force(w.GB, "coordinator", taskforce.DraftMessage{Draft: domestic.MessageDraft{Caveat: "named-officers", To: to, Person: true, Subject: "Arrival on Friday", Text: "He needs a wheelchair.", Expires: w.Clock.Now().AddDate(0, 0, 7)}})
	w.slot()
	ids["measure"], ids["meeting"], ids["task"], ids["commitment"], ids["posting"], ids["message"] = measure, meeting, task, entry, posting, message
	return ids
}

// forceShown are the task force's pages with a golden file per language.
func (w *world) forceShown(ids map[string]act.ID) []struct {
	name, role, path string
	at               *demo.Authority
} {
	type page = struct {
		name, role, path string
		at               *demo.Authority
	}
	one := func(register, name string) string { return "/task-force/" + register + "/" + string(ids[name]) }
	return []page{{"force", "coordinator", "/task-force", w.AL}, {"force-measures", "coordinator", "/task-force/measures", w.GB}, {"force-measure", "coordinator", one("measures", "measure"), w.GB},
		{"force-meetings", "coordinator", "/task-force/meetings", w.AL}, {"force-meeting", "coordinator", one("meetings", "meeting"), w.AL}, {"force-tasks", "coordinator", "/task-force/tasks?owner=al&sort=title", w.AL},
		{"force-task", "coordinator", one("tasks", "task"), w.AL}, {"force-commitments", "coordinator", "/task-force/commitments", w.GB}, {"force-commitment", "coordinator", one("commitments", "commitment"), w.AL},
		{"force-postings", "coordinator", "/task-force/postings", w.GB}, {"force-posting", "coordinator", one("postings", "posting"), w.GB}, {"force-posting-own", "posted-officer", one("postings", "posting"), w.GB},
		{"force-calendar", "coordinator", "/task-force/calendar", w.GB}, {"force-messages", "supervisor", "/task-force/messages", w.GB}, {"force-message", "coordinator", one("messages", "message"), w.AL},
		{"force-act-measure", "coordinator", "/task-force/act/amend-measure?id=" + string(ids["measure"]), w.GB}, {"force-act-accept", "coordinator", "/task-force/act/draft-message", w.GB}}
}

// guest is the posted officer, who is on no list of the demo's staff.
func (w *world) guest(t testing.TB, lang words.Lang) *visitor {
	v := w.visitor(t, w.GB, lang)
	v.post("/sign-in", url.Values{"officer": {string(w.AL.As("border-officer").Officer.ID)}, "next": {"/task-force"}})
	return v
}

var feedToken = regexp.MustCompile(`/task-force/feed/[0-9a-f-]+/[0-9a-f]+`)

func TestTaskForcePagesGolden(t *testing.T) {
	w := newWorld(t)
	ids := w.taskForce()
	for _, lang := range words.Langs {
		same(t, "force-progress."+string(lang), w.visitor(t, w.GB, lang).page("/progress"))
		for _, p := range w.forceShown(ids) {
			t.Run(p.name+"."+string(lang), func(t *testing.T) {
				v := w.guest(t, lang)
				if p.role != "posted-officer" {
					v = w.as(t, p.at, p.role, lang)
				}
				same(t, p.name+"."+string(lang), feedToken.ReplaceAllString(v.page(p.path), "/task-force/feed/TOKEN"))
			})
		}
	}
}

// Every act has a form in both languages, with words for all that it asks.
func TestTaskForceForms(t *testing.T) {
	w := newWorld(t)
	ids := w.taskForce()
	for _, lang := range words.Langs {
		for _, c := range taskforce.Commands {
			name := taskforce.Name(c)
			thing := thingOf(ids, name)
			seen := false
			for _, role := range []string{"coordinator", "supervisor", "specialist", "posted-officer"} {
				v := w.guest(t, lang)
				if role != "posted-officer" {
					v = w.as(t, w.GB, role, lang)
				}
				status, body := v.get("/task-force/act/" + name + "?id=" + string(thing) + "&about=" + string(thing))
				if m := flaw.FindString(body); m != "" {
					t.Errorf("%s %s holds %q", name, lang, m)
				}
				seen = seen || status == http.StatusOK
			}
			if !seen {
				t.Errorf("%s has no form", name)
			}
		}
	}
}

// The form that binds both states names what it is about.
func TestForceFormNamesItsThing(t *testing.T) {
	w := newWorld(t)
	ids := w.taskForce()
	for family, title := range map[string]string{"measure": "Document checks in winter", "meeting": "Task force", "task": "Second document reader", "commitment": "A joint unit is set up", "posting": "Adviser on Albanian documents"} {
		name := map[string]string{"measure": "accept-measure", "meeting": "agree-minutes", "task": "complete-task", "commitment": "accept-commitment", "posting": "consent-to-posting"}[family]
		body := main(w.as(t, w.GB, "coordinator", words.English).page("/task-force/act/" + name + "?id=" + string(ids[family])))
		if !strings.Contains(body, `<p class="govuk-body-l">`+title+`</p>`) {
			t.Errorf("%s does not name %q:\n%s", name, title, body)
		}
	}
}

// An officer acts in the browser: a task is completed by its owner, and the other side cannot.
func TestTaskForceActsInForms(t *testing.T) {
	w := newWorld(t)
	ids := w.taskForce()
	at := "?id=" + string(ids["task"])
	al := w.as(t, w.AL, "coordinator", words.Albanian)
	if status, body := al.post("/task-force/act/take-task"+at, url.Values{}); status != http.StatusOK || !strings.Contains(body, "U regjistrua") {
		t.Fatalf("take: %d\n%s", status, main(body))
	}
	w.slot()
	evidence := url.Values{"evidence-kind": {"document"}, "reference": {"77/2026"}, "note-en": {"Delivered"}, "note-sq": {"U dorëzua"}}
	if status, _ := w.as(t, w.GB, "coordinator", words.English).post("/task-force/act/complete-task"+at, evidence); status != http.StatusForbidden {
		t.Errorf("the other side completes the task: %d", status)
	}
	if status, body := al.post("/task-force/act/complete-task"+at, evidence); status != http.StatusUnprocessableEntity || !strings.Contains(body, `value="77/2026"`) {
		t.Errorf("a document without its digest: %d", status)
	}
	evidence.Set("digest", strings.Repeat("ab", 32))
	if status, body := al.post("/task-force/act/complete-task"+at, evidence); status != http.StatusOK || !strings.Contains(body, "77/2026") {
		t.Errorf("complete: %d\n%s", status, main(body))
	}
	if status, body := al.post("/task-force/act/propose-measure", url.Values{"kind": {"checks"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "govuk-error-summary") {
		t.Errorf("an empty measure: %d", status)
	}
}

// The feed has no personal data, needs no session, and ends with the officer's right to see the calendar.
func TestCalendarFeed(t *testing.T) {
	w := newWorld(t)
	w.taskForce()
	address := feedToken.FindString(w.guest(t, words.Albanian).page("/task-force/calendar"))
	v := w.visitor(t, w.GB, words.Albanian)
	status, body := v.get(address)
	if status != http.StatusOK || !strings.HasPrefix(body, "BEGIN:VCALENDAR") || strings.Contains(body, "Kontrolle") || strings.Contains(body, "Drita") {
		t.Errorf("%d\n%s", status, body)
	}
	if status, _ := v.get(address[:len(address)-2] + "00"); status != http.StatusNotFound {
		t.Errorf("a wrong token: %d", status)
	}
	w.Clock.Advance(31 * 24 * time.Hour)
	if status, _ := v.get(address); status != http.StatusNotFound {
		t.Errorf("after the posting: %d", status)
	}
}

// An amendment begins with all that is agreed: every article and commitment, every indicator, every risk. Sent as it
// came, it drops nothing; what is emptied on purpose is gone.
func TestAmendmentDropsNothing(t *testing.T) {
	w := newWorld(t)
	terms := w.measureTerms()
	terms.Basis = append(terms.Basis, joint.MeasureBasis{Article: "Art. 20"})
	for _, code := range []string{"forged-documents-found", "exits-refused", "complaints-received"} {
		terms.Indicators = append(terms.Indicators, joint.Indicator{Code: code, Target: 5})
	}
	terms.Risks = append(terms.Risks, joint.RightsRisk{Right: "ECHR Art. 8", Risk: both("Papers are kept too long.", "Dokumentet mbahen tepër."), Mitigation: both("Ten minutes at most.", "Të shumtën dhjetë minuta.")})
	measure, proposal := w.force(w.GB, "coordinator", taskforce.ProposeMeasure{Terms: terms})
	w.slot()
	w.force(w.AL, "coordinator", taskforce.AcceptMeasure{ID: measure, Proposal: proposal})
	w.slot()
	v := w.as(t, w.GB, "coordinator", words.English)
	path := "/task-force/act/amend-measure?id=" + string(measure)
	values := filled(v.page(path))
	values.Set("reason-en", "Longer")
	values.Set("reason-sq", "Më gjatë")
	amended := func() joint.MeasureTerms {
		s, err := w.GB.Desk.TaskForceState(t.Context(), w.GB.As("coordinator").For("purpose.taskforce"), "view-measures")
		if err != nil {
			t.Fatal(err)
		}
		all := s.Measures[measure].Proposals
		return *all[len(all)-1].Content.(*joint.MeasureChange).Terms
	}
	if status, body := v.post(path, values); status != http.StatusOK {
		t.Fatalf("%d %s", status, main(body))
	}
	if got := amended(); !reflect.DeepEqual(got, terms) {
		t.Errorf("got  %+v\nwant %+v", got, terms)
	}
	w.slot()
	s, err := w.AL.Desk.TaskForceState(t.Context(), w.AL.As("coordinator").For("purpose.taskforce"), "view-measures")
	if err != nil {
		t.Fatal(err)
	}
	w.force(w.AL, "coordinator", taskforce.AcceptMeasure{ID: measure, Proposal: s.Measures[measure].Open.ID})
	w.slot()
	for _, name := range []string{"right-2", "risk-2-en", "risk-2-sq", "mitigation-2-en", "mitigation-2-sq", "article-2"} {
		values.Set(name, "")
	}
	if status, body := v.post(path, values); status != http.StatusOK {
		t.Fatalf("%d %s", status, main(body))
	}
	if got := amended(); len(got.Risks) != 1 || len(got.Basis) != 1 || len(got.Indicators) != 4 {
		t.Errorf("%+v", got)
	}
}

var (
	inputs    = regexp.MustCompile(`<input [^>]*>`)
	areas     = regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>`)
	selects   = regexp.MustCompile(`(?s)<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>`)
	chosen    = regexp.MustCompile(`<option value="([^"]*)" selected`)
	attribute = regexp.MustCompile(`(name|value|type)="([^"]*)"`)
)

// filled reads the fields of a page's form as a browser would send them.
func filled(body string) url.Values {
	body, values := main(body), url.Values{}
	for _, tag := range inputs.FindAllString(body, -1) {
		x := map[string]string{}
		for _, a := range attribute.FindAllStringSubmatch(tag, -1) {
			x[a[1]] = html.UnescapeString(a[2])
		}
		if (x["type"] == "radio" || x["type"] == "checkbox") && !strings.Contains(tag, " checked") {
			continue
		}
		if x["name"] != "" && x["type"] != "submit" {
			values.Add(x["name"], x["value"])
		}
	}
	for _, m := range areas.FindAllStringSubmatch(body, -1) {
		values.Add(m[1], html.UnescapeString(m[2]))
	}
	for _, m := range selects.FindAllStringSubmatch(body, -1) {
		if c := chosen.FindStringSubmatch(m[2]); c != nil {
			values.Add(m[1], html.UnescapeString(c[1]))
		}
	}
	return values
}

// What both records can count is not typed into an account: it is taken from the record, whatever was posted.
func TestAccountIsCounted(t *testing.T) {
	w := newWorld(t)
	w.people()
	terms := w.measureTerms()
	terms.Kind, terms.Indicators = "verifications", []joint.Indicator{{Code: "verifications-requested", Target: 10}, {Code: "information-sessions", Target: 3}}
	measure, proposal := w.force(w.GB, "coordinator", taskforce.ProposeMeasure{Terms: terms})
	w.slot()
	w.force(w.AL, "coordinator", taskforce.AcceptMeasure{ID: measure, Proposal: proposal})
	w.slot()
	v := w.as(t, w.GB, "coordinator", words.English)
	path := "/task-force/act/account-measure?id=" + string(measure)
	if body := v.page(path); strings.Contains(body, "result-verifications-requested") || !strings.Contains(body, "result-information-sessions") {
		t.Fatalf("%s", main(body))
	}
	day := func(name string) url.Values {
		return url.Values{name + "-day": {"23"}, name + "-month": {"11"}, name + "-year": {"2026"}}
	}
	values := url.Values{"summary-en": {"First day."}, "summary-sq": {"Dita e parë."}, "result-information-sessions": {"1"}, "result-verifications-requested": {"77"}}
	maps.Copy(values, day("from"))
	maps.Copy(values, day("until"))
	if status, body := v.post(path, values); status != http.StatusOK {
		t.Fatalf("%d %s", status, main(body))
	}
	s, err := w.GB.Desk.TaskForceState(t.Context(), w.GB.As("coordinator").For("purpose.taskforce"), "view-measures")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, r := range s.Measures[measure].Accounts[0].Results {
		got[r.Code] = r.Value
	}
	if got["verifications-requested"] != 2 || got["information-sessions"] != 1 { // the two applications of the world
		t.Errorf("%v", got)
	}
	if body := main(v.page("/task-force/measures/" + string(measure))); !strings.Contains(body, "Counted, United Kingdom") {
		t.Errorf("%s", body)
	}
}
