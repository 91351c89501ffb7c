package web

import (
	"slices"

	"countersign/internal/signin"
)

// routes is every address of the site, and the only place where one is given to a page.
func (s *Site) routes() []route {
	return slices.Concat(taskforceRoutes(), statisticsRoutes(), administrationRoutes(), borderRoutes(s.Border), []route{
		{Pattern: "GET /sign-in", Page: signInPage, Open: true},
		{Pattern: "POST /sign-in", Page: signIn, Open: true},
		{Pattern: "GET " + pathStart, Page: startSignIn, Open: true},
		{Pattern: "GET " + signin.PathReturn, Page: returnFromProvider, Open: true},
		{Pattern: "POST " + PathSignOut, Page: signOut, Open: true},
		{Pattern: "POST " + PathStay, Page: stay},
		{Pattern: "GET /{$}", Page: workPage},
		{Pattern: "GET /start", Page: startPage},
		{Pattern: "GET " + PathAbout, Page: textPage("page.about"), Open: true},
		{Pattern: "GET " + PathAccess, Page: textPage("page.accessibility"), Open: true},
		{Pattern: "GET " + PathPrivacy, Page: textPage("page.privacy"), Open: true},
		{Pattern: "GET /news", Page: newsPage},
		{Pattern: "GET /texts", Page: textsPage},
		{Pattern: "GET /clients", Page: clientsPage},
		{Pattern: "GET /clients/{id}", Page: clientPage},
		{Pattern: "POST /clients/{id}", Page: requestStop},
		{Pattern: "GET /looks", Page: looksPage},
		{Pattern: "POST /looks/review", Page: reviewEmergency},
		{Pattern: "GET /officers", Page: officersPage},
		{Pattern: "GET /holidays", Page: holidaysPage},
		{Pattern: "POST /holidays/declare", Page: declareHoliday},
		{Pattern: "POST /holidays/withdraw", Page: declareHoliday},
		{Pattern: "POST /officers/answer", Page: answerOfficer},
		{Pattern: "POST /officers/{what}", Page: proposeOfficer},
		{Pattern: "GET /search", Page: searchPage},
		{Pattern: "POST /search", Page: search},
		{Pattern: "GET /search/{key}", Page: foundPage},
		{Pattern: "GET /cases", Page: casesPage},
		{Pattern: "POST /cases/assign", Page: assign},
		{Pattern: "POST /cases/export", Page: export},
		{Pattern: "POST /cases/filter", Page: saveFilter},
		{Pattern: "POST /cases/filter/remove", Page: dropFilter},
		{Pattern: "GET /cases/new", Page: openPage},
		{Pattern: "POST /cases/new", Page: openCase},
		{Pattern: "GET /cases/{id}", Page: casePage},
		{Pattern: "GET /cases/{id}/their-view", Page: theirViewPage},
		{Pattern: "POST /cases/{id}/emergency", Page: emergency},
		{Pattern: "GET /cases/{id}/acts/{event}", Page: proofPage},
		{Pattern: "POST /cases/{id}/acts/{event}", Page: proof},
		{Pattern: "GET /cases/{id}/representative", Page: representativePage},
		{Pattern: "POST /cases/{id}/representative", Page: representative},
		{Pattern: "GET /cases/{id}/texts", Page: caseTextsPage},
		{Pattern: "POST /cases/{id}/texts", Page: proposeText},
		{Pattern: "POST /cases/{id}/texts/review", Page: reviewText},
		{Pattern: "GET /cases/{id}/act/{act}", Page: actPage},
		{Pattern: "POST /cases/{id}/act/{act}", Page: doAct},
	})
}
