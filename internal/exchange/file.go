package exchange

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"

	"countersign/internal/fault"
	"countersign/internal/record"
)

// The same frames travel as a file when the line is down for long: a first line that says what the file holds, then
// each frame behind its length (4 bytes, big endian). Each opens a session of its own, in both directions.
const (
	FramesFile  = "countersign-frames/1\n"
	AnswersFile = "countersign-answers/1\n"
)

// Export writes the own stream from an index to its end as frames for the peer, and returns how many acts they carry.
// It is for a node that is not read-only: nobody was asked what the peer holds.
func (l *Link) Export(ctx context.Context, from int64, w io.Writer) (acts int64, err error) {
	if _, err := io.WriteString(w, FramesFile); err != nil {
		return 0, err
	}
	s, err := newSession(l.Keys.Peer(), infoRequest)
	if err != nil {
		return 0, err
	}
	for next, more := from, true; more; {
		b, err := l.Streams.Outgoing(ctx, next)
		if err != nil {
			return acts, err
		}
		if b.Head == nil {
			return acts, fault.New(fault.Unavailable, "fault.exchange.nothing-may-leave")
		}
		m := message{Kind: kindPush, Start: b.From, Head: string(b.Head)}
		content, err := l.content(m, b.Acts, l.versions().Latest)
		if err != nil {
			return acts, err
		}
		frame, _, err := s.question(infoRequest, content, true)
		if err != nil {
			return acts, err
		}
		if err := writeFrame(w, frame); err != nil {
			return acts, err
		}
		acts += int64(len(b.Acts))
		next, more = b.From+int64(len(b.Acts)), b.More
	}
	return acts, nil
}

// Import takes the frames of a file as if they had come by the line, and writes the answers for the way back. What was
// taken before has no effect; a file that does not follow what is held says so in its answer.
func (s *Server) Import(ctx context.Context, r *bufio.Reader, answers io.Writer) (frames int, err error) {
	if _, err := io.WriteString(answers, AnswersFile); err != nil {
		return 0, err
	}
	for {
		frame, err := readFrame(r)
		if err == io.EOF {
			return frames, nil
		}
		if err != nil {
			return frames, err
		}
		answer, err := s.TakeFromFile(ctx, frame)
		if err != nil {
			return frames, err
		}
		if err := writeFrame(answers, answer); err != nil {
			return frames, err
		}
		frames++
	}
}

// ImportAnswers takes the peer's answers to exported frames. They are bound to no question, which may have
// left long ago; nothing is believed but the countersignatures, which prove themselves.
func (l *Link) ImportAnswers(ctx context.Context, r *bufio.Reader) (countersigned int64, err error) {
	for {
		frame, err := readFrame(r)
		if err == io.EOF {
			return countersigned, nil
		}
		if err != nil {
			return countersigned, err
		}
		q, err := readQuestion(l.Keys.Own(), infoReply, frame, &incoming{})
		if err == nil && q.session == nil {
			err = errFrame
		}
		if err != nil {
			return countersigned, err
		}
		var a reply
		if _, err := unpack(q.content, &a); err != nil {
			return countersigned, err
		}
		if a.Newest != "" {
			if err := l.Streams.Standing(ctx, record.Answer{Held: a.Held, Newest: []byte(a.Newest)}); err != nil {
				return countersigned, err
			}
		}
		if a.Refused != "" {
			l.refused(ctx, "there", a.Refused)
			return countersigned, fault.New(fault.Conflict, "fault.exchange.refused", "reason", a.Refused)
		}
		if a.Cosigned == "" {
			continue
		}
		if countersigned, err = l.Streams.Countersigned(ctx, []byte(a.Cosigned)); err != nil {
			return countersigned, err
		}
	}
}

// Opening reads the first line of a file and says what it holds.
func Opening(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	if err != nil || string(line) != FramesFile && string(line) != AnswersFile {
		return "", fault.New(fault.Invalid, "fault.exchange.file")
	}
	return string(line), nil
}

func writeFrame(w io.Writer, frame []byte) error {
	if _, err := w.Write(binary.BigEndian.AppendUint32(nil, uint32(len(frame)))); err != nil {
		return err
	}
	_, err := w.Write(frame)
	return err
}

// readFrame reads one frame; its length is hostile until it is seen to be small enough.
func readFrame(r io.Reader) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		if err == io.EOF {
			return nil, err
		}
		return nil, fault.New(fault.Invalid, "fault.exchange.truncated")
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > MaxFrame {
		return nil, fault.New(fault.Invalid, "fault.exchange.oversized")
	}
	frame := make([]byte, n)
	if _, err := io.ReadFull(r, frame); err != nil {
		return nil, fault.New(fault.Invalid, "fault.exchange.truncated")
	}
	return frame, nil
}
