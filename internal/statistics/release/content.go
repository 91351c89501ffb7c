package release

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"
	"countersign/internal/statistics/disclose"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Input is all that a release is computed from.
type Input struct {
	ID          string // "returns-2023-05-25"
	Authority   string // who publishes
	Country     statistics.Country
	First, Last statistics.Quarter
	Holding     *cube.Holding   // the edition that is published
	Earlier     []*cube.Holding // earlier editions of the same series, for revisions
	Changes     statistics.Changes
	PublishAt   time.Time // the announced minute
	RecordHead  string    // the head of the record that was counted
	Policy      disclose.Policy
	Secret      []byte // makes the salts; never published
	Detailed    bool   // with the table of all dimensions
	Corrections []Correction
}

// Correction is a noted change after publication, as the corrected files themselves say it.
type Correction struct {
	Day  string `json:"day"`
	Note string `json:"note"`
}

// Content is a release before it is rendered. Everything that is published follows from it.
type Content struct {
	Format      string             `json:"format"`
	Kind        string             `json:"kind,omitzero"`    // "joint"; empty: a state's own
	Parties     []string           `json:"parties,omitzero"` // of a joint release
	ID          string             `json:"id"`
	Authority   string             `json:"authority"`
	Series      statistics.Series  `json:"series"`
	Edition     string             `json:"edition"` // date of publication
	KnownAt     string             `json:"known_at"`
	PublishAt   string             `json:"publish_at"`
	RecordHead  string             `json:"record_head"`
	Country     statistics.Country `json:"country,omitzero"`
	First       string             `json:"first"`
	Last        string             `json:"last"`
	Provisional bool               `json:"provisional"`
	Definitions []DefinitionRef    `json:"definitions"`
	Policy      disclose.Policy    `json:"policy"`
	PolicyHash  string             `json:"policy_hash"`
	Changes     Changes            `json:"changes"`
	Corrections []Correction       `json:"corrections,omitzero"` // oldest first
	Tables      []Table            `json:"tables"`
	Cells       []Cell             `json:"-"` // in cells.csv
}

// Changes is statistics.Changes as published.
type Changes struct {
	Recorded  int `json:"recorded"`
	Late      int `json:"late"`
	Corrected int `json:"corrected"`
	Retracted int `json:"retracted"`
}

// DefinitionRef names a counting rule by its hash.
type DefinitionRef struct {
	ID   statistics.Measure `json:"id"`
	Hash string             `json:"hash"`
}

// Table says how a run of cells is to be shown: by its dimensions, the last one across when it is wide.
type Table struct {
	ID    string   `json:"id"`
	Key   string   `json:"key"` // of its title in the catalogue
	Dims  []string `json:"dims"`
	Wide  bool     `json:"wide"`
	From  int      `json:"from"`
	Count int      `json:"count"`
}

// Cell is one published or withheld value. Its leaf in the Merkle tree is salted, so that a withheld value
// cannot be found by trying.
type Cell struct {
	ID       string // table and codes, for example "2/2022 Q1/enforced"
	Value    int64
	Decimals int
	Obs      string // "p" provisional, "r" revised, "x" not available, "" none
	Withheld bool   // conf_status "c"
	Salt     Salt   // zero in files where the cell is withheld
	Leaf     Hash
}

// Salt keeps a withheld value from being found by trying all values.
type Salt [16]byte

// Hash is a node of the tree.
type Hash [sha256.Size]byte

const format = "countersign release 1"

// builder collects tables.
type builder struct {
	in   Input
	c    *Content
	of   statistics.Population
	base map[cube.Row]int // index of each finest cell, for the audit
	pub  []disclose.Published
	err  error
}

// Build computes a release. Risks are what the audit found: a release with risks is not to be published
// before a person has resolved them.
func Build(in Input) (*Content, []disclose.Risk, error) {
	if in.Last < in.First || len(in.Secret) < 16 {
		return nil, nil, fault.New(fault.Invalid, "fault.release.input")
	}
	policy, err := canonical(in.Policy)
	if err != nil {
		return nil, nil, err
	}
	b := &builder{in: in, of: statistics.Population{Nationality: in.Country}, base: map[cube.Row]int{}}
	b.c = &Content{Format: format, ID: in.ID, Authority: in.Authority, Series: in.Holding.Edition.Series, Edition: in.PublishAt.Format(time.DateOnly),
		KnownAt: in.Holding.Edition.Published.UTC().Format(time.RFC3339), PublishAt: in.PublishAt.UTC().Format(time.RFC3339), RecordHead: in.RecordHead,
		Country: in.Country, First: in.First.String(), Last: in.Last.String(), Provisional: in.Holding.Provisional, Policy: in.Policy, PolicyHash: sum(policy),
		Changes: Changes(in.Changes), Corrections: in.Corrections}
	for _, d := range statistics.Definitions() {
		if !d.NeverJoint {
			b.c.Definitions = append(b.c.Definitions, DefinitionRef{d.ID, d.Hash()})
		}
	}
	b.years()
	b.quarters()
	b.destinations()
	b.ages()
	b.offenders()
	b.revisions()
	if in.Detailed {
		b.detailed()
	}
	if b.err != nil {
		return nil, nil, b.err
	}
	b.c.seal(in.Secret)
	return b.c, disclose.AuditTables(b.pub, in.Policy.Threshold), nil
}

func canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	raw := jsontext.Value(b)
	err = raw.Canonicalize()
	return raw, err
}

func sum(b []byte) string { h := sha256.Sum256(b); return hex.EncodeToString(h[:]) }

// seal gives every cell its salt and leaf.
func (c *Content) seal(secret []byte) {
	mac := hmac.New(sha256.New, secret)
	var out []byte
	for i := range c.Cells {
		cell := &c.Cells[i]
		mac.Reset()
		mac.Write([]byte(c.ID))
		mac.Write([]byte{0})
		mac.Write([]byte(cell.ID))
		out = mac.Sum(out[:0])
		copy(cell.Salt[:], out)
		cell.Leaf = cell.leaf()
	}
}

// leaf is the hash of a salted cell: RFC 6962's prefix for leaves, the salt, and the cell in one line.
func (c *Cell) leaf() Hash {
	b := make([]byte, 0, 160)
	b = append(b, 0)
	b = hex.AppendEncode(b, c.Salt[:])
	b = append(b, '\n')
	b = append(b, c.ID...)
	b = append(b, '\n')
	b = strconv.AppendInt(b, c.Value, 10)
	b = append(b, '/')
	b = strconv.AppendInt(b, int64(c.Decimals), 10)
	b = append(b, '\n')
	b = append(b, c.Obs...)
	if c.Withheld {
		b = append(b, "\nc"...)
	}
	return sha256.Sum256(b)
}

// Root is the Merkle tree hash of the cells (RFC 6962, section 2.1).
func Root(cells []Cell) Hash {
	level := make([]Hash, len(cells))
	for i := range cells {
		level[i] = cells[i].Leaf
	}
	return merkle(level)
}

// merkle reduces level by level: a node without a neighbour rises as it is, which gives RFC 6962's tree.
func merkle(level []Hash) Hash {
	if len(level) == 0 {
		return sha256.Sum256(nil)
	}
	var pair [1 + 2*sha256.Size]byte
	pair[0] = 1
	for len(level) > 1 {
		n := 0
		for i := 0; i < len(level); i += 2 {
			if i+1 == len(level) {
				level[n] = level[i]
			} else {
				copy(pair[1:], level[i][:])
				copy(pair[1+sha256.Size:], level[i+1][:])
				level[n] = sha256.Sum256(pair[:])
			}
			n++
		}
		level = level[:n]
	}
	return level[0]
}

// codes are the cell's place in its table.
func (c *Cell) codes() []string { return strings.Split(c.ID, "/")[1:] }

func cellID(table string, codes ...string) string { return table + "/" + strings.Join(codes, "/") }

// scaled turns an exact ratio into a percentage with one decimal as an integer of tenths.
func scaled(part, whole int64) (int64, error) {
	r, err := statistics.Share(part, whole)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(strings.Replace(statistics.Percent(r, 1), ".", "", 1), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("release: %w", err)
	}
	return n, nil
}
