package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"countersign/cmd/evidence/host"
)

// benchExchange measures acts that are durable at both nodes, signed by the officer, sealed, and countersigned,
// with the countersignature durable at the sender: the caller waits for all of it.
func benchExchange(r *Run) error {
	ctx := context.Background()
	rounds, each, backlog := 5, 3*time.Second, 50_000
	if r.Quick {
		rounds, each, backlog = 3, 700*time.Millisecond, 3_000
	}
	if r.Duration > 0 {
		each = r.Duration / time.Duration(rounds*5)
	}
	bound, err := r.bound(rounds)
	if err != nil {
		return err
	}
	best, err := r.rates(ctx, rounds, each)
	if err == nil && r.wants("work") {
		err = r.work(ctx)
	}
	if err != nil || !r.wants("rest") {
		return err
	}
	if err := r.fsyncs(rounds); err != nil {
		return err
	}
	if err := r.slots(ctx); err != nil {
		return err
	}
	drains := map[time.Duration]float64{}
	for _, delay := range []time.Duration{0, 25 * time.Millisecond} {
		if drains[delay], err = r.drain(ctx, backlog, delay); err != nil {
			return err
		}
	}
	r.Say("not like for like: the field's figures (about 110/s on two 32-core X-Road servers, 300-400/s in bursts on AS4) are of other hardware and other promises; they were not run here")
	r.Figure("%.0f acts/s at 64 callers (p50 %s, p99 %s), %.0f/s with one; %.0f%% of this run's own bound of %.0f/s; backlog of %d drained at %.0f/s, with 50 ms round trip %.0f/s",
		best[64].rate, short(best[64].p50), short(best[64].p99), best[1].rate, 100*best[64].rate/bound, bound, backlog, drains[0], drains[25*time.Millisecond])
	return nil
}

func short(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }

// rates measures interleaved runs: with one, 64 and 256 callers, and the disk's own rate between them.
func (r *Run) rates(ctx context.Context, rounds int, each time.Duration) (map[int]measured, error) {
	p, err := r.openPair(ctx, "rates", link{atOnce: true, slot: 250 * time.Millisecond})
	if err != nil {
		return nil, err
	}
	defer p.Close()
	const applications = -64 // the key of real applications at 64 callers
	var kinds []int
	for _, n := range []int{1, 64, 256, applications} {
		if r.wants(strconv.Itoa(n)) {
			kinds = append(kinds, n)
		}
	}
	rate, p50, p99, work, count := map[int][]float64{}, map[int][]float64{}, map[int][]float64{}, map[int][]float64{}, map[int]int{}
	var disk []float64
	note := func(k int, m measured) {
		rate[k], p50[k], p99[k] = append(rate[k], m.rate), append(p50[k], m.p50.Seconds()), append(p99[k], m.p99.Seconds())
		work[k] = append(work[k], m.work.Seconds())
		count[k] += m.acts
	}
	for range rounds {
		d, err := diskRate(r.Folder, each/4)
		if err != nil {
			return nil, err
		}
		disk = append(disk, d)
		for _, n := range kinds {
			if n == applications {
				continue
			}
			m, err := p.callers(ctx, n, each, p.test())
			if err != nil {
				return nil, fmt.Errorf("%d callers: %w", n, err)
			}
			note(n, m)
		}
		if !slices.Contains(kinds, applications) {
			continue
		}
		w, err := p.applications(ctx, int(each.Seconds()*1500))
		if err != nil {
			return nil, err
		}
		m, err := p.callers(ctx, 64, each, w)
		if err != nil {
			return nil, fmt.Errorf("applications: %w", err)
		}
		note(applications, m)
	}
	mid, low, high := median(disk)
	r.Say("disk: %.0f/s writes of 4 KiB with fdatasync (median of %d, %.0f-%.0f)", mid, rounds, low, high)
	out := map[int]measured{}
	for _, n := range kinds {
		mid, low, high := median(rate[n])
		mid50, _, _ := median(p50[n])
		mid99, _, worst := median(p99[n])
		work50, _, _ := median(work[n])
		what := fmt.Sprintf("%3d callers, acts of 1 KiB", n)
		if n == applications {
			what = " 64 callers, real applications with their cases"
		}
		r.Say("%s: %.0f/s (median of %d, %.0f-%.0f), p50 %.1f ms, p99 %.1f ms (worst run %.1f), %.0f us of processor time an act, %d acts", what, mid, rounds, low, high,
			mid50*1e3, mid99*1e3, worst*1e3, work50*1e6, count[n])
		out[n] = measured{acts: count[n], rate: mid, p50: time.Duration(mid50 * 1e9), p99: time.Duration(mid99 * 1e9)}
		if count[n] < 50 {
			return nil, fmt.Errorf("too few acts to say anything: %s", what)
		}
	}
	return out, nil
}

// diskRate is how often this disk takes 4 KiB durably.
func diskRate(folder string, d time.Duration) (float64, error) {
	f, err := os.Create(filepath.Join(folder, "baseline"))
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := make([]byte, 4096)
	n, began := 0, time.Now()
	for time.Since(began) < d {
		if _, err := f.Write(page); err != nil {
			return 0, err
		}
		if err := datasync(f); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

// slots measures what fixed push slots add to a caller's wait, which is the price of their silence.
func (r *Run) slots(ctx context.Context) error {
	slots := []time.Duration{200 * time.Millisecond, time.Second}
	if r.Quick {
		slots = slots[:1]
	}
	for _, slot := range slots {
		p, err := r.openPair(ctx, "slots-"+slot.String(), link{slot: slot})
		if err != nil {
			return err
		}
		m, err := p.callers(ctx, 8, 4*slot, func(ctx context.Context) (int64, error) {
			time.Sleep(time.Duration(p.offices[host.GB].Random.IntN(int(slot/time.Millisecond))) * time.Millisecond) // people come at any time
			return p.test()(ctx)
		})
		p.Close()
		if err != nil {
			return err
		}
		r.Say("fixed slots of %s: %d acts; the wait includes up to one random slot before the act is made: p50 %s, p99 %s", slot, m.acts, short(m.p50), short(m.p99))
	}
	return nil
}

// drain measures how fast a backlog leaves after an outage, until its last act is countersigned here.
func (r *Run) drain(ctx context.Context, backlog int, delay time.Duration) (float64, error) {
	p, err := r.openPair(ctx, "drain-"+delay.String(), link{atOnce: false, slot: 200 * time.Millisecond, apart: true})
	if err != nil {
		return 0, err
	}
	defer p.Close()
	began := time.Now()
	last, err := p.pile(ctx, backlog)
	if err != nil {
		return 0, err
	}
	accepted := float64(backlog) / time.Since(began).Seconds()
	if err := p.join(link{delay: delay}); err != nil {
		return 0, err
	}
	began = time.Now()
	if _, err := p.nodes[host.GB].Push(ctx); err != nil { // the healing is noticed now, not after a backoff
		return 0, err
	}
	if err := p.nodes[host.GB].Desk.AwaitReceipt(ctx, last); err != nil {
		return 0, err
	}
	took := time.Since(began)
	r.Say("backlog of %d acts, %s each way: accepted at %.0f/s with the peer away, drained in %s", backlog, delay, accepted, took.Round(time.Millisecond))
	return float64(backlog) / took.Seconds(), nil
}
