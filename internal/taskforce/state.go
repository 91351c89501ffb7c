package taskforce

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"countersign/internal/act"
	"countersign/internal/act/domestic"

	"github.com/go-json-experiment/json"
)

// State is all that a node knows about the task force. Its records are replaced, never changed, so a reader
// may keep one while acts are folded.
type State struct {
	Parties [2]string // the two authorities, the smaller name first

	Measures    map[act.ID]*Measure
	Meetings    map[act.ID]*Meeting
	Tasks       map[act.ID]*Task
	Commitments map[act.ID]*Commitment
	Postings    map[act.ID]*Posting
	Duties      map[act.ID]*Duty
	Messages    map[act.ID]*Message

	Drafts map[act.ID]*Draft    // domestic: messages that wait for a second officer, by message
	Advice map[act.ID][]Advice  // domestic: one's own advice, by measure
	Access map[act.ID][]Session // domestic: the host's evidence of access opened and closed, by posting

	histories map[thing]history
	streams   map[string]int64
	origins   map[act.ID][]origin // tasks that come from minutes, by task
	named     map[act.ID][]act.ID // tasks that the agreed minutes of a meeting name, by meeting
}

// thing names what an act is about. The family is part of it, so that two things with one id stay apart.
type thing struct {
	family string
	id     act.ID
}

// Advice is one's own advice on a proposal.
type Advice struct {
	Officer act.Officer
	domestic.MeasureAdvice
}

// New returns the empty state of the two authorities.
func New(a, b string) State {
	if b < a {
		a, b = b, a
	}
	return State{Parties: [2]string{a, b},
		Measures: map[act.ID]*Measure{}, Meetings: map[act.ID]*Meeting{}, Tasks: map[act.ID]*Task{},
		Commitments: map[act.ID]*Commitment{}, Postings: map[act.ID]*Posting{}, Duties: map[act.ID]*Duty{},
		Messages: map[act.ID]*Message{}, Drafts: map[act.ID]*Draft{}, Advice: map[act.ID][]Advice{},
		Access: map[act.ID][]Session{}, histories: map[thing]history{}, streams: map[string]int64{},
		origins: map[act.ID][]origin{}, named: map[act.ID][]act.ID{}}
}

// Clone returns a state that can be folded further without changing s.
func (s State) Clone() State {
	s.Measures, s.Meetings, s.Tasks = maps.Clone(s.Measures), maps.Clone(s.Meetings), maps.Clone(s.Tasks)
	s.Commitments, s.Postings = maps.Clone(s.Commitments), maps.Clone(s.Postings)
	s.Duties, s.Messages, s.Drafts = maps.Clone(s.Duties), maps.Clone(s.Messages), maps.Clone(s.Drafts)
	s.Advice, s.Access = maps.Clone(s.Advice), maps.Clone(s.Access)
	s.histories, s.streams = maps.Clone(s.histories), maps.Clone(s.streams)
	s.origins, s.named = maps.Clone(s.origins), maps.Clone(s.named)
	return s
}

// Fold applies one act. Like append it takes s over: go on with what it returns (or Clone first). It must be
// given every joint act of both streams, each stream in its order, because Seen counts all of them; acts of
// other domains are only counted. The stream is that of the officer's authority.
func Fold(s State, e act.Event) State {
	if e.Scope != act.Joint {
		return s.foldDomestic(e)
	}
	return FoldAt(s, e.Officer.Authority, s.streams[e.Officer.Authority], e)
}

// FoldAt is Fold for a caller that knows the stream and the index of a joint act there, so that acts of other
// domains need not be folded, and one thing can be rebuilt from its own acts.
func FoldAt(s State, stream string, index int64, e act.Event) State {
	s.streams[stream] = max(s.streams[stream], index+1)
	family := familyOf(e.Kind, e.Body)
	if family == "" || !slices.Contains(s.Parties[:], stream) {
		return s
	}
	key := thing{family, e.Case}
	h := s.histories[key].with(newEntry(stream, index, e))
	s.histories[key] = h
	s.rebuild(key, h.merge())
	return s
}

// Size tells how many joint acts of a stream have been folded: what the next act of the other side has seen.
func (s State) Size(stream string) int64 { return s.streams[stream] }

// Peer is the other authority.
func (s State) Peer(us string) string {
	if us == s.Parties[0] {
		return s.Parties[1]
	}
	return s.Parties[0]
}

// familyOf tells which kind of thing an act is about; empty for kinds of other domains.
func familyOf(kind act.Kind, body any) string {
	if n, ok := noteOf(body); ok {
		return n.Family
	}
	prefix, _, _ := strings.Cut(string(kind), ".")
	switch prefix {
	case "measure", "meeting", "task", "commitment", "posting", "duty", "message":
		return prefix
	case "minutes":
		return "meeting"
	}
	return ""
}

func (s State) rebuild(key thing, acts []entry) {
	switch key.family {
	case "measure":
		put(s.Measures, key.id, measureOf(key.id, acts))
	case "meeting":
		m := meetingOf(key.id, acts)
		put(s.Meetings, key.id, m)
		s.tasksFromMinutes(key.id, m)
	case "task":
		put(s.Tasks, key.id, s.taskOf(key.id, acts))
	case "commitment":
		put(s.Commitments, key.id, commitmentOf(key.id, acts))
	case "posting":
		put(s.Postings, key.id, postingOf(key.id, acts))
	case "duty":
		put(s.Duties, key.id, dutyOf(key.id, acts))
	case "message":
		put(s.Messages, key.id, messageOf(key.id, acts))
	}
}

// put enters a record, or removes it when its acts do not make one (yet): an answer may be folded before
// what it answers when the two streams are read one after the other.
func put[T any](m map[act.ID]*T, id act.ID, r *T) {
	if r == nil {
		delete(m, id)
		return
	}
	m[id] = r
}

func (s State) foldDomestic(e act.Event) State {
	switch b := e.Body.(type) {
	case *domestic.MessageDraft:
		s.Drafts[e.Case] = &Draft{ID: e.ID, Author: e.Officer, MessageDraft: *b}
	case *domestic.MessageReview:
		if d := s.Drafts[e.Case]; d != nil && d.ID == b.Draft {
			next := *d
			next.Review, next.Reviewer, next.Cleared, next.Reason = e.ID, e.Officer, b.Cleared, b.Reason
			s.Drafts[e.Case] = &next
		}
	case *domestic.MeasureAdvice:
		s.Advice[e.Case] = append(slices.Clip(s.Advice[e.Case]), Advice{e.Officer, *b})
	case *domestic.PostingAccess:
		s.Access[e.Case] = append(slices.Clip(s.Access[e.Case]),
			Session{Open: e.Kind == domestic.AccessOpened, At: e.Recorded, Why: b.Why, Interfaces: b.Interfaces})
	}
	return s
}

// crossings returns the conflicts of one thing.
func (s State) crossings(family string, id act.ID) []Crossing {
	switch family {
	case "measure":
		return of(s.Measures[id], func(m *Measure) []Crossing { return m.Crossings })
	case "meeting":
		return of(s.Meetings[id], func(m *Meeting) []Crossing { return m.Crossings })
	case "commitment":
		return of(s.Commitments[id], func(c *Commitment) []Crossing { return c.Crossings })
	case "task":
		return of(s.Tasks[id], func(t *Task) []Crossing { return t.Crossings })
	case "posting":
		return of(s.Postings[id], func(p *Posting) []Crossing { return p.Crossings })
	}
	return nil
}

func of[T any](r *T, f func(*T) []Crossing) []Crossing {
	if r == nil {
		return nil
	}
	return f(r)
}

// Crossings lists every conflict in a stable order. Those that an authority has not noted yet are the ones
// its page shows first.
func (s State) Crossings() []Crossing {
	var all []Crossing
	for key := range s.histories {
		all = append(all, s.crossings(key.family, key.id)...)
	}
	slices.SortFunc(all, func(a, b Crossing) int {
		return strings.Compare(string(a.Acts[0]+a.Acts[1])+string(a.Ruling), string(b.Acts[0]+b.Acts[1])+string(b.Ruling))
	})
	return all
}

// Digest is the SHA-256 of everything that both nodes must agree on: all records made of joint acts. Times of
// recording and domestic facts are not in it.
func (s State) Digest() (string, error) {
	b, err := json.Marshal([]any{s.Parties, s.Measures, s.Meetings, s.Tasks, s.Commitments, s.Postings, s.Duties,
		s.Messages}, json.Deterministic(true))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// CrossedActs counts the pairs of acts about one thing whose authors did not know of each other's act, whether
// or not they contradict each other.
func (s State) CrossedActs() int {
	n := 0
	for _, h := range s.histories {
		for _, a := range h[s.Parties[0]] {
			for _, b := range h[s.Parties[1]] {
				if crossed(a, b) {
					n++
				}
			}
		}
	}
	return n
}
