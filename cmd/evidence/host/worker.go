package host

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"countersign/cmd/evidence/traffic"
	"countersign/internal/act"
	"countersign/internal/desk"
	"countersign/internal/node"
	"countersign/internal/store"

	"github.com/go-json-experiment/json"
)

// workerVariable hands a job to a process of its own.
const workerVariable = "COUNTERSIGN_EVIDENCE_JOB"

// Worker runs this process as a node if it was started as one. It never returns then.
func Worker() {
	encoded := os.Getenv(workerVariable)
	if encoded == "" {
		return
	}
	raw, err := base64.StdEncoding.DecodeString(encoded)
	var job Job
	if err == nil {
		err = json.Unmarshal(raw, &job)
	}
	if err == nil {
		err = job.run(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stdout, "E", strings.ReplaceAll(err.Error(), "\n", " "))
		os.Exit(1)
	}
	os.Exit(0)
}

// run serves the node and lets officers work until the process is killed. Each acknowledged act is written to
// standard output at once, before anything else happens to the caller.
func (j Job) run(ctx context.Context) error {
	if j.Headless { // it is killed after some fractions of a second: collecting garbage is a third of its work
		debug.SetGCPercent(400)
	}
	n, err := node.New(ctx, node.Config{Authority: j.Authority, Folder: j.Folder, Agreement: Agreement, Peer: PeerOf(j.Authority), PeerURL: j.PeerURL,
		ExchangeListen: j.Exchange, Postgres: j.Postgres, Slot: time.Duration(j.Slot) * time.Millisecond, AtOnce: true, Demo: true, Headless: j.Headless, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))})
	if err != nil {
		return err
	}
	failed := make(chan error, j.Callers+2)
	go func() { failed <- n.Run(ctx) }()
	go watch(failed)
	if j.Bare {
		os.Stdout.WriteString("R\n")
		return <-failed
	}
	office, err := Office(ctx, n, traffic.NewShared(j.Seed, 1))
	if err != nil {
		return err
	}
	office.Acked = say
	office.Idle = func() { time.Sleep(time.Duration(5+office.Random.IntN(10)) * time.Millisecond) }
	os.Stdout.WriteString("R\n")
	if j.Backup != "" {
		go func() { failed <- backups(ctx, n, j.Backup) }()
	}
	office.Refusal = func(reason string) { os.Stdout.WriteString("F " + reason + "\n") }
	for range j.Receipts {
		go func() { failed <- receipts(ctx, n, office) }()
	}
	if j.Callers == 0 && j.Receipts == 0 {
		go settled(n)
	}
	for range j.Callers {
		go func() {
			for {
				if err := office.Step(ctx); err != nil {
					failed <- err
					return
				}
				time.Sleep(time.Duration(office.Random.IntN(3)) * time.Millisecond)
			}
		}()
	}
	return <-failed
}

// receipts sends acts that say nothing and waits for the countersignature of each.
func receipts(ctx context.Context, n *node.Node, o *traffic.Office) error {
	session, padding := o.As("administrator").For("purpose.administration"), strings.Repeat("x", 700)
	for {
		e, err := n.Desk.TestLink(ctx, session, padding)
		if err == nil {
			err = n.Desk.AwaitReceipt(ctx, e.Index)
		}
		if err != nil {
			return err
		}
		say("", []act.Event{e})
	}
}

// backups writes one backup after the other, as the command does: under way, then finished.
func backups(ctx context.Context, n *node.Node, folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for {
		f, err := os.Create(filepath.Join(folder, "under-way"))
		if err != nil {
			return err
		}
		err = n.Store().Export(ctx, f)
		if err == nil {
			err = f.Sync()
		}
		f.Close()
		if err != nil {
			return fmt.Errorf("backup: %w", err)
		}
		if err := os.Rename(f.Name(), filepath.Join(folder, "finished")); err != nil {
			return err
		}
	}
}

// settled says when the peer has countersigned all that is here.
func settled(n *node.Node) {
	for {
		time.Sleep(20 * time.Millisecond)
		own, err := store.FindLog(n.Store(), desk.StreamOrigin(Agreement, n.Authority, n.Peer))
		if err != nil {
			continue
		}
		if h, ok, err := store.NewestCountersigned(n.Store(), own.ID); err == nil && ok && h.Size == own.Size {
			os.Stdout.WriteString("C\n")
		}
	}
}

// watch ends a process whose driver is gone.
func watch(failed chan<- error) {
	io.Copy(io.Discard, os.Stdin)
	failed <- errors.New("the driver is gone")
}

func say(about act.ID, events []act.Event) {
	line := "A " + string(about)
	for _, e := range events {
		line += " " + string(e.ID)
	}
	os.Stdout.WriteString(line + "\n")
}

// Ack is what was acknowledged to an officer.
type Ack struct {
	About act.ID
	Acts  []act.ID
	Joint []act.ID // those of Acts that the peer holds too, where that is known
}

// Process is a node in a process of its own.
type Process struct {
	Job     Job
	command *exec.Cmd
	stderr  bytes.Buffer
	ready   chan struct{}
	settled chan struct{}
	once    sync.Once
	done    chan struct{}

	mu      sync.Mutex
	acks    []Ack
	refused map[string]int
	err     error
}

// Start starts a node.
func Start(job Job) (*Process, error) {
	raw, err := json.Marshal(job)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &Process{Job: job, refused: map[string]int{}, command: exec.Command(self), ready: make(chan struct{}), settled: make(chan struct{}), done: make(chan struct{})}
	p.command.Env = append(os.Environ(), workerVariable+"="+base64.StdEncoding.EncodeToString(raw))
	p.command.Stderr = &p.stderr
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if _, err := p.command.StdinPipe(); err != nil { // held open: the worker ends when we do
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go p.listen(out)
	return p, nil
}

func (p *Process) listen(out io.Reader) {
	defer close(p.done)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		kind, rest, _ := strings.Cut(lines.Text(), " ")
		switch kind {
		case "R":
			close(p.ready)
		case "C":
			p.once.Do(func() { close(p.settled) })
		case "A":
			fields := strings.Fields(rest)
			if len(fields) == 0 {
				continue
			}
			a := Ack{About: act.ID(fields[0])}
			for _, f := range fields[1:] {
				a.Acts = append(a.Acts, act.ID(f))
			}
			p.mu.Lock()
			p.acks = append(p.acks, a)
			p.mu.Unlock()
		case "F":
			p.mu.Lock()
			p.refused[rest]++
			p.mu.Unlock()
		case "E":
			p.mu.Lock()
			p.err = errors.New(rest)
			p.mu.Unlock()
		}
	}
}

// Ready waits until the node serves.
func (p *Process) Ready(timeout time.Duration) error {
	select {
	case <-p.ready:
		return nil
	case <-p.done:
		return fmt.Errorf("%s ended: %w %s", p.Job.Authority, p.failure(), tail(p.stderr.String()))
	case <-time.After(timeout):
		return fmt.Errorf("%s does not serve after %s", p.Job.Authority, timeout)
	}
}

// Settled waits until the peer has countersigned all that the node has.
func (p *Process) Settled(timeout time.Duration) bool {
	select {
	case <-p.settled:
		return true
	case <-p.done:
	case <-time.After(timeout):
	}
	return false
}

func (p *Process) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		return errors.New("no reason given")
	}
	return p.err
}

// Failure is what the process said went wrong; nil when nothing did.
func (p *Process) Failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Await waits until that many acts have been acknowledged since the start, for as long as patience lasts.
func (p *Process) Await(acks int, patience time.Duration) {
	for until := time.Now().Add(patience); p.Count() < acks && time.Now().Before(until); {
		select {
		case <-p.done:
			return
		case <-time.After(time.Millisecond):
		}
	}
}

// Acks returns what was acknowledged so far.
func (p *Process) Acks() []Ack {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Ack(nil), p.acks...)
}

// Count is how many acts were acknowledged so far.
func (p *Process) Count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.acks)
}

// Kill ends the process as SIGKILL does, and waits until everything it said was read.
func (p *Process) Kill() {
	p.command.Process.Kill()
	<-p.done
	p.command.Wait()
}

// Ended is closed when the process is gone.
func (p *Process) Ended() <-chan struct{} { return p.done }

func tail(s string) string {
	if len(s) > 600 {
		return "..." + s[len(s)-600:]
	}
	return s
}

// Freeze stops the process where it is until Thaw.
func (p *Process) Freeze() { p.command.Process.Signal(syscall.SIGSTOP) }

// Thaw lets a frozen process go on.
func (p *Process) Thaw() { p.command.Process.Signal(syscall.SIGCONT) }

// Signal sends SIGKILL without waiting.
func (p *Process) Signal() { p.command.Process.Kill() }

// Resident is the memory that the process holds, in megabytes, as Linux tells it.
func (p *Process) Resident() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(b), "VmRSS:")
	if !ok {
		return 0, errors.New("no resident size is told")
	}
	var kilobytes float64
	_, err = fmt.Sscan(rest, &kilobytes)
	return kilobytes / 1000, err
}

// Refused is how many commands were refused to officers for a reason.
func (p *Process) Refused(reason string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refused[reason]
}
