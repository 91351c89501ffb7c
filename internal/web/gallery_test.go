package web

import (
	"html/template"
	"net/url"
	"os"
	"testing"
	"time"
	_ "time/tzdata"

	"countersign/internal/web/component"
	"countersign/internal/web/form"
	"countersign/internal/words"
)

// The gallery shows every component in use, with invented people, so that golden files, axe and a person can
// look at all of them in both languages. It is served by tests only.

// galleryNow is the moment of every gallery page.
var galleryNow = time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)

// sayings are the gallery's own words: English, Albanian.
type gallery struct {
	lang words.Lang
	c    *words.Catalogue
	now  time.Time
}

func (g gallery) say(en, sq string) string {
	if g.lang == words.Albanian {
		return sq
	}
	return en
}

func newRenderer(t testing.TB) *Renderer {
	t.Helper()
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for lang, c := range catalogues {
		more := map[string]string{}
		for key, pair := range galleryWords {
			more[key] = pair[map[words.Lang]int{words.English: 0, words.Albanian: 1}[lang]]
		}
		catalogues[lang] = c.With(more)
	}
	r, err := NewRenderer(catalogues, Pages, os.DirFS("testdata/gallery"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newGallery(t testing.TB, r *Renderer, lang words.Lang) gallery {
	t.Helper()
	zone, err := time.LoadLocation(map[words.Lang]string{words.English: "Europe/London", words.Albanian: "Europe/Tirane"}[lang])
	if err != nil {
		t.Fatal(err)
	}
	return gallery{lang: lang, c: r.Catalogues[lang], now: galleryNow.In(zone)}
}

func (g gallery) layout(title, uri string) Layout {
	return Layout{
		Words: g.c, Title: title, URL: uri, Made: g.now, Exercise: true,
		Authority: g.say("Returns Authority, United Kingdom", "Drejtoria për Kufirin dhe Migracionin, Shqipëri"),
		Officer:   &Officer{g.say("Dana Whitfield", "Elira Kodra"), g.say("Caseworker", "Specialiste e ripranimit")},
		StandIn:   g.say("Readmission agreement, test terms", "Marrëveshja e ripranimit, kushte prove"),
		Areas: []component.NavItem{
			{Text: g.say("My work", "Puna ime"), Href: "/gallery/work", Current: uri == "/gallery/work"},
			{Text: g.say("Cases", "Çështjet"), Href: "/gallery/case", Active: uri != "/gallery/work"},
			{Text: g.say("Operations", "Operacionet"), Href: "/gallery/done"},
			{Text: g.say("Measures", "Masat"), Href: "/gallery/answer"},
			{Text: g.say("Figures", "Shifrat"), Href: "/gallery/problem"},
		},
	}
}

// galleryPage is the view of most gallery pages: components one after the other.
type galleryPage struct {
	Layout
	Parts []component.Component
	Main  []component.Component
	Side  []component.Component
}

// galleryPages makes every page by name.
func (g gallery) pages() map[string]func() (string, View) {
	return map[string]func() (string, View){
		"work":     g.work,
		"empty":    g.empty,
		"case":     g.caseFile,
		"form":     func() (string, View) { return g.form(nil) },
		"errors":   func() (string, View) { return g.form(wrongAnswers) },
		"stop":     g.stop,
		"conflict": g.conflict,
		"problem":  g.problem,
		"answer":   g.answer,
		"done":     g.done,
	}
}

func html(c component.Component) template.HTML {
	h, err := component.HTML(c)
	if err != nil {
		panic(err)
	}
	return h
}

func (g gallery) work() (string, View) {
	l := g.layout(g.say("My work", "Puna ime"), "/gallery/work")
	l.Wide = true
	u := &url.URL{Path: "/gallery/work", RawQuery: "sort=due&owner=me&state=waiting"}
	state := func(tone component.Tone, en, sq string) component.TableCell {
		return component.TableCell{HTML: html(component.Status{Tone: tone, Text: g.say(en, sq)})}
	}
	link := func(name string) component.TableCell {
		return component.TableCell{HTML: template.HTML(`<a class="govuk-link" href="/gallery/case">` + template.HTMLEscapeString(name) + `</a>`)}
	}
	row := func(tone component.Tone, id, name, en, sq, who, due string, s component.TableCell) component.WorkRow {
		day, err := time.Parse(time.DateOnly, due)
		if err != nil {
			panic(err)
		}
		return component.WorkRow{Tone: tone, Select: id, Name: g.say("Select ", "Përzgjidh ") + name, Cells: []component.TableCell{
			link(name), {Text: id}, {Text: g.say(en, sq)}, {Text: who}, {Text: g.c.Short(day)}, {Text: g.c.Distance(day, g.now), Classes: "cs-nowrap"}, s}}
	}
	list := component.WorkList{
		Words: g.c, Caption: g.say("My work", "Puna ime"), URL: u, SortBy: "due", Page: 2, PerPage: 5, Total: 1284,
		SelectID: "case", Form: "assign",
		Columns: []component.Column{
			{Text: g.say("Name", "Emri"), Sort: "name"}, {Text: g.say("Reference", "Referenca")},
			{Text: g.say("What is next", "Hapi i radhës")}, {Text: g.say("Who", "Kush")},
			{Text: g.say("By", "Deri më"), Sort: "due"}, {Text: g.say("Distance", "Largësia"), Hidden: true}, {Text: g.say("State", "Gjendja"), Sort: "state"},
		},
		Rows: []component.WorkRow{
			row(component.Bad, "R-7Q4M", "HOXHA Arben", "Answer the request for more evidence", "Përgjigjuni kërkesës për prova shtesë", g.say("Us", "Ne"), "2026-11-20", state(component.Bad, "Overdue", "Jashtë afatit")),
			row(component.Notice, "R-2K8P", "ÇELA Ëngjëll", "Serve the notice of removal", "Njoftoni vendimin e largimit", g.say("Us", "Ne"), "2026-11-25", state(component.Notice, "Due soon", "Afati po mbaron")),
			row("", "R-9X3D", "GJOKA Mirela", "Reply to the readmission application", "Përgjigjja ndaj kërkesës së ripranimit", g.say("Albania", "Mbretëria e Bashkuar"), "2026-12-14", state(component.Waiting, "Waiting", "Në pritje")),
			row("", "R-5T1W", "LLESHI Besnik", "Confirm the day of the handover", "Konfirmoni ditën e dorëzimit", g.say("Us", "Ne"), "2026-12-02", state(component.Neutral, "Open", "I hapur")),
			row("", "R-8B6N", "XHAFA Shpresa Anastasia", "Attest the pending court order", "Vërtetoni urdhrin e gjykatës në pritje", g.say("Us", "Ne"), "2026-12-01", state(component.Unknown, "Not known", "I panjohur")),
		},
	}
	owner := &form.Pick{Base: form.Base{Name: "owner", Label: "gallery.owner", Optional: true, Unmarked: true}, Value: "me",
		Options: []form.Option{{Value: "me", Label: "gallery.owner.me"}, {Value: "team", Label: "gallery.owner.team"}}}
	text := &form.Text{Base: form.Base{Name: "q", Label: "gallery.search", Hint: "gallery.search.hint", Optional: true, Unmarked: true}}
	filter := component.Filter{Words: g.c, URL: u, Keep: []string{"sort"}, Open: true, Fields: html(text.Component(g.c)) + html(owner.Component(g.c)),
		Chips: []component.Chip{{Text: g.say("Owner: me", "Përgjegjësi: unë"), Name: "owner"}, {Text: g.say("State: waiting", "Gjendja: në pritje"), Name: "state", Value: "waiting"}}}
	tiles := component.Tiles{Words: g.c, Label: g.say("Today", "Sot"), Items: []component.Tile{
		{Count: 4, Text: g.say("Due today", "Me afat sot"), Href: "?due=today", Tone: component.Notice},
		{Count: 1, Text: g.say("Overdue", "Jashtë afatit"), Href: "?due=over", Tone: component.Bad},
		{Count: 1279, Text: g.say("Waiting on the other state", "Në pritje të shtetit tjetër"), Href: "?who=peer", Tone: component.Waiting},
		{Count: 2, Text: g.say("Newly blocked", "Të bllokuara së fundi"), Href: "?blocked=new", Tone: component.Unknown},
	}}
	fresh := component.Fresh{Words: g.c, Tone: component.Notice, Status: g.say("Link down", "Lidhja u ndërpre"),
		Text: g.say("Last exchange with the other state ", "Shkëmbimi i fundit me shtetin tjetër ") + g.c.Moment(g.now.Add(-40*time.Minute))}
	return "gallery", &galleryPage{Layout: l, Parts: []component.Component{fresh, tiles, filter, list}}
}

func (g gallery) empty() (string, View) {
	l := g.layout(g.say("Cases", "Çështjet"), "/gallery/empty")
	return "gallery", &galleryPage{Layout: l, Parts: []component.Component{component.WorkList{Words: g.c,
		Caption: g.say("Cases", "Çështjet"), Empty: g.say("No case matches these filters.", "Asnjë çështje nuk përputhet me këta filtra.")}}}
}

func (g gallery) caseFile() (string, View) {
	l := g.layout("HOXHA Arben", "/gallery/case?tab=all&q=a%26b")
	l.Trail = []component.Link{{Text: g.say("Cases", "Çështjet"), Href: "/gallery/work"}, {Text: "HOXHA Arben"}}
	l.Reference = "R-7Q4M"
	l.Notice = &component.NotificationBanner{Type: "success", Text: g.say("The notice of removal is recorded.", "Njoftimi i largimit u regjistrua.")}
	bar := component.IdentityBar{Words: g.c, Name: "HOXHA Arben", Lang: "sq", Main: true,
		Facts: []component.Fact{{Label: g.say("Born", "I lindur"), Text: g.c.Day("1990-05")}, {Label: g.say("Nationality", "Shtetësia"), Text: g.say("Albanian, claimed", "Shqiptare, e deklaruar")},
			{Label: g.say("Reference", "Referenca"), Text: "R-7Q4M"}, {Label: g.say("Owner", "Përgjegjësi"), Text: "Dana Whitfield"}},
		Status: &component.Status{Tone: component.Waiting, Text: g.say("Requested", "I kërkuar")}}
	next := component.Next{Words: g.c, Today: g.now, Ours: true, Due: "2026-11-25",
		What: g.say("Answer the request for more evidence", "Përgjigjuni kërkesës për prova shtesë"), Who: g.say("You (caseworker)", "Ju (specialiste)"),
		Href: "/gallery/form", Button: g.say("Answer", "Përgjigju"),
		Why: &component.Why{Words: g.c, Date: "2026-11-25", Zone: g.now, Note: g.say("Calendar days do not move for holidays under these terms.", "Sipas këtyre kushteve ditët kalendarike nuk lëvizin për festat."),
			Steps: []component.WhyStep{
				{Text: g.say("Receipt by the requested state", "Marrja nga shteti i kërkuar"), Date: "2026-10-31", Basis: "Art. 11(2)"},
				{Text: g.say("The day after is day 1", "Dita pasuese është dita 1"), Date: "2026-11-01", Basis: "Art. 11(2)"},
				{Text: g.say("Day 25, at midnight", "Dita 25, në mesnatë"), Date: "2026-11-25", Basis: "Art. 11(2)"},
			}}}
	gates := component.Gates{Words: g.c, Items: []component.Gate{
		{Title: g.say("No appeal is pending in the country", "Nuk ka ankim në shqyrtim në vend"), State: component.GateOpen, Step: g.say("confirm", "konfirmimi"), Basis: "NIAA 2002 s78",
			Attested: g.say("Confirmed by D. Whitfield on 22 November 2026.", "Konfirmuar nga D. Whitfield më 22 nëntor 2026."), Absolute: true, Href: "/gallery/stop"},
		{Title: g.say("The notice period has run", "Afati i njoftimit ka kaluar"), State: component.GateClosed, Step: g.say("depart", "nisja"),
			Missing: g.say("The notice was served on 20 November. It runs until 27 November.", "Njoftimi u bë më 20 nëntor. Afati mbaron më 27 nëntor."), Basis: "IAA 1999 s10",
			Decides: g.say("nobody: it runs by law", "askush: ecën sipas ligjit"), By: "2026-11-27", Absolute: true},
		{Title: g.say("Fit to travel", "I aftë për udhëtim"), State: component.GateUnknown, Step: g.say("depart", "nisja"), Missing: g.say("No medical opinion is recorded.", "Nuk është regjistruar mendim mjekësor."),
			Basis: g.say("law profile 4.2", "profili ligjor 4.2"), Decides: g.say("nurse on duty", "infermierja në shërbim"), By: "2026-11-30", Href: "/gallery/form"},
		{Title: g.say("Valid travel document on the day", "Dokument udhëtimi i vlefshëm në ditën e nisjes"), State: component.GateStale, Step: g.say("lock the manifest", "mbyllja e listës"),
			Missing: g.say("Confirmed 9 days ago; confirm again 24 hours before.", "Konfirmuar para 9 ditësh; konfirmojeni sërish 24 orë para."), Basis: "Art. 7", Decides: g.say("caseworker", "specialisti"), Href: "/gallery/form"},
	}}
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC).In(g.now.Location())
	}
	timeline := component.Timeline{Words: g.c, Title: g.say("What happened", "Ngjarjet"), Items: []component.TimelineItem{
		{Title: g.say("More evidence asked for", "U kërkuan prova shtesë"), Occurred: at(18, 9, 12), Recorded: at(18, 9, 12), By: "Elira Kodra", Role: g.say("readmission officer", "specialiste e ripranimit"), Authority: "AL", Href: "/gallery/case", Tone: component.Notice},
		{Title: g.say("Notice of removal served", "U bë njoftimi i largimit"), Occurred: at(17, 16, 40), Recorded: at(18, 8, 2), By: "Dana Whitfield", Role: g.say("caseworker", "specialiste"), Authority: "GB", Ours: true, Domestic: true, Late: true,
			Text: g.say("Served in person, with an interpreter.", "Njoftuar personalisht, me përkthyes.")},
		{Title: g.say("Readmission application sent", "U dërgua kërkesa e ripranimit"), Occurred: at(1, 10, 0), Recorded: at(1, 10, 0), By: "Dana Whitfield", Role: g.say("caseworker", "specialiste"), Authority: "GB", Ours: true, Corrected: true, Href: "/gallery/case"},
	}}
	facts := component.SummaryList{Card: &component.SummaryCard{Title: &component.CardTitle{Text: g.say("Identity claimed", "Identiteti i deklaruar")}},
		Rows: []component.SummaryRow{
			{Key: component.Cell{Text: g.say("Surname", "Mbiemri")}, Value: component.Cell{Text: "HOXHA"}, Actions: component.Actions{Items: []component.Action{{Text: g.say("Correct", "Korrigjo"), Href: "/gallery/form", VisuallyHiddenText: g.say("surname", "mbiemrin")}}}},
			{Key: component.Cell{Text: g.say("Given names", "Emrat")}, Value: component.Cell{Text: "Arben"}},
			{Key: component.Cell{Text: g.say("Personal number", "Numri personal")}, Value: component.Cell{Text: g.say("Not known", "I panjohur")}},
		}}
	side := []component.Component{facts, component.InsetText{Text: g.say("The other state sees the application and its answers. It never sees what holds it up here.", "Shteti tjetër sheh kërkesën dhe përgjigjet. Ai nuk sheh kurrë çfarë e pengon këtu.")}}
	return "gallery-bare", &galleryPage{Layout: l, Parts: []component.Component{bar}, Main: []component.Component{next, gates, timeline}, Side: side}
}
