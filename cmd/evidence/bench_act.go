package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"countersign/cmd/evidence/host"
	"countersign/internal/casework"
)

// benchAct measures one official act through the desk, authorised, decided, signed, sealed and durable: how long
// an officer waits, how fast a node starts, what it needs when idle, and how large the program is.
func benchAct(r *Run) error {
	ctx := context.Background()
	p, err := r.openPair(ctx, "act", link{slot: time.Second})
	if err != nil {
		return err
	}
	cases := 150
	if !r.Quick {
		cases = 1500
	}
	opened, attested, sent, err := p.eachAct(ctx, cases)
	p.Close()
	if err != nil {
		return err
	}
	for _, m := range []struct {
		what string
		m    measured
	}{{"open a case (two acts)", opened}, {"attest gates", attested}, {"send an application (joint act)", sent}} {
		r.Say("one officer, %-32s %d acts, p50 %.2f ms, p99 %.2f ms", m.what+":", m.m.acts, ms(m.m.p50), ms(m.m.p99))
	}
	start, memory, err := r.starts(5)
	if err != nil {
		return err
	}
	size, err := r.programSize()
	if err != nil {
		return err
	}
	r.Figure("an official act through the desk: p50 %.2f ms, p99 %.2f ms; start to serving %.0f ms; idle %.0f MB resident; program %.1f MB", ms(sent.p50), ms(sent.p99), start*1e3, memory, size)
	return nil
}

func ms(d time.Duration) float64 { return d.Seconds() * 1e3 }

// eachAct lets one officer open cases, attest, and send applications, and notes each wait.
func (p *pair) eachAct(ctx context.Context, cases int) (opened, attested, sent measured, err error) {
	o := p.offices[host.GB]
	var opens, attests, sends []time.Duration
	began := time.Now()
	for range cases {
		at := time.Now()
		id, err := o.Open(ctx)
		if err != nil {
			return opened, attested, sent, err
		}
		opens = append(opens, time.Since(at))
		at, n := time.Now(), o.Tally().Done
		if err := o.Attest(ctx, id, casework.StepRequest, "request"); err != nil {
			return opened, attested, sent, err
		}
		if done := o.Tally().Done - n; done > 0 {
			attests = append(attests, time.Since(at)/time.Duration(done))
		}
		at = time.Now()
		if ok, err := o.Apply(ctx, id); err != nil || !ok {
			return opened, attested, sent, fmt.Errorf("an application did not leave (%v): %v", err, o.Tally().Refused)
		}
		sends = append(sends, time.Since(at))
	}
	d := time.Since(began)
	return summarise(opens, d), summarise(attests, d), summarise(sends, d), nil
}

// starts measures how long a node's process takes to serve, and what it holds in memory a second later.
func (r *Run) starts(times int) (seconds, megabytes float64, err error) {
	g, err := newRig(&Run{Name: r.Name, Seed: r.Seed, Folder: filepath.Join(r.Folder, "start"), out: r.out}, false)
	if err != nil {
		return 0, 0, err
	}
	defer g.stop()
	if err := g.begin(g.fresh); err != nil {
		return 0, 0, err
	}
	var all, resident []float64
	for range times {
		began := time.Now()
		if err := g.start(g.job(host.GB, 0), 0); err != nil {
			return 0, 0, err
		}
		if !g.ready() {
			return 0, 0, fmt.Errorf("the node does not start")
		}
		all = append(all, time.Since(began).Seconds())
		time.Sleep(time.Second)
		if m, err := g.processes[host.GB].Resident(); err == nil {
			resident = append(resident, m)
		}
		g.kill(host.GB)
	}
	mid, low, high := median(all)
	memory, _, _ := median(resident)
	r.Say("start to serving: %.0f ms (median of %d, %.0f-%.0f); resident a second later: %.0f MB", mid*1e3, times, low*1e3, high*1e3, memory)
	return mid, memory, nil
}

// programSize builds the program as it is delivered.
func (r *Run) programSize() (float64, error) {
	root, err := moduleRoot()
	if err != nil {
		return 0, err
	}
	program := filepath.Join(r.Folder, "countersign")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./cmd/countersign")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build: %w\n%s", err, strings.TrimSpace(string(out)))
	}
	info, err := os.Stat(program)
	if err != nil {
		return 0, err
	}
	r.Say("program: %.1f MB for %s/%s, without debug information", float64(info.Size())/1e6, runtime.GOOS, runtime.GOARCH)
	return float64(info.Size()) / 1e6, nil
}
