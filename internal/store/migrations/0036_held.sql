-- +goose Up
-- A barrier holds, or one of the states has said “not yet”: what open pages ask for every second. Filled by the
-- first projection; until then a case that was paused counts as held, and every barrier still closes its gates.
ALTER TABLE cases ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE cases SET held = paused;
