package record

// Batch is a stretch of a stream on its way to the peer: acts From, From+1 … and the signed head that covers
// exactly them. Its acts are the bytes that were signed; nobody encodes them again.
type Batch struct {
	From int64
	Head []byte   // signed note
	Acts [][]byte // act.Signed in canonical form
}

// Answer is what the receiver says to a batch, always in the same form.
type Answer struct {
	Held     int64  // how many acts of the sender's stream it holds now
	Cosigned []byte // the newest head it has countersigned
	Newest   []byte // the newest head of the sender's stream it has seen, if that is a later one
	Refused  string // reason key when the message as a whole was refused; nothing was done
}
