-- +goose Up
-- Files of a case, sealed under the person's key. What binds one to the case is the act that names its hash.
CREATE TABLE attachments (
  id      TEXT   PRIMARY KEY,
  about   TEXT   NOT NULL, -- case
  subject TEXT   NOT NULL, -- person whose key seals it
  size    BIGINT NOT NULL CHECK (size > 0),
  sealed  BYTEA  NOT NULL,
  at      TEXT   NOT NULL
);
CREATE INDEX attachments_about ON attachments (about);
