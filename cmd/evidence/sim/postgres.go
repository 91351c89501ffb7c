package sim

import (
	"bytes"
	"os"
	"path/filepath"

	"countersign/cmd/evidence/check"
	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// movePostgres fills a schema of its own with a backup; the side's database in the folder is gone.
func (s *Side) movePostgres(backup []byte) (err error) {
	if s.postgres, s.drop, err = storetest.Schema(os.Getenv(storetest.Env)); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(s.folder(), "countersign.db")); err != nil {
		return err
	}
	return store.Import(s.w.ctx, store.Options{Postgres: s.postgres, Clock: s.clock}, bytes.NewReader(backup))
}

// OnPostgres tells whether the side's record lies there.
func (s *Side) OnPostgres() bool { return s.postgres != "" }

// read gives the side's record to the judge, as files or as the server has it at this moment.
func (s *Side) read() (*check.Record, error) {
	if s.postgres != "" {
		return s.w.judge.ReadPostgres(s.postgres, s.folder(), s.Name)
	}
	files, err := ReadFolder(s.folder())
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(s.w.Folder, "judge-"+s.Name)
	defer os.RemoveAll(folder)
	if err := WriteFolder(folder, files); err != nil {
		return nil, err
	}
	return s.w.judge.Read(folder, s.Name)
}
