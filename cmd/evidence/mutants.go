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
}
