// Package lossy is a small file system that forgets what was not synced, as a disk does when the power goes.
// It lives in memory and is mounted through FUSE, so that the unchanged product runs on it.
//
// What survives a cut: the contents of a file as of its last fsync, and the names in a folder as of the
// folder's last fsync. That is the least POSIX promises; most disks keep more, which Half imitates.
package lossy

import (
	"math/rand/v2"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Loss says what becomes of writes that were not synced when the power goes.
type Loss int

const (
	Nothing Loss = iota // the process is killed, the machine goes on
	All                 // all of them are gone
	Half                // each write is kept, torn or gone, by chance
)

func (l Loss) String() string {
	return [...]string{"kill -9", "power cut", "power cut, random half kept"}[l]
}

// change is one write or truncation that was not synced yet.
type change struct {
	off  int64
	data []byte // nil: truncate to off
}

type file struct {
	live, synced []byte
	pending      []change
}

func (f *file) apply(b []byte, c change) []byte {
	end := c.off + int64(len(c.data))
	if c.data == nil && end < int64(len(b)) {
		return b[:end]
	}
	if end > int64(len(b)) {
		b = append(b, make([]byte, end-int64(len(b)))...)
	}
	copy(b[c.off:], c.data)
	return b
}

func (f *file) change(c change) {
	f.live = f.apply(f.live, c)
	f.pending = append(f.pending, c)
}

func (f *file) sync() {
	for _, c := range f.pending {
		f.synced = f.apply(f.synced, c)
	}
	f.pending = nil
}

// Counts is what the disk was asked to do.
type Counts struct{ Writes, Bytes, Syncs int64 }

// Disk is the contents of one folder.
type Disk struct {
	mu      sync.Mutex
	names   map[string]*file
	durable map[string]*file // as of the folder's last fsync
	counts  Counts
	limit   int64 // bytes; 0: none
	slow    time.Duration

	armed int    // operations until the trigger; 0: not armed
	only  string // phase that counts
	dead  bool
	phase string
	fired chan struct{}
}

// NewDisk makes a disk with files that are durable.
func NewDisk(files map[string][]byte) *Disk {
	d := &Disk{names: map[string]*file{}, durable: map[string]*file{}, fired: make(chan struct{})}
	for name, b := range files {
		f := &file{live: append([]byte(nil), b...), synced: append([]byte(nil), b...)}
		d.names[name], d.durable[name] = f, f
	}
	return d
}

// Arm stops the disk at the n-th changing operation from now, counting only those of a phase unless it is
// empty: that operation and all later ones fail.
func (d *Disk) Arm(phase string, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.armed, d.only = n, phase
}

// Cut stops the disk now.
func (d *Disk) Cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stop("between operations")
}

func (d *Disk) stop(phase string) {
	if !d.dead {
		d.dead, d.phase = true, phase
		close(d.fired)
	}
}

// Fired is closed when the disk has stopped; Phase then says in which operation.
func (d *Disk) Fired() <-chan struct{} { return d.fired }

// Phase is the operation at which the disk stopped.
func (d *Disk) Phase() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.phase
}

// Counts returns what was done so far.
func (d *Disk) Counts() Counts {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.counts
}

// Limit sets how many bytes all files together may have; 0 means no limit.
func (d *Disk) Limit(bytes int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.limit = bytes
}

// Slow makes each sync take a time, as on a real disk.
func (d *Disk) Slow(each time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.slow = each
}

func (d *Disk) syncTime() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.slow
}

// Used is the size of all files.
func (d *Disk) Used() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.used()
}

func (d *Disk) used() (n int64) {
	for name, f := range d.names {
		if !strings.HasSuffix(name, "-shm") {
			n += int64(len(f.live))
		}
	}
	return n
}

// operation counts one changing operation and tells whether the disk still works. The lock is held.
func (d *Disk) operation(phase, name string) syscall.Errno {
	if d.dead {
		return syscall.EIO
	}
	if strings.HasSuffix(name, "-shm") {
		return 0 // shared memory, not data
	}
	if phase += " " + short(name); d.armed > 0 && (d.only == "" || d.only == phase) {
		if d.armed--; d.armed == 0 {
			d.stop(phase)
			return syscall.EIO
		}
	}
	return 0
}

func short(name string) string {
	switch {
	case strings.HasSuffix(name, "-wal"):
		return "log"
	case strings.HasSuffix(name, "-journal"):
		return "journal"
	case strings.HasSuffix(name, ".db"):
		return "database"
	case name == "":
		return "folder"
	}
	return "other file"
}

// After returns the disk as the next start finds it.
func (d *Disk) After(loss Loss, random *rand.Rand) *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := d.durable
	if loss == Nothing || loss == Half && random.IntN(2) == 0 {
		names = d.names
	}
	files := map[string][]byte{}
	for name, f := range names {
		files[name] = f.after(loss, random)
	}
	return NewDisk(files)
}

// Files copies what is on the disk now, synced or not.
func (d *Disk) Files() map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	files := map[string][]byte{}
	for name, f := range d.names {
		files[name] = append([]byte(nil), f.live...)
	}
	return files
}

const sector = 512

func (f *file) after(loss Loss, random *rand.Rand) []byte {
	switch loss {
	case Nothing:
		return f.live
	case All:
		return f.synced
	}
	b := append([]byte(nil), f.synced...)
	for _, c := range f.pending {
		switch random.IntN(4) {
		case 0: // torn: only whole sectors from the front arrived
			if n := len(c.data) / sector; n > 1 {
				b = f.apply(b, change{c.off, c.data[:(1+random.IntN(n-1))*sector]})
			}
		case 1:
		default:
			b = f.apply(b, c)
		}
	}
	return b
}
