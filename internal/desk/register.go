package desk

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"time"

	"countersign/internal/act"
	"countersign/internal/fault"
	"countersign/internal/store"
	"countersign/internal/words"

	"github.com/go-json-experiment/json"
)

// register keeps in memory what is asked of all cases at once and stands sealed in the database: the order of names,
// and what the dashboards count. It is filled when it is first asked, and then brought up to date by reading the
// lines that were written since; so it is right at every replica. What an officer is shown is opened again, and that
// look is recorded; nothing here is shown.
type register struct {
	mu     sync.Mutex
	turn   int64  // up to which the lines were read
	last   act.ID // of that turn
	cases  map[act.ID]*entry
	orders map[words.Lang]*order

	asking  sync.Mutex // taken before mu
	answers map[question]*Dashboard
}

// entry is one case. Each reading makes a new one.
type entry struct {
	id           act.ID
	name         string // with the family name first; empty: forgotten
	open         bool
	owes         string
	due, updated time.Time
	measured     measured
}

// order is the register by name in one language.
type order struct {
	sort    func(name string) []byte
	sorted  []placed
	rank    map[act.ID]int
	changed map[act.ID]struct{}
}

type placed struct {
	key []byte // nil: forgotten, which comes last
	id  act.ID
}

// registerPage is how many lines are read at a time.
const registerPage = 2048

// bring reads what was written since. The caller holds the lock.
func (g *register) bring(d *Desk) error { return g.bringFrom(d, d.Store) }

func (g *register) bringFrom(d *Desk, q reader) error {
	if g.cases == nil {
		g.turn, g.last, g.cases, g.orders = -1, "", map[act.ID]*entry{}, map[words.Lang]*order{}
	}
	for {
		rows, err := store.RegisterAfter(q, g.turn, g.last, registerPage)
		if err != nil {
			return err
		}
		entries := make([]*entry, len(rows))
		do := each
		if _, writing := q.(*store.Tx); writing { // which has one connection
			do = one
		}
		if err := do(len(rows), func(i int) (err error) { entries[i], err = d.entry(q, rows[i]); return err }); err != nil {
			return err
		}
		for i, e := range entries {
			g.put(e)
			g.turn, g.last = rows[i].Turn, rows[i].ID
		}
		if len(rows) < registerPage {
			return nil
		}
	}
}

// put takes an entry in. Only a new name changes the orders.
func (g *register) put(e *entry) {
	if was, ok := g.cases[e.id]; !ok || was.name != e.name {
		for _, o := range g.orders {
			o.changed[e.id] = struct{}{}
		}
	}
	g.cases[e.id] = e
}

// entry opens what a line holds of a case, with the key that was read beside it. Of a forgotten person nothing opens.
func (d *Desk) entry(q reader, r store.RegisterRow) (*entry, error) {
	e := &entry{id: r.ID, open: r.Outcome == "", owes: r.Owes, due: r.Due, updated: r.Updated}
	open, err := d.Vault.Opener(r, string(r.Subject))
	if fault.KindOf(err) == fault.Missing {
		return e, nil
	}
	if err != nil {
		return nil, err
	}
	name, err := open(caseName(r.ID), r.Name)
	if err != nil {
		return nil, err
	}
	e.name = familyFirst(string(name))
	if r.Measured == nil {
		return e, d.measureFromActs(q, e)
	}
	plain, err := open(caseMeasured(r.ID), r.Measured)
	if err != nil {
		return nil, err
	}
	return e, json.Unmarshal(plain, &e.measured)
}

// measureFromActs folds a case whose line was written by an earlier version.
func (d *Desk) measureFromActs(q reader, e *entry) error {
	events, err := d.eventsAbout(q, e.id)
	if err == nil {
		e.measured = dossierOf(events).measured()
	}
	return err
}

// byName puts cases into the order of names, and returns those of one page of it.
func (d *Desk) byName(lang words.Lang, ids []act.ID, down bool, offset, limit int) ([]act.ID, error) {
	g := &d.register
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.bring(d); err != nil { // after the search, so that nothing was found which it does not know
		return nil, err
	}
	o := g.order(lang)
	found := make([]bool, len(o.sorted))
	for _, id := range ids {
		if at, ok := o.rank[id]; ok {
			found[at] = true
		}
	}
	var page []act.ID
	for i := range found {
		if down {
			i = len(found) - 1 - i
		}
		switch {
		case !found[i]:
		case offset > 0:
			offset--
		case len(page) < limit:
			page = append(page, o.sorted[i].id)
		default:
			return page, nil
		}
	}
	return page, nil
}

// order is the register by name as it stands.
func (g *register) order(lang words.Lang) *order {
	o := g.orders[lang]
	if o == nil {
		o = &order{sort: words.SortKeys(lang), changed: map[act.ID]struct{}{}}
		for id := range g.cases {
			o.changed[id] = struct{}{}
		}
		g.orders[lang] = o
	}
	if len(o.changed) == 0 {
		return o
	}
	fresh := make([]placed, 0, len(o.changed))
	for id := range o.changed {
		p := placed{id: id}
		if name := g.cases[id].name; name != "" {
			p.key = o.sort(name)
		}
		fresh = append(fresh, p)
	}
	slices.SortFunc(fresh, placed.compare)
	o.merge(fresh)
	clear(o.changed)
	return o
}

// merge puts entries that changed into the order.
func (o *order) merge(fresh []placed) {
	kept := slices.DeleteFunc(o.sorted, func(p placed) bool { _, ok := o.changed[p.id]; return ok })
	all := make([]placed, 0, len(kept)+len(fresh))
	for len(kept) > 0 && len(fresh) > 0 {
		from := &kept
		if fresh[0].compare(kept[0]) < 0 {
			from = &fresh
		}
		all, *from = append(all, (*from)[0]), (*from)[1:]
	}
	o.sorted = append(append(all, kept...), fresh...)
	if o.rank == nil {
		o.rank = make(map[act.ID]int, len(o.sorted))
	}
	for i, p := range o.sorted {
		o.rank[p.id] = i
	}
}

func (p placed) compare(q placed) int {
	switch {
	case (p.key == nil) != (q.key == nil):
		if p.key == nil {
			return 1
		}
		return -1
	case !bytes.Equal(p.key, q.key):
		return bytes.Compare(p.key, q.key)
	}
	return strings.Compare(string(p.id), string(q.id))
}

// measuredRows is what the dashboards count of every case, as text, for comparing.
func (t *turn) measuredRows() ([]string, error) {
	g := register{}
	if err := g.bringFrom(t.Desk, t.tx); err != nil {
		return nil, err
	}
	all := make([]string, 0, len(g.cases))
	for id, e := range g.cases {
		plain, err := json.Marshal(e.measured, json.Deterministic(true))
		if err != nil {
			return nil, err
		}
		all = append(all, string(id)+"="+string(plain))
	}
	slices.Sort(all)
	return all, nil
}
