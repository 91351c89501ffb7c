-- +goose Up
-- The lists that an officer keeps: names and filters, sealed under the officer's own key. Not part of the record.
CREATE TABLE officer_lists (
  officer TEXT  PRIMARY KEY,
  sealed  BYTEA NOT NULL
);
