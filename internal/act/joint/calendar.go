package joint

import (
	"countersign/internal/act"
	"countersign/internal/person"
)

// Acts about the calendars on which both states count. Each state declares its own holidays and no other one's.
const (
	HolidayDeclared  act.Kind = "holiday.declared"
	HolidayWithdrawn act.Kind = "holiday.withdrawn"
)

var calendarKinds = act.Vocabulary{
	HolidayDeclared:  func() any { return new(HolidayDeclaration) },
	HolidayWithdrawn: func() any { return new(HolidayWithdrawal) },
}

// HolidayDeclaration makes one day free in the author's state, or in the parts of it that are named.
type HolidayDeclaration struct {
	Date   person.Date `json:"date"`
	Parts  []string    `json:"parts,omitempty"` // none: the whole state
	NameEn string      `json:"name_en"`
	NameSq string      `json:"name_sq"`
	Source string      `json:"source"` // the decision or gazette in which the state announced it
}

// HolidayWithdrawal takes a declaration back before its day has come. The envelope answers the declaration.
type HolidayWithdrawal struct {
	Reason string `json:"reason"` // error, state-withdrew
}
