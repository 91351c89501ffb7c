package exchange

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
)

// HTTP carries frames over HTTP. It follows no redirects: the peer is one address (ASVS 15.3.2).
type HTTP struct {
	URL    string // of the peer, without Path
	Client *http.Client
}

// Carry posts one frame.
func (h HTTP) Carry(ctx context.Context, frame []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL+Path, bytes.NewReader(frame))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	resp, err := h.Client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("peer answered %s", resp.Status)
	}
	return readAll(io.LimitReader(resp.Body, MaxFrame), resp.ContentLength)
}

// NoRedirects is for Client.CheckRedirect.
func NoRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
