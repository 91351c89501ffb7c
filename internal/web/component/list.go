package component

import (
	"html/template"
	"strconv"
)

// Action is a link beside a row or on a card.
type Action struct {
	Text               string
	HTML               template.HTML
	Href               string
	VisuallyHiddenText string
	Classes            string
	Attributes         Attrs
}

// Actions are the links of a row or card.
type Actions struct {
	Items   []Action
	Classes string
}

// Cell is a key or a value of a summary list.
type Cell struct {
	Text    string
	HTML    template.HTML
	Classes string
}

// SummaryRow is one key and its value.
type SummaryRow struct {
	Key, Value Cell
	Actions    Actions
	Classes    string
}

// CardTitle heads a summary card.
type CardTitle struct {
	Text         string
	HTML         template.HTML
	HeadingLevel string // 2 if empty
	Classes      string
}

// Heading is the tag of the card's title.
func (c CardTitle) Heading() headingTag { return heading(c.HeadingLevel, "2") }

// Class is the class of the card's title.
func (c CardTitle) Class() string { return join("govuk-summary-card__title", c.Classes) }

// SummaryCard frames a summary list.
type SummaryCard struct {
	Title      *CardTitle
	Actions    Actions
	Classes    string
	Attributes Attrs
}

// SummaryList shows facts as keys and values.
type SummaryList struct {
	Rows       []SummaryRow
	Card       *SummaryCard
	Classes    string
	Attributes Attrs
}

func (SummaryList) partial() string { return "summary-list" }

// actionView is an action with the title of its card, which tells it apart for a screen reader.
type actionView struct {
	Action
	Card *CardTitle
}

type summaryRowView struct {
	SummaryRow
	NoActions bool
	Links     []actionView
}

// Shown are the rows with their links.
func (s SummaryList) Shown() []summaryRowView {
	anyActions := false
	for _, r := range s.Rows {
		anyActions = anyActions || len(r.Actions.Items) > 0
	}
	var title *CardTitle
	if s.Card != nil {
		title = s.Card.Title
	}
	var all []summaryRowView
	for _, r := range s.Rows {
		v := summaryRowView{SummaryRow: r, NoActions: anyActions && len(r.Actions.Items) == 0}
		for _, a := range r.Actions.Items {
			v.Links = append(v.Links, actionView{a, title})
		}
		all = append(all, v)
	}
	return all
}

// Links are the card's own links.
func (c SummaryCard) Links() []actionView {
	var all []actionView
	for _, a := range c.Actions.Items {
		all = append(all, actionView{a, c.Title})
	}
	return all
}

// TableCell is a cell; Format "numeric" aligns figures.
type TableCell struct {
	Text             string
	HTML             template.HTML
	Format           string
	Colspan, Rowspan int
	Classes          string
	Attributes       Attrs
}

// Table shows rows and columns.
type Table struct {
	Caption           string
	CaptionClasses    string
	Head              []TableCell
	Rows              [][]TableCell
	FirstCellIsHeader bool
	Classes           string
	Attributes        Attrs
}

func (Table) partial() string { return "table" }

// TaskStatus is the state of a task: a tag or text.
type TaskStatus struct {
	Tag     *Tag
	Text    string
	HTML    template.HTML
	Classes string
}

// TaskItem is one task.
type TaskItem struct {
	Title   Cell
	Hint    *Slot
	Status  TaskStatus
	Href    string
	Classes string
}

// TaskList shows what there is to do and how far each is.
type TaskList struct {
	IDPrefix   string
	Items      []TaskItem
	Classes    string
	Attributes Attrs
}

func (TaskList) partial() string { return "task-list" }

type taskView struct {
	TaskItem
	HintID, StatusID, DescribedBy string
}

// Tasks are the items with their ids.
func (t TaskList) Tasks() []taskView {
	var all []taskView
	for i, item := range t.Items {
		id := or(t.IDPrefix, "task-list") + "-" + strconv.Itoa(i+1)
		v := taskView{TaskItem: item, HintID: id + "-hint", StatusID: id + "-status"}
		v.DescribedBy = v.StatusID
		if item.Hint != nil {
			v.DescribedBy = join(v.HintID, v.StatusID)
		}
		all = append(all, v)
	}
	return all
}
