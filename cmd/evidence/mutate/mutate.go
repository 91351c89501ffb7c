// Package mutate makes small faults in Go source, one at a time, from its syntax tree: a comparison flipped, a condition
// negated, a case or a statement dropped, a constant swapped. Whoever has tests runs them on each: a fault that no
// test notices is a rule that no test holds.
//
// It only makes text; it builds and runs nothing. Schema writes all of them into one text, to be chosen at run time.
package mutate

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// Mutant is one changed file.
type Mutant struct {
	File, Operator string
	Line           int
	From, To       string // what was changed, for people
	text           string
	cut            [2]int
	put            string
	within         *ast.FuncDecl
	set            *token.FileSet
	nth            int // among equal ones of its function: 0 is the first
}

// Source is the whole changed file.
func (m Mutant) Source() string { return m.text[:m.cut[0]] + m.put + m.text[m.cut[1]:] }

// Name tells where and what.
func (m Mutant) Name() string {
	return fmt.Sprintf("%s:%d %s: %s -> %s", m.File, m.Line, m.Operator, short(m.From), short(m.To))
}

// Key names the mutant by its function instead of its line, so that it stays when lines above are added.
func (m Mutant) Key() string {
	key := fmt.Sprintf("%s %s, %s: %s -> %s", m.File, m.within.Name.Name, m.Operator, short(m.From), short(m.To))
	if m.nth > 0 {
		key += fmt.Sprintf(" (%d)", m.nth+1)
	}
	return key
}

func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return "(nothing)"
	}
	if len(s) > 90 {
		return s[:90] + "…"
	}
	return s
}

// maker walks one file.
type maker struct {
	name, text string
	set        *token.FileSet
	within     *ast.FuncDecl // the function that is walked
	list       []Mutant
}

// File makes every mutant of one source file, in the order of the text.
func File(name, text string) ([]Mutant, error) {
	k := &maker{name: name, text: text, set: token.NewFileSet()}
	file, err := parser.ParseFile(k.set, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			k.within = f
			ast.Inspect(f.Body, k.node)
		}
	}
	slices.SortStableFunc(k.list, func(a, b Mutant) int { return a.cut[0] - b.cut[0] })
	seen := map[string]int{}
	for i := range k.list {
		key := k.list[i].Key()
		k.list[i].nth = seen[key]
		seen[key]++
	}
	return k.list, nil
}

func (k *maker) offset(p token.Pos) int { return k.set.Position(p).Offset }

func (k *maker) of(n ast.Node) string { return k.text[k.offset(n.Pos()):k.offset(n.End())] }

// swap puts other text in the place of a stretch; around is what people are shown.
func (k *maker) swap(operator string, from, to token.Pos, put string, shown, becomes string) {
	k.list = append(k.list, Mutant{File: k.name, Operator: operator, Line: k.set.Position(from).Line, From: shown, To: becomes,
		text: k.text, cut: [2]int{k.offset(from), k.offset(to)}, put: put, within: k.within, set: k.set})
}

func (k *maker) replace(operator string, n ast.Node, put string) {
	k.swap(operator, n.Pos(), n.End(), put, k.of(n), put)
}

func (k *maker) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		k.binary(n)
	case *ast.SelectorExpr:
		if other := map[string]string{"Before": "After", "After": "Before"}[n.Sel.Name]; other != "" {
			k.swap("flip comparison", n.Sel.Pos(), n.Sel.End(), other, k.of(n), other)
		}
	case *ast.IfStmt:
		k.negate(n.Cond)
	case *ast.SwitchStmt:
		k.cases(n)
	case *ast.BlockStmt:
		k.statements(n.List)
	case *ast.CaseClause:
		k.statements(n.Body)
	case *ast.BasicLit:
		k.literal(n)
	case *ast.Ident:
		if other := constants[n.Name]; other != "" {
			k.replace("swap constant", n, other)
		}
	}
	return true
}

// constants are the words of the gates that are swapped.
var constants = map[string]string{"GateOpen": "GateClosed", "GateClosed": "GateOpen", "GateUnknown": "GateOpen", "true": "false", "false": "true",
	"StepDepart": "StepLock", "StepHandover": "StepConfirm"}

var flipped = map[token.Token][]token.Token{token.EQL: {token.NEQ}, token.NEQ: {token.EQL}, token.LSS: {token.GEQ, token.LEQ}, token.GTR: {token.LEQ, token.GEQ},
	token.LEQ: {token.GTR, token.LSS}, token.GEQ: {token.LSS, token.GTR}, token.LAND: {token.LOR}, token.LOR: {token.LAND}}

func (k *maker) binary(n *ast.BinaryExpr) {
	for _, other := range flipped[n.Op] {
		end := n.OpPos + token.Pos(len(n.Op.String()))
		k.swap("flip comparison", n.OpPos, end, other.String(), k.of(n), other.String())
	}
}

func (k *maker) negate(cond ast.Expr) {
	k.swap("negate condition", cond.Pos(), cond.End(), "!("+k.of(cond)+")", k.of(cond), "!(…)")
}

// cases drops each case of a switch, and negates the conditions of one without a tag.
func (k *maker) cases(n *ast.SwitchStmt) {
	for _, s := range n.Body.List {
		c := s.(*ast.CaseClause)
		k.swap("drop case", c.Pos(), c.End(), "", k.of(c), "")
		if n.Tag == nil {
			for _, e := range c.List {
				k.negate(e)
			}
		}
	}
}

// statements drops each statement that the rest does without; declarations and returns are not dropped.
func (k *maker) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.BranchStmt, *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
			k.swap("drop statement", s.Pos(), s.End(), "", k.of(s), "")
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				k.swap("drop statement", s.Pos(), s.End(), "", k.of(s), "")
			}
		}
	}
}

func (k *maker) literal(n *ast.BasicLit) {
	switch n.Kind {
	case token.INT:
		if v, err := strconv.Atoi(n.Value); err == nil {
			k.replace("swap constant", n, strconv.Itoa(v+1))
		}
	case token.STRING:
		k.replace("swap constant", n, `"swapped"`)
	}
}
