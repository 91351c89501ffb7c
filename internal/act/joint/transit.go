package joint

import "countersign/internal/person"

// TransitRequest asks the other state to let a person pass through on the way to a third state (Benelux–Kosovo Art 10;
// EC–Albania Art 13). The author declares that the conditions are met and that no ground for refusal is known to it.
type TransitRequest struct {
	Agreement   string             `json:"agreement"` // id of the agreement's version
	To          string             `json:"to"`        // code of the authority that is asked
	Person      person.Particulars `json:"person"`
	Document    person.Document    `json:"document"`
	States      []string           `json:"states,omitzero"` // further states of transit, ISO 3166-1 alpha-3
	Destination string             `json:"destination"`
	Journey     Journey            `json:"journey"`
	Escorts     int                `json:"escorts,omitzero"`
	Conditions  bool               `json:"conditions"`
}

// TransitAnswer agrees or refuses; an agreement may be taken back by a later refusal (Benelux–Kosovo Art 9).
type TransitAnswer struct {
	Agreed bool   `json:"agreed"`
	Reason string `json:"reason,omitzero"` // of a refusal: danger, prosecution
}
