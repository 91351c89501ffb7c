package truth

import (
	"slices"

	"countersign/internal/casework"
)

// invariant is one legal rule, in the words of the law and not of the profile.
type invariant struct {
	rule    string
	forbids func(f *Facts, step casework.Step) bool
}

// The steps by what they do. Holding a seat binds nobody; confirming it spends money and trust.
var (
	towardsPeer = []casework.Step{"request", "document", "hold-seat", "confirm", "announce", "lock", "depart", "handover"}
	fromConfirm = []casework.Step{"confirm", "announce", "lock", "depart", "handover"}
	leaving     = []casework.Step{"lock", "depart", "handover"}
)

func in(step casework.Step, list []casework.Step) bool { return slices.Contains(list, step) }

// barrier makes the rule of one barrier: nothing towards the other state, no seat, no journey.
func barrier(i int, rule string) invariant {
	return invariant{rule, func(f *Facts, step casework.Step) bool { return f.Barriers>>i&1 == 1 && in(step, towardsPeer) }}
}

// invariants are the legal rules, one each.
var invariants = []invariant{
	barrier(0, "asylum claim pending (NIAA 2002 s77)"),
	barrier(1, "further submissions (para 353)"),
	barrier(humanRights, "human-rights claim pending"),
	barrier(3, "in-country appeal pending (NIAA 2002 s78)"),
	barrier(4, "time to appeal running"),
	barrier(5, "court order"),
	barrier(6, "interim measure of the European Court of Human Rights"),
	barrier(8, "court proceedings about a child"),
	barrier(9, "trafficking: from the referral"),
	barrier(10, "trafficking: recovery period (NABA 2022 s61)"),
	barrier(11, "age dispute (NABA 2022 ss49-50)"),
	barrier(12, "real risk (Refugee Convention Art 33, ECHR Art 3)"),
	barrier(13, "stop order"),
	barrier(prosecution, "pending prosecution"),
	{"judicial review without an order, unless two officers let the departure pass", func(f *Facts, step casework.Step) bool {
		return f.Barriers>>judicialReview&1 == 1 && in(step, towardsPeer) && !(f.Override && step == "depart")
	}},
	{"unknown is closed: nobody looked, or too long ago, or did not find it clear", func(f *Facts, step casework.Step) bool {
		return f.Attested != "fresh" && in(step, towardsPeer)
	}},
	{"after a restore everything is unknown", func(f *Facts, step casework.Step) bool {
		return f.Restored && (in(step, towardsPeer) || step == "serve-notice" && !f.Willing)
	}},
	{"a child needs an own best-interests decision", func(f *Facts, step casework.Step) bool {
		return (f.Age == "child-undecided" || f.Age == "alone-undecided") && (step == "hold-seat" || in(step, fromConfirm))
	}},
	{"a child alone needs a confirmed reception", func(f *Facts, step casework.Step) bool {
		return f.Age == "alone-unreceived" && (step == "hold-seat" || in(step, fromConfirm))
	}},
	{"a valid travel document on the day, with margin", func(f *Facts, step casework.Step) bool {
		return (f.Document == "none" || f.Document == "short") && in(step, fromConfirm)
	}},
	{"the document travels along", func(f *Facts, step casework.Step) bool {
		return f.Document == "elsewhere" && (step == "depart" || step == "handover")
	}},
	{"notice understood, on person and representative, and over (IAA 1999 s10A)", func(f *Facts, step casework.Step) bool {
		return !f.Willing && f.Notice != "served" && in(step, fromConfirm) && step != "handover"
	}},
	{"where no law on notices was read, nobody is removed against their will (Albania)", func(f *Facts, step casework.Step) bool {
		return f.Law == "al" && !f.Willing && in(step, fromConfirm) && step != "handover"
	}},
	{"fit to travel", func(f *Facts, step casework.Step) bool { return f.Fit != "good" && in(step, leaving) }},
	{"a decision to remove somebody who does not want to go", func(f *Facts, step casework.Step) bool {
		return !f.Decision && !f.Willing && slices.Contains([]casework.Step{"serve-notice", "confirm", "lock", "depart"}, step)
	}},
	{"notification only for the willing", func(f *Facts, step casework.Step) bool {
		return f.Route == casework.NotificationOnly && !f.Willing && (step == "request" || in(step, fromConfirm))
	}},
	{"the other state agreed, by its word or its silence", func(f *Facts, step casework.Step) bool {
		unasked := f.Route == casework.NotificationOnly && f.Reply == "none"
		disagreed := f.Route == casework.Readmission && (f.Reply == "none" || f.Reply == "refused")
		return (unasked || disagreed) && in(step, fromConfirm)
	}},
	{"no new request when the agreement is not in force", func(f *Facts, step casework.Step) bool {
		return f.Route.TouchesPeer() && !f.InForce && step == "request"
	}},
	{"the other state expects the person and has nothing against it", func(f *Facts, step casework.Step) bool {
		told := f.Announced == "received" && f.Reply != "none"
		return f.Route.TouchesPeer() && !told && (step == "lock" || step == "depart")
	}},
	{"a family travels together", func(f *Facts, step casework.Step) bool {
		return f.Family == "apart" && (step == "confirm" || step == "lock" || step == "depart")
	}},
	{"nobody of a family leaves while another one is held", func(f *Facts, step casework.Step) bool {
		return f.Family == "held" && (step == "lock" || step == "depart")
	}},
}

// Forbidden names the first legal rule that forbids a step, or "".
func Forbidden(f *Facts, step casework.Step) string {
	for i := range invariants {
		if invariants[i].forbids(f, step) {
			return invariants[i].rule
		}
	}
	return ""
}

// Rules names every invariant of a law that the table can show. A quick table leaves some values out.
func Rules(law string, quick bool) []string {
	var list []string
	for i := range invariants {
		rule := invariants[i].rule
		if slices.Contains(unseen[law], rule) || quick && slices.Contains(unseen["quick"], rule) {
			continue
		}
		list = append(list, rule)
	}
	return list
}

// unseen are rules that no cell of a law's table can show.
var unseen = map[string][]string{
	"gb":    {"where no law on notices was read, nobody is removed against their will (Albania)"},
	"al":    {"human-rights claim pending", "pending prosecution", "judicial review without an order, unless two officers let the departure pass"},
	"quick": {"after a restore everything is unknown", "no new request when the agreement is not in force", "notification only for the willing"},
}
