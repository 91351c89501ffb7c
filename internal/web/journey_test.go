package web_test

import (
	"fmt"
	"strings"
	"testing"

	"countersign/internal/store"
	"countersign/internal/web/browsertest"
	"countersign/internal/words"
)

// choose answers a question with radios or boxes; pick one with a drop-down.
func choose(p *browsertest.Page, name string, values ...string) {
	for _, v := range values {
		browsertest.Eval[bool](p, fmt.Sprintf(`(document.querySelector('input[name="%s"][value="%s"]').click(), true)`, name, v))
	}
}

func pick(p *browsertest.Page, name, value string) {
	browsertest.Eval[bool](p, fmt.Sprintf(`(() => { const s = document.querySelector('select[name="%s"]'); s.value = "%s"; return s.value === "%s" })()`, name, value, value))
}

// clearAll attests every gate of the page as clear.
func clearAll(p *browsertest.Page) {
	choose(p, "looked-at", "file-checked")
	browsertest.Eval[bool](p, `(document.querySelectorAll('input[value="clear"]').forEach(e => e.click()), true)`)
}

const send = "#act button.govuk-button"

// Two officers of two states in two languages: a person is searched for, a case opened, its conditions
// attested, the application sent; the other state finds it in its list and confirms; the answer is back.
func TestTwoOfficersJourney(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	gb, al := browser.Page(t), browser.Page(t)
	signIn(t, gb, w.GB, "caseworker", words.English)
	signIn(t, al, w.AL, "readmission-officer", words.Albanian)

	gb.Open(w.GB.URL() + "/search")
	gb.Fill("#name", "Arben Çela")
	gb.Fill("#birth-year", "1991")
	gb.Click("#search button.govuk-button")
	if strings.Contains(gb.Location(), "ela") {
		t.Errorf("the address holds what was searched for: %s", gb.Location())
	}
	gb.Click(`main a[href^="/cases/new"]`)
	if got := browsertest.Eval[string](gb, `document.querySelector("#family").value`); got != "Çela" {
		t.Errorf("the family name has to be typed again: %q", got)
	}
	choose(gb, "route", "readmission")
	choose(gb, "part", "EAW")
	pick(gb, "nationality", "ALB")
	choose(gb, "encounter", "in-country-check")
	gb.Fill("#encounter-date-day", "20")
	gb.Fill("#encounter-date-month", "11")
	gb.Fill("#encounter-date-year", "2026")
	gb.Click("#open button.govuk-button")
	address := gb.Location()
	if !strings.HasPrefix(gb.Text(".cs-next"), "What is next") || !strings.Contains(gb.Text(".cs-next"), "sends the readmission application") {
		t.Fatalf("after opening: %s", gb.Text("main"))
	}

	// The application is refused until somebody has looked at the conditions, and what was answered stays.
	gb.Open(address + "/act/request-readmission")
	choose(gb, "category", "national")
	choose(gb, "evidence", "passport-copy")
	gb.Click(send)
	if got := gb.Text(".govuk-error-summary"); !strings.Contains(got, "somebody has to check") {
		t.Fatalf("the application left without attestation: %s", got)
	}
	if !browsertest.Eval[bool](gb, `document.querySelector('input[name="evidence"][value="passport-copy"]').checked`) {
		t.Error("the answers were lost with the refusal")
	}
	gb.Open(address)
	gb.Click(".cs-next a.govuk-button")
	clearAll(gb)
	gb.Click(send)
	gb.Click(".cs-next a.govuk-button")
	choose(gb, "category", "national")
	choose(gb, "evidence", "passport-copy")
	gb.Click(send)
	if got := gb.Text("main"); !strings.Contains(got, "not yet countersigned") {
		t.Errorf("the page does not say that the application is on its way: %s", got)
	}
	w.slot()
	gb.Open(address)
	if got := strings.ReplaceAll(gb.Text(".cs-next"), "\u00a0", " "); !strings.Contains(got, "Albania replies") || !strings.Contains(got, "7 December 2026") {
		t.Errorf("after the exchange: %s", got)
	}

	al.Open(w.AL.URL() + "/")
	if got := al.Text(".cs-list"); !strings.Contains(got, "Arben Çela") {
		t.Fatalf("the Albanian list: %s", got)
	}
	al.Click(`.cs-list a[href^="/cases/"]`)
	al.Click(`main a[href$="/act/reply-confirm"]`)
	choose(al, "basis", "prima_facie")
	choose(al, "will-issue", "yes")
	al.Click(send)
	if got := al.Text("main"); !strings.Contains(got, "Shteti tjetër e merr") {
		t.Errorf("after the reply: %s", got)
	}
	w.slot()
	gb.Open(address)
	if got := gb.Text("main"); !strings.Contains(got, "Application confirmed") {
		t.Errorf("the reply is not there: %s", got)
	}
	rows, _, err := store.Cases(w.AL.Store(), store.CaseFilter{})
	if err != nil || len(rows) != 1 {
		t.Errorf("Albania holds %d cases (%v)", len(rows), err)
	}
}

// After signing out, the back button shows nothing of what was there (T16).
func TestBackAfterSignOut(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	w.people()
	p := browser.Page(t)
	signIn(t, p, w.GB, "caseworker", words.English)
	p.Open(w.GB.URL() + "/cases/" + string(w.cases["asked"]))
	if !strings.Contains(p.Text("main"), "HOXHA") {
		t.Fatal("the case is not shown")
	}
	p.Click(".cs-masthead__sign-out button")
	p.Back()
	if got := browsertest.Eval[string](p, `document.body.innerText`); strings.Contains(strings.ToUpper(got), "HOXHA") || !strings.Contains(got, "Sign in") {
		t.Errorf("back shows: %s", got)
	}
}

// A refusal, by keyboard alone: from the list to the case, to the form, past the page that stops, to the end.
func TestRefuseByKeyboard(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	w.people()
	p := browser.Page(t)
	signIn(t, p, w.AL, "readmission-officer", words.English)
	p.Open(w.AL.URL() + "/cases")
	p.TabTo("Agim Hoxha")
	p.Submit(browsertest.Enter)
	p.TabTo("Refuse the application")
	p.Submit(browsertest.Enter)
	p.TabTo("input reason=not-a-national")
	p.Press(browsertest.Space)
	p.TabTo("Continue")
	p.Submit(browsertest.Enter)
	p.Accessible()
	if got := p.Text("main"); !strings.Contains(got, "cannot be taken back") || !strings.Contains(got, "Not a national") {
		t.Fatalf("no page stops before the refusal: %s", got)
	}
	p.TabTo("Refuse the application")
	p.Submit(browsertest.Enter)
	if got := p.Text("main"); !strings.Contains(got, "Application refused") {
		t.Errorf("the refusal is not recorded: %s", got)
	}
}

// What was typed survives a change of language in the middle of a form, in a real browser.
func TestLanguageKeepsAnAct(t *testing.T) {
	browser := browsertest.Start(t)
	w := newWorld(t)
	w.people()
	p := browser.Page(t)
	signIn(t, p, w.GB, "caseworker", words.English)
	p.Open(w.GB.URL() + "/cases/" + string(w.cases["asked"]) + "/act/set-support")
	p.Fill("#representative", "Lindita Marku")
	p.Click(`button[name="lang"][value="sq"]`)
	if got := browsertest.Eval[string](p, `document.documentElement.lang + document.querySelector("#representative").value`); got != "sqLindita Marku" {
		t.Errorf("after the switch: %q", got)
	}
	if state, err := w.GB.Desk.ViewCase(t.Context(), w.GB.As("caseworker"), w.cases["asked"]); err != nil || state.State.Support.Representative != "" {
		t.Errorf("changing the language sent the form (%v)", err)
	}
}
