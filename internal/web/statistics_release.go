package web

import (
	"html/template"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/mirror"
	"countersign/internal/statistics/release"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// ReleasesPage lists the own releases and those that the other state offers.
type ReleasesPage struct {
	Layout
	Table  component.Table
	Form   *form.Form // nil for who may not announce one
	Fields []form.Field
	Links  []ActLink
}

type planForm struct {
	*form.Form
	id                         *form.Text
	kind, country, first, last *form.Pick
	day                        *form.Date
}

func (v *visit) planForm() *planForm {
	f := &planForm{
		id:      &form.Text{Base: form.Base{Name: "id", Label: "page.stat.id", Hint: "page.stat.id.hint"}, Max: 40, Width: "govuk-!-width-one-half"},
		kind:    &form.Pick{Base: form.Base{Name: "kind", Label: "page.stat.kind"}, Options: keyed("page.stat.kind.", []string{"own", release.KindJoint})},
		country: &form.Pick{Base: form.Base{Name: "country", Label: "page.stat.nationality"}, Value: "albania"},
		first:   &form.Pick{Base: form.Base{Name: "first", Label: "page.stat.first"}},
		last:    &form.Pick{Base: form.Base{Name: "last", Label: "page.stat.last"}},
		day:     &form.Date{Base: form.Base{Name: "day", Label: "page.stat.day", Hint: "page.stat.day.hint"}, Earliest: v.now().Add(release.Notice)},
	}
	for _, c := range statistics.Lists().Countries.Codes {
		f.country.Options = append(f.country.Options, form.Option{Value: c.Code, Text: c.Text(string(v.words.Lang))})
	}
	sortWords(v, f.country.Options, func(o form.Option) string { return o.Text })
	now := statistics.QuarterOf(v.now())
	for q := now; q > now-24; q-- {
		o := form.Option{Value: q.String(), Text: q.String()}
		f.first.Options, f.last.Options = append(f.first.Options, o), append(f.last.Options, o)
	}
	f.Form = form.New(f.id, f.kind, f.country, f.first, f.last, f.day)
	return f
}

func releasesPage(v *visit) error { return v.showReleases(http.StatusOK, v.planForm()) }

func (v *visit) showReleases(status int, f *planForm) error {
	all, err := v.Desk.Releases(v.ctx(), v.who)
	if err != nil {
		return err
	}
	p := &ReleasesPage{Layout: v.layout(v.t("page.stat.releases")), Links: v.statisticsLinks("/statistics/releases")}
	p.Invalid, p.URL = f.Invalid(), "/statistics/releases"
	if v.Desk.May(v.who, "propose-edition") {
		p.Form, p.Fields = f.Form, f.Fields
	}
	p.Table = component.Table{Caption: v.t("page.stat.releases"), CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Classes: "cs-table"}
	heads := []string{"page.stat.id", "page.stat.kind", "page.stat.quarters", "page.stat.at", "page.stat.phase", "page.stat.signers"}
	for _, key := range heads {
		p.Table.Head = append(p.Table.Head, component.TableCell{Text: v.t(key)})
	}
	for _, r := range all {
		phase, err := component.HTML(v.phase(r))
		if err != nil {
			return err
		}
		name := template.HTMLEscapeString(r.State.Release)
		link := template.HTML(`<a class="govuk-link" href="/statistics/releases/` + name + `">` + name + `</a>`)
		cells := []component.TableCell{{HTML: link}, {Text: v.t("page.stat.kind." + kindOf(r))}, {Text: v.t("page.stat.span", "first", r.First, "last", r.Last)},
			{Text: v.moment(r.At)}, {HTML: phase}, {Text: v.signers(r)}}
		for i := range cells {
			if i > 0 {
				cells[i].Attributes = component.Attrs{"data-heading": v.t(heads[i])}
			}
		}
		p.Table.Rows = append(p.Table.Rows, cells)
	}
	return v.renderAs(status, "statistics_releases", p)
}

func kindOf(r desk.ReleaseView) string {
	if r.Kind == "" {
		return "own"
	}
	return r.Kind
}

func (v *visit) signers(r desk.ReleaseView) string {
	text := ""
	for i, s := range r.Signers {
		if i > 0 {
			text += ", "
		}
		text += v.authority(s)
	}
	if text == "" {
		return v.t("page.stat.unsigned")
	}
	return text
}

// phase is where a release stands, as a word and a shape.
func (v *visit) phase(r desk.ReleaseView) component.Status {
	tone := component.Waiting
	switch {
	case r.Public() && len(r.Signers) > 0:
		tone = component.Good
	case r.Phase == release.Drafted && !r.Settled(r.Digest):
		tone = component.Notice
	}
	return component.Status{Tone: tone, Text: v.t("page.stat.phase." + string(r.Phase))}
}

// announceRelease takes the plan; the hour is 09:30 in the zone of this authority.
func announceRelease(v *visit) error {
	f := v.planForm()
	if err := f.Read(v.w, v.r); err != nil {
		return err
	}
	if !f.Valid() {
		return v.showReleases(statusOfForm(f.Form), f)
	}
	plan := desk.ReleasePlan{ID: f.id.Value, Country: statistics.Country(f.country.Value)}
	if f.kind.Value == release.KindJoint {
		plan.Kind, plan.Country = release.KindJoint, ""
	}
	day, err := time.ParseInLocation(time.DateOnly, f.day.Value(), v.zone)
	if err != nil {
		return fault.New(fault.Invalid, "web.fault.request").Because(err)
	}
	plan.At = time.Date(day.Year(), day.Month(), day.Day(), 9, 30, 0, 0, v.zone)
	if plan.First, err = statistics.ParseQuarter(f.first.Value); err != nil {
		return err
	}
	if plan.Last, err = statistics.ParseQuarter(f.last.Value); err != nil {
		return err
	}
	if err := v.Desk.AnnounceRelease(v.ctx(), v.who, plan); err != nil {
		field := form.Field(f.day)
		if fault.KeyOf(err) == "fault.release.id" || fault.KeyOf(err) == "fault.release.order" {
			field = f.id
		}
		if f.Fault(field, v.spoken(err)) {
			return v.showReleases(http.StatusUnprocessableEntity, f)
		}
		return err
	}
	v.say("page.stat.done." + release.StepAnnounce)
	return v.to("/statistics/releases/" + plan.ID)
}

// ReleasePage is one release: where it stands, what was found, what can be done, and its files.
type ReleasePage struct {
	Layout
	Status   component.Status
	Facts    component.SummaryList
	Findings *component.Table
	Mirror   *component.Table
	Steps    []ReleaseStep
	Files    []ActLink
}

// ReleaseStep is one act that this officer may try now.
type ReleaseStep struct {
	Action, Title, Text, Button string
	Form                        *form.Form
	Fields                      []form.Field
	Final                       bool
}

func releasePage(v *visit) error { return v.showRelease(http.StatusOK, "", nil) }

func (v *visit) showRelease(status int, failed string, f *form.Form) error {
	r, err := v.Desk.Release(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := &ReleasePage{Layout: v.layout(v.t("page.stat.release", "id", r.State.Release)), Status: v.phase(r)}
	p.URL, p.Back = "/statistics/releases/"+r.State.Release, &component.BackLink{Href: "/statistics/releases"}
	p.Facts = v.releaseFacts(r)
	p.Findings = v.findingsTable(r.Findings)
	if r.Kind == release.KindJoint && v.Desk.May(v.who, "compare-mirror") {
		if p.Mirror, err = v.mirrorTable(r); err != nil {
			return err
		}
	}
	for _, s := range v.releaseSteps(r) {
		if s.Action == p.URL+"/"+failed && f != nil {
			s.Form, s.Fields, p.Invalid = f, f.Fields, true
		}
		p.Steps = append(p.Steps, s)
	}
	if r.Public() && len(r.Signers) > 0 || r.Digest != "" && r.Own && (v.Desk.May(v.who, "propose-edition") || v.Desk.May(v.who, "confirm-edition")) {
		files, err := v.Desk.ReleaseFiles(v.ctx(), v.who, r.State.Release)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			p.Files = append(p.Files, ActLink{Text: v.t("page.stat.file", "name", name, "size", statistics.Count(int64(len(files[name])), string(v.words.Lang))), Href: p.URL + "/files/" + name})
		}
	}
	return v.renderAs(status, "statistics_release", p)
}

func (v *visit) releaseFacts(r desk.ReleaseView) component.SummaryList {
	names, err := v.Desk.Names()
	if err != nil {
		names = map[act.ID]string{}
	}
	var l component.SummaryList
	add := func(key, value string) {
		if value != "" {
			l.Rows = append(l.Rows, component.SummaryRow{Key: component.Cell{Text: v.t(key)}, Value: component.Cell{Text: value}})
		}
	}
	add("page.stat.kind", v.t("page.stat.kind."+kindOf(r)))
	add("page.stat.quarters", v.t("page.stat.span", "first", r.First, "last", r.Last))
	add("page.stat.at", v.moment(r.At))
	add("page.stat.signers", v.signers(r))
	add("page.stat.digest", r.Digest)
	if r.Drafter != "" {
		add("page.stat.drafter", v.officer(names, r.Drafter))
	}
	if r.Assurer != "" {
		add("page.stat.assurer", v.officer(names, r.Assurer))
	}
	for _, d := range r.Decided {
		add("page.stat.decided", v.t("page.stat.decided.text", "officer", v.officer(names, d.Officer), "moment", v.moment(d.At), "note", d.Note))
	}
	for _, x := range r.Readers {
		add("page.stat.reader", v.t("page.stat.reader.text", "officer", v.officer(names, x.Officer), "purpose", x.Purpose))
	}
	for _, x := range r.Accesses {
		add("page.stat.access", v.t("page.stat.access.text", "officer", v.officer(names, x.Officer), "moment", v.moment(x.At)))
	}
	for _, n := range r.Notes {
		add("page.stat.note", v.t("page.stat.note.text", "moment", v.moment(n.At), "note", n.Text))
	}
	return l
}

// findingsTable is what the audit found. A transfer is named by its act; nothing in it leads to a person.
func (v *visit) findingsTable(all []desk.ReleaseFinding) *component.Table {
	if len(all) == 0 {
		return nil
	}
	t := &component.Table{Caption: v.t("page.stat.findings"), CaptionClasses: "govuk-table__caption--m", Classes: "cs-table",
		Head: []component.TableCell{{Text: v.t("page.stat.finding.kind")}, {Text: v.t("page.stat.finding.one")}, {Text: v.t("page.stat.finding.other")}, {Text: v.t("page.stat.finding.size"), Format: "numeric"}}}
	for _, f := range all {
		other := f.Other
		if f.Ours != "" || f.Their != "" {
			other = v.t("page.stat.finding.days", "ours", v.dayOr(f.Ours), "theirs", v.dayOr(f.Their))
		}
		t.Rows = append(t.Rows, []component.TableCell{{Text: v.t("page.stat.finding." + f.Kind)}, {Text: v.cellOrAct(f.One), Attributes: component.Attrs{"data-heading": t.Head[1].Text}},
			{Text: other, Attributes: component.Attrs{"data-heading": t.Head[2].Text}}, {Text: strconv.FormatInt(f.Size, 10), Format: "numeric", Attributes: component.Attrs{"data-heading": t.Head[3].Text}}})
	}
	return t
}

// cellOrAct is what a finding is about: a cell, an act, or a whole state.
func (v *visit) cellOrAct(one string) string {
	if one == v.Desk.Authority || one == v.Desk.Peer.Authority {
		return v.authority(one)
	}
	return one
}

func (v *visit) dayOr(day string) string {
	if day == "" {
		return v.t("page.stat.not-counted")
	}
	return v.words.Day(day)
}

func (v *visit) mirrorTable(r desk.ReleaseView) (*component.Table, error) {
	first, err := statistics.ParseQuarter(r.First)
	if err != nil {
		return nil, err
	}
	last, err := statistics.ParseQuarter(r.Last)
	if err != nil {
		return nil, err
	}
	m, err := v.Desk.Mirror(v.ctx(), v.who, first, last)
	if err != nil {
		return nil, err
	}
	t := &component.Table{Caption: v.t("page.stat.mirror"), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true, Classes: "cs-table",
		Head: []component.TableCell{{Text: v.t("page.stat.what")}, {Text: v.t("page.stat.number"), Format: "numeric"}}}
	add := func(key string, n int) {
		t.Rows = append(t.Rows, []component.TableCell{{Text: v.t(key)}, {Text: itoa(n), Format: "numeric", Attributes: component.Attrs{"data-heading": t.Head[1].Text}}})
	}
	if m == nil {
		t.Rows = [][]component.TableCell{{{Text: v.t("page.stat.mirror.missing")}, {Text: "[x]", Format: "numeric"}}}
		return t, nil
	}
	add("page.stat.mirror.ours", m.Ours)
	add("page.stat.mirror.theirs", m.Theirs)
	add("page.stat.mirror.agreed", m.Agreed)
	for _, kind := range []mirror.Kind{mirror.OnlyOurs, mirror.OnlyTheirs, mirror.OtherDay, mirror.OtherPeriod, mirror.Twice} {
		n := 0
		for _, d := range m.Differences {
			if d.Kind == kind {
				n++
			}
		}
		add("page.stat.finding."+string(kind), n)
	}
	return t, nil
}

// releaseFile hands out one file, byte for byte. It is never shown inside this site: a release's own page is a
// document of its own.
func releaseFile(v *visit) error {
	files, err := v.Desk.ReleaseFiles(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	name := v.r.PathValue("name")
	b, ok := files[name]
	if !ok {
		return fault.New(fault.Missing, "page.fault.no-page")
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = "application/octet-stream"
	}
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, err = v.w.Write(b)
	return err
}
