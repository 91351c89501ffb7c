package web

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/web/form"
)

// laneForms are what an officer does with lanes: lend a key for a shift, take it back, close the day.
type laneForms struct {
	lend, revoke, closing *BorderForm
	name, public, last    *form.Text
	point, hours          *form.Pick
	key, reason, lane     *form.Pick
	day                   *form.Date
	lanes                 []desk.LaneStatus
}

func (v *visit) laneForms(b *desk.Border) (*laneForms, error) {
	lanes, err := b.LaneStatuses(v.who)
	if err != nil {
		return nil, err
	}
	f := &laneForms{lanes: lanes,
		name:   &form.Text{Base: form.Base{Name: "lane", Label: "page.border.lane.name", Hint: "page.border.lane.name.hint"}, Max: 64, Width: "govuk-input--width-20"},
		public: &form.Text{Base: form.Base{Name: "public", Label: "page.border.lane.public", Hint: "page.border.lane.public.hint"}, Max: 64, Width: "govuk-!-width-full"},
		point:  &form.Pick{Base: form.Base{Name: "point", Label: "page.border.point"}, Options: v.pointOptions(b)},
		hours:  &form.Pick{Base: form.Base{Name: "hours", Label: "page.border.lane.hours"}, Value: "8", Options: []form.Option{{Value: "4", Text: "4"}, {Value: "8", Text: "8"}, {Value: "12", Text: "12"}}},
		key:    &form.Pick{Base: form.Base{Name: "key", Label: "page.border.lane.key"}},
		reason: &form.Pick{Base: form.Base{Name: "why", Label: "page.field.why"}, Options: keyed("page.border.revoked.", []string{"lost", "stolen", "end-of-shift", "error"})},
		lane:   &form.Pick{Base: form.Base{Name: "closing", Label: "page.border.lane"}},
		last:   &form.Text{Base: form.Base{Name: "last", Label: "page.border.lane.last", Hint: "page.border.lane.last.hint", Optional: true}, Max: 64, Width: "govuk-!-width-full"},
		day:    &form.Date{Base: form.Base{Name: "day", Label: "page.border.lane.day"}, Latest: v.now()}}
	closes := b.MayDo(v.who, "close-lane")
	for _, l := range lanes {
		f.lane.Options = append(f.lane.Options, form.Option{Value: l.Lane, Text: l.Lane})
		for _, k := range l.Keys {
			if k.Counts && (k.Own || closes) {
				f.key.Options = append(f.key.Options, form.Option{Value: l.Lane + " " + k.KeyID, Text: l.Lane + ", " + k.KeyID})
			}
		}
	}
	if b.MayDo(v.who, "decide-check") && len(f.point.Options) > 0 {
		f.lend = v.newBorderForm("page.border.lend", "/border/lanes/lend", f.name, f.point, f.public, f.hours)
	}
	if len(f.key.Options) > 0 {
		f.revoke = v.newBorderForm("page.border.revoke", "/border/lanes/revoke", f.key, f.reason)
		f.revoke.Warning = true
	}
	if closes && len(lanes) > 0 {
		f.closing = v.newBorderForm("page.border.close", "/border/lanes/close", f.lane, f.day, f.last)
	}
	return f, nil
}

func lanesPage(v *visit, b *desk.Border) error {
	f, err := v.laneForms(b)
	if err != nil {
		return err
	}
	return v.showLanes(b, http.StatusOK, f)
}

func (v *visit) showLanes(b *desk.Border, status int, f *laneForms) error {
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p := &BorderPage{Layout: v.layout(v.t("page.border.lanes")), Intro: v.t("page.border.lanes.intro")}
	p.Back, p.URL = &component.BackLink{Href: "/border"}, "/border/lanes"
	all := component.Table{Caption: v.t("page.border.lanes"), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true,
		Head: v.borderHead("page.border.lane", "page.border.point", "page.border.lane.entries", "page.border.lane.closed")}
	keys := component.Table{Caption: v.t("page.border.keys"), CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true,
		Head: v.borderHead("page.border.lane", "page.border.lane.key", "page.border.lane.officer", "page.border.until", "page.border.state")}
	for _, l := range f.lanes {
		closed := v.t("page.border.open")
		if l.Closed != "" {
			closed = v.words.Day(l.Closed)
		}
		all.Rows = append(all.Rows, borderRow(l.Lane, b.PointName(l.Point), v.words.Number(int64(l.Seq)), closed))
		for _, k := range l.Keys {
			state := v.t("page.border.key.counts")
			if !k.Counts {
				state = v.t("page.border.key.ended")
			}
			keys.Rows = append(keys.Rows, borderRow(l.Lane, k.KeyID, v.officer(names, k.Officer.ID), v.moment(k.Until), state))
		}
	}
	if len(all.Rows) > 0 {
		p.Tables = append(p.Tables, all)
	}
	if len(keys.Rows) > 0 {
		p.Tables = append(p.Tables, keys)
	}
	for _, one := range []*BorderForm{f.lend, f.revoke, f.closing} {
		if one != nil {
			p.Forms, p.Invalid = append(p.Forms, one), p.Invalid || one.Invalid()
		}
	}
	return v.renderAs(status, "border", p)
}

// doLane takes one of the three forms; the button says which.
func doLane(v *visit, b *desk.Border) error {
	f, err := v.laneForms(b)
	if err != nil {
		return err
	}
	what := v.r.PathValue("what")
	one := map[string]*BorderForm{"lend": f.lend, "revoke": f.revoke, "close": f.closing}[what]
	if one == nil {
		return fault.New(fault.Missing, "page.fault.no-page")
	}
	return v.takeBorder(one, func(status int) error { return v.showLanes(b, status, f) }, func() error {
		switch what {
		case "lend":
			return v.lendKey(b, f)
		case "revoke":
			name, key, _ := strings.Cut(f.key.Value, " ")
			return b.RevokeLane(v.ctx(), v.who, name, key, f.reason.Value)
		}
		return b.CloseLane(v.ctx(), v.who, f.lane.Value, f.day.Value(), f.last.Value)
	}, "page.border."+what+".done", "/border/lanes")
}

func (v *visit) lendKey(b *desk.Border, f *laneForms) error {
	public, err := base64.StdEncoding.DecodeString(f.public.Value)
	hours, _ := strconv.Atoi(f.hours.Value) // one of the form's own options
	if err != nil || len(public) != ed25519.PublicKeySize {
		return fault.New(fault.Invalid, "fault.border.delegation").Because(err)
	}
	now := b.Clock().UTC().Truncate(time.Second)
	_, err = b.DelegateLane(v.ctx(), v.who, domestic.BorderDelegation{Lane: f.name.Value, Point: f.point.Value, KeyID: act.KeyID(public),
		Public: f.public.Value, From: now, Until: now.Add(time.Duration(hours) * time.Hour)})
	return err
}

// listForm loads a signed file of alerts.
type listForm struct {
	*BorderForm
	file *form.File
}

func (v *visit) listForm() *listForm {
	f := &listForm{file: &form.File{Base: form.Base{Name: "list", Label: "page.border.load.file", Hint: "page.border.load.file.hint"}, Max: 64 << 20, Any: true,
		Types: []string{"text/plain", "application/octet-stream"}}}
	f.BorderForm = v.newBorderForm("page.border.load", "/border/lists", f.file)
	f.File = true
	return f
}

func listsPage(v *visit, b *desk.Border) error { return v.showLists(b, http.StatusOK, v.listForm()) }

func (v *visit) showLists(b *desk.Border, status int, f *listForm) error {
	lists, err := b.ListStatuses(v.who)
	if err != nil {
		return err
	}
	p := &BorderPage{Layout: v.layout(v.t("page.border.load")), Intro: v.t("page.border.load.intro"), Tables: []component.Table{v.listTable(lists)}}
	p.Back, p.URL = &component.BackLink{Href: "/border"}, "/border/lists"
	if b.MayDo(v.who, "load-alerts") {
		p.Forms, p.Invalid = append(p.Forms, f.BorderForm), f.Invalid()
	}
	return v.renderAs(status, "border", p)
}

// loadList takes a signed list or delta into use; whatever is wrong with it, the previous one stays.
func loadList(v *visit, b *desk.Border) error {
	f := v.listForm()
	return v.takeBorder(f.BorderForm, func(status int) error { return v.showLists(b, status, f) }, func() error {
		return b.ActivateSnapshot(v.ctx(), v.who, bytes.NewReader(f.file.Value.Body))
	}, "page.border.load.done", "/border/lists")
}
