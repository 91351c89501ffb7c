package web_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border"
	"countersign/internal/border/alert"
	"countersign/internal/border/criteria"
	"countersign/internal/border/lane"
	"countersign/internal/console"
	"countersign/internal/demo"
	"countersign/internal/desk"
	"countersign/internal/node"
	"countersign/internal/person"
	"countersign/internal/taskforce"
	"countersign/internal/web/browsertest"
	"countersign/internal/words"
)

const (
	borderPoint = "al-tirana-airport"
	expired     = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
	inTime      = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F3404159ZE184226B<<<<<16"
)

// crossingPoints fills the Albanian node: keys that may sign lists, a list, a measure at work, a lane, and one check of each kind.
type crossingPoints struct {
	*world
	key, laneKey             ed25519.PrivateKey
	officer, supervisor      desk.Session
	measure, refused, second act.ID
}

func (w *world) crossing() *crossingPoints {
	w.t.Helper()
	c := &crossingPoints{world: w, key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, 32)), laneKey: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{6}, 32)),
		officer: w.AL.As("border-officer").For("purpose.border"), supervisor: w.AL.As("supervisor").For("purpose.border")}
	trusted := fmt.Sprintf(`{"police": {"authority": "al-police", "public": %q}}`, base64.StdEncoding.EncodeToString(c.key.Public().(ed25519.PublicKey)))
	if err := os.WriteFile(filepath.Join(w.AL.Folder, node.AlertKeysFile), []byte(trusted), 0o600); err != nil {
		w.t.Fatal(err)
	}
	terms := w.measureTerms()
	terms.Places = []string{borderPoint}
	measure, proposal := w.force(w.GB, "coordinator", taskforce.ProposeMeasure{Terms: terms})
	w.slot()
	w.force(w.AL, "coordinator", taskforce.AcceptMeasure{ID: measure, Proposal: proposal})
	w.slot()
	c.measure = measure
	ctx := w.t.Context()
	c.must(w.AL.Border.ActivateSnapshot(ctx, c.supervisor, bytes.NewReader(c.list(1))))
	c.must(w.AL.Border.ActivateMeasure(ctx, c.supervisor, domestic.BorderMeasure{Measure: measure, Rulebook: "al-exit", Points: []string{borderPoint},
		From: w.Clock.Now(), Until: w.Clock.Now().AddDate(0, 1, 0)}))
	pub := c.laneKey.Public().(ed25519.PublicKey)
	_, err := w.AL.Border.DelegateLane(ctx, c.officer, domestic.BorderDelegation{Lane: "airport-1", Point: borderPoint, KeyID: act.KeyID(pub),
		Public: base64.StdEncoding.EncodeToString(pub), From: w.Clock.Now(), Until: w.Clock.Now().Add(8 * time.Hour)})
	c.must(err)
	c.refused, c.second = c.open(expired), c.open(inTime)
	c.must(w.AL.Border.Refuse(ctx, c.officer, c.refused, "al.exit.document-valid", c.form()))
	w.Clock.Advance(time.Minute)
	c.must(w.AL.Border.SendToSecondLine(ctx, c.officer, c.second))
	return c
}

func (c *crossingPoints) form() domestic.BorderRefusal {
	return domestic.BorderRefusal{PersonLanguage: "sq",
		Reasons:         map[string]string{"en": "The passport ended on 15 April 2012 and no other document was shown.", "sq": "Pasaporta kishte mbaruar më 15 prill 2012 dhe nuk u tregua dokument tjetër."},
		Proportionality: map[string]string{"en": "A new passport can be had within the day; nothing urgent was said.", "sq": "Pasaporta e re mund të merret brenda ditës; nuk u tha asgjë urgjente."}}
}

func (c *crossingPoints) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *crossingPoints) open(zone string) act.ID {
	c.t.Helper()
	c.Clock.Advance(time.Minute)
	k, err := c.AL.Border.OpenCheck(c.t.Context(), c.officer, desk.Traveller{Zone: strings.Split(zone, "\n"), Point: borderPoint, Direction: criteria.Exit,
		Destination: []string{"gb"}, Facts: map[string]any{"document.biometric": true}})
	c.must(err)
	return k.ID
}

// list is a signed list of one invented person.
func (c *crossingPoints) list(version int64) []byte {
	c.t.Helper()
	now := c.Clock.Now()
	h := alert.Header{List: "al/wanted", Kind: alert.Wanted, Authority: "al-police", LegalBasis: "a warrant", Action: "border.next.compare-person", Version: version,
		Issued: now, ValidFrom: now.Add(-time.Hour), ValidUntil: now.AddDate(0, 0, 7)}
	var file bytes.Buffer
	c.must(alert.Write(&file, h, "police", c.key, func(yield func(*alert.Change) bool) {
		yield(&alert.Change{Alert: alert.Alert{Ref: "w1", Names: []string{"Anna Maria Eriksson"}, Birth: person.MRZDate{Year: 1974, Month: 8, Day: 12}, Sex: 'F'}})
	}))
	return file.Bytes()
}

type borderShown struct {
	name, role, path string
	at               *demo.Authority
}

func (c *crossingPoints) pages() []borderShown {
	day := c.Clock.Now().In(c.AL.Border.Zone).Format(time.DateOnly)
	check := func(id act.ID) string { return "/border/checks/" + string(id) }
	return []borderShown{
		{"border", "supervisor", "/border", c.AL}, {"border-officer", "border-officer", "/border", c.AL}, {"border-none", "supervisor", "/border", c.GB},
		{"border-activate", "supervisor", "/border/measures/new", c.AL}, {"border-day", "supervisor", "/border/measures/" + string(c.measure) + "/" + day, c.AL}, {"border-rules", "statistician", "/border/explain", c.AL},
		{"border-lanes", "supervisor", "/border/lanes", c.AL}, {"border-lanes-officer", "border-officer", "/border/lanes", c.AL}, {"border-lists", "supervisor", "/border/lists", c.AL},
		{"border-checks", "border-officer", "/border/checks", c.AL}, {"border-check", "border-officer", check(c.second), c.AL}, {"border-check-second", "supervisor", check(c.refused), c.AL},
	}
}

func TestBorderGolden(t *testing.T) {
	c := newWorld(t).crossing()
	for _, lang := range words.Langs {
		for _, p := range c.pages() {
			t.Run(p.name+"."+string(lang), func(t *testing.T) {
				same(t, p.name+"."+string(lang), c.as(t, p.at, p.role, lang).page(p.path))
			})
		}
	}
}

// What a rule asks for stands on the page of a check in words, never as the code of the rulebook.
func TestEveryFactHasAName(t *testing.T) {
	catalogues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for lang, c := range catalogues {
		for fact := range criteria.Vocabulary {
			if !c.Has("border.fact." + fact) {
				t.Errorf("%s: %s has no name", lang, fact)
			}
		}
	}
}

// Every page of the crossing points in both languages: axe-core finds nothing, and at 400 % zoom nothing but a table is
// scrolled sideways.
func TestBorderInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	c := newWorld(t).crossing()
	for _, lang := range words.Langs {
		t.Run(string(lang), func(t *testing.T) {
			byRole := map[string]*browsertest.Page{}
			for _, s := range c.pages() {
				key := s.at.Authority + s.role
				if byRole[key] == nil {
					byRole[key] = browser.Page(t)
					signIn(t, byRole[key], s.at, s.role, lang)
				}
				p := byRole[key]
				seen(p, s.at.URL()+s.path, s.name, lang)
			}
		})
	}
}

func (v *visitor) upload(path, field string, file []byte) (int, string) {
	v.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile(field, "wanted.alerts")
	if err == nil {
		_, err = part.Write(file)
	}
	if err != nil || m.Close() != nil {
		v.t.Fatal(err)
	}
	return v.answer(v.client.Post(v.base+path, m.FormDataContentType(), &b))
}

// A list that is damaged, replayed or signed by nobody who is trusted is refused on the page, and the one in use stays.
func TestLoadListOnPage(t *testing.T) {
	c := newWorld(t).crossing()
	v := c.as(t, c.AL, "supervisor", words.English)
	good := c.list(2)
	damaged := bytes.Clone(good)
	damaged[len(damaged)-3] ^= 1
	c.key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	for name, bad := range map[string]struct {
		file []byte
		says string
	}{"damaged": {damaged, "not those that were signed"}, "replayed": {nil, "Choose a file"}, "stranger": {c.list(3), "not signed by a key that is trusted"}} {
		status, body := v.upload("/border/lists", "list", bad.file)
		if name == "replayed" { // an empty file
			if status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", name, status)
			}
		} else if status != http.StatusUnprocessableEntity || !strings.Contains(body, bad.says) {
			t.Errorf("%s: %d %s", name, status, main(body))
		}
		if lists, err := c.AL.Border.ListStatuses(c.supervisor); err != nil || len(lists) != 1 || lists[0].Version != 1 || !lists[0].Usable {
			t.Fatalf("%s: %+v %v", name, lists, err)
		}
	}
	if status, body := v.upload("/border/lists", "list", good); status != http.StatusOK || !strings.Contains(body, "The list is in use") {
		t.Fatalf("%d %s", status, main(body))
	}
	officer := c.as(t, c.AL, "border-officer", words.English)
	if status, _ := officer.upload("/border/lists", "list", good); status == http.StatusOK {
		t.Fatal("a border officer loaded a list")
	}
}

// The whole path over the pages: key lent, refusal proposed with reasons, confirmed by a second officer with copy and
// leaflet, looked at again by nobody who had a part in it; a lane's key lent, used, revoked.
func TestBorderByPages(t *testing.T) {
	c := newWorld(t).crossing()
	officer, supervisor := c.as(t, c.AL, "border-officer", words.English), c.as(t, c.AL, "supervisor", words.English)
	status, body := officer.post("/border/checks", url.Values{"zone": {strings.ToLower(expired)}, "point": {borderPoint}, "direction": {"exit"}, "to": {"gb"}})
	found := regexp.MustCompile(`/border/checks/([0-9a-f-]{36})/refuse`).FindStringSubmatch(body)
	if status != http.StatusOK || found == nil {
		t.Fatalf("%d %s", status, main(body))
	}
	path := "/border/checks/" + found[1]
	f := c.form()
	form := url.Values{"rule": {"al.exit.document-valid"}, "reasons-en": {f.Reasons["en"]}, "reasons-sq": {"kusht"}, "proportionality-en": {f.Proportionality["en"]},
		"proportionality-sq": {f.Proportionality["sq"]}, "language": {"sq"}}
	if status, body = officer.post(path+"/refuse", form); status != http.StatusUnprocessableEntity || !strings.Contains(body, "not complete") {
		t.Fatalf("a word is taken for a reason: %d %s", status, main(body))
	}
	form.Set("reasons-sq", f.Reasons["sq"])
	if status, body = officer.post(path+"/refuse", form); status != http.StatusOK || !strings.Contains(body, "The refusal is proposed") {
		t.Fatalf("%d %s", status, main(body))
	}
	if status, _ = officer.post(path+"/confirm", url.Values{"given": {"copy", "complaint"}}); status < 400 {
		t.Fatalf("the first officer confirmed: %d", status)
	}
	if status, _ = supervisor.post(path+"/confirm", url.Values{"given": {"copy"}}); status != http.StatusUnprocessableEntity {
		t.Fatalf("without the leaflet: %d", status)
	}
	if status, body = supervisor.post(path+"/confirm", url.Values{"given": {"copy", "complaint"}}); status != http.StatusOK || !strings.Contains(body, "in force") {
		t.Fatalf("%d %s", status, main(body))
	}
	if status, body = supervisor.post(path+"/review", url.Values{"outcome": {"withdrawn"}, "why": {"A second passport that is valid was found afterwards."}}); status != http.StatusUnprocessableEntity {
		t.Fatalf("who confirmed reviews: %d %s", status, main(body))
	}

	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, 32))
	public := base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	lend := url.Values{"lane": {"airport-2"}, "point": {borderPoint}, "public": {public[:20]}, "hours": {"8"}}
	if status, body = officer.post("/border/lanes/lend", lend); status != http.StatusUnprocessableEntity {
		t.Fatalf("a broken key was lent: %d %s", status, main(body))
	}
	lend.Set("public", public)
	if status, body = officer.post("/border/lanes/lend", lend); status != http.StatusOK || !strings.Contains(body, "airport-2") {
		t.Fatalf("%d %s", status, main(body))
	}
	d, err := c.AL.Border.SetUpLane("airport-2", "")
	c.must(err)
	queue := lane.NewQueue(d.Delegation, key, 1, "")
	entry := func() {
		ref := domestic.BorderCheckRef{Check: act.ID(fmt.Sprintf("00000000-0000-4000-8000-%012d", queue.Next)), Point: borderPoint, Direction: "exit", Rulebooks: []string{}, Lists: []string{}}
		st, err := border.Decide(border.State{}, border.Allow{Ref: ref}, border.Env{Now: c.Clock.Now()})
		c.must(err)
		_, err = queue.Append(st[0], c.Clock.Now())
		c.must(err)
	}
	entry()
	deliver := console.Over(c.AL.URL() + console.Path)
	if at, err := deliver(context.Background(), queue.Pending); err != nil || at.Seq != 1 {
		t.Fatal(at, err)
	}
	if status, body = supervisor.post("/border/lanes/revoke", url.Values{"key": {"airport-2 " + d.Delegation.KeyID}, "why": {"lost"}}); status != http.StatusOK {
		t.Fatalf("%d %s", status, main(body))
	}
	entry()
	if at, err := deliver(context.Background(), queue.Pending); err == nil {
		t.Fatal("a revoked key still counts", at)
	}
	if _, err := c.AL.Border.SetUpLane("airport-2", ""); err == nil {
		t.Fatal("a lane was set up under a revoked key")
	}
}
