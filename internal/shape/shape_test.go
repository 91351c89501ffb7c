// Package shape holds the repository to its shape: packages import downward only, along a table of allowed
// edges; the exchange cannot reach a domestic act; domain packages know no SQL, no HTTP and no clock.
package shape

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// allowed says, in reading order, which of our packages each package may import. A package's sub-packages
// count as the package itself. What is not listed may not be imported.
var allowed = []struct {
	name    string
	imports string
}{
	{"agreements", ""}, {"laws", ""}, {"policies", ""},
	{"internal/fault", ""},
	{"internal/words", ""},
	{"internal/officialdata", ""},
	{"internal/treaty", "agreements laws internal/fault"},
	{"internal/person", "internal/fault"},
	{"internal/act", "internal/fault internal/person"},
	{"internal/record", "internal/act internal/fault"},
	{"internal/vault", "internal/fault"},
	{"internal/access", "policies internal/act internal/fault"},
	{"internal/casework", "internal/act internal/fault internal/person internal/treaty"},
	{"internal/casefile", "internal/act internal/casework internal/fault internal/person"},
	{"internal/border", "laws internal/act internal/fault internal/person internal/treaty internal/words"},
	{"internal/taskforce", "internal/act internal/fault internal/person"},
	{"internal/statistics", "internal/act internal/fault internal/officialdata internal/paper internal/record internal/words"},
	{"internal/paper", "internal/act internal/casework internal/fault internal/person internal/record internal/treaty internal/words"},
	{"internal/store", "internal/act internal/fault internal/record"},
	{"internal/desk/desktest", "*"},
	{"internal/schemas", "*"},
	{"internal/console", "internal/act internal/border internal/fault internal/person internal/words"},
	{"internal/desk", "laws internal/access internal/act internal/border internal/casefile internal/casework internal/fault internal/paper internal/person internal/record internal/statistics internal/store internal/taskforce internal/treaty internal/vault internal/words"},
	{"internal/exchange", "internal/fault internal/record"},
	{"internal/signin", "internal/act internal/desk internal/fault internal/store internal/vault"},
	{"internal/api", "internal/act internal/border internal/casework internal/desk internal/fault internal/paper internal/person internal/record internal/signin internal/statistics internal/store internal/taskforce internal/treaty internal/words"},
	{"internal/web", "internal/access internal/act internal/border internal/casework internal/desk internal/fault internal/paper internal/person internal/record internal/signin internal/statistics internal/store internal/taskforce internal/treaty internal/words"},
	{"internal/node", "laws internal/access internal/act internal/api internal/border internal/console internal/desk internal/exchange internal/fault internal/record internal/signin internal/store internal/treaty internal/vault internal/web internal/words"},
	{"internal/demo", "*"},
	{"internal/shape", ""},
	{"cmd", "*"},
}

// pure are the packages that decide: time and chance are parameters, and they reach nothing outside.
var pure = []string{"internal/act", "internal/person", "internal/treaty", "internal/casework", "internal/border", "internal/taskforce", "internal/statistics", "internal/access"}

type pkg struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports,Deps", "./...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for dec.More() {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// row finds the entry of the table that a package belongs to.
func row(path string) int {
	name := strings.TrimPrefix(path, "countersign/")
	return slices.IndexFunc(allowed, func(a struct{ name, imports string }) bool {
		return name == a.name || strings.HasPrefix(name, a.name+"/")
	})
}

func TestImportsPointDownTheTable(t *testing.T) {
	for _, p := range packages(t) {
		from := row(p.ImportPath)
		if from < 0 {
			t.Errorf("%s is not in the table", p.ImportPath)
			continue
		}
		list := strings.Fields(allowed[from].imports)
		for _, i := range p.Imports {
			to := row(i)
			if !strings.HasPrefix(i, "countersign/") || to == from || allowed[from].imports == "*" {
				continue
			}
			if to < 0 || !slices.Contains(list, allowed[to].name) {
				t.Errorf("%s imports %s, which the table does not allow", p.ImportPath, i)
			}
		}
	}
}

// No circle can hide behind the table: an allowed edge may not lead back.
func TestTableHasNoCircle(t *testing.T) {
	var visit func(name string, path []string)
	visit = func(name string, path []string) {
		if slices.Contains(path, name) {
			t.Fatalf("circle: %v", append(path, name))
		}
		if at := row("countersign/" + name); at >= 0 {
			for _, next := range strings.Fields(allowed[at].imports) {
				if next != "*" {
					visit(next, append(path, name))
				}
			}
		}
	}
	for _, a := range allowed {
		visit(a.name, nil)
	}
}

// What carries acts across the border cannot name what stays at home (design.md, section 4), and nothing from
// a return can reach a lane (issue of the border checks).
func TestWallsHold(t *testing.T) {
	walls := map[string][]string{
		"countersign/internal/exchange":  {"countersign/internal/act/domestic", "countersign/internal/casework", "countersign/internal/desk"},
		"countersign/internal/act/joint": {"countersign/internal/act/domestic"},
		"countersign/internal/border":    {"countersign/internal/casework", "countersign/internal/desk", "countersign/internal/store"},
	}
	for _, p := range packages(t) {
		for from, never := range walls {
			if p.ImportPath != from && !strings.HasPrefix(p.ImportPath, from+"/") {
				continue
			}
			for _, wall := range never {
				if slices.Contains(p.Deps, wall) {
					t.Errorf("%s reaches %s", p.ImportPath, wall)
				}
			}
		}
	}
}

func TestDomainIsPure(t *testing.T) {
	forbidden := map[string]string{"database/sql": "SQL", "net/http": "HTTP", "net": "the network", "crypto/rand": "chance"}
	for _, p := range packages(t) {
		if !slices.ContainsFunc(pure, func(n string) bool { return strings.HasPrefix(p.ImportPath+"/", "countersign/"+n+"/") }) {
			continue
		}
		for _, i := range p.Imports {
			if what, ok := forbidden[i]; ok {
				t.Errorf("%s knows %s (%s)", p.ImportPath, what, i)
			}
		}
		for _, f := range p.GoFiles {
			if name := clock(t, filepath.Join(p.Dir, f)); name != "" {
				t.Errorf("%s/%s asks for the time (%s); it is a parameter", p.ImportPath, f, name)
			}
		}
	}
}

// clock returns the call that reads the machine's clock, if a file has one.
func clock(t *testing.T, file string) (found string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && (s.Sel.Name == "Now" || s.Sel.Name == "Since" || s.Sel.Name == "Until") {
			found = "time." + s.Sel.Name
		}
		return true
	})
	return found
}

// The database driver must use the libc that its own go.mod pins (facts: another version corrupts memory).
func TestDriverUsesItsOwnLibc(t *testing.T) {
	mod := func(args ...string) string {
		cmd := exec.Command("go", append([]string{"list", "-m"}, args...)...)
		cmd.Dir = root(t)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	file := mod("-f", "{{.GoMod}}", "modernc.org/sqlite")
	ours := mod("-f", "{{.Version}}", "modernc.org/libc")
	cmd := exec.Command("go", "mod", "edit", "-json", file)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), `"modernc.org/libc",`+"\n\t\t\t\"Version\": \""+ours+`"`) {
		t.Errorf("modernc.org/libc is %s, which is not what modernc.org/sqlite pins", ours)
	}
}

// The repository speaks of itself alone: no machine paths, no hosts of package registries.
func TestNoTraceOfTheWorkplace(t *testing.T) {
	words := []string{"/wo" + "rk/", "/fa" + "rm/", "registry.npm" + "js", "proxy.go" + "lang", "deb.deb" + "ian"}
	err := filepath.WalkDir(root(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".git" { // a folder, or in a second working tree a file
			if d != nil && d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules" || d.Name() == "bin" || d.Name() == "screenshots") {
				return filepath.SkipDir
			}
			return err
		}
		return search(t, path, words)
	})
	if err != nil {
		t.Fatal(err)
	}
}
