package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

var galleryWords = map[string][2]string{
	"gallery.owner":          {"Owner", "Përgjegjësi"},
	"gallery.owner.me":       {"Me", "Unë"},
	"gallery.owner.team":     {"My team", "Ekipi im"},
	"gallery.search":         {"Name or reference", "Emri ose referenca"},
	"gallery.search.hint":    {"e and ë, c and ç count alike", "e dhe ë, c dhe ç njihen njësoj"},
	"gallery.answer":         {"What is your answer?", "Cila është përgjigjja juaj?"},
	"gallery.answer.agree":   {"The person is our national", "Personi është shtetasi ynë"},
	"gallery.answer.refuse":  {"The person is not our national", "Personi nuk është shtetasi ynë"},
	"gallery.answer.more":    {"More information is needed", "Nevojiten të dhëna shtesë"},
	"gallery.answer.hint":    {"It is signed in your name and sent at once.", "Nënshkruhet në emrin tuaj dhe dërgohet menjëherë."},
	"gallery.answer.missing": {"Choose your answer", "Zgjidhni përgjigjen tuaj"},
	"gallery.more":           {"What is missing", "Çfarë mungon"},
	"gallery.more.missing":   {"Say what is missing", "Tregoni çfarë mungon"},
	"gallery.or":             {"or", "ose"},
	"gallery.born":           {"Date of birth", "Data e lindjes"},
	"gallery.born.hint":      {"As in the document. Month or day may be missing.", "Si në dokument. Muaji ose dita mund të mungojnë."},
	"gallery.seen":           {"Date of the interview", "Data e intervistës"},
	"gallery.at":             {"Time of the interview", "Ora e intervistës"},
	"gallery.evidence":       {"Evidence enclosed", "Provat bashkëlidhur"},
	"gallery.evidence.pass":  {"Passport, expired", "Pasaportë e skaduar"},
	"gallery.evidence.birth": {"Birth certificate", "Certifikatë lindjeje"},
	"gallery.evidence.none":  {"None", "Asnjë"},
	"gallery.point":          {"Crossing point", "Pika e kalimit"},
	"gallery.file":           {"Scan of the document", "Skanimi i dokumentit"},
	"gallery.file.hint":      {"PDF or JPEG, up to 8 MB", "PDF ose JPEG, deri në 8 MB"},
	"gallery.escorts":        {"Escorts", "Shoqëruesit"},
	"gallery.persons":        {"persons", "persona"},
	"gallery.note":           {"Note for your own authority", "Shënim për autoritetin tuaj"},
	"gallery.name":           {"Surname as in the document", "Mbiemri si në dokument"},
}

// galleryForm is a form with every kind of question, as a page declares one.
type galleryForm struct {
	*form.Form
	Name     form.Text
	Answer   form.Choice
	More     form.Long
	Born     form.Date
	Seen     form.Date
	At       form.Clock
	Evidence form.Choices
	Point    form.Pick
	Escorts  form.Number
	Scan     form.File
	Note     form.Long
	Version  form.Hidden
}

func newGalleryForm() *galleryForm {
	f := &galleryForm{
		Name: form.Text{Base: form.Base{Name: "name", Label: "gallery.name"}, Width: "govuk-!-width-two-thirds", Max: 39},
		More: form.Long{Base: form.Base{Name: "more", Label: "gallery.more", Missing: "gallery.more.missing"}, Rows: 3, Max: 200},
		Born: form.Date{Base: form.Base{Name: "born", Label: "gallery.born", Hint: "gallery.born.hint"}, Partial: true, Latest: galleryNow},
		Seen: form.Date{Base: form.Base{Name: "seen", Label: "gallery.seen"}, Latest: galleryNow},
		At:   form.Clock{Base: form.Base{Name: "at", Label: "gallery.at"}},
		Evidence: form.Choices{Base: form.Base{Name: "evidence", Label: "gallery.evidence"}, Options: []form.Option{
			{Value: "passport", Label: "gallery.evidence.pass"}, {Value: "birth", Label: "gallery.evidence.birth"},
			{Divider: "gallery.or"}, {Value: "none", Label: "gallery.evidence.none", Alone: true}}},
		Point: form.Pick{Base: form.Base{Name: "point", Label: "gallery.point"}, Options: []form.Option{
			{Value: "tia", Text: "Tirana (TIA)"}, {Value: "dur", Text: "Durrës"}}},
		Escorts: form.Number{Base: form.Base{Name: "escorts", Label: "gallery.escorts"}, Max: 9, Suffix: "gallery.persons"},
		Scan:    form.File{Base: form.Base{Name: "scan", Label: "gallery.file", Hint: "gallery.file.hint", Optional: true}, Types: []string{"application/pdf", "image/jpeg"}},
		Note:    form.Long{Base: form.Base{Name: "note", Label: "gallery.note", Optional: true}, Rows: 2},
		Version: form.Hidden{Base: form.Base{Name: "version"}, Value: "7"},
	}
	f.Answer = form.Choice{Base: form.Base{Name: "answer", Label: "gallery.answer", Hint: "gallery.answer.hint", Missing: "gallery.answer.missing", Large: true},
		Options: []form.Option{{Value: "agree", Label: "gallery.answer.agree"}, {Value: "refuse", Label: "gallery.answer.refuse"},
			{Value: "more", Label: "gallery.answer.more", Reveals: &f.More}}}
	f.Form = form.New(&f.Answer, &f.Name, &f.Born, &f.Seen, &f.At, &f.Evidence, &f.Point, &f.Escorts, &f.Scan, &f.Note, &f.Version)
	return f
}

type galleryFormPage struct {
	Layout
	Form *galleryForm
}

var wrongAnswers = url.Values{"answer": {"more"}, "more": {""}, "name": {"Hoxha"}, "born-year": {"85"}, "seen-day": {"31"}, "seen-month": {"2"}, "seen-year": {"2026"},
	"at": {"25:00"}, "evidence": {"passport", "none"}, "escorts": {"12"}, "version": {"7"}}

func (g gallery) form(answers url.Values) (string, View) {
	l := g.layout(g.say("Answer the application", "Përgjigjuni kërkesës"), "/gallery/form")
	l.Back = &component.BackLink{Href: "/gallery/case"}
	l.Form = "answer-form"
	l.Reference = "R-7Q4M"
	view := &galleryFormPage{Layout: l, Form: newGalleryForm()}
	if answers != nil {
		if err := view.Form.ReadQuery(answers); err != nil {
			panic(err)
		}
		view.Invalid = view.Form.Invalid()
	}
	return "gallery-form", view
}

func (g gallery) stop() (string, View) {
	l := g.layout(g.say("Refuse the application?", "Ta refuzoni kërkesën?"), "/gallery/stop")
	l.Back = &component.BackLink{Href: "/gallery/form"}
	return "gallery-bare", &galleryPage{Layout: l, Parts: []component.Component{component.Interruption{Words: g.c,
		Act: g.say("Refuse the application", "Refuzo kërkesën"), Title: g.say("Refuse the application?", "Ta refuzoni kërkesën?"),
		Text:   g.say("The refusal is signed in your name, sent at once, and cannot be taken back.", "Refuzimi nënshkruhet në emrin tuaj, dërgohet menjëherë dhe nuk mund të tërhiqet."),
		Facts:  []component.SummaryRow{{Key: component.Cell{Text: g.say("Person", "Personi")}, Value: component.Cell{Text: "HOXHA Arben"}}, {Key: component.Cell{Text: g.say("Reason", "Arsyeja")}, Value: component.Cell{Text: g.say("Not our national", "Nuk është shtetasi ynë")}}},
		Hidden: []component.HiddenInput{{Name: "version", Value: "7"}}, Action: "/gallery/done", Cancel: "/gallery/case"}}}
}

func (g gallery) conflict() (string, View) {
	l := g.layout(g.c.Text("web.conflict.title"), "/gallery/conflict")
	return "gallery-bare", &galleryPage{Layout: l, Parts: []component.Component{component.Conflict{Words: g.c, Who: "Tom Ashby", Role: g.say("caseworker", "specialist"), When: g.now.Add(-4 * time.Minute),
		Changes: []component.Change{{Field: g.say("Crossing point", "Pika e kalimit"), Before: "Durrës", Theirs: "Tirana (TIA)", Mine: "Durrës"},
			{Field: g.say("Day", "Dita"), Before: g.c.Day("2026-12-02"), Theirs: g.c.Day("2026-12-04"), Mine: g.c.Day("2026-12-03")}},
		Action: "/gallery/form", Again: g.say("Record mine after all", "Regjistro timen gjithsesi"), Discard: "/gallery/case"}}}
}

func (g gallery) problem() (string, View) {
	p := NewProblemPage(g.layout("", "/gallery/problem"), http.ErrAbortHandler, "7f3a-19c2")
	return "problem", p
}

func (g gallery) answer() (string, View) {
	l := g.layout(g.say("Check at the crossing point", "Kontrolli në pikën e kalimit"), "/gallery/answer")
	return "gallery", &galleryPage{Layout: l, Parts: []component.Component{
		component.Status{Tone: component.Good, Text: g.say("May pass", "Mund të kalojë"), Large: true},
		component.Status{Tone: component.Bad, Text: g.say("Second line", "Linja e dytë"), Large: true},
		component.WarningText{Text: g.say("Do not say why. Lead the person to the second line.", "Mos tregoni arsyen. Shoqërojeni personin te linja e dytë."), IconFallbackText: g.c.Text("web.warning")},
		component.Details{SummaryText: g.say("What was checked", "Çfarë u kontrollua"), Text: g.say("The document, the stay and the alerts of this crossing point.", "Dokumenti, qëndrimi dhe sinjalizimet e kësaj pike kalimi.")},
		component.Table{Caption: g.say("Passages today", "Kalimet sot"), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true,
			Head: []component.TableCell{{Text: g.say("Hour", "Ora")}, {Text: g.say("Persons", "Persona"), Format: "numeric"}, {Text: g.say("Share", "Pjesa"), Format: "numeric"}},
			Rows: [][]component.TableCell{{{Text: "08:00"}, {Text: g.c.Number(1204), Format: "numeric"}, {Text: g.c.Percent(0.623, 1), Format: "numeric"}},
				{{Text: "09:00"}, {Text: g.c.Number(729), Format: "numeric"}, {Text: g.c.Percent(0.377, 1), Format: "numeric"}}}},
		component.TaskList{Items: []component.TaskItem{
			{Title: component.Cell{Text: g.say("Check the document", "Kontrolloni dokumentin")}, Href: "/gallery/form", Status: component.TaskStatus{Text: g.say("Completed", "E përfunduar")}},
			{Title: component.Cell{Text: g.say("Ask for the purpose of the stay", "Pyesni për qëllimin e qëndrimit")}, Hint: &component.Slot{Text: g.say("With an interpreter if needed", "Me përkthyes nëse duhet")}, Href: "/gallery/form",
				Status: component.TaskStatus{Tag: &component.Tag{Text: g.say("To do", "Për t’u bërë")}}}}},
	}}
}

func (g gallery) done() (string, View) {
	l := g.layout(g.say("Application sent", "Kërkesa u dërgua"), "/gallery/done")
	l.Session = warnBefore + time.Second // the page warns after a second
	l.Exercise, l.StandIn = false, ""
	return "gallery-bare", &galleryPage{Layout: l, Parts: []component.Component{
		component.Panel{TitleText: g.say("Application sent", "Kërkesa u dërgua"), HTML: "R-7Q4M"},
		component.Button{Text: g.say("Back to my work", "Kthehu te puna ime"), Href: "/gallery/work", Classes: "govuk-button--secondary"},
		component.NotificationBanner{Text: g.say("The other state has not countersigned yet.", "Shteti tjetër nuk e ka kundërfirmosur ende."), TitleText: g.c.Text("web.notice")},
	}}
}

// galleryServer serves every gallery page and takes the form, as the real pages will.
func galleryServer(t testing.TB) *httptest.Server {
	t.Helper()
	r := newRenderer(t)
	mux := http.NewServeMux()
	mux.Handle("GET /static/", r.Static)
	mux.HandleFunc("GET /gallery/{page}", func(w http.ResponseWriter, q *http.Request) {
		g := newGallery(t, r, LanguageOf(q))
		make, ok := g.pages()[q.PathValue("page")]
		if !ok {
			if err := r.Problem(w, g.layout("", q.URL.RequestURI()), fault.New(fault.Missing, ""), ""); err != nil {
				t.Error(err)
			}
			return
		}
		page, view := make()
		if err := r.Render(w, http.StatusOK, page, view); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("POST /gallery/form", func(w http.ResponseWriter, q *http.Request) {
		g := newGallery(t, r, LanguageOf(q))
		_, view := g.form(nil)
		page := view.(*galleryFormPage)
		if err := page.Form.Read(w, q); err != nil {
			if err := r.Problem(w, page.Layout, err, ""); err != nil {
				t.Error(err)
			}
			return
		}
		if lang := page.Form.Switched(); lang != "" {
			KeepLanguage(w, lang)
			_, other := newGallery(t, r, lang).form(nil)
			page.Layout = other.(*galleryFormPage).Layout
		}
		if page.Form.Valid() {
			http.Redirect(w, q, "/gallery/done", http.StatusSeeOther)
			return
		}
		status := http.StatusOK
		if page.Invalid = page.Form.Invalid(); page.Invalid {
			status = http.StatusUnprocessableEntity
		}
		if err := r.Render(w, status, "gallery-form", page); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("POST "+PathStay, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	s := httptest.NewServer(Headers(Language(mux)))
	t.Cleanup(s.Close)
	return s
}

// Save is the form's button.
func (p *galleryFormPage) Save() component.Component {
	return component.Button{Text: p.Words.Text("gallery.answer.agree")}
}
