-- +goose Up
-- As of when a line of the work list was derived, where time alone changed it after the last act; else empty.
ALTER TABLE cases ADD COLUMN as_of TEXT NOT NULL DEFAULT '';
