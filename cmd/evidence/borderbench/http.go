package borderbench

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/border/criteria"
	"countersign/internal/border/lane"
	"countersign/internal/border/synthetic"
	"countersign/internal/console"
	"countersign/laws"

	"github.com/go-json-experiment/json"
)

// perSecond is the load of the target: documents a second at one machine.
const perSecond = 500

// lane measures a whole lane: from its folder on disk to the first answer, then answers over HTTP at the target's
// load, each with the decision written durably to the lane's own disk.
func (b *Bench) lane() error {
	folder, err := os.MkdirTemp("", "countersign-lane-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := b.laneFolder(folder); err != nil {
		return err
	}
	books, err := criteria.Load(laws.Border)
	if err != nil {
		return err
	}
	begin := time.Now()
	l, err := console.Open(console.Config{Folder: folder, Books: books, Wall: func() time.Time { return b.day },
		Elapsed: func() time.Duration { return 0 }, Deliver: func(context.Context, []lane.Entry) (lane.Position, error) { return lane.Position{}, nil }})
	if err != nil {
		return err
	}
	w := synthetic.New(b.Seed+4000, b.day)
	p := w.Person()
	l.Scan([]byte(ZoneOf(&p)))
	took := time.Since(begin)
	b.say("lane's first answer from its folder", fmt.Sprintf("%.2f s, %d alerts", took.Seconds(), l.Alerts()), "3 s", took > 3*time.Second, true, "; files in the system's cache")
	server := httptest.NewServer(l.Handler())
	defer server.Close()
	return b.load(server.URL, w)
}

// laneFolder is what a lane finds when it starts.
func (b *Bench) laneFolder(folder string) error {
	key, _ := Keys()
	pub := key.Public().(ed25519.PublicKey)
	public := base64.StdEncoding.EncodeToString(pub)
	s := console.Settings{Officer: act.Officer{ID: "55555555-0000-4000-8000-000000000001", Authority: "al", Role: "border-officer"}, State: "al", Direction: criteria.Exit,
		Destination: []string{"gb"}, Zone: "Europe/Tirane", Delegation: domestic.BorderDelegation{Lane: "bench", Point: "al-tirana-airport", KeyID: act.KeyID(pub),
			Public: public, From: b.day.Add(-time.Hour), Until: b.day.Add(8 * time.Hour)}}
	settings, err := json.Marshal(s)
	if err != nil {
		return err
	}
	ring, err := json.Marshal(map[string]map[string]string{"node": {"authority": "node", "public": public}})
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{console.SettingsFile: settings, console.RingFile: ring, console.KeyFile: []byte(base64.StdEncoding.EncodeToString(key.Seed()))} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return err
		}
	}
	f, err := os.Create(filepath.Join(folder, console.ListsFile))
	if err != nil {
		return err
	}
	if err := b.index.WriteImage(f, "node", key); err != nil {
		return err
	}
	return f.Close()
}

// load sends documents at fixed times, whether or not answers have come (so that a slow answer is not hidden by a
// slow sender), and decides on each.
func (b *Bench) load(address string, w *synthetic.World) error {
	n := perSecond * 4
	zones := make([]string, n)
	for i := range zones {
		p := w.Person()
		zones[i] = ZoneOf(&p)
	}
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}
	scans, decisions, failed := make(quantiles, n), make(quantiles, n), make([]error, n)
	var wg sync.WaitGroup
	begin := time.Now()
	for i := range n {
		due := begin.Add(time.Duration(i) * time.Second / perSecond)
		time.Sleep(time.Until(due))
		wg.Go(func() {
			var s console.Shown
			failed[i] = post(client, address+"/scan", url.Values{"zone": {zones[i]}}, &s)
			scans[i] = time.Since(due)
			if failed[i] == nil {
				failed[i] = post(client, address+"/decide/"+string(s.Check), url.Values{"decision": {"second-line"}}, nil)
				decisions[i] = time.Since(due)
			}
		})
	}
	wg.Wait()
	rate := float64(n) / time.Since(begin).Seconds()
	lost := 0
	var why error
	for _, err := range failed {
		if err != nil {
			lost++
			why = err
		}
	}
	slices.Sort(scans)
	slices.Sort(decisions)
	more := fmt.Sprintf("; %.0f a second over HTTP on loopback, %d failed", rate, lost)
	if why != nil {
		more += " (" + why.Error() + ")"
	}
	b.say("whole decision over HTTP, scan to answer", fmt.Sprintf("p50 %v p99 %v", scans.at(.5).Round(time.Microsecond), scans.at(.99).Round(time.Microsecond)), "p99 60 ms", lost > 0 || scans.at(.99) > 60*time.Millisecond, true, more)
	b.say("... to the officer's decision on the lane's disk", fmt.Sprintf("p50 %v p99 %v", decisions.at(.5).Round(time.Microsecond), decisions.at(.99).Round(time.Microsecond)), "none", false, true, "")
	return nil
}

func post(client *http.Client, address string, form url.Values, into any) error {
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s: status %d", address, resp.StatusCode)
	}
	if into == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	return json.UnmarshalRead(resp.Body, into)
}
