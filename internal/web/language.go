package web

import (
	"net/http"
	"net/url"
	"strings"

	"countersign/internal/words"

	"golang.org/x/text/language"
)

// LanguageParameter is the parameter, in a query or a form, that asks for the other language.
const LanguageParameter = "lang"

const languageCookie = "lang"

// Language remembers a language asked for in the query and leads back to the same page without it, so that
// an address passed on to a colleague carries no language. Everything else passes.
func Language(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if !q.Has(LanguageParameter) || r.Method != http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		if lang, ok := known(q.Get(LanguageParameter)); ok {
			KeepLanguage(w, lang)
		}
		q.Del(LanguageParameter)
		// Only path and query, and one leading slash: the address cannot lead to another host.
		to := &url.URL{Path: "/" + strings.TrimLeft(r.URL.Path, "/"), RawQuery: q.Encode()}
		if r.URL.RawPath != "" {
			to.RawPath = "/" + strings.TrimLeft(r.URL.RawPath, "/")
		}
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
	})
}

// KeepLanguage remembers the language in the officer's browser. It is no secret and tells nothing.
func KeepLanguage(w http.ResponseWriter, lang words.Lang) {
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: string(lang), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// LanguageOf is the language that the officer chose, or the one that the browser prefers, or English.
func LanguageOf(r *http.Request) words.Lang {
	if c, err := r.Cookie(languageCookie); err == nil {
		if lang, ok := known(c.Value); ok {
			return lang
		}
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err == nil {
		for _, tag := range tags {
			base, _ := tag.Base()
			if lang, ok := known(base.String()); ok {
				return lang
			}
		}
	}
	return words.English
}

func known(s string) (words.Lang, bool) {
	for _, lang := range words.Langs {
		if s == string(lang) {
			return lang, true
		}
	}
	return "", false
}
