package lane

import "time"

// skew is how far the clocks of lane and node may differ.
const skew = 2 * time.Minute

// Clock compares the wall clock with the time that has really passed since the lane started. A wall clock
// that was set forward would make lists look old, one that was set back would make old lists look fresh.
type Clock struct {
	wall    time.Time
	elapsed time.Duration
}

// Jump is a difference between the two, positive when the wall clock went ahead.
type Jump struct{ By time.Duration }

// Noticed tells whether the jump is more than drift.
func (j Jump) Noticed() bool { return j.By > skew || j.By < -skew }

// StartClock notes both clocks. elapsed is any monotonic reading.
func StartClock(wall time.Time, elapsed time.Duration) *Clock { return &Clock{wall, elapsed} }

// Check compares both clocks now with both at the start. A jump stays noticed until the clock is started
// again, which an officer does after setting the time.
func (c *Clock) Check(wall time.Time, elapsed time.Duration) Jump {
	return Jump{wall.Sub(c.wall) - (elapsed - c.elapsed)}
}

// Now is the time that the lane goes by: the wall clock at the start and what has really passed since.
func (c *Clock) Now(elapsed time.Duration) time.Time { return c.wall.Add(elapsed - c.elapsed) }
