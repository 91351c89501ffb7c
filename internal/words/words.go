// Package words holds every sentence a person reads, in English and Albanian. Catalogues are JSON files,
// one per domain and language (catalogue/en/casework.json, catalogue/sq/casework.json), embedded in the
// binary. Tests hold that both languages have the same keys, variables and plural forms.
//
// A message is a string with {name} variables, or an object {"one": "...", "other": "..."} chosen by the
// variable {count}; English and Albanian both have these two forms (Unicode CLDR).
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
)

//go:embed catalogue
var files embed.FS

// Lang is a language of the product.
type Lang string

const (
	English  Lang = "en"
	Albanian Lang = "sq"
)

// Langs lists both languages in the order in which pages offer them.
var Langs = []Lang{English, Albanian}

// Message is one entry of a catalogue. Other alone is set for messages without a count.
type Message struct{ One, Other string }

// UnmarshalJSON reads "text" or {"one": "text", "other": "text"}.
func (m *Message) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &m.Other)
	}
	var forms struct {
		One   string `json:"one"`
		Other string `json:"other"`
	}
	if err := json.Unmarshal(b, &forms, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	if forms.One == "" || forms.Other == "" {
		return fmt.Errorf("plural needs both one and other")
	}
	*m = Message{forms.One, forms.Other}
	return nil
}

// Catalogue is all messages of one language.
type Catalogue struct {
	Lang     Lang
	messages map[string]Message
}

// Load gives the embedded catalogues of both languages, which are read once and never changed; the map is the
// caller's own. A malformed file or a key given twice is an error with the file's name.
func Load() (map[Lang]*Catalogue, error) {
	all, err := embedded()
	return maps.Clone(all), err
}

var embedded = sync.OnceValues(read)

func read() (map[Lang]*Catalogue, error) {
	all := map[Lang]*Catalogue{}
	for _, lang := range Langs {
		c := &Catalogue{Lang: lang, messages: map[string]Message{}}
		names, err := fs.Glob(files, path.Join("catalogue", string(lang), "*.json"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := c.read(name); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		all[lang] = c
	}
	return all, nil
}

func (c *Catalogue) read(name string) error {
	b, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	var m map[string]Message
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	for k, v := range m {
		if _, ok := c.messages[k]; ok {
			return fmt.Errorf("key %q is given twice", k)
		}
		c.messages[k] = v
	}
	return nil
}

// Has tells whether the key exists.
func (c *Catalogue) Has(key string) bool { _, ok := c.messages[key]; return ok }

// Text returns the message with its variables filled; args are name, value, name, value ... The variable
// "count" chooses the plural form. An unknown key is shown in brackets, which tests of pages refuse.
func (c *Catalogue) Text(key string, args ...string) string {
	m, ok := c.messages[key]
	if !ok {
		return "[" + key + "]"
	}
	text, pairs := m.Other, make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "count" && args[i+1] == "1" && m.One != "" {
			text = m.One
		}
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Map is Text with its variables in a map, as faults carry them.
func (c *Catalogue) Map(key string, args map[string]string) string {
	pairs := make([]string, 0, 2*len(args))
	for k, v := range args {
		pairs = append(pairs, k, v)
	}
	return c.Text(key, pairs...)
}
