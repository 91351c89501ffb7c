-- +goose Up
-- The rule on which a refusal rests. Refusals from before are filled by a rebuild of the projections.
ALTER TABLE border_checks ADD COLUMN ground TEXT NOT NULL DEFAULT '';
