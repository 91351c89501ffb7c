package screen

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	stdhash "hash"
	"io"
	"math"
	"strings"

	"countersign/internal/border/alert"
	"countersign/internal/border/name"
	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
)

// An image is an index as a node has built it from signed lists, signed by the node, so that a lane starts in
// seconds. Like a list it is three lines and a body whose hash the header carries:
//
//	countersign-image 1
//	{header as JSON}
//	key-id base64(Ed25519 over the two lines before, with their line ends)
//	arrays of every segment, each with its length
const imageMagic = "countersign-image 1\n"

// ImageAuthority is what a key in the ring must be for: nodes sign images, list authorities sign lists.
const ImageAuthority = "node"

type imageHeader struct {
	Lists    []alert.Header `json:"lists"`
	Segments int            `json:"segments"`
	Bytes    int64          `json:"bytes"`
	SHA256   string         `json:"sha256"`
}

// arrays visits everything that a segment holds, in one order for writing and reading.
func (s *segment) arrays(u32 func(*[]uint32), u64 func(*[]uint64), u16 func(*[]uint16), raw func(*[]byte)) {
	for _, a := range []*[]uint32{&s.birth, &s.tokOff, &s.tokens, &s.alertOf, &s.refOff, &s.nameOff, &s.docOff, &s.natFreq, &s.birthOf,
		&s.wordOff, &s.wordMask, &s.postOff, &s.posts} {
		u32(a)
	}
	for _, b := range []*buckets{&s.deletes, &s.phonetic, &s.byDoc, &s.byRef} {
		shift := []uint32{b.shift}
		u32(&shift)
		if len(shift) == 1 {
			b.shift = shift[0]
		}
		u32(&b.off)
		u32(&b.items)
	}
	u64(&s.sig)
	u16(&s.nat)
	for _, a := range []*[]byte{&s.sex, &s.list, &s.refs, &s.names, &s.docs, &s.natName, &s.words} {
		raw(a)
	}
}

// WriteImage signs the index as it is. It writes the body twice: once to hash it.
func (ix *Index) WriteImage(w io.Writer, keyID string, key ed25519.PrivateKey) error {
	sum := sha256.New()
	n := &counter{w: sum}
	if err := ix.writeBody(n); err != nil {
		return err
	}
	head, err := json.Marshal(imageHeader{ix.lists, len(ix.segs), n.n, hex.EncodeToString(sum.Sum(nil))})
	if err != nil {
		return err
	}
	signed := append([]byte(imageMagic), append(head, '\n')...)
	sig := base64.StdEncoding.EncodeToString(ed25519.Sign(key, signed))
	if _, err := fmt.Fprintf(w, "%s%s %s\n", signed, keyID, sig); err != nil {
		return err
	}
	return ix.writeBody(w)
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	return c.w.Write(b)
}

func (ix *Index) writeBody(w io.Writer) error {
	bw := bufio.NewWriterSize(w, 1<<20)
	var failed error
	put := func(v any, n int) {
		if failed == nil {
			failed = errors.Join(binary.Write(bw, binary.LittleEndian, uint64(n)), binary.Write(bw, binary.LittleEndian, v))
		}
	}
	for i, s := range ix.segs {
		s.arrays(func(a *[]uint32) { put(*a, len(*a)) }, func(a *[]uint64) { put(*a, len(*a)) },
			func(a *[]uint16) { put(*a, len(*a)) }, func(a *[]byte) { put(*a, len(*a)) })
		put(ix.dead[i], len(ix.dead[i]))
	}
	return errors.Join(failed, bw.Flush())
}

// ReadImage proves the signature, reads the arrays, and returns the index only if their hash is right.
func ReadImage(r io.Reader, ring alert.Ring) (*Index, error) {
	br := bufio.NewReaderSize(r, 1<<20)
	bad := func(cause error) error { return fault.New(fault.Invalid, "fault.border.image").Because(cause) }
	var lines [3]string
	for i := range lines {
		b, err := br.ReadSlice('\n')
		if err != nil {
			return nil, bad(err)
		}
		lines[i] = string(b)
	}
	keyID, sig64, _ := strings.Cut(strings.TrimSuffix(lines[2], "\n"), " ")
	key, ok := ring[keyID]
	sig, err := base64.StdEncoding.DecodeString(sig64)
	if lines[0] != imageMagic || !ok || err != nil || key.Authority != ImageAuthority || len(key.Public) != ed25519.PublicKeySize ||
		!ed25519.Verify(key.Public, []byte(lines[0]+lines[1]), sig) {
		return nil, fault.New(fault.Denied, "fault.border.snapshot-signature", "key", keyID)
	}
	var h imageHeader
	if err := json.Unmarshal([]byte(lines[1]), &h, json.RejectUnknownMembers(true)); err != nil {
		return nil, bad(err)
	}
	in := &arrayReader{r: io.LimitReader(br, h.Bytes), sum: sha256.New(), left: h.Bytes, buf: make([]byte, 1<<20)}
	ix := &Index{costs: name.NewCosts(), lists: h.Lists, Thresholds: Shipped()}
	for range h.Segments {
		s := &segment{}
		s.arrays(func(a *[]uint32) { *a = readAs(in, 4, binary.LittleEndian.Uint32) }, func(a *[]uint64) { *a = readAs(in, 8, binary.LittleEndian.Uint64) },
			func(a *[]uint16) { *a = readAs(in, 2, binary.LittleEndian.Uint16) }, func(a *[]byte) { *a = readAs(in, 1, func(b []byte) byte { return b[0] }) })
		ix.segs, ix.dead = append(ix.segs, s), append(ix.dead, readAs(in, 8, binary.LittleEndian.Uint64))
	}
	if in.err != nil || in.left != 0 || hex.EncodeToString(in.sum.Sum(nil)) != h.SHA256 || len(ix.segs) == 0 {
		return nil, bad(in.err)
	}
	ix.count()
	return ix, nil
}

type arrayReader struct {
	r    io.Reader
	sum  stdhash.Hash
	left int64
	buf  []byte
	err  error
}

func (in *arrayReader) fill(b []byte) bool {
	if in.err != nil {
		return false
	}
	if _, in.err = io.ReadFull(in.r, b); in.err != nil {
		return false
	}
	in.sum.Write(b)
	in.left -= int64(len(b))
	return true
}

func readAs[T any](in *arrayReader, size int, get func([]byte) T) []T {
	if !in.fill(in.buf[:8]) {
		return nil
	}
	n := binary.LittleEndian.Uint64(in.buf)
	if n > math.MaxInt32*8 || int64(n)*int64(size) > in.left {
		in.err = io.ErrUnexpectedEOF
		return nil
	}
	out := make([]T, n)
	if b, ok := any(out).([]byte); ok {
		in.fill(b)
		return out
	}
	for i := 0; i < len(out); {
		chunk := min(len(in.buf)/size, len(out)-i)
		b := in.buf[:chunk*size]
		if !in.fill(b) {
			return nil
		}
		for k := range chunk {
			out[i+k] = get(b[k*size:])
		}
		i += chunk
	}
	return out
}

// IsImage tells an image from a list by its first line.
func IsImage(head []byte) bool { return bytes.HasPrefix(head, []byte(imageMagic)) }
