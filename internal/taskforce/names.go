package taskforce

import (
	"reflect"
	"strings"
)

// Commands holds the zero value of every command, for tables of policies and pages.
var Commands = []Command{
	ProposeMeasure{}, ChangeMeasure{}, AcceptMeasure{}, DeclineMeasure{}, WithdrawMeasure{}, AccountMeasure{}, AdviseMeasure{},
	CallMeeting{}, MoveMeeting{}, CancelMeeting{}, ProposeMinutes{}, AgreeMinutes{}, ReturnMinutes{}, WithdrawMinutes{},
	OpenTask{}, TakeTask{}, DeclineTask{}, WithdrawTask{}, AssignTask{}, MoveTask{}, CompleteTask{}, QuestionTask{}, CancelTask{},
	EscalateTask{}, ProposeCommitment{}, AcceptCommitment{}, DeclineCommitment{}, WithdrawCommitment{}, StateProgress{},
	OpenPosting{}, NominateOfficer{}, VetOfficer{}, ConsentToPosting{}, AccreditOfficer{}, RecordTraining{}, AcceptRules{},
	RecallPosting{}, ReportPosting{}, SeeReport{}, HandOverPost{}, TakeOverPost{},
	SetDuty{}, EndDuty{}, DraftMessage{}, ReviewMessage{}, SendMessage{}, ReadMessage{}, NoteCrossing{},
}

// Name is the command's name in policies and catalogues: "propose-measure" for ProposeMeasure.
func Name(c Command) string {
	var b strings.Builder
	for i, r := range reflect.TypeOf(c).Name() {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}
