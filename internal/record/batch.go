package record

// Batch is a stretch of a stream on its way to the peer: acts From, From+1 … and the signed head that covers
// exactly them. Its acts are the bytes that were signed; nobody encodes them again.
type Batch struct {
	From int64
	Head []byte   // signed note
	Acts [][]byte // act.Signed in canonical form
	More bool     // the stream goes on after it; not sent
}

// Answer is what the receiver says to a batch, always in the same form.
type Answer struct {
	Held     int64  // how many acts of the sender's stream it holds now
	Cosigned []byte // the newest head it has countersigned
	Newest   []byte // the newest head of the sender's stream it has seen, if that is a later one
	Refused  string // reason key when the message as a whole was refused; nothing was done
}

// Returned is what an authority gets back of its own stream after it was restored from an old backup: the acts
// from From as the peer holds them, a head that it signed itself for their end, the countersigned heads that
// are its receipts, and its own countersignatures over the peer's stream.
type Returned struct {
	From   int64
	Acts   [][]byte
	Head   []byte
	Heads  [][]byte
	Theirs [][]byte
	More   bool
}
