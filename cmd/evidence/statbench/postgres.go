package statbench

import (
	"context"
	"fmt"
	"os"
	"time"

	"countersign/internal/statistics/cube"

	"github.com/jackc/pgx/v5"
)

// postgres counts the same events by GROUP BY in the PostgreSQL that COUNTERSIGN_TEST_POSTGRES names, and compares every
// cell. Its CPU is read from the server's own accounting where it runs on this machine; else wall time
// stands for it. Loading the rows is not counted.
func (b *Bench) postgres(rows, cells []cube.Row, ours time.Duration) error {
	url := os.Getenv("COUNTERSIGN_TEST_POSTGRES")
	if url == "" {
		fmt.Fprintf(b.Out, "%-46s skipped: COUNTERSIGN_TEST_POSTGRES names no PostgreSQL\n", "the same cube in PostgreSQL")
		return nil
	}
	ctx := context.Background()
	db, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	if _, err := db.Exec(ctx, `CREATE TEMPORARY TABLE event (quarter INT, country INT, kind INT, age INT, sex INT, dest INT)`); err != nil {
		return err
	}
	next := 0
	if _, err := db.CopyFrom(ctx, pgx.Identifier{"event"}, []string{"quarter", "country", "kind", "age", "sex", "dest"}, pgx.CopyFromFunc(func() ([]any, error) {
		if next == len(rows) {
			return nil, nil
		}
		r := rows[next]
		next++
		return []any{int32(r.Quarter), int32(r.Country), int32(r.Type), int32(r.Age), int32(r.Sex), int32(r.Dest)}, nil
	})); err != nil {
		return err
	}
	var pid int
	if err := db.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, `ANALYZE event`); err != nil {
		return err
	}
	before, known := backendCPU(pid)
	begin := time.Now()
	result, err := db.Query(ctx, `SELECT quarter, country, kind, age, sex, dest, count(*) FROM event GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`)
	if err != nil {
		return err
	}
	n := 0
	for result.Next() {
		var q, country, kind, age, sex, dest int32
		var count int64
		if err := result.Scan(&q, &country, &kind, &age, &sex, &dest, &count); err != nil {
			return err
		}
		if n < len(cells) {
			c := cells[n]
			if int32(c.Quarter) != q || int32(c.Country) != country || int32(c.Type) != kind || int32(c.Age) != age || int32(c.Sex) != sex || int32(c.Dest) != dest || c.N != count {
				return fmt.Errorf("cell %d: PostgreSQL counts %d, the cube %+v", n, count, c)
			}
		}
		n++
	}
	if err := result.Err(); err != nil {
		return err
	}
	if n != len(cells) {
		return fmt.Errorf("PostgreSQL counts %d cells, the cube %d", n, len(cells))
	}
	wall := time.Since(begin)
	after, _ := backendCPU(pid)
	used, note := after-before, "CPU of the one backend, parallel workers apart"
	if !known {
		used, note = wall, "CPU unknown: wall time"
	}
	b.say("the same cube in PostgreSQL", wall, used, "more CPU than ours", used <= ours, fmt.Sprintf("every cell equal; %s; ours %.3f s", note, ours.Seconds()))
	return nil
}

// backendCPU reads the CPU time of a local process in clock ticks of 10 ms, where the system tells.
func backendCPU(pid int) (time.Duration, bool) {
	s, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	var state string
	var skip, user, system int64
	at := len(s)
	for i, c := range s { // fields after the command's closing bracket
		if c == ')' {
			at = i + 2
		}
	}
	if _, err := fmt.Sscan(string(s[at:]), &state, &skip, &skip, &skip, &skip, &skip, &skip, &skip, &skip, &skip, &skip, &user, &system); err != nil {
		return 0, false
	}
	return time.Duration(user+system) * 10 * time.Millisecond, true
}
