package web

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"countersign/internal/web/browsertest"
	"countersign/internal/words"
)

// Every page, in both languages: axe-core finds nothing, and at 400 % zoom nothing must be scrolled sideways.
func TestGalleryInBrowser(t *testing.T) {
	server := galleryServer(t)
	browser := browsertest.Start(t)
	for _, lang := range words.Langs {
		t.Run(string(lang), func(t *testing.T) {
			p := browser.Page(t)
			p.Open(server.URL + "/gallery/work?lang=" + string(lang))
			for _, name := range []string{"work", "empty", "case", "form", "errors", "stop", "conflict", "problem", "answer", "done"} {
				p.Open(server.URL + "/gallery/" + name)
				if got := browsertest.Eval[string](p, "document.documentElement.lang"); got != string(lang) {
					t.Fatalf("%s is in %q", name, got)
				}
				p.Accessible()
				p.Shot("gallery-" + name + "-" + string(lang))
				p.Size(320, 640)
				p.Fits()
				p.Accessible()
				p.Shot("gallery-" + name + "-" + string(lang) + "-zoom400")
				p.Size(1280, 900)
			}
		})
	}
}

// The positive control: a page without a label must not pass.
func TestAxeFinds(t *testing.T) {
	p := browsertest.Start(t).Page(t)
	p.Open(galleryServer(t).URL + "/gallery/form")
	browsertest.Eval[bool](p, `document.querySelector("label[for=name]").remove() || true`)
	if !slices.ContainsFunc(p.Axe(), func(v browsertest.Violation) bool { return v.ID == "label" }) {
		t.Error("axe-core does not see a field without a label")
	}
}

// A whole journey without a mouse: from the list to a case, to its form, through errors, to the end.
func TestKeyboardOnly(t *testing.T) {
	server := galleryServer(t)
	p := browsertest.Start(t).Page(t)
	p.Open(server.URL + "/gallery/work?lang=en")

	p.Press(browsertest.Tab)
	if got := p.Focused(); got != "Skip to main content" {
		t.Fatalf("the first stop is %q", got)
	}
	p.Press(browsertest.Enter)
	p.TabTo("Due today")
	p.TabTo("Remove filter State: waiting") // chips are buttons (K35)
	p.TabTo("Filter the list")
	p.TabTo("input q")
	p.TabTo("Apply filters")
	p.TabTo("By, sort descending") // sort headers are links (K35)
	p.Submit(browsertest.Enter)
	if got := p.Location(); !strings.Contains(got, "down=1") || !strings.Contains(got, "owner=me") {
		t.Fatalf("sorting lost something: %s", got)
	}
	p.TabTo("HOXHA Arben")
	p.Submit(browsertest.Enter)

	p.TabTo("Why this date")
	p.Press(browsertest.Enter)
	if text := p.Text(".cs-why"); !strings.Contains(text, "Art. 11(2)") {
		t.Errorf("the reason of the date is not shown: %q", text)
	}
	p.ShiftTab()
	p.TabTo("Answer")
	p.Submit(browsertest.Enter)

	p.TabTo("input answer=agree")
	p.Press(browsertest.Space)
	fill := func(field, text string) {
		p.TabTo(field)
		p.Press(text)
	}
	fill("input name", "Hoxha")
	fill("input born-year", "1990")
	fill("input seen-day", "20")
	fill("input seen-month", "11")
	fill("input seen-year", "2026")
	fill("input at", "9.30")
	fill("input evidence=passport", browsertest.Space)
	fill("select point", "T")
	p.TabTo("The person is our national") // the button; the number of escorts was forgotten
	p.Submit(browsertest.Enter)
	p.TabTo("Answer “Escorts”")
	p.Press(browsertest.Enter)
	p.Press("2")
	p.TabTo("The person is our national")
	p.Submit(browsertest.Enter)
	if got := p.Location(); !strings.HasSuffix(got, "/gallery/done") {
		t.Errorf("the journey ends at %s: %s", got, p.Text("main"))
	}
}

// The error summary has the focus, and each of its links leads into the field.
func TestErrorSummaryLeadsToFields(t *testing.T) {
	server := galleryServer(t)
	p := browsertest.Start(t).Page(t)
	p.Open(server.URL + "/gallery/form?lang=en")
	p.Click("#answer-form button[type=submit]")
	if title := p.Title(); !strings.HasPrefix(title, "Error: ") {
		t.Errorf("title %q", title)
	}
	if !browsertest.Eval[bool](p, `document.activeElement.classList.contains("govuk-error-summary")`) {
		t.Error("the error summary does not have the focus")
	}
	links := browsertest.Eval[[]string](p, `[...document.querySelectorAll(".govuk-error-summary a")].map(a => a.getAttribute("href"))`)
	if len(links) < 6 {
		t.Fatalf("%d links", len(links))
	}
	for _, href := range links {
		p.TabTo(p.Text(`.govuk-error-summary a[href="` + href + `"]`))
		p.Press(browsertest.Enter)
		if got := browsertest.Eval[string](p, `document.activeElement.id`); "#"+got != href {
			t.Errorf("%s leads to %q", href, got)
		}
		browsertest.Eval[bool](p, `document.querySelector(".govuk-error-summary").focus() || true`)
	}
}

// The language changes and everything typed stays, also without JavaScript.
func TestLanguageKeepsWhatWasTyped(t *testing.T) {
	server := galleryServer(t)
	browser := browsertest.Start(t)
	for _, scripts := range []bool{true, false} {
		p := browser.Page(t)
		p.Scripts(scripts)
		p.Open(server.URL + "/gallery/form?lang=en")
		p.Fill("#name", "Çelë <b>")
		p.Fill("#born-year", "1990")
		p.Click("nav button[value=sq]")
		if lang, name, year := browsertest.Eval[string](p, "document.documentElement.lang"),
			browsertest.Eval[string](p, "document.getElementById('name').value"),
			browsertest.Eval[string](p, "document.getElementById('born-year').value"); lang != "sq" || name != "Çelë <b>" || year != "1990" {
			t.Errorf("scripts %v: language %s, name %q, year %q", scripts, lang, name, year)
		}
		if browsertest.Eval[int](p, "document.querySelectorAll('.govuk-error-message').length") != 0 {
			t.Errorf("scripts %v: changing the language showed errors", scripts)
		}
		p.Open(server.URL + "/gallery/case?tab=all&q=a%26b&lang=en")
		if got := p.Location(); !strings.HasSuffix(got, "/gallery/case?q=a%26b&tab=all") {
			t.Errorf("scripts %v: the address became %s", scripts, got)
		}
	}
}

// On paper: nothing to press, every date's reason opened, both marks of a stand-in still there.
func TestPrint(t *testing.T) {
	server := galleryServer(t)
	p := browsertest.Start(t).Page(t)
	p.Open(server.URL + "/gallery/case?lang=en")
	if browsertest.Eval[float64](p, `document.querySelector(".cs-watermark").getBoundingClientRect().height`) > 0 {
		t.Error("the mark of the paper is on the screen")
	}
	p.Media("print")
	for _, gone := range []string{".govuk-service-navigation", ".cs-masthead__sign-out", ".cs-next__act", ".govuk-breadcrumbs"} {
		if !browsertest.Eval[bool](p, `getComputedStyle(document.querySelector("`+gone+`")).display === "none"`) {
			t.Errorf("%s is printed", gone)
		}
	}
	for _, there := range []string{".cs-why__steps", ".cs-stand-in", ".cs-identity", ".cs-timeline", ".cs-footer__note", ".cs-watermark"} {
		if browsertest.Eval[float64](p, `document.querySelector("`+there+`").getBoundingClientRect().height`) < 5 {
			t.Errorf("%s is not printed", there)
		}
	}
	if mark := p.Text(".cs-watermark"); !strings.Contains(mark, "Dana Whitfield") || !strings.Contains(mark, "2026") {
		t.Errorf("the paper does not say who opened the page and when: %q", mark)
	}
	p.Shot("gallery-case-en-print")
	if pdf := p.PDF(); !bytes.HasPrefix(pdf, []byte("%PDF")) || len(pdf) < 5000 {
		t.Errorf("printed %d bytes", len(pdf))
	}
}

// The content security policy holds: nothing on any page breaks it.
func TestNothingBreaksThePolicy(t *testing.T) {
	server := galleryServer(t)
	p := browsertest.Start(t).Page(t)
	for _, name := range []string{"work", "case", "form", "errors", "stop"} {
		p.Open(server.URL + "/gallery/" + name)
		if !browsertest.Eval[bool](p, `document.body.classList.contains("govuk-frontend-supported")`) {
			t.Errorf("%s: the script did not run", name)
		}
		if n := browsertest.Eval[int](p, `document.querySelectorAll("[style], style, script:not([src])").length`); n != 0 {
			t.Errorf("%s: %d things inline", name, n)
		}
	}
	blocked := browsertest.Eval[bool](p, `new Promise(done => { addEventListener("securitypolicyviolation", () => done(true));
		const s = document.createElement("script"); s.textContent = "window.broken = true"; document.body.append(s);
		setTimeout(() => done(false), 500) })`)
	if !blocked {
		t.Error("an inline script was not stopped")
	}
}

// Enter in a field sends the form. The language buttons stand before it on the page and must not catch it.
func TestEnterSendsTheForm(t *testing.T) {
	server := galleryServer(t)
	p := browsertest.Start(t).Page(t)
	p.Open(server.URL + "/gallery/form?lang=en")
	p.TabTo("input name")
	p.Press("Hoxha")
	p.Submit(browsertest.Enter)
	if lang, title := browsertest.Eval[string](p, "document.documentElement.lang"), p.Title(); lang != "en" || !strings.HasPrefix(title, "Error: ") {
		t.Errorf("language %s, title %q", lang, title)
	}
}

// The session warns before it ends, and pressing the button keeps it.
func TestTimeoutWarns(t *testing.T) {
	server := galleryServer(t)
	p := browsertest.Start(t).Page(t)
	p.Open(server.URL + "/gallery/done?lang=en")
	hidden := func() bool { return browsertest.Eval[bool](p, `document.getElementById("timeout").hidden`) }
	if !hidden() {
		t.Error("the warning is there at once")
	}
	browsertest.Eval[bool](p, `new Promise(done => { const check = () => document.getElementById("timeout").hidden ? setTimeout(check, 50) : done(true); check() })`)
	p.Accessible()
	p.Shot("gallery-done-en-timeout")
	browsertest.Eval[bool](p, `new Promise(done => { document.querySelector("#timeout button").click(); setTimeout(() => done(true), 300) })`)
	if !hidden() {
		t.Error("the session was kept, but the warning stays")
	}
}
