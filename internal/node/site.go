package node

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"strings"

	"countersign/internal/api"
	"countersign/internal/console"
	"countersign/internal/signin"
	"countersign/internal/web"
)

// site is what the authority's own officers reach.
func (n *Node) site() (http.Handler, error) {
	provider, err := n.provider()
	if err != nil {
		return nil, err
	}
	sessions := signin.New(signin.Options{Store: n.store, Vault: n.Desk.Vault, Name: "-" + strings.ToLower(n.Authority),
		Secure: strings.HasPrefix(n.PublicURL, "https://"), Log: n.Log})
	site, err := web.NewSite(web.Site{Desk: n.Desk, Sessions: sessions, Provider: provider, Border: n.Border, Log: n.Log})
	if err != nil {
		return nil, err
	}
	machine, err := api.New(api.Config{Desk: n.Desk, Border: n.Border, Log: n.Log})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	mux.Handle(api.Base+"/", machine)
	mux.Handle("POST "+console.Path, console.Deliveries(n.Border))
	mux.Handle("/", site.Handler())
	return mux, nil
}

// provider is the authority's own place to sign in; nil where none is set up.
func (n *Node) provider() (signin.Provider, error) {
	o := n.SignIn
	if o.Issuer == "" {
		return nil, nil
	}
	secret, roots := "", (*x509.CertPool)(nil)
	if o.SecretFile != "" {
		b, err := os.ReadFile(o.SecretFile)
		if err != nil {
			return nil, fmt.Errorf("sign-in: the client's secret: %w", err)
		}
		secret = strings.TrimSpace(string(b))
	}
	if o.CAFile != "" {
		b, err := os.ReadFile(o.CAFile)
		if err != nil {
			return nil, fmt.Errorf("sign-in: the provider's certificates: %w", err)
		}
		roots = x509.NewCertPool()
		if !roots.AppendCertsFromPEM(b) {
			return nil, fmt.Errorf("sign-in: %s holds no certificate", o.CAFile)
		}
	}
	site := n.PublicURL
	if site == "" && n.Demo { // on loopback the address is known
		site = n.URL()
	}
	return signin.Connect(o, secret, site, roots, n.Demo, nil)
}
