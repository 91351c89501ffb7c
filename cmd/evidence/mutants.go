package main

// edit replaces text in one source file of the product. The text must be there exactly once.
type edit struct{ file, from, to string }

// mutant is one planted fault: what the product would be with it, and the experiments that must catch it.
type mutant struct {
	name, about string
	caughtBy    []string
	quick       bool // part of a quick -broken run
	edits       []edit
}

var mutants = []mutant{
	{"early-answer", "the writer answers before it commits", []string{"crash", "powercut", "years"}, true, []edit{
		{"internal/store/writer.go", `	if err := w.tx.run("COMMIT"); err != nil {`,
			"\tfor i, j := range batch {\n\t\tclose(j.done)\n\t\tbatch[i] = &job{done: make(chan struct{})}\n\t}\n\ttime.Sleep(2 * time.Millisecond)\n\tif err := w.tx.run(\"COMMIT\"); err != nil {"},
	}},
	{"migration-in-pieces", "a migration is kept statement by statement instead of as a whole", []string{"crash"}, true, []edit{
		{"internal/store/migrations/0035_lists.sql", "-- +goose Up\n", "-- +goose NO TRANSACTION\n-- +goose Up\n"},
	}},
	{"synchronous-normal", "SQLite commits without syncing its log", []string{"powercut"}, true, []edit{
		{"internal/store/store.go", `"synchronous(FULL)"`, `"synchronous(NORMAL)"`},
		{"internal/store/store.go", `sync != "2"`, `sync != "1"`},
	}},
	{"duplicate-dealt-again", "what was dealt with before is dealt with again when it arrives twice", []string{"years", "partition"}, true, []edit{
		{"internal/desk/receive.go", "	if head.Size <= log.Size() {\n", "	if head.Size <= log.Size() {\n\t\tfor _, a := range acts {\n\t\t\tif err := t.deal(log.Size(), a, t.tx.Now); err != nil {\n\t\t\t\treturn record.Answer{}, err\n\t\t\t}\n\t\t}\n"},
	}},
	{"countersigned-before-dealt", "the countersignature and the acts it covers are two transactions", []string{"years"}, true, []edit{
		{"internal/desk/receive.go", `	for i, a := range acts[known:] {
		index := b.From + known + int64(i)
		for index >= receipts[0].Size {
			receipts = receipts[1:]
		}
		if err := t.deal(index, a, receipts[0].At); err != nil {
			return record.Answer{}, err
		}
	}
	last :=`, `
	t.tx.After(func() {
		go t.Desk.Store.Write(context.Background(), func(tx *store.Tx) error {
			u := t.Desk.turn(tx, Session{})
			for i, a := range acts[known:] {
				if err := u.deal(b.From+known+int64(i), a, tx.Now); err != nil {
					return err
				}
			}
			return u.close()
		})
	})
	last :=`},
	}},
	{"hashes-kept-after-rollback", "a failed job leaves its hashes in memory", []string{"years"}, false, []edit{
		{"internal/store/tx.go", "	t.logs, t.seq, t.seqDirty = m.logs, m.seq, m.dirty\n", "	t.seq, t.seqDirty = m.seq, m.dirty\n"},
	}},
	{"full-tile-not-written", "the hashes of a tile that has just become full stay in memory", []string{"years"}, false, []edit{
		{"internal/store/log.go", "	for _, full := range l.full {\n", "	for _, full := range l.full[:0] {\n"},
	}},
	{"rows-kept-after-failure", "a failed job leaves its rows in the transaction of others", []string{"years"}, false, []edit{
		{"internal/store/writer.go", `w.tx.run("ROLLBACK TO act")`, `w.tx.run("UPDATE counters SET value = value WHERE 1 = 0")`},
		{"internal/store/writer.go", "	if err := w.tx.exec(\"ROLLBACK\"); err != nil { // a full disk has ended it already\n		w.tx.forget()\n	}\n	w.turn--\n	return true, nil", "	return false, nil"},
	}},
	{"gates-not-asked", "a step is allowed whatever its gates say", []string{"years"}, false, []edit{
		{"internal/casework/gates.go", "	if len(shut) == 0 {\n\t\treturn nil", "	if len(shut) >= 0 {\n\t\treturn nil"},
	}},
	{"look-not-recorded", "a case is shown and the look is not recorded", []string{"years"}, false, []edit{
		{"internal/desk/case.go", `look := func() error { return d.consultCase(ctx, who, "view-case", v.State, "case") }`, `look := func() error { return d.allow(who, "view-case", d.caseResource(d.Store, v.State, who)) }`},
	}},
	{"projection-forgotten", "an act does not bring the work list up to date", []string{"years"}, false, []edit{
		{"internal/desk/settle.go", "	t.touch(e.Case)\n\tswitch {", "	switch {"},
	}},
	{"narrowing-overlooked", "a count of women is read as a count of all", []string{"bench-statistics"}, true, []edit{
		{"internal/statistics/press/grammar.go", `			c.miss(w.gap + " " + strings.ToLower(m))`, `			_ = m`},
	}},
	{"dates-in-silence", "a number that states nothing is passed over without a word", []string{"bench-statistics"}, true, []edit{
		{"internal/statistics/press/numbers.go", `			asides = append(asides, Aside{d.line(w.from), d.plain[w.from:w.to], AsideDate})`, `			_ = w`},
	}},
	{"events-overwritten", "a second event of a cell replaces the first", []string{"bench-statistics"}, true, []edit{
		{"internal/statistics/cube/dense.go", "c.dense[i] += uint32(r.N)", "c.dense[i] = uint32(r.N)"},
	}},
	{"leaf-without-value", "the leaf of a cell does not bind its value", []string{"bench-statistics"}, true, []edit{
		{"internal/statistics/release/content.go", "	b = strconv.AppendInt(b, c.Value, 10)\n", "	b = strconv.AppendInt(b, 0, 10)\n"},
	}},
	{"window-off-by-one", "the window of days of stay is one day too short", []string{"bench-border"}, true, []edit{
		{"internal/border/stay/stay.go", "	w := Day(rule.Window - 1)\n", "	w := Day(rule.Window - 2)\n"},
	}},
	{"threshold-low", "a second look is asked for on next to no evidence", []string{"bench-border"}, true, []edit{
		{"internal/border/screen/score.go", "h.Score >= ix.Thresholds.SecondLook", "h.Score >= ix.Thresholds.SecondLook-9"},
	}},
	{"digit-weights", "check digits are reckoned with the weights 7, 1, 3", []string{"bench-border"}, true, []edit{
		{"internal/person/mrz_digits.go", "[3]int{7, 3, 1}", "[3]int{7, 1, 3}"},
	}},
	{"key-not-destroyed", "travellers are struck from the list and their keys stay", []string{"bench-border"}, true, []edit{
		{"internal/desk/border_forget.go", "			if err := t.tx.DestroyKey(check); err != nil {\n				return err\n			}\n", ""},
	}},
	{"mandate-not-asked", "a session once opened keeps its mandate", []string{"bench-taskforce"}, true, []edit{
		{"internal/desk/access.go", "principal.Mandate = d.accessOf(f, who, at)", "principal.Mandate = true"},
	}},
	{"recall-ignored", "a recall is recorded and access goes on", []string{"bench-taskforce"}, true, []edit{
		{"internal/taskforce/posting_access.go", "	case p.Recalled != nil && !at.Before(p.Recalled.known):\n\t\treturn \"taskforce.access.recalled\"\n", ""},
		{"internal/taskforce/posting_access.go", "	if p.Recalled != nil && p.Recalled.known.Before(a.Ends) {", "	if false {"},
	}},
	{"order-by-chance", "acts that crossed are put in the order in which memory has them", []string{"bench-taskforce"}, true, []edit{
		{"internal/taskforce/history.go", "	for stream, list := range h {\n		switch {\n		case a == nil:\n			a = list\n		case stream < a[0].stream:\n			a, b = list, a\n",
			"	for _, list := range h {\n		switch {\n		case a == nil:\n			a = list\n"},
	}},
	{"refusal-ignored", "an own act that the peer could not take keeps its effect here", []string{"years"}, false, []edit{
		{"internal/desk/settle.go", `t.tx.RefuseAct(log.ID, r.Index, r.Reason)`, `act.ID(""), error(nil)`},
	}},
	{"rollback-check-off", "the node does not compare itself with what the peer holds of it", []string{"restore"}, true, []edit{
		{"internal/desk/recover.go", "	if len(a.Newest) == 0 {\n\t\tif a.Held > 0 {", "	if a.Held >= 0 {\n\t\treturn nil\n\t}\n\tif len(a.Newest) == 0 {\n\t\tif a.Held > 0 {"},
	}},
	{"restored-counts-attestations", "attestations from before a restore go on counting", []string{"restore"}, false, []edit{
		{"internal/desk/recover.go", "		if err := tx.SetRestored(tx.Now); err != nil {\n\t\t\treturn err\n\t\t}\n\t\tif err := d.turn", "		if err := d.turn"},
		{"internal/desk/recover.go", "		if err := tx.SetReadOnly(\"\"); err != nil {\n\t\t\treturn err\n\t\t}\n\t\tif err := tx.SetRestored(tx.Now); err != nil {", "		if err := tx.SetReadOnly(\"\"); err != nil {"},
	}},
	{"audit-believes-hashes", "the audit takes each leaf from the stored tree instead of the act", []string{"tamper"}, true, []edit{
		{"internal/desk/audit.go", "	if stored[0] != tlog.RecordHash(act.Leaf(f.log.Origin, x.Root, x.Signature)) {", "	if x.Erased = &stored[0]; len(stored) != 1 {"},
	}},
	{"another-head-countersigned", "neither side compares a head with the one it knows of that size", []string{"tamper"}, true, []edit{
		{"internal/desk/send.go", "	if err != nil || root != head.Root {", "	if err != nil || root != head.Root && false {"},
		{"internal/desk/receive.go", "	if root != head.Root {\n\t\treturn t.rewritten(", "	if root != head.Root && false {\n\t\treturn t.rewritten("},
	}},
	{"key-kept-after-rollback", "a person's key stays in memory though its transaction failed", []string{"diskfull"}, true, []edit{
		{"internal/vault/vault.go", "ok && u.Uncommitted(subject) {", "ok && u.Uncommitted(subject) && false {"},
	}},
	{"edge-kept-after-failed-commit", "a commit that failed leaves the right edge of the tree in memory", []string{"diskfull"}, true, []edit{
		{"internal/store/writer.go", "		w.tx.forget() // a stale right edge would fork the tree\n", ""},
		{"internal/store/writer.go", "	w.tx.forget()\n\tfor _, fn := range w.foreign {", "	for _, fn := range w.foreign {"},
	}},
	{"memory-trusted", "a replica goes on from its own memory though another one has written, at an isolation that lets it", []string{"replicas"}, true, []edit{
		{"internal/store/store.go", `"BEGIN ISOLATION LEVEL SERIALIZABLE"`, `"BEGIN ISOLATION LEVEL READ COMMITTED"`},
		{"internal/store/writer.go", "	if w.turn == before+1 {", "	if w.turn > before {"},
	}},
	{"opening-reads-all", "a node reads every act when it starts", []string{"bench-record"}, true, []edit{
		{"internal/desk/desk.go", "	return d.readReceipts()\n}\n\nfunc prepare", "	if err := store.EachAct(d.Store, func(store.ActRow) error { return nil }); err != nil {\n\t\treturn err\n\t}\n	return d.readReceipts()\n}\n\nfunc prepare"},
	}},
	{"memory-kept-after-commit", "something of each commit stays in memory for ever", []string{"bench-record"}, true, []edit{
		{"internal/store/writer.go", "func (w *writer) after() {\n", "var kept [][]byte\n\nfunc (w *writer) after() {\n\tkept = append(kept, make([]byte, 32<<10))\n"},
	}},
	{"restored-out-of-order", "after a restore a case is folded in the order in which its acts came back", []string{"restore"}, true, []edit{
		{"internal/desk/causal.go", "	if !overtaken(events, own) {", "	if true {"},
	}},
	{"hold-not-projected", "a barrier closes its gates and open pages are not told", []string{"bench-pages"}, true, []edit{
		{"internal/desk/case.go", "Held: held(s, t.tx.Now)", "Held: false"},
	}},
	{"not-yet-late", "“not yet” waits for the next act instead of the next slot", []string{"bench-pages"}, true, []edit{
		{"internal/casework/commands_handover.go", "	if s.expected() && !s.Paused.Is() || ", "	if s.expected() && !s.Paused.Is() && false || "},
	}},
	{"asked-again", "the form of a new case forgets what was searched for", []string{"bench-pages"}, true, []edit{
		{"internal/web/search.go", "		p.Names = []person.Name{{Family: family, Given: given}}\n", "		p.Names = []person.Name{{Family: family[:0], Given: given[:0]}}\n"},
	}},
	{"barrier-blind", "a barrier without a reference closes nothing", []string{"gates"}, true, []edit{
		{"internal/casework/gates.go", `if b.Gate == r.ID && b.holds(env.Now, r.Expires) {`, `if b.Gate == r.ID && b.Reference != "" && b.holds(env.Now, r.Expires) {`},
	}},
	{"old-state", "a command is decided on the case as it stood before the transaction", []string{"gates"}, true, []edit{
		{"internal/desk/turn.go", "	swept      bool", "	old map[act.ID]casework.State\n	swept      bool"},
		{"internal/desk/turn.go", "	\"countersign/internal/act/joint\"\n", "	\"countersign/internal/act/joint\"\n	\"countersign/internal/casework\"\n"},
		{"internal/desk/case.go", "	var events []act.Event\n	err := d.perform(ctx, who, func(t *turn) (err error) {\n		if events, err = t.carryOut(id, c); err != nil {",
			"	var events []act.Event\n	before, err := d.caseState(d.Store, id)\n	if err != nil {\n		return nil, err\n	}\n	err = d.perform(ctx, who, func(t *turn) (err error) {\n		t.old = map[act.ID]casework.State{id: before}\n		if events, err = t.carryOut(id, c); err != nil {"},
		{"internal/desk/case.go", "	state, err := t.caseState(t.tx, id)\n	if err != nil {\n		return nil, err\n	}\n	if err := t.allow(",
			"	state, err := t.caseState(t.tx, id)\n	if err != nil {\n		return nil, err\n	}\n	if old, ok := t.old[id]; ok {\n		state = old\n	}\n	if err := t.allow("},
	}},
	{"no-margin", "a travel document that ends on the day of travel serves", []string{"gates"}, false, []edit{
		{"internal/casework/gates.go", `d := s.document(day, country, env.Law.MarginDays)`, `d := s.document(day, country, 0)`},
	}},
	{"holiday-not-counted", "a declared holiday moves nothing", []string{"gates"}, true, []edit{
		{"internal/casework/holidays.go", "		if !counts(d) {", "		if !counts(d) || true {"},
	}},
	{"holiday-heard-late", "a holiday counts however late the other state hears of it", []string{"gates"}, false, []edit{
		{"internal/casework/holidays.go", "!m.Receipt.IsZero() && m.Receipt.Before(day.AddDays(1).First(c.Zone))", "!m.Receipt.IsZero()"},
	}},
	{"family-leaves-alone", "at the door nobody asks whether the rest of the family may go", []string{"gates"}, true, []edit{
		{"internal/casework/family.go", "!m.left(on) && !m.mayGo(env, step):", "!m.left(on) && !m.mayGo(env, step) && false:"},
	}},
	{"no-guards", "the database lets acts be deleted and changed", []string{"gates"}, false, []edit{
		{"internal/store/guards.go", `	for _, g := range guards {
		when, strict`, `	for _, g := range guards[:0] {
		when, strict`},
	}},
}
