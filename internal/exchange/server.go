package exchange

import (
	"context"
	"crypto/hpke"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"

	"countersign/internal/fault"
	"countersign/internal/record"
)

// Path is where an authority takes frames of its peer: POST, one frame in, one frame out.
const Path = "/exchange/1"

// Keys gives what seals between the two authorities. It is asked for each frame, because keys change by acts.
type Keys interface {
	Own() []hpke.PrivateKey // open what is sealed to us, newest first
	Peer() hpke.PublicKey   // seals to the peer
}

// Party is one end of the link: who we are, who the peer is, and what seals between us.
type Party struct {
	Authority string
	Peer      string
	Keys      Keys
	Versions  Versions // zero: Speaks
}

func (p Party) versions() Versions {
	if p.Versions == (Versions{}) {
		return Speaks
	}
	return p.Versions
}

// Server takes the peer's frames.
type Server struct {
	Party
	Streams Streams
	Log     *slog.Logger
	Count   func(side, reason string) // counts refusals; may be nil

	sessions incoming
}

// ServeHTTP answers every frame that was sealed to us with a frame of one size, whatever happened inside.
// Only what is no frame at all gets a bare status.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	frame, err := readAll(http.MaxBytesReader(w, r.Body, MaxFrame), r.ContentLength)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		s.refused(r.Context(), "fault.exchange.oversized", "")
		http.Error(w, "frame too large", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		s.refused(r.Context(), "fault.exchange.truncated", "")
		http.Error(w, "frame cut off", http.StatusBadRequest)
		return
	}
	answer, err := s.Take(r.Context(), frame)
	if err != nil {
		http.Error(w, "not a frame for this node", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	w.Write(answer)
}

// readAll reads a body of announced length without growing; the announcement is hostile until it is read.
func readAll(r io.Reader, length int64) ([]byte, error) {
	if length < 0 || length > MaxFrame {
		return io.ReadAll(r)
	}
	b := make([]byte, length)
	_, err := io.ReadFull(r, b)
	return b, err
}

// Take deals with one frame that came by the line and returns the answering frame. An error means that the frame could
// not even be read.
func (s *Server) Take(ctx context.Context, frame []byte) ([]byte, error) {
	q, err := s.read(ctx, frame, &s.sessions)
	if err != nil {
		return nil, err
	}
	if q.session == nil {
		return unknownSession(), nil
	}
	out, err := s.answer(ctx, q.content)
	if err != nil {
		return nil, err
	}
	return q.session.answer(q.salt, out)
}

// TakeFromFile is Take for a frame that came in a file. Whoever asked may have ended since, and its session with it: the
// answer is sealed to its key.
func (s *Server) TakeFromFile(ctx context.Context, frame []byte) ([]byte, error) {
	q, err := s.read(ctx, frame, &incoming{})
	if err == nil && q.session == nil {
		err = errFrame
	}
	if err != nil {
		return nil, err
	}
	out, err := s.answer(ctx, q.content)
	if err != nil {
		return nil, err
	}
	back, err := newSession(s.Keys.Peer(), infoReply)
	if err != nil {
		return nil, err
	}
	answer, _, err := back.question(infoReply, out, true)
	return answer, err
}

func (s *Server) read(ctx context.Context, frame []byte, known *incoming) (asked, error) {
	q, err := readQuestion(s.Keys.Own(), infoRequest, frame, known)
	if err != nil {
		s.refused(ctx, fault.KeyOf(err), "")
	}
	return q, err
}

// answer deals with what a question says.
func (s *Server) answer(ctx context.Context, raw []byte) ([]byte, error) {
	var m message
	var r reply
	acts, err := unpack(raw, &m)
	if err == nil {
		r, acts, err = s.deal(ctx, m, acts)
	}
	if err != nil {
		r.Refused, acts = s.reason(err), nil
	}
	if r.Refused != "" {
		s.refused(ctx, r.Refused, detail(err))
	}
	v := s.versions()
	r.Version, r.Oldest, r.Latest = m.Version, v.Oldest, v.Latest
	return pack(r, acts)
}

func (s *Server) deal(ctx context.Context, m message, acts [][]byte) (reply, [][]byte, error) {
	if err := s.check(ctx, m); err != nil {
		return reply{}, nil, err
	}
	if len(acts) > 0 && m.Kind != kindPush {
		return reply{}, nil, fault.New(fault.Invalid, "fault.exchange.malformed")
	}
	switch m.Kind {
	case kindAsk:
		a, err := s.Streams.Held(ctx)
		return answered(a), nil, err
	case kindPush:
		a, err := s.Streams.Incoming(ctx, record.Batch{From: m.Start, Head: []byte(m.Head), Acts: acts})
		return answered(a), nil, err
	case kindPull:
		return s.pull(ctx, m)
	case kindReturn:
		return s.giveBack(ctx, m)
	}
	return reply{}, nil, fault.New(fault.Invalid, "fault.exchange.malformed")
}

func (s *Server) check(ctx context.Context, m message) error {
	v := s.versions()
	floor, err := s.Streams.Floor(ctx)
	switch {
	case err != nil:
		return err
	case m.Version < v.Oldest || m.Version > v.Latest:
		return fault.New(fault.Invalid, "fault.exchange.version", "version", strconv.FormatInt(m.Version, 10))
	case m.Version < floor:
		return fault.New(fault.Denied, "fault.exchange.floor")
	case m.From != s.Peer || m.To != s.Authority:
		return fault.New(fault.Denied, "fault.exchange.address")
	case m.Start < 0 || m.Held < 0:
		return fault.New(fault.Invalid, "fault.exchange.malformed")
	}
	return nil
}

// pull answers a peer that can only call: first what it says it holds is looked at, as if we had asked, then its
// countersignature is taken, then the next stretch goes out.
func (s *Server) pull(ctx context.Context, m message) (reply, [][]byte, error) {
	if err := s.Streams.Standing(ctx, record.Answer{Held: m.Held, Newest: []byte(m.Newest)}); err != nil {
		return reply{}, nil, err
	}
	if m.Cosigned != "" {
		if _, err := s.Streams.Countersigned(ctx, []byte(m.Cosigned)); err != nil {
			return reply{}, nil, err
		}
	}
	b, err := s.Streams.Outgoing(ctx, m.Held)
	return reply{Start: b.From, Head: string(b.Head), More: b.More}, b.Acts, err
}

func (s *Server) giveBack(ctx context.Context, m message) (reply, [][]byte, error) {
	g, err := s.Streams.GiveBack(ctx, m.Start, m.Held)
	return reply{Start: g.From, Head: string(g.Head), Heads: texts(g.Heads), Theirs: texts(g.Theirs), More: g.More}, g.Acts, err
}

func answered(a record.Answer) reply {
	return reply{Held: a.Held, Cosigned: string(a.Cosigned), Newest: string(a.Newest), Refused: a.Refused}
}

func texts(notes [][]byte) []string {
	out := make([]string, len(notes))
	for i, n := range notes {
		out[i] = string(n)
	}
	return out
}

// reason is what the peer learns: the fault's key, or that we failed.
func (s *Server) reason(err error) string {
	if key := fault.KeyOf(err); key != "" {
		return key
	}
	s.Log.Error("exchange: internal error", "err", err)
	return "fault.exchange.internal"
}

func (s *Server) refused(ctx context.Context, reason, detail string) {
	s.Log.Warn("exchange: refused a message", "peer", s.Peer, "reason", reason)
	if s.Count != nil {
		s.Count("here", reason)
	}
	if err := s.Streams.Refused(context.WithoutCancel(ctx), "here", reason, detail); err != nil {
		s.Log.Error("exchange: could not note a refusal", "err", err)
	}
}

// detail is the technical cause; causes of faults name forms and keys, never contents.
func detail(err error) string {
	if key := fault.KeyOf(fault.CauseOf(err)); key != "" {
		return key
	}
	return ""
}
