package api

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/store"
)

func missing(key string) error { return fault.New(fault.Missing, key) }

// RosterEntry is an officer of either authority who counts now.
type RosterEntry struct {
	Officer   act.ID `json:"officer"`
	Authority string `json:"authority"`
	Name      string `json:"name"`
	Role      string `json:"role"`
	Until     string `json:"until,omitempty" doc:"last day"`
	Bound     bool   `json:"bound" doc:"has an account at the provider"`
}

// RosterChange is a change that was proposed.
type RosterChange struct {
	Change  act.ID    `json:"change"`
	By      act.ID    `json:"by"`
	At      time.Time `json:"at"`
	Done    bool      `json:"done" doc:"confirmed or dropped"`
	Officer act.ID    `json:"officer,omitempty"`
	Name    string    `json:"name,omitempty"`
	Role    string    `json:"role,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	Binds   bool      `json:"binds" doc:"binds an account to the officer"`
	Team    string    `json:"team,omitempty"`
}

// TeamView is officers who work on each other's cases.
type TeamView struct {
	Team    act.ID   `json:"team"`
	Name    string   `json:"name"`
	Members []act.ID `json:"members"`
}

// Node is what runs here: under which agreement, paired with whom, with how much on its way.
type Node struct {
	Authority   string `json:"authority"`
	Peer        string `json:"peer"`
	Agreement   string `json:"agreement"`
	StandIn     bool   `json:"stand_in" doc:"the agreement's limits are not the agreed ones"`
	Law         string `json:"law" doc:"day from which the text of the law profile is used"`
	Fingerprint string `json:"fingerprint"`
	Paired      bool   `json:"paired"`
	RootWaits   int    `json:"root_waits" doc:"acts that are decided and wait for the root key, which is kept away from the node"`
}

type proposal struct{ domestic.RosterProposal }

type answerTo struct {
	Confirm bool `json:"confirm"`
}

type read struct {
	Keys string `json:"keys"`
	Read string `json:"read"`
}

type compared struct {
	Read    string `json:"read"`
	Confirm bool   `json:"confirm"`
}

const tagOffice, tagPeople = "administration", "people"

// administration registers roster, teams, accounts and pairing.
func (s *service) administration() {
	get(s, "node", "/node", tagOffice, "What runs here", s.node)
	get(s, "roster", "/roster", tagOffice, "Officers of both authorities", s.roster)
	get(s, "roster-changes", "/roster/changes", tagOffice, "Changes of the roster, the latest first", s.rosterChanges)
	get(s, "teams", "/teams", tagOffice, "Teams", s.teams)
	s.deeds(
		deed{"propose-roster-change", "/roster/changes", tagOffice, "Propose to enter, bind or end an officer, or to set a team", proposal{},
			func(ctx context.Context, who desk.Session, _ string, b any) error {
				return s.Desk.ProposeRosterChange(ctx, who, b.(proposal).RosterProposal)
			}},
		deed{"answer-roster-change", "/roster/changes/{id}/answer", tagOffice, "The second officer confirms a change of the roster, or drops it", answerTo{},
			func(ctx context.Context, who desk.Session, id string, b any) error {
				return s.Desk.AnswerRosterChange(ctx, who, act.ID(id), b.(answerTo).Confirm)
			}},
		deed{"propose-pairing", "/pairing", tagOffice, "The first officer compares the other authority's fingerprint", read{},
			func(ctx context.Context, who desk.Session, _ string, b any) error {
				return s.Desk.ProposePairing(ctx, who, []byte(b.(read).Keys), b.(read).Read)
			}},
		deed{"answer-pairing", "/pairing/{id}/answer", tagOffice, "The second officer compares it too, or drops the pairing", compared{},
			func(ctx context.Context, who desk.Session, id string, b any) error {
				return s.Desk.AnswerPairing(ctx, who, act.ID(id), b.(compared).Read, b.(compared).Confirm)
			}},
	)
	for _, c := range []casework.PeopleCommand{casework.ProposeMerge{}, casework.ConfirmMerge{}, casework.UndoMerge{}} {
		name := desk.PeopleAction(c)
		s.deeds(deed{name, "/people/acts/" + name, tagPeople, "Act: " + strings.ReplaceAll(name, "-", " "), c,
			func(ctx context.Context, who desk.Session, _ string, b any) error {
				c, ok := b.(casework.PeopleCommand)
				if !ok {
					return wrong(b)
				}
				_, err := s.Desk.People(ctx, who, c)
				return err
			}})
	}
}

func (s *service) node(ctx context.Context, in *registerless) (*body[Node], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	if _, err := s.Desk.Pairings(ctx, who); err != nil {
		return nil, err
	}
	waits, err := s.Desk.RootLines()
	if err != nil {
		return nil, err
	}
	a := s.Desk.Agreement
	return &body[Node]{Node{Authority: s.Desk.Authority, Peer: s.Desk.Peer.Authority, Agreement: a.ID + " " + a.Version.String(), StandIn: a.StandIn,
		Law: s.Desk.Law.Version, Fingerprint: s.Desk.OwnAuthority().Fingerprint(), Paired: s.Desk.Paired(), RootWaits: len(waits)}}, nil
}

type registerless struct {
	WithPurpose
	WithLanguage
}

func (s *service) roster(ctx context.Context, in *registerIn) (*body[Pages[RosterEntry]], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	if _, err := s.Desk.RosterChanges(ctx, who); err != nil { // whoever may see the changes may see the roster
		return nil, err
	}
	bound, err := s.Desk.BoundOfficers()
	if err != nil {
		return nil, err
	}
	var all []RosterEntry
	for _, authority := range []string{s.Desk.Authority, s.Desk.Peer.Authority} {
		roster, err := s.Desk.Officers(authority)
		if err != nil {
			return nil, err
		}
		for _, x := range roster {
			if x.Ended == 0 && x.Role != desk.RoleNode && x.Role != "root" {
				all = append(all, RosterEntry{x.Officer, authority, x.Name, x.Role, x.Until, authority == s.Desk.Authority && bound[x.Officer]})
			}
		}
	}
	slices.SortFunc(all, func(a, b RosterEntry) int {
		return cmp.Or(cmp.Compare(a.Authority, b.Authority), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Officer, b.Officer))
	})
	return paged(in.Page, "/roster", all, func(e RosterEntry) RosterEntry { return e }), nil
}

func (s *service) rosterChanges(ctx context.Context, in *registerIn) (*body[Pages[RosterChange]], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	all, err := s.Desk.RosterChanges(ctx, who)
	if err != nil {
		return nil, err
	}
	return paged(in.Page, "/roster/changes", all, func(c desk.RosterChange) RosterChange {
		out := RosterChange{Change: c.ID, By: c.By.ID, At: c.At.UTC(), Done: c.Done, Officer: c.Body.Officer, Name: c.Body.Name, Role: c.Body.Role, Reason: c.Body.Reason,
			Binds: c.Body.Subject != ""}
		if c.Body.Team != nil {
			out.Team = c.Body.Team.Name
		}
		return out
	}), nil
}

func (s *service) teams(ctx context.Context, in *registerIn) (*body[Pages[TeamView]], error) {
	who, err := session(ctx, in.Purpose)
	if err != nil {
		return nil, err
	}
	all, err := s.Desk.Teams(ctx, who)
	if err != nil {
		return nil, err
	}
	return paged(in.Page, "/teams", all, func(t store.Team) TeamView { return TeamView{t.ID, t.Name, t.Members} }), nil
}
