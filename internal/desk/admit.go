package desk

import (
	"time"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/taskforce"
)

// maxSkew is how far in the future an act may have been made by the receiver's clock.
const maxSkew = 5 * time.Minute

// admit checks all that must hold before an act of the peer takes effect here.
func (t *turn) admit(index int64, a incoming) (act.Event, error) {
	if a.invalid != nil {
		return act.Event{}, a.invalid
	}
	if err := t.admitEnvelope(a.envelope); err != nil {
		return act.Event{}, err
	}
	if err := t.admitSigner(index, a); err != nil {
		return act.Event{}, err
	}
	event := eventOf(a.envelope, a.body)
	event.Index = index
	if err := t.admitBody(event); err != nil {
		return event, err
	}
	return event, t.admitDomain(event)
}

func (t *turn) admitEnvelope(e act.Envelope) error {
	switch made := time.Time(e.Made); {
	case e.Scope != act.Joint:
		return fault.New(fault.Denied, "fault.exchange.not-joint")
	case e.Authority != t.Peer.Authority:
		return fault.New(fault.Denied, "fault.exchange.authority")
	case e.Agreement != t.Agreement.ID || e.Version != t.Agreement.Version.String():
		return fault.New(fault.Denied, "fault.exchange.agreement")
	case made.After(t.tx.Now.Add(maxSkew)):
		return fault.New(fault.Invalid, "fault.exchange.future")
	case !time.Time(e.ValidUntil).IsZero() && t.tx.Now.After(time.Time(e.ValidUntil)):
		return fault.New(fault.Late, "fault.exchange.expired")
	}
	if known, err := store.HasAct(t.tx, e.ID); err != nil {
		return err
	} else if known {
		return fault.New(fault.Conflict, "fault.exchange.replayed")
	}
	return t.admitSubject(e.Subject)
}

// admitSubject refuses what is about a person whose key was destroyed here: it could not be sealed, and one such
// act must not block the stream.
func (t *turn) admitSubject(subject act.ID) error {
	if subject == "" {
		return nil
	}
	if wrapped, found, err := t.tx.FindKey(string(subject)); err != nil || found && len(wrapped) == 0 {
		return fault.New(fault.Missing, "fault.vault.forgotten").Because(err)
	}
	return nil
}

// admitSigner judges the key at the act's position in the stream: root for what only root says, the node's own
// key for refusals, an officer's for all else.
func (t *turn) admitSigner(index int64, a incoming) error {
	e := a.envelope
	if joint.RootOnly(e.Kind) {
		if e.KeyID != act.KeyID(t.Peer.Root) {
			return fault.New(fault.Denied, "fault.roster.not-root")
		}
		return a.fits
	}
	signer, err := t.signer(e.KeyID)
	if err != nil {
		return err
	}
	roster := act.Roster{}
	if signer.Authority == t.Peer.Authority {
		roster[e.KeyID] = signer
	}
	if _, err := roster.At(e.KeyID, index, time.Time(e.Made).Format(time.DateOnly)); err != nil {
		return err
	}
	if signer.Officer != e.Officer || signer.Role != e.Role || joint.NodeSays(e.Kind) != (e.Role == RoleNode) {
		return fault.New(fault.Denied, "fault.roster.role", "role", e.Role)
	}
	if !a.key.Equal(signer.Key) { // entered after the batch was looked at: by an act before this one
		return a.signed.Verify(signer.Key)
	}
	return a.fits
}

// signer reads one key of the rosters; nobody's, when neither has it.
func (t *turn) signer(keyID string) (act.Signer, error) {
	s, _, err := store.FindSigner(t.tx, keyID)
	return s, err
}

// admitBody checks what settling relies on, so that nothing fails once the act is held as effective.
func (t *turn) admitBody(e act.Event) error {
	switch b := e.Body.(type) {
	case *joint.RosterEntry:
		return t.admitEntry(b)
	case *joint.RosterEnd:
		signer, err := t.signer(b.KeyID)
		if err == nil && signer.Authority != t.Peer.Authority {
			err = fault.New(fault.Denied, "fault.roster.unknown-key", "key", b.KeyID)
		}
		return err
	case *joint.KeyChange:
		return checkKey(b)
	case *joint.VersionFloor:
		if b.Version < 1 || b.Version > t.Speaks {
			return fault.New(fault.Invalid, "fault.exchange.floor")
		}
	case *joint.MirrorCount, *joint.ReleaseOffer:
		return admitRelease(b)
	case *joint.LinkTest:
		if len(b.Nonce) > 64 || len(b.Padding) > 8<<10 {
			return fault.New(fault.Invalid, "fault.act.too-large")
		}
	}
	return nil
}

func (t *turn) admitEntry(b *joint.RosterEntry) error {
	if _, err := rosterKey(b); err != nil {
		return err
	}
	if known, err := t.signer(b.KeyID); err != nil || known.Officer != "" {
		return fault.New(fault.Conflict, "fault.roster.known-key", "key", b.KeyID).Because(err)
	}
	if own, err := store.AuthorityOf(t.tx, b.Officer); err != nil || b.Officer != nodeOfficer && own != "" && own != t.Peer.Authority && b.Role != taskforce.PostedOfficer {
		return fault.New(fault.Denied, "fault.roster.officer").Because(err)
	}
	if err := t.admitPosted(b); err != nil {
		return err
	}
	if (b.Officer == nodeOfficer) != (b.Role == RoleNode) || b.Officer == "" || b.Role == "" {
		return fault.New(fault.Denied, "fault.roster.role", "role", b.Role)
	}
	return nil
}

// admitDomain checks what an act claims about its case: that there is one, and that this side of it writes
// this fact (design.md 5.1: every fact has one writer).
func (t *turn) admitDomain(e act.Event) error {
	if casework.IsHoliday(e.Kind) {
		return t.admitHoliday(e)
	}
	if !casework.IsJoint(e.Kind) {
		return nil
	}
	if e.Case == "" || e.Subject == "" {
		return fault.New(fault.Invalid, "fault.exchange.no-case")
	}
	before, err := t.caseState(t.tx, e.Case)
	if err != nil {
		return err
	}
	after := casework.Fold(before, e)
	switch n := len(after.Contested); {
	case after.Case == "":
		return fault.New(fault.Missing, "fault.exchange.no-case")
	case n > len(before.Contested) && after.Contested[n-1].Key == casework.ContestedWriter:
		return fault.New(fault.Denied, "fault.exchange.writer")
	}
	return nil
}
