-- +goose Up
-- Projections of return cases. They can be rebuilt from the acts at any time.
CREATE TABLE cases (
  id          TEXT PRIMARY KEY,
  subject     TEXT NOT NULL,
  side        TEXT NOT NULL CHECK (side IN ('requesting', 'requested', '')),
  route       TEXT NOT NULL,
  outcome     TEXT NOT NULL, -- empty: open
  next        TEXT NOT NULL, -- catalogue key of the one next step
  args        TEXT NOT NULL, -- its variables, JSON
  owes        TEXT NOT NULL, -- authority that owes it
  due         TEXT NOT NULL,
  officer     TEXT NOT NULL, -- who has the file here
  blocked     BOOLEAN NOT NULL, -- a gate before the next step is closed
  paused      BOOLEAN NOT NULL,
  opened      TEXT NOT NULL,
  updated     TEXT NOT NULL,
  acts        BIGINT NOT NULL,
  name_sealed BYTEA NOT NULL -- the person's name for display, sealed
);
CREATE INDEX cases_open ON cases (outcome, due);
CREATE INDEX cases_officer ON cases (officer, outcome, due);
CREATE INDEX cases_subject ON cases (subject);
-- Blind index: keyed hashes of folded names, birth dates and document numbers, so that a person can be found
-- and the database does not spell out who is in it.
CREATE TABLE tokens (
  token   BYTEA NOT NULL,
  subject TEXT  NOT NULL,
  PRIMARY KEY (token, subject)
);
-- Returns as they count, by the act that said so; statistics folds them.
CREATE TABLE returns (
  seq      BIGINT PRIMARY KEY,
  act      TEXT NOT NULL UNIQUE,
  kind     TEXT NOT NULL,
  recorded TEXT NOT NULL,
  body     TEXT NOT NULL -- codes only, JSON
);
