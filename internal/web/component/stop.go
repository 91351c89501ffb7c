package component

import (
	"html/template"
	"time"

	"countersign/internal/words"
)

// Interruption is the page before an act that cannot be taken back. The button names the act; there is no
// other pop-up. It is a form, so that it works without JavaScript.
type Interruption struct {
	Words  *words.Catalogue
	Act    string // the act's name, on the button: "Refuse the application"
	Title  string // "Refuse the application of Arben Hoxha?"
	Text   string // what follows from it, and that it cannot be taken back
	Facts  []SummaryRow
	Action string // address that the form posts to
	Hidden []HiddenInput
	Fields template.HTML // what is still to be asked, for example to sign in again
	Cancel string        // where to go instead
	FormID string
}

func (Interruption) partial() string { return "interruption" }

// List is the facts as a summary list, nil without any.
func (i Interruption) List() *SummaryList {
	if len(i.Facts) == 0 {
		return nil
	}
	return &SummaryList{Rows: i.Facts, Classes: "cs-stop__facts"}
}

// Button is the act.
func (i Interruption) Button() Button { return Button{Text: i.Act, Classes: "govuk-button--warning"} }

// Change is one field that somebody changed while the officer worked on it.
type Change struct {
	Field  string
	Before string // what the officer saw
	Theirs string // what it is now
	Mine   string // what the officer typed
}

// Conflict says who changed what, and keeps what was typed (pain K32). The officer decides again with both
// in sight; nothing is overwritten unseen.
type Conflict struct {
	Words   *words.Catalogue
	Who     string
	Role    string
	When    time.Time
	Changes []Change
	Action  string // address that the form posts to again
	Hidden  []HiddenInput
	Again   string // the act's name, on the button
	Discard string // address of the page as it is now
}

func (Conflict) partial() string { return "conflict" }

// Table is what was seen, what it is now, and what was typed. On a narrow screen each change is a card.
func (c Conflict) Table() Table {
	heads := []string{c.Words.Text("web.conflict.field"), c.Words.Text("web.conflict.before"),
		c.Words.Text("web.conflict.theirs"), c.Words.Text("web.conflict.mine")}
	t := Table{FirstCellIsHeader: true, Classes: "cs-table", Caption: c.Words.Text("web.conflict.table"),
		CaptionClasses: "govuk-table__caption--m"}
	for _, head := range heads {
		t.Head = append(t.Head, TableCell{Text: head})
	}
	for _, ch := range c.Changes {
		row := []TableCell{{Text: ch.Field}}
		for i, text := range []string{ch.Before, ch.Theirs, ch.Mine} {
			row = append(row, TableCell{Text: text, Attributes: Attrs{"data-heading": heads[i+1]}})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Changed says who and when.
func (c Conflict) Changed() string {
	return c.Words.Text("web.conflict.who", "who", c.Who, "role", c.Role, "moment", c.Words.Moment(c.When))
}

// Problem is what an officer reads when something could not be done: what happened, what stays, what to do.
type Problem struct {
	Words     *words.Catalogue
	Title     string
	Text      string
	Do        []string // what to do now, one line each
	Reference string   // to quote to the administrator; never holds personal data
}

func (Problem) partial() string { return "problem" }
