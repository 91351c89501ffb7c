package component

const (
	falsyCounts = "the macro counts a skipped item (false, null) in the numbers of ids; a Go slice has no skipped items"
	notHTML     = "conditional.html is the boolean false; in Go it is simply empty"
	ownBoxes    = "names every box twice, as items and as day, month, year; ours has items only"
	slots       = "free slots in the navigation; our header holds the language switch and the officer"
	noPrefix    = "an error message without a word before it; ours always says “Error” to a screen reader"
)

// exceptions are fixtures whose HTML we do not give, each with its reason.
var exceptions = map[string]string{
	"checkboxes/empty conditional":                              notHTML,
	"checkboxes/with falsy values":                              falsyCounts,
	"date-input/with field value and item value":                ownBoxes,
	"date-input/with field value and items":                     ownBoxes,
	"date-input/with field value, item value and values":        ownBoxes,
	"date-input/with values, name prefix and custom names":      "the year is known by its place, not by its name; a box named otherwise gets its width by class",
	"error-message/translated":                                  noPrefix,
	"error-message/visually hidden text removed":                noPrefix,
	"file-upload/with value":                                    "browsers ignore the value of a file control",
	"pagination/with empty items":                               "an empty object as an item; a Go slice has no empty items",
	"radios/with empty conditional":                             notHTML,
	"radios/with falsy items":                                   falsyCounts,
	"service-navigation/inverse with language navigation":       slots,
	"service-navigation/with `inline` end slot":                 slots,
	"service-navigation/with language navigation":               slots,
	"service-navigation/with right-aligned language navigation": slots,
	"service-navigation/with slotted content":                   slots,
	"task-list/with empty values":                               falsyCounts,
}
