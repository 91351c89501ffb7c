-- +goose Up
-- First answers of the JSON API, so that a repeated request has the same answer and no second effect. An answer
-- is written in the transaction of the acts that it answers for. No personal data: identifiers and kinds.
CREATE TABLE answers (
  officer TEXT   NOT NULL,
  key     TEXT   NOT NULL,
  digest  BYTEA  NOT NULL, -- SHA-256 of what was asked
  status  BIGINT NOT NULL,
  body    BYTEA  NOT NULL,
  at      TEXT   NOT NULL,
  PRIMARY KEY (officer, key)
);
CREATE INDEX answers_at ON answers (at);
-- Bearer tokens of programs that work for an officer, as hashes: whoever reads the database can use none.
CREATE TABLE api_tokens (
  hash    BYTEA PRIMARY KEY,
  officer TEXT NOT NULL,
  expires TEXT NOT NULL,
  ended   TEXT NOT NULL DEFAULT ''
);
