package treaty

// Text is a short text of the data itself, in both languages.
type Text struct {
	En string `json:"en"`
	Sq string `json:"sq"`
}
