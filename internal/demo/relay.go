package demo

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"countersign/internal/exchange"
)

// relay stands on the line between two nodes, as a network does: it can be cut, and it can keep what passed.
type relay struct {
	listener net.Listener
	server   *http.Server
	mu       sync.Mutex
	to       string
	cut      bool
	last     []byte // frame that passed last
}

func newRelay() (*relay, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{listener: l}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	go r.server.Serve(l)
	return r, nil
}

func (r *relay) url() string { return "http://" + r.listener.Addr().String() }

func (r *relay) setCut(cut bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = cut
}

func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	frame, err := io.ReadAll(io.LimitReader(req.Body, exchange.MaxFrame))
	r.mu.Lock()
	to, cut := r.to, r.cut
	if err == nil && !cut {
		r.last = frame
	}
	r.mu.Unlock()
	if err != nil || cut {
		http.Error(w, "the line is cut", http.StatusBadGateway)
		return
	}
	status, answer, err := post(to, frame)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.WriteHeader(status)
	w.Write(answer)
}

// replay sends the frame that passed last once more.
func (r *relay) replay() (int, error) {
	r.mu.Lock()
	to, frame := r.to, bytes.Clone(r.last)
	r.mu.Unlock()
	if frame == nil {
		return 0, errors.New("no frame has passed")
	}
	status, _, err := post(to, frame)
	return status, err
}

// post hands a frame to a node as anybody on the network could.
func post(url string, frame []byte) (int, []byte, error) {
	resp, err := http.Post(url+exchange.Path, "application/octet-stream", bytes.NewReader(frame))
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, b, err
}
