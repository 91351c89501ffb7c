package web

import (
	"maps"
	"net/http"
	"net/url"

	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/signin"
	"countersign/internal/web/component"
)

// Addresses of the way to the authority's own provider and back.
const pathStart = "/sign-in/start"

func startPath(next string, again bool) string {
	q := url.Values{"next": {next}}
	if again {
		q.Set("again", "1")
	}
	return pathStart + "?" + q.Encode()
}

// startSignIn leads to the provider. Pages lead here by a link, never by a form: the pages' policy lets forms go to
// this site only.
func startSignIn(v *visit) error {
	if v.Site.Provider == nil {
		return v.withoutProvider()
	}
	q := v.r.URL.Query()
	to, err := v.Site.Provider.Start(v.ctx(), v.Sessions, signin.Ask{Next: local(q.Get("next")), Again: q.Has("again") && v.signedIn()})
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// withoutProvider: in the demonstration officers are chosen from a list; a real node lets nobody in.
func (v *visit) withoutProvider() error {
	if v.byName() {
		return v.to("/sign-in")
	}
	return fault.New(fault.Unavailable, "page.sign-in.none")
}

// returnFromProvider takes what the provider says of the person and looks for the officer. Whoever is no officer waits
// until an administrator has said who it is.
func returnFromProvider(v *visit) error {
	if v.Site.Provider == nil {
		return v.withoutProvider()
	}
	identity, ask, err := v.Site.Provider.Finish(v.r, v.Sessions)
	if err != nil {
		v.Log.Warn("a sign-in failed", "err", err)
		return err
	}
	officer, err := v.Desk.OfficerOf(v.ctx(), identity.Issuer, identity.Subject)
	if err != nil {
		return err
	}
	if officer == "" {
		return v.unknownPerson(identity)
	}
	if ask.Again {
		if officer != v.who.Officer.ID {
			return fault.New(fault.Denied, "signin.fault.other")
		}
		typed := v.Sessions.Take(v.ctx(), keptTyped)
		if err := v.Sessions.Prove(v.ctx()); err != nil {
			return err
		}
		return v.goOn(ask.Next, typed)
	}
	if _, err := v.Desk.SignInBound(v.ctx(), officer, identity.Key()); err != nil {
		return err
	}
	typed := v.Sessions.Take(v.ctx(), keptTyped)
	if err := v.Sessions.Begin(v.ctx(), signin.Proof{Officer: officer, How: "signin.how.provider", Subject: identity.Key()}); err != nil {
		return err
	}
	return v.goOn(ask.Next, typed)
}

// keptTyped is where a form waits while its officer is at the provider.
const keptTyped = "typed"

// keepTyped keeps what was typed into a form until its officer is back.
func (v *visit) keepTyped(action string, typed url.Values) {
	v.Sessions.KeepWhileAway(v.ctx(), keptTyped, map[string]string{"action": action, "values": typed.Encode()})
}

// goOn leads where the officer wanted to go; a form that was kept comes back first.
func (v *visit) goOn(next string, typed map[string]string) error {
	if values, err := url.ParseQuery(typed["values"]); err == nil && typed["action"] != "" {
		return v.resume(local(typed["action"]), values)
	}
	return v.to(local(next))
}

// UnknownPersonPage tells somebody whom the provider knows that the roster does not.
type UnknownPersonPage struct {
	Layout
	Code string
}

func (v *visit) unknownPerson(i signin.Identity) error {
	code, err := v.Desk.Wait(v.ctx(), desk.Waiting{Issuer: i.Issuer, Subject: i.Subject, Name: i.Name})
	if err != nil {
		return err
	}
	if err := v.Sessions.End(v.ctx()); err != nil {
		return err
	}
	v.who = desk.Session{}
	p := &UnknownPersonPage{Layout: v.layout(v.t("signin.unknown.title")), Code: code}
	p.URL = "/sign-in"
	return v.renderAs(http.StatusForbidden, "sign_in_unknown", p)
}

// ProvePage asks an officer to prove anew who acts, before what cannot be taken back (ASVS 7.5.3).
type ProvePage struct {
	Layout
	Button component.Button
}

// mustProve tells whether the officer has to go to the provider again before an act that cannot be taken back.
func (v *visit) mustProve() bool { return !v.byName() && !v.Sessions.Fresh(v.ctx()) }

// prove keeps the form and leads to the provider; afterwards the form comes back and is sent by its officer.
func (v *visit) prove(action string, typed url.Values) error {
	typed = maps.Clone(typed)
	typed.Del(fieldConfirmed) // the officer confirms afterwards
	v.keepTyped(action, typed)
	p := &ProvePage{Layout: v.layout(v.t("page.again")), Button: component.Button{Text: v.t("page.again"), Href: startPath(action, true)}}
	p.URL = "/"
	return v.render("sign_in_prove", p)
}
