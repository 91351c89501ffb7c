package web

import (
	"context"
	"net/http"
	"time"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/signin"
	"countersign/internal/web/component"
	"countersign/internal/words"
)

// visit is one request of one officer.
type visit struct {
	*Site
	w     http.ResponseWriter
	r     *http.Request
	words *words.Catalogue
	who   desk.Session // zero when nobody is signed in
}

func (v *visit) ctx() context.Context { return v.r.Context() }

func (v *visit) t(key string, args ...string) string { return v.words.Text(key, args...) }

// now is the time of the record in the authority's zone.
func (v *visit) now() time.Time { return v.Desk.Clock().In(v.zone) }

func (v *visit) signedIn() bool { return v.who.Officer.ID != "" }

// enter finds the officer of the session. The rights are those of the roster at this moment: an officer who
// was taken off it is out at the next click.
func (v *visit) enter() (bool, error) {
	proof, ok, err := v.Sessions.Who(v.ctx())
	if err != nil || !ok {
		return false, err
	}
	who, err := v.officerOf(v.ctx(), proof)
	if fault.KindOf(err) != "" {
		return false, v.Sessions.End(v.ctx())
	}
	if err != nil {
		return false, err
	}
	v.who = who.For(purpose(who.Officer.Role))
	return true, nil
}

// officerOf opens the desk's session for a proof. A name chosen from a list counts in a demonstration only, also where
// the session began in one; an identity counts as long as it is bound to the officer.
func (s *Site) officerOf(ctx context.Context, p signin.Proof) (desk.Session, error) {
	switch {
	case p.Subject != "":
		return s.Desk.SignInBound(ctx, p.Officer, p.Subject)
	case s.byName():
		return s.Desk.SignIn(ctx, p.Officer)
	}
	return desk.Session{}, fault.New(fault.Denied, "signin.fault.by-name")
}

// purpose is what officers of a role look at personal data for (DPA 2018 s62). It is written into the record
// with every look.
func purpose(role string) string {
	switch role {
	case "inspector":
		return "purpose.inspection"
	case "statistician", "press-officer":
		return "purpose.statistics"
	}
	return "purpose.casework"
}

// layout starts the page's frame.
func (v *visit) layout(title string) Layout {
	l := NewLayout(v.words, v.r, title)
	if v.r.Method != http.MethodGet && v.r.Method != http.MethodHead {
		l.URL = v.r.URL.Path
	}
	l.Authority = v.t("page.authority." + v.Desk.Authority)
	l.Exercise = v.Desk.Demo
	if v.Desk.Agreement.StandIn {
		l.StandIn = v.Desk.Agreement.Title.In(string(v.words.Lang))
	}
	l.Made = v.now()
	if v.signedIn() {
		l.Officer = &Officer{Name: v.who.Name, Role: v.role(v.who.Officer.Role)}
		l.Areas = v.areas()
		l.Session = v.Sessions.Left(v.ctx())
		l.Notice = v.notice()
	}
	return l
}

// say keeps a notice for the next page: what was done, never about whom.
func (v *visit) say(key string, args ...string) {
	m := map[string]string{"": key}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	v.Sessions.Keep(v.ctx(), "notice", m)
}

func (v *visit) notice() *component.NotificationBanner {
	m := v.Sessions.Take(v.ctx(), "notice")
	if m == nil {
		return nil
	}
	return &component.NotificationBanner{Type: "success", Text: v.words.Map(m[""], m)}
}

func (v *visit) render(name string, view View) error { return v.renderAs(http.StatusOK, name, view) }

func (v *visit) renderAs(status int, name string, view View) error {
	if v.signedIn() {
		return v.Render(v.w, status, name, view)
	}
	return compressed(v.w, v.r, func(w http.ResponseWriter) error { return v.Render(w, status, name, view) })
}

// to leads on after a form was taken, so that reloading sends nothing twice.
func (v *visit) to(path string) error {
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

// id is an identifier in the path.
func (v *visit) id(name string) act.ID { return act.ID(v.r.PathValue(name)) }

// switchTo shows this answer in another language, and remembers it.
func (v *visit) switchTo(lang words.Lang) {
	KeepLanguage(v.w, lang)
	v.words = v.Catalogues[lang]
}
