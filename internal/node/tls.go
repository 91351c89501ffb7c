package node

import (
	"context"
	"crypto/ed25519"
	"crypto/hpke"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net/http"
	"slices"
	"sync"
	"time"

	"countersign/internal/act/joint"
	"countersign/internal/desk"
	"countersign/internal/exchange"
)

// ring gives the transport the keys that count now; they change by acts while the node runs.
type ring struct {
	desk *desk.Desk
	own  keys

	mu    sync.Mutex
	seals map[string]hpke.PrivateKey
	peers map[string]hpke.PublicKey
	certs map[string]*tls.Certificate
}

func newRing(d *desk.Desk, own keys) *ring {
	return &ring{desk: d, own: own, seals: map[string]hpke.PrivateKey{string(own.seal.PublicKey().Bytes()): own.seal},
		peers: map[string]hpke.PublicKey{}, certs: map[string]*tls.Certificate{}}
}

// Own implements exchange.Keys: every sealing key that this authority has had opens, the newest is tried first.
func (r *ring) Own() []hpke.PrivateKey {
	_, all := r.desk.OwnKeys(joint.UseSeal)
	out := make([]hpke.PrivateKey, 0, len(all))
	for _, pub := range slices.Backward(all) {
		if key, err := r.sealKey(pub); err == nil {
			out = append(out, key)
		}
	}
	return out
}

func (r *ring) sealKey(pub []byte) (hpke.PrivateKey, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k, ok := r.seals[string(pub)]; ok {
		return k, nil
	}
	raw, err := r.desk.OwnKey(r.desk.Store, joint.UseSeal, pub)
	if err != nil {
		return nil, err
	}
	k, err := exchange.KEM().NewPrivateKey(raw)
	if err == nil {
		r.seals[string(pub)] = k
	}
	return k, err
}

// Peer implements exchange.Keys: the newest sealing key that the peer has announced.
func (r *ring) Peer() hpke.PublicKey {
	pub := r.desk.PeerKeys(joint.UseSeal)[0]
	r.mu.Lock()
	defer r.mu.Unlock()
	if k, ok := r.peers[string(pub)]; ok {
		return k
	}
	k, err := exchange.KEM().NewPublicKey(pub)
	if err == nil { // keys are checked before they are announced or admitted
		r.peers[string(pub)] = k
	}
	return k
}

// certificate is the node's self-signed certificate. Only its public key matters: the peer has pinned it.
func (r *ring) certificate() (*tls.Certificate, error) {
	pub, _ := r.desk.OwnKeys(joint.UseTLS)
	r.mu.Lock()
	defer r.mu.Unlock()
	if c, ok := r.certs[string(pub)]; ok {
		return c, nil
	}
	key := r.own.tls
	if !key.Public().(ed25519.PublicKey).Equal(ed25519.PublicKey(pub)) {
		seed, err := r.desk.OwnKey(r.desk.Store, joint.UseTLS, pub)
		if err != nil {
			return nil, err
		}
		key = ed25519.NewKeyFromSeed(seed)
	}
	c, err := selfSigned(r.desk.Authority, key)
	if err == nil {
		r.certs[string(pub)] = c
	}
	return c, err
}

func selfSigned(authority string, key ed25519.PrivateKey) (*tls.Certificate, error) {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "countersign " + authority},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)} // RFC 5280, 4.1.2.5: no expiry
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

// pinned accepts the peer by its pinned public key and by nothing else: no authority of certificates, no names.
func (r *ring) pinned(s tls.ConnectionState) error {
	if len(s.PeerCertificates) == 0 {
		return errors.New("the peer shows no certificate")
	}
	pub, ok := s.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	if !ok {
		return errors.New("the peer's key is not of the kind that was paired")
	}
	for _, k := range r.desk.PeerKeys(joint.UseTLS) {
		if pub.Equal(ed25519.PublicKey(k)) {
			return r.desk.SawKey(context.Background(), joint.UseTLS, k)
		}
	}
	return errors.New("the peer's key is not the paired one")
}

func (r *ring) server() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert, VerifyConnection: r.pinned, SessionTicketsDisabled: true,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return r.certificate() }}
}

// client pins the peer's key. The usual check of names and issuers is replaced, not left out: see pinned.
func (r *ring) client() *http.Client {
	t := &http.Transport{MaxIdleConnsPerHost: 8, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 60 * time.Second,
		WriteBufferSize: 64 << 10, ReadBufferSize: 64 << 10,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true, VerifyConnection: r.pinned,
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return r.certificate() }}}
	return &http.Client{Timeout: 2 * time.Minute, CheckRedirect: exchange.NoRedirects, Transport: t}
}
