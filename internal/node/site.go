package node

import (
	"net/http"
	"strings"

	"countersign/internal/api"
	"countersign/internal/console"
	"countersign/internal/signin"
	"countersign/internal/web"
)

// site is what the authority's own officers reach.
func (n *Node) site() (http.Handler, error) {
	sessions := signin.New(signin.Options{Store: n.store, Vault: n.Desk.Vault, Name: "-" + strings.ToLower(n.Authority), Log: n.Log})
	site, err := web.NewSite(web.Site{Desk: n.Desk, Sessions: sessions, Border: n.Border, Log: n.Log})
	if err != nil {
		return nil, err
	}
	machine, err := api.New(api.Config{Desk: n.Desk, Log: n.Log})
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
