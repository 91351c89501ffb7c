package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/desk"
	"countersign/internal/taskforce"
	"countersign/internal/web/form"
	"countersign/internal/words"
)

// forceActs are the questions of every act of the task force, by its name in the policies. A nil command says that
// there is nothing to ask it about.
var forceActs = map[string]func(*forceAsker) func() taskforce.Command{
	"propose-measure": func(q *forceAsker) func() taskforce.Command {
		terms := q.terms(joint.MeasureTerms{})
		return func() taskforce.Command { return taskforce.ProposeMeasure{Terms: terms()} }
	},
	"amend-measure":  askAmend,
	"change-measure": askChange,
	"accept-measure": func(q *forceAsker) func() taskforce.Command {
		return func() taskforce.Command { return taskforce.AcceptMeasure{ID: q.id, Proposal: q.about} }
	},
	"decline-measure": func(q *forceAsker) func() taskforce.Command {
		reason := q.text("reason", joint.Text{})
		return func() taskforce.Command {
			return taskforce.DeclineMeasure{ID: q.id, Proposal: q.about, Reason: reason()}
		}
	},
	"withdraw-measure": func(q *forceAsker) func() taskforce.Command {
		return func() taskforce.Command { return taskforce.WithdrawMeasure{ID: q.id, Proposal: q.about} }
	},
	"account-measure": askAccount,
	"advise-measure": func(q *forceAsker) func() taskforce.Command {
		field := q.pick("advice-field", q.options("taskforce.option.", []string{"legal", "rights", "data-protection", "finance"}), "", false)
		advice := q.pick("advice", q.options("taskforce.option.", []string{"accept", "accept-with-changes", "decline"}), "", false)
		text := q.line("advice-text", "", false)
		return func() taskforce.Command {
			return taskforce.AdviseMeasure{ID: q.id, Advice: domestic.MeasureAdvice{Proposal: q.about, Field: field(), Advice: advice(), Text: text()}}
		}
	},
	"call-meeting": func(q *forceAsker) func() taskforce.Command {
		title, starts, ends := q.text("title", joint.Text{}), q.instant("starts"), q.instant("ends")
		place, first, second := q.text("place-text", joint.Text{}), q.text("agenda-1", joint.Text{}), q.texts("agenda-2", joint.Text{}, true)
		return func() taskforce.Command {
			return taskforce.CallMeeting{Call: joint.MeetingCall{Title: title(), Starts: starts(), Ends: ends(), Place: place(), Agenda: given(first(), second())}}
		}
	},
	"move-meeting": func(q *forceAsker) func() taskforce.Command {
		starts, ends, reason := q.instant("starts"), q.instant("ends"), q.text("reason", joint.Text{})
		return func() taskforce.Command {
			return taskforce.MoveMeeting{ID: q.id, Move: joint.MeetingMove{Starts: starts(), Ends: ends(), Reason: reason()}}
		}
	},
	"cancel-meeting": func(q *forceAsker) func() taskforce.Command {
		reason := q.text("reason", joint.Text{})
		return func() taskforce.Command { return taskforce.CancelMeeting{ID: q.id, Reason: reason()} }
	},
	"propose-minutes": askMinutes,
	"agree-minutes": func(q *forceAsker) func() taskforce.Command {
		return func() taskforce.Command { return taskforce.AgreeMinutes{ID: q.id, Proposal: q.about} }
	},
	"return-minutes": func(q *forceAsker) func() taskforce.Command {
		reason := q.text("reason", joint.Text{})
		return func() taskforce.Command {
			return taskforce.ReturnMinutes{ID: q.id, Proposal: q.about, Reason: reason()}
		}
	},
	"withdraw-minutes": func(q *forceAsker) func() taskforce.Command {
		return func() taskforce.Command { return taskforce.WithdrawMinutes{ID: q.id, Proposal: q.about} }
	},
	"open-task": func(q *forceAsker) func() taskforce.Command {
		title, owner, due := q.text("title", joint.Text{}), q.pick("owner", q.parties(), "", false), q.day("due", "")
		wanted, measure := q.text("wanted", joint.Text{}), q.pick("measure", q.measures(""), string(q.id), true)
		return func() taskforce.Command {
			return taskforce.OpenTask{Task: joint.Task{Title: title(), Owner: owner(), Due: due(), Evidence: wanted(), Measure: act.ID(measure())}}
		}
	},
	"take-task": func(q *forceAsker) func() taskforce.Command {
		officer := q.officer("officer", q.Desk.Authority, "", true)
		return func() taskforce.Command { return taskforce.TakeTask{ID: q.id, Officer: officer()} }
	},
	"assign-task": func(q *forceAsker) func() taskforce.Command {
		officer := q.officer("officer", q.Desk.Authority, "", false)
		return func() taskforce.Command { return taskforce.AssignTask{ID: q.id, Officer: officer()} }
	},
	"decline-task": func(q *forceAsker) func() taskforce.Command {
		reason := q.text("reason", joint.Text{})
		return func() taskforce.Command { return taskforce.DeclineTask{ID: q.id, Reason: reason()} }
	},
	"withdraw-task": func(q *forceAsker) func() taskforce.Command {
		reason := q.text("reason", joint.Text{})
		return func() taskforce.Command { return taskforce.WithdrawTask{ID: q.id, Reason: reason()} }
	},
	"cancel-task": func(q *forceAsker) func() taskforce.Command {
		reason := q.text("reason", joint.Text{})
		return func() taskforce.Command { return taskforce.CancelTask{ID: q.id, Reason: reason()} }
	},
	"move-task": func(q *forceAsker) func() taskforce.Command {
		due, reason := q.day("due", ""), q.text("reason", joint.Text{})
		return func() taskforce.Command { return taskforce.MoveTask{ID: q.id, Due: due(), Reason: reason()} }
	},
	"complete-task": func(q *forceAsker) func() taskforce.Command {
		kind, ref := q.pick("evidence-kind", q.options("taskforce.option.", []string{"document", "edition", "act", "minutes"}), "", false), q.line("reference", "", false)
		sum, note := q.line("digest", "", true), q.text("note", joint.Text{})
		return func() taskforce.Command {
			return taskforce.CompleteTask{ID: q.id, Evidence: []joint.TaskEvidence{{Kind: kind(), Ref: ref(), SHA256: sum(), Note: note()}}}
		}
	},
	"question-task": func(q *forceAsker) func() taskforce.Command {
		reason := q.text("reason", joint.Text{})
		return func() taskforce.Command {
			return taskforce.QuestionTask{ID: q.id, Reason: reason()}
		}
	},
	"escalate-task": func(q *forceAsker) func() taskforce.Command {
		level, reason := q.pick("level", q.options("taskforce.level.", []string{"1", "2", "3"}), "", false), q.text("reason", joint.Text{})
		return func() taskforce.Command {
			n, _ := strconv.Atoi(level())
			return taskforce.EscalateTask{ID: q.id, Level: n, Reason: reason()}
		}
	},
	"propose-commitment": func(q *forceAsker) func() taskforce.Command {
		promise, source, by := q.text("promise", joint.Text{}), q.text("source", joint.Text{}), q.many("owing", q.parties(), nil, false)
		due, wanted, stand := q.dayOr("due-line", "", true), q.text("wanted", joint.Text{}), q.yes("stand-in")
		return func() taskforce.Command {
			return taskforce.ProposeCommitment{ID: q.id, Entry: joint.Commitment{Source: source(), StandIn: stand(), Promise: promise(), By: by(), Due: due(), Evidence: wanted()}}
		}
	},
	"accept-commitment": func(q *forceAsker) func() taskforce.Command {
		return func() taskforce.Command { return taskforce.AcceptCommitment{ID: q.id, Proposal: q.about} }
	},
	"decline-commitment": func(q *forceAsker) func() taskforce.Command {
		reason := q.text("reason", joint.Text{})
		return func() taskforce.Command {
			return taskforce.DeclineCommitment{ID: q.id, Proposal: q.about, Reason: reason()}
		}
	},
	"withdraw-commitment": func(q *forceAsker) func() taskforce.Command {
		return func() taskforce.Command { return taskforce.WithdrawCommitment{ID: q.id, Proposal: q.about} }
	},
	"state-progress": func(q *forceAsker) func() taskforce.Command {
		status, on, statement := q.pick("progress", q.options("taskforce.commitment.", taskforce.CommitmentStates), "", false), q.day("as-of", q.today()), q.text("statement", joint.Text{})
		return func() taskforce.Command {
			return taskforce.StateProgress{ID: q.id, Progress: joint.CommitmentProgress{Status: status(), AsOf: on(), Statement: statement()}}
		}
	},
	"note-crossing": func(q *forceAsker) func() taskforce.Command {
		v := q.r.URL.Query()
		return func() taskforce.Command {
			return taskforce.NoteCrossing{Family: v.Get("family"), Case: q.id, Acts: [2]act.ID{act.ID(v.Get("first")), act.ID(v.Get("second"))}}
		}
	},
	"set-duty": func(q *forceAsker) func() taskforce.Command {
		function, desk := q.pick("function", q.options("taskforce.function.", taskforce.Functions), "", false), q.text("desk", joint.Text{})
		phone, email, from, until := q.line("phone", "", false), q.line("email", "", true), q.instant("starts"), q.instant("ends")
		return func() taskforce.Command {
			return taskforce.SetDuty{Entry: joint.Duty{Function: function(), Desk: desk(), Phone: phone(), Email: email(), From: from(), Until: until()}}
		}
	},
	"end-duty": func(q *forceAsker) func() taskforce.Command {
		return func() taskforce.Command {
			return taskforce.EndDuty{ID: q.id, At: q.Desk.Clock().Add(2 * time.Second)}
		}
	},
}

// given leaves out what was not written.
func given(all ...joint.Text) []joint.Text {
	return slices.DeleteFunc(all, func(t joint.Text) bool { return t == joint.Text{} })
}

// measures are those of a kind that may be named; empty: all.
func (q *forceAsker) measures(kind string) []form.Option {
	var all []form.Option
	for _, m := range sorted(q.state.Measures, func(m *taskforce.Measure) string { return m.Terms().From + string(m.ID) }) {
		if t := m.Terms(); m.Base() != "" && (kind == "" || t.Kind == kind) && m.StatusOn(q.today()) != taskforce.MeasureEnded {
			all = append(all, form.Option{Value: string(m.ID), Text: q.both(t.Title)})
		}
	}
	return all
}

// indicatorRows is how many figures the form of a measure asks for.
const indicatorRows = 3

// terms asks for the terms of a measure; an amendment begins with those agreed.
func (q *forceAsker) terms(was joint.MeasureTerms) func() joint.MeasureTerms {
	kind := q.pick("kind", q.options("taskforce.kind.", taskforce.MeasureKinds), was.Kind, false)
	title, objective := q.text("title", was.Title), q.text("objective", was.Objective)
	basis, from, until := q.basis(was.Basis), q.day("from", was.From), q.day("until", was.Until)
	var places []form.Option
	for _, code := range slices.Sorted(maps.Keys(q.Desk.Places())) {
		places = append(places, form.Option{Value: code, Text: q.Desk.Places()[code]})
	}
	where := q.many("places", places, was.Places, true)
	own := q.officer("owner-own", q.Desk.Authority, ownerOf(was, q.Desk.Authority), false)
	peer := q.officer("owner-peer", q.Desk.Peer.Authority, ownerOf(was, q.Desk.Peer.Authority), false)
	var rows []func() (joint.Indicator, bool)
	for i := range max(indicatorRows, len(was.Indicators)+1) {
		var x joint.Indicator
		if i < len(was.Indicators) {
			x = was.Indicators[i]
		}
		rows = append(rows, q.indicator(i, x))
	}
	resources := q.text("resources", was.Resources)
	risks := q.risks(was.Risks)
	return func() joint.MeasureTerms {
		t := joint.MeasureTerms{Kind: kind(), Title: title(), Objective: objective(), Basis: basis(), From: from(), Until: until(), Places: where(), Resources: resources(),
			Owners: []joint.MeasureOwner{{Authority: q.Desk.Authority, Officer: own()}, {Authority: q.Desk.Peer.Authority, Officer: peer()}}, Risks: risks()}
		slices.SortFunc(t.Owners, func(a, b joint.MeasureOwner) int { return cmp.Compare(a.Authority, b.Authority) })
		for _, row := range rows {
			if x, ok := row(); ok {
				t.Indicators = append(t.Indicators, x)
			}
		}
		return t
	}
}

// basis asks for the articles and commitments that a measure rests on: those agreed, and one more article. An article
// that is taken out of its field is taken off the measure.
func (q *forceAsker) basis(was []joint.MeasureBasis) func() []joint.MeasureBasis {
	var articles []string
	var promised []string
	for _, b := range was {
		if b.Article != "" {
			articles = append(articles, b.Article)
		} else {
			promised = append(promised, string(b.Commitment))
		}
	}
	var lines []func() string
	for i, a := range append(articles, "") {
		lines = append(lines, q.line(row("article", i), a, i > 0 || len(promised) > 0))
	}
	var known []form.Option
	for _, c := range sorted(q.state.Commitments, func(c *taskforce.Commitment) string { return string(c.ID) }) {
		if c.Entry != nil {
			known = append(known, form.Option{Value: string(c.ID), Text: q.both(c.Entry.Promise)})
		}
	}
	commitments := q.many("basis-commitments", known, promised, true)
	return func() []joint.MeasureBasis {
		var all []joint.MeasureBasis
		for _, line := range lines {
			if a := line(); a != "" {
				all = append(all, joint.MeasureBasis{Article: a})
			}
		}
		for _, c := range commitments() {
			all = append(all, joint.MeasureBasis{Commitment: act.ID(c)})
		}
		return all
	}
}

// risks asks for each risk to somebody's rights with its mitigation: those agreed, and one more. A risk is taken off
// only by emptying all its fields.
func (q *forceAsker) risks(was []joint.RightsRisk) func() []joint.RightsRisk {
	var rows []func() joint.RightsRisk
	for i, r := range append(slices.Clone(was), joint.RightsRisk{}) {
		right, harm, mitigation := q.line(row("right", i), r.Right, i > 0), q.texts(row("risk", i), r.Risk, i > 0), q.texts(row("mitigation", i), r.Mitigation, i > 0)
		rows = append(rows, func() joint.RightsRisk {
			return joint.RightsRisk{Right: right(), Risk: harm(), Mitigation: mitigation()}
		})
	}
	return func() []joint.RightsRisk {
		var all []joint.RightsRisk
		for _, row := range rows {
			if r := row(); r != (joint.RightsRisk{}) {
				all = append(all, r)
			}
		}
		return all
	}
}

// row names the questions of one line of a list; the first has the name alone.
func row(name string, i int) string {
	if i == 0 {
		return name
	}
	return name + "-" + strconv.Itoa(i+1)
}

func ownerOf(t joint.MeasureTerms, authority string) act.ID {
	for _, o := range t.Owners {
		if o.Authority == authority {
			return o.Officer
		}
	}
	return ""
}

func (q *forceAsker) indicator(i int, was joint.Indicator) func() (joint.Indicator, bool) {
	n := strconv.Itoa(i + 1)
	code := q.pick("indicator-"+n, q.options("taskforce.indicator.", taskforce.IndicatorCodes), was.Code, i > 0)
	target := q.number("target-"+n, 0, 100_000_000, i > 0)
	baseline := q.number("baseline-"+n, 0, 100_000_000, true)
	if was.Code != "" {
		q.fields[len(q.fields)-2].(*form.Number).Typed = strconv.FormatInt(was.Target, 10)
		if was.Baseline != nil {
			q.fields[len(q.fields)-1].(*form.Number).Typed = strconv.FormatInt(*was.Baseline, 10)
		}
	}
	return func() (joint.Indicator, bool) {
		x := joint.Indicator{Code: code()}
		x.Target, _ = target()
		if b, ok := baseline(); ok {
			x.Baseline = &b
		}
		return x, x.Code != ""
	}
}

func askAmend(q *forceAsker) func() taskforce.Command {
	m := q.state.Measures[q.id]
	if m == nil {
		return nil
	}
	from := q.day("change-from", q.today())
	terms, reason := q.terms(m.Terms()), q.text("reason", joint.Text{})
	return func() taskforce.Command {
		t := terms()
		return taskforce.ChangeMeasure{ID: q.id, Change: "amend", From: from(), Terms: &t, Reason: reason()}
	}
}

func askChange(q *forceAsker) func() taskforce.Command {
	change := q.pick("change", q.options("taskforce.change.", []string{"suspend", "resume", "end"}), "", false)
	from, reason := q.day("change-from", q.today()), q.text("reason", joint.Text{})
	return func() taskforce.Command {
		return taskforce.ChangeMeasure{ID: q.id, Change: change(), From: from(), Reason: reason()}
	}
}

// askAccount asks for the figures of the measure's own indicators; what is left open is not reported. What both states'
// records can count is not asked: it is taken from the record for the days of the account.
func askAccount(q *forceAsker) func() taskforce.Command {
	m := q.state.Measures[q.id]
	if m == nil {
		return nil
	}
	from, until := q.day("from", ""), q.day("until", "")
	var rows []func() (joint.IndicatorResult, bool)
	var counted []string
	for _, i := range m.Terms().Indicators {
		if desk.CountedJointly(i.Code) {
			counted = append(counted, i.Code)
			continue
		}
		n := &form.Number{Base: form.Base{Name: "result-" + i.Code, Label: "taskforce.indicator." + i.Code, Optional: true}, Max: 100_000_000}
		q.add(n)
		rows = append(rows, func() (joint.IndicatorResult, bool) {
			x, ok := n.Value()
			return joint.IndicatorResult{Code: i.Code, Value: int64(x)}, ok
		})
	}
	if len(counted) > 0 {
		var names []string
		for _, code := range counted {
			names = append(names, q.t("taskforce.indicator."+code))
		}
		q.intro = q.t("office.account.counted", "indicators", q.words.List(names))
	}
	summary := q.text("summary", joint.Text{})
	return func() taskforce.Command {
		a := joint.MeasureAccount{From: from(), Until: until(), Summary: summary()}
		for _, row := range rows {
			if x, ok := row(); ok {
				a.Results = append(a.Results, x)
			}
		}
		figures, err := q.Desk.MeasureFigures(q.ctx(), q.who, m.ID, a.From, a.Until)
		if err != nil {
			return taskforce.AccountMeasure{ID: q.id, Account: a} // the days do not hold together, which the act refuses
		}
		for _, code := range counted {
			if n, ok := figures[code][q.Desk.Authority]; ok {
				a.Results = append(a.Results, joint.IndicatorResult{Code: code, Value: n})
			}
		}
		return taskforce.AccountMeasure{ID: q.id, Account: a}
	}
}

// askMinutes asks for one text per point of the agenda, and for up to two decisions and two actions.
func askMinutes(q *forceAsker) func() taskforce.Command {
	m := q.state.Meetings[q.id]
	if m == nil {
		return nil
	}
	var items, decisions []func() joint.Text
	for i := range m.Agenda {
		items = append(items, q.item(i, m))
	}
	var actions []func() joint.MinutesAction
	for _, n := range []string{"1", "2"} {
		decisions = append(decisions, q.texts("decision-"+n, joint.Text{}, true))
	}
	for _, n := range []string{"1", "2"} {
		title, owner, due := q.texts("action-"+n, joint.Text{}, true), q.pick("action-owner-"+n, q.parties(), "", true), q.dayOr("action-due-"+n, "", true)
		actions = append(actions, func() joint.MinutesAction {
			return joint.MinutesAction{Title: title(), Owner: owner(), Due: due()}
		})
	}
	return func() taskforce.Command {
		var text joint.Minutes
		for _, x := range items {
			text.Items = append(text.Items, x())
		}
		for _, x := range decisions {
			if t := x(); t != (joint.Text{}) {
				text.Decisions = append(text.Decisions, joint.MinutesDecision{Text: t})
			}
		}
		for _, x := range actions {
			if a := x(); a.Title != (joint.Text{}) {
				text.Actions = append(text.Actions, a)
			}
		}
		return taskforce.ProposeMinutes{ID: q.id, Minutes: text}
	}
}

// item asks for the minutes of one point, which stands above the question.
func (q *forceAsker) item(i int, m *taskforce.Meeting) func() joint.Text {
	name := "item-" + strconv.Itoa(i+1)
	ask := func(lang, value string) *form.Long {
		l := &form.Long{Base: form.Base{Name: name + "-" + lang, Label: "taskforce.field.item-" + lang}, Rows: 4}
		q.add(l)
		return l
	}
	en, sq := ask("en", ""), ask("sq", "")
	return func() joint.Text { return joint.Text{EN: en.Value, SQ: sq.Value} }
}

// hostRules are the rules that a posted officer accepts, as they are shown: the digest is that of both texts.
func (q *forceAsker) hostRules() joint.PostingRules {
	sum := sha256.Sum256([]byte(q.Catalogues[words.English].Text("taskforce.page.rules.text") + "\n" + q.Catalogues[words.Albanian].Text("taskforce.page.rules.text")))
	return joint.PostingRules{Version: "2026-11", SHA256: hex.EncodeToString(sum[:])}
}
