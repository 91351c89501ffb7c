package store

import (
	"database/sql"
	"errors"

	"countersign/internal/act"
)

// FindKey implements vault.Keys inside a transaction.
func (t *Tx) FindKey(subject string) ([]byte, bool, error) { return findKey(t, subject) }

// FindKey implements vault.Keys for readers.
func (s *Store) FindKey(subject string) ([]byte, bool, error) { return findKey(s, subject) }

func findKey(q Querier, subject string) (wrapped []byte, ok bool, err error) {
	err = q.QueryRow(`SELECT wrapped FROM keys WHERE subject = $1`, subject).Scan(&wrapped)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return wrapped, err == nil, err
}

// PutKey keeps a new subject's wrapped key.
func (t *Tx) PutKey(subject string, wrapped []byte) error {
	_, err := t.Exec(`INSERT INTO keys (subject, wrapped) VALUES ($1, $2)`, subject, wrapped)
	t.keys[subject] = struct{}{}
	return err
}

// Uncommitted tells whether the subject's key was made since the last commit. Nothing may keep such a key in
// memory: if the transaction fails the key is gone, and what were sealed under it later could not be opened.
func (t *Tx) Uncommitted(subject string) bool {
	_, ok := t.keys[subject]
	return ok
}

// PutKey refuses: readers make no keys.
func (s *Store) PutKey(string, []byte) error { return errors.New("a reader cannot make a key") }

// DestroyKey forgets a subject: the wrapped key is overwritten (secure_delete) and the day noted.
// What is remembered may be about the person, in the clear.
func (t *Tx) DestroyKey(subject act.ID) error {
	t.ForgetAll()
	if err := t.touchCases(subject); err != nil {
		return err
	}
	_, err := t.Exec(`UPDATE keys SET wrapped = $1, destroyed = $2 WHERE subject = $3`, []byte{}, stamp(t.Now), string(subject))
	return err
}

// PutSigner enters a signer into the roster projection.
func (t *Tx) PutSigner(keyID string, s act.Signer) error {
	t.Forget(signerKey + keyID)
	_, err := t.Exec(`INSERT INTO signers (key_id, authority, officer, name, role, public, starts, ended, until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		keyID, s.Authority, string(s.Officer), s.Name, s.Role, []byte(s.Key), s.From, s.Ended, s.Until)
	return err
}

// EndSigner notes the position from which a key of the authority no longer counts.
func (t *Tx) EndSigner(authority, keyID string, index int64) error {
	t.Forget(signerKey + keyID)
	_, err := t.Exec(`UPDATE signers SET ended = $1 WHERE key_id = $2 AND authority = $3 AND ended = 0`, index, keyID, authority)
	return err
}

const signerColumns = `key_id, authority, officer, name, role, public, starts, ended, until`

const signerKey = "signer/"

// FindSigner returns one key of the rosters; ok is false when neither has it. The writer remembers it: nearly every act
// of the peer is judged by one.
func FindSigner(q Querier, keyID string) (act.Signer, bool, error) {
	t, remembers := q.(*Tx)
	if !remembers {
		return readSigner(q, keyID)
	}
	if s, ok := t.Recall(signerKey + keyID).(act.Signer); ok {
		return s, true, nil
	}
	s, ok, err := readSigner(q, keyID)
	if ok {
		t.Remember(signerKey+keyID, s)
	}
	return s, ok, err
}

func readSigner(q Querier, keyID string) (act.Signer, bool, error) {
	k, err := scanSigner(q.QueryRow(`SELECT `+signerColumns+` FROM signers WHERE key_id = $1`, keyID))
	if errors.Is(err, sql.ErrNoRows) {
		return act.Signer{}, false, nil
	}
	return k.Signer, err == nil, err
}

// AuthorityOf tells whose officer somebody is, "" if of neither. A posted officer stays an officer of the home state.
func AuthorityOf(q Querier, officer act.ID) (string, error) {
	var authority string
	err := q.QueryRow(`SELECT authority FROM signers WHERE officer = $1 AND role <> 'posted-officer' ORDER BY starts LIMIT 1`, string(officer)).Scan(&authority)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return authority, err
}

func scanSigner(r scanner) (keyed, error) {
	var k keyed
	var public []byte
	err := r.Scan(&k.id, &k.Authority, &k.Officer, &k.Name, &k.Role, &public, &k.From, &k.Ended, &k.Until)
	k.Key = public
	return k, err
}

// Roster reads the roster of one authority.
func Roster(q Querier, authority string) (act.Roster, error) {
	rows, err := q.Query(`SELECT `+signerColumns+` FROM signers WHERE authority = $1 ORDER BY starts`, authority)
	all, err := collect(rows, err, scanSigner)
	roster := act.Roster{}
	for _, k := range all {
		roster[k.id] = k.Signer
	}
	return roster, err
}

type keyed struct {
	id string
	act.Signer
}

// PutOfficerKey keeps an own officer's sealed signing key, replacing an earlier one.
func (t *Tx) PutOfficerKey(officer act.ID, keyID string, sealed []byte) error {
	_, err := t.Exec(`INSERT INTO officer_keys (officer, key_id, sealed) VALUES ($1, $2, $3) ON CONFLICT (officer) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed`,
		string(officer), keyID, sealed)
	return err
}

// DropOfficerKey destroys an own officer's signing key: nobody can sign with it any more.
func (t *Tx) DropOfficerKey(officer act.ID) error {
	_, err := t.Exec(`DELETE FROM officer_keys WHERE officer = $1`, string(officer))
	return err
}

// OfficerKey returns an own officer's sealed signing key.
func OfficerKey(q Querier, officer act.ID) (keyID string, sealed []byte, err error) {
	err = q.QueryRow(`SELECT key_id, sealed FROM officer_keys WHERE officer = $1`, string(officer)).Scan(&keyID, &sealed)
	return
}
