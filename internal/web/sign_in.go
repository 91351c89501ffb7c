package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/signin"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// SignInPage is where an officer says who they are. In the demo that is a choice from a list; elsewhere the
// authority's own provider proves it.
type SignInPage struct {
	Layout
	Form    *form.Form
	Fields  []form.Field
	Hidden  []component.HiddenInput
	Intro   string
	Expired bool
	Start   string // address that leads to the provider; empty without one
	Leave   string // address at which the provider's own session ends; after signing out
}

// keptPrefix marks what an officer had typed when the session ended. It goes back to the same browser only.
const keptPrefix = "kept."

// byName tells whether officers are chosen from a list: only in a demonstration that has no provider. Everywhere else
// the provider alone says who somebody is.
func (s *Site) byName() bool { return s.Desk.Demo && s.Provider == nil }

// signInForm asks who it is.
func (v *visit) signInForm() (*form.Form, *form.Choice, error) {
	who := &form.Choice{Base: form.Base{Name: "officer", Label: "page.sign-in.officer", Missing: "page.sign-in.missing"}}
	if !v.byName() {
		return form.New(), who, nil
	}
	roster, err := v.Desk.Officers(v.Desk.Authority)
	if err != nil {
		return nil, nil, err
	}
	var all []act.Signer
	for _, s := range roster {
		if s.Role != "node" && s.Role != "root" && s.Ended == 0 {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b act.Signer) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Name, b.Name)) })
	for _, s := range all {
		who.Options = append(who.Options, form.Option{Value: string(s.Officer), Text: v.t("page.sign-in.option", "name", s.Name, "role", v.role(s.Role))})
	}
	return form.New(who), who, nil
}

func (v *visit) signInView(f *form.Form, next string, kept url.Values) *SignInPage {
	p := &SignInPage{Layout: v.layout(v.t("page.sign-in.title")), Form: f, Fields: f.Fields}
	p.Invalid, p.Expired = f.Invalid(), len(kept) > 0
	p.Layout.Form = "sign-in"
	p.Hidden = append(p.Hidden, component.HiddenInput{Name: "next", Value: local(next)})
	for _, name := range sortedKeys(kept) {
		for _, value := range kept[name] {
			p.Hidden = append(p.Hidden, component.HiddenInput{Name: keptPrefix + name, Value: value})
		}
	}
	switch {
	case v.byName():
		p.Intro = v.t("page.sign-in.demo")
	case v.Site.Provider != nil:
		p.Intro, p.Start = v.t("page.sign-in.provider"), startPath(local(next), false)
	default:
		p.Intro = v.t("page.sign-in.none")
	}
	return p
}

func sortedKeys(v url.Values) []string {
	keys := make([]string, 0, len(v))
	for k := range v {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// local keeps an address inside this site: one leading slash, path and query only.
func local(next string) string {
	u, err := url.ParseRequestURI(next)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, `\`) {
		return "/"
	}
	return (&url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}).String()
}

func signInPage(v *visit) error {
	if v.signedIn() {
		return v.to(v.home())
	}
	f, _, err := v.signInForm()
	if err != nil {
		return err
	}
	p := v.signInView(f, v.r.URL.Query().Get("next"), nil)
	if v.r.URL.Query().Has("out") && v.Site.Provider != nil {
		p.Leave = v.Site.Provider.Leave()
	}
	return v.render("sign_in", p)
}

// askToSignIn leads a visitor without a session to the sign-in, and back afterwards. What was typed into a
// form whose session has ended goes along, so that nothing is lost.
func (v *visit) askToSignIn() error {
	if v.r.Method == http.MethodGet || v.r.Method == http.MethodHead {
		return v.to("/sign-in?next=" + url.QueryEscape(v.r.URL.RequestURI()))
	}
	if v.r.URL.Path == PathStay {
		return v.plain(http.StatusUnauthorized)
	}
	kept, err := v.posted()
	if err != nil {
		return err
	}
	f, _, err := v.signInForm()
	if err != nil {
		return err
	}
	if !v.byName() {
		v.keepTyped(v.r.URL.Path, kept)
	}
	p := v.signInView(f, v.r.URL.Path, kept)
	if !v.byName() {
		p.Hidden = nil
	}
	p.URL = "/sign-in"
	return v.renderAs(http.StatusUnauthorized, "sign_in", p)
}

// posted reads a form whose questions are not known here.
func (v *visit) posted() (url.Values, error) {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, 1<<20)
	var err error
	if strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/form-data") {
		err = v.r.ParseMultipartForm(1 << 20)
	} else {
		err = v.r.ParseForm()
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "web.fault.request").Because(err)
	}
	return v.r.PostForm, nil
}

func (v *visit) plain(status int) error {
	v.w.WriteHeader(status)
	return nil
}

// signIn takes the choice in the demo. Elsewhere nobody is believed for choosing a name.
func signIn(v *visit) error {
	if !v.byName() {
		return fault.New(fault.Denied, "signin.fault.by-name")
	}
	f, who, err := v.signInForm()
	if err != nil {
		return err
	}
	if err := f.Read(v.w, v.r); err != nil {
		return err
	}
	next, kept := local(v.r.PostForm.Get("next")), url.Values{}
	for name, values := range v.r.PostForm {
		if bare, ok := strings.CutPrefix(name, keptPrefix); ok {
			kept[bare] = values
		}
	}
	if lang := f.Switched(); lang != "" {
		v.switchTo(lang)
	}
	if !f.Valid() {
		return v.renderAs(statusOfForm(f), "sign_in", v.signInView(f, next, kept))
	}
	if err := v.Sessions.Begin(v.ctx(), signin.Proof{Officer: act.ID(who.Value), How: "page.sign-in.how.demo"}); err != nil {
		return err
	}
	if len(kept) > 0 {
		return v.resume(next, kept)
	}
	return v.to(next)
}

// ResumePage gives back what was typed before the session ended. Nothing was sent by signing in again.
type ResumePage struct {
	Layout
	Action string
	Hidden []component.HiddenInput
	Button component.Button
}

func (v *visit) resume(action string, kept url.Values) error {
	if _, err := v.enter(); err != nil {
		return err
	}
	p := &ResumePage{Layout: v.layout(v.t("page.resume.title")), Action: action, Button: component.Button{Text: v.t("page.resume.button")}}
	p.URL = "/"
	kept.Del(LanguageParameter)
	for _, name := range sortedKeys(kept) {
		for _, value := range kept[name] {
			p.Hidden = append(p.Hidden, component.HiddenInput{Name: name, Value: value})
		}
	}
	// Asked for in its own language, a form comes back filled in and is not sent.
	p.Hidden = append(p.Hidden, component.HiddenInput{Name: LanguageParameter, Value: string(v.words.Lang)})
	return v.render("resume", p)
}

// signOut ends the session and asks the browser to forget what it kept of it.
func signOut(v *visit) error {
	if err := v.Sessions.End(v.ctx()); err != nil {
		return err
	}
	v.w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return v.to("/sign-in?out")
}

// stay keeps the session: asking is being there.
func stay(v *visit) error { return v.plain(http.StatusNoContent) }

// statusOfForm is 200 for a form that only changed its language, 422 for one with errors.
func statusOfForm(f *form.Form) int {
	if f.Invalid() {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}
