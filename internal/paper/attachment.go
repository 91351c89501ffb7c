package paper

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"countersign/internal/fault"
)

// MaxAttachment is the size of one file as it is given, MaxPixels of one image.
const (
	MaxAttachment = 8 << 20
	maxPixels     = 40_000_000
)

// AttachmentTitles say what a file is; a free text could tell more than it should.
var AttachmentTitles = []string{"photograph", "passport-copy", "identity-card-copy", "birth-record", "travel-document", "interview-report",
	"notice-served", "receipt", "medical-certificate", "court-paper", "other"}

// AttachmentTypes are the types that are taken, known by looking at the file and not by its name.
var AttachmentTypes = []string{"application/pdf", "image/jpeg", "image/png"}

// CleanAttachment looks at a file and returns what may be kept of it. A file that is not what it claims to be is
// refused. Images are drawn anew, so that place, time and camera in them are gone, and with them whatever was
// hidden behind the picture. A PDF is kept as it is, unless it holds programs or other files in the clear.
func CleanAttachment(claimed string, raw []byte) (kind string, clean []byte, err error) {
	if len(raw) == 0 {
		return "", nil, fault.New(fault.Invalid, "fault.attachment.empty")
	}
	if len(raw) > MaxAttachment {
		return "", nil, fault.New(fault.Invalid, "fault.attachment.large", "limit", strconv.Itoa(MaxAttachment>>20))
	}
	claimed, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(claimed)), ";")
	kind = sniff(raw)
	switch {
	case kind == "" || !slices.Contains(AttachmentTypes, claimed):
		return "", nil, fault.New(fault.Invalid, "fault.attachment.type", "allowed", strings.Join(AttachmentTypes, ", "))
	case kind != claimed:
		return "", nil, fault.New(fault.Invalid, "fault.attachment.lies", "claimed", claimed, "found", kind)
	case kind == "application/pdf":
		return kind, raw, checkPDF(raw)
	}
	clean, err = redraw(kind, raw)
	return kind, clean, err
}

func sniff(raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte("%PDF-")):
		return "application/pdf"
	case bytes.HasPrefix(raw, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	}
	return ""
}

// active are the names by which a PDF runs programs, opens things by itself, or carries other files.
var active = []string{"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA", "/SubmitForm", "/ImportData", "/Encrypt"}

var pdfName = regexp.MustCompile(`/[A-Za-z0-9#]+`)

func checkPDF(raw []byte) error {
	if !bytes.Contains(raw[max(0, len(raw)-2048):], []byte("%%EOF")) {
		return fault.New(fault.Invalid, "fault.attachment.broken")
	}
	for _, name := range pdfName.FindAll(raw, -1) {
		if slices.Contains(active, plainName(string(name))) {
			return fault.New(fault.Invalid, "fault.attachment.active")
		}
	}
	return nil
}

// plainName undoes the escapes with which a name can be hidden: /J#53 is /JS.
func plainName(s string) string {
	for i := strings.IndexByte(s, '#'); i >= 0 && i+3 <= len(s); {
		n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		if err != nil {
			break
		}
		s = s[:i] + string(rune(n)) + s[i+3:]
		next := strings.IndexByte(s[i+1:], '#')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return s
}

// redraw reads the picture and writes it again, upright.
func redraw(kind string, raw []byte) ([]byte, error) {
	broken := fault.New(fault.Invalid, "fault.attachment.broken")
	size, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || "image/"+format != kind {
		return nil, broken.Because(err)
	}
	if size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return nil, fault.New(fault.Invalid, "fault.attachment.pixels")
	}
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, broken.Because(err)
	}
	var out bytes.Buffer
	if kind == "image/png" {
		err = png.Encode(&out, picture)
	} else {
		err = jpeg.Encode(&out, upright(picture, orientation(raw)), &jpeg.Options{Quality: 92})
	}
	return out.Bytes(), err
}

// orientation reads how the camera was held (Exif tag 0x0112), 1 where nothing is said. It is lost with the
// other metadata, so the picture is turned before.
func orientation(raw []byte) int {
	for i := 2; i+4 <= len(raw) && raw[i] == 0xff; {
		marker, n := raw[i+1], int(binary.BigEndian.Uint16(raw[i+2:]))
		if marker == 0xda || n < 2 || i+2+n > len(raw) {
			break
		}
		if part := raw[i+4 : i+2+n]; marker == 0xe1 && bytes.HasPrefix(part, []byte("Exif\x00\x00")) {
			return orientationOf(part[6:])
		}
		i += 2 + n
	}
	return 1
}

func orientationOf(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 1
	}
	for i, n := at+2, int(order.Uint16(tiff[at:])); n > 0 && i+12 <= len(tiff); i, n = i+12, n-1 {
		if v := int(order.Uint16(tiff[i+8:])); order.Uint16(tiff[i:]) == 0x0112 && v >= 1 && v <= 8 {
			return v
		}
	}
	return 1
}

// upright turns and mirrors a picture as the eight orientations ask.
func upright(src image.Image, how int) image.Image {
	if how == 1 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	dw, dh := w, h
	if how >= 5 {
		dw, dh = h, w
	}
	from := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(from, from.Bounds(), src, src.Bounds().Min, draw.Src)
	to := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for y := range h {
		for x := range w {
			dx, dy := place(how, x, y, w, h)
			to.SetRGBA(dx, dy, from.RGBAAt(x, y))
		}
	}
	return to
}

// place is where a point of the stored picture lies in the upright one.
func place(how, x, y, w, h int) (int, int) {
	switch how {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
