package api_test

import (
	"bytes"
	"net/http"
	"sync"
	"testing"

	"countersign/internal/desk/desktest"
)

// Many equal requests at once, as an impatient client sends them: one effect, one answer.
func TestOneEffectOfManyRequests(t *testing.T) {
	w := desktest.World(t, 71)
	c := newClient(t, w.GB, "caseworker")
	body := opening(t)
	answers := make([]reply, 8)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = c.call("POST", "/cases", body, "Idempotency-Key", "all-at-once") })
	}
	all.Wait()
	first := 0
	for _, a := range answers {
		if a.status != http.StatusCreated || !bytes.Equal(a.raw, answers[0].raw) {
			t.Errorf("%d %s", a.status, a.raw)
		}
		if a.header.Get("Idempotency-Replayed") == "" {
			first++
		}
	}
	if work := c.want(c.call("GET", "/work", nil), 200, ""); first != 1 || work.v["total"].(float64) != 1 {
		t.Errorf("%d first answers, %v cases", first, work.v["total"])
	}
}

// Two officers act on one version: one is first, the other learns of it.
func TestOneVersionOneAct(t *testing.T) {
	w := desktest.Open(t, 72)
	a := newClient(t, w.GB, "caseworker")
	b := a.as(w.GB, "senior-caseworker")
	path := "/cases/" + string(w.ID)
	version := a.want(a.call("GET", path, nil), 200, "").header.Get("ETag")
	answers := make([]reply, 2)
	var all sync.WaitGroup
	for i, c := range []*client{a, b} {
		all.Go(func() {
			answers[i] = c.call("POST", path+"/acts/record-need", map[string]any{"type": "diet"}, "If-Match", version, "Idempotency-Key", "same-version")
		})
	}
	all.Wait()
	if got := answers[0].status + answers[1].status; got != 200+412 {
		t.Errorf("%d and %d\n%s\n%s", answers[0].status, answers[1].status, answers[0].raw, answers[1].raw)
	}
}

func BenchmarkCase(b *testing.B) {
	w := desktest.Open(b, 73).Request().Agree()
	c := newClient(b, w.GB, "caseworker")
	for b.Loop() {
		if r := c.call("GET", "/cases/"+string(w.ID), nil); r.status != http.StatusOK {
			b.Fatal(r.status)
		}
	}
}
