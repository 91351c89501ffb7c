package access

// The expected outcome of every action and role, written by hand from the roles' duties and not from the
// policies: "+" allowed on a thing assigned to the officer, for a stated purpose. Whatever is not here is denied.
// cw caseworker, sc senior-caseworker, ro readmission-officer, es escort-officer, cl court-liaison, mo
// medical-officer, sp specialist, su supervisor, bo border-officer, co coordinator, st statistician, pr
// press-officer, in inspector, ad administrator.
const expected = `
open-case cw sc ro bo
search-before-create cw sc ro bo
request-readmission cw sc ro
notify-instead cw sc ro
give-information cw sc ro
ask-travel-document cw sc ro
return-document cw sc ro
cancel-document cw sc ro
record-document cw sc ro bo es
move-document cw sc ro bo es
record-consent cw sc ro
correct-person cw sc ro
propose-merge cw sc ro
confirm-merge sc su sp
undo-merge sc su sp
record-offender cw sc ro
serve-notice cw sc ro es
set-support cw sc ro sp
link-family cw sc ro sp
withdraw cw sc ro su cl sp
reopen sc ro
assign cw sc ro su
rely-on-deemed-consent sc ro
rely-on-common-document sc ro
review-text sc ro su
detain cw sc su
review-detention cw sc su
end-detention cw sc su es
hold-seat cw sc co
confirm-booking cw sc co
cancel-booking cw sc co es
lock-journey cw sc co
resume cw sc ro co su
notify-transfer cw sc ro co
verify-departure cw sc ro bo st
record-return cw sc st
correct-return cw sc st
retract-return cw sc st
close-case sc su
move-back sc su
recategorise sc su
settle-contest sc su
ask-more-information ro sc
extend-reply ro sc
reply-confirm ro sc
reply-refuse ro sc
issue-travel-document ro sc
arrange-interview cw sc ro
record-interview ro sc
ask-criminal-record sc su
ask-transit cw sc ro
answer-transit ro sc
answer-criminal-record ro sc
ask-take-back ro sc
agree-take-back sc ro
cancel-issued-document ro sc
acknowledge-arrival ro sc bo co
set-barrier cw sc ro es cl mo sp su bo co
attest cw sc ro es cl mo sp su bo co
record-certificate cw sc ro es cl mo sp su bo co
revoke-certificate cw sc ro es cl mo sp su bo co
propose-override cw sc ro es cl mo sp su bo co
confirm-override cw sc ro es cl mo sp su bo co
contest-fact cw sc ro es cl mo sp su bo co
withdraw-consent cw sc ro es cl mo sp su bo co
record-need cw sc ro es cl mo sp su bo co
end-need cw sc ro es cl mo sp su bo co
pause cw sc ro es cl mo sp su bo co
confirm-barrier cl sc sp
lift-barrier cw sc cl sp mo su
record-order cl sc
review-override su in
decide-separation sp
decide-best-interests sp
depart es bo co
offer-handover es bo co
accept-handover bo
decline-handover bo
refuse-at-port bo sc
view-case cw sc ro es cl mo sp su bo co in
view-person cw sc ro es cl mo sp su bo co in
view-barriers cw sc ro cl sp su in
view-joint-case in
view-work-list cw sc ro es cl mo sp su bo co in
search-register ro sc
decide-identity ro sc
propose-link ro sc
confirm-link su sp
undo-link su sp
evidence cw sc ro su in cl
propose-measure co su
change-measure co su
accept-measure co su
decline-measure co su
withdraw-measure co su
account-measure co su st
advise-measure cl sp su
propose-minutes co su
agree-minutes co su
return-minutes co su
withdraw-minutes co su
propose-commitment co su
accept-commitment co su
decline-commitment co su
withdraw-commitment co su
state-progress co su
note-crossing co su
call-meeting co su
move-meeting co su
cancel-meeting co su
assign-task co su
escalate-task co su
set-duty co su
end-duty co su
open-task co su sc ro bo st
take-task co su sc ro bo st
decline-task co su sc ro bo st
withdraw-task co su sc ro bo st
move-task co su sc ro bo st
complete-task co su sc ro bo st
question-task co su sc ro bo st
cancel-task co su sc ro bo st
draft-message co su sc ro bo es st
send-message co su sc ro bo es st
read-message co su sc ro bo es st
view-messages co su sc ro bo es st in
review-message su sc
view-measures co su sc ro bo es cl sp st pr in
view-tasks co su sc ro bo es cl sp st pr in
view-postings co su sc ro bo es cl sp st pr in
view-calendar co su sc ro bo es cl sp st pr in
declare-holiday su
open-posting co su
nominate-officer co su
vet-officer co su
consent-to-posting co su
accredit-officer co su
record-training co su
recall-posting co su in
see-report su co bo
accept-rules bo sc ro co su
report-posting
hand-over-post
take-over-post
open-check bo
record-finding bo
decide-check bo
view-check bo su in
view-alerts bo
review-refusal su
open-lane su
close-lane su
delegate-device su bo es
revoke-device su bo es
load-alerts su
count-returns st sc su co in
view-statistics st sc su co in pr
compare-mirror st sc su co in
propose-edition st
correct-edition st
confirm-edition su
publish-edition pr
check-claim pr st
enter-officer ad
end-officer ad
bind-officer ad
set-team ad
confirm-roster-change su
propose-pairing ad
confirm-pairing su
view-pairing ad su in
view-roster ad su in
configure-node ad
back-up ad
restore-node ad
view-health ad su co in
view-link ad su co in
view-consultations in su
review-emergency in su
sample-cases in
verify-record in ad su
write-note in
view-note in
release-sample in
file-complaint cw sc ro es cl mo sp su bo co in
settle-complaint in
`

var roles = map[string]string{"cw": "caseworker", "sc": "senior-caseworker", "ro": "readmission-officer",
	"es": "escort-officer", "cl": "court-liaison", "mo": "medical-officer", "sp": "specialist", "su": "supervisor",
	"bo": "border-officer", "co": "coordinator", "st": "statistician", "pr": "press-officer", "in": "inspector",
	"ad": "administrator", "counsel": "counsel", "posted": "posted-officer"}

// The same actions asked by other people or in other circumstances.
var cases = []struct {
	name    string
	request Request
	allowed bool
	policy  string
}{
	{"an unknown action is denied", ask("caseworker", "delete-case", "assigned"), false, UnknownAction},
	{"a wildcard is no action", ask("caseworker", "*", "assigned"), false, UnknownAction},
	{"an action is spelled exactly", ask("caseworker", "View-Case", "assigned"), false, UnknownAction},
	{"no purpose, no view (DPA 2018 s62)", Request{Principal: officer("caseworker"), Action: "view-person",
		Resource: Resource{Type: "person", Relation: "assigned"}}, false, NoPurpose},
	{"nobody", Request{Action: "view-person", Purpose: "purpose.casework"}, false, NoOfficer},
	{"an unknown role", ask("minister", "view-case", "assigned"), false, NotPermitted},
	{"a caseworker and another team's case", ask("caseworker", "view-case", "none"), false, NotPermitted},
	{"... acts on it neither", ask("caseworker", "request-readmission", "none"), false, NotPermitted},
	{"... no relation means none", ask("caseworker", "request-readmission", ""), false, NotPermitted},
	{"... for the team it may", ask("caseworker", "request-readmission", "team"), true, "work-on-own-case"},
	{"... in an emergency it may look, under a name of its own", for_("purpose.emergency", ask("caseworker", "view-case", "none")), true, "emergency-view"},
	{"... but sees no barriers then", for_("purpose.emergency", ask("caseworker", "view-barriers", "none")), false, NotPermitted},
	{"... and nobody reviews the own emergency", second(ask("supervisor", "review-emergency", "none"), "officer-1", "caseworker"), false, "second-officer-differs"},
	{"... and anyone may stop", ask("caseworker", "set-barrier", "none"), true, "anyone-may-stop"},
	{"a senior caseworker stands in", ask("senior-caseworker", "request-readmission", "none"), true, "work-on-any-case-of-the-authority"},
	{"counsel and the own client", ask("counsel", "view-case", "client"), true, "counsel-own-client"},
	{"counsel and somebody else", ask("counsel", "view-case", "none"), false, NotPermitted},
	{"counsel never sees the nature of barriers here", ask("counsel", "view-barriers", "client"), false, NotPermitted},
	{"the press officer and a person", ask("press-officer", "view-person", "assigned"), false, NotPermitted},
	{"an administrator and a case", ask("administrator", "view-case", "assigned"), false, "technical-staff-see-no-people"},
	{"nobody changes the own roster entry (K24)", ask("administrator", "enter-officer", "self"), false, NotPermitted},
	{"... nor confirms it", ask("supervisor", "confirm-roster-change", "self"), false, NotPermitted},
	{"... and gives the own entry no identity", ask("administrator", "bind-officer", "self"), false, NotPermitted},
	{"... nor a team with oneself in it", ask("administrator", "set-team", "self"), false, NotPermitted},
	{"one person pairs nothing", second(ask("supervisor", "confirm-pairing", "none"), "officer-1", "administrator"), false, "second-officer-differs"},
	{"another officer's device", ask("border-officer", "delegate-device", "none"), false, NotPermitted},
	{"a complaint in one's own unit", ask("supervisor", "settle-complaint", "team"), false, NotPermitted},
	{"a complaint in another unit", ask("supervisor", "settle-complaint", "none"), true, "settle-complaint"},
	{"an inspector's unreleased notes of another inspector", ask("inspector", "view-note", "none"), false, NotPermitted},
	{"an inspector changes nothing", ask("inspector", "set-barrier", "none"), false, NotPermitted},

	{"confirming one's own step", second(ask("senior-caseworker", "confirm-barrier", "assigned"), "officer-1", "court-liaison"), false, "second-officer-differs"},
	{"confirming a step of the same role", second(ask("senior-caseworker", "confirm-barrier", "assigned"), "officer-2", "senior-caseworker"), false, "second-officer-differs"},
	{"confirming another role's step", second(ask("senior-caseworker", "confirm-barrier", "assigned"), "officer-2", "court-liaison"), true, "senior-steps"},
	{"reviewing one's own message", second(ask("supervisor", "review-message", "team"), "officer-1", "coordinator"), false, "second-officer-differs"},

	{"a posted officer in a mandate sees measures", posted("view-measures", true, false), true, "posted-officer-view"},
	{"... and joint cases", posted("view-joint-case", true, false), true, "posted-officer-view"},
	{"... reports", posted("report-posting", true, false), true, "posted-officer-work"},
	{"... nothing domestic", posted("view-measures", true, true), false, "posted-officers-joint-only"},
	{"... not the case file", posted("view-case", true, false), false, "posted-officers-joint-only"},
	{"... nor barriers", posted("view-barriers", true, true), false, "posted-officers-joint-only"},
	{"... agrees to nothing", posted("accept-measure", true, false), false, "posted-officers-joint-only"},
	{"a posted officer without a mandate sees nothing", posted("view-measures", false, false), false, "posted-officers-joint-only"},
	{"... and reports nothing", posted("report-posting", false, false), false, "posted-officers-joint-only"},
	{"a host's role does not help a posted officer", wear(posted("view-case", true, false), "supervisor"), false, "posted-officers-joint-only"},
	{"the posted role without a posting", ask("posted-officer", "view-measures", "assigned"), false, NotPermitted},
	{"rules are accepted at home by the officer concerned", ask("border-officer", "accept-rules", "none"), false, NotPermitted},
	{"another authority's thing", of(ask("supervisor", "close-case", "assigned"), "al"), false, "one-authority"},
}

func officer(role string) Principal {
	p := Principal{}
	p.Officer.ID, p.Officer.Authority, p.Officer.Role = "officer-1", "gb", role
	return p
}

func ask(role, action, relation string) Request {
	return Request{Principal: officer(role), Action: action, Resource: Resource{Type: "case", Relation: relation},
		Purpose: "purpose.casework"}
}

func for_(purpose string, r Request) Request { r.Purpose = purpose; return r }

func of(r Request, authority string) Request { r.Resource.Authority = authority; return r }

func second(r Request, id, role string) Request {
	r.Resource.First.ID, r.Resource.First.Role = "officer-2", role
	if id == "officer-1" {
		r.Resource.First.ID = "officer-1"
	}
	return r
}

func posted(action string, mandate, domestic bool) Request {
	r := ask("posted-officer", action, "none")
	r.Principal.Posted, r.Principal.Home, r.Principal.Mandate, r.Resource.Domestic = true, "al", mandate, domestic
	return r
}

func wear(r Request, role string) Request { r.Principal.Officer.Role = role; return r }
