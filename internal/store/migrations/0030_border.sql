-- +goose Up
-- Projections of the checks at crossing points. They name nobody: codes, places and times.
CREATE TABLE border_checks (
  id        TEXT PRIMARY KEY,
  point     TEXT NOT NULL,
  direction TEXT NOT NULL,
  measure   TEXT NOT NULL,
  at        TEXT NOT NULL,
  decision  TEXT NOT NULL,
  rules     TEXT NOT NULL, -- JSON list of codes
  rulebooks TEXT NOT NULL,
  lists     TEXT NOT NULL,
  lane      TEXT NOT NULL,
  act       TEXT NOT NULL,
  seconds   BIGINT NOT NULL, -- in the second line
  reviewed  TEXT NOT NULL
);
CREATE INDEX border_checks_measure ON border_checks (measure, at);
CREATE INDEX border_checks_decision ON border_checks (decision, at);
CREATE TABLE border_lists (
  list    TEXT   PRIMARY KEY,
  version BIGINT NOT NULL,
  sha256  TEXT   NOT NULL,
  count   BIGINT NOT NULL,
  at      TEXT   NOT NULL
);
CREATE TABLE border_measures (
  act      TEXT PRIMARY KEY,
  measure  TEXT NOT NULL,
  rulebook TEXT NOT NULL,
  points   TEXT NOT NULL, -- JSON list
  starts   TEXT NOT NULL,
  ends     TEXT NOT NULL
);
CREATE TABLE border_counts (
  authority TEXT NOT NULL,
  measure   TEXT NOT NULL,
  day       TEXT NOT NULL,
  at        TEXT NOT NULL,
  body      TEXT NOT NULL,
  PRIMARY KEY (authority, measure, day)
);
CREATE TABLE border_cleared (
  key  TEXT PRIMARY KEY,
  list TEXT NOT NULL,
  ref  TEXT NOT NULL
);
-- How far each lane's own log was taken in, and the keys that officers lent to lanes.
CREATE TABLE lanes (
  lane   TEXT   PRIMARY KEY,
  point  TEXT   NOT NULL,
  seq    BIGINT NOT NULL,
  prev   TEXT   NOT NULL,
  closed TEXT   NOT NULL -- last day that was closed
);
CREATE TABLE lane_keys (
  key_id    TEXT PRIMARY KEY,
  lane      TEXT NOT NULL,
  point     TEXT NOT NULL,
  public    TEXT NOT NULL,
  officer   TEXT NOT NULL,
  authority TEXT NOT NULL,
  role      TEXT NOT NULL,
  starts    TEXT NOT NULL,
  ends      TEXT NOT NULL,
  revoked   TEXT NOT NULL
);
CREATE INDEX lane_keys_lane ON lane_keys (lane);
-- What a document showed, sealed under a key of this check alone until that key is destroyed. Not a projection:
-- it is in no act, so that forgetting it leaves no gap in the record.
CREATE TABLE border_travellers (
  check_id TEXT    PRIMARY KEY,
  at       TEXT    NOT NULL,
  finding  BOOLEAN NOT NULL,
  sealed   BYTEA   NOT NULL
);
CREATE INDEX border_travellers_at ON border_travellers (finding, at);
