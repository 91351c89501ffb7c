-- +goose Up
-- Joint acts that the figures of measures are counted from, by when they were made.
CREATE INDEX acts_counted ON acts (kind, made) WHERE kind IN ('case.requested', 'case.confirmed', 'case.refused', 'case.document-issued');
