package web_test

import (
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/demo"
	"countersign/internal/signin"
	"countersign/internal/signin/exercise"
	"countersign/internal/web"
)

// account is a site of an authority whose officers sign in with a provider, as outside a demonstration.
type account struct {
	*world
	at       *demo.Authority
	now      time.Time // of sessions and provider
	provider *exercise.Provider
	site     *httptest.Server
}

func (w *world) account(a *demo.Authority) *account {
	w.t.Helper()
	x := &account{world: w, at: a, now: start}
	clock := func() time.Time { return x.now }
	x.site = httptest.NewUnstartedServer(nil)
	op := httptest.NewUnstartedServer(nil)
	address := "http://" + x.site.Listener.Addr().String()
	o := exercise.Options{Issuer: "http://" + op.Listener.Addr().String(), Client: "node", Return: address + signin.PathReturn, Now: clock}
	for _, role := range []string{"supervisor", "administrator", "readmission-officer", "new"} {
		o.People = append(o.People, exercise.Person{Subject: "emp-" + role, Name: "Invented " + role})
	}
	var err error
	if x.provider, err = exercise.New(o); err != nil {
		w.t.Fatal(err)
	}
	op.Config.Handler = x.provider.Handler()
	op.Start()
	w.t.Cleanup(op.Close)
	connection, err := signin.Connect(signin.OIDC{Issuer: o.Issuer, ClientID: "node"}, "", address, nil, true, clock)
	if err != nil {
		w.t.Fatal(err)
	}
	sessions := signin.New(signin.Options{Store: a.Store(), Vault: a.Desk.Vault, Now: clock})
	site, err := web.NewSite(web.Site{Desk: a.Desk, Sessions: sessions, Provider: connection, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		w.t.Fatal(err)
	}
	x.site.Config.Handler = site.Handler()
	x.site.Start()
	w.t.Cleanup(x.site.Close)
	return x
}

// bind gives an officer the account of the same name, on the word of the machine's operator.
func (x *account) bind(role, subject string) act.ID {
	x.t.Helper()
	id := x.at.As(role).Officer.ID
	if err := x.at.Desk.BindAtRoot(x.t.Context(), id, x.provider.Issuer, "emp-"+subject); err != nil {
		x.t.Fatal(err)
	}
	return id
}

func (x *account) browser() *visitor {
	x.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		x.t.Fatal(err)
	}
	return &visitor{x.t, &http.Client{Jar: jar, Timeout: 20 * time.Second}, x.site.URL}
}

// walk follows a link of the site to the provider, chooses who it is where that is asked, and comes back.
func (x *account) walk(v *visitor, path, subject string) (int, string) {
	x.t.Helper()
	r, err := v.client.Get(v.base + path)
	if err != nil {
		x.t.Fatal(err)
	}
	if r.Request.URL.Path == "/authorize" {
		r.Body.Close()
		r, err = v.client.PostForm(r.Request.URL.String(), url.Values{"subject": {"emp-" + subject}})
	}
	return v.answer(r, err)
}

var startLink = regexp.MustCompile(`href="(/sign-in/start\?[^"]*)"`)

func (x *account) link(body string) string {
	x.t.Helper()
	m := startLink.FindStringSubmatch(body)
	if m == nil {
		x.t.Fatalf("no way to the provider:\n%s", main(body))
	}
	return strings.ReplaceAll(m[1], "&amp;", "&")
}

// An officer signs in with the account of the authority, and the session ends with the account's binding and with the
// officer's place on the roster.
func TestAccountOpensSession(t *testing.T) {
	w := newWorld(t)
	x := w.account(w.AL)
	x.bind("supervisor", "supervisor")
	v := x.browser()
	_, body := v.get("/cases")
	if strings.Contains(body, "Gentian") || strings.Contains(body, `name="officer"`) {
		t.Error("officers are listed to somebody who has not signed in")
	}
	status, body := x.walk(v, x.link(body), "supervisor")
	if status != http.StatusOK || !strings.Contains(body, "Gentian Leka") {
		t.Fatalf("%d %s", status, main(body))
	}
	if path := "/cases"; !strings.Contains(body, `href="`+path+`" aria-current`) && !strings.Contains(main(body), "<h1") {
		t.Error("not led back to where the officer wanted to go")
	}
	// Bound to somebody else: the session is over at the next click.
	x.bind("readmission-officer", "supervisor")
	if _, body := v.get("/"); strings.Contains(body, "Gentian Leka") || !strings.Contains(body, "/sign-in/start") {
		t.Error("a session outlived its account")
	}
	if _, body := x.walk(v, "/sign-in/start", "supervisor"); !strings.Contains(body, "Arta Kelmendi") {
		t.Error("the account is not the other officer's")
	}
	if err := w.AL.Desk.EndOfficer(t.Context(), w.AL.As("readmission-officer").Officer.ID, "left"); err != nil {
		t.Fatal(err)
	}
	if _, body := v.get("/"); strings.Contains(body, "Arta Kelmendi") {
		t.Error("a session outlived the roster")
	}
	if status, body := x.walk(v, "/sign-in/start", "supervisor"); status < 400 || strings.Contains(body, "Arta Kelmendi") {
		t.Errorf("somebody who left signs in: %d", status)
	}
}

// Outside a demonstration nobody is an officer for choosing a name: not on the page, not by posting the form of the
// demonstration, and not with a session that began in one.
func TestNoNameOutsideTheDemo(t *testing.T) {
	w := newWorld(t)
	me := string(w.GB.As("supervisor").Officer.ID)
	inDemo := w.as(t, w.GB, "supervisor", "en")
	if body := inDemo.page("/"); !strings.Contains(body, "Grace Okafor") {
		t.Fatal("the control: in the demonstration a name is enough")
	}
	w.GB.Desk.Demo = false
	t.Cleanup(func() { w.GB.Desk.Demo = true })
	if _, body := inDemo.get("/"); strings.Contains(body, "Grace Okafor") {
		t.Error("a session of the demonstration went on")
	}
	v := w.visitor(t, w.GB, "en")
	if body := v.page("/sign-in"); strings.Contains(body, "Grace Okafor") || strings.Contains(body, `name="officer"`) {
		t.Error("names are offered")
	}
	if status, _ := v.post("/sign-in", url.Values{"officer": {me}}); status != http.StatusForbidden {
		t.Errorf("a posted name was answered with %d", status)
	}
	if _, body := v.get("/"); strings.Contains(body, "Grace Okafor") {
		t.Error("somebody signed in by name")
	}
	x := w.account(w.AL) // nor where there is a provider, in a demonstration
	p := x.browser()
	if status, _ := p.post("/sign-in", url.Values{"officer": {string(w.AL.As("supervisor").Officer.ID)}}); status != http.StatusForbidden {
		t.Errorf("beside the provider: %d", status)
	}
}

// Somebody whom the provider knows and the roster does not waits; two officers say who it is.
func TestWaitingPersonBecomesOfficer(t *testing.T) {
	w := newWorld(t)
	x := w.account(w.AL)
	x.bind("supervisor", "supervisor")
	x.bind("administrator", "administrator")
	v := x.browser()
	status, body := x.walk(v, "/sign-in/start?next=/", "new")
	code := regexp.MustCompile(`id="reference">([0-9A-F]{4}-[0-9A-F]{4})<`).FindStringSubmatch(body)
	if status != http.StatusForbidden || code == nil {
		t.Fatalf("%d %s", status, main(body))
	}
	admin, supervisor := x.browser(), x.browser()
	x.walk(admin, "/sign-in/start?next=/officers", "administrator")
	page := admin.page("/officers")
	if !strings.Contains(page, code[1]) || !strings.Contains(page, "Invented new") {
		t.Fatalf("the administrator does not see who waits: %s", main(page))
	}
	key := regexp.MustCompile(`<option value="([0-9a-f]{64})"`).FindStringSubmatch(page)[1]
	status, body = admin.post("/officers/enter", url.Values{"name": {"Mira Nova"}, "role": {"caseworker"}, "identity": {key}})
	if status != http.StatusOK || !strings.Contains(body, "Enter Mira Nova as caseworker, who signs in with the account") {
		t.Fatalf("%d %s", status, main(body))
	}
	if status, _ := x.walk(v, "/sign-in/start", "new"); status != http.StatusForbidden {
		t.Errorf("a proposal was enough: %d", status)
	}
	x.walk(supervisor, "/sign-in/start?next=/officers", "supervisor")
	change := regexp.MustCompile(`name="change" value="([^"]+)"`).FindStringSubmatch(supervisor.page("/officers"))[1]
	if status, _ := admin.post("/officers/answer", url.Values{"change": {change}, "answer": {"confirm"}}); status != http.StatusForbidden {
		t.Errorf("the administrator confirmed alone: %d", status)
	}
	if status, body := supervisor.post("/officers/answer", url.Values{"change": {change}, "answer": {"confirm"}}); status != http.StatusOK {
		t.Fatalf("%d %s", status, main(body))
	}
	if _, body := x.walk(v, "/sign-in/start?next=/", "new"); !strings.Contains(body, "Mira Nova") {
		t.Errorf("the new officer is not in: %s", main(body))
	}
	if strings.Contains(admin.page("/officers"), code[1]) {
		t.Error("who is bound still waits")
	}
}

// Before an act that cannot be taken back the officer proves anew who it is; another person's proof does not count, and
// what was typed comes back.
func TestProofBeforeTheIrrevocable(t *testing.T) {
	w := newWorld(t)
	w.people()
	x := w.account(w.AL)
	x.bind("readmission-officer", "readmission-officer")
	x.bind("supervisor", "supervisor")
	v := x.browser()
	x.walk(v, "/sign-in/start?next=/", "readmission-officer")
	path := "/cases/" + string(w.cases["asked"]) + "/act/reply-refuse"
	answers := url.Values{"seen": {"1"}, "reason": {"not-a-national"}, "confirmed": {"yes"}}
	x.now = x.now.Add(16 * time.Minute)
	_, body := v.post(path, answers)
	if !strings.Contains(body, "Confirm who you are") || !strings.Contains(body, "again=1") {
		t.Fatalf("an old sign-in was enough: %s", main(body))
	}
	again := x.link(body)
	if status, body := x.walk(v, again, "supervisor"); status != http.StatusForbidden || !strings.Contains(body, "Somebody else signed in") {
		t.Errorf("another officer proved it: %d %s", status, main(body))
	}
	_, body = v.post(path, answers)
	if !strings.Contains(body, "Confirm who you are") {
		t.Fatal("another officer's proof served")
	}
	_, body = x.walk(v, x.link(body), "readmission-officer")
	if !strings.Contains(body, `name="reason" value="not-a-national"`) || strings.Contains(body, `name="confirmed"`) {
		t.Fatalf("what was typed is lost, or was confirmed unseen: %s", main(body))
	}
	if _, body := v.post(path, answers); !strings.Contains(body, "Application refused") {
		t.Errorf("%s", main(body))
	}
}

// A form whose session ended goes to the provider and back with everything that was typed.
func TestTypedIsKeptThroughSignIn(t *testing.T) {
	w := newWorld(t)
	x := w.account(w.AL)
	x.bind("administrator", "administrator")
	v := x.browser()
	_, body := v.post("/officers/enter", url.Values{"name": {"Çlirim Shtëpani"}, "role": {"caseworker"}})
	_, body = x.walk(v, x.link(body), "administrator")
	if !strings.Contains(body, `value="Çlirim Shtëpani"`) || !strings.Contains(body, `action="/officers/enter"`) {
		t.Errorf("lost: %s", main(body))
	}
}

// Teams decide who works on whose cases: a colleague of the team opens the file, another caseworker does not.
func TestTeamOpensCases(t *testing.T) {
	w := newWorld(t)
	w.people()
	ctx := t.Context()
	admin, supervisor := w.GB.As("administrator").For("purpose.casework"), w.GB.As("supervisor")
	propose := func(p domestic.RosterProposal) error {
		if err := w.GB.Desk.ProposeRosterChange(ctx, admin, p); err != nil {
			return err
		}
		all, err := w.GB.Desk.RosterChanges(ctx, supervisor)
		if err != nil {
			return err
		}
		return w.GB.Desk.AnswerRosterChange(ctx, supervisor, all[0].ID, true)
	}
	if err := propose(domestic.RosterProposal{Name: "Kay Team", Role: "caseworker"}); err != nil {
		t.Fatal(err)
	}
	roster, err := w.GB.Desk.Officers(demo.GB)
	if err != nil {
		t.Fatal(err)
	}
	var colleague act.ID
	for _, s := range roster {
		if s.Name == "Kay Team" {
			colleague = s.Officer
		}
	}
	who, err := w.GB.Desk.SignIn(ctx, colleague)
	if err != nil {
		t.Fatal(err)
	}
	look := func() error {
		_, err := w.GB.Desk.ViewCase(ctx, who.For("purpose.casework"), w.cases["asked"])
		return err
	}
	if look() == nil {
		t.Fatal("a caseworker reads another one's case without a team")
	}
	owner := w.GB.As("caseworker").Officer.ID
	team := &domestic.Team{Name: "Luton", Members: []act.ID{owner, colleague}}
	if err := propose(domestic.RosterProposal{Team: team}); err != nil {
		t.Fatal(err)
	}
	if err := look(); err != nil {
		t.Errorf("the team's own case is closed to its member: %v", err)
	}
	teams, err := w.GB.Desk.Teams(ctx, admin)
	if err != nil || len(teams) != 1 {
		t.Fatal(teams, err)
	}
	if err := propose(domestic.RosterProposal{Team: &domestic.Team{ID: teams[0].ID, Name: "Luton", Members: []act.ID{owner}}}); err != nil {
		t.Fatal(err)
	}
	if look() == nil {
		t.Error("who left the team still reads its cases")
	}
	if err := propose(domestic.RosterProposal{Team: &domestic.Team{Name: "Mine", Members: []act.ID{supervisor.Officer.ID}}}); err == nil {
		t.Error("a supervisor confirmed a team with themselves in it")
	}
	if differences, err := w.GB.Desk.Rebuild(ctx, false); err != nil || len(differences) > 0 {
		t.Error(differences, err)
	}
}
