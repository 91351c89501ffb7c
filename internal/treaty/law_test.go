package treaty

import (
	"os"
	"strings"
	"testing"
)

func profileText(t *testing.T, id string) string {
	t.Helper()
	b, err := os.ReadFile("../../laws/" + id + "/profile.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestProfilesLoad(t *testing.T) {
	for _, id := range []string{"gb", "al"} {
		l, err := LoadLaw(os.DirFS("../../laws"), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range absoluteGates {
			if g, ok := l.Gate(a.id); !ok || !g.Absolute {
				t.Errorf("%s: absolute gate %s", id, a.id)
			}
		}
	}
}

// A profile that drops, softens or lets somebody override an absolute gate is refused when it is loaded, and
// the error names the field.
func TestProfileKeepsAbsoluteGates(t *testing.T) {
	text := profileText(t, "gb")
	for _, a := range absoluteGates {
		for what, change := range map[string][2]string{
			"dropped":  {`{"id": "` + a.id + `", "name"`, `{"id": "another-` + a.id + `", "name"`},
			"softened": {"", `"absolute": false`},
		} {
			bad := strings.Replace(text, change[0], change[1], 1)
			if what == "softened" {
				i := strings.Index(text, `{"id": "`+a.id+`", "name"`)
				bad = text[:i] + strings.Replace(text[i:], `"absolute": true`, `"absolute": false`, 1)
			}
			if bad == text {
				t.Fatalf("%s %s: the test changed nothing", what, a.id)
			}
			_, err := ReadLaw(strings.NewReader(bad))
			if err == nil || !strings.Contains(err.Error(), a.id) {
				t.Errorf("%s %s: %v", what, a.id, err)
			}
		}
	}
}

func TestProfileRefusals(t *testing.T) {
	text := profileText(t, "gb")
	for name, c := range map[string]struct{ old, new, want string }{
		"a member nobody knows":                  {`"zone":`, `"zonee":`, "zonee"},
		"a member given twice":                   {`"zone":`, `"id": "gb", "zone":`, "line 6"},
		"a zone nobody knows":                    {`Europe/London`, `Europe/Camelot`, "zone"},
		"a step nobody knows":                    {`"guards": ["request"`, `"guards": ["ask"`, "want one of request"},
		"a barrier that can be told from others": {`"guards": ["request", "document", `, `"guards": ["request", `, "none can be told"},
		"a role nobody knows":                    {`"lift_by": ["supervisor"`, `"lift_by": ["king"`, "king"},
		"anybody may lift":                       {`"lift_by": ["supervisor"`, `"lift_by": ["any"`, "lift_by"},
		"an override by one role twice":          {`["coordinator", "supervisor"], "review`, `["supervisor", "supervisor"], "review`, "two different"},
		"a point that is missing":                {`{"id": "t2", "hours": 2},`, ``, "seven points"},
		"t2 longer than two hours":               {`"t2", "hours": 2`, `"t2", "hours": 3`, "t2"},
		"an unattested barrier":                  {`"attested": true`, `"attested": false`, "attested"},
		"an absolute gate for some":              {`"test": "document"`, `"when": {"routes": ["readmission"]}, "test": "document"`, "everybody"},
		"an absolute gate with an end":           {`"test": "document"`, `"ends": "2030-01-01", "test": "document"`, "no end"},
		"an override of an absolute gate":        {`"test": "document"`, `"override_by": ["supervisor", "coordinator"], "test": "document"`, "no override"},
		"a bound nobody knows":                   {`"bound": "at_least"`, `"bound": "about"`, "at_most"},
	} {
		bad := strings.Replace(text, c.old, c.new, 1)
		if bad == text {
			t.Fatalf("%s: the test changed nothing", name)
		}
		if _, err := ReadLaw(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A third state's profile needs a file and no code.
func TestThirdProfile(t *testing.T) {
	text := strings.NewReplacer(`"id": "gb"`, `"id": "xx"`, `GBR`, `XXX`, `Europe/London`, `Europe/Brussels`).Replace(profileText(t, "gb"))
	if l, err := ReadLaw(strings.NewReader(text)); err != nil || l.ID != "xx" || l.Location().String() != "Europe/Brussels" {
		t.Fatal(err)
	}
}

// Whatever a file says, reading it never panics, and what is accepted keeps every absolute gate.
func FuzzReadLaw(f *testing.F) {
	for _, id := range []string{"gb", "al"} {
		b, err := os.ReadFile("../../laws/" + id + "/profile.json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add(`{"id": "xx"`)
	f.Add(`{"gates": [{"id": "stop"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		l, err := ReadLaw(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, a := range absoluteGates {
			if g, ok := l.Gate(a.id); !ok || !g.Absolute || g.Test != a.test || g.OverrideBy[0] != "" {
				t.Fatalf("accepted without %s", a.id)
			}
		}
	})
}
