package exchange

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"sync/atomic"
)

// A session is one key encapsulation for many frames. Making and opening one costs more than all else that a frame
// needs; the frames of a session share its secret and nothing else: each has a salt of its own, hence a key of its own,
// so that they may be lost, doubled and overtaken, and need no counter (docs/protocol.md, section 4).
const (
	infoRequest = "countersign/exchange/1/request"
	infoReply   = "countersign/exchange/1/reply"
	exportFrame = "countersign/exchange/1/frame"

	encSize     = 1120 // X-Wing: 1,088 bytes of ML-KEM-768 and 32 of X25519
	sessionSize = 16
	saltSize    = 32
	keySize     = 32
	tagSize     = 16
	secretSize  = 32
)

// maxFrames bounds how much one encapsulation protects: at one frame a second that is about an hour.
const maxFrames = 4096

// maxSessions bounds what a receiver remembers; beyond it the oldest is forgotten, and its owner opens it again.
const maxSessions = 64

type sessionID [sessionSize]byte

type session struct {
	id     sessionID
	enc    []byte
	secret []byte
	to     []byte      // the sealing key that it was made for; only at the end that made it
	frames int         // that left
	known  atomic.Bool // the other end has answered in it: it need not be opened again
}

// KEM is the key encapsulation of the link: hybrid, so that what is recorded today stays sealed later.
func KEM() hpke.KEM { return hpke.MLKEM768X25519() }

// newSession makes a session that only the owner of a sealing key can join.
func newSession(to hpke.PublicKey, info string) (*session, error) {
	enc, sender, err := hpke.NewSender(to, hpke.HKDFSHA256(), hpke.ExportOnly(), []byte(info))
	if err != nil {
		return nil, err
	}
	secret, err := sender.Export(exportFrame, secretSize)
	return &session{id: nameOf(enc), enc: enc, secret: secret, to: to.Bytes()}, err
}

// joinSession opens the encapsulation of a session with whichever of the own keys fits. A wrong key gives a secret
// that opens nothing: try tells which it was.
func joinSession(keys []hpke.PrivateKey, info string, enc []byte, try func(*session) error) (*session, error) {
	err := error(errFrame)
	for _, key := range keys {
		recipient, joining := hpke.NewRecipient(enc, key, hpke.HKDFSHA256(), hpke.ExportOnly(), []byte(info))
		if joining != nil {
			continue
		}
		secret, exporting := recipient.Export(exportFrame, secretSize)
		if exporting != nil {
			continue
		}
		s := &session{id: nameOf(enc), enc: bytes.Clone(enc), secret: secret}
		if err = try(s); err == nil {
			return s, nil
		}
	}
	return nil, err
}

func nameOf(enc []byte) sessionID {
	h := sha256.Sum256(append([]byte("countersign/session/1\x00"), enc...))
	return sessionID(h[:sessionSize])
}

// aead is the cipher of one frame: its key and nonce come from the secret and the frame's own salt, so that no two
// frames share them. The salt of an answer stands behind that of its question: an answer fits one question only.
func (s *session) aead(use string, salt []byte) (cipher.AEAD, []byte, error) {
	okm, err := hkdf.Key(sha256.New, s.secret, salt, use, keySize+12)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(okm[:keySize])
	if err != nil {
		return nil, nil, err
	}
	gcm, err := cipher.NewGCM(block)
	return gcm, okm[keySize:], err
}

func newSalt() []byte {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	return salt
}

// outgoing is the session that a link sends in.
type outgoing struct {
	mu  sync.Mutex
	now *session
}

// next gives the session for one more frame: the one in use, or a new one when there is none, when it has protected
// enough, or when the peer has another key.
func (o *outgoing) next(to hpke.PublicKey) (*session, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if s := o.now; s != nil && s.frames < maxFrames && bytes.Equal(s.to, to.Bytes()) {
		s.frames++
		return s, nil
	}
	s, err := newSession(to, infoRequest)
	if err != nil {
		return nil, err
	}
	s.frames, o.now = 1, s
	return s, nil
}

// drop ends a session in which something could not be read.
func (o *outgoing) drop(s *session) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.now == s {
		o.now = nil
	}
}

// incoming are the sessions that a server remembers, in memory only.
type incoming struct {
	mu    sync.Mutex
	known map[sessionID]*session
	order []sessionID
}

func (i *incoming) find(id sessionID) *session {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.known[id]
}

func (i *incoming) keep(s *session) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.known == nil {
		i.known = map[sessionID]*session{}
	}
	if _, ok := i.known[s.id]; ok {
		return
	}
	if len(i.order) >= maxSessions {
		delete(i.known, i.order[0])
		i.order = i.order[1:]
	}
	i.known[s.id], i.order = s, append(i.order, s.id)
}
