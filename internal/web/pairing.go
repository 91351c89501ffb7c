package web

import (
	"net/http"
	"net/url"

	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/web/form"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// PairingPage is where two officers of this side compare the other authority's fingerprint with people there, each for
// themselves. The same happens at the other side.
type PairingPage struct {
	Layout
	Own, Theirs string // fingerprints; Theirs only once paired
	Peer        string
	Paired      bool
	History     component.Table
	Form        *form.Form // of the first officer
	Fields      []form.Field
	Answer      *form.Form // of the second
	AnswerField []form.Field
	Waiting     string // who compared first, and when
	Proposal    act.ID
	MayPropose  bool
	MayAnswer   bool
}

type pairingForms struct {
	propose, answer *form.Form
	file            *form.Long
	read, second    *form.Text
}

func newPairingForms() *pairingForms {
	f := &pairingForms{file: &form.Long{Base: form.Base{Name: "keys", Label: "office.pairing.file", Hint: "office.pairing.file.hint"}, Rows: 8, Max: 20000},
		read:   &form.Text{Base: form.Base{Name: "read", Label: "office.pairing.read", Hint: "office.pairing.read.hint"}, Width: "govuk-!-width-full"},
		second: &form.Text{Base: form.Base{Name: "second", Label: "office.pairing.read", Hint: "office.pairing.read.hint"}, Width: "govuk-!-width-full"}}
	f.propose, f.answer = form.New(f.file, f.read), form.New(f.second)
	return f
}

func pairingPage(v *visit) error { return v.showPairing(http.StatusOK, newPairingForms()) }

func (v *visit) showPairing(status int, f *pairingForms) error {
	all, err := v.Desk.Pairings(v.ctx(), v.who)
	if err != nil {
		return err
	}
	names, err := v.Desk.Names()
	if err != nil {
		return err
	}
	p := &PairingPage{Layout: v.layout(v.t("office.pairing.title")), Own: v.Desk.OwnAuthority().Fingerprint(), Peer: v.authority(v.Desk.Peer.Authority),
		Paired: v.Desk.Paired(), Form: f.propose, Fields: f.propose.Fields, Answer: f.answer, AnswerField: f.answer.Fields}
	p.Back = &component.BackLink{Href: pathAdministration}
	p.Invalid, p.URL = f.propose.Invalid() || f.answer.Invalid(), pathPairing
	p.MayPropose = !p.Paired && v.Desk.May(v.who, "propose-pairing")
	if peer, ok := v.Desk.PeerAuthority(); ok {
		p.Theirs = peer.Fingerprint()
	}
	if len(all) > 0 && !all[0].Done {
		p.Waiting, p.Proposal = v.lineBy(names, all[0].By, all[0].At), all[0].ID
		p.MayPropose = false
		p.MayAnswer = v.Desk.May(v.who, "confirm-pairing") && all[0].By.ID != v.who.Officer.ID
	}
	p.History = v.pairingHistory(names, all)
	return v.renderAs(status, "pairing", p)
}

func (v *visit) pairingHistory(names map[act.ID]string, all []desk.PairingChange) component.Table {
	t := component.Table{Caption: v.t("office.pairing.history"), CaptionClasses: "govuk-table__caption--m", Classes: "cs-table"}
	heads := []string{v.t("office.pairing.first"), v.t("office.pairing.then"), v.t("office.pairing.fingerprint")}
	for _, h := range heads {
		t.Head = append(t.Head, component.TableCell{Text: h})
	}
	for _, c := range all {
		then := v.t("office.pairing.second")
		switch {
		case c.Settled:
			then = v.t("office.pairing.by-second", "officer", v.officer(names, c.Second.ID))
		case c.Done:
			then = v.t("office.pairing.dropped-by", "officer", v.officer(names, c.Second.ID))
		}
		var row []component.TableCell
		for i, text := range []string{v.lineBy(names, c.By, c.At), then, c.Body.Fingerprint} {
			row = append(row, component.TableCell{Text: text, Attributes: component.Attrs{"data-heading": heads[i]}})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func proposePairing(v *visit) error {
	f := newPairingForms()
	if err := f.propose.Read(v.w, v.r); err != nil {
		return err
	}
	if lang := f.propose.Switched(); lang != "" {
		v.switchTo(lang)
	}
	if !f.propose.Valid() {
		return v.showPairing(statusOfForm(f.propose), f)
	}
	if v.mustProve() {
		return v.prove(pathPairing, v.r.PostForm)
	}
	if err := v.Desk.ProposePairing(v.ctx(), v.who, []byte(f.file.Value), f.read.Value); err != nil {
		return v.pairingFault(f, f.propose, map[string]form.Field{"fault.pair.fingerprint": f.read, "fault.pair.file": f.file, "fault.pair.not-the-peer": f.file}, err)
	}
	v.say("office.pairing.proposed")
	return v.to(pathPairing)
}

// pairingFault shows what does not fit beside the question it is about; nothing typed is lost.
func (v *visit) pairingFault(f *pairingForms, asked *form.Form, fields map[string]form.Field, err error) error {
	spoken := v.spoken(err)
	field, ours := fields[fault.KeyOf(spoken)]
	if !ours {
		return err
	}
	asked.Fail(field, &form.Message{Key: fault.KeyOf(spoken), Args: fault.ArgsOf(spoken)})
	return v.showPairing(http.StatusUnprocessableEntity, f)
}

func answerPairing(v *visit) error {
	f := newPairingForms()
	if err := f.answer.Read(v.w, v.r); err != nil {
		return err
	}
	if lang := f.answer.Switched(); lang != "" {
		v.switchTo(lang)
		return v.showPairing(http.StatusOK, f)
	}
	proposal, confirm := act.ID(v.r.PostForm.Get("proposal")), v.r.PostForm.Get("answer") == "confirm"
	if confirm && !f.answer.Valid() {
		return v.showPairing(statusOfForm(f.answer), f)
	}
	if confirm && v.mustProve() {
		return v.prove(pathPairing+"/answer", v.r.PostForm)
	}
	if err := v.Desk.AnswerPairing(v.ctx(), v.who, proposal, f.second.Value, confirm); err != nil {
		return v.pairingFault(f, f.answer, map[string]form.Field{"fault.pair.fingerprint": f.second}, err)
	}
	if !confirm {
		v.say("page.roster.dropped")
		return v.to(pathPairing)
	}
	return v.render("pairing_done", &PairedPage{Layout: v.layout(v.t("office.paired.title")), Peer: v.authority(v.Desk.Peer.Authority)})
}

// PairedPage is shown while the node opens again with the other authority's keys.
type PairedPage struct {
	Layout
	Peer string
}

// ownKeysFile is this authority's public keys, to be given to the other one.
func ownKeysFile(v *visit) error {
	if _, err := v.Desk.Pairings(v.ctx(), v.who); err != nil { // who may see the pairing may take the file
		return err
	}
	b, err := json.Marshal(v.Desk.OwnAuthority(), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+url.PathEscape(v.Desk.Authority)+`.pub.json"`)
	_, err = v.w.Write(append(b, '\n'))
	return err
}
