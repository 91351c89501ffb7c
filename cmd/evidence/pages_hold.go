package main

import "context"

func (r *Run) liveHold(ctx context.Context) (string, error) { return "", nil }

func (r *Run) fieldsTyped(ctx context.Context) (string, error) { return "", nil }
