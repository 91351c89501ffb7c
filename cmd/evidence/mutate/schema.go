package mutate

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// Chosen is the name of the number that chooses a mutant in what Schema writes: 0 is the product as it is.
const Chosen = "mutantChosen"

// Numbered is a mutant under the number that chooses it.
type Numbered struct {
	Number int
	Mutant
}

// Schema writes one source in which every mutant of a file can be chosen at run time: each function that is changed
// asks first which number was chosen, and hands over to a copy of itself with that one change. So a thousand mutants
// are compiled and linked once. The list holds mutants of one file only.
//
// Each copy stands under a line directive that names its number: what the compiler has against a mutant it says of
// that “file” (Number reads it back).
func Schema(list []Numbered) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	text, in := list[0].text, map[*ast.FuncDecl][]Numbered{}
	for _, m := range list {
		if m.text != text {
			return "", fmt.Errorf("%s: of another file than %s", m.Name(), list[0].Name())
		}
		in[m.within] = append(in[m.within], m)
	}
	var out, copies strings.Builder
	at := 0
	for _, f := range order(in) {
		w := &writer{text: text, at: func(p ast.Node) (int, int) {
			return list[0].set.Position(p.Pos()).Offset, list[0].set.Position(p.End()).Offset
		}, f: f}
		body, _ := w.at(f.Body)
		start, _ := w.at(f.Type)
		out.WriteString(text[at:start] + w.signature(f.Name.Name) + w.choice(in[f]))
		at = body + 1
		for _, m := range in[f] {
			copies.WriteString(w.copy(m))
		}
	}
	return out.String() + text[at:] + copies.String(), nil
}

// order is the order of the text.
func order(in map[*ast.FuncDecl][]Numbered) []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for f := range in {
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b *ast.FuncDecl) int { return int(a.Pos() - b.Pos()) })
	return all
}

// writer writes one function and its copies.
type writer struct {
	text string
	at   func(ast.Node) (from, to int)
	f    *ast.FuncDecl
}

func (w *writer) of(n ast.Node) string {
	from, to := w.at(n)
	return w.text[from:to]
}

// signature is “func (receiver) name[types](parameters) results {”, each parameter with a name to hand it over by.
func (w *writer) signature(name string) string {
	var b strings.Builder
	b.WriteString("func ")
	if w.f.Recv != nil {
		b.WriteString("(" + w.fields(w.f.Recv, "mutantReceiver") + ") ")
	}
	b.WriteString(name)
	if w.f.Type.TypeParams != nil {
		b.WriteString("[" + w.fields(w.f.Type.TypeParams, "") + "]")
	}
	b.WriteString("(" + w.fields(w.f.Type.Params, "mutantArgument") + ") ")
	if r := w.f.Type.Results; r != nil {
		b.WriteString(w.of(r) + " ")
	}
	return b.String() + "{"
}

// fields writes a list of parameters; those without a name, or called “_”, get one.
func (w *writer) fields(list *ast.FieldList, prefix string) string {
	var all []string
	n := 0
	for _, f := range list.List {
		var names []string
		for _, id := range f.Names {
			name := id.Name
			if name == "_" {
				name = prefix + strconv.Itoa(n)
			}
			names = append(names, name)
			n++
		}
		if len(f.Names) == 0 {
			names = []string{prefix + strconv.Itoa(n)}
			n++
		}
		all = append(all, strings.Join(names, ", ")+" "+w.of(f.Type))
	}
	return strings.Join(all, ", ")
}

// names are what fields called the parameters, with the dots of a variadic one.
func (w *writer) names(list *ast.FieldList, prefix string) []string {
	var all []string
	for _, f := range list.List {
		dots := ""
		if _, ok := f.Type.(*ast.Ellipsis); ok {
			dots = "..."
		}
		count := max(len(f.Names), 1)
		for i := range count {
			name := prefix + strconv.Itoa(len(all))
			if len(f.Names) > 0 && f.Names[i].Name != "_" {
				name = f.Names[i].Name
			}
			all = append(all, name+dots)
		}
	}
	return all
}

// choice hands over to the copy that was chosen.
func (w *writer) choice(list []Numbered) string {
	var b strings.Builder
	b.WriteString(" switch " + Chosen + " {")
	for _, m := range list {
		call := w.name(m.Number)
		if w.f.Recv != nil {
			call = w.names(w.f.Recv, "mutantReceiver")[0] + "." + call
		}
		if t := w.f.Type.TypeParams; t != nil {
			call += "[" + strings.Join(w.names(t, ""), ", ") + "]"
		}
		call += "(" + strings.Join(w.names(w.f.Type.Params, "mutantArgument"), ", ") + ")"
		if w.f.Type.Results != nil {
			b.WriteString(" case " + strconv.Itoa(m.Number) + ": return " + call + ";")
		} else {
			b.WriteString(" case " + strconv.Itoa(m.Number) + ": " + call + "; return;")
		}
	}
	return b.String() + " };"
}

func (w *writer) name(number int) string { return "mutant" + strconv.Itoa(number) + w.f.Name.Name }

// copy is the function with one change. The change lies inside the body: mutants are made of bodies only.
func (w *writer) copy(m Numbered) string {
	from, to := w.at(w.f.Body)
	body := w.text[from+1:m.cut[0]] + m.put + w.text[m.cut[1]:to]
	return "\n//line " + fileOf(m.Number) + ":1\n" + w.signature(w.name(m.Number)) + body + "\n"
}

func fileOf(number int) string { return "mutant" + strconv.Itoa(number) + ".go" }

// Number reads the mutant's number back from the name of a “file”; ok is false for a real one.
func Number(file string) (n int, ok bool) {
	if i := strings.LastIndexAny(file, `/\`); i >= 0 {
		file = file[i+1:]
	}
	digits, isMutant := strings.CutPrefix(file, "mutant")
	digits, isGo := strings.CutSuffix(digits, ".go")
	n, err := strconv.Atoi(digits)
	return n, isMutant && isGo && err == nil
}
