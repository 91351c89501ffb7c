package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"strings"

	"countersign/internal/access"
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/act/joint"
	"countersign/internal/fault"
	"countersign/internal/person"
	"countersign/internal/store"
	"countersign/internal/words"
)

// Search is what an officer types to find somebody who is already known here.
type Search struct {
	Name     string // any words of any name, in any order
	Birth    string // 1995-03-12, or less of it
	Document string // number
}

// FindCap is how many cases a search shows. Whoever has that many has to say more of the person.
const FindCap = 50

// FindPeople finds cases of people already known at this node, so that nobody is entered twice. It looks
// only here: there is no search across the border (design.md, section 7).
func (d *Desk) FindPeople(ctx context.Context, who Session, s Search) ([]CaseLine, error) {
	tokens := d.searchTokens(s)
	if len(tokens) == 0 {
		return nil, fault.New(fault.Invalid, "fault.case.search-empty")
	}
	if err := d.allow(who, "search-before-create", access.Resource{Type: "case"}); err != nil {
		return nil, err
	}
	found, err := store.SubjectsOf(d.Store, FindCap, tokens...)
	if err != nil {
		return nil, err
	}
	if found == nil {
		found = []act.ID{} // nobody, where nil would be everybody
	}
	lines, _, err := d.Cases(ctx, who, store.CaseFilter{Subjects: found, Limit: FindCap})
	return lines, err
}

// searchTokens has the rarest first: a document is one person's, a name may be that of thousands.
func (d *Desk) searchTokens(s Search) [][]byte {
	var tokens [][]byte
	if n := documentNumber(s.Document); n != "" {
		tokens = append(tokens, d.blind("document", n))
	}
	if b := strings.TrimSpace(s.Birth); b != "" {
		tokens = append(tokens, d.blind("birth", b))
	}
	for _, w := range nameWords(s.Name) {
		tokens = append(tokens, d.blind("name", w))
	}
	return tokens
}

// indexPerson keeps the blind tokens of a person: every word of every name folded (ë as e, ç as c), the birth
// date in full and as a year.
func (t *turn) indexPerson(subject act.ID, p person.Particulars) error {
	if subject == "" {
		return nil
	}
	var names strings.Builder
	for _, n := range p.Names {
		names.WriteString(n.Given + " " + n.Family + "\n")
	}
	birth := p.Birth.String()
	indexed, now := "indexed/"+string(subject), names.String()+birth
	if t.tx.Recall(indexed) == now { // by an act before this one
		return nil
	}
	var tokens [][]byte
	for _, w := range nameWords(names.String()) {
		tokens = append(tokens, t.blind("name", w))
	}
	if birth != "" {
		tokens = append(tokens, t.blind("birth", birth), t.blind("birth", birth[:min(4, len(birth))]))
	}
	for _, token := range tokens {
		if err := t.tx.PutToken(token, subject); err != nil {
			return err
		}
	}
	t.tx.Remember(indexed, now)
	return nil
}

// indexDocument keeps the blind token of a document number.
func (t *turn) indexDocument(subject act.ID, number string) error {
	if n := documentNumber(number); n != "" && subject != "" {
		return t.tx.PutToken(t.blind("document", n), subject)
	}
	return nil
}

// indexAct keeps the blind tokens of what single acts bring: document numbers, and file numbers of other systems.
func (t *turn) indexAct(e act.Event) error {
	switch b := e.Body.(type) {
	case *domestic.HeldDocument:
		return t.indexDocument(e.Subject, b.Document.Number)
	case *joint.DocumentIssue:
		return t.indexDocument(e.Subject, b.Document.Number)
	case *joint.Notification:
		return t.indexDocument(e.Subject, b.Document.Number)
	case *joint.Request:
		for _, v := range b.Evidence {
			if err := t.indexDocument(e.Subject, v.Document.Number); err != nil {
				return err
			}
		}
	case *domestic.Import:
		return t.tx.PutToken(t.importToken(b.System, b.Reference), e.Case)
	}
	return nil
}

// importToken is the blind token of a file of another system; it leads to the case.
func (d *Desk) importToken(system, reference string) []byte {
	return d.blind("import", system+"\x00"+reference)
}

func nameWords(s string) []string {
	list := strings.Fields(words.Fold(s))
	slices.Sort(list)
	return slices.Compact(list)
}

func documentNumber(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(s), ""))
}

// blind is the keyed hash under which a searchable value is kept.
func (d *Desk) blind(field, value string) []byte {
	h := hmac.New(sha256.New, d.Keys.Blind)
	h.Write([]byte(field + "\x00" + value))
	return h.Sum(nil)[:16]
}
