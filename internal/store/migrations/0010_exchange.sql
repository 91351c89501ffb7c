-- +goose Up
-- Keys of both authorities by position in the owner's stream; those of the pairing have position -1.
CREATE TABLE authority_keys (
  authority TEXT   NOT NULL,
  use       TEXT   NOT NULL CHECK (use IN ('log', 'cosign', 'seal', 'tls')),
  idx       BIGINT NOT NULL,
  public    BYTEA  NOT NULL,
  PRIMARY KEY (authority, use, idx)
);
-- Own keys that were made after the pairing, sealed under the node's own key.
CREATE TABLE own_keys (
  use    TEXT  NOT NULL,
  public BYTEA NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (use, public)
);
-- Refused messages, counted by day and reason: a flood of them does not fill the disk.
ALTER TABLE refusals ADD COLUMN day TEXT NOT NULL DEFAULT '';
ALTER TABLE refusals ADD COLUMN times BIGINT NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX refusals_day ON refusals (day, peer, side, reason);
-- A fork is proved by two heads and the consistency proof of the larger one; the same pair is kept once.
ALTER TABLE equivocations ADD COLUMN name TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX equivocations_name ON equivocations (name);
-- The receipt of an act is read from the countersigned heads.
ALTER TABLE acts DROP COLUMN receipt;
