package exchange

import (
	"bytes"
	"crypto/hpke"
	"encoding/binary"
	"fmt"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
)

// A frame is what an onlooker sees: a name of its form, what its key comes from, and a ciphertext whose length is one of
// few buckets. Whether there was anything to say cannot be told from it. A question that opens a session is as long as one
// that goes on in it; the name of its form, which only the two ends of the TLS connection see, tells the two apart.
//
//	opening  = "CSX1" || encapsulation (1120) || salt (32) || sealed
//	going on = "CSX2" || session (16) || zeros (1104) || salt (32) || sealed
//	answer   = "CSX3" || salt (32) || sealed
//	unknown  = "CSX4" || zeros, as long as the smallest answer: the session is not known here, open it again
//	sealed   = AES-256-GCM(key and nonce of the frame; plain), with all that stands before it as associated data
//	plain    = length (4 bytes, big endian) || content || zeros up to the bucket
//	content  = length (4 bytes) || header, a JSON object || ( length (4 bytes) || act )*
const (
	magicOpening = "CSX1"
	magicGoingOn = "CSX2"
	magicAnswer  = "CSX3"
	magicUnknown = "CSX4"

	magicSize    = 4
	questionSize = magicSize + encSize + saltSize // before what is sealed
	answerSize   = magicSize + saltSize
)

// buckets are the sizes of the padded plaintext. The smallest holds an idle slot or a few acts; the larger
// ones drain a backlog.
var buckets = []int{16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20}

// MaxFrame bounds what a receiver reads before it looks at anything.
const MaxFrame = 4<<20 + 4<<10

// pack puts header and acts together.
func pack(header any, acts [][]byte) ([]byte, error) {
	head, err := json.Marshal(header)
	if err != nil {
		return nil, err
	}
	size := 4 + len(head)
	for _, a := range acts {
		size += 4 + len(a)
	}
	out := make([]byte, 0, size)
	for _, part := range append([][]byte{head}, acts...) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	return out, nil
}

// unpack reverses pack. The header is read strictly: duplicate or unknown members are refused.
func unpack(content []byte, header any) ([][]byte, error) {
	malformed := fault.New(fault.Invalid, "fault.exchange.malformed")
	var parts [][]byte
	for len(content) > 0 {
		if len(content) < 4 {
			return nil, malformed
		}
		n := binary.BigEndian.Uint32(content)
		if content = content[4:]; int64(n) > int64(len(content)) {
			return nil, malformed
		}
		parts, content = append(parts, content[:n:n]), content[n:]
	}
	if len(parts) == 0 {
		return nil, malformed
	}
	if err := json.Unmarshal(parts[0], header, json.RejectUnknownMembers(true)); err != nil {
		return nil, otherVersion(parts[0], malformed.Because(err))
	}
	return parts[1:], nil
}

// otherVersion tells a header of another version, which may have other members, from one that is malformed.
func otherVersion(header []byte, otherwise error) error {
	var v struct {
		Version int64 `json:"version"`
	}
	if json.Unmarshal(header, &v) == nil && v.Version > 0 && (v.Version < Speaks.Oldest || v.Version > Speaks.Latest) {
		return fault.New(fault.Invalid, "fault.exchange.version", "version", fmt.Sprint(v.Version))
	}
	return otherwise
}

// errFrame refuses, alike, all that is not a frame for this node and use.
var errFrame = fault.New(fault.Invalid, "fault.exchange.frame")

// question seals content in a session. An opening frame carries the encapsulation and can be read by itself.
func (s *session) question(use string, content []byte, opening bool) (frame, salt []byte, err error) {
	salt = newSalt()
	frame, err = s.questionWith(use, salt, content, opening)
	return frame, salt, err
}

func (s *session) questionWith(use string, salt, content []byte, opening bool) ([]byte, error) {
	head := make([]byte, questionSize)
	if opening {
		copy(head, magicOpening)
		copy(head[magicSize:], s.enc)
	} else {
		copy(head, magicGoingOn)
		copy(head[magicSize:], s.id[:])
	}
	copy(head[magicSize+encSize:], salt)
	return s.seal(use, head, salt, content)
}

// answer seals content as the answer to the question that had the salt.
func (s *session) answer(asked, content []byte) ([]byte, error) {
	return s.answerWith(asked, newSalt(), content)
}

func (s *session) answerWith(asked, salt, content []byte) ([]byte, error) {
	head := append([]byte(magicAnswer), salt...)
	return s.seal(infoReply, head, append(asked[:len(asked):len(asked)], salt...), content)
}

// seal pads content to the smallest bucket that holds it and seals it behind head.
func (s *session) seal(use string, head, salt, content []byte) ([]byte, error) {
	size := 0
	for _, b := range buckets {
		if b >= len(content)+4 {
			size = b
			break
		}
	}
	if size == 0 {
		return nil, fmt.Errorf("message of %d bytes fits no bucket", len(content))
	}
	gcm, nonce, err := s.aead(use, salt)
	if err != nil {
		return nil, err
	}
	frame := make([]byte, len(head)+size, len(head)+size+tagSize)
	copy(frame, head)
	plain := frame[len(head):]
	binary.BigEndian.PutUint32(plain, uint32(len(content)))
	copy(plain[4:], content)
	return gcm.Seal(frame[:len(head)], nonce, plain, frame[:len(head)]), nil // in place
}

// open reverses seal. The frame stays as it is: it may come again.
func (s *session) open(use string, frame []byte, head int, salt []byte) ([]byte, error) {
	gcm, nonce, err := s.aead(use, salt)
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, nonce, frame[head:], frame[:head])
	if err != nil {
		return nil, errFrame
	}
	return unpad(plain)
}

// asked is a question that could be read, and what its answer is sealed with.
type asked struct {
	session *session
	salt    []byte
	content []byte
}

// readQuestion opens a question with a session that is known, or with the one that it opens. A session that is not
// known is no error: asked without session says so.
func readQuestion(keys []hpke.PrivateKey, use string, frame []byte, known *incoming) (q asked, err error) {
	if len(frame) > MaxFrame {
		return q, fault.New(fault.Invalid, "fault.exchange.oversized")
	}
	if len(frame) < questionSize {
		return q, errFrame
	}
	q.salt = frame[magicSize+encSize : questionSize]
	read := func(s *session) (err error) {
		q.content, err = s.open(use, frame, questionSize, q.salt)
		return err
	}
	switch string(frame[:magicSize]) {
	case magicOpening:
		enc := frame[magicSize : magicSize+encSize]
		if q.session = known.find(nameOf(enc)); q.session != nil {
			return q, read(q.session)
		}
		if q.session, err = joinSession(keys, use, enc, read); err == nil {
			known.keep(q.session)
		}
		return q, err
	case magicGoingOn:
		if q.session = known.find(sessionID(frame[magicSize:])); q.session == nil {
			return q, nil
		}
		return q, read(q.session)
	}
	return q, errFrame
}

// readAnswer opens the answer to the question that had the salt; unknown says that the peer does not know the session.
func (s *session) readAnswer(frame, askedSalt []byte) (content []byte, unknown bool, err error) {
	switch {
	case len(frame) > MaxFrame:
		return nil, false, fault.New(fault.Invalid, "fault.exchange.oversized")
	case len(frame) < answerSize:
		return nil, false, errFrame
	case string(frame[:magicSize]) == magicUnknown:
		return nil, true, nil
	case string(frame[:magicSize]) != magicAnswer:
		return nil, false, errFrame
	}
	salt := append(askedSalt[:len(askedSalt):len(askedSalt)], frame[magicSize:answerSize]...)
	content, err = s.open(infoReply, frame, answerSize, salt)
	return content, false, err
}

// unknownSession is the answer to a question in a session that is not known here. To an onlooker it is an answer.
func unknownSession() []byte {
	frame := make([]byte, answerSize+buckets[0]+tagSize)
	copy(frame, magicUnknown)
	return frame
}

func unpad(plain []byte) ([]byte, error) {
	if len(plain) < 4 {
		return nil, errFrame
	}
	n := binary.BigEndian.Uint32(plain)
	if int64(n) > int64(len(plain)-4) {
		return nil, errFrame
	}
	if padding := plain[4+n:]; len(padding) > 0 && (padding[0] != 0 || !bytes.Equal(padding[1:], padding[:len(padding)-1])) {
		return nil, errFrame // all bytes are the first one, and that is zero
	}
	return plain[4 : 4+n], nil
}
