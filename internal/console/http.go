package console

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border"
	"countersign/internal/border/criteria"
	"countersign/internal/fault"
	"countersign/internal/words"

	"github.com/go-json-experiment/json"
)

//go:embed console.gohtml
var pageSource string

//go:embed console.css
var style []byte

//go:embed console.js
var script []byte

// maxForm bounds a request: a zone and a refusal form are small.
const maxForm = 64 << 10

// page is the data of every page of the console.
type page struct {
	Lang, Other words.Lang
	Path        string // of this page, for the other language
	Point       string
	Status      Status
	Shown       *Shown // the lane's answer
	Done        string // what was recorded, a catalogue key
	Problem     string // a sentence
	Officer     bool   // the second view
	Check       *reasons
	Last        []*Shown
	Paper       *paper
	Manifest    *manifestView
	words       *words.Catalogue
}

// T translates.
func (p *page) T(key string, args ...string) string { return p.words.Text(key, args...) }

// Handler serves the console. It is for loopback: whoever sits at the lane is the officer who lent the key.
func (l *Lane) Handler() http.Handler {
	t := template.Must(template.New("console").Parse(pageSource))
	mux := http.NewServeMux()
	show := func(w http.ResponseWriter, r *http.Request, status int, p *page) {
		l.frame(r, p)
		if r.URL.Query().Has("lang") {
			http.SetCookie(w, &http.Cookie{Name: "lang", Value: string(p.Lang), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: 365 * 24 * 3600})
		}
		var b bytes.Buffer
		if err := t.Execute(&b, p); err != nil {
			l.Log.Error("console page failed", "err", err)
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		w.Write(b.Bytes())
	}
	fail := func(w http.ResponseWriter, r *http.Request, p *page, err error) {
		if fault.KindOf(err) == "" {
			l.Log.Error("console failed", "err", err)
		}
		c := l.language(r)
		p.Problem = c.Text("console.failed")
		if key := fault.KeyOf(err); c.Has(key) {
			p.Problem = c.Map(key, fault.ArgsOf(err))
		}
		show(w, r, map[fault.Kind]int{fault.Missing: http.StatusNotFound, fault.Conflict: http.StatusConflict, "": http.StatusInternalServerError,
			fault.Unavailable: http.StatusServiceUnavailable}[fault.KindOf(err)]|statusInvalid(err), p)
	}
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		p := &page{}
		if done := r.URL.Query().Get("done"); slices.Contains([]string{"allow", "second-line"}, done) {
			p.Done = "console.done." + done
		}
		show(w, r, http.StatusOK, p)
	})
	mux.HandleFunc("POST /scan", func(w http.ResponseWriter, r *http.Request) { l.scan(w, r, show) })
	mux.HandleFunc("POST /decide/{id}", func(w http.ResponseWriter, r *http.Request) {
		decision := r.PostFormValue("decision")
		err := l.Decide(act.ID(r.PathValue("id")), func(_ *border.Result, ref domestic.BorderCheckRef) any {
			if decision == "allow" {
				return border.Allow{Ref: ref}
			}
			return border.SendToSecondLine{Ref: ref}
		})
		if err != nil {
			fail(w, r, &page{}, err)
			return
		}
		if wantsJSON(r) {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		http.Redirect(w, r, "/?done="+decisionOf(decision), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /officer", func(w http.ResponseWriter, r *http.Request) { show(w, r, http.StatusOK, l.officer("")) })
	mux.HandleFunc("GET /officer/{id}", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, http.StatusOK, l.officer(act.ID(r.PathValue("id"))))
	})
	for what, do := range map[string]func(act.ID, *http.Request) error{"answer": l.takeAnswers, "refuse": l.takeRefusal, "refer": l.takeReferral, "clock": l.takeClock} {
		mux.HandleFunc("POST /officer/{id}/"+what, func(w http.ResponseWriter, r *http.Request) {
			id := act.ID(r.PathValue("id"))
			if err := do(id, r); err != nil {
				fail(w, r, l.officer(id), err)
				return
			}
			http.Redirect(w, r, "/officer/"+string(id)+"?done="+what, http.StatusSeeOther)
		})
	}
	mux.HandleFunc("GET /officer/{id}/paper", func(w http.ResponseWriter, r *http.Request) {
		p, err := l.paper(act.ID(r.PathValue("id")))
		if err != nil {
			fail(w, r, l.officer(""), err)
			return
		}
		show(w, r, http.StatusOK, &page{Officer: true, Paper: p})
	})
	mux.HandleFunc("GET /manifest", func(w http.ResponseWriter, r *http.Request) {
		m := l.manifestView()
		if !m.Finished && m.Started { // the page asks again by itself, without any script
			w.Header().Set("Refresh", "1")
		}
		show(w, r, http.StatusOK, &page{Officer: true, Manifest: m})
	})
	mux.HandleFunc("POST /manifest", func(w http.ResponseWriter, r *http.Request) {
		if err := l.StartManifest([]byte(r.PostFormValue("zones"))); err != nil {
			fail(w, r, &page{Officer: true, Manifest: l.manifestView()}, err)
			return
		}
		http.Redirect(w, r, "/manifest", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /console.css", asset("text/css; charset=utf-8", style))
	mux.HandleFunc("GET /console.js", asset("text/javascript; charset=utf-8", script))
	return http.NewCrossOriginProtection().Handler(guard(mux))
}

func statusInvalid(err error) int {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Denied, fault.Late:
		return http.StatusUnprocessableEntity
	}
	return 0
}

func decisionOf(d string) string {
	if d == "allow" {
		return d
	}
	return "second-line"
}

// scan takes what the scanner typed. Whatever it is, an answer comes back.
func (l *Lane) scan(w http.ResponseWriter, r *http.Request, show func(http.ResponseWriter, *http.Request, int, *page)) {
	zone := []byte(r.PostFormValue("zone"))
	if len(zone) > 400 {
		zone = zone[:400]
	}
	s := l.Scan(zone)
	if wantsJSON(r) {
		w.Header().Set("Content-Type", "application/json")
		json.MarshalWrite(w, s) // a lane that went away needs no answer
		return
	}
	show(w, r, http.StatusOK, &page{Shown: s})
}

func wantsJSON(r *http.Request) bool { return r.Header.Get("Accept") == "application/json" }

// guard keeps pages to this window: nothing from elsewhere is loaded, framed or remembered, and only loopback's own
// names are answered, so that no other site can speak to the lane through the officer's browser.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := strings.Cut(r.Host, ":")
		if host != "127.0.0.1" && host != "localhost" {
			http.Error(w, http.StatusText(http.StatusMisdirectedRequest), http.StatusMisdirectedRequest)
			return
		}
		limit := int64(maxForm)
		if r.URL.Path == "/manifest" {
			limit = maxManifest
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func asset(kind string, b []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.Copy(w, bytes.NewReader(b)) // a browser that went away needs no answer
	}
}

// language is what the officer chose, in the address or before, in a cookie.
func (l *Lane) language(r *http.Request) *words.Catalogue {
	for _, v := range []string{r.URL.Query().Get("lang"), cookie(r)} {
		if c, ok := l.catalogues[words.Lang(v)]; ok {
			return c
		}
	}
	return l.catalogues[words.Albanian]
}

func cookie(r *http.Request) string {
	if c, err := r.Cookie("lang"); err == nil {
		return c.Value
	}
	return ""
}

func (l *Lane) frame(r *http.Request, p *page) {
	p.words = l.language(r)
	p.Lang, p.Other = p.words.Lang, words.English
	if p.Lang == words.English {
		p.Other = words.Albanian
	}
	if p.Path = r.URL.Path; r.Method != http.MethodGet {
		if p.Path = "/"; p.Officer {
			p.Path = "/officer"
		}
	}
	p.Point, p.Status = cmp.Or(l.settings.PointName, l.settings.Delegation.Point), l.Status()
	if done := r.URL.Query().Get("done"); p.Officer && slices.Contains([]string{"answer", "refuse", "refer", "clock"}, done) {
		p.Done = "console.done." + done
	}
	if p.Check != nil {
		p.Check.words = p.words
	}
}

func (l *Lane) takeAnswers(id act.ID, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "fault.border.facts", "fact", "?").Because(err)
	}
	facts := criteria.Facts{}
	for name, values := range r.PostForm {
		fact, ok := strings.CutPrefix(name, "fact.")
		if !ok || criteria.Vocabulary[fact] != criteria.Truth || len(values) != 1 {
			continue
		}
		switch values[0] {
		case "yes":
			facts[fact] = criteria.Is(true)
		case "no":
			facts[fact] = criteria.Is(false)
		}
	}
	return l.Answer(id, facts)
}

func (l *Lane) takeRefusal(id act.ID, r *http.Request) error {
	rule, own := r.PostFormValue("rule"), strings.TrimSpace(r.PostFormValue("language"))
	return l.Decide(id, func(res *border.Result, ref domestic.BorderCheckRef) any {
		f := res.Form(ref, rule)
		f.PersonLanguage = own
		for _, lang := range []string{"en", "sq"} {
			f.Reasons[lang], f.Proportionality[lang] = r.PostFormValue("reasons."+lang), r.PostFormValue("proportionality."+lang)
		}
		return border.Refuse{Form: f}
	})
}

func (l *Lane) takeReferral(id act.ID, r *http.Request) error {
	return l.Decide(id, func(*border.Result, domestic.BorderCheckRef) any {
		return border.Refer{Check: id, To: r.PostFormValue("to")}
	})
}

func (l *Lane) takeClock(act.ID, *http.Request) error { return l.RestartClock() }
