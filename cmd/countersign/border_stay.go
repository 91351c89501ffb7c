package main

import (
	"fmt"
	"os"

	"countersign/internal/border/stay"

	"github.com/go-json-experiment/json"
)

// borderStayCmd counts days.
type borderStayCmd struct {
	History string `help:"CSV file with the columns entry,exit (2006-01-02; an empty exit means still there) and optionally counts (yes, no) and id, where the file is about several people; or JSON: an array of objects with these members." required:"" type:"existingfile" placeholder:"FILE"`
	On      string `help:"Day of the count, 2006-01-02." required:"" placeholder:"DATE"`
	Days    int    `help:"Days allowed." default:"90"`
	Window  int    `help:"Days of the window." default:"180"`
	JSON    bool   `name:"json" help:"As JSON."`
}

// Run prints the exact count and the two dates that follow from it.
func (c *borderStayCmd) Run(a *app) error {
	on, err := stay.Parse(c.On)
	if err != nil {
		return err
	}
	f, err := os.Open(c.History)
	if err != nil {
		return err
	}
	defer f.Close()
	all, err := stay.ReadHistories(f)
	if err != nil {
		return err
	}
	if len(all) == 0 { // nobody was ever there
		all = []stay.History{{}}
	}
	for _, h := range all {
		r, err := stay.Count(stay.Rule{Days: c.Days, Window: c.Window}, h.Stays, on)
		if err != nil {
			return err
		}
		if h.ID != "" && !c.JSON {
			fmt.Fprintln(a.out, h.ID)
		}
		if err := c.print(a, h.ID, &r); err != nil {
			return err
		}
	}
	return nil
}

func (c *borderStayCmd) print(a *app, id string, r *stay.Result) error {
	day := func(d stay.Day) string {
		if d == 0 {
			return ""
		}
		return d.String()
	}
	if c.JSON {
		b, err := json.Marshal(struct {
			ID              string `json:"id,omitzero"`
			On              string `json:"on"`
			Used            int    `json:"used"`
			Left            int    `json:"left"`
			Present         bool   `json:"present"`
			LawfulToday     bool   `json:"lawful_today"`
			Overstay        int    `json:"overstay_days"`
			FirstOver       string `json:"first_overstay_day"`
			LatestDeparture string `json:"latest_lawful_departure"`
			MayStay         int    `json:"may_stay_days"` // from the day of the count on, that day among them
			EarliestEntry   string `json:"earliest_lawful_entry"`
			EntryUntil      string `json:"then_until"`
		}{id, day(r.On), r.Used, r.Left, r.Present, r.LatestDeparture != 0, r.Overstay, day(r.FirstOver), day(r.LatestDeparture), mayStay(r), day(r.EarliestEntry), day(r.EntryUntil)})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.out, "%s\n", b)
		return err
	}
	fmt.Fprintln(a.out, a.words.Text("border.cli.stay", "used", fmt.Sprint(r.Used), "days", fmt.Sprint(c.Days), "left", fmt.Sprint(r.Left)))
	if r.LatestDeparture != 0 {
		fmt.Fprintln(a.out, a.words.Text("border.cli.until", "date", day(r.LatestDeparture)))
	} else {
		fmt.Fprintln(a.out, a.words.Text("border.cli.not-today", "date", day(r.On)))
	}
	fmt.Fprintln(a.out, a.words.Text("border.cli.entry", "date", day(r.EarliestEntry), "until", day(r.EntryUntil)))
	if r.Overstay > 0 {
		fmt.Fprintln(a.out, a.words.Text("border.cli.overstay", "count", fmt.Sprint(r.Overstay), "date", day(r.FirstOver)))
	}
	return nil
}

// mayStay is how many days, with the day of the count, somebody who is there then may stay without a break.
func mayStay(r *stay.Result) int {
	if r.LatestDeparture == 0 {
		return 0
	}
	return int(r.LatestDeparture-r.On) + 1
}

func readHistory(name string) ([]stay.Stay, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return stay.ReadHistory(f)
}
