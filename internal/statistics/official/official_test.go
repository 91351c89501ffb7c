package official

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"countersign/internal/fault"
	"countersign/internal/officialdata/datatest"
	"countersign/internal/statistics"
	"countersign/internal/statistics/cube"

	"github.com/xuri/excelize/v2"
)

func load(t testing.TB, table string, edition time.Time) *File {
	t.Helper()
	path := datatest.File(t, "returns/ret_"+table+"_"+edition.Format(time.DateOnly)+".csv.gz")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file, err := Read(f, filepath.Base(path), edition)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func edition(t testing.TB, published time.Time) *cube.Holding {
	t.Helper()
	var files []*File
	for _, table := range []string{"d01", "d02", "d03", "d04"} {
		files = append(files, load(t, table, published))
	}
	all, err := Holdings(files)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// Counts per edition (facts/statistics.md, section 1).
func TestEditionsLoad(t *testing.T) {
	for i, c := range []struct {
		rows, returns, nationalities, merged int
		d02, d03, d04                        int
		last                                 statistics.Quarter
	}{
		{227607, 1022566, 220, 0, 41500, 6217, 4412, statistics.Q(2022, 3)},
		{230342, 1034320, 221, 146, 42042, 6297, 4474, statistics.Q(2022, 4)},
		{232451, 1046087, 220, 0, 42480, 6376, 4540, statistics.Q(2023, 1)},
		{237640, 1071665, 222, 146, 43580, 6546, 4679, statistics.Q(2023, 3)},
	} {
		f := load(t, "d01", Editions[i])
		nations := map[uint16]bool{}
		for _, r := range f.Rows {
			nations[r.Country] = true
		}
		if f.Lines != c.rows || f.Total != int64(c.returns) || len(nations) != c.nationalities || f.Merged != c.merged || f.Table != cube.D01 {
			t.Errorf("%s: %d rows, %d returns, %d nationalities, %d merged", f.Name, f.Lines, f.Total, len(nations), f.Merged)
		}
		if got := f.Rows[len(f.Rows)-1].Quarter; got != c.last {
			t.Errorf("%s ends with %s", f.Name, got)
		}
		for table, n := range map[string]int{"d02": c.d02, "d03": c.d03, "d04": c.d04} {
			o := load(t, table, Editions[i])
			if o.Lines != n {
				t.Errorf("%s: %d rows, want %d", o.Name, o.Lines, n)
			}
			if table == "d02" && i == 3 && o.Total != f.Total {
				t.Errorf("Ret_D02 sums to %d, Ret_D01 to %d", o.Total, f.Total)
			}
		}
	}
}

// The story's figures against the editions, section 3, and the shipped table against the files it was taken from.
func TestAlbaniaAgainstEditions(t *testing.T) {
	of := statistics.Population{Nationality: "albania"}
	for i, c := range []struct{ enforced22, voluntary22, voluntary21 int64 }{
		{707, 357, 363}, {956, 1002, 494}, {959, 1019, 495}, {964, 1036, 496},
	} {
		h := edition(t, Editions[i])
		sum := func(m statistics.Measure, p statistics.Period, pop statistics.Population) int64 {
			n, err := h.Sum(cube.Filter{Measure: m, Population: pop, Period: p})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		year := statistics.Year(2022)
		if i == 0 {
			year = statistics.Period{From: statistics.Day(2022, 1, 1), Until: statistics.Day(2022, 10, 1)}
			if _, err := h.Sum(cube.Filter{Measure: statistics.WithoutPort, Population: of, Period: statistics.Year(2022)}); fault.KeyOf(err) != "fault.statistics.unpublished" {
				t.Errorf("February edition: the year 2022 is not published: %v", err)
			}
		}
		if e, v, w := sum(statistics.EnforcedReturns, year, of), sum(statistics.VoluntaryReturns, year, of), sum(statistics.VoluntaryReturns, statistics.Year(2021), of); e != c.enforced22 || v != c.voluntary22 || w != c.voluntary21 {
			t.Errorf("%s: 2022 %d + %d, 2021 voluntary %d", h.Edition, e, v, w)
		}
		if i == 1 {
			home, err := h.Sum(cube.Filter{Measure: statistics.WithoutPort, Population: of, Period: year, DestGroup: "home"})
			if err != nil || home != 1799 || sum(statistics.WithPort, year, of) != 2510 {
				t.Errorf("other definitions: home country %d, with port %d", home, sum(statistics.WithPort, year, of))
			}
			to := statistics.Population{Destination: "albania"}
			if e, v := sum(statistics.EnforcedReturns, year, to), sum(statistics.VoluntaryReturns, year, to); e != 941 || v != 865 {
				t.Errorf("returns to Albania %d + %d, want 941 + 865", e, v)
			}
		}
		for _, q := range Table().Quarters {
			p := statistics.QuarterPeriod(q.Quarter)
			if q.Edition.Equal(Editions[i]) && (sum(statistics.EnforcedReturns, p, of) != q.Enforced || sum(statistics.VoluntaryReturns, p, of) != q.Voluntary ||
				sum(statistics.PortReturns, p, of) != q.Port || sum(statistics.OffenderReturns, p, of) != q.Offender) {
				t.Errorf("%s %s: the shipped table differs", h.Edition, q.Quarter)
			}
		}
	}
}

const header = "quarter,nationality,region,return_type_group,return_type,age,sex,destination_group,returns\n"
const good = "2022 Q1,Albania,Europe Other,Enforced return,Enforced removals from detention,18 to 29,Male,Home country,3\n"

func read(s string) (*File, error) {
	return Read(strings.NewReader(s), "t.csv", statistics.Day(2023, 5, 25))
}

// Bad input is refused with the cell, and a gzip of it as well.
func TestRefusals(t *testing.T) {
	many := header
	for _, age := range []string{"17 and under", "18 to 29", "30 to 49", "50 to 69", "70 and over"} {
		for _, sex := range []string{"Male", "Female"} {
			many += strings.Replace(strings.Replace(good, "18 to 29", age, 1), "Male", sex, 1)
		}
	}
	twice := many + strings.TrimPrefix(many, header)
	for name, c := range map[string]struct{ in, key, cell string }{
		"unknown label":       {header + good + strings.Replace(good, "Albania", "Albanie", 1), "fault.statistics.label", "B3"},
		"negative":            {header + strings.Replace(good, ",3", ",-3", 1), "fault.statistics.count", "I2"},
		"fraction":            {header + strings.Replace(good, ",3", ",3.5", 1), "fault.statistics.count", "I2"},
		"formula":             {header + strings.Replace(good, ",3", ",=1+2", 1), "fault.statistics.count", "I2"},
		"plus":                {header + strings.Replace(good, ",3", ",+3", 1), "fault.statistics.count", "I2"},
		"empty count":         {header + strings.Replace(good, ",3", ",", 1), "fault.statistics.count", "I2"},
		"formula label":       {header + strings.Replace(good, "Albania", "=cmd|' /C calc'!A0", 1), "fault.statistics.label", "B2"},
		"all ages":            {header + strings.Replace(good, "18 to 29", "All", 1), "fault.statistics.unfixed-row", "F2"},
		"no age column":       {strings.Replace(header, ",age", "", 1) + strings.Replace(good, ",18 to 29", "", 1), "fault.statistics.unfixed", "A1"},
		"asylum summary":      {"Category,Nationality,Enforced returns,Voluntary returns\nAsylum-related,Albania,1,2\n", "fault.statistics.asylum-table", ""},
		"unknown column":      {strings.Replace(header, "age", "ages", 1) + good, "fault.statistics.column", "F1"},
		"column twice":        {strings.Replace(header, "sex", "age", 1) + good, "fault.statistics.column-twice", "G1"},
		"not a quarter":       {header + strings.Replace(good, "2022 Q1", "2022", 1), "fault.statistics.not-a-quarter", "A2"},
		"quarter comes back":  {header + good + strings.Replace(good, "Q1", "Q2", 1) + good, "fault.statistics.quarter-twice", "A4"},
		"quarter pasted":      {twice, "fault.statistics.quarter-twice", "A2"},
		"quarter to come":     {header + strings.Replace(good, "2022 Q1", "2023 Q2", 1), "fault.statistics.future", "A2"},
		"wrong region":        {header + strings.Replace(good, "Europe Other", "Asia East", 1), "fault.statistics.region", "C2"},
		"type of other group": {header + strings.Replace(good, "Enforced return", "Voluntary return", 1), "fault.statistics.type-group", "E2"},
		"label of February":   {header + strings.Replace(good, "18 to 29", "18-29", 1), "fault.statistics.label-date", "F2"},
		"Latin-1":             {header + strings.Replace(good, "Albania", "Alb\xe1nia", 1), "fault.statistics.encoding", "B2"},
		"UTF-16":              {"\xff\xfeq\x00", "fault.statistics.encoding", "A1"},
		"short row":           {header + "2022 Q1,Albania\n", "fault.statistics.file", ""},
		"nothing":             {header, "fault.statistics.empty", "A2"},
	} {
		if _, err := read(c.in); fault.KeyOf(err) != c.key || fault.ArgsOf(err)["cell"] != c.cell {
			t.Errorf("%s: %v", name, err)
		}
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, _ = w.Write([]byte(c.in))
		_ = w.Close()
		if _, err := read(z.String()); err == nil {
			t.Errorf("%s: accepted in gzip", name)
		}
	}
	if _, err := read(header + good + good); err != nil {
		t.Errorf("a key given twice is summed: %v", err)
	}
	if _, err := read(strings.Replace(header+good, "Albania", "Albanie", 1)); fault.ArgsOf(err)["nearest"] != "Albania" {
		t.Errorf("nearest: %v", err)
	}
	if _, err := read("\x1f\x8b\x08broken"); fault.KeyOf(err) != "fault.statistics.file" {
		t.Errorf("broken gzip: %v", err)
	}
	if f, err := read("\xef\xbb\xbf" + header + good); err != nil || f.Total != 3 {
		t.Errorf("byte order mark: %v", err)
	}
}

func TestWorkbook(t *testing.T) {
	book := func(rows [][]any, sheet string) string {
		f := excelize.NewFile()
		_ = f.SetSheetName("Sheet1", sheet)
		for i, r := range rows {
			_ = f.SetSheetRow(sheet, "A"+string(rune('1'+i)), &r)
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	head := []any{"Year", "Quarter", "Nationality", "Region", "Return type group", "Return type", "Age", "Sex", "Return destination group", "Number of returns"}
	row := []any{2022, "2022 Q1", "Albania", "Europe Other", "Voluntary return", "Controlled returns", "18 to 29", "Male", "Home country", 4}
	for _, sheet := range []string{"Data - Ret_D01", "Data_Ret_D01"} {
		f, err := read(book([][]any{{"Ret_D01: Returns"}, head, row, row}, sheet))
		if err != nil || f.Total != 8 || f.Merged != 1 || f.Table != cube.D01 {
			t.Errorf("%s: %+v %v", sheet, f, err)
		}
	}
	wrong := append([]any{2021}, row[1:]...)
	half := append(append([]any{}, row[:9]...), 0.5)
	for name, c := range map[string]struct {
		in        string
		key, cell string
	}{
		"sheet":    {book([][]any{{"x"}, head, row}, "Data"), "fault.statistics.no-sheet", ""},
		"year":     {book([][]any{{"x"}, head, wrong}, "Data_Ret_D01"), "fault.statistics.year", "A3"},
		"fraction": {book([][]any{{"x"}, head, half}, "Data_Ret_D01"), "fault.statistics.count", "J3"},
		"beside":   {book([][]any{{"x"}, head, append(append([]any{}, row...), "note")}, "Data_Ret_D01"), "fault.statistics.beside", "K3"},
		"zip":      {"PK\x03\x04 nothing", "fault.statistics.file", ""},
	} {
		if _, err := read(c.in); fault.KeyOf(err) != c.key || fault.ArgsOf(err)["cell"] != c.cell {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCompactForm(t *testing.T) {
	f, err := read(header + good + strings.Replace(good, "2022 Q1", "2022 Q3", 1))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	back, err := ReadCompact(b.Bytes(), "x")
	if err != nil || !reflect.DeepEqual(back, f) {
		t.Errorf("%+v %v, want %+v", back, err, f)
	}
	for i := range b.Bytes() {
		c := bytes.Clone(b.Bytes())
		c[i] ^= 1
		if _, err := ReadCompact(c, "x"); fault.KeyOf(err) != "fault.statistics.damaged" {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	if _, err := Holdings([]*File{f, f}); fault.KeyOf(err) != "fault.statistics.edition-twice" {
		t.Errorf("one edition twice: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(header + good))
	f.Add([]byte("\xef\xbb\xbf" + header + "\"2022 Q1\",\"Alb\"\"ania\n"))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Read(bytes.NewReader(b), "fuzz", statistics.Day(2023, 5, 25))
		if err != nil {
			return
		}
		var sum int64
		for _, r := range file.Rows {
			sum += r.N
		}
		if sum != file.Total || file.Lines != len(file.Rows)+file.Merged {
			t.Fatalf("sum %d of rows, total %d", sum, file.Total)
		}
	})
}

func FuzzReadCompact(f *testing.F) {
	file, err := read(header + good)
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	_, _ = file.WriteTo(&b)
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) { _, _ = ReadCompact(b, "fuzz") })
}
