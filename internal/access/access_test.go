package access

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"countersign/internal/taskforce"
	"countersign/internal/words"
	"countersign/policies"
)

func load(t testing.TB) *Engine {
	t.Helper()
	e, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// table reads the expected outcomes.
func table() map[string][]string {
	all := map[string][]string{}
	for line := range strings.Lines(expected) {
		if f := strings.Fields(line); len(f) > 0 {
			for _, short := range f[1:] {
				all[f[0]] = append(all[f[0]], roles[short])
			}
			all[f[0]] = append(all[f[0]], "")
		}
	}
	return all
}

// wrong lists the cells and cases that do not come out as expected.
func wrong(e *Engine) (cells int, off []string) {
	for action, allowed := range table() {
		for _, role := range roles {
			cells++
			if got := e.Allow(ask(role, action, "assigned")); got.Allowed != slices.Contains(allowed, role) {
				off = append(off, action+" by "+role)
			}
		}
	}
	for _, c := range cases {
		cells++
		if got := e.Allow(c.request); got.Allowed != c.allowed || got.Policy != c.policy {
			off = append(off, c.name+": "+got.Policy)
		}
	}
	return cells, off
}

func TestTable(t *testing.T) {
	cells, off := wrong(load(t))
	for _, o := range off {
		t.Error(o)
	}
	t.Logf("%d cells", cells)
}

// Every action that a policy names is in the table, and every action of the table is known.
func TestActionsCovered(t *testing.T) {
	e, all := load(t), table()
	for _, a := range e.Actions() {
		if _, ok := all[a]; !ok {
			t.Errorf("action %s is permitted to somebody, and no expected outcome is written for it", a)
		}
	}
	known := e.Actions()
	for a := range all {
		if !slices.Contains(known, a) {
			t.Errorf("no policy speaks of %s", a)
		}
	}
	for _, c := range taskforce.Commands {
		if !slices.Contains(known, taskforce.Name(c)) {
			t.Errorf("no policy speaks of the command %s", taskforce.Name(c))
		}
	}
	for _, p := range e.Policies() {
		for _, a := range p.Actions {
			if !slices.Contains(known, a) {
				t.Errorf("policy %s forbids %s, which nothing permits", p.ID, a)
			}
		}
	}
}

// Without one of its policies the engine must answer some question differently: no policy is idle.
func TestDroppedPolicyIsNoticed(t *testing.T) {
	e := load(t)
	for _, p := range e.Policies() {
		less := &Engine{policies: map[string]Policy{}}
		for _, q := range e.Policies() {
			if q.ID != p.ID {
				less.policies[q.ID] = q
			}
		}
		if err := less.index(); err != nil {
			t.Fatal(err)
		}
		if _, off := wrong(less); len(off) == 0 {
			t.Errorf("nobody notices that policy %s is gone", p.ID)
		}
	}
}

// A change of one word in a policy must be noticed too: each role taken out of each policy.
func TestDroppedRoleIsNoticed(t *testing.T) {
	names, err := fs.Glob(policies.Files, "*.cedar")
	if err != nil {
		t.Fatal(err)
	}
	mutants, survivors := 0, 0
	for _, name := range names {
		b, err := policies.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		for _, role := range roles {
			for at := 0; ; {
				i := strings.Index(text[at:], `"`+role+`"`)
				if i < 0 {
					break
				}
				at += i
				changed := text[:at] + `"nobody"` + text[at+len(role)+2:]
				at += len(role)
				e, err := Read(without(t, names, name, changed))
				if err != nil {
					t.Fatal(err)
				}
				mutants++
				if _, off := wrong(e); len(off) == 0 {
					survivors++
					t.Errorf("%s: nobody notices %q missing near %q", name, role, text[max(0, at-60):min(len(text), at+20)])
				}
			}
		}
	}
	t.Logf("%d changed policies, %d not noticed", mutants, survivors)
}

// without is the policies with one file's text changed.
func without(t *testing.T, names []string, name, text string) fs.FS {
	files := fstest.MapFS{}
	for _, n := range names {
		b, err := policies.Files.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		files[n] = &fstest.MapFile{Data: b}
	}
	files[name] = &fstest.MapFile{Data: []byte(text)}
	return files
}

// A reason is a sentence in both languages; the English one is the policy's own @why.
func TestReasonsInWords(t *testing.T) {
	all, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range load(t).Policies() {
		key := "access.why." + p.ID
		if got := all[words.English].Text(key); got != p.Why {
			t.Errorf("%s: catalogue %q, policy %q", key, got, p.Why)
		}
		if !all[words.Albanian].Has(key) {
			t.Errorf("%s: not in Albanian", key)
		}
	}
	for _, d := range []string{NoPurpose, NoOfficer, UnknownAction, NotPermitted, Failed} {
		if !all[words.English].Has("access.why."+d) || !all[words.Albanian].Has("access.why."+d) {
			t.Errorf("access.why.%s: missing", d)
		}
	}
}

// Bad policy files are refused when they are read.
func TestRead(t *testing.T) {
	for name, text := range map[string]string{
		"no id":         `@why("x") permit (principal, action == Action::"a", resource);`,
		"no why":        `@id("x") permit (principal, action == Action::"a", resource);`,
		"twice":         `@id("x") @why("x") permit (principal, action == Action::"a", resource); @id("x") @why("x") permit (principal, action == Action::"b", resource);`,
		"every action":  `@id("x") @why("x") permit (principal, action, resource);`,
		"not a policy":  `permit everything`,
		"cut in middle": `@id("x") @why("x") permit (principal, action ==`,
	} {
		if _, err := Read(fstest.MapFS{"x.cedar": {Data: []byte(text)}}); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

// A policy that cannot be evaluated closes the door (ASVS 16.5.3).
func TestFailsClosed(t *testing.T) {
	e, err := Read(fstest.MapFS{"x.cedar": {Data: []byte(`
		@id("a") @why("a") permit (principal, action == Action::"view-case", resource);
		@id("b") @why("b") forbid (principal, action, resource) when { principal.no_such_attribute };`)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Allow(ask("caseworker", "view-case", "assigned")); got.Allowed || got.Policy != Failed {
		t.Errorf("got %+v", got)
	}
}

func BenchmarkAllow(b *testing.B) {
	e := load(b)
	r := ask("caseworker", "request-readmission", "assigned")
	for b.Loop() {
		if !e.Allow(r).Allowed {
			b.Fatal("denied")
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}
