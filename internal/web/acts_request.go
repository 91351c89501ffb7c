package web

import (
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/person"
	"countersign/internal/web/form"
)

// requestActs are the requesting state's acts towards the other state, from the application to the interview.
var requestActs = map[string]official{
	"request-readmission": {Group: "request", Step: casework.StepRequest, Crosses: true, Ask: func(a *asker) func() casework.Command {
		category := a.one("category", "category", casework.Categories)
		evidence := a.evidence(false)
		found := a.date("found", true, time.Time{}, a.now())
		interview := a.tick("interview")
		return func() casework.Command {
			return casework.RequestReadmission{Category: category(), Evidence: evidence(), Found: found(), Interview: interview()}
		}
	}},
	"notify-instead": {Group: "request", Step: casework.StepRequest, Crosses: true, Ask: func(a *asker) func() casework.Command {
		number := a.ours(func(d casework.Document) bool { return d.Type == person.Passport })
		return func() casework.Command { return casework.NotifyInstead{Number: number()} }
	}},
	"give-information": {Group: "request", Step: casework.StepRequest, Crosses: true,
		When: func(a *asker) bool { return openQuestion(a) != nil },
		Ask: func(a *asker) func() casework.Command {
			list := casework.MoreItems
			if q := openQuestion(a); q != nil {
				list = q.Items
			}
			items := a.many("items", "item", list)
			evidence := a.evidence(true)
			remark := a.remark()
			return func() casework.Command {
				return casework.GiveInformation{Items: items(), Evidence: evidence(), Remark: remark()}
			}
		}},
	"rely-on-deemed-consent": {Group: "request", Step: casework.StepDocument, Crosses: true, Final: true, Ask: none(casework.RelyOnDeemedConsent{}),
		When: func(a *asker) bool { return a.view.Next.Key == "case.next.rely" }},
	"arrange-interview": {Group: "request", Step: casework.StepRequest, Crosses: true, Ask: func(a *asker) func() casework.Command {
		at := a.instant("at", a.zone, false, time.Time{})
		channel := a.one("channel", "channel", casework.Channels)
		place := a.line("place", true)
		language := a.language("language", a.view.State.Support.Language)
		interpreter := a.yes("interpreter")
		monitor := a.tick("monitor")
		return func() casework.Command {
			return casework.ArrangeInterview{InterviewArranged: joint.InterviewArranged{At: at(), Channel: channel(), Place: place(), Language: language(),
				Interpreter: interpreter(), Monitor: monitor()}}
		}
	}, When: asked},
	"ask-criminal-record": {Group: "request", Step: casework.StepRequest, Crosses: true, When: asked, Ask: func(a *asker) func() casework.Command {
		basis := a.line("basis", false)
		purpose := a.one("purpose", "record-purpose", casework.RecordPurposes)
		return func() casework.Command { return casework.AskCriminalRecord{Basis: basis(), Purpose: purpose()} }
	}},
	"ask-transit": {Group: "request", Step: casework.StepRequest, Crosses: true,
		When: func(a *asker) bool {
			return a.view.State.Route == casework.OtherDestination && a.view.State.Booking() != nil
		},
		Ask: func(a *asker) func() casework.Command {
			states := a.line("states", true)
			return func() casework.Command {
				return casework.AskTransit{Agreement: a.Desk.Agreement.ID, To: a.Desk.Peer.Authority, States: places(strings.ToUpper(states()))}
			}
		}},
	"withdraw": {Group: "request", Crosses: true, Stays: true, Final: true, Stops: true, When: asked, Ask: func(a *asker) func() casework.Command {
		reason := a.one("reason", "end", casework.EndReasons)
		return func() casework.Command { return casework.Withdraw{Reason: reason()} }
	}},
	"reopen": {Group: "request", Step: casework.StepRequest, Crosses: true, Stays: true, Ask: func(a *asker) func() casework.Command {
		reason := a.one("reason", "reopen", casework.ReopenReasons)
		return func() casework.Command { return casework.Reopen{Reason: reason()} }
	}},
	"agree-take-back": {Group: "request", Crosses: true, Final: true, Ask: none(casework.AgreeTakeBack{})},
}

func openQuestion(a *asker) *casework.Question {
	if n := len(a.view.State.Questions); n > 0 && !a.view.State.Questions[n-1].Given.Is() {
		return &a.view.State.Questions[n-1]
	}
	return nil
}

// asked tells whether the other state holds an application or notification that stands.
func asked(a *asker) bool {
	return a.view.State.Request.Is() && !a.view.State.Withdrawn.Is()
}

// replyActs are the requested state's answers.
var replyActs = map[string]official{
	"ask-more-information": {Group: "reply", Crosses: true, When: unanswered, Ask: func(a *asker) func() casework.Command {
		items := a.many("items", "item", casework.MoreItems)
		remark := a.remark()
		return func() casework.Command { return casework.AskMoreInformation{Items: items(), Remark: remark()} }
	}},
	"extend-reply": {Group: "reply", Crosses: true, When: unanswered, Ask: func(a *asker) func() casework.Command {
		reason := a.one("reason", "extension", casework.ExtensionReasons)
		return func() casework.Command { return casework.ExtendReply{Reason: reason()} }
	}},
	"reply-confirm": {Group: "reply", Crosses: true, When: unanswered, Ask: func(a *asker) func() casework.Command {
		basis := a.one("basis", "basis", casework.Bases)
		document := a.yes("will-issue")
		remark := a.remark()
		return func() casework.Command {
			return casework.ReplyConfirm{Basis: basis(), Document: document(), Remark: remark()}
		}
	}},
	"reply-refuse": {Group: "reply", Crosses: true, Final: true, When: unanswered, Ask: func(a *asker) func() casework.Command {
		reason := a.one("reason", "refusal", casework.RefusalReasons)
		remark := a.remark()
		return func() casework.Command { return casework.ReplyRefuse{Reason: reason(), Remark: remark()} }
	}},
	"record-interview": {Group: "reply", Crosses: true,
		About: func(a *asker) []form.Option {
			var all []form.Option
			for _, i := range a.view.State.Interviews {
				if !i.Held.Is() && !i.Stopped.Is() {
					all = append(all, form.Option{Value: string(i.Arranged.ID), Text: a.moment(i.At)})
				}
			}
			return all
		},
		Ask: func(a *asker) func() casework.Command {
			at := a.past("at")
			attendees := a.number("attendees", 1, 20)
			interpreter := a.yes("interpreter")
			only := a.yes("only-identity")
			result := a.one("result", "interview", casework.InterviewResults)
			reason := a.maybe("reason", "refusal", casework.RefusalReasons)
			return func() casework.Command {
				return casework.RecordInterview{Interview: act.ID(a.about), InterviewResult: joint.InterviewResult{At: at(), Attendees: attendees(),
					Interpreter: interpreter(), OnlyIdentity: only(), Result: result(), Reason: reason()}}
			}
		}},
	"answer-criminal-record": {Group: "reply", Crosses: true, Final: true,
		About: func(a *asker) []form.Option {
			var all []form.Option
			for _, r := range a.view.State.Records {
				if !r.Answered.Is() {
					all = append(all, form.Option{Value: string(r.Asked.ID), Text: r.Basis})
				}
			}
			return all
		},
		Ask: func(a *asker) func() casework.Command {
			found := a.yes("found-record")
			type entry struct {
				category  func() string
				convicted func() person.Date
			}
			var entries []entry
			for _, n := range []string{"1", "2", "3"} {
				entries = append(entries, entry{a.maybe("category-"+n, "record-category", casework.RecordCategories), a.date("convicted-"+n, true, time.Time{}, a.now())})
			}
			return func() casework.Command {
				answer := joint.RecordAnswer{Found: found()}
				for _, e := range entries {
					if e.category() != "" {
						answer.Entries = append(answer.Entries, joint.RecordEntry{Category: e.category(), Convicted: e.convicted()})
					}
				}
				return casework.AnswerCriminalRecord{Request: act.ID(a.about), RecordAnswer: answer}
			}
		}},
	"answer-transit": {Group: "reply", Crosses: true, Final: true, When: func(a *asker) bool { return a.view.State.Transit != nil },
		Ask: func(a *asker) func() casework.Command {
			agreed := a.yes("agreed")
			reason := a.maybe("reason", "transit", casework.TransitReasons)
			return func() casework.Command {
				return casework.AnswerTransit{TransitAnswer: joint.TransitAnswer{Agreed: agreed(), Reason: reason()}}
			}
		}},
	"ask-take-back": {Group: "reply", Crosses: true, Final: true, When: func(a *asker) bool { return a.view.State.Accepted != nil },
		Ask: func(a *asker) func() casework.Command {
			evidence := a.evidence(false)
			return func() casework.Command { return casework.AskTakeBack{Evidence: evidence()} }
		}},
}

// unanswered tells whether an application waits for a reply.
func unanswered(a *asker) bool {
	return asked(a) && !a.view.State.Request.Notification && !a.view.State.Reply.Is()
}
