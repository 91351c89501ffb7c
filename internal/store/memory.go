package store

// memory is what callers keep in the writer's memory of rows, from one transaction to the next, so that the next job
// need not read them again. It stands and falls with the rows: a job that fails takes back what it kept, and a
// transaction that fails, or another process that has written, empties it. Values are never changed once kept.
type memory struct {
	values map[string]any
	before []remembered // what stood there before this transaction's jobs changed it, oldest first
}

type remembered struct {
	key   string
	value any // nil: nothing
}

// maxRemembered bounds what is kept; beyond it everything is forgotten, which is always right.
const maxRemembered = 8192

// Remember keeps a value that follows from the rows as this transaction leaves them. It is seen by this job, by those
// after it, and by later transactions.
func (t *Tx) Remember(key string, value any) {
	if len(t.memory.values) >= maxRemembered {
		clear(t.memory.values)
	}
	t.memory.before = append(t.memory.before, remembered{key, t.memory.values[key]})
	t.memory.values[key] = value
}

// Recall returns what is kept under key, or nil.
func (t *Tx) Recall(key string) any { return t.memory.values[key] }

// Forget drops what is kept under key.
func (t *Tx) Forget(key string) { delete(t.memory.values, key) }

// ForgetAll drops everything that is kept.
func (t *Tx) ForgetAll() { clear(t.memory.values) }

// settle ends the transaction: there is nothing to take back any more.
func (m *memory) settle() {
	clear(m.before) // what was dropped must not stay reachable
	m.before = m.before[:0]
}

// undo takes back what was kept since the mark. What was dropped since stays dropped unless it was kept again; a
// value that comes back is the one of the mark.
func (m *memory) undo(mark int) {
	for i := len(m.before) - 1; i >= mark; i-- {
		if b := m.before[i]; b.value == nil {
			delete(m.values, b.key)
		} else {
			m.values[b.key] = b.value
		}
	}
	clear(m.before[mark:])
	m.before = m.before[:mark]
}
