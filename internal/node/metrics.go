package node

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"countersign/internal/store"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what an operator watches. None is about a person, and labels are codes of the protocol only.
type metrics struct {
	node     *Node
	registry *prometheus.Registry
	refusals *prometheus.CounterVec
}

func gauge(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("countersign_"+name, help, nil, nil)
}

var (
	streamSize    = gauge("stream_acts", "Joint acts of this authority.")
	streamLag     = gauge("stream_lag_acts", "Joint acts that the peer has not countersigned yet.")
	exposed       = gauge("stream_exposed_seconds", "Age of the oldest joint act that is not countersigned.")
	peerHeld      = gauge("peer_stream_acts", "Joint acts of the peer that are held and dealt with here.")
	deadlinesDue  = gauge("deadlines_due", "Open cases whose next step is due within a day.")
	deadlinesLate = gauge("deadlines_overdue", "Open cases whose next step is overdue.")
	frozenGauge   = gauge("stream_frozen", "1 while a fork of the peer's stream is on record.")
	readOnlyGauge = gauge("read_only", "1 while the node takes no acts.")
	pausedGauge   = gauge("link_paused", "1 while either side has paused or ended the link.")
	commitsTotal  = gauge("commits_total", "Durable transactions since the start.")
	upGauge       = gauge("database_up", "1 while the database answers.")
)

func newMetrics(n *Node) *metrics {
	m := &metrics{node: n, registry: prometheus.NewRegistry(), refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "countersign_refusals_total",
		Help: "Messages refused as a whole, here or by the peer, by reason."}, []string{"side", "reason"})}
	m.registry.MustRegister(m.refusals, m)
	return m
}

func (m *metrics) refused(side, reason string) { m.refusals.WithLabelValues(side, reason).Inc() }

// Describe implements prometheus.Collector.
func (m *metrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{streamSize, streamLag, exposed, peerHeld, deadlinesDue, deadlinesLate, frozenGauge, readOnlyGauge, pausedGauge, commitsTotal, upGauge} {
		ch <- d
	}
}

// Collect reads the figures when they are asked for.
func (m *metrics) Collect(ch chan<- prometheus.Metric) {
	put := func(d *prometheus.Desc, v float64) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
	s, err := m.node.Desk.LinkState(context.Background())
	put(upGauge, truth(err == nil))
	if err != nil {
		return
	}
	put(streamSize, float64(s.Size))
	put(streamLag, float64(s.Size-s.Countersigned))
	put(peerHeld, float64(s.Held))
	put(frozenGauge, truth(s.Frozen))
	put(readOnlyGauge, truth(s.ReadOnly != ""))
	put(pausedGauge, truth(s.PausedHere > 0 || s.PausedThere > 0 || s.Ended != ""))
	put(commitsTotal, float64(m.node.store.Commits()))
	now := m.node.Clock()
	if at, ok, err := m.node.Desk.OldestExposed(s.Countersigned); err == nil {
		age := 0.0
		if ok {
			age = now.Sub(at).Seconds()
		}
		put(exposed, age)
	}
	for d, until := range map[*prometheus.Desc]time.Time{deadlinesDue: now.Add(24 * time.Hour), deadlinesLate: now} {
		if _, n, err := store.Cases(m.node.store, store.CaseFilter{Open: true, DueBefore: until, Limit: 1}); err == nil {
			put(d, float64(n))
		}
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// health serves liveness, readiness and metrics, for this machine only.
func (n *Node) health() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		s, err := n.Desk.LinkState(r.Context())
		switch {
		case err != nil:
			n.Log.Error("not ready", "err", err)
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		case s.ReadOnly != "":
			http.Error(w, s.ReadOnly, http.StatusServiceUnavailable)
		default: // a peer that is away, or a frozen stream, does not stop work here
			fmt.Fprintln(w, "ready")
		}
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(n.metrics.registry, promhttp.HandlerOpts{}))
	return mux
}
