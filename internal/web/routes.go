package web

// routes is every address of the site, and the only place where one is given to a page.
func (s *Site) routes() []route {
	return append([]route{
		{Pattern: "GET /sign-in", Page: signInPage, Open: true},
		{Pattern: "POST /sign-in", Page: signIn, Open: true},
		{Pattern: "POST " + PathSignOut, Page: signOut, Open: true},
		{Pattern: "POST " + PathStay, Page: stay},
		{Pattern: "GET /{$}", Page: workPage},
		{Pattern: "GET /cases", Page: casesPage},
		{Pattern: "GET /cases/{id}", Page: casePage},
		{Pattern: "GET /cases/{id}/their-view", Page: theirViewPage},
	}, taskforceRoutes()...)
}
