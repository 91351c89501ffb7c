package domestic

import "countersign/internal/act"

// DataConsulted records that an officer looked at personal data (DPA 2018 s62: who, when, justification).
const DataConsulted act.Kind = "data.consulted"

var dataKinds = act.Vocabulary{
	DataConsulted: func() any { return new(Consultation) },
}

// Consultation is one look: what for, where, at whom.
type Consultation struct {
	Purpose string   `json:"purpose"` // catalogue key of the purpose, for example "purpose.casework"
	View    string   `json:"view"`    // page or route pattern, never a value
	People  []act.ID `json:"people"`  // subjects shown
}
