package web_test

import (
	"encoding/csv"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/record"
	"countersign/internal/signin"
	"countersign/internal/web"
	"countersign/internal/words"
)

// Every address asks who it is, but for those that lead there and the plain pages; none answers with a stack
// or an empty page, whatever the role. A route that this test does not know how to ask fails it.
func TestEveryRouteAndRole(t *testing.T) {
	w := newWorld(t)
	w.people()
	id := string(w.cases["asked"])
	fill := strings.NewReplacer("{id}", id, "{act}", "assign", "{key}", "x", "{$}", "", "{what}", "enter", "{event}", id)
	other := regexp.MustCompile(`\{[a-z]+\}`) // of another domain: nothing there has the case's identifier
	byRole := map[string]*visitor{}
	for _, o := range w.GB.Officers {
		byRole[o.Role] = w.as(t, w.GB, o.Role, words.English)
	}
	for _, r := range web.Patterns(w.GB.Desk) {
		method, path, ok := strings.Cut(r.Pattern, " ")
		path = other.ReplaceAllString(fill.Replace(path), id)
		if !ok || strings.Contains(path, "{") {
			t.Fatalf("%s: how is it asked?", r.Pattern)
		}
		ask := func(v *visitor) (int, string) {
			if method == http.MethodPost {
				return v.post(path, url.Values{})
			}
			return v.get(path)
		}
		stranger := w.visitor(t, w.GB, words.English)
		stranger.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		status, body := ask(stranger)
		if !r.Open && status != http.StatusSeeOther && status != http.StatusUnauthorized {
			t.Errorf("%s lets a stranger in: %d %s", r.Pattern, status, main(body))
		}
		if strings.Contains(body, "Hoxha") || strings.Contains(body, "HOXHA") {
			t.Errorf("%s shows somebody to a stranger", r.Pattern)
		}
		for role, v := range byRole {
			if path == web.PathSignOut {
				continue
			}
			if status, body := ask(v); status >= 500 {
				t.Errorf("%s as %s: %d %s", r.Pattern, role, status, main(body))
			}
		}
	}
}

// Who runs the machines, counts, or speaks to the press sees nobody's file.
func TestRolesThatSeeNobody(t *testing.T) {
	w := newWorld(t)
	w.people()
	for _, role := range []string{"administrator", "statistician", "press-officer"} {
		v := w.as(t, w.GB, role, words.English)
		for _, path := range []string{"/", "/cases", "/search", "/cases/" + string(w.cases["asked"]), "/cases/" + string(w.cases["asked"]) + "/their-view"} {
			if _, body := v.get(path); strings.Contains(strings.ToUpper(body), "AGIM") {
				t.Errorf("%s sees Agim Hoxha at %s", role, path)
			}
		}
	}
	// Whoever carries out a journey learns that it is held up, never by what.
	for _, role := range []string{"coordinator", "escort-officer", "border-officer", "medical-officer"} {
		body := w.as(t, w.GB, role, words.English).page("/cases/" + string(w.cases["held"]))
		if strings.Contains(body, "appeal") || strings.Contains(body, "PA/00012") {
			t.Errorf("%s learns the nature of the barrier", role)
		}
		if !strings.Contains(body, "A legal condition stands against it") {
			t.Errorf("%s does not learn that the case is held up", role)
		}
	}
}

// Nothing of a person is in an address that a page leads to, nor in what the other state's view shows.
func TestAddressesHoldNobody(t *testing.T) {
	w := newWorld(t)
	w.people()
	v := w.as(t, w.GB, "caseworker", words.English)
	for _, path := range []string{"/", "/cases", "/cases/" + string(w.cases["question"])} {
		body := v.page(path)
		for _, part := range strings.Split(body, `href="`)[1:] {
			address, _, _ := strings.Cut(part, `"`)
			if lower := strings.ToLower(address); strings.Contains(lower, "hoxha") || strings.Contains(lower, "meti") || strings.Contains(lower, "1994") {
				t.Errorf("%s leads to %s", path, address)
			}
		}
	}
	body := w.as(t, w.GB, "court-liaison", words.English).page("/cases/" + string(w.cases["held"]) + "/their-view")
	if strings.Contains(body, "appeal") || !strings.Contains(body, "does not know of the case") {
		t.Error("the other state's view shows what it does not have")
	}
}

// A form sent from another site is refused; one sent with a session that has ended keeps what was typed.
func TestFormsFromElsewhereAndTooLate(t *testing.T) {
	w := newWorld(t)
	w.people()
	v := w.as(t, w.GB, "caseworker", words.English)
	path := "/cases/" + string(w.cases["new"]) + "/act/set-support"
	request, err := http.NewRequest(http.MethodPost, v.base+path, strings.NewReader("language=sq&interpreter=yes&seen=2"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", "https://elsewhere.example")
	if status, _ := v.answer(v.client.Do(request)); status != http.StatusForbidden {
		t.Errorf("a form from elsewhere: %d", status)
	}
	stranger := w.visitor(t, w.GB, words.English)
	status, body := stranger.post(path, url.Values{"language": {"sq"}, "interpreter": {"yes"}, "representative": {"Lindita Marku"}, "seen": {"2"}})
	if status != http.StatusUnauthorized || !strings.Contains(body, `name="kept.representative" value="Lindita Marku"`) {
		t.Fatalf("what was typed is lost: %d %s", status, main(body))
	}
	officer := string(w.GB.As("caseworker").Officer.ID)
	status, body = stranger.post("/sign-in", url.Values{"officer": {officer}, "next": {path}, "kept.representative": {"Lindita Marku"}, "kept.language": {"sq"}, "kept.seen": {"2"}})
	if status != http.StatusOK || !strings.Contains(body, `action="`+path+`"`) || !strings.Contains(body, `value="Lindita Marku"`) {
		t.Fatalf("after signing in: %d %s", status, main(body))
	}
	status, body = stranger.post(path, url.Values{"representative": {"Lindita Marku"}, "language": {"sq"}, "seen": {"2"}, "lang": {"en"}})
	if status != http.StatusOK || !strings.Contains(body, `value="Lindita Marku"`) || strings.Contains(body, "govuk-error-summary") {
		t.Errorf("back at the form: %d %s", status, main(body))
	}
}

// An act that came while the form was open is shown before anything is done over it.
func TestConflictSaysWhoChangedWhat(t *testing.T) {
	w := newWorld(t)
	w.people()
	v := w.as(t, w.GB, "senior-caseworker", words.English)
	path := "/cases/" + string(w.cases["new"]) + "/act/set-support"
	body := v.page(path)
	if !strings.Contains(body, `name="seen" value="2"`) {
		t.Fatal("the form does not say what it was made from")
	}
	w.do(w.GB, "specialist", "new", casework.RecordNeed{Need: domestic.Need{Type: "wheelchair"}})
	typed := url.Values{"seen": {"2"}, "language": {"sq"}, "interpreter": {"yes"}, "representative": {"Lindita Marku"}}
	status, body := v.post(path, typed)
	for _, want := range []string{"Helen Marsh", "Need recorded", "Wheelchair", "Lindita Marku"} {
		if status != http.StatusConflict || !strings.Contains(body, want) {
			t.Errorf("the conflict (%d) lacks %q: %s", status, want, main(body))
		}
	}
	typed.Set("seen", "3")
	if status, body := v.post(path, typed); status != http.StatusOK || !strings.Contains(body, "Lindita Marku") {
		t.Errorf("decided again: %d %s", status, main(body))
	}
}

// A list as a file is recorded, capped, marked, and no cell of it is a formula.
func TestExport(t *testing.T) {
	w := newWorld(t)
	w.people()
	p := invented("=HYPERLINK", "+Bardhi", person.On(1990, 1, 1))
	w.open("formula", p, casework.Readmission)
	v := w.as(t, w.GB, "caseworker", words.English)
	status, body := v.post("/cases/export", url.Values{"owner": {"me"}})
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if status == http.StatusOK && err != nil && strings.Contains(err.Error(), "fields") {
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff")))
		r.FieldsPerRecord = -1
		rows, err = r.ReadAll()
	}
	if err != nil || len(rows) != 7 {
		t.Fatalf("%d rows, %d (%v): %s", len(rows), status, err, body)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("a cell is a formula: %q", cell)
			}
		}
	}
	if last := rows[len(rows)-1][0]; !strings.Contains(last, "Priya Raman") || !strings.Contains(last, "5 of 5") {
		t.Errorf("the file does not say who took it: %q", last)
	}
	v.post("/cases/export", url.Values{"owner": {"me"}})
	counted := w.as(t, w.GB, "inspector", words.English).page("/looks")
	if !regexp.MustCompile(`Priya Raman</th>\s*<td[^>]*>2</td>\s*<td[^>]*>0</td>\s*<td[^>]*>0</td>\s*<td[^>]*>0</td>\s*<td[^>]*>10</td>`).MatchString(counted) {
		t.Errorf("the files taken out are not counted: %s", main(counted))
	}
	if differences, err := w.GB.Desk.Rebuild(t.Context(), false); err != nil || len(differences) > 0 {
		t.Error(differences, err)
	}
}

// Assigning in bulk reports what was done and what was not.
func TestBulkAssign(t *testing.T) {
	w := newWorld(t)
	w.people()
	v := w.as(t, w.GB, "senior-caseworker", words.English)
	senior := string(w.GB.As("senior-caseworker").Officer.ID)
	w.do(w.GB, "senior-caseworker", "held", casework.Assign{Officer: w.GB.As("senior-caseworker").Officer.ID})
	status, body := v.post("/cases/assign", url.Values{"case": {string(w.cases["asked"]), string(w.cases["held"])}, "officer": {senior}, "back": {"/cases"}})
	if status != http.StatusOK || !strings.Contains(body, "1 assigned, 1 not assigned") || !strings.Contains(body, "already has the case") {
		t.Errorf("%d %s", status, main(body))
	}
	if status, _ := v.post("/cases/assign", url.Values{"case": {string(w.cases["asked"])}, "officer": {string(w.GB.As("statistician").Officer.ID)}}); status != http.StatusUnprocessableEntity {
		t.Errorf("a statistician was given a case: %d", status)
	}
}

// An old sign-in does not carry an act that cannot be taken back, and a long pause ends the session.
func TestFreshAndIdle(t *testing.T) {
	w := newWorld(t)
	w.people()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	sessions := signin.New(signin.Options{Store: w.AL.Store(), Vault: w.AL.Desk.Vault, Now: func() time.Time { return now }})
	site, err := web.NewSite(web.Site{Desk: w.AL.Desk, Sessions: sessions, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site.Handler())
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t, &http.Client{Jar: jar}, server.URL}
	me := string(w.AL.As("readmission-officer").Officer.ID)
	v.post("/sign-in", url.Values{"officer": {me}})
	path := "/cases/" + string(w.cases["asked"]) + "/act/reply-refuse"
	answers := url.Values{"seen": {"1"}, "reason": {"not-a-national"}, "confirmed": {"yes"}}
	now = now.Add(16 * time.Minute)
	if status, body := v.post(path, answers); status != http.StatusOK || !strings.Contains(body, "Confirm who you are") {
		t.Fatalf("an old sign-in was enough: %d %s", status, main(body))
	}
	answers.Set("again", string(w.AL.As("supervisor").Officer.ID))
	if _, body := v.post(path, answers); !strings.Contains(body, "Confirm who you are") {
		t.Error("somebody else confirmed")
	}
	answers.Set("again", me)
	if _, body := v.post(path, answers); !strings.Contains(body, "Application refused") {
		t.Errorf("the refusal is not recorded: %s", main(body))
	}
	now = now.Add(21 * time.Minute)
	if _, body := v.get("/"); !strings.Contains(body, "Which officer are you?") {
		t.Error("an idle session went on")
	}
}

// An officer who is taken off the roster is out at the next click.
func TestRosterEndsSession(t *testing.T) {
	w := newWorld(t)
	v := w.as(t, w.GB, "caseworker", words.English)
	v.page("/")
	if err := w.GB.Desk.EndOfficer(t.Context(), w.GB.As("caseworker").Officer.ID, "left"); err != nil {
		t.Fatal(err)
	}
	if _, body := v.get("/"); !strings.Contains(body, "Which officer are you?") || strings.Contains(body, "Priya Raman") {
		t.Error("an officer off the roster still works")
	}
}

// A colleague's case is read only in a stated emergency, and a supervisor sees that it was.
func TestEmergency(t *testing.T) {
	w := newWorld(t)
	w.people()
	w.do(w.GB, "senior-caseworker", "asked", casework.Assign{Officer: w.GB.As("senior-caseworker").Officer.ID})
	v := w.as(t, w.GB, "caseworker", words.English)
	path := "/cases/" + string(w.cases["asked"])
	status, body := v.get(path)
	if status != http.StatusForbidden || !strings.Contains(body, "This case is not yours") || strings.Contains(body, "HOXHA") {
		t.Fatalf("%d %s", status, main(body))
	}
	for _, why := range []string{"", "urgent"} { // the server asks, not the browser (K33)
		if status, body = v.post(path+"/emergency", url.Values{"why": {why}}); status != http.StatusUnprocessableEntity || strings.Contains(body, "HOXHA") {
			t.Fatalf("%q was a reason: %d %s", why, status, main(body))
		}
	}
	if _, err := w.GB.Desk.ViewCase(t.Context(), w.GB.As("caseworker").For(desk.PurposeEmergency), w.cases["asked"]); fault.KeyOf(err) != "fault.emergency.unstated" {
		t.Errorf("an emergency that nobody stated opened a case: %v", err)
	}
	if status, body = v.post(path+"/emergency", url.Values{"why": {"The hospital telephoned about his medicine."}}); status != http.StatusOK || !strings.Contains(body, "HOXHA") {
		t.Fatalf("in an emergency: %d %s", status, main(body))
	}
	supervisor := w.as(t, w.GB, "supervisor", words.English)
	body = supervisor.page("/looks")
	if !strings.Contains(body, "The hospital telephoned about his medicine.") {
		t.Fatalf("the supervisor does not read why: %s", main(body))
	}
	statement := regexp.MustCompile(`name="statement" value="([^"]+)"`).FindStringSubmatch(body)[1]
	if status, body := supervisor.post("/looks/review", url.Values{"statement": {statement}, "found": {"justified"}, "note": {"ok"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, ">ok</textarea>") {
		t.Errorf("a review without a note: %d %s", status, main(body))
	}
	if status, _ := v.post("/looks/review", url.Values{"statement": {statement}, "found": {"justified"}, "note": {"I looked and it was right."}}); status != http.StatusForbidden {
		t.Errorf("the officer reviewed the own emergency: %d", status)
	}
	if _, body := supervisor.post("/looks/review", url.Values{"statement": {statement}, "found": {"justified"}, "note": {"The call is in the ward’s book."}}); !strings.Contains(body, "The call is in the ward’s book.") {
		t.Errorf("%s", main(body))
	}
	w.Clock.Advance(61 * time.Minute)
	if status, _ := v.get(path); status != http.StatusForbidden {
		t.Errorf("an emergency lasts for ever: %d", status)
	}
	if body := w.as(t, w.GB, "supervisor", words.English).page("/looks"); !strings.Contains(body, "Looks in an emergency") || !strings.Contains(body, "Priya Raman") {
		t.Error("the supervisor does not see it")
	}
}

// An act's proof is a file that the checker of bundles accepts.
func TestProof(t *testing.T) {
	w := newWorld(t)
	w.people()
	v := w.as(t, w.GB, "caseworker", words.English)
	path := "/cases/" + string(w.cases["asked"]) + "/acts/" + string(w.sent("asked"))
	if body := v.page(path); !strings.Contains(body, "Take the proof as a file") {
		t.Fatal("no proof is offered")
	}
	status, body := v.post(path, nil)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	verdict, err := record.Verify([]byte(body), w.GB.Public, w.AL.Public)
	if err != nil || !verdict.OK() {
		t.Errorf("the proof does not hold (%v): %+v", err, verdict)
	}
}

// Two officers change the roster: one proposes, another confirms, and the new officer can sign in.
func TestRosterByTwo(t *testing.T) {
	w := newWorld(t)
	administrator, supervisor := w.as(t, w.GB, "administrator", words.English), w.as(t, w.GB, "supervisor", words.English)
	if status, body := administrator.post("/officers/enter", url.Values{"name": {"Nora Whitby"}, "role": {"caseworker"}}); status != http.StatusOK || !strings.Contains(body, "Enter Nora Whitby") {
		t.Fatalf("%d %s", status, main(body))
	}
	change := between(supervisor.page("/officers"), `name="change" value="`, `"`)
	if status, _ := administrator.post("/officers/answer", url.Values{"change": {change}, "answer": {"confirm"}}); status != http.StatusForbidden {
		t.Errorf("the administrator confirmed the own proposal: %d", status)
	}
	if status, body := supervisor.post("/officers/answer", url.Values{"change": {change}, "answer": {"confirm"}}); status != http.StatusOK || !strings.Contains(body, "is in force") {
		t.Fatalf("%d %s", status, main(body))
	}
	if body := w.visitor(t, w.GB, words.English).page("/sign-in"); !strings.Contains(body, "Nora Whitby") {
		t.Error("the new officer cannot sign in")
	}
	w.slot()
	if body := w.as(t, w.AL, "administrator", words.English).page("/officers"); !strings.Contains(body, "Nora Whitby") {
		t.Error("the other state does not hold the new officer")
	}
	own := string(w.GB.As("administrator").Officer.ID)
	if status, _ := administrator.post("/officers/end", url.Values{"officer": {own}, "why": {"leaving"}}); status != http.StatusForbidden {
		t.Errorf("an administrator ended the own entry: %d", status)
	}
}

// A text crosses only in the words that a second officer cleared, and words that tell too much never.
func TestTextByTwo(t *testing.T) {
	w := newWorld(t)
	w.people()
	path := "/cases/" + string(w.cases["question"]) + "/texts"
	author, second := w.as(t, w.GB, "caseworker", words.English), w.as(t, w.GB, "supervisor", words.English)
	if status, body := author.post(path, url.Values{"text": {"He has applied for asylum."}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "may not cross") {
		t.Errorf("%d %s", status, main(body))
	}
	text := between(second.page(path), `name="text" value="`, `"`)
	if status, body := second.post(path+"/review", url.Values{"text": {text}, "answer": {"clear"}}); status != http.StatusOK || !strings.Contains(body, "Cleared by Grace Okafor") {
		t.Fatalf("%d %s", status, main(body))
	}
	body := author.page("/cases/" + string(w.cases["question"]) + "/act/give-information")
	if !strings.Contains(body, "The photograph was taken at the reporting centre.") {
		t.Error("the cleared text is not offered with the answer")
	}
}

func between(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, after)
	return s
}

// An admitted representative sees the client's service, clock and conditions, asks to stop, and is answered;
// nobody else's case is there.
func TestCounsel(t *testing.T) {
	w := newWorld(t)
	w.people()
	counsel, officer := w.as(t, w.GB, "counsel", words.English), w.as(t, w.GB, "senior-caseworker", words.English)
	id, me := string(w.cases["held"]), string(w.GB.As("counsel").Officer.ID)
	for _, path := range []string{"/clients/" + id, "/cases/" + id, "/cases"} {
		if _, body := counsel.get(path); strings.Contains(body, "LEKA") || strings.Contains(body, "Leka") {
			t.Errorf("not admitted, and %s shows somebody", path)
		}
	}
	if status, body := officer.post("/cases/"+id+"/representative", url.Values{"do": {"admit"}, "officer": {me}}); status != http.StatusOK || !strings.Contains(body, "Amina Yusuf") {
		t.Fatalf("%d %s", status, main(body))
	}
	if body := counsel.page("/clients"); !strings.Contains(body, "Dritan Leka") || strings.Contains(body, "Hoxha") {
		t.Errorf("clients: %s", main(body))
	}
	body := counsel.page("/clients/" + id)
	if !strings.Contains(body, "An in-country appeal is pending") || strings.Contains(body, "Priya Raman") || !strings.Contains(body, "Nothing was served") {
		t.Errorf("the client's case: %s", main(body))
	}
	if status, body := counsel.post("/clients/"+id, url.Values{"why": {"The tribunal has listed the appeal for Thursday."}}); status != http.StatusOK || !strings.Contains(body, "Not answered yet") {
		t.Fatalf("%d %s", status, main(body))
	}
	if body := officer.page("/cases/" + id); !strings.Contains(body, "representative asks to stop") {
		t.Error("the officer is not told of the request")
	}
	request := between(officer.page("/cases/"+id+"/representative"), `name="request" value="`, `"`)
	officer.post("/cases/"+id+"/representative", url.Values{"do": {"stopped"}, "request": {request}, "why": {"The appeal is on record and holds."}})
	if body := counsel.page("/clients/" + id); !strings.Contains(body, "The appeal is on record and holds.") {
		t.Error("the answer does not reach the representative")
	}
}

// Only pages without a secret are compressed: the size of a compressed page tells what is in it (BREACH).
func TestPagesOfOfficersAreNotCompressed(t *testing.T) {
	w := newWorld(t)
	w.people()
	for _, x := range []struct {
		v    *visitor
		path string
		want string
	}{
		{w.visitor(t, w.GB, words.English), "/sign-in", "gzip"},
		{w.as(t, w.GB, "caseworker", words.English), "/", ""},
		{w.as(t, w.GB, "caseworker", words.English), "/about", ""},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, x.v.base+x.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip")
		a, err := x.v.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if got := a.Header.Get("Content-Encoding"); got != x.want || a.StatusCode != http.StatusOK {
			t.Errorf("%s: %d, encoding %q, want %q", x.path, a.StatusCode, got, x.want)
		}
	}
}
