package paper

import (
	"fmt"
	"strconv"
	"strings"
)

// Palette is the order of colours for categorical charts, chosen for contrast and for colour-blind
// readers (facts/statistics.md, section 6). A chart has at most four series; two are dark blue and orange.
var Palette = []string{"#12436D", "#28A197", "#801650", "#F46A25"}

// Chart is a bar chart: one group of bars per label, bars start at zero, values are written at the bars.
// Its title belongs in the page; the picture carries a text alternative and the data stand beside it.
type Chart struct {
	ID       string // unique on the page
	Title    string // for the text alternative
	Summary  string // what the chart shows, in a sentence
	Unit     string // what the axis counts
	Labels   []string
	Series   []ChartSeries
	Language string
}

// ChartSeries is one colour.
type ChartSeries struct {
	Name   string
	Values []int64
}

const (
	chartWidth, chartHeight = 960, 420
	plotLeft, plotTop       = 70, 50
	plotBottom              = 360
)

// SVG draws the chart. It fails on more than four series: a reader cannot tell them apart.
func (c *Chart) SVG() (string, error) {
	if len(c.Series) == 0 || len(c.Series) > len(Palette) || len(c.Labels) == 0 {
		return "", fmt.Errorf("chart %s: %d series over %d labels; expected one to four series", c.ID, len(c.Series), len(c.Labels))
	}
	var highest int64 = 1
	for _, s := range c.Series {
		if len(s.Values) != len(c.Labels) {
			return "", fmt.Errorf("chart %s: series %s has %d values for %d labels", c.ID, s.Name, len(s.Values), len(c.Labels))
		}
		for _, v := range s.Values {
			if v < 0 {
				return "", fmt.Errorf("chart %s: bars start at zero; %d is below it", c.ID, v)
			}
			highest = max(highest, v)
		}
	}
	step := tick(highest)
	top := (highest + step - 1) / step * step
	y := func(v int64) int64 { return plotBottom - (plotBottom-plotTop)*v/top }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="%s-title %s-desc" lang="%s" viewBox="0 0 %d %d" font-family="Arial, sans-serif" font-size="16">`, c.ID, c.ID, c.Language, chartWidth, chartHeight)
	fmt.Fprintf(&b, `<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`, c.ID, escape(c.Title), c.ID, escape(c.Summary))
	for v := int64(0); v <= top; v += step {
		fmt.Fprintf(&b, `<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#BFBFBF" stroke-width="1"/><text x="%d" y="%d" text-anchor="end" fill="#414042">%s</text>`, plotLeft, y(v), chartWidth-10, y(v), plotLeft-8, y(v)+5, group(v, c.Language))
	}
	fmt.Fprintf(&b, `<text x="%d" y="20" fill="#414042">%s</text>`, 10, escape(c.Unit))
	c.legend(&b)
	band := (chartWidth - 10 - plotLeft) / len(c.Labels)
	bar := max(2, (band-8)/len(c.Series))
	for i, label := range c.Labels {
		left := plotLeft + i*band + 4
		for k, s := range c.Series {
			v := s.Values[i]
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`, left+k*bar, y(v), bar-1, plotBottom-y(v), c.colour(k))
			if bar >= 28 {
				fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" fill="#414042">%s</text>`, left+k*bar+bar/2, y(v)-4, group(v, c.Language))
			}
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" fill="#414042">%s</text>`, left+(band-8)/2, plotBottom+22, escape(label))
	}
	b.WriteString(`</svg>`)
	return b.String(), nil
}

func (c *Chart) colour(k int) string {
	if len(c.Series) == 2 && k == 1 {
		return Palette[3] // two series: dark blue and orange
	}
	return Palette[k]
}

// legend names the series in the order of the bars; the bars stand in the same order, so that colour is
// never the only carrier.
func (c *Chart) legend(b *strings.Builder) {
	x := plotLeft
	for k, s := range c.Series {
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="14" height="14" fill="%s"/><text x="%d" y="%d" fill="#414042">%d. %s</text>`, x, chartHeight-22, c.colour(k), x+20, chartHeight-10, k+1, escape(s.Name))
		x += (chartWidth - plotLeft) / len(c.Series)
	}
}

// tick is a round step that gives at most six lines.
func tick(highest int64) int64 {
	for step := int64(1); ; step *= 10 {
		for _, m := range []int64{1, 2, 5} {
			if highest <= step*m*5 {
				return step * m
			}
		}
	}
}

func group(n int64, lang string) string {
	s := strconv.FormatInt(n, 10)
	sep := ","
	if lang == "sq" {
		sep = "."
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return s
}
