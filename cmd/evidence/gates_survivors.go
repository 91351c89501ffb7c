package main

// explained are the survivors that change nothing that anybody could see, each with the reason. A whole run catches an
// explanation of a mutant that a test does notice.
var explained = map[string]string{
	"internal/treaty/date.go NewDate, swap constant: 0 -> 1":     sameDate,
	"internal/treaty/date.go NewDate, swap constant: 0 -> 1 (2)": sameDate,
	"internal/treaty/date.go NewDate, swap constant: 0 -> 1 (3)": sameDate,
	"internal/treaty/date.go NewDate, swap constant: 0 -> 1 (4)": sameDate,
}

const sameDate = "a time of day later in a day of UTC, of which only the date is kept, is the same date"
