package web_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"countersign/internal/web/browsertest"
	"countersign/internal/words"
)

// guidePictures are the pages of the invented world that the guide shows, and how much of each.
var guidePictures = []struct {
	page   string // of those that have a golden file
	lang   words.Lang
	height int
}{
	{"work", words.English, 640}, {"case", words.English, 1100}, {"case-held", words.English, 700}, {"act-request", words.English, 900},
	{"their-view", words.English, 760}, {"cases", words.Albanian, 640}, {"case-reply", words.Albanian, 860}, {"act-refuse", words.English, 700},
	{"administration", words.English, 720}, {"pairing", words.English, 620}, {"officers-second", words.English, 640}, {"teams", words.English, 700},
	{"looks", words.English, 560},
}

const (
	pictureLimit  = 150 << 10  // of one picture
	picturesLimit = 1500 << 10 // of all
)

// TestGuidePicturesInBrowser takes the guide's pictures: make guide-pictures.
func TestGuidePicturesInBrowser(t *testing.T) {
	folder := os.Getenv("COUNTERSIGN_GUIDE_PICTURES")
	if folder == "" {
		t.Skip("takes the pictures of docs/guide: make guide-pictures")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	browser := browsertest.Start(t)
	w := newWorld(t)
	w.people()
	for _, g := range guidePictures {
		for _, s := range w.shown() {
			if s.name != g.page {
				continue
			}
			p := browser.Page(t)
			signIn(t, p, s.at, s.role, g.lang)
			p.Size(1200, 900)
			p.Open(s.at.URL() + s.path)
			if err := os.WriteFile(filepath.Join(folder, g.page+"-"+string(g.lang)+".png"), small(t, p.PNG(), g.height), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// small cuts a picture below a height and keeps its most frequent colours.
func small(t *testing.T, picture []byte, height int) []byte {
	t.Helper()
	whole, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	area := whole.Bounds()
	area.Max.Y = min(area.Max.Y, area.Min.Y+height)
	count := map[color.Color]int{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			count[whole.At(x, y)]++
		}
	}
	few := color.Palette(slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return count[b] - count[a] }))
	few = few[:min(len(few), 64)]
	out := image.NewPaletted(area, few)
	nearest := map[color.Color]uint8{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c := whole.At(x, y)
			i, ok := nearest[c]
			if !ok {
				i = uint8(few.Index(c))
				nearest[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, out); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var guideLink = regexp.MustCompile(`\]\((pictures/[a-z0-9-]+\.png)\)`)

// The guide shows each of its pictures, each picture that it shows is there, and none is large.
func TestGuidePicturesAreThere(t *testing.T) {
	root, err := browsertest.Root()
	if err != nil {
		t.Fatal(err)
	}
	guide := filepath.Join(root, "docs", "guide")
	pages, err := filepath.Glob(filepath.Join(guide, "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	shown := map[string]bool{}
	for _, page := range pages {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range guideLink.FindAllSubmatch(b, -1) {
			shown[string(m[1])] = true
		}
	}
	var sum int64
	for _, g := range guidePictures {
		name := "pictures/" + g.page + "-" + string(g.lang) + ".png"
		info, err := os.Stat(filepath.Join(guide, name))
		switch {
		case err != nil:
			t.Errorf("%v; make guide-pictures takes it", err)
			continue
		case !shown[name]:
			t.Errorf("no page of the guide shows %s", name)
		case info.Size() > pictureLimit:
			t.Errorf("%s has %d bytes", name, info.Size())
		}
		sum += info.Size()
		delete(shown, name)
	}
	if len(shown) > 0 {
		t.Errorf("shown, and not among the guide's pictures: %v", shown)
	}
	if sum > picturesLimit {
		t.Errorf("all pictures have %d bytes", sum)
	}
}
