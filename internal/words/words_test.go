package words

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var variable = regexp.MustCompile(`\{[a-z_]+\}`)

// Both languages must say the same things with the same variables and plural forms.
func TestCataloguesAgree(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	en, sq := all[English].messages, all[Albanian].messages
	for _, key := range slices.Sorted(maps.Keys(en)) {
		other, ok := sq[key]
		if !ok {
			t.Errorf("%s: missing in Albanian", key)
			continue
		}
		if (en[key].One == "") != (other.One == "") {
			t.Errorf("%s: plural in one language only", key)
		}
		if a, b := vars(en[key]), vars(other); !slices.Equal(a, b) {
			t.Errorf("%s: variables %v in English, %v in Albanian", key, a, b)
		}
	}
	for key := range sq {
		if _, ok := en[key]; !ok {
			t.Errorf("%s: missing in English", key)
		}
	}
}

func TestTypography(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for lang, c := range all {
		for key, m := range c.messages {
			if s := m.One + m.Other; strings.ContainsAny(s, `'"`) {
				t.Errorf("%s %s: straight quotes; use curly ones: %s", lang, key, s)
			}
		}
	}
}

// One word for one thing: a case is “çështje”; “rast” is left for what happens to happen, as an emergency.
func TestACaseIsCalledTheSame(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for key, m := range all[Albanian].messages {
		text := strings.ToLower(m.One + " " + m.Other)
		for i := strings.Index(text, "rast"); i >= 0; i = strings.Index(text, "rast") {
			if !strings.HasPrefix(text[i:], "rast urgj") && !strings.HasPrefix(text[i:], "raste urgj") && !strings.HasPrefix(text[i:], "rastësi") {
				t.Errorf("%s: %s", key, m.One+m.Other)
			}
			text = text[i+4:]
		}
	}
}

func vars(m Message) []string {
	v := variable.FindAllString(m.One+m.Other, -1)
	slices.Sort(v)
	return slices.Compact(v)
}
