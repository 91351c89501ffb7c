package joint

import "countersign/internal/act"

// Acts about the link itself: its keys, whether it runs, and what it speaks. None is about a person.
const (
	KeyChanged  act.Kind = "link.key-changed"
	LinkTested  act.Kind = "link.tested"
	LinkPaused  act.Kind = "link.paused"
	LinkResumed act.Kind = "link.resumed"
	LinkEnded   act.Kind = "link.ended"
	LinkFloor   act.Kind = "link.floor"
)

var linkKinds = act.Vocabulary{
	KeyChanged:  func() any { return new(KeyChange) },
	LinkTested:  func() any { return new(LinkTest) },
	LinkPaused:  func() any { return new(LinkPause) },
	LinkResumed: func() any { return new(LinkResumption) },
	LinkEnded:   func() any { return new(LinkEnd) },
	LinkFloor:   func() any { return new(VersionFloor) },
}

// KeyUse says what a key of an authority is for. One key has one use.
type KeyUse string

const (
	UseLog    KeyUse = "log"    // signs heads of the stream
	UseCosign KeyUse = "cosign" // countersigns the peer's heads
	UseSeal   KeyUse = "seal"   // opens what is sealed to the authority
	UseTLS    KeyUse = "tls"    // identifies the node on the wire
)

// KeyChange replaces one key of the authority. Its root key signs it; it counts from its own position in the
// stream, and the head that covers that position is signed by the new log key already.
type KeyChange struct {
	Use    KeyUse `json:"use"`
	Key    string `json:"key"`    // public key, standard base64
	Reason string `json:"reason"` // routine, compromised
}

// LinkTest is an act that says nothing: an officer sends it to see that the link carries acts and that the
// countersignature comes back.
type LinkTest struct {
	Nonce   string `json:"nonce"`
	Padding string `json:"padding,omitzero"`
}

// LinkPause stops the exchange at once: its author sends nothing after it and takes nothing until it resumes.
type LinkPause struct {
	Reason string `json:"reason"` // maintenance, incident, agreement
}

// LinkResumption ends the author's own pause.
type LinkResumption struct{}

// LinkEnd ends the exchange for good, for example because the agreement has expired. Root signs it.
type LinkEnd struct {
	Reason string `json:"reason"` // agreement-expired, agreement-ended, replaced
}

// VersionFloor says below which version of the link's protocol its author takes no message any more.
type VersionFloor struct {
	Version int64 `json:"version"`
}
