package paper

import (
	"io"
	"strconv"
	"time"

	"countersign/internal/words"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode/qr"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Measures of the page in millimetres.
const (
	pdfMargin = 15.0
	pdfWidth  = 210 - 2*pdfMargin
	pdfLabel  = 62.0 // of the two columns
	pdfLine   = 4.6
	pdfBottom = 297 - 24.0
	pdfCode   = 34.0 // side of the square code
)

// WriteFormPDF writes a paper in both languages, one beside the other field by field, the person's own language
// first. Every page says which of how many it is, the version of the paper, whether it is a draft and whether
// the agreement is a stand-in. Equal papers give equal bytes.
func WriteFormPDF(w io.Writer, f *Form, catalogues map[words.Lang]*words.Catalogue) error {
	hash, err := f.Hash()
	if err != nil {
		return err
	}
	p := &printer{Fpdf: fpdf.New("P", "mm", "A4", ""), form: f, hash: hash, langs: [2]*words.Catalogue{catalogues[words.English], catalogues[words.Albanian]}}
	if f.Language == string(words.Albanian) {
		p.langs[0], p.langs[1] = p.langs[1], p.langs[0]
	}
	p.prepare()
	p.AddPage()
	p.head()
	first, second := f.Sections(p.langs[0]), f.Sections(p.langs[1])
	for i := range first {
		p.section(first[i], second[i])
	}
	p.notes()
	return p.Output(w)
}

type printer struct {
	*fpdf.Fpdf
	form  *Form
	hash  string
	langs [2]*words.Catalogue
}

func (p *printer) prepare() {
	p.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p.SetMargins(pdfMargin, pdfMargin, pdfMargin)
	p.SetAutoPageBreak(false, 0)
	p.SetCatalogSort(true)
	at := p.form.Act.Signed // nothing in the file depends on when it was printed
	if at.IsZero() {
		at = time.Unix(0, 0).UTC() // a draft without an act: the library would write the time of the print
	}
	p.SetCreationDate(at)
	p.SetModificationDate(at)
	p.SetProducer("countersign", true)
	p.SetTitle(p.both("paper.title."+string(p.form.Kind)), true) // no name: titles show in lists of files
	p.SetLang(string(p.langs[0].Lang))
	p.AliasNbPages("{nb}")
	p.SetHeaderFunc(p.header)
	p.SetFooterFunc(p.footer)
}

// both is a text in both languages.
func (p *printer) both(key string, args ...string) string {
	return p.langs[0].Text(key, args...) + " / " + p.langs[1].Text(key, args...)
}

func (p *printer) style(bold string, size float64, grey int) {
	p.SetFont("go", bold, size)
	p.SetTextColor(grey, grey, grey)
}

// header stands on every page: what the paper is, and what it is not.
func (p *printer) header() {
	if p.form.Draft() {
		p.watermark()
	}
	p.SetXY(pdfMargin, 9)
	p.style("", 7.5, 90)
	p.CellFormat(pdfWidth, 4, p.langs[0].Text("paper.running", "paper", p.langs[0].Text("paper.title."+string(p.form.Kind)), "case", string(p.form.Case)), "", 1, "L", false, 0, "")
	if p.form.Agreement.StandIn {
		p.banner(p.both("paper.stand-in"))
	}
	if p.form.Draft() {
		p.banner(p.both("paper.draft"))
	}
	p.SetY(p.GetY() + 2)
}

func (p *printer) banner(text string) {
	p.style("B", 8.5, 0)
	p.SetFillColor(235, 235, 235)
	p.SetX(pdfMargin)
	p.MultiCell(pdfWidth, 5, text, "1", "C", true)
}

func (p *printer) watermark() {
	p.style("B", 58, 228)
	p.TransformBegin()
	p.TransformRotate(52, 105, 160)
	p.SetXY(0, 150)
	p.CellFormat(210, 20, p.langs[0].Text("paper.watermark")+" · "+p.langs[1].Text("paper.watermark"), "", 0, "C", false, 0, "")
	p.TransformEnd()
}

func (p *printer) footer() {
	p.SetXY(pdfMargin, 297-17)
	p.style("", 7.5, 60)
	p.SetDrawColor(150, 150, 150)
	p.Line(pdfMargin, 297-18, 210-pdfMargin, 297-18)
	page := p.both("paper.page", "page", strconv.Itoa(p.PageNo()), "pages", "{nb}")
	p.CellFormat(pdfWidth, 4, page, "", 1, "L", false, 0, "")
	p.SetX(pdfMargin)
	p.CellFormat(pdfWidth, 4, p.both("paper.version", "schema", p.form.Schema)+" "+p.hash, "", 1, "L", false, 0, "")
}

// head is the title in both languages with the code that leads to the record.
func (p *printer) head() {
	width, top := pdfWidth, p.GetY()
	if !p.form.Draft() {
		width -= pdfCode + 4
		p.code(p.form.Act.Mark, 210-pdfMargin-pdfCode, top)
	}
	p.SetX(pdfMargin)
	p.style("B", 15, 0)
	p.MultiCell(width, 7, p.langs[0].Text("paper.title."+string(p.form.Kind)), "", "L", false)
	p.SetX(pdfMargin)
	p.style("B", 12, 60)
	p.MultiCell(width, 6, p.langs[1].Text("paper.title."+string(p.form.Kind)), "", "L", false)
	p.style("", 8.5, 0)
	for _, c := range p.langs {
		p.SetX(pdfMargin)
		p.MultiCell(width, pdfLine, p.under(c), "", "L", false)
	}
	for _, why := range p.form.Withheld {
		p.SetX(pdfMargin)
		p.style("B", 8.5, 0)
		p.MultiCell(width, pdfLine, p.both(why, "language", p.form.Language), "", "L", false)
	}
	if !p.form.Draft() && p.GetY() < top+pdfCode+2 {
		p.SetY(top + pdfCode + 2)
	}
}

// under names the agreement and the article of the form, or says that it is not known.
func (p *printer) under(c *words.Catalogue) string {
	a := p.form.Agreement
	title := a.TitleEn
	if c.Lang == words.Albanian {
		title = a.TitleSq
	}
	if a.ID == "" || p.form.Kind == DepartureForm { // a removal notice stands on the State's own law
		return c.Text("paper.no-agreement")
	}
	if a.Article == "" {
		return c.Text("paper.agreement", "title", title, "version", c.Day(a.Version))
	}
	return c.Text("paper.agreement-form", "title", title, "version", c.Day(a.Version), "article", a.Article, "annex", a.Annex)
}

// code draws the mark as a square code, module by module, so that it stays sharp at any size.
func (p *printer) code(m Mark, x, y float64) {
	image, err := qr.Encode(m.String(), qr.M, qr.Auto)
	if err != nil {
		p.SetError(err)
		return
	}
	n := image.Bounds().Dx()
	side := pdfCode / float64(n)
	p.SetFillColor(0, 0, 0)
	for row := range n {
		for col := 0; col < n; col++ {
			from := col
			for col < n && dark(image.At(col, row)) {
				col++
			}
			if col > from {
				p.Rect(x+float64(from)*side, y+float64(row)*side, float64(col-from)*side, side, "F")
			}
		}
	}
}

func dark(c interface{ RGBA() (r, g, b, a uint32) }) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}

func (p *printer) section(a, b Section) {
	p.need(22)
	p.SetXY(pdfMargin, p.GetY()+3)
	p.style("B", 10, 0)
	p.SetDrawColor(0, 0, 0)
	title := p.both("paper.section." + a.Key)
	if a.Item > 0 {
		title += " " + strconv.Itoa(a.Item)
	}
	p.MultiCell(pdfWidth, 6, title, "B", "L", false)
	for i := range a.Rows {
		p.row(a.Rows[i], b.Rows[i])
	}
}

// row writes one field: both labels on the left, both values on the right where they differ.
func (p *printer) row(a, b Row) {
	p.style("", 8.5, 0)
	labels := append(p.SplitText(p.langs[0].Text("paper.field."+a.Key), pdfLabel-3), p.SplitText(p.langs[1].Text("paper.field."+a.Key), pdfLabel-3)...)
	first := len(p.SplitText(p.langs[0].Text("paper.field."+a.Key), pdfLabel-3))
	p.style("", 9, 0)
	values := p.SplitText(a.Value, pdfWidth-pdfLabel-2)
	own := len(values)
	if b.Value != a.Value {
		values = append(values, p.SplitText(b.Value, pdfWidth-pdfLabel-2)...)
	}
	height := pdfLine*float64(max(len(labels), len(values))) + 1.2
	p.need(height)
	y := p.GetY()
	for i, text := range labels {
		p.style(map[bool]string{true: "B", false: ""}[i < first], 8.5, map[bool]int{true: 0, false: 80}[i < first])
		p.SetXY(pdfMargin, y+0.6+pdfLine*float64(i))
		p.CellFormat(pdfLabel, pdfLine, text, "", 0, "L", false, 0, "")
	}
	for i, text := range values {
		p.style("", 9, map[bool]int{true: 0, false: 80}[i < own])
		p.SetXY(pdfMargin+pdfLabel, y+0.6+pdfLine*float64(i))
		p.CellFormat(pdfWidth-pdfLabel, pdfLine, text, "", 0, "L", false, 0, "")
	}
	p.SetDrawColor(200, 200, 200)
	if a.Blank {
		p.SetDrawColor(0, 0, 0)
		p.Line(pdfMargin+pdfLabel+1, y+height-1, 210-pdfMargin, y+height-1)
	} else {
		p.Line(pdfMargin, y+height, 210-pdfMargin, y+height)
	}
	p.SetXY(pdfMargin, y+height)
}

// notes close the paper: what the person or the reader has to know about it.
func (p *printer) notes() {
	p.style("", 8.5, 0)
	var texts []string
	height := 0.0
	for _, c := range p.langs {
		key := "paper.note." + string(p.form.Kind)
		text := c.Text("paper.note")
		if c.Has(key) {
			text = c.Text(key) + " " + text
		}
		texts = append(texts, text)
		height += pdfLine*float64(len(p.SplitText(text, pdfWidth-2))) + 3
	}
	p.need(height) // both languages on one page: neither stands alone on the last
	for _, text := range texts {
		p.SetXY(pdfMargin, p.GetY()+3)
		p.MultiCell(pdfWidth, pdfLine, text, "", "L", false)
	}
}

// need starts a new page where the height does not fit on this one.
func (p *printer) need(height float64) {
	if p.GetY()+height > pdfBottom {
		p.AddPage()
	}
}
