package release

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"countersign/internal/paper"
	"countersign/internal/statistics"
	"countersign/internal/statistics/disclose"

	"github.com/go-json-experiment/json"
)

// Problem is one thing that does not fit, and where.
type Problem struct {
	Where string // file, and cell where one is known
	What  string
}

// Report is what a verification found.
type Report struct {
	Manifest Manifest
	Signers  []string // whose signatures fit
	Cells    int
	Problems []Problem
}

// OK tells whether everything fits.
func (r *Report) OK() bool { return len(r.Problems) == 0 }

func (r *Report) add(where, format string, args ...any) {
	r.Problems = append(r.Problems, Problem{where, fmt.Sprintf(format, args...)})
}

// Verify computes a release again from its files: signatures, the hash of each file, the Merkle root over
// the cells, and every rendered file from the cells. What was changed is named down to the cell.
func Verify(files map[string][]byte, keys []Key) *Report {
	r := new(Report)
	manifest := files[ManifestName]
	if err := json.Unmarshal(manifest, &r.Manifest, json.RejectUnknownMembers(true)); err != nil {
		r.add(ManifestName, "cannot be read: %v", err)
		return r
	}
	var problems []Problem
	r.Signers, problems = checkSignatures(manifest, files[SignaturesName], keys)
	r.Problems = append(r.Problems, problems...)
	changed := r.hashes(files)
	c, err := readContent(files["release.json"], files["cells.csv"], files["leaves.bin"])
	if err != nil {
		r.add("release", "%v", err)
		return r
	}
	r.Cells = len(c.Cells)
	r.cells(c)
	r.content(c)
	if !changed["cells.csv"] && !changed["release.json"] { // else every file differs from what it should be
		r.rendered(c, files)
	}
	return r
}

// hashes compares every file with the manifest.
func (r *Report) hashes(files map[string][]byte) map[string]bool {
	changed := map[string]bool{}
	listed := map[string]bool{ManifestName: true, SignaturesName: true}
	for _, f := range r.Manifest.Files {
		listed[f.Name] = true
		b, ok := files[f.Name]
		switch {
		case !ok:
			r.add(f.Name, "is missing")
		case len(b) != f.Size || sum(b) != f.SHA256:
			changed[f.Name] = true
			r.add(f.Name, "is not the file that was signed")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !listed[name] {
			r.add(name, "does not belong to the release")
		}
	}
	return changed
}

// cells checks each shown cell against its leaf, and all leaves against the root.
func (r *Report) cells(c *Content) {
	for i := range c.Cells {
		cell := &c.Cells[i]
		if !cell.Withheld && cell.leaf() != cell.Leaf {
			r.add("cells.csv: "+cell.ID, "the value %s is not the one that was signed", paper.D(cell.Value, cell.Decimals).Decimal())
		}
	}
	if len(c.Cells) != r.Manifest.Cells {
		r.add("cells.csv", "%d cells, signed were %d", len(c.Cells), r.Manifest.Cells)
	}
	root := Root(c.Cells)
	if got := hex.EncodeToString(root[:]); got != r.Manifest.Root {
		r.add("leaves.bin", "the root over the cells is %s, signed was %s", got, r.Manifest.Root)
	}
}

// content checks that release.json says what the manifest says, and that this program knows its definitions.
func (r *Report) content(c *Content) {
	m := r.Manifest
	if c.ID != m.ID || c.Edition != m.Edition || c.PublishAt != m.PublishAt || c.RecordHead != m.RecordHead || c.PolicyHash != m.PolicyHash || !slices.Equal(c.Definitions, m.Definitions) {
		r.add("release.json", "does not say what the manifest says")
	}
	if policy, err := canonical(c.Policy); err != nil || sum(policy) != c.PolicyHash {
		r.add("release.json", "the policy does not have the hash that is given for it")
	}
	for _, d := range c.Definitions {
		if c.Kind == KindJoint && slices.ContainsFunc(Rules(), func(own Rule) bool { return own.ID == string(d.ID) && own.hash == d.Hash }) {
			continue
		}
		if !slices.ContainsFunc(statistics.Definitions(), func(own statistics.Definition) bool { return own.ID == d.ID && own.Hash() == d.Hash }) {
			r.add("release.json", "definition %s with hash %s is not known to this version of the program", d.ID, d.Hash)
		}
	}
}

// rendered renders every file again and compares.
func (r *Report) rendered(c *Content, files map[string][]byte) {
	again, err := c.Render()
	if err != nil {
		r.add("release.json", "cannot be rendered: %v", err)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(again)) {
		b, ok := files[name]
		if !ok || bytes.Equal(b, again[name]) {
			continue
		}
		switch {
		case strings.HasSuffix(name, ".csv"), strings.HasSuffix(name, ".html"), strings.HasSuffix(name, ".json"):
			r.lines(name, b, again[name])
		case strings.HasSuffix(name, ".xlsx"), strings.HasSuffix(name, ".ods"):
			r.sheets(name, b, again[name])
		}
	}
}

// lines names the first lines of a text file that differ; in a table the last column is the cell.
func (r *Report) lines(name string, got, want []byte) {
	a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(a), len(b)) {
		x, y := at(a, i), at(b, i)
		if x == y {
			continue
		}
		where := fmt.Sprintf("%s, line %d", name, i+1)
		if strings.HasPrefix(name, "table-") && strings.HasSuffix(name, ".csv") {
			where += ": " + y[strings.LastIndexByte(y, ',')+1:]
		}
		r.add(where, "%q, computed again %q", cut(x), cut(y))
		return
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func cut(s string) string {
	if len(s) > 200 {
		return s[:200]
	}
	return s
}

// sheets names the first cell of a workbook that differs.
func (r *Report) sheets(name string, got, want []byte) {
	a, err := paper.Read(got)
	if err != nil {
		r.add(name, "cannot be read: %v", err)
		return
	}
	b, err := paper.Read(want)
	if err != nil {
		r.add(name, "cannot be rendered: %v", err)
		return
	}
	for i := range b {
		if i >= len(a) || a[i].Name != b[i].Name {
			r.add(name, "sheet %s is missing", b[i].Name)
			return
		}
		for y := range max(len(a[i].Cells), len(b[i].Cells)) {
			var row, again []string
			if y < len(a[i].Cells) {
				row = a[i].Cells[y]
			}
			if y < len(b[i].Cells) {
				again = b[i].Cells[y]
			}
			for x := range max(len(row), len(again)) {
				if p, q := at(row, x), at(again, x); p != q {
					r.add(fmt.Sprintf("%s, sheet %s, cell %s", name, b[i].Name, paper.Address(x, y)), "%q, computed again %q", cut(p), cut(q))
					return
				}
			}
		}
	}
	r.add(name, "holds the same cells but is not the file that the cells give")
}

// Read reads the content of a release back from its files.
func Read(files map[string][]byte) (*Content, error) {
	return readContent(files["release.json"], files["cells.csv"], files["leaves.bin"])
}

// Against compares a release with the one published before it: a shown count that moved by fewer than threshold
// tells, together with the earlier value, about so few people (facts/statistics.md, section 5).
func Against(before, now *Content, threshold int64) []disclose.Risk {
	was := map[string]int64{}
	for i := range before.Cells {
		if c := &before.Cells[i]; c.shown() && c.Decimals == 0 {
			was[c.ID] = c.Value
		}
	}
	var risks []disclose.Risk
	for i := range now.Cells {
		c := &now.Cells[i]
		old, ok := was[c.ID]
		change := c.Value - old
		if ok && c.shown() && c.Decimals == 0 && change != 0 && max(change, -change) < threshold {
			risks = append(risks, disclose.Risk{Kind: "editions", One: c.ID, Other: before.ID, Residual: change})
		}
	}
	return risks
}
