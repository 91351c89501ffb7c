package schemas

import (
	"reflect"
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/person"
)

// jointCodes are the closed lists of the joint kinds of a return case, by kind and field. A code outside its
// list never leaves (casework refuses it) and is never taken.
var jointCodes = map[act.Kind]map[string][]string{
	joint.CaseRequested:         {"category": casework.Categories, "person.sex": person.Sexes, "evidence.document.type": person.DocumentTypes, "needs": casework.NeedTypes, "family.relation": casework.Relations},
	joint.CaseNotified:          {"person.sex": person.Sexes, "document.type": person.DocumentTypes, "needs": casework.NeedTypes},
	joint.CaseMoreAsked:         {"items": casework.MoreItems},
	joint.CaseMoreGiven:         {"items": casework.MoreItems, "evidence.document.type": person.DocumentTypes},
	joint.CaseReplyExtended:     {"reason": casework.ExtensionReasons},
	joint.CaseConfirmed:         {"basis": casework.Bases},
	joint.CaseRefused:           {"reason": casework.RefusalReasons},
	joint.CaseDocumentIssued:    {"document.type": person.DocumentTypes},
	joint.CaseAnnounced:         {"journey.means": casework.Means, "document.type": person.DocumentTypes, "needs": casework.NeedTypes},
	joint.CaseArrivalReady:      {"problem": casework.ArrivalProblems},
	joint.CaseOffered:           {"document.type": person.DocumentTypes},
	joint.CaseDeclined:          {"reason": casework.DeclineReasons},
	joint.CaseCorrected:         {"person.sex": person.Sexes},
	joint.CaseTakeBackAsked:     {"evidence.document.type": person.DocumentTypes},
	joint.CaseTakeBackAgreed:    {"evidence.document.type": person.DocumentTypes},
	joint.CaseInterviewArranged: {"channel": casework.Channels},
	joint.CaseInterviewHeld:     {"result": casework.InterviewResults, "reason": casework.RefusalReasons},
	joint.CaseRecordAsked:       {"purpose": casework.RecordPurposes},
	joint.HolidayWithdrawn:      {"reason": casework.HolidayReasons},
	joint.CaseTransitAsked:      {"person.sex": person.Sexes, "document.type": person.DocumentTypes, "journey.means": casework.Means},
	joint.CaseTransitAnswered:   {"reason": casework.TransitReasons},
	joint.CaseRecordAnswered:    {"entries.category": casework.RecordCategories},
}

// Joint describes the body of a joint kind; ok is false for a kind that is none.
func Joint(kind act.Kind) (s Schema, ok bool) {
	make, ok := joint.Vocabulary[kind]
	if !ok {
		return s, false
	}
	return Of(reflect.TypeOf(make()), jointCodes[kind]), true
}

// JointDocuments are the files of all joint kinds, by name.
func JointDocuments() (map[string][]byte, error) {
	all := map[string][]byte{}
	for _, kind := range joint.Vocabulary.Kinds() {
		s, _ := Joint(kind)
		b, err := Document("joint:"+string(kind), "Body of the joint act "+string(kind), s)
		if err != nil {
			return nil, err
		}
		all["joint."+string(kind)+".json"] = b
	}
	return all, nil
}

// JointCodes lists the fields of a kind that have a closed list.
func JointCodes(kind act.Kind) []string {
	var names []string
	for name := range jointCodes[kind] {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
