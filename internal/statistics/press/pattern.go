package press

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled when a text is first held against it. There are more than a hundred
// of them: a node that checks no press text does not pay for them at each start.
type pattern struct {
	source  string
	compile func() *regexp.Regexp
}

// patterns are all that there are, so that a test can compile each.
var patterns []*pattern

// expression makes a pattern. It is called for variables of the package only.
func expression(source string) *pattern {
	p := &pattern{source, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(source) })}
	patterns = append(patterns, p)
	return p
}

func (p *pattern) MatchString(s string) bool { return p.compile().MatchString(s) }

func (p *pattern) FindString(s string) string { return p.compile().FindString(s) }

func (p *pattern) FindStringIndex(s string) []int { return p.compile().FindStringIndex(s) }

func (p *pattern) FindStringSubmatchIndex(s string) []int {
	return p.compile().FindStringSubmatchIndex(s)
}

func (p *pattern) FindAllStringIndex(s string, n int) [][]int {
	return p.compile().FindAllStringIndex(s, n)
}

func (p *pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return p.compile().FindAllStringSubmatchIndex(s, n)
}

func (p *pattern) ReplaceAllString(s, with string) string {
	return p.compile().ReplaceAllString(s, with)
}
