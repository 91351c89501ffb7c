package web

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"time"

	"countersign/internal/web/component"
	"countersign/internal/words"
)

//go:embed layout.gohtml
var layoutSource string

// Layout is what stands around every page. The zero value of each field leaves its part out.
type Layout struct {
	Words     *words.Catalogue
	Title     string // of the page: the same words as its heading
	Invalid   bool   // the form has errors: the title says so first
	URL       string // path and query of the page: the language switch leads back to it
	Form      string // id of the page's form: the language switch then posts it, and nothing typed is lost
	Authority string // who runs this node, in the page's language
	Officer   *Officer
	Areas     []component.NavItem // the areas of the service that this officer may enter
	StandIn   string              // name of an agreement whose terms are a stand-in, not law in force
	Exercise  bool                // every person here is invented
	Back      *component.BackLink
	Trail     []component.Link // breadcrumbs
	Notice    *component.NotificationBanner
	Made      time.Time     // when the page was made, in the authority's zone; printed at its foot
	Reference string        // of the case or thing, printed at the foot
	Wide      bool          // lists use the whole width of the window
	Session   time.Duration // what is left of the session; zero: no warning before it ends
}

// Officer is who is signed in.
type Officer struct {
	Name string
	Role string // in the page's language
}

// Addresses that the layout leads to.
const (
	PathHome    = "/"
	PathSignOut = "/sign-out"
	PathStay    = "/stay" // POST: keeps the session
	PathAbout   = "/about"
	PathAccess  = "/accessibility"
	PathPrivacy = "/privacy"
)

// Watermark says on paper who opened the page and when; on a screen it is not there. Without an officer nothing
// personal is shown.
func (l *Layout) Watermark() string {
	if l.Officer == nil || l.Made.IsZero() {
		return ""
	}
	return l.Words.Text("web.watermark", "officer", l.Officer.Name, "role", l.Officer.Role, "moment", l.Words.Moment(l.Made))
}

// warnBefore is how long before the end of the session the page warns; two minutes at the least are asked for.
const warnBefore = 150 * time.Second

// SessionSeconds is what is left of the session, for the script.
func (l *Layout) SessionSeconds() int { return int(l.Session / time.Second) }

// WarnSeconds is how long before the end the script warns.
func (l *Layout) WarnSeconds() int { return int(warnBefore / time.Second) }

// Stay is where the script asks for more time.
func (l *Layout) Stay() string { return PathStay }

// Frame makes a struct that embeds Layout a View.
func (l *Layout) Frame() *Layout { return l }

// NewLayout starts the layout of the page that r asks for.
func NewLayout(c *words.Catalogue, r *http.Request, title string) Layout {
	return Layout{Words: c, Title: title, URL: r.URL.RequestURI()}
}

// FullTitle is the title of the window: what is wrong, the page, the service.
func (l *Layout) FullTitle() string {
	title := l.Title
	if l.Invalid {
		title = l.Words.Text("web.title.error", "title", title)
	}
	return l.Words.Text("web.title", "title", title)
}

// Skip is the first thing that the keyboard reaches.
func (l *Layout) Skip() component.Component {
	return component.SkipLink{Text: l.Words.Text("web.skip"), Href: "#main-content"}
}

// mark is our own sign, a signature above its countersigning line.
const mark = template.HTML(`<svg class="cs-mark" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false"><path class="cs-mark__hand" d="M4 17c3.500 0 4.500-9 8-9s1.500 10 5 10 3.500-5.500 5.500-5.500 2 3.500 5.500 3.500"/><path class="cs-mark__line" d="M4 25h24"/></svg>`)

// Header is the band with the name of the service.
func (l *Layout) Header() component.Component {
	name := template.HTMLEscapeString(l.Words.Text("web.service"))
	return component.GenericHeader{URL: PathHome, ContainerClasses: "cs-masthead__brand",
		LogoHTML: mark + template.HTML(`<span class="cs-masthead__name">`+name+`</span>`)}
}

// Navigation leads to the areas, or is nil for an officer who is not signed in.
func (l *Layout) Navigation() component.Component {
	if len(l.Areas) == 0 {
		return nil
	}
	return component.ServiceNavigation{Navigation: l.Areas, MenuButtonText: l.Words.Text("web.menu"),
		NavigationLabel: l.Words.Text("web.areas")}
}

// languageNames are the languages in their own words.
var languageNames = map[words.Lang]string{words.English: "English", words.Albanian: "Shqip"}

// Languages leads to this page in the other language.
func (l *Layout) Languages() component.Component {
	nav := component.LanguageNavigation{ARIALabel: l.Words.Text("web.language")}
	for _, lang := range words.Langs {
		item := component.LanguageItem{Text: languageNames[lang], Lang: string(lang), Current: lang == l.Words.Lang}
		if !item.Current {
			item.Href = l.in(lang)
		}
		nav.Items = append(nav.Items, item)
	}
	if l.Form == "" {
		return nav
	}
	return component.LanguageForm{LanguageNavigation: nav, Form: l.Form, Name: LanguageParameter}
}

// in is the address of this page in another language.
func (l *Layout) in(lang words.Lang) string {
	u, err := url.ParseRequestURI(l.URL)
	if err != nil {
		u = &url.URL{Path: PathHome}
	}
	q := u.Query()
	q.Set(LanguageParameter, string(lang))
	return (&url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: q.Encode()}).String()
}

// Banners say before anything else that what follows is not the real thing.
func (l *Layout) Banners() []component.Component {
	var all []component.Component
	if l.StandIn != "" {
		all = append(all, component.PhaseBanner{Classes: "cs-stand-in",
			Tag:  component.Tag{Text: l.Words.Text("web.stand-in")},
			Text: l.Words.Text("web.stand-in.text", "agreement", l.StandIn)})
	}
	if l.Exercise {
		all = append(all, component.PhaseBanner{Classes: "cs-stand-in",
			Tag:  component.Tag{Text: l.Words.Text("web.exercise")},
			Text: l.Words.Text("web.exercise.text")})
	}
	return all
}

// Return is the link to the page before, nil without one.
func (l *Layout) Return() component.Component {
	if l.Back == nil {
		return nil
	}
	back := *l.Back
	if back.Text == "" {
		back.Text = l.Words.Text("web.back")
	}
	return back
}

// Crumbs show where the page is, nil without a trail.
func (l *Layout) Crumbs() component.Component {
	if len(l.Trail) == 0 {
		return nil
	}
	return component.Breadcrumbs{Items: l.Trail, LabelText: l.Words.Text("web.trail"), CollapseOnMobile: true}
}

// Flash is the notice with its title in the page's language.
func (l *Layout) Flash() component.Component {
	if l.Notice == nil {
		return nil
	}
	n := *l.Notice
	if n.TitleText == "" && n.TitleHTML == "" {
		key := "web.notice"
		if n.Type == "success" {
			key = "web.notice.success"
		}
		n.TitleText = l.Words.Text(key)
	}
	return n
}
