package official

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"time"

	"countersign/internal/fault"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"

	"github.com/go-json-experiment/json"
)

// The compact form of one imported table: a line naming the format, a line of JSON, rows as varints, and
// the SHA-256 of all before it. It is written whole beside its final name and renamed, so that nothing is
// ever half imported.
const compactFormat = "countersign statistics table 1\n"

type compactHead struct {
	Table     cube.Table `json:"table"`
	Published string     `json:"published"`
	Source    string     `json:"source"` // SHA-256 of the content that was imported
	Name      string     `json:"name"`
	Lines     int        `json:"lines"`
	Rows      int        `json:"rows"`
	Total     int64      `json:"total"`
}

// WriteTo writes the table in compact form.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	head, err := json.Marshal(compactHead{f.Table, f.Published.Format(time.DateOnly), f.Hash, f.Name, f.Lines, len(f.Rows), f.Total})
	if err != nil {
		return 0, err
	}
	b := append([]byte(compactFormat), head...)
	b = append(b, '\n')
	last := cube.Row{}
	for _, r := range f.Rows {
		b = binary.AppendVarint(b, int64(r.Quarter-last.Quarter))
		b = binary.AppendUvarint(b, uint64(r.Country))
		b = append(b, r.Type, r.Age, r.Sex, r.Dest)
		b = binary.AppendUvarint(b, uint64(r.N))
		last = r
	}
	sum := sha256.Sum256(b)
	n, err := w.Write(append(b, sum[:]...))
	return int64(n), err
}

// ReadCompact reads what WriteTo wrote and checks its hash.
func ReadCompact(b []byte, name string) (*File, error) {
	damaged := fault.New(fault.Invalid, "fault.statistics.damaged", "file", name)
	if len(b) < len(compactFormat)+sha256.Size || !bytes.HasPrefix(b, []byte(compactFormat)) {
		return nil, damaged
	}
	body, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if want := sha256.Sum256(body); !bytes.Equal(want[:], sum) {
		return nil, damaged
	}
	line, body, ok := bytes.Cut(body[len(compactFormat):], []byte("\n"))
	var h compactHead
	if !ok || json.Unmarshal(line, &h, json.RejectUnknownMembers(true)) != nil || h.Rows < 0 || h.Rows > maxRows {
		return nil, damaged
	}
	published, err := statistics.ParseDay(h.Published)
	if err != nil {
		return nil, damaged
	}
	f := &File{Name: h.Name, Table: h.Table, Published: published, Hash: h.Source, Lines: h.Lines, Merged: h.Lines - h.Rows, Total: h.Total}
	if f.Rows, err = readRows(body, h.Rows); err != nil {
		return nil, damaged.Because(err)
	}
	return f, nil
}

func readRows(body []byte, n int) ([]cube.Row, error) {
	rows := make([]cube.Row, 0, min(n, len(body)/7))
	in := bytes.NewReader(body)
	var q statistics.Quarter
	for range n {
		step, err := binary.ReadVarint(in)
		if err != nil {
			return nil, err
		}
		country, err := binary.ReadUvarint(in)
		if err != nil {
			return nil, err
		}
		var dims [4]byte
		if _, err := io.ReadFull(in, dims[:]); err != nil {
			return nil, err
		}
		count, err := binary.ReadUvarint(in)
		if err != nil {
			return nil, err
		}
		q += statistics.Quarter(step)
		rows = append(rows, cube.Row{Quarter: q, Country: uint16(country), Type: dims[0], Age: dims[1], Sex: dims[2], Dest: dims[3], N: int64(count)})
	}
	if in.Len() != 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return rows, nil
}

// ID is a short name of the content, for messages.
func (f *File) ID() string {
	if b, err := hex.DecodeString(f.Hash); err == nil && len(b) > 4 {
		return f.Hash[:12]
	}
	return f.Hash
}

// Holdings gathers tables into editions, oldest first. Two tables of one shape in one edition are refused:
// an edition does not change, a corrected one has its own date.
func Holdings(files []*File) ([]*cube.Holding, error) {
	var all []*cube.Holding
	byDate := map[string]*cube.Holding{}
	for _, f := range files {
		key := f.Published.Format(time.DateOnly)
		h := byDate[key]
		if h == nil {
			h = &cube.Holding{Edition: statistics.Edition{Series: statistics.Quarterly, Published: f.Published}, Rows: map[cube.Table][]cube.Row{}}
			byDate[key] = h
			all = append(all, h)
		}
		if h.Rows[f.Table] != nil {
			return nil, fault.New(fault.Conflict, "fault.statistics.edition-twice", "table", string(f.Table), "edition", key)
		}
		h.Rows[f.Table] = f.Rows
	}
	for i := range all { // few editions: insertion sort by date
		for j := i; j > 0 && all[j].Edition.Published.Before(all[j-1].Edition.Published); j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	return all, nil
}
