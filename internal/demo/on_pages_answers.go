package demo

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"countersign/internal/casework"
	"countersign/internal/person"
)

// answers are a command as its form asks for it; about is what the form is about, where it is about one of several.
func (w *World) answers(a *Authority, c casework.Command) (about string, v url.Values, err error) {
	v = url.Values{}
	for _, forms := range []func(*Authority, casework.Command, url.Values) (string, bool){gateAnswers, requestAnswers, paperAnswers, personAnswers, journeyAnswers} {
		if about, ok := forms(a, c, v); ok {
			return about, v, nil
		}
	}
	if c, ok := c.(casework.HoldSeat); ok {
		return "", v, w.seatAnswers(v, a, c.Booking)
	}
	return "", v, fmt.Errorf("the story does not know the form of %s", casework.Name(c))
}

func gateAnswers(a *Authority, c casework.Command, v url.Values) (about string, ok bool) {
	switch c := c.(type) {
	case casework.Attest:
		v.Set("looked-at", c.Findings[0].Evidence)
		for _, f := range c.Findings {
			v.Set("gate-"+f.Gate, map[bool]string{true: "clear", false: "not-clear"}[f.Clear])
		}
		return c.Point, true
	case casework.SetBarrier:
		put(v, map[string]string{"effect": c.Effect, "barrier-evidence": c.Evidence, "court-reference": c.Reference})
		tick(v, "oral", c.Oral)
		return c.Gate, true
	case casework.ConfirmBarrier:
		v.Set("barrier-evidence", c.Evidence)
		return string(c.Barrier), true
	case casework.LiftBarrier:
		v.Set("barrier-evidence", c.Evidence)
		return string(c.Barrier), true
	case casework.RecordCertificate:
		putDate(v, "until", person.DateOf(c.Until.In(a.Desk.Law.Location()).Add(-time.Second)))
		v.Set("certificate-evidence", c.Evidence)
		return c.Gate, true
	}
	return "", false
}

func requestAnswers(_ *Authority, c casework.Command, v url.Values) (about string, ok bool) {
	switch c := c.(type) {
	case casework.RequestReadmission:
		v.Set("category", c.Category)
		v["evidence"] = evidenceTypes(c.Evidence)
	case casework.NotifyInstead:
		v.Set("document", c.Number)
	case casework.AskMoreInformation:
		v["items"] = c.Items
	case casework.GiveInformation:
		v["items"] = c.Items
	case casework.ReplyConfirm:
		put(v, map[string]string{"basis": c.Basis, "will-issue": yes(c.Document)})
	case casework.Withdraw:
		v.Set("reason", c.Reason)
	case casework.RelyOnDeemedConsent:
	default:
		return "", false
	}
	return "", true
}

func paperAnswers(_ *Authority, c casework.Command, v url.Values) (about string, ok bool) {
	switch c := c.(type) {
	case casework.AskTravelDocument:
	case casework.IssueTravelDocument:
		documentAnswers(v, c.Document)
		tick(v, "one-journey", c.Document.OneJourney)
	case casework.RelyOnCommonDocument:
		documentAnswers(v, c.Document)
	case casework.RecordDocument:
		documentAnswers(v, c.Document)
		put(v, map[string]string{"holder": c.Holder, "genuine": yes(c.Genuine)})
	case casework.MoveDocument:
		put(v, map[string]string{"document": c.Number, "holder": c.Holder})
	default:
		return "", false
	}
	return "", true
}

func documentAnswers(v url.Values, d person.Document) {
	put(v, map[string]string{"type": d.Type, "document-number": d.Number, "issuer": d.Issuer})
	putDate(v, "valid-until", d.ValidUntil)
	if d.Issued.Exact() {
		putDate(v, "issued", d.Issued)
	}
}

func personAnswers(_ *Authority, c casework.Command, v url.Values) (about string, ok bool) {
	switch c := c.(type) {
	case casework.SetSupport:
		put(v, map[string]string{"language": c.Language, "interpreter": yes(c.Interpreter)})
	case casework.RecordConsent:
		put(v, map[string]string{"language": c.Language, "read-by": c.ReadBy, "understood": yes(c.Understood), "checked": c.Checked})
		tick(v, "assistance", c.Assistance)
	case casework.RecordNeed:
		v.Set("need", c.Type)
	case casework.LinkFamily:
		put(v, map[string]string{"family-case": string(c.Case), "relation": c.Relation})
	case casework.DecideBestInterests:
		put(v, map[string]string{"best-interests": yes(c.Return), "receiver": c.Receiver, "receiver-relation": c.Relation, "reception": yes(c.Reception)})
		putDate(v, "decided", c.Decided)
	case casework.RecordOffender:
		put(v, map[string]string{"offender": yes(c.Offender.Offender), "prosecution-pending": yes(c.Pending)})
		putDate(v, "sentence-ends", c.SentenceEnds)
		putDate(v, "deportation-order", c.DeportationOrder)
	case casework.RecordReturn:
	case casework.RetractReturn:
		v.Set("reason", c.Reason)
	default:
		return "", false
	}
	return "", true
}

func journeyAnswers(_ *Authority, c casework.Command, v url.Values) (about string, ok bool) {
	switch c := c.(type) {
	case casework.ServeNotice:
		v["papers"] = c.Papers
		put(v, map[string]string{"notice-route": c.Route, "to-whom": c.To, "language": c.Language, "read-by": c.ReadBy, "understood": yes(c.Understood),
			"checked": c.Checked, "method": c.Method, "proof": c.Proof})
	case casework.CancelBooking:
		v.Set("reason", c.Reason)
	case casework.NotifyTransfer:
		v.Set("luggage", strconv.Itoa(c.Luggage))
	case casework.AcknowledgeArrival:
		v.Set("ready", "ready")
	case casework.OfferHandover:
		put(v, map[string]string{"place": c.Place, "property": strconv.Itoa(c.Property), "medicine": yes(c.Medicine)})
	case casework.AcceptHandover:
		put(v, map[string]string{"property": strconv.Itoa(c.Property), "medicine": yes(c.Medicine)})
	case casework.ConfirmBooking, casework.LockJourney, casework.Depart:
	default:
		return "", false
	}
	return "", true
}

// put answers questions; one that is left open is not answered.
func put(v url.Values, answers map[string]string) {
	for name, value := range answers {
		if value != "" {
			v.Set(name, value)
		}
	}
}

func tick(v url.Values, name string, on bool) {
	if on {
		v.Set(name, "yes")
	}
}
