package exchange

import (
	"crypto/hpke"
	"encoding/binary"
	"fmt"

	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
)

// A frame is what an onlooker sees: four bytes of magic, the encapsulated key and a ciphertext whose length
// is one of few buckets. Whether there was anything to say cannot be told from it.
//
//	frame   = "CSX1" || HPKE(MLKEM768X25519, HKDF-SHA256, ChaCha20Poly1305; info, plain)
//	plain   = length (4 bytes, big endian) || content || zeros up to the bucket
//	content = length (4 bytes) || header, a JSON object || ( length (4 bytes) || act )*
const magic = "CSX1"

// buckets are the sizes of the padded plaintext. The smallest holds an idle slot or a few acts; the larger
// ones drain a backlog.
var buckets = []int{16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20}

// MaxFrame bounds what a receiver reads before it looks at anything.
const MaxFrame = 4<<20 + 4<<10

// KEM is the key encapsulation of the link: hybrid, so that what is recorded today stays sealed later.
func KEM() hpke.KEM { return hpke.MLKEM768X25519() }

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

// seal pads content to a bucket and seals it to the key.
func seal(to hpke.PublicKey, info string, content []byte) ([]byte, error) {
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
	plain := make([]byte, size)
	binary.BigEndian.PutUint32(plain, uint32(len(content)))
	copy(plain[4:], content)
	sealed, err := hpke.Seal(to, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte(info), plain)
	if err != nil {
		return nil, err
	}
	return append([]byte(magic), sealed...), nil
}

// open reverses seal with whichever of the own keys fits. Anything that is not a frame for this node and use is
// refused alike.
func open(keys []hpke.PrivateKey, info string, frame []byte) ([]byte, error) {
	refuse := fault.New(fault.Invalid, "fault.exchange.frame")
	if len(frame) > MaxFrame {
		return nil, fault.New(fault.Invalid, "fault.exchange.oversized")
	}
	if len(frame) < len(magic) || string(frame[:len(magic)]) != magic {
		return nil, refuse
	}
	for _, key := range keys {
		plain, err := hpke.Open(key, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte(info), frame[len(magic):])
		if err != nil {
			continue
		}
		return unpad(plain, refuse)
	}
	return nil, refuse
}

func unpad(plain []byte, refuse error) ([]byte, error) {
	if len(plain) < 4 {
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
