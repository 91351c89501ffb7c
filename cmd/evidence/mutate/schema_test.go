package mutate

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const program = `package main

type box[T any] struct{ v T }

func (b box[T]) twice(n int) int { return n * 2 }

func (box[T]) unnamed(int, ...string) (n int) { return 7 }

func pick[T comparable](all []T, one T) int {
	for i, v := range all {
		_, _ = i, v // so that each change compiles
		if v == one {
			return i
		}
	}
	return -1
}

func sum(label string, _ int, all ...int) (n int) {
	for _, v := range all {
		_ = v
		n += v
	}
	return n
}

func tell(on bool) {
	if on {
		print("on ")
	}
	unused := 1
	_ = unused
	if unused > 0 {
		print(unused, " ")
	}
}

func main() {
	tell(true)
	println(sum("s", 9, 1, 2, 3), pick([]string{"a", "b"}, "b"), box[int]{}.twice(4), box[int]{}.unnamed(1, "x"))
}
`

// One build holds every mutant: each number behaves as the file changed in that one place does, and 0 as the file itself.
func TestSchemaBehavesAsEachMutant(t *testing.T) {
	list, err := File("main.go", program)
	if err != nil {
		t.Fatal(err)
	}
	var numbered []Numbered
	for i, m := range list {
		numbered = append(numbered, Numbered{i + 1, m})
	}
	text, err := Schema(numbered)
	if err != nil {
		t.Fatal(err)
	}
	chosen := "package main\n\nimport (\n\t\"os\"\n\t\"strconv\"\n)\n\nvar " + Chosen + ", _ = strconv.Atoi(os.Getenv(\"NUMBER\"))\n"
	all := build(t, map[string]string{"main.go": text, "chosen.go": chosen})
	if got, want := run(all, 0), run(build(t, map[string]string{"main.go": program}), 0); got != want {
		t.Errorf("number 0 says %q, the product %q", got, want)
	}
	differ := 0
	for _, m := range numbered {
		got, want := run(all, m.Number), run(build(t, map[string]string{"main.go": m.Source()}), 0)
		if got != want {
			t.Errorf("%s: the schema says %q, the changed file %q", m.Name(), got, want)
		}
		if got != run(all, 0) {
			differ++
		}
	}
	if differ < len(list)/2 {
		t.Errorf("only %d of %d mutants behave otherwise than the product", differ, len(list))
	}
}

// What the compiler has against one mutant it says of that mutant's number.
func TestSchemaNamesWhatDoesNotCompile(t *testing.T) {
	const source = "package main\n\nfunc main() {\n\tn := 0\n\tif true {\n\t\tprintln(n)\n\t}\n}\n"
	list, err := File("main.go", source)
	if err != nil {
		t.Fatal(err)
	}
	var dropped []Numbered
	for i, m := range list {
		if m.Operator == "drop statement" {
			dropped = append(dropped, Numbered{40 + i, m}) // n is used nowhere then
		}
	}
	text, err := Schema(dropped)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "build", "-o", os.DevNull, folder(t, map[string]string{"main.go": text, "chosen.go": "package main\n\nvar " + Chosen + " int\n"})+"/main.go").CombinedOutput()
	if err == nil {
		t.Fatal("it compiles")
	}
	for _, m := range dropped {
		if want := fileOf(m.Number) + ":"; !strings.Contains(string(out), want) {
			t.Errorf("%s: the compiler does not name %s: %s", m.Name(), want, out)
		}
		if n, ok := Number("/x/" + fileOf(m.Number)); !ok || n != m.Number {
			t.Errorf("%s is read back as %d", fileOf(m.Number), n)
		}
	}
	if _, ok := Number("gates.go"); ok {
		t.Error("a real file has a number")
	}
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// build makes a program, or "" where the sources do not compile.
func build(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := folder(t, files)
	args := []string{"build", "-o", filepath.Join(dir, "program")}
	for name := range files {
		args = append(args, filepath.Join(dir, name))
	}
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return filepath.Join(dir, "program")
}

func run(program string, number int) string {
	c := exec.Command(program)
	c.Env = append(os.Environ(), "NUMBER="+strconv.Itoa(number))
	out, err := c.CombinedOutput()
	if err != nil {
		out = fmt.Append(nil, "exit")
	}
	return string(out)
}
