package web

import (
	"strings"

	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
)

// body says in a few words what an act holds beyond its kind. What needs more is on the act's own page.
func (v *visit) body(b any) string {
	var parts []string
	add := func(s string) {
		if strings.TrimSpace(s) != "" {
			parts = append(parts, s)
		}
	}
	switch x := b.(type) {
	case *joint.Request:
		add(v.code("category", x.Category))
		for _, e := range x.Evidence {
			add(v.code("evidence", e.Type))
		}
	case *joint.MoreAsked:
		add(v.codes("item", x.Items))
		add(x.Remark.Text)
	case *joint.MoreGiven:
		add(v.codes("item", x.Items))
		add(x.Remark.Text)
	case *joint.Extension:
		add(v.code("extension", x.Reason))
	case *joint.Confirmation:
		add(v.code("basis", x.Basis))
		add(x.Remark.Text)
	case *joint.Refusal:
		add(v.code("refusal", x.Reason))
		add(x.Remark.Text)
	case *joint.DocumentIssue:
		add(v.code("document", x.Document.Type) + " " + x.Document.Number)
	case *joint.Announcement:
		add(strings.TrimSpace(x.Journey.Carrier + " " + x.Journey.Number))
		add(x.Journey.From + " – " + x.Journey.To)
		add(v.moment(x.Journey.Departs))
	case *joint.Arrival:
		if x.Problem != "" {
			add(v.code("arrival", x.Problem))
		}
	case *joint.Decline:
		add(v.code("decline", x.Reason))
	case *joint.InterviewArranged:
		add(v.moment(x.At))
		add(v.code("channel", x.Channel))
	case *joint.InterviewResult:
		add(v.code("interview", x.Result))
	case *joint.TransitRequest:
		add(v.country(x.Destination))
		add(v.moment(x.Journey.Departs))
	case *joint.TransitAnswer:
		if x.Reason != "" {
			add(v.code("transit", x.Reason))
		}
	case *joint.Correction:
		add(v.fieldNames(x.Fields))
	default:
		v.ownBody(b, add)
	}
	return strings.Join(parts, " · ")
}

// ownBody is body for acts that stay here.
func (v *visit) ownBody(b any, add func(string)) {
	switch x := b.(type) {
	case *domestic.CaseOpening:
		add(v.t("case.route." + x.Route))
		add(v.code("encounter", x.Encounter.Route))
		add(x.Encounter.Place)
	case *domestic.Barrier:
		add(v.ruleName(x.Gate))
		add(v.code("effect", x.Effect))
		add(v.code("proofs", x.Evidence))
		add(x.Reference)
	case *domestic.BarrierStep:
		add(v.code("proofs", x.Evidence))
	case *domestic.Attestation:
		add(v.t("case.point." + x.Point))
		for _, f := range x.Findings {
			if !f.Clear {
				add(v.t("page.attested.not-clear", "gate", v.ruleName(f.Gate)))
			}
		}
		add(v.words.Count("page.attested.count", len(x.Findings)))
	case *domestic.Certificate:
		add(v.ruleName(x.Gate))
		add(v.t("page.gate.until", "date", v.words.Day(v.lastDay(x.Until))))
	case *domestic.Override:
		add(v.ruleName(x.Gate))
		add(v.code("override", x.Reason))
	case *domestic.Service:
		add(v.codes("paper", x.Papers))
		add(v.code("addressee", x.To))
		add(v.code("method", x.Method))
	case *domestic.HeldDocument:
		add(v.code("document", x.Document.Type) + " " + x.Document.Number)
	case *domestic.DocumentMove:
		add(x.Number)
		add(v.code("holder", x.Holder))
	case *domestic.DocumentEnd:
		add(x.Number)
		add(v.code("document-end", x.Reason))
	case *domestic.Booking:
		add(strings.TrimSpace(x.Carrier + " " + x.Number))
		add(v.moment(x.Departs))
	case *domestic.BookingStep:
		add(v.code("end", x.Reason))
	case *domestic.EndedAttempt:
		add(v.code("end", x.Reason))
	case *domestic.Detention:
		add(v.code("ground", x.Ground))
		add(x.Place)
	case *domestic.DetentionEnd:
		add(v.code("detention-end", x.How))
	case *domestic.Need:
		add(v.code("need", x.Type))
	case *domestic.NeedEnd:
		add(v.code("need", x.Type))
	case *domestic.PersonChange:
		add(v.fieldNames(x.Fields))
		add(v.code("change", x.Reason))
	case *domestic.Recategorisation:
		add(v.t("case.route." + x.To))
	case *domestic.MoveBack:
		add(v.t("case.step." + x.To))
		add(v.code("move", x.Reason))
	case *domestic.Closing:
		add(v.code("end", x.Reason))
	case *domestic.Review:
		add(x.Text)
	case *domestic.TextProposal:
		add(x.Text)
	case *domestic.StopRequest:
		add(x.Reason)
	case *domestic.StopAnswer:
		add(x.Reason)
	case *domestic.TextReturn:
		add(x.Reason)
	}
}

// ruleName is a gate's name as the law profile has it, for what is said about its barrier.
func (v *visit) ruleName(id string) string {
	if r, ok := v.Desk.Law.Gate(id); ok {
		return r.Name.In(string(v.words.Lang))
	}
	return id
}

func (v *visit) fieldNames(fields []string) string {
	var all []string
	for _, f := range fields {
		if key := "page.field." + strings.ReplaceAll(f, "_", "-"); v.words.Has(key) {
			all = append(all, v.t(key))
		}
	}
	return v.words.List(all)
}
