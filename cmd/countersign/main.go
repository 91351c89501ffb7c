// Command countersign is one authority's node and every tool around it, in one binary.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"countersign/internal/fault"
	"countersign/internal/words"

	"github.com/alecthomas/kong"
)

// cli lists the commands; each has a file of its own and a Run(*app) error method.
type cli struct {
	Lang words.Lang `help:"Language of messages." enum:"en,sq" default:"en" env:"COUNTERSIGN_LANG"`

	Demo      demoCmd      `cmd:"" help:"Watch whole returns between two authorities on this machine, then open their pages."`
	Serve     serveCmd     `cmd:"" help:"Run one authority."`
	Init      initCmd      `cmd:"" help:"Make an authority’s folder with fresh keys."`
	Pair      pairCmd      `cmd:"" help:"Take the other authority’s public keys, after people have compared the fingerprint."`
	Config    configCmd    `cmd:"" help:"Print the configuration as it will be used, without secrets."`
	Roster    rosterCmd    `cmd:"" help:"Officers of this authority."`
	Root      rootCmd      `cmd:"" name:"root" help:"What only the root key signs: prepare it here, sign it where the key is, bring it back."`
	Exercise  exerciseCmd  `cmd:"" name:"exercise-sign-in" help:"A provider of invented people on loopback, to try the sign-in of an exercise."`
	Exchange  exchangeCmd  `cmd:"" help:"The link to the other authority: status, files, pause, keys."`
	Backup    backupCmd    `cmd:"" help:"Copy the record as it is at one moment, while the node runs, sealed to a recipient."`
	Restore   restoreCmd   `cmd:"" help:"Fill an empty database from a backup."`
	Resume    resumeCmd    `cmd:"" help:"Let a restored node work again, on a named person’s word."`
	Rebuild   rebuildCmd   `cmd:"" help:"Derive all projections from the acts again and compare them with the live ones."`
	Verify    verifyCmd    `cmd:"" help:"Check evidence offline with nothing but public keys, or a whole record."`
	Paper     paperCmd     `cmd:"" help:"Write a paper of a case as PDF in both languages, or as data."`
	Import    importCmd    `cmd:"" help:"Take cases over from the authority’s other system; or only observe them."`
	Token     tokenCmd     `cmd:"" help:"A bearer token with which a program works for an officer through the JSON API."`
	Export    exportCmd    `cmd:"" help:"Give the authority’s cases back to its other system."`
	Agreement agreementCmd `cmd:"" help:"Agreements and laws as data: list them, show one, say why a date is what it is."`
	Stats     statsCmd     `cmd:"" help:"Official statistics: import editions, print tables with their revisions."`
	Press     pressCmd     `cmd:"" help:"Check drafts before they go out: every number against a published edition."`
	Release   releaseCmd   `cmd:"" help:"Statistical releases: build one from the demo's record, verify one offline."`
	Border    borderCmd    `cmd:"" help:"Checks at crossing points: documents, alert lists, criteria, days of stay."`
	Lane      laneCmd      `cmd:"" help:"A lane: its image of the lists, and checks with the link down."`
}

// app is what a command may use of the world.
type app struct {
	out, err io.Writer
	words    *words.Catalogue
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run parses args, runs one command and returns the exit code: 0 done, 1 a check failed or the work could
// not be done, 2 the command line itself is wrong.
func run(args []string, out, errw io.Writer) int {
	var c cli
	code := -1
	parser, err := kong.New(&c, kong.Name("countersign"),
		kong.Description("The joint gateway through which two states carry out an agreement on migration."),
		kong.Vars{"zones": zonesHelp}, kong.Writers(out, errw), kong.Exit(func(n int) { code = n }), kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(errw, "countersign:", err)
		return 2
	}
	command, err := parser.Parse(args)
	if code >= 0 { // --help has been answered
		return code
	}
	if err != nil {
		fmt.Fprintf(errw, "countersign: %v; see %s --help\n", err, commandOf(err))
		return 2
	}
	catalogues, err := words.Load()
	if err != nil {
		fmt.Fprintln(errw, "countersign:", err)
		return 1
	}
	a := &app{out: out, err: errw, words: catalogues[c.Lang]}
	if err := command.Run(a); err != nil {
		fmt.Fprintln(errw, "countersign:", a.message(err))
		return 1
	}
	return 0
}

// commandOf is the command that a mistake in the arguments belongs to.
func commandOf(err error) string {
	if e, ok := errors.AsType[*kong.ParseError](err); ok {
		if node := e.Context.Selected(); node != nil {
			return node.FullPath()
		}
	}
	return "countersign"
}

// message is what a person reads of an error: the fault's own words, and the cause behind it for an operator.
func (a *app) message(err error) string {
	if key := fault.KeyOf(err); key != "" && a.words.Has(key) {
		return a.words.Map(key, fault.ArgsOf(err)) + causeOf(err)
	}
	return err.Error()
}

func causeOf(err error) string {
	if cause := fault.CauseOf(err); cause != nil {
		return " (" + cause.Error() + ")"
	}
	return ""
}
