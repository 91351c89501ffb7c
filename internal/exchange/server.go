package exchange

import (
	"context"
	"crypto/hpke"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"countersign/internal/fault"
	"countersign/internal/record"

	"github.com/go-json-experiment/json"
)

// Path is where an authority takes frames of its peer: POST, one frame in, one frame out.
const Path = "/exchange/1"

// Party is one end of the link: who we are, who the peer is, and what seals between us.
type Party struct {
	Authority string
	Peer      string
	Key       hpke.PrivateKey // opens what is sealed to us
	PeerKey   hpke.PublicKey  // seals to the peer
}

// Server takes the peer's frames.
type Server struct {
	Party
	Streams Streams
	Log     *slog.Logger
}

// ServeHTTP answers every frame that was sealed to us with a frame of one size, whatever happened inside.
// Only what is no frame at all gets a bare status.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	frame, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxFrame))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		s.refused(r.Context(), "fault.exchange.oversized", "")
		http.Error(w, "frame too large", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		s.refused(r.Context(), "fault.exchange.truncated", err.Error())
		http.Error(w, "frame cut off", http.StatusBadRequest)
		return
	}
	answer, err := s.Take(r.Context(), frame)
	if err != nil {
		http.Error(w, "not a frame for this node", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Write(answer)
}

// Take deals with one frame and returns the answering frame; the transport may be HTTP or a file. An error
// means that the frame could not even be read.
func (s *Server) Take(ctx context.Context, frame []byte) ([]byte, error) {
	raw, err := open(s.Key, infoRequest, frame)
	if err != nil {
		s.refused(ctx, fault.KeyOf(err), "")
		return nil, err
	}
	var m message
	answer, err := record.Answer{}, decode(raw, &m)
	if err == nil {
		answer, err = s.deal(ctx, m)
	}
	if err != nil {
		answer.Refused = s.reason(err)
		s.refused(ctx, answer.Refused, detail(err))
	}
	out, err := json.Marshal(reply{Version, m.Nonce, answer.Held, string(answer.Cosigned), string(answer.Newest), answer.Refused})
	if err != nil {
		return nil, err
	}
	return seal(s.PeerKey, infoReply, answerBucket, out)
}

func (s *Server) deal(ctx context.Context, m message) (record.Answer, error) {
	switch {
	case m.Version != Version:
		return record.Answer{}, fault.New(fault.Invalid, "fault.exchange.version", "version", m.Version)
	case m.From != s.Peer || m.To != s.Authority:
		return record.Answer{}, fault.New(fault.Denied, "fault.exchange.address")
	case len(m.Nonce) != nonceSize:
		return record.Answer{}, fault.New(fault.Invalid, "fault.exchange.malformed")
	case m.Kind == "ask":
		return s.Streams.Held(ctx)
	case m.Kind == "push":
		return s.Streams.Incoming(ctx, m.batch())
	}
	return record.Answer{}, fault.New(fault.Invalid, "fault.exchange.malformed")
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
	if err := s.Streams.Refused(ctx, "here", reason, detail); err != nil {
		s.Log.Error("exchange: could not note a refusal", "err", err)
	}
}

func detail(err error) string {
	if cause := fault.CauseOf(err); cause != nil {
		return cause.Error()
	}
	return ""
}
