package lossy

import (
	"context"
	"sort"
	"sync"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// Mounted is a disk at a place.
type Mounted struct {
	*Disk
	server *fuse.Server
}

// Mount puts the disk at a folder. It needs /dev/fuse and the right to mount.
func Mount(folder string, d *Disk) (*Mounted, error) {
	r := &root{disk: d}
	server, err := fs.Mount(folder, r, &fs.Options{MountOptions: fuse.MountOptions{DirectMountStrict: true, FsName: "lossy", Name: "lossy",
		DisableXAttrs: true, DisableReadDirPlus: true, MaxWrite: 1 << 20}})
	if err != nil {
		return nil, err
	}
	return &Mounted{d, server}, nil
}

// Unmount takes the disk away, also when a dying process still holds it.
func (m *Mounted) Unmount(folder string) error {
	if err := m.server.Unmount(); err == nil {
		return nil
	}
	return syscall.Unmount(folder, syscall.MNT_DETACH|syscall.MNT_FORCE)
}

// root is the one folder.
type root struct {
	fs.Inode
	disk *Disk
}

// node is one file under the name it was opened by.
type node struct {
	fs.Inode
	disk *Disk
	file *file
	mu   sync.Mutex
	name string
}

func (n *node) called() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.name
}

var (
	_ fs.NodeLookuper       = (*root)(nil)
	_ fs.NodeCreater        = (*root)(nil)
	_ fs.NodeUnlinker       = (*root)(nil)
	_ fs.NodeRenamer        = (*root)(nil)
	_ fs.NodeReaddirer      = (*root)(nil)
	_ fs.NodeOpendirHandler = (*root)(nil)
	_ fs.NodeOpener         = (*node)(nil)
	_ fs.NodeReader         = (*node)(nil)
	_ fs.NodeWriter         = (*node)(nil)
	_ fs.NodeFsyncer        = (*node)(nil)
	_ fs.NodeGetattrer      = (*node)(nil)
	_ fs.NodeSetattrer      = (*node)(nil)
)

func (r *root) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	out.Mode = syscall.S_IFDIR | 0o700
	return 0
}

func (r *root) child(ctx context.Context, name string, f *file, out *fuse.EntryOut) *fs.Inode {
	out.Mode, out.Size = syscall.S_IFREG|0o600, uint64(len(f.live))
	if have := r.GetChild(name); have != nil {
		if n, ok := have.Operations().(*node); ok && n.file == f {
			return have
		}
	}
	return r.NewInode(ctx, &node{disk: r.disk, file: f, name: name}, fs.StableAttr{Mode: syscall.S_IFREG})
}

func (r *root) Lookup(ctx context.Context, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	r.disk.mu.Lock()
	defer r.disk.mu.Unlock()
	f, ok := r.disk.names[name]
	if !ok {
		return nil, syscall.ENOENT
	}
	return r.child(ctx, name, f, out), 0
}

func (r *root) Create(ctx context.Context, name string, _, _ uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	r.disk.mu.Lock()
	defer r.disk.mu.Unlock()
	f, ok := r.disk.names[name]
	if !ok {
		if errno := r.disk.operation("create", name); errno != 0 {
			return nil, nil, 0, errno
		}
		f = &file{}
		r.disk.names[name] = f
	}
	return r.child(ctx, name, f, out), nil, fuse.FOPEN_KEEP_CACHE, 0
}

func (r *root) Unlink(_ context.Context, name string) syscall.Errno {
	r.disk.mu.Lock()
	defer r.disk.mu.Unlock()
	if errno := r.disk.operation("unlink", name); errno != 0 {
		return errno
	}
	delete(r.disk.names, name)
	return 0
}

func (r *root) Rename(_ context.Context, name string, _ fs.InodeEmbedder, to string, _ uint32) syscall.Errno {
	r.disk.mu.Lock()
	defer r.disk.mu.Unlock()
	if errno := r.disk.operation("rename", name); errno != 0 {
		return errno
	}
	r.disk.names[to] = r.disk.names[name]
	delete(r.disk.names, name)
	if n, ok := r.GetChild(name).Operations().(*node); ok {
		n.mu.Lock()
		n.name = to
		n.mu.Unlock()
	}
	return 0
}

func (r *root) list() []fuse.DirEntry {
	r.disk.mu.Lock()
	defer r.disk.mu.Unlock()
	var list []fuse.DirEntry
	for name := range r.disk.names {
		list = append(list, fuse.DirEntry{Name: name, Mode: syscall.S_IFREG})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

func (r *root) Readdir(context.Context) (fs.DirStream, syscall.Errno) {
	return fs.NewListDirStream(r.list()), 0
}

// folder is the open folder; syncing it makes its names durable.
type folder struct {
	fs.DirStream
	disk *Disk
}

func (r *root) OpendirHandle(context.Context, uint32) (fs.FileHandle, uint32, syscall.Errno) {
	return &folder{fs.NewListDirStream(r.list()), r.disk}, 0, 0
}

func (f *folder) Readdirent(context.Context) (*fuse.DirEntry, syscall.Errno) {
	if !f.HasNext() {
		return nil, 0
	}
	e, errno := f.Next()
	return &e, errno
}

func (f *folder) Fsyncdir(context.Context, uint32) syscall.Errno {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if errno := f.disk.operation("sync", ""); errno != 0 {
		return errno
	}
	f.disk.counts.Syncs++
	f.disk.durable = make(map[string]*file, len(f.disk.names))
	for name, file := range f.disk.names {
		f.disk.durable[name] = file
	}
	return 0
}

func (n *node) Open(context.Context, uint32) (fs.FileHandle, uint32, syscall.Errno) {
	return nil, fuse.FOPEN_KEEP_CACHE, 0
}

func (n *node) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	out.Mode, out.Size = syscall.S_IFREG|0o600, uint64(len(n.file.live))
	return 0
}

func (n *node) Setattr(_ context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if size, ok := in.GetSize(); ok {
		if errno := n.grow("truncate", int64(size)); errno != 0 {
			return errno
		}
		n.file.change(change{off: int64(size)})
	}
	out.Mode, out.Size = syscall.S_IFREG|0o600, uint64(len(n.file.live))
	return 0
}

func (n *node) Read(_ context.Context, _ fs.FileHandle, dest []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if off >= int64(len(n.file.live)) {
		return fuse.ReadResultData(nil), 0
	}
	return fuse.ReadResultData(dest[:copy(dest, n.file.live[off:])]), 0
}

func (n *node) Write(_ context.Context, _ fs.FileHandle, data []byte, off int64) (uint32, syscall.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if errno := n.grow("write", off+int64(len(data))); errno != 0 {
		return 0, errno
	}
	n.disk.counts.Writes++
	n.disk.counts.Bytes += int64(len(data))
	n.file.change(change{off, append([]byte(nil), data...)})
	return uint32(len(data)), 0
}

// grow checks the disk and its limit before a file reaches end.
func (n *node) grow(phase string, end int64) syscall.Errno {
	name := n.called()
	if errno := n.disk.operation(phase, name); errno != 0 {
		return errno
	}
	if more := end - int64(len(n.file.live)); n.disk.limit > 0 && more > 0 && short(name) != "other file" && n.disk.used()+more > n.disk.limit {
		return syscall.ENOSPC
	}
	return 0
}

func (n *node) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	if d := n.disk.syncTime(); d > 0 {
		time.Sleep(d)
	}
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if errno := n.disk.operation("sync", n.called()); errno != 0 {
		return errno
	}
	n.disk.counts.Syncs++
	n.file.sync()
	return 0
}
