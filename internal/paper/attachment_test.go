package paper_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"countersign/internal/fault"
	"countersign/internal/paper"
)

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for x := range 40 {
		for y := range 20 {
			m.Set(x, y, color.RGBA{uint8(x * 6), 40, uint8(y * 12), 255})
		}
	}
	return m
}

// photo is a JPEG as a telephone makes it: with an Exif part that says how it was held, and where.
func photo(t testing.TB, held uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	var tiff bytes.Buffer
	tiff.WriteString("Exif\x00\x00II*\x00")
	for _, v := range []any{uint32(8), uint16(1), uint16(0x0112), uint16(3), uint32(1), held, uint16(0), uint32(0)} {
		binary.Write(&tiff, binary.LittleEndian, v)
	}
	tiff.WriteString("GPS 51.878 -0.417 Luton")
	head := []byte{0xff, 0xd8, 0xff, 0xe1, byte((tiff.Len() + 2) >> 8), byte(tiff.Len() + 2)}
	return append(append(head, tiff.Bytes()...), b.Bytes()[2:]...)
}

func pngOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const plainPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

func TestAttachmentTypes(t *testing.T) {
	huge := bytes.Clone(pngOf(t))
	binary.BigEndian.PutUint32(huge[16:], 1<<17)
	binary.BigEndian.PutUint32(huge[20:], 1<<17)
	for name, c := range map[string]struct {
		claimed string
		raw     []byte
		want    string
	}{
		"a photograph":                {"image/jpeg", photo(t, 1), ""},
		"with parameters":             {"IMAGE/PNG; q=1", pngOf(t), ""},
		"a paper":                     {"application/pdf", []byte(plainPDF), ""},
		"nothing":                     {"image/png", nil, "fault.attachment.empty"},
		"a PNG that says JPEG":        {"image/jpeg", pngOf(t), "fault.attachment.lies"},
		"a PDF that says PNG":         {"image/png", []byte(plainPDF), "fault.attachment.lies"},
		"a page":                      {"text/html", []byte("<script>"), "fault.attachment.type"},
		"a page that says PNG":        {"image/png", []byte("<script>"), "fault.attachment.type"},
		"a program that says PDF":     {"application/pdf", []byte("MZ\x90"), "fault.attachment.type"},
		"half a picture":              {"image/png", pngOf(t)[:60], "fault.attachment.broken"},
		"half a PDF":                  {"application/pdf", []byte("%PDF-1.4\n1 0 obj"), "fault.attachment.broken"},
		"a decompression bomb":        {"image/png", huge, "fault.attachment.broken"},
		"a PDF with a program":        {"application/pdf", []byte("%PDF-1.4 <</S/JavaScript/JS(app.alert(1))>> %%EOF"), "fault.attachment.active"},
		"a PDF with a hidden program": {"application/pdf", []byte("%PDF-1.4 <</S/#4aava#53cript>> %%EOF"), "fault.attachment.active"},
		"a locked PDF":                {"application/pdf", []byte("%PDF-1.4 <</Encrypt 3 0 R>> %%EOF"), "fault.attachment.active"},
		"too large":                   {"application/pdf", make([]byte, paper.MaxAttachment+1), "fault.attachment.large"},
	} {
		kind, clean, err := paper.CleanAttachment(c.claimed, c.raw)
		if got := fault.KeyOf(err); got != c.want && !(name == "a decompression bomb" && got == "fault.attachment.pixels") {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		if err == nil && (kind == "" || len(clean) == 0) {
			t.Errorf("%s: nothing is kept", name)
		}
	}
}

// What a telephone adds to a picture is gone, the picture stands upright, and nothing hides behind it.
func TestImagesAreDrawnAnew(t *testing.T) {
	hidden := append(photo(t, 6), []byte("PK\x03\x04 a file behind the picture")...)
	_, clean, err := paper.CleanAttachment("image/jpeg", hidden)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Exif", "GPS", "Luton", "PK\x03\x04"} {
		if bytes.Contains(clean, []byte(word)) {
			t.Errorf("%q is still in the picture", word)
		}
	}
	m, err := jpeg.Decode(bytes.NewReader(clean))
	if err != nil || m.Bounds().Dx() != 20 || m.Bounds().Dy() != 40 {
		t.Fatalf("%v %v", m.Bounds(), err)
	}
	// Held a quarter turn: the left edge of the stored picture, dark, is the upper edge.
	top, _, _, _ := m.At(10, 1).RGBA()
	bottom, _, _, _ := m.At(10, 38).RGBA()
	if top > bottom {
		t.Errorf("upside down: %d above %d", top, bottom)
	}
	for held := uint16(1); held <= 9; held++ {
		if _, _, err := paper.CleanAttachment("image/jpeg", photo(t, held)); err != nil {
			t.Errorf("held %d: %v", held, err)
		}
	}
}

func FuzzCleanAttachment(f *testing.F) {
	f.Add("image/jpeg", photo(f, 6))
	f.Add("image/png", pngOf(f))
	f.Add("application/pdf", []byte(plainPDF))
	f.Add("application/pdf", []byte("%PDF-/J#5"))
	f.Add("image/jpeg", []byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff"))
	f.Fuzz(func(t *testing.T, claimed string, raw []byte) {
		kind, clean, err := paper.CleanAttachment(claimed, raw)
		if err != nil {
			return
		}
		if again, _, err := paper.CleanAttachment(kind, clean); err != nil || again != kind {
			t.Errorf("what was kept as %s is refused: %v", kind, err)
		}
	})
}
