package exchange

import (
	"crypto/hpke"
	"encoding/binary"
	"fmt"

	"countersign/internal/fault"
)

// A frame is what an onlooker sees: four bytes of magic, the encapsulated key and a ciphertext whose length
// is one of few buckets. Whether there was anything to say cannot be told from it.
//
//	frame     = "CSX1" || HPKE(MLKEM768X25519, HKDF-SHA256, ChaCha20Poly1305; info, plain)
//	plain     = length (4 bytes, big endian) || message || zeros up to the bucket
const magic = "CSX1"

// buckets are the sizes of the padded plaintext. The smallest holds an idle slot or a few acts; the larger
// ones drain a backlog.
var buckets = []int{16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20}

// answerBucket is the size of every answer.
const answerBucket = 16 << 10

// MaxFrame bounds what a receiver reads before it looks at anything.
const MaxFrame = 4<<20 + 4<<10

// KEM is the key encapsulation of the link: hybrid, so that what is recorded today stays sealed later.
func KEM() hpke.KEM { return hpke.MLKEM768X25519() }

// seal pads message to a bucket of at least minimum bytes and seals it to the key.
func seal(to hpke.PublicKey, info string, minimum int, message []byte) ([]byte, error) {
	size := 0
	for _, b := range buckets {
		if b >= minimum && b >= len(message)+4 {
			size = b
			break
		}
	}
	if size == 0 {
		return nil, fmt.Errorf("message of %d bytes fits no bucket", len(message))
	}
	plain := make([]byte, size)
	binary.BigEndian.PutUint32(plain, uint32(len(message)))
	copy(plain[4:], message)
	sealed, err := hpke.Seal(to, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte(info), plain)
	if err != nil {
		return nil, err
	}
	return append([]byte(magic), sealed...), nil
}

// open reverses seal. Anything that is not a frame for this key and use is refused alike.
func open(key hpke.PrivateKey, info string, frame []byte) ([]byte, error) {
	refuse := fault.New(fault.Invalid, "fault.exchange.frame")
	if len(frame) > MaxFrame {
		return nil, fault.New(fault.Invalid, "fault.exchange.oversized")
	}
	if len(frame) < len(magic) || string(frame[:len(magic)]) != magic {
		return nil, refuse
	}
	plain, err := hpke.Open(key, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte(info), frame[len(magic):])
	if err != nil || len(plain) < 4 {
		return nil, refuse
	}
	n := binary.BigEndian.Uint32(plain)
	if int64(n) > int64(len(plain)-4) {
		return nil, refuse
	}
	for _, b := range plain[4+n:] {
		if b != 0 {
			return nil, refuse
		}
	}
	return plain[4 : 4+n], nil
}
