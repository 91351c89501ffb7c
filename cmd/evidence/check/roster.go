package check

import (
	"crypto/ed25519"
	"encoding/base64"

	"countersign/internal/act/joint"

	"github.com/go-json-experiment/json"
)

// enter adds the key that a roster act enters.
func enter(keys map[string]ed25519.PublicKey, kind string, body []byte) {
	if kind != string(joint.RosterEntered) {
		return
	}
	var entry joint.RosterEntry
	if json.Unmarshal(body, &entry) != nil {
		return
	}
	if key, err := base64.StdEncoding.DecodeString(entry.Key); err == nil && len(key) == ed25519.PublicKeySize {
		keys[entry.KeyID] = key
	}
}
