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
	{"early-answer", "the writer answers before it commits", []string{"crash", "powercut"}, true, []edit{
		{"internal/store/writer.go", `	if err := w.tx.exec("COMMIT"); err != nil {`,
			"\tfor i, j := range batch {\n\t\tclose(j.done)\n\t\tbatch[i] = &job{done: make(chan struct{})}\n\t}\n\ttime.Sleep(2 * time.Millisecond)\n\tif err := w.tx.exec(\"COMMIT\"); err != nil {"},
	}},
	{"synchronous-normal", "SQLite commits without syncing its log", []string{"powercut"}, true, []edit{
		{"internal/store/store.go", `"synchronous(FULL)"`, `"synchronous(NORMAL)"`},
		{"internal/store/store.go", `sync != "2"`, `sync != "1"`},
	}},
	{"barrier-blind", "a barrier without a reference closes nothing", []string{"gates"}, true, []edit{
		{"internal/casework/gates.go", `if b.Gate == r.ID && b.holds(env.Now, r.Expires) {`, `if b.Gate == r.ID && b.Reference != "" && b.holds(env.Now, r.Expires) {`},
	}},
	{"old-state", "a command is decided on the case as it stood before the transaction", []string{"gates"}, true, []edit{
		{"internal/desk/case.go", "	var events []act.Event\n	err := d.perform(ctx, who, func(t *turn) (err error) {\n		events, err = t.carryOut(id, c)",
			"	var events []act.Event\n	before, err := d.caseState(d.Store, id)\n	if err != nil {\n		return nil, err\n	}\n	err = d.perform(ctx, who, func(t *turn) (err error) {\n		t.folded[id] = before\n		events, err = t.carryOut(id, c)"},
		{"internal/desk/case.go", "	state, err := t.caseState(t.tx, id)\n	if err != nil {\n		return nil, err\n	}\n	if err := t.allow(",
			"	state, err := t.caseState(t.tx, id)\n	if err != nil {\n		return nil, err\n	}\n	if old, ok := t.folded[id]; ok {\n		state = old\n	}\n	if err := t.allow("},
	}},
	{"no-margin", "a travel document that ends on the day of travel serves", []string{"gates"}, false, []edit{
		{"internal/casework/gates.go", `d := s.document(day, country, env.Law.MarginDays)`, `d := s.document(day, country, 0)`},
	}},
	{"no-guards", "the database lets acts be deleted and changed", []string{"gates"}, false, []edit{
		{"internal/store/guards.go", `	for _, g := range guards {
		when, strict`, `	for _, g := range guards[:0] {
		when, strict`},
	}},
}
