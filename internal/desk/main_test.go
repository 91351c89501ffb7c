package desk_test

import (
	"flag"
	"os"
	"testing"
)

// Each check of a property opens two databases: fewer of them than rapid's hundred, unless asked otherwise.
func TestMain(m *testing.M) {
	flag.Set("rapid.checks", "25")
	flag.Parse()
	os.Exit(m.Run())
}
