package store_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"countersign/internal/store"
	"countersign/internal/store/storetest"
)

// Answers and tokens keep what they are given, once, on both engines.
func TestAnswersAndTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, o store.Options) {
		s, ctx := storetest.Open(t, o), context.Background()
		at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		a := store.AnswerRow{Officer: "o", Key: "k", Digest: []byte{1}, Status: 201, Body: []byte("first"), At: at}
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.PutAnswer(a) }); err != nil {
			t.Fatal(err)
		}
		twice := a
		twice.Body = []byte("second")
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.PutAnswer(twice) }); err == nil {
			t.Error("a second answer under one key")
		}
		got, ok, err := store.FindAnswer(s, "o", "k")
		if err != nil || !ok || got.Status != 201 || !bytes.Equal(got.Body, a.Body) || !got.At.Equal(at) {
			t.Errorf("%+v %v %v", got, ok, err)
		}
		if _, ok, _ := store.FindAnswer(s, "p", "k"); ok {
			t.Error("another officer's answer")
		}
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.DropAnswers(at.Add(time.Second)) }); err != nil {
			t.Fatal(err)
		}
		if _, ok, _ := store.FindAnswer(s, "o", "k"); ok {
			t.Error("an old answer stays")
		}
		r := store.TokenRow{Hash: []byte("h"), Officer: "o", Expires: at}
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.PutAPIToken(r) }); err != nil {
			t.Fatal(err)
		}
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.EndAPIToken([]byte("h")) }); err != nil {
			t.Fatal(err)
		}
		if got, ok, err := store.FindAPIToken(s, []byte("h")); err != nil || !ok || got.Ended.IsZero() || !got.Expires.Equal(at) {
			t.Errorf("%+v %v %v", got, ok, err)
		}
	})
}
