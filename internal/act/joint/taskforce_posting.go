package joint

import "countersign/internal/act"

const (
	PostingOpened        act.Kind = "posting.opened"         // a post to be filled: host, mandate, powers, period
	PostingNominated     act.Kind = "posting.nominated"      // the home state names its officer
	PostingVetted        act.Kind = "posting.vetted"         // yes or no, nothing else
	PostingConsented     act.Kind = "posting.consented"      // the host agrees to receive this officer, or not
	PostingAccredited    act.Kind = "posting.accredited"     // the host's mandate and powers for this officer
	PostingTrained       act.Kind = "posting.trained"        // training of the host done
	PostingRulesAccepted act.Kind = "posting.rules-accepted" // the officer accepts the host's rules
	PostingReported      act.Kind = "posting.reported"       // activity report
	PostingReportSeen    act.Kind = "posting.report-seen"    // the supervisor has read it
	PostingRecalled      act.Kind = "posting.recalled"       // by either side, at once
	PostingHandedOver    act.Kind = "posting.handed-over"    // the outgoing officer hands over to the next
	PostingTakenOver     act.Kind = "posting.taken-over"     // the next officer has taken over
)

var postingKinds = act.Vocabulary{
	PostingOpened:        func() any { return new(Posting) },
	PostingNominated:     func() any { return new(PostingNominee) },
	PostingVetted:        func() any { return new(PostingVetting) },
	PostingConsented:     func() any { return new(PostingConsent) },
	PostingAccredited:    func() any { return new(PostingAccreditation) },
	PostingTrained:       func() any { return new(PostingTraining) },
	PostingRulesAccepted: func() any { return new(PostingRules) },
	PostingReported:      func() any { return new(PostingReport) },
	PostingReportSeen:    func() any { return new(PostingReportReceipt) },
	PostingRecalled:      func() any { return new(PostingRecall) },
	PostingHandedOver:    func() any { return new(PostingHandover) },
	PostingTakenOver:     func() any { return new(PostingTakeover) },
}

// Posting is a post at the other state. Post stays the same when one officer follows another.
type Posting struct {
	Post    act.ID   `json:"post"`
	Host    string   `json:"host"`
	Home    string   `json:"home"`
	Mandate act.ID   `json:"mandate"` // the measure of kind officer-exchange that it serves
	Title   Text     `json:"title"`
	Place   string   `json:"place,omitzero"` // crossing point, by its code; empty: an office
	Powers  []string `json:"powers"`         // advice, observation, executive
	From    string   `json:"from"`
	Until   string   `json:"until"`
}

// PostingNominee names the officer, who must have consented.
type PostingNominee struct {
	Officer   act.ID `json:"officer"`
	Consented string `json:"consented"` // the day on which the officer consented in writing
}

// PostingVetting is one side's vetting result. Grounds never cross.
type PostingVetting struct {
	Officer act.ID `json:"officer"`
	Passed  bool   `json:"passed"`
}

// PostingConsent is the host's answer about this officer. No reason is owed (as with any agrément).
type PostingConsent struct {
	Officer act.ID `json:"officer"`
	Given   bool   `json:"given"`
}

// PostingAccreditation is what the host lets this officer do, from when to when, and who supervises.
type PostingAccreditation struct {
	Officer    act.ID   `json:"officer"`
	Powers     []string `json:"powers"`
	Article    string   `json:"article,omitzero"` // the article that allows executive acts; only with them
	Supervisor act.ID   `json:"supervisor"`       // an officer of the host
	From       string   `json:"from"`
	Until      string   `json:"until"`
}

// PostingTraining is one training done before or during the posting.
type PostingTraining struct {
	Course string `json:"course"` // host-law, data-protection, fundamental-rights, safety, systems
	Date   string `json:"date"`
}

// PostingRules is the officer's acceptance of the host's rules, in the version shown.
type PostingRules struct {
	Version string `json:"version"`
	SHA256  string `json:"sha256"` // digest of the text accepted
}

// PostingReport is the activity report of a period: counts and a text without persons.
type PostingReport struct {
	From       string            `json:"from"`
	Until      string            `json:"until"`
	Activities []PostingActivity `json:"activities"`
	Summary    Text              `json:"summary"`
}

// PostingActivity counts one kind of work.
type PostingActivity struct {
	Code  string `json:"code"` // advice-given, checks-observed, interviews-observed, documents-examined, trainings-held, meetings
	Count int64  `json:"count"`
}

// PostingReportReceipt is the supervisor's receipt for a report, named by its act.
type PostingReportReceipt struct {
	Report act.ID `json:"report"`
}

// PostingRecall ends a posting at once. The reason is a code: what lies behind it does not cross.
type PostingRecall struct {
	Reason string `json:"reason"` // recalled-by-home, ended-by-host, officer-asked, nomination-withdrawn
}

// PostingHandover hands the post's open work to the posting that follows.
type PostingHandover struct {
	To    act.ID   `json:"to"`    // the next posting on the same post
	Tasks []act.ID `json:"tasks"` // open tasks handed over
	Note  Text     `json:"note"`  // state of the work; no persons
}

// PostingTakeover confirms a handover, named by its act.
type PostingTakeover struct {
	From     act.ID `json:"from"` // the posting handed over
	Handover act.ID `json:"handover"`
}
