// Command evidence runs the experiments behind the figures that the project publishes, and prints what it
// measured: the conditions, the traffic really made, and on the last line the figure.
//
//	go run ./cmd/evidence NAME [-quick] [-seed N] [-duration D] [-broken]
//
// It ends with 0 when nothing was found, with 1 when something was caught, and with 2 when the run itself was
// no good. With -broken it plants faults in the product's sources, one after the other, builds each variant
// with go build -overlay, and runs the same experiment on it; then it ends with 1 when every planted fault was
// caught. The experiments do not know of the faults, and the product has no hooks for them.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"countersign/cmd/evidence/host"
)

// experiment is one entry of the table.
type experiment struct {
	name, about string
	run         func(*Run) error
}

// experiments are in the order in which the documentation shows them. Each has a file of its own.
var experiments = []experiment{
	{"crash", "kill -9 of sender, receiver or both at random times, while the schema is made, and while a backup is made", crash},
	{"replicas", "kill -9 of replicas of one node on one PostgreSQL, and of their peer, while officers work at all of them", replicas},
	{"powercut", "the power goes at every kind of disk operation: unsynced writes are lost, torn or half kept", powercut},
	{"bench-border", "zones, alert lists of a million names, days of stay, the whole decision", benchBorder},
	{"bench-statistics", "import, cube, release, verification and press check, with PostgreSQL beside", benchStatistics},
	{"diskfull", "the disk of a node runs full and has room again", diskfull},
	{"gates", "every combination against hand-written law; planted faults; barriers between check and act; SQL behind the door; times", gates},
	{"years", "two whole nodes through simulated years: frames lost, doubled, reordered, damaged; kills around commits; cut lines; wrong clocks", years},
	{"partition", "the line is cut for random hours while both sides work; it heals; both records must be equal", partition},
	{"restore", "a backup, or copied files, k joint acts old, for every k of a range", restore},
	{"tamper", "root rewrites one node's record, with and without the peer's countersignature on it", tamper},
	{"bench-taskforce", "a posted officer's access ends on every interface; pages with 10,000 tasks; a year of two sides that cross", benchTaskForce},
	{"bench-exchange", "acts durable, signed, sealed and countersigned end to end; backlog; slots; syncs", benchExchange},
	{"bench-record", "a record of a million acts opens; memory over a simulated day", benchRecord},
	{"bench-pages", "every page with 100,000 cases; bytes of a first visit; a court order on open pages; fields typed", benchPages},
	{"bench-act", "one official act through the desk; start, memory and size of a node", benchAct},
}

func main() {
	host.Worker() // does not return in the processes that the experiments start
	os.Exit(command(os.Args[1:]))
}

func command(args []string) int {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return usage()
	}
	for _, e := range experiments {
		if e.name == args[0] {
			return start(e, args[1:])
		}
	}
	fmt.Fprintf(os.Stderr, "no experiment is called %q\n", args[0])
	return usage()
}

func usage() int {
	fmt.Fprintln(os.Stderr, "usage: evidence NAME [-quick] [-seed N] [-duration D] [-broken]")
	for _, e := range experiments {
		fmt.Fprintf(os.Stderr, "  %-16s %s\n", e.name, e.about)
	}
	return 2
}

func start(e experiment, args []string) int {
	r := &Run{Name: e.name, out: os.Stdout}
	flags := flag.NewFlagSet(e.name, flag.ContinueOnError)
	flags.BoolVar(&r.Quick, "quick", false, "a run of at most 40 seconds")
	flags.Uint64Var(&r.Seed, "seed", 1, "of everything that is left to chance")
	flags.DurationVar(&r.Duration, "duration", 0, "how long to run; 0: as long as the experiment's full run takes")
	flags.StringVar(&r.Folder, "folder", "", "where to keep data while running; default: a temporary folder")
	flags.StringVar(&r.parts, "part", "", "only these parts of the experiment, by comma; default: all")
	flags.StringVar(&r.profile, "profile", "", "write a processor profile of the run to this file")
	broken := flags.Bool("broken", false, "plant faults in the product's sources and show that each is caught")
	flags.IntVar(&r.fromN, "starts", 1, "with -broken: from how many start seeds each planted fault is tried")
	flags.StringVar(&r.only, "mutant", "", "with -broken: only the planted fault of this name; in gates: only the mutants whose key contains this")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "unknown argument %q\n", flags.Arg(0))
		return 2
	}
	r.started = time.Now()
	if *broken {
		return breakIt(r)
	}
	return r.perform(e)
}
