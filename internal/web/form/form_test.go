package form

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"countersign/internal/fault"
	"countersign/internal/web/component"
	"countersign/internal/words"
)

func catalogue(t testing.TB) *words.Catalogue {
	t.Helper()
	all, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	return all[words.English].With(map[string]string{"l": "Label", "more": "What is missing", "say": "Say what"})
}

func post(f *Form, values url.Values) error {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return f.Read(httptest.NewRecorder(), r)
}

func key(m *Message) string {
	if m == nil {
		return ""
	}
	return m.Key
}

func TestText(t *testing.T) {
	for _, test := range []struct{ name, typed, value, err string }{
		{"blanks around are dropped", "  Hoxha \t", "Hoxha", ""},
		{"empty", "   ", "", "web.form.missing"},
		{"too long by one", strings.Repeat("ë", 11), strings.Repeat("ë", 11), "web.form.long"},
		{"characters count, not bytes", strings.Repeat("ë", 10), strings.Repeat("ë", 10), ""},
		{"control characters and direction marks are dropped", "A\x00l\u202ei", "Ali", ""},
		{"a letter and its mark become one", "Ge\u0308zim", "Gëzim", ""},
		{"the rule speaks", "1", "1", "web.form.wrong"},
	} {
		f := &Text{Base: Base{Name: "n", Label: "l"}, Max: 10,
			Rules: []Rule{Matches(regexp.MustCompile(`\pL+`), "web.form.wrong")}}
		if err := post(New(f), url.Values{"n": {test.typed}}); err != nil {
			t.Fatal(err)
		}
		if f.Value != test.value || key(f.Err()) != test.err {
			t.Errorf("%s: value %q, error %q", test.name, f.Value, key(f.Err()))
		}
	}
}

func TestLongKeepsLines(t *testing.T) {
	f := &Long{Base: Base{Name: "n", Label: "l"}}
	if err := post(New(f), url.Values{"n": {"one\r\ntwo\r\n"}}); err != nil || f.Value != "one\ntwo" {
		t.Errorf("%q %v", f.Value, err)
	}
}

func TestDate(t *testing.T) {
	bound := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name, day, month, year string
		partial                bool
		value, err, anchor     string
	}{
		{"whole", "7", "5", "1990", false, "1990-05-07", "", "d-day"},
		{"leap day", "29", "2", "2024", false, "2024-02-29", "", "d-day"},
		{"no leap day", "29", "2", "2023", false, "2023-02-29", "web.form.date.real", "d-day"},
		{"month 13", "1", "13", "2023", false, "2023-13-01", "web.form.date.real", "d-month"},
		{"no day", "", "5", "1990", false, "1990-05", "web.form.date.day", "d-day"},
		{"no month", "7", "", "1990", false, "1990", "web.form.date.month", "d-month"},
		{"no year", "7", "5", "", false, "", "web.form.date.year", "d-year"},
		{"no day and month", "", "", "1990", false, "1990", "web.form.date.parts", "d-day"},
		{"two digits hide the century", "7", "5", "90", false, "90-05-07", "web.form.date.year-digits", "d-year"},
		{"words", "x", "5", "1990", false, "1990-05-0x", "web.form.date.real", "d-day"},
		{"nothing", "", "", "", false, "", "web.form.missing", "d-day"},
		{"tomorrow", "24", "11", "2026", false, "2026-11-24", "web.form.date.latest", "d-day"},
		{"today", "23", "11", "2026", false, "2026-11-23", "", "d-day"},
		{"partial: year", "", "", "1990", true, "1990", "", "d-day"},
		{"partial: month and year", "", "5", "1990", true, "1990-05", "", "d-day"},
		{"partial: day without month", "7", "", "1990", true, "1990", "web.form.date.month", "d-month"},
		{"partial: this year may still be past", "", "", "2026", true, "2026", "", "d-day"},
		{"partial: next year", "", "", "2027", true, "2027", "web.form.date.latest", "d-day"},
		{"too early", "1", "1", "1899", false, "1899-01-01", "web.form.date.earliest", "d-day"},
	} {
		d := &Date{Base: Base{Name: "d", Label: "l"}, Partial: test.partial, Latest: bound,
			Earliest: time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)}
		form := New(d)
		if err := post(form, url.Values{"d-day": {test.day}, "d-month": {test.month}, "d-year": {test.year}}); err != nil {
			t.Fatal(err)
		}
		if d.Value() != test.value || key(d.Err()) != test.err || test.err != "" && d.anchor() != test.anchor {
			t.Errorf("%s: value %q, error %q, leads to %s", test.name, d.Value(), key(d.Err()), d.anchor())
		}
		if _, err := component.HTML(d.Component(catalogue(t))); err != nil {
			t.Error(err)
		}
	}
}

func TestDateSetIsValue(t *testing.T) {
	for _, want := range []string{"1990-05-07", "1990-05", "1990", "2024-11-30", ""} {
		d := &Date{Partial: true}
		d.Set(want)
		if d.Value() != want {
			t.Errorf("%q became %q", want, d.Value())
		}
	}
}

// The hour that the zone skips in spring does not exist; the hour that comes twice is the first (K20).
func TestAtClockChange(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		date, clock, want string
		ok                bool
	}{
		{"2026-03-29", "01:30", "", false},
		{"2026-03-29", "0230", "2026-03-29T02:30:00+01:00", true},
		{"2026-10-25", "1:30", "2026-10-25T01:30:00+01:00", true},
		{"2026-10-25", "00.15", "2026-10-25T00:15:00+01:00", true},
		{"2026-10-25", "24:00", "", false},
		{"2026-10", "10:00", "", false},
	} {
		d := &Date{}
		d.Set(test.date)
		at, ok := At(d, &Clock{Typed: test.clock}, london)
		if ok != test.ok || ok && at.Format(time.RFC3339) != test.want {
			t.Errorf("%s %s: %s %v", test.date, test.clock, at.Format(time.RFC3339), ok)
		}
	}
}

func answer() (*Choice, *Long) {
	more := &Long{Base: Base{Name: "more", Label: "more", Missing: "say"}}
	return &Choice{Base: Base{Name: "a", Label: "l"}, Options: []Option{{Value: "yes"}, {Value: "more", Reveals: more}}}, more
}

func TestRevealedIsAskedOnlyWhenChosen(t *testing.T) {
	choice, more := answer()
	if err := post(New(choice), url.Values{"a": {"yes"}}); err != nil || more.Err() != nil {
		t.Errorf("not chosen, but asked: %v %v", err, more.Err())
	}
	choice, more = answer()
	form := New(choice)
	if err := post(form, url.Values{"a": {"more"}}); err != nil || key(more.Err()) != "say" || form.Valid() {
		t.Errorf("chosen, but not asked: %v %v", err, more.Err())
	}
	summary := form.Summary(catalogue(t)).(component.ErrorSummary)
	if len(summary.ErrorList) != 1 || summary.ErrorList[0].Href != "#more" || summary.ErrorList[0].Text != "Say what" {
		t.Errorf("%+v", summary.ErrorList)
	}
	// An answer that stays in a hidden question is kept for when it is chosen again.
	choice, more = answer()
	if err := post(New(choice), url.Values{"a": {"yes"}, "more": {"typed before"}}); err != nil || more.Value != "typed before" {
		t.Errorf("%v %q", err, more.Value)
	}
}

func TestAnswersThatWereNotOffered(t *testing.T) {
	choice, _ := answer()
	if err := post(New(choice), url.Values{"a": {"admin"}}); err != nil || key(choice.Err()) != "web.form.unknown-answer" {
		t.Errorf("%v %v", err, choice.Err())
	}
	choice, _ = answer()
	if err := post(New(choice), url.Values{"a": {"yes", "more"}}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("two values for one answer: %v", err)
	}
}

func TestChoices(t *testing.T) {
	for _, test := range []struct {
		values []string
		err    string
	}{{nil, "web.form.missing"}, {[]string{"a", "b"}, ""}, {[]string{"none"}, ""},
		{[]string{"a", "none"}, "web.form.alone"}, {[]string{"x"}, "web.form.unknown-answer"}} {
		f := &Choices{Base: Base{Name: "c", Label: "l"}, Options: []Option{{Value: "a"}, {Value: "b"}, {Divider: "or"}, {Value: "none", Alone: true}}}
		if err := post(New(f), url.Values{"c": test.values}); err != nil || key(f.Err()) != test.err {
			t.Errorf("%v: %v %v", test.values, err, f.Err())
		}
	}
}

// Asking for the other language is not sending: nothing is checked and everything is kept.
func TestSwitchKeepsEverything(t *testing.T) {
	text := &Text{Base: Base{Name: "n", Label: "l"}, Max: 2}
	date := &Date{Base: Base{Name: "d", Label: "l"}}
	f := New(text, date)
	if err := post(f, url.Values{"lang": {"sq"}, "n": {"too long"}, "d-day": {"31"}}); err != nil {
		t.Fatal(err)
	}
	if f.Switched() != words.Albanian || f.Valid() || f.Invalid() || text.Value != "too long" || date.Day != "31" {
		t.Errorf("switched %q, valid %v, invalid %v, %q %q", f.Switched(), f.Valid(), f.Invalid(), text.Value, date.Day)
	}
}

func TestFaultsBecomeErrors(t *testing.T) {
	text := &Text{Base: Base{Name: "n", Label: "l"}, Value: "x"}
	f := New(text)
	if !f.Fault(text, fault.New(fault.Late, "web.form.wrong")) || f.Valid() || key(text.Err()) != "web.form.wrong" {
		t.Error("a late fault is the officer's to see beside the field")
	}
	for _, err := range []error{fault.New(fault.Denied, "x"), fault.New(fault.Conflict, "x"), errors.New("disk")} {
		if New().Fault(nil, err) {
			t.Errorf("%v needs a page of its own", err)
		}
	}
}

func upload(t *testing.T, f *Form, name, fileName string, body []byte, times int) error {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for range times {
		part, err := m.CreateFormFile(name, fileName)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return f.Read(httptest.NewRecorder(), r)
}

func TestFile(t *testing.T) {
	pdf := []byte("%PDF-1.7\n1 0 obj")
	for _, test := range []struct {
		name, fileName string
		body           []byte
		times          int
		err, stored    string
	}{
		{"pdf", `C:\scans\..\pass port.pdf`, pdf, 1, "", "pass port.pdf"},
		{"html named pdf", "a.pdf", []byte("<html><script>"), 1, "web.form.file.type", "a.pdf"},
		{"too large", "a.pdf", append(pdf, make([]byte, 1000)...), 1, "web.form.file.large", ""},
		{"empty", "a.pdf", nil, 1, "web.form.file.empty", "a.pdf"},
		{"two", "a.pdf", pdf, 2, "web.form.file.one", ""},
		{"none", "", pdf, 0, "web.form.missing", ""},
	} {
		f := &File{Base: Base{Name: "scan", Label: "l"}, Max: 900, Types: []string{"application/pdf"}}
		if err := upload(t, New(f), "scan", test.fileName, test.body, test.times); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if key(f.Err()) != test.err || f.Value != nil && f.Value.Name != test.stored {
			t.Errorf("%s: error %q, %+v", test.name, key(f.Err()), f.Value)
		}
	}
}

func TestLimits(t *testing.T) {
	text := &Text{Base: Base{Name: "n", Label: "l"}}
	if err := post(New(text), url.Values{"n": {strings.Repeat("x", textLimit)}}); fault.KeyOf(err) != "web.fault.too-large" {
		t.Errorf("%v", err)
	}
	for _, body := range []string{"n=%zz", "n;=1"} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if err := New(text).Read(httptest.NewRecorder(), r); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", body, err)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/", io.NopCloser(strings.NewReader("{}")))
	if err := New(text).Read(httptest.NewRecorder(), r); fault.KindOf(err) != fault.Invalid {
		t.Errorf("no content type: %v", err)
	}
}

// What was typed comes back on the page as it was typed and never as markup (T16).
func TestTypedTextIsEscaped(t *testing.T) {
	payload := `"><script>alert(1)</script>{{.}}`
	c := catalogue(t)
	choice, _ := answer()
	for _, f := range []Field{&Text{Base: Base{Name: "n", Label: "l"}, Value: payload}, &Long{Base: Base{Name: "n", Label: "l"}, Value: payload},
		&Number{Base: Base{Name: "n", Label: "l"}, Typed: payload}, &Clock{Base: Base{Name: "n", Label: "l"}, Typed: payload},
		&Date{Base: Base{Name: "n", Label: "l"}, Year: payload}, &Hidden{Base: Base{Name: "n"}, Value: payload},
		&Pick{Base: Base{Name: "n", Label: "l"}, Options: []Option{{Value: payload, Text: payload}}}, choice} {
		h, err := component.HTML(f.Component(c))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(h), "<script>") {
			t.Errorf("%T: %s", f, h)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("n=x&d-day=1&d-month=2&d-year=2020&a=more&more=y", "7")
	f.Add("lang=sq&n=%00%E2%80%AE&d-year=-1&c=a&c=none", "25:61")
	f.Add("d-day=٣&d-month=１&d-year=2020", "0130")
	c := catalogue(f)
	f.Fuzz(func(t *testing.T, body, clock string) {
		choice, _ := answer()
		date := &Date{Base: Base{Name: "d", Label: "l"}, Partial: len(body)%2 == 0, Latest: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		k := &Clock{Base: Base{Name: "k", Label: "l"}, Typed: clock}
		form := New(&Text{Base: Base{Name: "n", Label: "l"}}, date, choice, &Number{Base: Base{Name: "i", Label: "l"}, Max: 9})
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if err := form.Read(httptest.NewRecorder(), r); err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if form.Valid() && !date.Partial {
			if _, ok := date.Time(time.UTC); !ok {
				t.Fatalf("valid, but no date: %q", date.Value())
			}
		}
		if hhmm, ok := k.Value(); ok && len(hhmm) != 5 {
			t.Fatalf("%q is %q", clock, hhmm)
		}
		for _, field := range form.Fields {
			if _, err := component.HTML(field.Component(c)); err != nil {
				t.Fatal(err)
			}
		}
		form.Summary(c)
	})
}
