package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"countersign/internal/exchange"
	"countersign/internal/record"
)

// ErrPaired ends Run when two officers have compared the peer's keys: the node has kept them and must be opened again.
var ErrPaired = errors.New("the two authorities are paired; start again")

// readPeer reads the peer's public keys. Without them the node opens unpaired: officers can sign in and compare the
// keys, and nothing leaves or comes in.
func (n *Node) readPeer() (record.Authority, error) {
	peer, err := ReadAuthority(n.path(PublicName(n.Peer)))
	if errors.Is(err, fs.ErrNotExist) {
		return record.Authority{Authority: n.Peer}, nil
	}
	if err != nil {
		return peer, fmt.Errorf("the peer's public keys: %w", err)
	}
	if peer.Authority != n.Peer {
		return peer, fmt.Errorf("%s holds the keys of %q", n.path(PublicName(n.Peer)), peer.Authority)
	}
	return peer, sealable(peer)
}

func sealable(peer record.Authority) error {
	if _, err := exchange.KEM().NewPublicKey(peer.Seal); err != nil {
		return fmt.Errorf("the peer's sealing key: %w", err)
	}
	return nil
}

// confirmed keeps the keys that two officers have compared, and asks Run to end.
func (n *Node) confirmed(peer record.Authority) {
	if err := n.keepPeer(peer); err != nil {
		n.Log.Error("the peer's keys could not be kept; they are in the record and are taken from there at the next start", "err", err)
	}
	select {
	case n.paired <- struct{}{}:
	default:
	}
}

func (n *Node) keepPeer(peer record.Authority) error {
	if err := sealable(peer); err != nil {
		return err
	}
	return WritePublic(n.Folder, peer)
}

// finishPairing takes the peer's keys out of the record where two officers have compared them and the node ended
// before it had kept them, or another replica was asked.
func (n *Node) finishPairing(ctx context.Context, readOnly bool) error {
	if n.Desk.Paired() || readOnly {
		return nil
	}
	peer, ok, err := n.Desk.ConfirmedPeer()
	if err != nil || !ok {
		return err
	}
	if err := n.keepPeer(peer); err != nil {
		return err
	}
	if err := n.store.Close(); err != nil {
		return err
	}
	return n.open(ctx, readOnly)
}

// unpaired answers the other authority before its keys are known.
func unpaired(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}

// again ends serving gently, so that the officer who confirmed the pairing still gets the answer.
func (n *Node) again(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for _, s := range n.handlers {
		if err := s.Shutdown(ctx); err != nil {
			n.Log.Warn("a connection was cut", "err", err)
		}
	}
	return ErrPaired
}

// RunAgain runs a node, and opens it again where two officers have paired it meanwhile. opened is called each time.
func RunAgain(ctx context.Context, c Config, opened func(*Node)) error {
	for {
		n, err := New(ctx, c)
		if err != nil {
			return err
		}
		opened(n)
		c.Listen, c.ExchangeListen, c.AdminListen = n.pages.Addr().String(), n.frames.Addr().String(), n.admin.Addr().String()
		err = errors.Join(n.Run(ctx), n.Close())
		if !errors.Is(err, ErrPaired) {
			return err
		}
	}
}
