-- +goose Up
-- Web sessions of signed-in officers. The token is kept as a hash and the data sealed: whoever reads the
-- database can neither take over a session nor see what is in it.
CREATE TABLE sessions (
  token  TEXT PRIMARY KEY,
  data   BYTEA NOT NULL,
  expiry TEXT  NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expiry);
-- When the case's next step came to be blocked, so that newly blocked work can be shown first.
ALTER TABLE cases ADD COLUMN blocked_since TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_owes ON cases (outcome, owes, due);
