package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/taskforce"

	"github.com/go-json-experiment/json"
)

// Waiting is somebody whom the authority's provider knows and the roster does not. The person reads the reference to
// the administrator, who binds the identity to the right officer.
type Waiting struct {
	Key       string    `json:"-"`
	Reference string    `json:"-"`
	At        time.Time `json:"-"`
	Issuer    string    `json:"issuer"`
	Subject   string    `json:"subject"`
	Name      string    `json:"name"`
}

// subjectKey names an identity in tables and sessions without spelling it out.
func subjectKey(issuer, subject string) string {
	sum := sha256.Sum256([]byte(issuer + "\x00" + subject))
	return hex.EncodeToString(sum[:])
}

// OfficerOf is the officer to whom an identity at the provider is bound; empty if it is nobody's.
func (d *Desk) OfficerOf(_ context.Context, issuer, subject string) (act.ID, error) {
	return store.OfficerOfSubject(d.Store, subjectKey(issuer, subject))
}

// SignInBound opens the session of an officer who signed in with an identity, as long as that identity is the
// officer's: one that was bound to somebody else meanwhile is worth nothing.
func (d *Desk) SignInBound(ctx context.Context, id act.ID, key string) (Session, error) {
	officer, err := store.OfficerOfSubject(d.Store, key)
	if err != nil {
		return Session{}, err
	}
	if officer == "" || officer != id {
		return Session{}, fault.New(fault.Denied, "fault.roster.unbound")
	}
	return d.SignIn(ctx, id)
}

// Wait keeps an identity that is nobody's until an administrator has looked at it, and returns its reference. No act
// is made: nobody of this authority has said anything.
func (d *Desk) Wait(ctx context.Context, w Waiting) (reference string, err error) {
	w.Key = subjectKey(w.Issuer, w.Subject)
	reference = strings.ToUpper(w.Key[:4] + "-" + w.Key[4:8])
	plain, err := json.Marshal(w)
	if err != nil {
		return "", err
	}
	return reference, d.Store.Write(ctx, func(tx *store.Tx) error {
		sealed, err := d.Vault.Seal(tx, "", waitingPlace(w.Key), plain)
		if err != nil {
			return err
		}
		return tx.PutWaitingSubject(store.WaitingSubject{Key: w.Key, Reference: reference, Sealed: sealed, At: tx.Now})
	})
}

func waitingPlace(key string) string { return "waiting_subjects/" + key }

// WaitingSignIns lists who waits, for those who keep the roster.
func (d *Desk) WaitingSignIns(_ context.Context, who Session) ([]Waiting, error) {
	if err := d.allow(who, "view-roster", access.Resource{Type: "roster"}); err != nil {
		return nil, err
	}
	rows, err := store.WaitingSubjects(d.Store, d.Clock())
	if err != nil {
		return nil, err
	}
	var all []Waiting
	for _, row := range rows {
		plain, err := d.Vault.Open(d.Store, "", waitingPlace(row.Key), row.Sealed)
		if err != nil {
			return nil, err
		}
		w := Waiting{Key: row.Key, Reference: row.Reference, At: row.At}
		if err := json.Unmarshal(plain, &w, json.RejectUnknownMembers(true)); err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}

// BoundOfficers are the officers who can sign in with an identity at the provider.
func (d *Desk) BoundOfficers() (map[act.ID]bool, error) { return store.BoundOfficers(d.Store) }

// BindAtRoot binds an identity in the authority's own name: for the first officers, before there are two who could
// do it, and for the operator of the machine that holds the root key.
func (d *Desk) BindAtRoot(ctx context.Context, officer act.ID, issuer, subject string) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		t := d.turn(tx, Session{})
		p := domestic.RosterProposal{Officer: officer, Issuer: issuer, Subject: subject}
		if p.Subject == "" || p.Issuer == "" {
			return fault.New(fault.Invalid, "fault.case.needed", "field", "subject")
		}
		if err := t.rosterForm(&p); err != nil {
			return err
		}
		if _, err := t.append(act.Statement{Scope: act.Domestic, Kind: domestic.SubjectBound,
			Body: &domestic.Subject{Officer: officer, Issuer: p.Issuer, Subject: p.Subject}}, t.node(), t.Keys.Node); err != nil {
			return err
		}
		return t.close()
	})
}

// bindable tells whether an officer of this roster, or one who is accredited to come here, may be given an identity.
func (t *turn) bindable(id act.ID) error {
	roster, err := store.Roster(t.tx, t.Authority)
	if err != nil {
		return err
	}
	for _, s := range roster {
		if s.Officer == id && s.Ended == 0 && s.Role != RoleNode && s.Role != "root" {
			return nil
		}
	}
	f, err := t.forceNow()
	if err != nil {
		return err
	}
	for _, p := range f.state.Postings {
		if t.hosts(p) && p.Accredited != nil && p.Accredited.Officer == id && p.Recalled == nil {
			return nil
		}
	}
	return fault.New(fault.Missing, "fault.roster.no-officer")
}

// settleSubject lets a binding take effect; whoever had the identity or the officer before has it no longer.
func (t *turn) settleSubject(b *domestic.Subject) error {
	key := subjectKey(b.Issuer, b.Subject)
	if err := t.tx.PutSubject(key, b.Issuer, b.Officer); err != nil {
		return err
	}
	return t.tx.DropWaitingSubject(key)
}

// Expected are officers of the other state who are accredited to a posting here: they can be given an identity
// before their first day.
func (d *Desk) Expected() []act.ID {
	var all []act.ID
	for _, p := range d.force.durable.Load().state.Programme() {
		if d.hosts(p) && p.Accredited != nil && p.Recalled == nil {
			all = append(all, p.Accredited.Officer)
		}
	}
	return all
}

// OnDuty is who answers at an instant, by authority and function: telephone numbers of desks, nothing about a person.
func (d *Desk) OnDuty(at time.Time) []*taskforce.Duty { return d.force.durable.Load().state.OnDuty(at) }
