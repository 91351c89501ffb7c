package desk

import (
	"context"
	"encoding/base64"
	"slices"

	"countersign/internal/act"
	"countersign/internal/act/joint"
	"countersign/internal/casework"
	"countersign/internal/fault"
	"countersign/internal/paper"
	"countersign/internal/store"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/go-json-experiment/json/jsontext"
)

// PaperChoice is what an officer adds to a paper that the file does not hold.
type PaperChoice struct {
	Remedies []paper.Remedy // ways to challenge a refusal, each with its legal basis
	Transit  []string       // states of transit, ISO 3166-1 alpha-3
}

// Paper writes a paper of a case as data. The look is recorded first. A paper whose act the other state has not
// countersigned is a draft (pain K18); one that may be used carries the mark of its act.
func (d *Desk) Paper(ctx context.Context, who Session, id act.ID, kind paper.FormKind, more PaperChoice) (*paper.Form, error) {
	in, err := d.paperInput(ctx, who, id, "paper", kind)
	if err != nil {
		return nil, err
	}
	in.Remedies, in.Transit = more.Remedies, more.Transit
	f, err := paper.BuildForm(in)
	if err != nil || f.Draft() {
		return f, err
	}
	return f, d.mark(f)
}

// Papers lists the papers that can be written of a case now.
func (d *Desk) Papers(ctx context.Context, who Session, id act.ID) ([]*paper.Form, error) {
	in, err := d.paperInput(ctx, who, id, "papers", "")
	if err != nil {
		return nil, err
	}
	list := []*paper.Form{}
	for _, kind := range paper.FormKinds {
		in.Kind = kind
		if f, err := paper.BuildForm(in); err == nil {
			list = append(list, f)
		}
	}
	return list, nil
}

func (d *Desk) paperInput(ctx context.Context, who Session, id act.ID, view string, kind paper.FormKind) (paper.FormInput, error) {
	in := paper.FormInput{Kind: kind, Own: d.Authority, Agreement: d.Agreement, Law: d.Law}
	var err error
	if in.Events, err = d.eventsAbout(d.Store, id); err != nil {
		return in, err
	}
	if who.Posted { // joint acts and nothing of this state's own facts
		in.Events = slices.DeleteFunc(in.Events, func(e act.Event) bool { return e.Scope == act.Domestic })
	}
	if in.State = foldCase(in.Events); in.State.Case == "" {
		return in, fault.New(fault.Missing, "fault.case.missing")
	}
	if err := d.consultCase(ctx, who, "view-case", in.State, view); err != nil {
		return in, err
	}
	in.Officers, err = d.names()
	return in, err
}

// mark names the act of a paper and its place in the record.
func (d *Desk) mark(f *paper.Form) error {
	row, ok, err := store.FindAct(d.Store, f.Act.ID)
	if err != nil || !ok {
		return fault.New(fault.Missing, "fault.evidence.no-act").Because(err)
	}
	hash, err := f.Hash()
	if err != nil {
		return err
	}
	origin := d.originOf(row)
	signed, err := d.signedAct(d.Store, row)
	if err != nil {
		return err
	}
	leaf, err := signed.Leaf(origin)
	if err != nil {
		return err
	}
	f.Act.Mark = paper.Mark{Paper: f.Kind, Act: row.ID, Origin: origin, Index: row.Index, Leaf: paper.LeafHash(leaf), Hash: hash}
	if row.Scope != act.Joint {
		return nil // the domestic log is countersigned by nobody here
	}
	kept, ok, err := store.CountersignedHead(d.Store, row.Log, row.Index)
	if err != nil || !ok {
		return fault.New(fault.Unavailable, "fault.evidence.not-countersigned").Because(err)
	}
	root, err := tlog.TreeHash(kept.Size, store.HashReader{Q: d.Store, Log: row.Log})
	if err != nil {
		return err
	}
	f.Act.Mark.Size, f.Act.Mark.Root = kept.Size, base64.StdEncoding.EncodeToString(root[:])
	return nil
}

// originOf names the log in which an act is.
func (d *Desk) originOf(row store.ActRow) string {
	switch {
	case row.Scope == act.Domestic:
		return d.domestic
	case row.Officer.Authority == d.Peer.Authority:
		return d.peer
	}
	return d.stream
}

// Crossing is one act as the other state would see it.
type Crossing struct {
	Kind act.Kind       `json:"kind"`
	Body jsontext.Value `json:"body"` // canonical, the very bytes that would be sent
}

// Preview decides a command and signs nothing: it returns exactly what the other state would see, which may be
// nothing. What stays here is not in it. The look is recorded as a look at the case.
func (d *Desk) Preview(ctx context.Context, who Session, id act.ID, c casework.Command) ([]Crossing, error) {
	state, err := d.caseState(d.Store, id)
	if err != nil {
		return nil, err
	}
	if state.Case == "" {
		return nil, fault.New(fault.Missing, "fault.case.missing")
	}
	if err := d.allow(who, casework.Name(c), d.caseResource(d.Store, state, who)); err != nil {
		return nil, err
	}
	if err := d.consultCase(ctx, who, "view-case", state, "preview"); err != nil {
		return nil, err
	}
	env, err := d.env(d.Store, state)
	if err != nil {
		return nil, err
	}
	env.By, env.ID = who.Officer, state.Case // an identifier is made when it is signed
	statements, err := casework.Decide(state, c, env)
	if err != nil {
		return nil, err
	}
	crossing := []Crossing{}
	for _, s := range statements {
		if s.Scope != act.Joint {
			continue
		}
		body, err := joint.Vocabulary.Encode(s.Kind, s.Body)
		if err != nil {
			return nil, err
		}
		crossing = append(crossing, Crossing{Kind: s.Kind, Body: body})
	}
	return crossing, nil
}
