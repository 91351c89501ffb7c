package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"countersign/internal/desk"
	"countersign/internal/fault"
	"countersign/internal/node"
	"countersign/internal/store"

	"filippo.io/age"
)

// backupCmd copies the record as it is at one moment, while the node runs, sealed to a recipient.
type backupCmd struct {
	configured
	To       []string `help:"Recipient (age1…); give one or more." placeholder:"RECIPIENT"`
	Identity string   `help:"Instead of --to: seal to the key in this file." type:"existingfile"`
	Out      string   `help:"File to write; it must not be there yet." required:"" type:"path"`
}

func (c *backupCmd) Run(a *app) error {
	recipients, err := c.recipients()
	if err != nil {
		return err
	}
	config, err := node.ReadConfig(c.Config)
	if err != nil {
		return err
	}
	ctx := context.Background()
	s, err := store.OpenReadOnly(ctx, config.Store())
	if err != nil {
		return err
	}
	defer s.Close()
	partial := c.Out + ".partial"
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(partial)
	defer f.Close()
	if err := writeBackup(ctx, s, f, recipients); err != nil {
		return err
	}
	if err := os.Link(partial, c.Out); err != nil { // never over another backup, and whole or not at all
		return err
	}
	if err := syncFolder(filepath.Dir(c.Out)); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("backup.done", "file", c.Out))
	return nil
}

func (c *backupCmd) recipients() ([]age.Recipient, error) {
	to := c.To
	if c.Identity != "" {
		b, err := os.ReadFile(c.Identity)
		if err != nil {
			return nil, err
		}
		key, err := age.ParseX25519Identity(strings.TrimSpace(string(b)))
		if err != nil {
			return nil, fault.New(fault.Invalid, "fault.backup.identity").Because(err)
		}
		to = append(to, key.Recipient().String())
	}
	if len(to) == 0 {
		return nil, fault.New(fault.Invalid, "fault.backup.recipient", "recipient", "")
	}
	var recipients []age.Recipient
	for _, one := range to {
		r, err := age.ParseX25519Recipient(one)
		if err != nil {
			return nil, fault.New(fault.Invalid, "fault.backup.recipient", "recipient", one).Because(err)
		}
		recipients = append(recipients, r)
	}
	return recipients, nil
}

func writeBackup(ctx context.Context, s *store.Store, f *os.File, recipients []age.Recipient) error {
	sealed, err := age.Encrypt(f, recipients...)
	if err != nil {
		return err
	}
	packed := gzip.NewWriter(sealed)
	if err := s.Export(ctx, packed); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	if err := sealed.Close(); err != nil {
		return err
	}
	return f.Sync()
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// restoreCmd fills an empty database from a backup. The node that starts on it takes no acts until it has its own
// joint acts back from the peer and a person has resumed it.
type restoreCmd struct {
	configured
	File     string `arg:"" help:"Backup file." type:"existingfile"`
	Identity string `help:"File with the key that opens the backup." required:"" type:"existingfile"`
}

func (c *restoreCmd) Run(a *app) error {
	config, err := node.ReadConfig(c.Config)
	if err != nil {
		return err
	}
	packed, err := openBackup(c.File, c.Identity)
	if err != nil {
		return err
	}
	defer packed.Close()
	ctx := context.Background()
	if err := store.Import(ctx, config.Store(), packed); err != nil {
		return err
	}
	s, err := store.Open(ctx, config.Store())
	if err != nil {
		return err
	}
	defer s.Close()
	if err := desk.MarkRestored(ctx, s); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("restore.done"))
	return nil
}

func openBackup(path, identityPath string) (io.ReadCloser, error) {
	keys, err := os.Open(identityPath)
	if err != nil {
		return nil, err
	}
	defer keys.Close()
	identities, err := age.ParseIdentities(keys)
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.backup.identity").Because(err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(f, identities...)
	if err != nil {
		f.Close()
		return nil, fault.New(fault.Denied, "fault.backup.key").Because(err)
	}
	packed, err := gzip.NewReader(plain)
	if err != nil {
		f.Close()
		return nil, fault.New(fault.Invalid, "fault.backup.malformed").Because(err)
	}
	return packed, nil
}
