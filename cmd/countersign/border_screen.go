package main

import (
	"bufio"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"countersign/internal/border/alert"
	"countersign/internal/border/screen"
	"countersign/internal/fault"
)

// borderScreenCmd screens a table of travellers.
type borderScreenCmd struct {
	List    []string `help:"Alert lists: CSV tables (columns op,ref,names,birth,sex,nationality,documents; several names or documents are parted by |, a document is STATE:NUMBER; id, name, given, middle, surname, dob, document, issuer are understood as well), signed snapshots, or one image." required:"" type:"existingfile" placeholder:"FILE"`
	Queries string   `help:"CSV table of travellers with the same columns." required:"" type:"existingfile" placeholder:"FILE"`
	Out     string   `help:"CSV file of results: query,rank,list,alert,band,score,name,birth,sex,nationality,document. Bands are strong, second-look, no-finding; the score is in bits beyond chance; fields say how they agree. A traveller without any candidate has one row without alert." required:"" placeholder:"FILE"`
	Ring    string   `help:"JSON file of trusted keys, for signed lists." type:"existingfile" placeholder:"FILE"`
	Top     int      `help:"How many candidates to write for each traveller." default:"20"`
	Only    bool     `help:"Write only what asks for a second look."`
}

// Run screens every row. Rows that cannot be read are named, the others are screened, and the exit code is 1.
func (c *borderScreenCmd) Run(a *app) error {
	left := leftOut{a: a}
	ix, err := openLists(c.List, c.Ring, time.Now(), &left)
	if err != nil {
		return err
	}
	in, err := os.Open(c.Queries)
	if err != nil {
		return err
	}
	defer in.Close()
	t, err := alert.NewTable(in)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Queries, err)
	}
	out, err := os.Create(c.Out)
	if err != nil {
		return err
	}
	bw := bufio.NewWriterSize(out, 1<<16)
	w := csv.NewWriter(bw)
	err = w.Write([]string{"query", "rank", "list", "alert", "band", "score", "name", "birth", "sex", "nationality", "document"})
	done := screened{left: &left}
	if err == nil {
		err = c.screen(ix, t, w, &done)
	}
	w.Flush()
	if err = errors.Join(err, w.Error(), bw.Flush(), out.Close()); err != nil {
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("border.cli.screened", "queries", fmt.Sprint(done.queries), "alerts", fmt.Sprint(ix.Alerts()),
		"second", fmt.Sprint(done.second), "strong", fmt.Sprint(done.strong)))
	return left.fault()
}

type screened struct {
	queries, second, strong int
	left                    *leftOut
}

func (c *borderScreenCmd) screen(ix *screen.Index, t *alert.Table, w *csv.Writer, done *screened) error {
	var s screen.Searcher
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if row.Err != nil || row.Remove {
			if row.Err == nil {
				row.Err = fault.New(fault.Invalid, "fault.border.row", "line", fmt.Sprint(row.Line), "field", "op", "value", "remove")
			}
			done.left.row(row.Err)
			continue
		}
		done.queries++
		ref := row.Alert.Ref
		if ref == "" {
			ref = fmt.Sprint("row ", row.Line)
		}
		hits := c.best(ix, &s, &row.Alert)
		if len(hits) > 0 && hits[0].Band == screen.Strong {
			done.strong++
		} else if len(hits) > 0 && hits[0].Band == screen.SecondLook {
			done.second++
		}
		if err := c.write(ix, w, ref, hits); err != nil {
			return err
		}
	}
}

// best searches by every name that a traveller goes by and every document shown, and keeps the better result.
func (c *borderScreenCmd) best(ix *screen.Index, s *screen.Searcher, who *alert.Alert) []screen.Hit {
	q := screen.Query{Birth: who.Birth, Sex: who.Sex, Nationality: who.Nationality}
	names, docs := who.Names, who.Documents
	if len(names) == 0 {
		names = []string{""}
	}
	if len(docs) == 0 {
		docs = []alert.Document{{}}
	}
	var best []screen.Hit
	for _, n := range names {
		for _, d := range docs {
			q.Name, q.Document = n, d
			hits := ix.Search(s, &q, c.Top)
			if len(best) == 0 || len(hits) > 0 && (hits[0].Band > best[0].Band || hits[0].Band == best[0].Band && hits[0].Score > best[0].Score) {
				best = append(best[:0:0], hits...)
			}
		}
	}
	return best
}

func (c *borderScreenCmd) write(ix *screen.Index, w *csv.Writer, ref string, hits []screen.Hit) error {
	n := 0
	for i := range hits {
		h := &hits[i]
		if c.Only && h.Band == screen.NoFinding {
			continue
		}
		n++
		al, list := ix.Alert(h)
		rec := []string{ref, fmt.Sprint(i + 1), list.List, al.Ref, h.Band.String(), fmt.Sprintf("%.1f", h.Score)}
		for _, e := range h.Evidence {
			rec = append(rec, e.Level.String())
		}
		if err := w.Write(rec); err != nil {
			return err
		}
	}
	if n > 0 || c.Only {
		return nil
	}
	return w.Write([]string{ref, "", "", "", screen.NoFinding.String(), "", "", "", "", "", ""})
}

// borderSignCmd turns a table into a signed file.
type borderSignCmd struct {
	Table      string    `help:"CSV table of alerts." required:"" type:"existingfile" placeholder:"FILE"`
	List       string    `help:"Name of the list, for example al/wanted." required:"" placeholder:"NAME"`
	Kind       string    `help:"wanted, missing, lost-document, entry-ban, court-travel-ban or child-abduction." required:"" placeholder:"KIND"`
	Authority  string    `help:"Authority that keeps the list." required:"" placeholder:"NAME"`
	LegalBasis string    `help:"Legal basis of the list." required:"" placeholder:"TEXT"`
	Action     string    `help:"What an officer is to do: a key of the catalogue." default:"border.next.compare-person" placeholder:"KEY"`
	Version    int64     `help:"Version of the list." required:"" placeholder:"N"`
	Base       int64     `help:"For a delta: the version it changes." placeholder:"N"`
	Issued     time.Time `help:"When it was issued (RFC 3339); not given: now." placeholder:"TIME"`
	ValidDays  int       `help:"For how many days it is valid." default:"7"`
	KeyID      string    `help:"Name of the key." required:"" placeholder:"NAME"`
	Key        string    `help:"File with the Ed25519 seed in base64; made if it does not exist." required:"" placeholder:"FILE"`
	Out        string    `help:"File to write." required:"" placeholder:"FILE"`
}

// Run signs the table and prints the public key, which others put into their ring.
func (c *borderSignCmd) Run(a *app) error {
	key, err := seedFile(c.Key)
	if err != nil {
		return err
	}
	f, err := os.Open(c.Table)
	if err != nil {
		return err
	}
	defer f.Close()
	t, err := alert.NewTable(f)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Table, err)
	}
	if c.Issued.IsZero() {
		c.Issued = time.Now().UTC().Truncate(time.Second)
	}
	h := alert.Header{List: c.List, Kind: alert.Kind(c.Kind), Authority: c.Authority, LegalBasis: c.LegalBasis, Action: c.Action, Version: c.Version, Base: c.Base,
		Issued: c.Issued, ValidFrom: c.Issued, ValidUntil: c.Issued.AddDate(0, 0, c.ValidDays)}
	out, err := os.Create(c.Out)
	if err != nil {
		return err
	}
	var bad error
	err = alert.Write(out, h, c.KeyID, key, func(yield func(*alert.Change) bool) {
		for {
			row, err := t.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if bad = errors.Join(err, row.Err); bad != nil || !yield(&row.Change) {
				return
			}
		}
	})
	if err := errors.Join(bad, err, out.Close()); err != nil {
		_ = os.Remove(c.Out) // a file that is not whole is no file
		return err
	}
	fmt.Fprintf(a.out, "{%q: {\"authority\": %q, \"public\": %q}}\n", c.KeyID, c.Authority, base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey)))
	return nil
}

// seedFile reads a key, or makes one that only its owner may read.
func seedFile(name string) (ed25519.PrivateKey, error) {
	b, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			return nil, err
		}
		return key, os.WriteFile(name, []byte(base64.StdEncoding.EncodeToString(key.Seed())+"\n"), 0o600)
	}
	if err != nil {
		return nil, err
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fault.New(fault.Invalid, "fault.border.key-file", "file", name)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
