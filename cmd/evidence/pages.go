package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"countersign/internal/demo"
)

// Targets of the pages (issue 5).
const (
	listWithin   = 100 * time.Millisecond // a work list, as pageWithin is for any page
	firstVisit   = 100_000                // bytes, as they cross the line
	holdHere     = 2 * time.Second        // a court order, on every open page of the node
	holdThere    = 2 * time.Second        // two push slots of at most a second
	fieldsAtMost = 40
)

// benchPages measures what officers feel: how long the node works at each page with a full register, what a first
// visit loads, how soon a court order stands on pages that are open already, and how much has to be typed.
func benchPages(r *Run) error {
	ctx := context.Background()
	var said []string
	if r.wants("fields") {
		f, err := r.fieldsTyped(ctx)
		if err != nil {
			return err
		}
		said = append(said, f)
	}
	if r.wants("hold") {
		f, err := r.liveHold(ctx)
		if err != nil {
			return err
		}
		said = append(said, f)
	}
	if r.wants("speed") {
		f, err := r.pageSpeed(ctx)
		if err != nil {
			return err
		}
		said = append(said, f)
	}
	for i, s := range said {
		if i > 0 {
			r.figure += "; "
		}
		r.figure += s
	}
	return nil
}

// pagesWorld is two whole nodes on SQLite.
func (r *Run) pagesWorld(ctx context.Context, name string, start time.Time) (*demo.World, error) {
	w, err := demo.Build(ctx, demo.Options{Folder: filepath.Join(r.Folder, name), Seed: r.Seed, Start: start, Slot: time.Second, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("two nodes: %w", err)
	}
	return w, nil
}
