package console

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"countersign/internal/border/lane"
	"countersign/internal/fault"

	"github.com/go-json-experiment/json"
)

// Delivery is what a lane sends and Receipt what the node answers: how far it holds the lane's log, and why it does
// not take what comes after.
type (
	Delivery struct {
		Entries []lane.Entry `json:"entries"`
	}
	Receipt struct {
		Seq    uint64 `json:"seq"`
		Prev   string `json:"prev"`
		Reason string `json:"reason,omitzero"`
	}
)

// Path is where a node takes what lanes have queued.
const Path = "/lanes/entries"

// maxReceipt bounds what a lane reads of an answer.
const maxReceipt = 4 << 10

// Over delivers to a node's address.
func Over(url string) func(context.Context, []lane.Entry) (lane.Position, error) {
	client := &http.Client{Timeout: 20 * time.Second}
	return func(ctx context.Context, batch []lane.Entry) (lane.Position, error) {
		b, err := json.Marshal(Delivery{batch})
		if err != nil {
			return lane.Position{}, err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(b))
		if err != nil {
			return lane.Position{}, err
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			return lane.Position{}, fault.New(fault.Unavailable, "console.offline").Because(err)
		}
		defer resp.Body.Close()
		var r Receipt
		if err := json.UnmarshalRead(io.LimitReader(resp.Body, maxReceipt), &r, json.RejectUnknownMembers(true)); err != nil {
			return lane.Position{}, fault.New(fault.Unavailable, "console.offline").Because(fmt.Errorf("status %d: %w", resp.StatusCode, err))
		}
		at := lane.Position{Seq: r.Seq, Prev: r.Prev}
		if r.Reason != "" {
			return at, fault.New(fault.Denied, r.Reason)
		}
		return at, nil
	}
}

// Taker is a node's door for lanes.
type Taker interface {
	DeliverLane(context.Context, []lane.Entry) (lane.Position, error)
}

// maxDelivery bounds one delivery's bytes.
const maxDelivery = 8 << 20

// Deliveries is the node's side: it needs no session, because the entries carry the delegated signature.
func Deliveries(t Taker) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var d Delivery
		answer := func(status int, at lane.Position, reason string) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			json.MarshalWrite(w, Receipt{at.Seq, at.Prev, reason}) // a lane that went away asks again
		}
		if err := json.UnmarshalRead(http.MaxBytesReader(w, r.Body, maxDelivery), &d, json.RejectUnknownMembers(true)); err != nil {
			answer(http.StatusBadRequest, lane.Position{}, "fault.border.lane-batch")
			return
		}
		at, err := t.DeliverLane(r.Context(), d.Entries)
		switch {
		case err == nil:
			answer(http.StatusOK, at, "")
		case fault.KindOf(err) == "":
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		default:
			answer(http.StatusUnprocessableEntity, at, fault.KeyOf(err))
		}
	})
}
