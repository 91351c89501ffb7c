package desk_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// A push that is woken sends what there is, at once, and nothing when the push before it has taken it along; a fixed
// slot always sends a frame.
func TestWokenForNothing(t *testing.T) {
	gb, _ := two(t, func() store.Options { return storetest.SQLite(t) })
	gb.slot(t)
	var frames atomic.Int64
	gb.wire.fn = func(frame []byte, take func([]byte) ([]byte, error)) ([]byte, error) {
		frames.Add(1)
		return take(frame)
	}
	ctx, stop := context.WithCancel(t.Context())
	wake, ended := make(chan struct{}), make(chan struct{})
	go func() { gb.link.Run(ctx, time.Hour, wake); close(ended) }()
	for range 3 {
		wake <- struct{}{}
	}
	e := gb.say(t)
	wake <- struct{}{}
	if err := gb.AwaitReceipt(t.Context(), e.Index); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		wake <- struct{}{}
	}
	stop()
	<-ended
	if n := frames.Load(); n != 1 {
		t.Errorf("%d frames left for one act", n)
	}
	gb.slot(t)
	if n := frames.Load(); n != 2 {
		t.Errorf("a slot with nothing to say sent %d frames", n-1)
	}
}
