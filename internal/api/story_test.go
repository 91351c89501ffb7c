package api_test

import (
	"bytes"
	"context"
	"countersign/internal/api"
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/desk/desktest"
	"countersign/internal/paper"
	"countersign/internal/record"
	"countersign/internal/store"

	stdjson "encoding/json"
)

func opening(t *testing.T) map[string]any {
	t.Helper()
	b, err := stdjson.Marshal(desktest.Opening())
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := stdjson.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// A case goes from intake to the countersigned application over the API alone, on two nodes.
func TestCaseOverTheAPI(t *testing.T) {
	w := desktest.World(t, 41)
	gb := newClient(t, w.GB, "caseworker")
	al := newClient(t, w.AL, "readmission-officer")

	me := gb.want(gb.call("GET", "/me", nil), 200, "")
	if me.v["role"] != "caseworker" || me.v["authority"] != "gb" {
		t.Errorf("%s", me.raw)
	}
	none := gb.want(gb.call("POST", "/people/search", map[string]any{"name": "Agim Hoxha"}), 200, "")
	if none.v["total"].(float64) != 0 {
		t.Errorf("%s", none.raw)
	}
	first := gb.want(gb.call("POST", "/cases", opening(t), "Idempotency-Key", "open-agim-1"), 201, "")
	id := first.v["case"].(string)
	again := gb.want(gb.call("POST", "/cases", opening(t), "Idempotency-Key", "open-agim-1"), 201, "")
	if !bytes.Equal(first.raw, again.raw) || again.header.Get("Idempotency-Replayed") != "true" || first.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("the second answer differs:\n%s\n%s", first.raw, again.raw)
	}
	if found := gb.want(gb.call("POST", "/people/search", map[string]any{"name": "gimi HOXHA"}), 200, ""); found.v["total"].(float64) != 1 {
		t.Errorf("one case after two equal requests: %s", found.raw)
	}

	// The gates are closed until officers have looked: the problem names every one of them.
	request := map[string]any{"category": "national", "evidence": []any{map[string]any{"type": "passport-copy", "annex": 1}}}
	shut := gb.want(gb.act(id, "request-readmission", request), 403, "fault.case.gate-unknown")
	if gates, _ := shut.v["gates"].([]any); len(gates) < 5 {
		t.Errorf("closed gates: %v", gates)
	}
	if err := w.Attest(context.Background(), act.ID(id), casework.StepRequest); err != nil {
		t.Fatal(err)
	}
	open := gb.want(gb.call("GET", "/cases/"+id+"/gates?step=request", nil), 200, "")
	for _, g := range open.v["items"].([]any) {
		if g := g.(map[string]any); g["status"] != "open" || g["basis"] == "" || g["name"] == "" {
			t.Errorf("%v", g)
		}
	}
	preview := gb.want(gb.call("POST", "/cases/"+id+"/previews/request-readmission", request), 200, "")
	sent := gb.want(gb.act(id, "request-readmission", request), 200, "")
	if err := w.Slot(context.Background()); err != nil {
		t.Fatal(err)
	}
	there := al.want(al.call("GET", "/cases/"+id+"/timeline", nil), 200, "")
	a, _ := stdjson.Marshal(preview.v["crossing"].([]any)[0].(map[string]any)["body"])
	b, _ := stdjson.Marshal(there.v["items"].([]any)[0].(map[string]any)["body"])
	if !bytes.Equal(a, b) {
		t.Errorf("previewed %s\nseen there %s", a, b)
	}
	if n := there.v["total"].(float64); n != 1 {
		t.Errorf("the other state sees %v acts", n)
	}

	// A date explains itself, in both languages.
	for lang, word := range map[string]string{"en": "Counting begins on the day after", "sq": "Numërimi fillon ditën pas saj"} {
		al.language = lang
		due := al.want(al.call("GET", "/cases/"+id+"/deadlines", nil), 200, "")
		d := due.v["items"].([]any)[0].(map[string]any)
		if why := fmt.Sprint(d["why"]); d["rule"] != "reply" || d["stand_in"] != true || !strings.Contains(why, word) {
			t.Errorf("%s: %v", lang, d)
		}
	}
	al.language = "en"

	// The reply, the papers and the proof.
	al.want(al.act(id, "reply-confirm", map[string]any{"basis": "prima_facie", "document": true}), 200, "")
	if err := w.Slot(context.Background()); err != nil {
		t.Fatal(err)
	}
	view := gb.want(gb.call("GET", "/cases/"+id, nil), 200, "")
	if view.v["request"] != "agreed" || !strings.HasPrefix(view.v["next"].(map[string]any)["sentence"].(string), "United Kingdom") {
		t.Errorf("%s", view.raw)
	}
	list := gb.want(gb.call("GET", "/cases/"+id+"/papers", nil), 200, "")
	if n := len(list.v["items"].([]any)); n != 3 {
		t.Errorf("%d papers: %s", n, list.raw)
	}
	form := gb.want(gb.call("POST", "/cases/"+id+"/papers/application", map[string]any{}), 200, "")
	mark, err := paper.ParseMark(form.v["code"].(string))
	if err != nil || form.v["draft"] != false {
		t.Fatalf("%v %s", err, form.raw)
	}
	pdf := gb.call("POST", "/cases/"+id+"/papers/application/pdf", map[string]any{})
	if pdf.status != 200 || !bytes.HasPrefix(pdf.raw, []byte("%PDF-")) {
		t.Errorf("%d", pdf.status)
	}
	signed := sent.v["acts"].([]any)[0].(map[string]any)["act"].(string)
	proof := gb.want(gb.call("POST", "/acts/"+signed+"/evidence", map[string]any{"open": []string{"category"}}), 200, "")
	verdict, err := record.Verify(proof.raw, w.GB.Public, w.AL.Public)
	if err != nil || !verdict.OK() || mark.Check(proof.raw) != nil {
		t.Errorf("%v %+v", err, verdict)
	}
	if bytes.Contains(proof.raw, []byte("Hoxha")) {
		t.Error("the proof opens what was not asked for")
	}
}

func TestPaging(t *testing.T) {
	w := desktest.World(t, 42)
	c := newClient(t, w.GB, "caseworker")
	for i := range 5 {
		c.want(c.call("POST", "/cases", opening(t), "Idempotency-Key", fmt.Sprintf("open-case-%d", i)), 201, "")
	}
	seen := map[string]bool{}
	path := "/work?mine=true&limit=2"
	for pages := 0; path != ""; pages++ {
		page := c.want(c.call("GET", path, nil), 200, "")
		if page.v["total"].(float64) != 5 || pages > 3 {
			t.Fatalf("%d: %s", pages, page.raw)
		}
		for _, item := range page.v["items"].([]any) {
			id := item.(map[string]any)["case"].(string)
			if seen[id] {
				t.Errorf("%s comes twice", id)
			}
			seen[id] = true
		}
		next, _ := page.v["next"].(string)
		path = strings.TrimPrefix(next, api.Base)
	}
	if len(seen) != 5 {
		t.Errorf("%d of 5 cases", len(seen))
	}
	other := c.as(w.GB, "senior-caseworker")
	if mine := other.want(other.call("GET", "/work?mine=true", nil), 200, ""); mine.v["total"].(float64) != 0 {
		t.Errorf("%s", mine.raw)
	}
}

// The key makes a write safe to repeat, also after the version has moved on; another request under it does not pass.
func TestKeysAndVersions(t *testing.T) {
	w := desktest.Open(t, 43)
	c := newClient(t, w.GB, "caseworker")
	path := "/cases/" + string(w.ID) + "/acts/record-need"
	version := c.want(c.call("GET", "/cases/"+string(w.ID), nil), 200, "").header.Get("ETag")

	first := c.want(c.call("POST", path, map[string]any{"type": "diet", "shared": true}, "If-Match", version, "Idempotency-Key", "need-diet-1"), 200, "")
	second := c.want(c.call("POST", path, map[string]any{"type": "diet", "shared": true}, "If-Match", version, "Idempotency-Key", "need-diet-1"), 200, "")
	if !bytes.Equal(first.raw, second.raw) {
		t.Errorf("%s\n%s", first.raw, second.raw)
	}
	c.want(c.call("POST", path, map[string]any{"type": "infant"}, "If-Match", version, "Idempotency-Key", "need-diet-1"), 409, "fault.api.key-reused")

	// Another officer acts in between: the problem says who and what.
	w.Do(w.GB, "senior-caseworker", casework.RecordNeed{Need: domestic.Need{Type: "reading"}})
	stale := c.want(c.call("POST", path, map[string]any{"type": "infant"}, "If-Match", version, "Idempotency-Key", "need-infant-1"), 412, "fault.api.stale")
	changes := fmt.Sprint(stale.v["changes"])
	if !strings.Contains(changes, "Owen Hughes") || !strings.Contains(changes, "need.recorded") || len(stale.v["changes"].([]any)) != 2 {
		t.Errorf("%s", stale.raw)
	}
	c.want(c.call("POST", path, map[string]any{"type": "infant"}, "Idempotency-Key", "need-infant-1"), 428, "fault.api.if-match")
	c.want(c.call("POST", path, map[string]any{"type": "infant"}, "If-Match", "new", "Idempotency-Key", "need-infant-1"), 428, "fault.api.if-match")
	c.want(c.call("POST", path, map[string]any{"type": "infant"}, "If-Match", version), 422, "fault.api.schema")

	// A refused request has changed nothing: its key is free for the same act, put right.
	newer := c.want(c.call("GET", "/cases/"+string(w.ID), nil), 200, "").header.Get("ETag")
	c.want(c.call("POST", path, map[string]any{"type": "infant"}, "If-Match", newer, "Idempotency-Key", "need-infant-1"), 200, "")
	// Keys belong to an officer: another one's equal key is another key.
	other := c.as(w.GB, "senior-caseworker")
	other.want(other.act(string(w.ID), "record-need", map[string]any{"type": "calm-handling"}), 200, "")
}

// Who may not know the nature of a barrier does not learn it from a version conflict.
func TestConflictHidesTheNature(t *testing.T) {
	w := desktest.Open(t, 44)
	c := newClient(t, w.GB, "escort-officer")
	w.Do(w.GB, "court-liaison", casework.SetBarrier{Barrier: domestic.Barrier{Gate: "appeal-pending", Effect: "suspensive", Evidence: "court-record", Reference: "PA/1/2023"}})
	stale := c.want(c.call("POST", "/cases/"+string(w.ID)+"/acts/record-need", map[string]any{"type": "diet"}, "If-Match", `"1"`, "Idempotency-Key", "need-of-escort"), 412, "fault.api.stale")
	if text := string(stale.raw); strings.Contains(text, "barrier") || strings.Contains(text, "appeal") || strings.Contains(text, "Fiona") || !strings.Contains(text, `"held"`) {
		t.Errorf("%s", stale.raw)
	}
	for _, part := range []string{"", "/gates", "/timeline", "/deadlines"} {
		if r := c.want(c.call("GET", "/cases/"+string(w.ID)+part, nil), 200, ""); strings.Contains(string(r.raw), "appeal") || strings.Contains(string(r.raw), "barrier.set") {
			t.Errorf("%s: %s", part, r.raw)
		}
	}
}

func TestSignInAndPurpose(t *testing.T) {
	w := desktest.Open(t, 45)
	c := newClient(t, w.GB, "caseworker")
	path := "/cases/" + string(w.ID)
	for _, header := range []string{"", "Bearer", "Bearer cs_unknown", "Basic " + c.token, c.token} {
		r := c.want(c.call("GET", path, nil, "Authorization", header), 401, "fault.api.token")
		if r.header.Get("WWW-Authenticate") == "" {
			t.Error("a 401 without a challenge")
		}
	}
	c.want(c.call("GET", path, nil, "X-Purpose", ""), 422, "fault.api.schema")
	c.want(c.call("GET", path, nil, "X-Purpose", "curiosity"), 422, "fault.api.schema")
	c.want(c.call("GET", path+"?name=Hoxha", nil), 422, "fault.api.schema")
	c.want(c.call("GET", "/cases/not-an-id", nil), 422, "fault.api.schema")
	c.want(c.call("GET", "/cases/00000000-0000-4000-8000-000000000001", nil), 404, "fault.case.missing")
	c.want(c.call("GET", "/nothing-here", nil), 404, "fault.api.no-operation")
	c.want(c.call("POST", path+"/acts/record-need", `{"type":"diet","type":"infant"}`, "If-Match", `"3"`, "Idempotency-Key", "twice-the-same"), 422, "fault.api.schema")
	c.want(c.call("POST", path+"/acts/record-need", `{"type":"diet","diagnosis":"x"}`, "If-Match", `"3"`, "Idempotency-Key", "unknown-member"), 422, "fault.api.schema")
	c.want(c.call("POST", path+"/acts/record-need", `{"type":`, "If-Match", `"3"`, "Idempotency-Key", "broken-json"), 400, "fault.api.schema")
	c.language = "sq-AL,en;q=0.5"
	if r := c.want(c.call("GET", "/cases/00000000-0000-4000-8000-000000000001", nil), 404, "fault.case.missing"); r.v["title"] != "Nuk ka një çështje të tillë." {
		t.Errorf("%s", r.raw)
	}
	statistician := c.as(w.GB, "statistician")
	statistician.want(statistician.call("GET", path, nil), 403, "fault.access.denied")

	// A token ends at once when its officer takes it back, when it expires, and when the officer's key ends.
	ctx := context.Background()
	if err := w.GB.Desk.EndToken(ctx, statistician.token); err != nil {
		t.Fatal(err)
	}
	statistician.want(statistician.call("GET", "/me", nil), 401, "fault.api.token")
	leaver := c.as(w.GB, "coordinator")
	leaver.want(leaver.call("GET", "/me", nil), 200, "")
	if err := w.GB.Desk.EndOfficer(ctx, w.GB.As("coordinator").Officer.ID, "left"); err != nil {
		t.Fatal(err)
	}
	leaver.want(leaver.call("GET", "/me", nil), 401, "fault.api.token")
	w.Clock.Advance(2 * time.Hour)
	c.want(c.call("GET", "/me", nil), 401, "fault.api.token")
	var row []byte
	hash := sha256.Sum256([]byte(c.token))
	if err := w.GB.Store().QueryRow(`SELECT hash FROM api_tokens WHERE hash = $1`, hash[:]).Scan(&row); err != nil || bytes.Contains(row, []byte(c.token)) {
		t.Error("a token is kept as it is:", err)
	}
}

// Each reading of personal data is one look in the record, with its purpose and the person (DPA 2018 s62).
func TestEveryReadingIsOneLook(t *testing.T) {
	w := desktest.Open(t, 46).Request().Push()
	c := newClient(t, w.GB, "caseworker")
	id := "/cases/" + string(w.ID)
	signed := c.want(c.call("GET", id+"/timeline", nil), 200, "").v["items"].([]any)
	last := signed[len(signed)-1].(map[string]any)["act"].(string)
	looks := func() int {
		rows, err := store.ActsOfKind(w.GB.Store(), domestic.DataConsulted, 0, 10000)
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	for _, r := range []struct {
		method, path string
		body         any
	}{{"GET", "/work", nil}, {"GET", id, nil}, {"GET", id + "/gates", nil}, {"GET", id + "/deadlines", nil}, {"GET", id + "/timeline", nil}, {"GET", id + "/papers", nil},
		{"POST", id + "/papers/application", map[string]any{}}, {"POST", id + "/papers/application/pdf", map[string]any{}}, {"POST", "/people/search", map[string]any{"name": "Agim"}},
		{"POST", id + "/previews/record-need", map[string]any{"type": "diet"}}, {"POST", "/acts/" + last + "/evidence", map[string]any{}}} {
		before := looks()
		if got := c.call(r.method, r.path, r.body); got.status != http.StatusOK {
			t.Fatalf("%s %s: %s", r.method, r.path, got.raw)
		}
		if n := looks() - before; n != 1 {
			t.Errorf("%s %s made %d looks", r.method, r.path, n)
		}
	}
	before := looks()
	c.want(c.call("GET", "/me", nil), 200, "")
	if looks() != before {
		t.Error("a look at nobody was recorded")
	}
}

// Counts are as the record knew them at the instant asked for.
func TestFiguresAsKnown(t *testing.T) {
	w := desktest.World(t, 47)
	ctx, who := context.Background(), w.GB.As("statistician").For("purpose.statistics")
	one := domestic.CountedReturn{ID: "00000000-0000-4000-8000-0000000000aa", Departed: "2023-11-20", Type: "enforced-non-detained", Nationality: "ALB", Age: "18-29", Sex: "male", DestinationGroup: "home", Destination: "ALB"}
	if err := w.GB.Desk.CountReturns(ctx, who, &domestic.ReturnRecord{Return: one}); err != nil {
		t.Fatal(err)
	}
	known := w.Clock.Now()
	w.Clock.Advance(time.Hour)
	if err := w.GB.Desk.CountReturns(ctx, who, &domestic.ReturnRetraction{ID: one.ID, Reason: "duplicate"}); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, w.GB, "statistician")
	total := func(asOf string) float64 {
		r := c.want(c.call("GET", "/figures?from=2023-11-01&to=2023-11-30&measure=returns-with-port"+asOf, nil), 200, "")
		return r.v["items"].([]any)[0].(map[string]any)["value"].(float64)
	}
	if now, then := total(""), total("&as_of="+known.UTC().Format(time.RFC3339)); now != 0 || then != 1 {
		t.Errorf("now %v, as known before the retraction %v", now, then)
	}
	if all := c.want(c.call("GET", "/figures?from=2023-11-01&to=2023-11-30", nil), 200, ""); len(all.v["items"].([]any)) != 5 {
		t.Errorf("%s", all.raw)
	}
	caseworker := c.as(w.GB, "caseworker")
	caseworker.want(caseworker.call("GET", "/figures?from=2023-11-01&to=2023-11-30", nil), 403, "fault.access.denied")
}

// A draft is checked by the same rules as on the page: nothing passes before a person has bound it, and what
// cannot be checked says why.
func TestPressCheck(t *testing.T) {
	w := desktest.World(t, 48)
	c := newClient(t, w.GB, "press-officer")
	ask := map[string]any{"text": "In 2022 there were 964 enforced returns of Albanians, 900 of them men.", "series": "quarterly", "edition": "2023-11-23"}
	finding := func(r reply, i int) map[string]any { return r.v["numbers"].([]any)[i].(map[string]any) }
	r := c.want(c.call("POST", "/press/checks", ask), 200, "")
	if finding(r, 0)["verdict"] != "unchecked" || finding(r, 0)["offered"] != "enforced | of albania | 2022" || r.v["passes"] != false || len(r.v["asides"].([]any)) != 1 {
		t.Errorf("%s", r.raw)
	}
	ask["accept"] = true
	r = c.want(c.call("POST", "/press/checks", ask), 200, "")
	if finding(r, 0)["verdict"] != "match" || finding(r, 1)["verdict"] != "unchecked" || len(finding(r, 1)["missing"].([]any)) == 0 {
		t.Errorf("%s", r.raw)
	}
	ask["bindings"] = map[string]string{"x": "enforced | of albania | 2022"}
	c.want(c.call("POST", "/press/checks", ask), 422, "fault.press.bindings")
	delete(ask, "bindings")
	caseworker := c.as(w.GB, "caseworker")
	caseworker.want(caseworker.call("POST", "/press/checks", ask), 403, "fault.access.denied")
}

// Every command of casework is an operation with a schema, and none is there that casework does not know.
func TestEveryCommandIsAnOperation(t *testing.T) {
	raw, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := stdjson.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	acts := 0
	for path := range doc.Paths {
		if strings.HasPrefix(path, "/cases/{id}/acts/") {
			acts++
		}
	}
	if acts != len(casework.Commands())-1 {
		t.Errorf("%d acts for %d commands", acts, len(casework.Commands())-1)
	}
	for _, cmd := range casework.Commands() {
		path := "/cases/{id}/acts/" + casework.Name(cmd)
		if casework.Name(cmd) == "open-case" {
			path = "/cases"
		}
		if _, ok := doc.Paths[path]["post"]; !ok {
			t.Errorf("%s has no operation", casework.Name(cmd))
		}
		if casework.Name(cmd) == "open-case" {
			continue // its identifiers are drawn by the desk
		}
		if c, err := api.ReadEmpty(cmd); err != nil || fmt.Sprintf("%#v", c) != fmt.Sprintf("%#v", cmd) {
			t.Errorf("%s: an empty body is %v, want the zero command (%v)", casework.Name(cmd), c, err)
		}
	}
}

// Addresses hold no personal data: no path or query parameter of any operation takes a name, a birth date or a number.
func TestNoPersonalDataInAddresses(t *testing.T) {
	raw, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string } `json:"parameters"`
		} `json:"paths"`
	}
	if err := stdjson.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	allowed := "attachment title id kind name limit offset mine owes blocked closed due_before sort step measure from to year as_of nationality origin" // origin names a stream
	for path, ops := range doc.Paths {
		for _, op := range ops {
			for _, p := range op.Parameters {
				if (p.In == "path" || p.In == "query") && !strings.Contains(" "+allowed+" ", " "+p.Name+" ") {
					t.Errorf("%s takes %q in its address", path, p.Name)
				}
				if p.Name == "name" && path != "/cases/{id}/previews/{name}" {
					t.Errorf("%s takes a name", path)
				}
			}
		}
	}
}
