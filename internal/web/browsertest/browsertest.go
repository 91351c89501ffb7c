// Package browsertest drives Debian's chromium in tests: it opens pages, presses keys, runs axe-core, takes
// pictures and prints. It is imported by tests only and is the one file that knows chromedp.
//
// Without chromium or axe-core a test is skipped and says how to get them; with the flag -require-browser or
// COUNTERSIGN_REQUIRE_BROWSER=1 it fails instead, so that a build server cannot pass by not looking.
package browsertest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var required = flag.Bool("require-browser", false, "fail, do not skip, when chromium or axe-core is missing")

// Hint says how to get what is missing.
const Hint = "apt-get install chromium; (cd assets && npm ci)"

// Browser is a browser with an empty profile of its own.
type Browser struct {
	ctx context.Context
	axe string
}

// Start starts a browser for the test and ends it with the test. Tests share one by making their pages in it.
func Start(t testing.TB) *Browser {
	t.Helper()
	path, err := chromium()
	if err != nil {
		missing(t, err)
	}
	axe, err := axeSource()
	if err != nil {
		missing(t, err)
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.WindowSize(1280, 900), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("lang", "en-GB"),
	}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync",
		"disable-default-apps", "disable-extensions", "disable-dev-shm-usage", "disable-breakpad", "metrics-recording-only"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	alloc, end := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(end)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	return &Browser{ctx: ctx, axe: axe}
}

func missing(t testing.TB, err error) {
	t.Helper()
	if *required || os.Getenv("COUNTERSIGN_REQUIRE_BROWSER") != "" {
		t.Fatalf("%v; %s", err, Hint)
	}
	t.Skipf("%v; %s", err, Hint)
}

func chromium() (string, error) {
	for _, path := range []string{os.Getenv("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"} {
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no chromium")
}

// axeSource reads axe-core from the packages of assets: it is a test tool (MPL-2.0) that is not shipped.
func axeSource() (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	b, err := os.ReadFile(filepath.Join(root, "assets", "node_modules", "axe-core", "axe.min.js"))
	return string(b), err
}

// Root is the folder of the repository.
func Root() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, e := os.Stat(filepath.Join(dir, "go.mod")); e == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return "", fmt.Errorf("no go.mod above the test")
}

// Page is a tab with cookies of its own.
type Page struct {
	t   testing.TB
	ctx context.Context
	axe string
}

// Page opens a tab in a browser context of its own: two pages are two officers who share nothing.
func (b *Browser) Page(t testing.TB) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 6*time.Minute) // also on a busy machine
	t.Cleanup(stop)
	p := &Page{t: t, ctx: ctx, axe: b.axe}
	p.Size(1280, 900)
	return p
}

func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

func run[T any](p *Page, what string, a chromedp.Action[T]) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, a)
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
	return v
}

// Size sets the window. 320 wide is 1280 at 400 % zoom (WCAG 1.4.10).
func (p *Page) Size(width, height int) {
	p.t.Helper()
	p.do("size", chromedp.EmulateViewport(int64(width), int64(height)))
}

// Open goes to an address and waits until it is loaded.
func (p *Page) Open(url string) {
	p.t.Helper()
	p.do("open "+url, chromedp.Navigate(url))
}

// Back is the browser's back button.
func (p *Page) Back() { p.t.Helper(); p.do("back", chromedp.NavigateBack()) }

// Scripts switches JavaScript of the page on or off, before it is opened.
func (p *Page) Scripts(on bool) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
	if err != nil {
		p.t.Fatal("scripts:", err)
	}
}

// Media shows the page as on "print" or "screen".
func (p *Page) Media(media string) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media}); err != nil {
		p.t.Fatal("media:", err)
	}
}

// Title is the title of the window.
func (p *Page) Title() string { p.t.Helper(); return run(p, "title", chromedp.Title()) }

// Location is the address of the page.
func (p *Page) Location() string { p.t.Helper(); return run(p, "location", chromedp.Location()) }

// Text is the visible text of the first element that the selector finds.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return run(p, "text of "+selector, chromedp.Text(chromedp.CSS(selector)))
}

// Click presses a link or button and waits for the page that it leads to.
func (p *Page) Click(selector string) {
	p.t.Helper()
	if _, err := chromedp.RunResponse(p.ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		p.t.Fatalf("click %s: %v", selector, err)
	}
}

// Fill types into a field after clearing it.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	p.do("fill "+selector, chromedp.Clear(chromedp.CSS(selector)), chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Upload chooses files for a file control.
func (p *Page) Upload(selector string, files ...string) {
	p.t.Helper()
	p.do("upload "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), files))
}

// Eval evaluates JavaScript and waits for its promise.
func Eval[T any](p *Page, script string) T {
	p.t.Helper()
	return run(p, "eval", chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// Violation is one fault that axe-core found.
type Violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string   `json:"html"`
		Target  []string `json:"target"`
		Summary string   `json:"failureSummary"`
	} `json:"nodes"`
}

func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n    %s\n      %s", n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n      "))
	}
	return b.String()
}

// Axe runs axe-core with every rule of WCAG 2.2 A and AA and its best practices. The content security policy
// of the page stays in force: the script runs from outside the page.
func (p *Page) Axe() []Violation {
	p.t.Helper()
	p.do("axe", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, runtime.Evaluate, runtime.EvaluateParams{Expression: p.axe})
		return err
	}))
	return Eval[[]Violation](p, `axe.run(document, {resultTypes: ["violations"], runOnly: {type: "tag",
		values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}).then(r => r.violations.map(v =>
		({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => ({html: n.html, target: n.target.map(String), failureSummary: n.failureSummary}))})))`)
}

// Accessible fails the test for each fault that axe-core finds.
func (p *Page) Accessible() {
	p.t.Helper()
	for _, v := range p.Axe() {
		p.t.Errorf("%s: %s", p.Location(), v)
	}
}

// Fits fails the test if the page must be scrolled sideways.
func (p *Page) Fits() {
	p.t.Helper()
	over := Eval[string](p, `(() => { const w = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= w) return "";
		const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > w + 1 && !e.closest(".govuk-visually-hidden"));
		return document.documentElement.scrollWidth + " of " + w + ": " + wide.slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join(" | ") })()`)
	if over != "" {
		p.t.Errorf("%s is wider than its window: %s", p.Location(), over)
	}
}

// PNG is a picture of the whole page.
func (p *Page) PNG() []byte {
	p.t.Helper()
	height := Eval[int](p, `Math.ceil(document.documentElement.scrollHeight)`)
	width := Eval[int](p, `document.documentElement.clientWidth`)
	p.Size(width, height)
	defer p.Size(width, 900)
	return run(p, "picture", chromedp.CaptureScreenshot())
}

// Shot writes a picture to the folder that COUNTERSIGN_SCREENSHOTS names; without it nothing happens.
func (p *Page) Shot(name string) {
	p.t.Helper()
	folder := os.Getenv("COUNTERSIGN_SCREENSHOTS")
	if folder == "" {
		return
	}
	if !filepath.IsAbs(folder) {
		root, err := Root()
		if err != nil {
			p.t.Fatal(err)
		}
		folder = filepath.Join(root, folder)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), p.PNG(), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// PDF is the page as the browser prints it on A4.
func (p *Page) PDF() []byte {
	p.t.Helper()
	return run(p, "print", chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
}
