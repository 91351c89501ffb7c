package words

import (
	"testing"
	"time"
	_ "time/tzdata"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
	"pgregory.net/rapid"
)

func load(t testing.TB) (en, sq *Catalogue) {
	t.Helper()
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return all[English], all[Albanian]
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDates(t *testing.T) {
	en, sq := load(t)
	// One instant is two legal days: 23:30 in London is past midnight in Tirana (pain K20).
	instant := time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC)
	london, tirana := instant.In(zone(t, "Europe/London")), instant.In(zone(t, "Europe/Tirane"))
	summer := time.Date(2026, 7, 1, 8, 5, 0, 0, time.UTC).In(zone(t, "Europe/London"))
	for _, test := range []struct{ got, want string }{
		{en.Date(london), "23\u00a0November 2026"},
		{sq.Date(tirana), "24\u00a0nëntor 2026"},
		{en.Short(london), "23\u00a0Nov\u00a02026"},
		{sq.Short(tirana), "24\u00a0nën\u00a02026"},
		{en.Weekday(london), "Monday 23\u00a0November 2026"},
		{sq.Weekday(tirana), "e martë, 24\u00a0nëntor 2026"},
		{en.Moment(london), "23\u00a0November 2026, 23:30 (UK time)"},
		{sq.Moment(tirana), "24\u00a0nëntor 2026, ora 00:30 (ora e Tiranës)"},
		{en.Moment(summer), "1\u00a0July 2026, 09:05 (UK time)"},
		{en.Moment(instant.In(time.FixedZone("x", 3*3600))), "24\u00a0November 2026, 02:30 (UTC+03:00)"},
		{en.Day("1990-05-07"), "7\u00a0May 1990"},
		{en.Day("1990-05"), "May 1990"},
		{sq.Day("1990-05"), "maj 1990"},
		{en.Day("1990"), "1990"},
		{en.Day("1990-02-31"), "1990-02-31"},
		{en.Day(""), ""},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	en, sq := load(t)
	for _, test := range []struct{ got, want string }{
		{en.Number(1234567), "1,234,567"},
		{sq.Number(1234567), "1\u00a0234\u00a0567"},
		{en.Number(-999), "-999"},
		{en.Decimal(0.5, 0), "1"},
		{en.Decimal(-0.25, 1), "-0.3"},
		{sq.Decimal(1234.56, 1), "1\u00a0234,6"},
		{en.Percent(0.625, 1), "62.5%"},
		{sq.Percent(0.625, 1), "62,5%"},
		{en.Count("words.days", 1), "1 day"},
		{en.Count("words.days", 41000), "41,000 days"},
		{sq.Count("words.minutes", 2), "2 minuta"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

// Our few lines write numbers as the Unicode tables of golang.org/x/text do.
func TestNumbersAgreeWithCLDR(t *testing.T) {
	en, sq := load(t)
	peer := map[*Catalogue]*message.Printer{en: message.NewPrinter(language.English), sq: message.NewPrinter(language.Albanian)}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1e12, 1e12).Draw(t, "n")
		for c, p := range peer {
			if got, want := c.Number(n), p.Sprint(number.Decimal(n)); got != want {
				t.Fatalf("%s: %d: got %q, want %q", c.Lang, n, got, want)
			}
		}
	})
}

func TestDurations(t *testing.T) {
	en, sq := load(t)
	today := time.Date(2026, 3, 29, 23, 0, 0, 0, zone(t, "Europe/London")) // the night the clocks change
	for _, test := range []struct{ got, want string }{
		{en.Duration(76 * time.Hour), "3 days 4 hours"},
		{en.Duration(time.Hour), "1 hour"},
		{sq.Duration(125 * time.Minute), "2 orë 5 minuta"},
		{en.Duration(0), "0 seconds"},
		{en.Duration(-90 * time.Second), "1 minute 30 seconds"},
		{en.Distance(today, today), "today"},
		{en.Distance(today.AddDate(0, 0, 1), today), "tomorrow"},
		{sq.Distance(today.AddDate(0, 0, -1), today), "dje"},
		{en.Distance(today.AddDate(0, 0, 25), today), "in 25 days"},
		{sq.Distance(today.AddDate(0, 0, -3), today), "para 3 ditësh"},
		{en.List([]string{"a", "b", "c"}), "a, b and c"},
		{sq.List([]string{"a", "b"}), "a dhe b"},
		{en.List(nil), ""},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}
