package casework

// Commands lists the zero value of every command, in the order of a return. Policies, guides and tests read it;
// people's merges have commands of their own (DecidePeople).
func Commands() []Command {
	return []Command{
		OpenCase{}, Assign{}, CorrectPerson{}, RecordNeed{}, EndNeed{}, SetSupport{}, LinkFamily{}, DecideSeparation{}, DecideBestInterests{},
		RecordOffender{}, Detain{}, ReviewDetention{}, EndDetention{}, RecordConsent{}, WithdrawConsent{}, Recategorise{}, MoveBack{},
		SetBarrier{}, ConfirmBarrier{}, LiftBarrier{}, Attest{}, RecordCertificate{}, RevokeCertificate{}, ProposeOverride{}, ConfirmOverride{},
		ReviewOverride{}, ContestFact{}, SettleContest{}, RecordOrder{}, ReviewText{},
		RequestReadmission{}, NotifyInstead{}, AskMoreInformation{}, GiveInformation{}, ExtendReply{}, ArrangeInterview{}, RecordInterview{},
		ReplyConfirm{}, ReplyRefuse{}, RelyOnDeemedConsent{}, AskCriminalRecord{}, AnswerCriminalRecord{},
		AskTravelDocument{}, IssueTravelDocument{}, RelyOnCommonDocument{}, RecordDocument{}, MoveDocument{}, CancelDocument{}, CancelIssuedDocument{}, ReturnDocument{},
		HoldSeat{}, ServeNotice{}, ConfirmBooking{}, CancelBooking{}, NotifyTransfer{}, AcknowledgeArrival{}, Pause{}, Resume{}, LockJourney{}, Depart{},
		OfferHandover{}, AcceptHandover{}, DeclineHandover{}, Withdraw{}, Reopen{}, RefuseAtPort{}, VerifyDeparture{},
		RecordReturn{}, CorrectReturn{}, RetractReturn{}, AskTakeBack{}, AgreeTakeBack{}, AskTransit{}, AnswerTransit{}, CloseCase{},
	}
}
