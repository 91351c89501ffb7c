package main

import (
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// What scripts need besides the program itself: free ports, what a command printed, and the pages over HTTP.

var clients sync.Map // by script: *http.Client

func client(ts *testscript.TestScript) *http.Client {
	jar, err := cookiejar.New(nil)
	ts.Check(err)
	c, _ := clients.LoadOrStore(ts.Getenv("WORK"), &http.Client{Jar: jar, Timeout: 10 * time.Second})
	return c.(*http.Client)
}

func want(ts *testscript.TestScript, neg bool, args []string, n int) {
	if neg || len(args) < n {
		ts.Fatalf("usage: %d arguments, no !", n)
	}
}

// scriptFreePort sets a variable to a port of loopback that was free just now.
func scriptFreePort(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 1)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], fmt.Sprint(l.Addr().(*net.TCPAddr).Port))
	ts.Check(l.Close())
}

// scriptExpand puts variables into a file.
func scriptExpand(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(os.Expand(ts.ReadFile(args[0]), ts.Getenv)), 0o600))
}

// scriptLine sets a variable to the first line that the last command printed; scriptKey to the base64 key in it.
func scriptLine(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 1)
	line, _, _ := strings.Cut(ts.ReadFile("stdout"), "\n")
	ts.Setenv(args[0], line)
}

func scriptKey(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 1)
	ts.Setenv(args[0], regexp.MustCompile(`[A-Za-z0-9+/]{43}=`).FindString(ts.ReadFile("stdout")))
}

// scriptPoll asks an address until what it answers matches, for twenty seconds.
func scriptPoll(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 2)
	pattern, last := regexp.MustCompile(args[1]), ""
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		resp, err := client(ts).Get(args[0])
		if err != nil {
			last = err.Error()
			continue
		}
		b, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if last = string(b); err == nil && pattern.MatchString(last) {
			return
		}
	}
	ts.Fatalf("%s never answered with %s; last:\n%s", args[0], args[1], last)
}

func post(ts *testscript.TestScript, address string, values url.Values) string {
	resp, err := client(ts).PostForm(address, values)
	ts.Check(err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	ts.Check(err)
	return string(b)
}

// scriptSignIn signs an officer in at a node of the demo.
func scriptSignIn(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 2)
	post(ts, args[0]+"/sign-in", url.Values{"officer": {args[1]}, "next": {"/start"}})
}

var decideForm = regexp.MustCompile(`action="(/decide/[0-9a-f-]+)"`)

// scriptScan scans a document at a lane, looks at the answer and decides.
func scriptScan(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 4)
	body := post(ts, args[0]+"/scan", url.Values{"zone": {ts.ReadFile(args[1])}})
	found := decideForm.FindStringSubmatch(body)
	if found == nil || !regexp.MustCompile(`class="word">(`+args[3]+`)`).MatchString(body) {
		ts.Fatalf("the lane answered:\n%s", body)
	}
	post(ts, args[0]+found[1], url.Values{"decision": {args[2]}})
}

// scriptCopyFolder copies a folder as it is.
func scriptCopyFolder(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 2)
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), os.DirFS(ts.MkAbs(args[0]))))
}

// scriptSpoil does in a node's database what its owner can do: the guards are taken off first.
func scriptSpoil(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 2)
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	rows, err := db.Query(`SELECT name FROM sqlite_master WHERE type = 'trigger'`)
	ts.Check(err)
	var names []string
	for rows.Next() {
		var name string
		ts.Check(rows.Scan(&name))
		names = append(names, name)
	}
	ts.Check(rows.Close())
	for _, name := range names {
		_, err := db.Exec(`DROP TRIGGER "` + name + `"`)
		ts.Check(err)
	}
	_, err = db.Exec(args[1])
	ts.Check(err)
}

// scriptReplace replaces words in a file.
func scriptReplace(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 3)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(ts.ReadFile(args[0]), args[1], args[2])), 0o600))
}

// scriptWord sets a variable to the first word of another.
func scriptWord(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 2)
	ts.Setenv(args[0], strings.Fields(ts.Getenv(args[1]))[0])
}
