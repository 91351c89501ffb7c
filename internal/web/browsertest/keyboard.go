package browsertest

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys that a journey without a mouse needs, in the form that Press takes.
const (
	Tab    = "\t"
	Enter  = "\r"
	Space  = " "
	Escape = "\u001b"
)

// Press presses keys where the focus is.
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.do("press", pressed(keys))
}

// pressed sends each key as one event with its text. Sent apart, as chromedp does, the text of an Enter that
// follows a link would reach the field that the link leads to, which no real keyboard does.
func pressed(keys string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, r := range keys {
			text := ""
			events := kb.Encode(r)
			for _, e := range events {
				if e.Type == kb.KeyChar {
					text = e.Text
				}
			}
			for _, e := range events {
				switch e.Type {
				case kb.KeyChar:
					continue
				case kb.KeyDown:
					e.Type, e.Text = kb.KeyDown, text
				}
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, *e); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// ShiftTab goes back by one.
func (p *Page) ShiftTab() {
	p.t.Helper()
	p.do("shift tab", chromedp.KeyEvent(Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
}

// Submit presses a key that leads to another page and waits for that page.
func (p *Page) Submit(key string) {
	p.t.Helper()
	if _, err := chromedp.RunResponse(p.ctx, pressed(key)); err != nil {
		p.t.Fatalf("submit: %v", err)
	}
}

// Focused describes what has the focus: its accessible words, or its name for a field.
func (p *Page) Focused() string {
	p.t.Helper()
	return Eval[string](p, `(() => { const e = document.activeElement;
		if (!e || e === document.body) return "";
		return (e.name ? e.tagName.toLowerCase() + " " + e.name + (e.type === "radio" || e.type === "checkbox" ? "=" + e.value : "") : (e.textContent || e.id)).trim().replace(/\s+/g, " ") })()`)
}

// TabTo presses Tab until what has the focus contains want, and fails when it never does. Everything on the
// way is held to be visible: a focus that cannot be seen is a fault (WCAG 2.4.7, 2.4.11).
func (p *Page) TabTo(want string) {
	p.t.Helper()
	var seen []string
	for range 200 {
		p.Press(Tab)
		now := p.Focused()
		if now != "" && !p.focusVisible() {
			p.t.Errorf("the focus on %q cannot be seen", now)
		}
		if strings.Contains(now, want) {
			return
		}
		seen = append(seen, now)
	}
	p.t.Fatalf("Tab never reaches %q; it goes to %s", want, strings.Join(seen[:20], " → "))
}

// focusVisible tells whether the focused element is in the window and looks different from when it is not.
func (p *Page) focusVisible() bool {
	p.t.Helper()
	return Eval[bool](p, `(() => { const e = document.activeElement;
		const shown = e.matches(".govuk-radios__input, .govuk-checkboxes__input") ? e.nextElementSibling : e;
		const r = shown.getBoundingClientRect();
		const look = () => { const out = []; for (const p of [null, "::before"]) { const s = getComputedStyle(shown, p);
			out.push(s.outlineStyle === "none" ? "" : s.outlineColor + s.outlineWidth, s.boxShadow, s.backgroundColor, s.borderColor) } return out.join() };
		const with_ = look(); e.blur(); const without = look(); e.focus({preventScroll: true});
		return r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight && with_ !== without })()`)
}

// Stops lists everything that Tab reaches on the page, in order.
func (p *Page) Stops() []string {
	p.t.Helper()
	var all []string
	for range 300 {
		p.Press(Tab)
		now := p.Focused()
		if now == "" {
			return all
		}
		all = append(all, now)
	}
	p.t.Error(fmt.Sprintf("Tab does not leave the page after %d stops", len(all)))
	return all
}
