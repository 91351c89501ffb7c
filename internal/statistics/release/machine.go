// Package release makes a statistical release: the rules of its publication, its content, its files and
// its proof. Equal input gives equal bytes, so that anyone can compute a release again from the same record
// and compare.
//
// A release is announced, drafted, quality-assured by another officer, shown before publication only to
// named readers, published at the announced minute and after that changed only by a noted correction.
//
// It never reads a clock, never writes a file and never signs: time, folder and signer are the caller's.
package release

import (
	"slices"
	"strconv"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/fault"
)

// Phase is where a release stands.
type Phase string

const (
	None       Phase = ""
	Announced  Phase = "announced"
	Drafted    Phase = "drafted"
	Assured    Phase = "quality-assured"
	PreRelease Phase = "pre-release"
	Published  Phase = "published"
	Corrected  Phase = "corrected"
)

// Steps of a release, as domestic.ReleaseStep names them.
const (
	StepAnnounce = "announced"
	StepDraft    = "drafted"
	StepAssure   = "quality-assured"
	StepGrant    = "pre-release-granted"
	StepAccess   = "pre-release-accessed"
	StepPublish  = "published"
	StepDecide   = "findings-decided"
	StepRedraft  = "correction-drafted"
	StepCorrect  = "corrected"
)

// Rules of publication (facts/statistics.md, section 6: Code of Practice for Statistics, orderly release).
const (
	Notice         = 28 * 24 * time.Hour // the date is announced four weeks ahead
	EarliestAccess = 24 * time.Hour      // before publication, for readers on the list
)

// Zone is where 09:30 is 09:30; the caller gives the location of the publishing state.
type Zone = *time.Location

// State is a release as its steps have made it.
type State struct {
	Release  string
	Kind     string // KindJoint or empty
	Phase    Phase
	First    string // quarters
	Last     string
	Country  string
	At       time.Time // the announced minute
	Digest   string    // of the manifest
	Drafter  act.ID
	Assurer  act.ID
	Readers  []Reader
	Accesses []Access
	Notes    []Note
	Draft    domestic.ReleaseStep // the newest draft: what it was counted from
	Open     int                  // findings of that draft
	Decided  []Decision
	Pending  *Pending // a correction that another officer has yet to confirm
	Shown    time.Time
}

// Decision is an officer's word that the findings of a draft do not stand against publication.
type Decision struct {
	Officer act.ID
	At      time.Time
	Digest  string
	Note    string
}

// Pending is a drafted correction.
type Pending struct {
	Digest, Note string
	Drafter      act.ID
}

// Settled tells whether the findings of a draft have been decided.
func (s *State) Settled(digest string) bool {
	return s.Open == 0 || slices.ContainsFunc(s.Decided, func(d Decision) bool { return d.Digest == digest })
}

// Public tells whether the release has been published.
func (s *State) Public() bool { return s.Phase == Published || s.Phase == Corrected }

// Reader may see the release before publication, for a stated purpose.
type Reader struct {
	Officer act.ID
	Purpose string
}

// Access is one look before publication. The list is published with the release.
type Access struct {
	Officer act.ID
	At      time.Time
}

// Note is a correction as published.
type Note struct {
	At     time.Time
	Text   string
	Digest string // of the corrected manifest
}

// Decide checks a step and returns it for signing.
func Decide(s State, step domestic.ReleaseStep, by act.Officer, now time.Time, zone Zone) (domestic.ReleaseStep, error) {
	deny := func(key string, args ...string) (domestic.ReleaseStep, error) {
		return step, fault.New(fault.Denied, key, append([]string{"release", step.Release}, args...)...)
	}
	if s.Phase != None && step.Release != s.Release {
		return deny("fault.release.other")
	}
	if !slices.Contains(allowed[step.Step], s.Phase) {
		return deny("fault.release.order", "step", step.Step, "phase", string(s.Phase))
	}
	switch step.Step {
	case StepAnnounce:
		return step, announce(step, now, zone)
	case StepDraft:
		if step.Digest == "" {
			return deny("fault.release.digest")
		}
	case StepAssure:
		switch {
		case step.Digest != s.Digest:
			return deny("fault.release.changed")
		case by.ID == s.Drafter: // a two-officer step (design.md, 5.4)
			return deny("fault.release.same-officer")
		case !s.Settled(s.Digest):
			return deny("fault.release.open", "count", strconv.Itoa(s.Open))
		}
	case StepDecide:
		digest, drafter := s.Digest, s.Drafter
		if s.Pending != nil {
			digest, drafter = s.Pending.Digest, s.Pending.Drafter
		}
		switch {
		case s.Open == 0 || s.Phase != Drafted && s.Pending == nil:
			return deny("fault.release.nothing-open")
		case step.Note == "":
			return deny("fault.release.note")
		case step.Digest != digest:
			return deny("fault.release.changed")
		case by.ID == drafter:
			return deny("fault.release.same-officer")
		}
	case StepGrant:
		if step.Officer == "" || step.Purpose == "" {
			return deny("fault.release.reader")
		}
	case StepAccess:
		if !slices.ContainsFunc(s.Readers, func(r Reader) bool { return r.Officer == by.ID }) {
			return deny("fault.release.not-listed")
		}
		if now.Before(s.At.Add(-EarliestAccess)) {
			return deny("fault.release.too-early", "from", s.At.Add(-EarliestAccess).Format(time.RFC3339))
		}
	case StepPublish:
		switch {
		case step.Digest != s.Digest:
			return deny("fault.release.changed")
		case now.Before(s.At):
			return deny("fault.release.too-early", "from", s.At.Format(time.RFC3339))
		}
	case StepRedraft:
		if step.Note == "" || step.Digest == "" || step.Digest == s.Digest {
			return deny("fault.release.note")
		}
	case StepCorrect:
		switch {
		case s.Pending == nil || step.Digest != s.Pending.Digest || step.Note != s.Pending.Note:
			return deny("fault.release.changed")
		case by.ID == s.Pending.Drafter:
			return deny("fault.release.same-officer")
		case !s.Settled(step.Digest):
			return deny("fault.release.open", "count", strconv.Itoa(s.Open))
		}
	}
	return step, nil
}

// allowed says from which phases a step may be taken.
var allowed = map[string][]Phase{
	StepAnnounce: {None},
	StepDraft:    {Announced, Drafted}, // a draft may be made again until it is assured
	StepAssure:   {Drafted},
	StepGrant:    {Assured, PreRelease},
	StepAccess:   {PreRelease},
	StepPublish:  {Assured, PreRelease},
	StepDecide:   {Drafted, Published, Corrected},
	StepRedraft:  {Published, Corrected},
	StepCorrect:  {Published, Corrected},
}

func announce(step domestic.ReleaseStep, now time.Time, zone Zone) error {
	at, err := time.Parse(time.RFC3339, step.At)
	if err != nil {
		return fault.New(fault.Invalid, "fault.release.at", "value", step.At)
	}
	local := at.In(zone)
	switch {
	case local.Hour() != 9 || local.Minute() != 30 || local.Second() != 0, local.Weekday() == time.Saturday, local.Weekday() == time.Sunday:
		return fault.New(fault.Invalid, "fault.release.at", "value", step.At)
	case at.Before(now.Add(Notice)):
		return fault.New(fault.Late, "fault.release.notice")
	}
	return nil
}

// Fold applies a step that was signed.
func Fold(s State, step domestic.ReleaseStep, by act.Officer, at time.Time) State {
	s.Release = step.Release
	switch step.Step {
	case StepAnnounce:
		s.Phase, s.Kind, s.First, s.Last, s.Country = Announced, step.Kind, step.First, step.Last, step.Country
		s.At, _ = time.Parse(time.RFC3339, step.At) // Decide has read it
	case StepDraft:
		s.Phase, s.Digest, s.Drafter, s.Draft, s.Open = Drafted, step.Digest, by.ID, step, step.Open
	case StepDecide:
		s.Decided = append(slices.Clone(s.Decided), Decision{by.ID, at, step.Digest, step.Note})
	case StepRedraft:
		s.Pending, s.Draft, s.Open = &Pending{step.Digest, step.Note, by.ID}, step, step.Open
	case StepAssure:
		s.Phase, s.Assurer = Assured, by.ID
	case StepGrant:
		s.Phase = PreRelease
		s.Readers = append(slices.Clone(s.Readers), Reader{step.Officer, step.Purpose})
	case StepAccess:
		s.Accesses = append(slices.Clone(s.Accesses), Access{by.ID, at})
	case StepPublish:
		s.Phase, s.Shown = Published, at
	case StepCorrect:
		s.Phase, s.Digest, s.Pending = Corrected, step.Digest, nil
		s.Notes = append(slices.Clone(s.Notes), Note{at, step.Note, step.Digest})
	}
	return s
}
