package web_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/person"
	"countersign/internal/web"
	"countersign/internal/web/browsertest"
	"countersign/internal/words"
)

var courtOrder = casework.SetBarrier{Barrier: domestic.Barrier{Gate: "court-order", Evidence: "court-record", Reference: "CO/00077/2026"}}

// A court order stands on pages that are open already, a list and a form with something typed in it, without a
// reload, in both languages; and when it is lifted they say so.
func TestHoldReachesOpenPagesInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	w.people()
	for _, lang := range words.Langs {
		name := "live-" + string(lang)
		id := w.open(name, invented("Ilir", "Marku", person.On(1990, 3, 1)), casework.Readmission)
		file, list, form := browser.Page(t), browser.Page(t), browser.Page(t)
		for _, p := range []*browsertest.Page{file, list, form} {
			signIn(t, p, w.GB, "caseworker", lang)
		}
		file.Open(w.GB.URL() + "/cases/" + string(id))
		list.Open(w.GB.URL() + "/?owner=me")
		form.Open(w.GB.URL() + "/cases/" + string(id) + "/act/correct-person")
		form.Fill("#birth-place", "Vlorë e re")
		w.do(w.GB, "court-liaison", name, courtOrder)
		entered := time.Now()
		says := map[words.Lang]string{words.English: "On hold", words.Albanian: "E pezulluar"}[lang]
		for what, p := range map[string]*browsertest.Page{"the case": file, "the form": form} {
			waitFor(t, p, what, `document.querySelector(".cs-live").innerText.includes("`+says+`")`, entered)
		}
		waitFor(t, list, "the list", `document.querySelector('.cs-mark-of[data-case="`+string(id)+`"]').innerText.includes("`+says+`") && document.getElementById("hold-said").innerText !== ""`, entered)
		if got := browsertest.Eval[string](form, `document.getElementById("birth-place").value`); got != "Vlorë e re" {
			t.Errorf("what was typed became %q", got)
		}
		for _, p := range []*browsertest.Page{file, list, form} {
			p.Accessible()
		}
		file.Shot("case-hold-live-" + string(lang))
		list.Shot("work-hold-live-" + string(lang))
		w.do(w.GB, "court-liaison", name, casework.LiftBarrier{Barrier: w.barrier(name), Evidence: "court-record"})
		lifted := map[words.Lang]string{words.English: "lifted", words.Albanian: "u hoq"}[lang]
		waitFor(t, file, "the case, lifted", `document.querySelector(".cs-live").innerText.includes("`+lifted+`")`, time.Now())
	}
}

// waitFor waits until the page says so by itself, at most two seconds from when it became true.
func waitFor(t *testing.T, p *browsertest.Page, what, condition string, since time.Time) {
	t.Helper()
	if !browsertest.Eval[bool](p, `new Promise(done => { const end = Date.now() + 8000; const look = () => (`+condition+`) ? done(true) : Date.now() > end ? done(false) : setTimeout(look, 20); look() })`) {
		t.Fatalf("%s: nothing is said of the hold: %s", what, p.Text("main"))
	}
	if took := time.Since(since); took > 2*time.Second && testing.Verbose() {
		t.Logf("%s: took %s; the bound of two seconds is measured by evidence bench-pages", what, took)
	}
}

func (w *world) barrier(name string) act.ID {
	w.t.Helper()
	view, err := w.GB.Desk.ViewCase(w.t.Context(), w.GB.As("court-liaison"), w.cases[name])
	if err != nil {
		w.t.Fatal(err)
	}
	for _, b := range view.State.Active(w.Clock.Now()) {
		return b.ID
	}
	w.t.Fatal("no barrier holds")
	return ""
}

// An open page that gets no answer any more says that it is not up to date.
func TestOpenPageSaysThatItIsLost(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	w.people()
	p := browser.Page(t)
	signIn(t, p, w.GB, "caseworker", words.English)
	p.Open(w.GB.URL() + "/cases/" + string(w.cases["asked"]))
	browsertest.Eval[bool](p, `fetch("/sign-out", {method: "POST"}).then(() => true)`)
	waitFor(t, p, "after signing out elsewhere", `document.querySelector(".cs-live").innerText.includes("no longer kept up to date")`, time.Now())
}

// The answer holds identifiers and nothing else, for those alone who may have it, and asking keeps no session alive.
func TestLiveTellsNothingElse(t *testing.T) {
	w := newWorld(t)
	w.people()
	held, asked := string(w.cases["held"]), string(w.cases["asked"])
	ask := func(v *visitor, ids ...string) (int, string) {
		return v.get(web.PathLive + "?case=" + strings.Join(ids, "&case="))
	}
	worker := w.as(t, w.GB, "caseworker", words.English)
	for range 3 {
		if status, body := ask(worker, held, asked, "no-such-case"); status != http.StatusOK || body != `{"held":["`+held+`"]}` {
			t.Errorf("%d %s", status, body)
		}
	}
	if status, body := ask(w.visitor(t, w.GB, words.English), held); status != http.StatusUnauthorized || body != "" {
		t.Errorf("a stranger: %d %q", status, body)
	}
	if status, _ := ask(w.as(t, w.GB, "administrator", words.English), held); status != http.StatusForbidden {
		t.Errorf("technical staff: %d", status)
	}
	if status, body := ask(w.as(t, w.GB, "counsel", words.English), held); status != http.StatusOK || body != `{"held":[]}` {
		t.Errorf("a representative of somebody else: %d %s", status, body)
	}
	many := make([]string, desk.MaxOnHold+1)
	if status, _ := ask(worker, many...); status != http.StatusForbidden {
		t.Errorf("a question about too many: %d", status)
	}
	before := w.GB.Store().Commits()
	if ask(worker, held); w.GB.Store().Commits() != before {
		t.Error("asking wrote something")
	}
	w.do(w.GB, "court-liaison", "held", casework.LiftBarrier{Barrier: w.barrier("held"), Evidence: "court-record"})
	if _, body := ask(worker, held); body != `{"held":[]}` {
		t.Errorf("after the barrier was lifted: %s", body)
	}
}

// A flood of questions takes no place from officers: it is turned away.
func TestLiveIsBounded(t *testing.T) {
	w := newWorld(t)
	w.people()
	worker := w.as(t, w.GB, "caseworker", words.English)
	var wg sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 300 {
		wg.Go(func() {
			a, err := worker.client.Get(worker.base + web.PathLive + "?case=" + string(w.cases["held"]))
			if err != nil {
				return
			}
			io.Copy(io.Discard, a.Body)
			a.Body.Close()
			mu.Lock()
			statuses[a.StatusCode]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if statuses[http.StatusOK] == 0 {
		t.Errorf("nobody was answered: %v", statuses)
	}
	for status := range statuses {
		if status != http.StatusOK && status != http.StatusServiceUnavailable {
			t.Errorf("%v", statuses)
		}
	}
	if status, _ := worker.get("/cases/" + string(w.cases["asked"])); status != http.StatusOK {
		t.Errorf("a case page beside the flood: %d", status)
	}
}
