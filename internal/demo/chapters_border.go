package demo

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"countersign/internal/store"
)

// crossings: a measure over a day of invented travellers at three crossing points, one of whose lanes is cut off for
// two hours. What it decided arrives once, and both states hold the same totals of it.
func (s *Story) crossings(ctx context.Context) error {
	day := s.Clock.Now().In(zone("Europe/Tirane")).AddDate(0, 0, 1)
	morning := time.Date(day.Year(), day.Month(), day.Day(), 7, 0, 0, 0, day.Location())
	s.Clock.Set(morning.Add(-time.Hour).UTC())
	c, err := s.checkpoint()
	if err != nil {
		return err
	}
	evening := morning.Add(10 * time.Hour)
	if err := c.prepare(ctx, evening); err != nil {
		return err
	}
	if err := c.day(ctx, morning.UTC(), evening.UTC()); err != nil {
		return err
	}
	if err := c.confirm(ctx); err != nil {
		return err
	}
	return c.totals(ctx, morning.Format(time.DateOnly))
}

// prepare takes the signed list into use, the measure to the three crossing points, and a key to each lane.
func (c *checkpoint) prepare(ctx context.Context, evening time.Time) error {
	supervisor, err := c.Browser(c.AL, "supervisor")
	if err != nil {
		return err
	}
	if _, err := supervisor.Upload("/border/lists", "/border/lists", "wanted.alerts", c.list); err != nil {
		return err
	}
	_, err = supervisor.Upload("/border/lists", "/border/lists", "wanted.alerts", c.damaged)
	c.Story.refused(err, "fault.border.snapshot-body", "story.border.damaged")
	answers := url.Values{"measure": {string(c.measure)}, "rulebook": {"al-exit"}, "points": dayPoints}
	putDay(answers, "from", c.Clock.Now().In(c.zone).Format(time.DateOnly))
	putDay(answers, "until", evening.Format(time.DateOnly))
	if _, err := supervisor.Fill("/border/measures/new", "/border/measures/new", answers); err != nil {
		return err
	}
	register, covered, _, err := c.desk.Register(c.AL.As("supervisor").For("purpose.taskforce"), c.Clock.Now())
	if err != nil {
		return err
	}
	points := 0
	for _, k := range covered {
		points += k.Covered
	}
	c.check(points == len(dayPoints) && !register.Complete, "story.border.active", "count", strconv.Itoa(points), "known", strconv.Itoa(len(register.Points)))
	return c.open()
}

// day lets everybody through, one after the other, and delivers what is queued every half hour.
func (c *checkpoint) day(ctx context.Context, from, until time.Time) error {
	step := until.Sub(from) / dayTravellers
	cut, back := from.Add(3*time.Hour), from.Add(5*time.Hour)
	next := from.Add(30 * time.Minute)
	for i := range dayTravellers {
		at := from.Add(time.Duration(i) * step).Truncate(time.Millisecond)
		if at.After(next) {
			c.Clock.Set(at.Add(10 * time.Minute)) // the second line takes its time
			for k, l := range c.lanes {
				if k == 0 && !at.Before(cut) && at.Before(back) { // the link of the first lane is down
					continue
				}
				if err := c.deliver(ctx, l); err != nil {
					return err
				}
			}
			next = next.Add(30 * time.Minute)
		}
		if err := c.traveller(c.lanes[c.chance.IntN(len(c.lanes))], at); err != nil {
			return err
		}
	}
	c.Clock.Set(until.Add(10 * time.Minute))
	entries, again := uint64(0), 0
	for _, l := range c.lanes {
		if err := c.deliver(ctx, l); err != nil {
			return err
		}
		n, err := c.desk.ProveLane(l.name())
		if err != nil {
			return err
		}
		entries, again = entries+n, again+l.again
		if n != l.queue.Next-1 {
			entries = 0
		}
	}
	c.did("story.border.cut", "count", strconv.Itoa(c.lanes[0].longest))
	c.check(entries > dayTravellers && again > 0, "story.border.once", "count", c.words.Number(int64(entries)), "again", c.words.Number(int64(again)))
	return nil
}

func (l *dayLane) name() string {
	for i, p := range dayPoints {
		if p == l.point {
			return p + "-" + strconv.Itoa(i+1)
		}
	}
	return l.point
}

// confirm: a second officer in another role confirms the refusals that officers at the lanes proposed.
func (c *checkpoint) confirm(ctx context.Context) error {
	if len(c.refused) == 0 {
		return nil
	}
	c.Story.refused(c.desk.ConfirmRefusal(ctx, c.AL.As("border-officer").For("purpose.border"), c.refused[0], true, true), "fault.access.denied", "story.border.alone")
	supervisor, err := c.Browser(c.AL, "supervisor")
	if err != nil {
		return err
	}
	for _, check := range c.refused {
		page := "/border/checks/" + string(check)
		if _, err := supervisor.Fill(page, page+"/confirm", url.Values{"given": {"copy", "complaint"}}); err != nil {
			return err
		}
	}
	c.did("story.border.refused", "count", strconv.Itoa(len(c.refused)))
	return nil
}

// totals closes the lanes, counts the day and gives both states the same figures.
func (c *checkpoint) totals(ctx context.Context, day string) error {
	supervisor := c.AL.As("supervisor").For("purpose.taskforce")
	if err := c.closeLanes(day); err != nil {
		return err
	}
	counts, err := c.desk.MeasureDay(ctx, supervisor, c.measure, day)
	if err != nil {
		return err
	}
	by, all := map[string]int{}, 0
	for k, n := range counts.Checks {
		by[k.Decision] += n
		all += n
	}
	right := all == dayTravellers
	for _, d := range []string{"allow", "second-line", "refuse"} {
		right = right && by[d] == c.tally[d]
	}
	c.check(right, "story.border.counted", "all", c.words.Number(int64(all)), "allowed", c.words.Number(int64(by["allow"])), "second", c.words.Number(int64(by["second-line"])), "refused", c.words.Number(int64(by["refuse"])))
	if err := c.share(day); err != nil {
		return err
	}
	if err := c.Slot(ctx); err != nil {
		return err
	}
	there, err := store.CountsOf(c.GB.Desk.Store, c.measure)
	if err != nil {
		return err
	}
	here, err := c.desk.SharedCounts(supervisor, c.measure)
	if err != nil {
		return err
	}
	c.check(len(there) == 1 && len(here) == 1 && there[0].Body == here[0].Body, "story.border.shared")
	nobody, err := store.ChecksOf(c.GB.Desk.Store, c.measure, time.Time{}, c.Clock.Now())
	if err != nil {
		return err
	}
	c.check(len(nobody) == 0, "story.border.nobody")
	return nil
}

// closeLanes tells of each lane which entry was its last of the day.
func (c *checkpoint) closeLanes(day string) error {
	supervisor, err := c.Browser(c.AL, "supervisor")
	if err != nil {
		return err
	}
	for _, l := range c.lanes {
		answers := url.Values{"closing": {l.name()}, "last": {l.queue.Prev}}
		putDay(answers, "day", day)
		if _, err := supervisor.Fill("/border/lanes", "/border/lanes/close", answers); err != nil {
			return err
		}
	}
	return nil
}

// share gives both states the totals of the day, by whoever accounts for the measure.
func (c *checkpoint) share(day string) error {
	page := "/border/measures/" + string(c.measure) + "/" + day
	v, err := c.Browser(c.AL, "supervisor")
	if err != nil {
		return err
	}
	_, err = v.Fill(page, page, nil)
	return err
}
