package store

import (
	"database/sql"
	"errors"
	"maps"
	"slices"
)

// PutReleaseFiles keeps the files of a release under the digest of its manifest. What is kept under a digest never
// changes: a second time is the same as once.
func (t *Tx) PutReleaseFiles(release, digest string, files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if _, err := t.Exec(`INSERT INTO release_files (release, digest, name, content) VALUES ($1, $2, $3, $4)
			ON CONFLICT (release, digest, name) DO NOTHING`, release, digest, name, files[name]); err != nil {
			return err
		}
	}
	return nil
}

// DropReleaseFiles forgets a draft that another has replaced before anybody published it.
func (t *Tx) DropReleaseFiles(release, digest string) error {
	_, err := t.Exec(`DELETE FROM release_files WHERE release = $1 AND digest = $2`, release, digest)
	return err
}

// ReleaseFiles reads the files of a release, byte for byte.
func ReleaseFiles(q Querier, release, digest string) (map[string][]byte, error) {
	rows, err := q.Query(`SELECT name, content FROM release_files WHERE release = $1 AND digest = $2 ORDER BY name`, release, digest)
	files := map[string][]byte{}
	_, err = collect(rows, err, func(r scanner) (string, error) {
		var name string
		var content []byte
		err := r.Scan(&name, &content)
		files[name] = content
		return name, err
	})
	return files, err
}

// ReleaseFile reads one file; ok is false when there is none.
func ReleaseFile(q Querier, release, digest, name string) (content []byte, ok bool, err error) {
	err = q.QueryRow(`SELECT content FROM release_files WHERE release = $1 AND digest = $2 AND name = $3`, release, digest, name).Scan(&content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return content, err == nil, err
}

// PutFindings keeps what the audit of a draft found.
func (t *Tx) PutFindings(release, digest, findings string) error {
	_, err := t.Exec(`INSERT INTO release_findings (release, digest, findings) VALUES ($1, $2, $3)
		ON CONFLICT (release, digest) DO UPDATE SET findings = excluded.findings`, release, digest, findings)
	return err
}

// Findings reads what the audit of a draft found; "" when nothing is kept.
func Findings(q Querier, release, digest string) (findings string, err error) {
	err = q.QueryRow(`SELECT findings FROM release_findings WHERE release = $1 AND digest = $2`, release, digest).Scan(&findings)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return findings, err
}

// EditionRow is one table of an official edition.
type EditionRow struct {
	Table, Published, Hash string
	Content                []byte
}

// PutEdition keeps a table of an official edition.
func (t *Tx) PutEdition(e EditionRow) error {
	_, err := t.Exec(`INSERT INTO editions (name, published, hash, content) VALUES ($1, $2, $3, $4)`, e.Table, e.Published, e.Hash, e.Content)
	return err
}

// FindEdition reads the hash of a table of an edition; "" when it is not kept.
func FindEdition(q Querier, table, published string) (hash string, err error) {
	err = q.QueryRow(`SELECT hash FROM editions WHERE name = $1 AND published = $2`, table, published).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return hash, err
}

// Editions lists the kept tables without their content.
func Editions(q Querier) ([]EditionRow, error) {
	rows, err := q.Query(`SELECT name, published, hash FROM editions ORDER BY published, name`)
	return collect(rows, err, func(r scanner) (EditionRow, error) {
		var e EditionRow
		err := r.Scan(&e.Table, &e.Published, &e.Hash)
		return e, err
	})
}

// EditionContent reads one kept table.
func EditionContent(q Querier, table, published string) (content []byte, err error) {
	err = q.QueryRow(`SELECT content FROM editions WHERE name = $1 AND published = $2`, table, published).Scan(&content)
	return content, err
}

// CaseReturns lists, by case, the body of the newest act that entered a return about it into the count.
func CaseReturns(q Querier) (map[string]string, error) {
	rows, err := q.Query(`SELECT a.about, r.body FROM acts a JOIN returns r ON r.act = a.id WHERE a.kind = 'return.recorded' AND a.about <> '' ORDER BY a.seq`)
	bodies := map[string]string{}
	_, err = collect(rows, err, func(r scanner) (string, error) {
		var about, body string
		err := r.Scan(&about, &body)
		bodies[about] = body
		return about, err
	})
	return bodies, err
}
