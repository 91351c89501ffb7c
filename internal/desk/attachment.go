package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
	"countersign/internal/paper"
	"countersign/internal/store"
)

// maxAttached is what the files of one case may hold together.
const maxAttached = 64 << 20

// Attach keeps a file of a case, sealed under the person's key, and binds it by its hash in the same
// transaction. What is kept is the cleaned file, not what was given.
func (d *Desk) Attach(ctx context.Context, who Session, id act.ID, title, claimed string, raw []byte) (domestic.Attachment, error) {
	var a domestic.Attachment
	kind, clean, err := checkAttachment(title, claimed, raw)
	if err != nil {
		return a, err
	}
	return a, d.perform(ctx, who, func(t *turn) error {
		_, a, err = t.attach(id, title, kind, clean)
		return err
	})
}

// AttachOnce is Attach with a key.
func (d *Desk) AttachOnce(ctx context.Context, who Session, id act.ID, title, claimed string, raw []byte, o Once) (r store.AnswerRow, repeated bool, err error) {
	kind, clean, err := checkAttachment(title, claimed, raw) // outside the transaction: drawing takes time
	if err != nil {
		return r, false, err
	}
	return d.once(ctx, who, o, func(t *turn) (Done, error) {
		events, err := t.eventsAbout(t.tx, id)
		if err != nil {
			return Done{}, err
		}
		e, _, err := t.attach(id, title, kind, clean)
		return Done{Case: id, Acts: e, Version: int64(len(events) + len(e))}, err
	})
}

func checkAttachment(title, claimed string, raw []byte) (kind string, clean []byte, err error) {
	if !slices.Contains(paper.AttachmentTitles, title) {
		return "", nil, fault.New(fault.Invalid, "fault.attachment.title", "allowed", strings.Join(paper.AttachmentTitles, ", "))
	}
	return paper.CleanAttachment(claimed, raw)
}

func (t *turn) attach(id act.ID, title, kind string, clean []byte) ([]act.Event, domestic.Attachment, error) {
	a := domestic.Attachment{Title: title, Type: kind, Size: len(clean)}
	state, err := t.caseState(t.tx, id)
	if err != nil {
		return nil, a, err
	}
	if state.Case == "" {
		return nil, a, fault.New(fault.Missing, "fault.case.missing")
	}
	if err := t.allow("record-document", t.caseResource(t.tx, state, t.who)); err != nil {
		return nil, a, err
	}
	if total, err := store.AttachedBytes(t.tx, id); err != nil || total+int64(len(clean)) > maxAttached {
		return nil, a, fault.New(fault.Invalid, "fault.attachment.too-many", "limit", fmt.Sprint(maxAttached>>20)).Because(err)
	}
	if a.Attachment, err = NewID(t.Entropy.Domestic); err != nil {
		return nil, a, err
	}
	h := sha256.Sum256(clean)
	a.SHA256 = hex.EncodeToString(h[:])
	sealed, err := t.Vault.Seal(t.tx, string(state.Person), attachmentPlace(a.Attachment), clean)
	if err != nil {
		return nil, a, err
	}
	if err := t.tx.PutAttachment(store.AttachmentRow{ID: a.Attachment, About: id, Subject: state.Person, Size: int64(len(clean)), Sealed: sealed}); err != nil {
		return nil, a, err
	}
	body := a
	events, err := t.say(act.Statement{Scope: act.Domestic, Kind: domestic.AttachmentAdded, Subject: state.Person, Case: id, Body: &body})
	return events, a, err
}

func attachmentPlace(id act.ID) string { return "attachments/" + string(id) }

// Attachments lists the files of a case; the look is recorded first.
func (d *Desk) Attachments(ctx context.Context, who Session, id act.ID) ([]domestic.Attachment, error) {
	list, _, err := d.attachments(ctx, who, id)
	return list, err
}

func (d *Desk) attachments(ctx context.Context, who Session, id act.ID) (list []domestic.Attachment, person act.ID, err error) {
	events, err := d.eventsAbout(d.Store, id)
	if err != nil {
		return nil, "", err
	}
	state := foldCase(events)
	if state.Case == "" || who.Posted {
		return nil, "", fault.New(fault.Missing, "fault.case.missing")
	}
	if err := d.consultCase(ctx, who, "view-person", state, "attachments"); err != nil {
		return nil, "", err
	}
	list = []domestic.Attachment{}
	health := d.allow(who, "view-barriers", d.caseResource(d.Store, state, who)) == nil
	for _, e := range events {
		if a, ok := e.Body.(*domestic.Attachment); ok && (health || !natureTitles[a.Title]) {
			list = append(list, *a)
		}
	}
	return list, state.Person, nil
}

// natureTitles are files that tell the nature of a barrier or a diagnosis.
var natureTitles = map[string]bool{"court-paper": true, "medical-certificate": true, "other": true}

// Attachment opens one file of a case and checks it against the act that binds it.
func (d *Desk) Attachment(ctx context.Context, who Session, id, attachment act.ID) (domestic.Attachment, []byte, error) {
	list, person, err := d.attachments(ctx, who, id)
	if err != nil {
		return domestic.Attachment{}, nil, err
	}
	i := slices.IndexFunc(list, func(a domestic.Attachment) bool { return a.Attachment == attachment })
	if i < 0 {
		return domestic.Attachment{}, nil, fault.New(fault.Missing, "fault.attachment.missing")
	}
	row, ok, err := store.FindAttachment(d.Store, attachment)
	if err != nil || !ok {
		return list[i], nil, fault.New(fault.Missing, "fault.attachment.missing").Because(err)
	}
	plain, err := d.Vault.Open(d.Store, string(person), attachmentPlace(attachment), row.Sealed)
	if err != nil {
		return list[i], nil, err
	}
	if h := sha256.Sum256(plain); hex.EncodeToString(h[:]) != list[i].SHA256 {
		return list[i], nil, fault.New(fault.Conflict, "fault.attachment.changed")
	}
	return list[i], plain, nil
}
