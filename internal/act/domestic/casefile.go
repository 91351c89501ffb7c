package domestic

import (
	"time"

	"countersign/internal/act"
)

// Kinds of what a file holds beside the acts of the case: attachments, and where it was taken over from.
const (
	AttachmentAdded act.Kind = "attachment.added"
	FileImported    act.Kind = "file.imported"
)

var casefileKinds = act.Vocabulary{
	AttachmentAdded: func() any { return new(Attachment) },
	FileImported:    func() any { return new(Import) },
}

// Attachment binds a kept file to the case by its hash. The file itself is sealed beside the record under the
// person's key; who changes a byte of it is found out by this act.
type Attachment struct {
	Attachment act.ID `json:"attachment"`
	Title      string `json:"title"` // code: what it is, never a free text
	Type       string `json:"type"`  // media type as found by looking, not as claimed
	Size       int    `json:"size"`
	SHA256     string `json:"sha256"` // of what is kept, hex
}

// Import says where a file was taken over from, and what that system knew of its course. It is history from
// before the link: it is no exchange and starts no treaty clock (design.md 5.10).
type Import struct {
	System    string `json:"system"`          // name of the authority's other system
	Reference string `json:"reference"`       // its file number
	Shadow    bool   `json:"shadow,omitzero"` // this node only observes: no joint act leaves about the case

	Requested time.Time `json:"requested,omitzero"` // application sent, by that system's word
	Received  time.Time `json:"received,omitzero"`  // its receipt
	Replied   time.Time `json:"replied,omitzero"`   // reply
	Positive  bool      `json:"positive,omitzero"`  // of the reply
	Due       time.Time `json:"due,omitzero"`       // what that system shows as the next limit
}
