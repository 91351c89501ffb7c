package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"countersign": func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// Every behaviour of the command line is a script in testdata, run against the program itself.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"freeport": scriptFreePort, "expand": scriptExpand, "line": scriptLine, "key": scriptKey, "poll": scriptPoll, "signin": scriptSignIn, "scan": scriptScan, "copyfolder": scriptCopyFolder, "spoil": scriptSpoil, "replace": scriptReplace, "word": scriptWord}})
}
