package console

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"countersign/internal/act"
	"countersign/internal/border/lane"
	"countersign/internal/fault"
	"time"

	"github.com/go-json-experiment/json"
)

// journal is the lane's queue on disk: an entry counts as decided only once it is on the disk. Decisions that
// come at the same time share one sync.
type journal struct {
	mu     sync.Mutex
	queue  *lane.Queue
	file   *os.File
	folder string
	wrote  int64 // entries written
	broken error // a disk that failed once is not trusted again before a restart

	syncing sync.Mutex
	synced  int64
}

// position is how far the node has taken the lane's log in.
type position struct {
	Seq  uint64 `json:"seq"`
	Prev string `json:"prev"`
}

const (
	queueFile     = "queue.jsonl"
	deliveredFile = "delivered.json"
)

// openJournal reads the queue again after a stop. A last line that was cut off by a power cut was never
// acknowledged to the officer and is dropped; anything else that does not fit refuses to start.
func openJournal(folder string, open func(next uint64, prev string) *lane.Queue) (*journal, error) {
	var at position
	b, err := os.ReadFile(filepath.Join(folder, deliveredFile))
	if err == nil {
		err = json.Unmarshal(b, &at, json.RejectUnknownMembers(true))
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.Invalid, "fault.console.queue", "line", deliveredFile).Because(err)
	}
	j := &journal{folder: folder}
	if j.file, err = os.OpenFile(filepath.Join(folder, queueFile), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, err
	}
	content, err := io.ReadAll(j.file)
	if err != nil {
		return nil, err
	}
	whole := bytes.LastIndexByte(content, '\n') + 1
	if err := errors.Join(j.file.Truncate(int64(whole)), seekEnd(j.file)); err != nil {
		return nil, err
	}
	next, prev := at.Seq+1, at.Prev
	var pending []lane.Entry
	for n, line := range bytes.Split(bytes.TrimSuffix(content[:whole], []byte("\n")), []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		var e lane.Entry
		if err := json.Unmarshal(line, &e, json.RejectUnknownMembers(true)); err != nil {
			return nil, fault.New(fault.Invalid, "fault.console.queue", "line", fmt.Sprint(n+1)).Because(err)
		}
		if e.Seq <= at.Seq { // delivered before the file was emptied
			continue
		}
		hash, err := e.Hash()
		if err != nil || e.Seq != next || e.Prev != prev {
			return nil, fault.New(fault.Invalid, "fault.console.queue", "line", fmt.Sprint(n+1)).Because(err)
		}
		pending, next, prev = append(pending, e), e.Seq+1, hash
	}
	j.queue = open(next, prev)
	j.queue.Pending = pending
	return j, nil
}

func seekEnd(f *os.File) error {
	_, err := f.Seek(0, io.SeekEnd)
	return err
}

// add signs one decision and returns once it is on the disk.
func (j *journal) add(st act.Statement, now time.Time) error {
	n, err := j.write(st, now)
	if err != nil {
		return err
	}
	return j.sync(n)
}

func (j *journal) write(st act.Statement, now time.Time) (int64, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		return 0, fault.New(fault.Unavailable, "fault.console.disk").Because(j.broken)
	}
	e, err := j.queue.Append(st, now)
	if err != nil {
		return 0, err
	}
	b, err := json.Marshal(e)
	if err == nil {
		_, err = j.file.Write(append(b, '\n'))
	}
	if err != nil {
		j.broken = err
		return 0, fault.New(fault.Unavailable, "fault.console.disk").Because(err)
	}
	j.wrote++
	return j.wrote, nil
}

// sync makes everything up to entry n durable. Whoever waits meanwhile finds it done.
func (j *journal) sync(n int64) error {
	j.syncing.Lock()
	defer j.syncing.Unlock()
	if j.synced >= n {
		return nil
	}
	j.mu.Lock()
	upTo := j.wrote
	j.mu.Unlock()
	if err := j.file.Sync(); err != nil {
		j.mu.Lock()
		j.broken = err
		j.mu.Unlock()
		return fault.New(fault.Unavailable, "fault.console.disk").Because(err)
	}
	j.synced = upTo
	return nil
}

// pending is a copy of what waits, at most n entries.
func (j *journal) pending(n int) []lane.Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]lane.Entry(nil), j.queue.Pending[:min(n, len(j.queue.Pending))]...)
}

// last is the hash of the newest entry.
func (j *journal) last() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.queue.Prev
}

func (j *journal) waiting() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.queue.Pending)
}

// acknowledge notes what the node holds durably. The file is emptied once nothing waits; until then entries that
// were delivered are skipped when it is read again.
func (j *journal) acknowledge(at lane.Position) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.queue.Acknowledge(at.Seq)
	b, err := json.Marshal(position{at.Seq, at.Prev})
	if err != nil {
		return err
	}
	if err := replace(filepath.Join(j.folder, deliveredFile), b); err != nil {
		return err
	}
	if len(j.queue.Pending) > 0 {
		return nil
	}
	return errors.Join(j.file.Truncate(0), seekEnd(j.file), j.file.Sync())
}

// replace puts a file in its place only when it is whole on the disk.
func replace(name string, content []byte) error {
	f, err := os.OpenFile(name+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(name+".part", name); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
