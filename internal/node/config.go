package node

import (
	"fmt"
	"net/url"
	"os"
	"strconv"
	"time"

	"countersign/internal/store"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Durations are written as people write them: "1s", "200ms".
var (
	writeDuration = json.WithMarshalers(json.MarshalFunc(func(d time.Duration) ([]byte, error) { return strconv.AppendQuote(nil, d.String()), nil }))
	readDuration  = json.WithUnmarshalers(json.UnmarshalFunc(func(b []byte, d *time.Duration) (err error) {
		text, err := strconv.Unquote(string(b))
		if err == nil {
			*d, err = time.ParseDuration(text)
		}
		return err
	}))
)

// ReadConfig reads a configuration file. A member that it does not know is an error: a mistyped name must not become
// a silent default.
func ReadConfig(path string) (Config, error) {
	var c Config
	b, err := os.ReadFile(path)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(b, &c, json.RejectUnknownMembers(true), readDuration); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	for name, value := range map[string]string{"authority": c.Authority, "folder": c.Folder, "agreement": c.Agreement, "peer": c.Peer} {
		if value == "" {
			return c, fmt.Errorf("%s: %q is required", path, name)
		}
	}
	return c, nil
}

// Effective is the configuration with its defaults, as it will be used, without secrets.
func (c Config) Effective() ([]byte, error) {
	c.defaults()
	if u, err := url.Parse(c.Postgres); err == nil && c.Postgres != "" {
		c.Postgres = u.Redacted()
	} else if c.Postgres != "" {
		c.Postgres = "xxxxx"
	}
	return json.Marshal(c, jsontext.WithIndent("  "), writeDuration)
}

// WriteConfig writes a first configuration file; it refuses to overwrite one.
func WriteConfig(path string, c Config) error {
	b, err := json.Marshal(c, jsontext.WithIndent("  "), json.OmitZeroStructFields(true), writeDuration)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(b, '\n')); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// Store says where the node's database is.
func (c Config) Store() store.Options {
	c.defaults()
	return store.Options{Folder: c.Folder, Postgres: c.Postgres, Quota: c.QuotaMB << 20, Clock: c.Clock}
}
