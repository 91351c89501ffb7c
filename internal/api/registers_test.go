package api_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/demo"
	"countersign/internal/desk/desktest"
)

// do posts an official act under a fresh key.
func (c *client) do(path string, body any) reply {
	c.t.Helper()
	c.keys++
	return c.call("POST", path, body, "Idempotency-Key", fmt.Sprintf("key-of-deed-%04d", c.keys))
}

func measureTerms(w *demo.World) map[string]any {
	text := func(en, sq string) map[string]any { return map[string]any{"en": en, "sq": sq} }
	day := func(days int) string { return w.Clock.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	return map[string]any{"kind": "verifications", "title": text("Faster answers", "Përgjigje më të shpejta"), "objective": text("Answers in ten days", "Përgjigje në dhjetë ditë"),
		"basis": []any{map[string]any{"article": "Art. 19"}}, "indicators": []any{map[string]any{"code": "verifications-requested", "target": 10}, map[string]any{"code": "information-sessions", "target": 2}},
		"owners": []any{map[string]any{"authority": "al", "officer": w.AL.As("coordinator").Officer.ID}, map[string]any{"authority": "gb", "officer": w.GB.As("coordinator").Officer.ID}},
		"from":   day(0), "until": day(60), "places": []any{}, "resources": text("Two officers", "Dy nëpunës"),
		"risks": []any{map[string]any{"right": "ECHR Art. 8", "risk": text("Haste", "Nxitim"), "mitigation": text("A second officer", "Një nëpunës i dytë")}}}
}

// A measure is proposed on one node and accepted on the other over the API alone; what the record can count of it is
// counted, and what it cannot is absent.
func TestMeasureOverTheAPI(t *testing.T) {
	walk := desktest.Open(t, 51)
	w := walk.World
	gb, al := newClient(t, w.GB, "coordinator"), newClient(t, w.AL, "coordinator")
	gb.purpose, al.purpose = "taskforce", "taskforce"
	body := map[string]any{"terms": measureTerms(w)}
	first := gb.want(gb.call("POST", "/task-force/acts/propose-measure", body, "Idempotency-Key", "propose-1"), 200, "")
	again := gb.want(gb.call("POST", "/task-force/acts/propose-measure", body, "Idempotency-Key", "propose-1"), 200, "")
	if !bytes.Equal(first.raw, again.raw) || again.header.Get("Idempotency-Replayed") != "true" || first.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("%s\n%s", first.raw, again.raw)
	}
	gb.want(gb.call("POST", "/task-force/acts/propose-measure", map[string]any{}, "Idempotency-Key", "propose-1"), 409, "fault.api.key-reused")
	if list := gb.want(gb.call("GET", "/task-force/measures", nil), 200, ""); list.v["total"].(float64) != 1 {
		t.Errorf("the repeated request made a second measure: %s", list.raw)
	}
	id := first.v["about"].(string)
	proposal := first.v["acts"].([]any)[0].(map[string]any)["act"].(string)
	slot := func() {
		if err := w.Slot(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	slot()
	gb.want(gb.do("/task-force/acts/accept-measure", map[string]any{"id": id, "proposal": proposal}), 403, "fault.taskforce.own-proposal")
	al.want(al.do("/task-force/acts/accept-measure", map[string]any{"id": id, "proposal": proposal}), 200, "")
	slot()
	one := gb.want(gb.call("GET", "/task-force/measures/"+id, nil), 200, "")
	if one.v["status"] != "in-force" {
		t.Errorf("%s", one.raw)
	}
	counted := func(r reply, i int) map[string]any {
		return r.v["indicators"].([]any)[i].(map[string]any)["counted"].(map[string]any)
	}
	if got := counted(one, 0); got["gb"].(float64) != 0 || got["al"].(float64) != 0 || len(counted(one, 1)) != 0 {
		t.Errorf("%s", one.raw)
	}
	walk.Request()
	if got := counted(gb.call("GET", "/task-force/measures/"+id, nil), 0); got["gb"].(float64) != 1 || got["al"].(float64) != 0 {
		t.Errorf("a request was not counted: %v", got)
	}
	slot()
	if got := counted(al.call("GET", "/task-force/measures/"+id, nil), 0); got["gb"].(float64) != 1 {
		t.Errorf("the other side counts otherwise: %v", got)
	}
	for _, register := range []string{"tasks", "meetings", "commitments", "postings", "duties", "messages"} {
		gb.want(gb.call("GET", "/task-force/"+register+"?limit=1", nil), 200, "")
	}
	press := gb.as(w.GB, "press-officer")
	press.want(press.do("/task-force/acts/propose-measure", body), 403, "fault.access.denied")
}

// Registers come in pages that do not overlap and leave nothing out.
func TestRegisterPages(t *testing.T) {
	w := desktest.World(t, 52)
	gb := newClient(t, w.GB, "coordinator")
	gb.purpose = "taskforce"
	due := w.Clock.Now().AddDate(0, 0, 9).Format(time.DateOnly)
	for i := range 5 {
		gb.want(gb.do("/task-force/acts/open-task", map[string]any{"task": map[string]any{"title": map[string]any{"en": fmt.Sprint("Task ", i), "sq": fmt.Sprint("Detyra ", i)},
			"owner": "al", "due": due, "evidence": map[string]any{"en": "A note", "sq": "Një shënim"}}}), 200, "")
	}
	seen, path := map[string]bool{}, "/task-force/tasks?limit=2"
	for path != "" {
		r := gb.want(gb.call("GET", path, nil), 200, "")
		for _, x := range r.v["items"].([]any) {
			id := x.(map[string]any)["task"].(string)
			if seen[id] {
				t.Errorf("%s is on two pages", id)
			}
			seen[id] = true
		}
		next, _ := r.v["next"].(string)
		path = ""
		if next != "" {
			path = next[len("/api"):]
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d of 5 tasks", len(seen))
	}
}

// The roster is changed by two officers over the API; one is not enough.
func TestRosterOverTheAPI(t *testing.T) {
	w := desktest.World(t, 53)
	admin := newClient(t, w.GB, "administrator")
	admin.purpose = "administration"
	supervisor := admin.as(w.GB, "supervisor")
	node := admin.want(admin.call("GET", "/node", nil), 200, "")
	if node.v["paired"] != true || node.v["stand_in"] != true || node.v["fingerprint"] != w.GB.Desk.OwnAuthority().Fingerprint() {
		t.Errorf("%s", node.raw)
	}
	p := admin.want(admin.do("/roster/changes", map[string]any{"name": "Nora Api", "role": "caseworker"}), 200, "")
	id := p.v["acts"].([]any)[0].(map[string]any)["act"].(string)
	admin.want(admin.do("/roster/changes/"+id+"/answer", map[string]any{"confirm": true}), 403, "fault.access.denied")
	supervisor.want(supervisor.do("/roster/changes/"+id+"/answer", map[string]any{"confirm": true}), 200, "")
	roster := admin.want(admin.call("GET", "/roster?limit=200", nil), 200, "")
	if !bytes.Contains(roster.raw, []byte("Nora Api")) || bytes.Contains(roster.raw, []byte(`"role":"root"`)) {
		t.Errorf("%s", roster.raw)
	}
	admin.want(admin.call("GET", "/roster/changes", nil), 200, "")
	admin.want(admin.call("GET", "/teams", nil), 200, "")
	admin.want(admin.do("/pairing", map[string]any{"keys": "{}", "read": "0000"}), 409, "fault.pair.done")
	worker := admin.as(w.GB, "caseworker")
	worker.want(worker.call("GET", "/roster", nil), 403, "fault.access.denied")
}

// Two people become one only with two officers, and are two again.
func TestMergeOverTheAPI(t *testing.T) {
	w := desktest.World(t, 54)
	c := newClient(t, w.GB, "caseworker")
	var people []act.ID
	for i := range 2 {
		first := c.want(c.call("POST", "/cases", opening(t), "Idempotency-Key", fmt.Sprintf("open-for-merge-%d", i)), 201, "")
		v, err := w.GB.Desk.ViewCase(context.Background(), w.GB.As("caseworker"), act.ID(first.v["case"].(string)))
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, v.State.Person)
	}
	p := c.want(c.do("/people/acts/propose-merge", map[string]any{"kept": people[0], "merged": people[1], "evidence": []string{"passport-copy"}}), 200, "")
	id := p.v["acts"].([]any)[0].(map[string]any)["act"].(string)
	c.want(c.do("/people/acts/confirm-merge", map[string]any{"proposal": id}), 403, "fault.access.denied")
	s := c.as(w.GB, "supervisor")
	s.want(s.do("/people/acts/confirm-merge", map[string]any{"proposal": id}), 200, "")
	s.want(s.do("/people/acts/undo-merge", map[string]any{"proposal": id, "reason": "error"}), 200, "")
}

// A holiday is declared over the API, moves a limit that runs, stands in the calendars of both states, and is taken back.
func TestHolidaysOverTheAPI(t *testing.T) {
	walk := desktest.Open(t, 57).Request().Agree().Document().Seat()
	w := walk.World
	worker := newClient(t, w.GB, "caseworker")
	c := worker.as(w.GB, "supervisor")
	c.purpose = "administration"
	gates := func() string {
		return string(worker.want(worker.call("GET", "/cases/"+string(walk.ID)+"/gates", nil), 200, "").raw)
	}
	before := gates()
	day := map[string]any{"date": "2023-12-15", "parts": []string{"EAW"}, "name_en": "Day of mourning", "name_sq": "Ditë zie", "source": "Decision 812"}
	worker.want(worker.do("/calendar/acts/declare-holiday", day), 403, "fault.access.denied")
	p := c.want(c.do("/calendar/acts/declare-holiday", day), 200, "")
	id := p.v["acts"].([]any)[0].(map[string]any)["act"].(string)
	c.want(c.do("/calendar/acts/declare-holiday", day), 409, "fault.holiday.free")
	if gates() == before {
		t.Error("the notice period did not move")
	}
	if err := w.Slot(context.Background()); err != nil {
		t.Fatal(err)
	}
	there := newClient(t, w.AL, "supervisor")
	there.purpose = "administration"
	for _, side := range []*client{c, there} {
		if found := declaredOn(side, "2023-12-15"); len(found) != 1 || found[0]["declared"] != id || found[0]["part"] != "EAW" || found[0]["receipt"] == nil || found[0]["withdrawn"] != false {
			t.Errorf("%v", found)
		}
	}
	there.want(there.do("/calendar/acts/withdraw-holiday", map[string]any{"declaration": id, "reason": "error"}), 404, "fault.holiday.none")
	c.want(c.do("/calendar/acts/withdraw-holiday", map[string]any{"declaration": id, "reason": "error"}), 200, "")
	if gates() != before {
		t.Error("taken back, and the notice period is another")
	}
	if found := declaredOn(c, "2023-12-15"); len(found) != 1 || found[0]["withdrawn"] != true {
		t.Errorf("%v", found)
	}
}

// declaredOn reads every page of a year's holidays and returns what was declared for a day.
func declaredOn(c *client, day string) (found []map[string]any) {
	c.t.Helper()
	for path := "/calendar/holidays?limit=20&year=" + day[:4]; path != ""; {
		r := c.want(c.call("GET", path, nil), 200, "")
		for _, x := range r.v["items"].([]any) {
			if x := x.(map[string]any); x["date"] == day && x["declared"] != nil {
				found = append(found, x)
			}
		}
		next, _ := r.v["next"].(string)
		path = strings.TrimPrefix(next, "/api")
	}
	return found
}

// A draft is checked, and a release is announced, by those whose office it is.
func TestReleasesOverTheAPI(t *testing.T) {
	w := desktest.World(t, 55)
	st := newClient(t, w.GB, "statistician")
	st.purpose = "statistics"
	at := time.Date(2024, 2, 8, 9, 30, 0, 0, time.UTC) // a Thursday, two months ahead
	st.want(st.do("/releases", map[string]any{"release": "joint-api", "kind": "joint", "at": at, "first": "2023 Q2", "last": "2023 Q3"}), 200, "")
	list := st.want(st.call("GET", "/releases", nil), 200, "")
	if list.v["total"].(float64) != 1 {
		t.Errorf("%s", list.raw)
	}
	check := map[string]any{"text": "In the year ending March 2023 there were 1 returns.", "series": "record", "edition": w.Clock.Now().Format(time.DateOnly)}
	r := st.want(st.call("POST", "/press/checks", check), 200, "")
	if r.v["passes"] != false {
		t.Errorf("a number that nobody bound passes: %s", r.raw)
	}
	worker := st.as(w.GB, "caseworker")
	worker.want(worker.call("POST", "/press/checks", check), 403, "fault.access.denied")
}

// A traveller is checked and let go on over the API; the first line is never told why.
func TestCheckOverTheAPI(t *testing.T) {
	w := desktest.World(t, 56)
	if w.AL.Border == nil {
		t.Fatal("the authority has no crossing points")
	}
	bo := newClient(t, w.AL, "border-officer")
	bo.purpose = "border"
	point := ""
	for _, p := range w.AL.Border.Points.Points {
		point = p.ID
		break
	}
	first := bo.want(bo.do("/checks", map[string]any{"point": point, "direction": "exit", "destination": []string{"ITA"}, "zone": []string{
		"P<ALBHOXHA<<AGIM<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "BA12345674ALB9405174M3001019<<<<<<<<<<<<<<04"}}), 200, "")
	id := first.v["about"].(string)
	view := bo.want(bo.call("GET", "/checks/"+id, nil), 200, "")
	if view.v["decision"] != "" {
		t.Errorf("%s", view.raw)
	}
	bo.want(bo.do("/checks/"+id+"/second-line", map[string]any{}), 200, "")
	bo.want(bo.do("/checks/"+id+"/allow", map[string]any{}), 200, "")
	view = bo.want(bo.call("GET", "/checks/"+id, nil), 200, "")
	if view.v["decision"] != "allow" {
		t.Errorf("%s", view.raw)
	}
	bo.want(bo.call("GET", "/border/measures", nil), 200, "")
	worker := bo.as(w.AL, "caseworker")
	worker.want(worker.call("GET", "/checks/"+id, nil), 403, "fault.access.denied")
	if r := bo.call("POST", "/checks", map[string]any{}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("an act without a key: %d %s", r.status, r.raw)
	}
}
