package demo

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/exchange"
	"countersign/internal/node"
	"countersign/internal/person"
	"countersign/internal/record"
	"countersign/internal/store"
)

// messages: what is malformed, cut off, repeated, re-ordered or altered is refused with its own reason, and
// leaves nothing half done.
func (s *Story) messages(ctx context.Context) error {
	before, err := s.AL.Desk.Held(ctx)
	if err != nil {
		return err
	}
	frame := bytes.Clone(s.toAL.last)
	for _, c := range []struct {
		key   string
		frame []byte
	}{
		{"story.messages.garbage", []byte("not a frame")}, {"story.messages.cut", frame[:len(frame)/2]},
		{"story.messages.altered", append(bytes.Clone(frame[:len(frame)-1]), frame[len(frame)-1]^1)},
		{"story.messages.oversized", make([]byte, exchange.MaxFrame+1)},
	} {
		status, _, err := post(s.AL.ExchangeURL(), c.frame)
		s.check(err == nil && status >= 400, c.key, "status", strconv.Itoa(status))
	}
	for range 3 {
		if status, err := s.toAL.replay(); err != nil || status != 200 {
			s.check(false, "story.messages.replayed")
		}
	}
	after, err := s.AL.Desk.Held(ctx)
	if err != nil {
		return err
	}
	s.check(after.Held == before.Held && bytes.Equal(after.Cosigned, before.Cosigned), "story.messages.replayed")
	return s.batches(ctx)
}

// batches: acts that do not lead to the head that was signed.
func (s *Story) batches(ctx context.Context) error {
	f := s.openOnPages(ctx, agim, casework.Readmission, "EAW", domestic.Encounter{Route: "other", Date: person.On(2025, 2, 20)})
	if err := f.attest(casework.StepRequest).gb("caseworker", casework.RequestReadmission{Category: "national", Evidence: []joint.Evidence{{Type: "own-statement"}}}).
		gb("caseworker", casework.Withdraw{Reason: "error"}).settled(); err != nil {
		return err
	}
	held, err := s.AL.Desk.Held(ctx)
	if err != nil {
		return err
	}
	b, err := s.GB.Desk.Outgoing(ctx, held.Held)
	if err != nil || len(b.Acts) < 2 {
		return err
	}
	swapped := b
	swapped.Acts = append([][]byte{b.Acts[1], b.Acts[0]}, b.Acts[2:]...)
	_, err = s.AL.Desk.Incoming(ctx, swapped)
	s.refused(err, "fault.exchange.inconsistent", "story.messages.reordered")
	forged := b
	forged.Acts = append([][]byte{bytes.Replace(b.Acts[0], []byte("own-statement"), []byte("own-documents"), 1)}, b.Acts[1:]...)
	_, err = s.AL.Desk.Incoming(ctx, forged)
	s.refused(err, "fault.exchange.inconsistent", "story.messages.forged")
	unsigned := b
	unsigned.Head = bytes.Replace(b.Head, []byte("\n"+strconv.FormatInt(held.Held+int64(len(b.Acts)), 10)+"\n"), []byte("\n7\n"), 1)
	_, err = s.AL.Desk.Incoming(ctx, unsigned)
	s.refused(err, "fault.head.signature", "story.messages.head")
	after, err := s.AL.Desk.Held(ctx)
	if err != nil {
		return err
	}
	noted, err := store.Refusals(s.AL.Store(), 100)
	if err != nil {
		return err
	}
	times := int64(0)
	for _, n := range noted {
		times += n.Times
	}
	s.check(after.Held == held.Held && times >= 4, "story.messages.noted", "count", s.words.Number(times))
	return s.Slot(ctx)
}

// outage: the link is cut for three days; work goes on at both ends; it heals, and both records agree.
func (s *Story) outage(ctx context.Context) error {
	f := s.openOnPages(ctx, bledar, casework.Readmission, "EAW", domestic.Encounter{Route: "other", Date: person.On(2025, 2, 20)})
	if err := f.request(joint.Evidence{Type: "identity-card"}).settled(); err != nil {
		return err
	}
	s.toAL.setCut(true)
	s.toGB.setCut(true)
	_, err := s.GB.Push(ctx)
	s.refused(err, "fault.exchange.unreachable", "story.outage.cut")
	for range 3 {
		s.Clock.Advance(24 * time.Hour)
		if err := s.Slot(ctx); err != nil {
			return err
		}
	}
	if err := f.al("readmission-officer", casework.ReplyConfirm{Basis: "proof"}).gb("caseworker", casework.Withdraw{Reason: "error"}).settled(); err != nil {
		return err
	}
	s.did("story.outage.work")
	s.toAL.setCut(false)
	s.toGB.setCut(false)
	if err := s.Slot(ctx); err != nil {
		return err
	}
	return s.agree(ctx, f)
}

// agree checks that each node holds the other's stream as the other has it, and that the crossing acts led to
// the same case on both sides: the withdrawal counts.
func (s *Story) agree(ctx context.Context, f *flow) error {
	for _, p := range [][2]*Authority{{s.GB, s.AL}, {s.AL, s.GB}} {
		own, err := p[0].Desk.Heads(ctx)
		if err != nil {
			return err
		}
		held, err := p[1].Desk.Heads(ctx)
		if err != nil {
			return err
		}
		s.check(own[0] == held[1], "story.outage.agree", "authority", s.words.Text("authority."+p[0].Authority), "count", s.words.Number(own[0].Size))
	}
	ours, _, err := f.view(s.GB, "caseworker")
	if err != nil {
		return err
	}
	theirs, _, err := f.view(s.AL, "readmission-officer")
	if err != nil {
		return err
	}
	s.check(ours.Outcome() == casework.Withdrawn && theirs.Outcome() == casework.Withdrawn, "story.outage.crossed")
	return nil
}

// proof: a bundle that proves the handover to somebody who trusts neither state, and one changed byte.
func (s *Story) proof(ctx context.Context) error {
	view, err := s.AL.Desk.ViewCase(ctx, s.AL.As("readmission-officer"), s.handed)
	if err != nil || view.State.Accepted == nil {
		return err
	}
	bundle, err := s.bundleOnPage(view.State.Accepted.ID)
	if err != nil {
		return err
	}
	if err := s.leave(bundle); err != nil {
		return err
	}
	verdict, err := record.Verify(bundle, s.GB.Public, s.AL.Public)
	if err != nil {
		return err
	}
	s.check(verdict.OK() && verdict.Kind == string(joint.CaseAccepted), "story.proof.holds", "kind", verdict.Kind, "checks", strconv.Itoa(len(verdict.Checks)))
	s.did("story.proof.command", "command", s.command())
	wrong := 0
	caught := 0
	for i := 0; i < len(bundle); i += 97 {
		changed := bytes.Clone(bundle)
		changed[i] ^= 1
		if bytes.Equal(bytes.TrimSpace(changed), bytes.TrimSpace(bundle)) {
			continue
		}
		wrong++
		if v, err := record.Verify(changed, s.GB.Public, s.AL.Public); err != nil || !v.OK() {
			caught++
		}
	}
	s.check(wrong > 20 && caught == wrong, "story.proof.changed", "count", strconv.Itoa(wrong))
	return s.inspected()
}

// inspected: the inspector asks nobody, sees who looked at the case, and can change nothing.
func (s *Story) inspected() error {
	page, who := "/cases/"+string(s.handed), s.GB.As("caseworker")
	for _, role := range []string{who.Officer.Role, "inspector"} {
		v, err := s.Browser(s.GB, role)
		if err == nil {
			_, err = v.Open(page)
		}
		if err != nil {
			return err
		}
	}
	inspector, err := s.Browser(s.GB, "inspector")
	if err != nil {
		return err
	}
	looks, err := inspector.Open("/looks")
	s.check(err == nil && strings.Contains(looks.Words(), who.Name), "story.proof.inspected", "name", who.Name)
	_, err = inspector.Open(page + "/act/withdraw")
	s.refused(err, "fault.access.denied", "story.proof.inspector")
	return nil
}

// bundleOnPage takes the proof of an act from its page, as a readmission officer does.
func (s *Story) bundleOnPage(event act.ID) ([]byte, error) {
	v, err := s.Browser(s.AL, "readmission-officer")
	if err != nil {
		return nil, err
	}
	page := "/cases/" + string(s.handed) + "/acts/" + string(event)
	file, err := v.Fill(page, page, nil)
	return []byte(file.Body), err
}

// leave writes the bundle and both authorities' public keys, for whoever wants to check them.
func (s *Story) leave(bundle []byte) error {
	for _, a := range []*Authority{s.GB, s.AL} {
		if err := node.WritePublic(s.proofs, a.Public); err != nil {
			return err
		}
	}
	return os.WriteFile(s.bundle(), bundle, 0o600)
}

func (s *Story) bundle() string { return filepath.Join(s.proofs, "evidence.json") }

// command checks the bundle on any machine.
func (s *Story) command() string {
	return fmt.Sprintf("countersign verify %s --keys %s --keys %s", s.bundle(),
		filepath.Join(s.proofs, node.PublicName(GB)), filepath.Join(s.proofs, node.PublicName(AL)))
}
