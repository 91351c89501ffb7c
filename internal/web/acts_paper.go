package web

import (
	"time"

	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/person"
)

func consented(a *asker) bool {
	s := &a.view.State
	return s.Reply.Positive || s.Relied.Is() || s.Route == casework.NotificationOnly && s.Request.Is()
}

func hasPapers(a *asker) bool {
	for _, d := range a.view.State.Documents {
		if !d.Cancelled.Is() {
			return true
		}
	}
	return false
}

func hasPeerPapers(a *asker) bool {
	for _, d := range a.view.State.Documents {
		if !d.Cancelled.Is() && d.Peer {
			return true
		}
	}
	return false
}

// paperActs are about travel documents: asking, issuing, where the paper is, taking it out of use.
var paperActs = map[string]official{
	"ask-travel-document": {Group: "paper", Step: casework.StepDocument, Crosses: true, When: consented, Ask: func(a *asker) func() casework.Command {
		on := a.date("travel-on", true, a.now(), time.Time{})
		return func() casework.Command { return casework.AskTravelDocument{TravelOn: on()} }
	}},
	"issue-travel-document": {Group: "paper", Crosses: true, When: consented, Ask: func(a *asker) func() casework.Command {
		document := a.document([]string{person.LaissezPasser, person.Passport}, a.Desk.Law.State)
		one := a.tick("one-journey")
		return func() casework.Command {
			d := document()
			if d.OneJourney = one(); d.OneJourney {
				d.From, d.To = "GBR", a.Desk.Law.State
			}
			return casework.IssueTravelDocument{Document: d}
		}
	}},
	"rely-on-common-document": {Group: "paper", Step: casework.StepDocument, Crosses: true, Final: true, When: consented, Ask: func(a *asker) func() casework.Command {
		document := a.document([]string{person.StandardTD}, a.Desk.Law.State)
		return func() casework.Command { return casework.RelyOnCommonDocument{Document: document()} }
	}},
	"record-document": {Group: "paper", Ask: func(a *asker) func() casework.Command {
		document := a.document(person.DocumentTypes, "ALB")
		holder := a.one("holder", "holder", casework.Holders)
		place := a.line("place", true)
		genuine := a.yes("genuine")
		return func() casework.Command {
			return casework.RecordDocument{HeldDocument: domestic.HeldDocument{Document: document(), Accepted: []string{a.view.State.Destination},
				Holder: holder(), Place: place(), Genuine: genuine()}}
		}
	}},
	"move-document": {Group: "paper", When: hasPapers, Ask: func(a *asker) func() casework.Command {
		number := a.ours(func(casework.Document) bool { return true })
		holder := a.one("holder", "holder", casework.Holders)
		place := a.line("place", true)
		return func() casework.Command {
			return casework.MoveDocument{DocumentMove: domestic.DocumentMove{Number: number(), Holder: holder(), Place: place()}}
		}
	}},
	"cancel-document": {Group: "paper", Final: true, When: hasPapers, Ask: func(a *asker) func() casework.Command {
		number := a.ours(func(casework.Document) bool { return true })
		reason := a.one("reason", "document-end", casework.DocumentEnds)
		return func() casework.Command {
			return casework.CancelDocument{DocumentEnd: domestic.DocumentEnd{Number: number(), Reason: reason()}}
		}
	}},
	"return-document": {Group: "paper", Crosses: true, Final: true, When: hasPeerPapers, Ask: func(a *asker) func() casework.Command {
		number := a.ours(func(d casework.Document) bool { return d.Peer })
		reason := a.one("reason", "document-end", casework.DocumentEnds)
		return func() casework.Command { return casework.ReturnDocument{Number: number(), Reason: reason()} }
	}},
	"cancel-issued-document": {Group: "paper", Crosses: true, Final: true, When: hasPeerPapers, Ask: func(a *asker) func() casework.Command {
		number := a.ours(func(d casework.Document) bool { return d.Peer })
		return func() casework.Command { return casework.CancelIssuedDocument{Number: number()} }
	}},
}
