-- +goose Up
-- The record: logs, their hashes, the acts sealed beside them, heads and countersignatures.
CREATE TABLE logs (
  id     BIGINT PRIMARY KEY,
  origin TEXT   NOT NULL UNIQUE,
  kind   TEXT   NOT NULL CHECK (kind IN ('stream', 'peer', 'domestic', 'device')),
  size   BIGINT NOT NULL CHECK (size >= 0)
);
-- Stored hashes of tlog, 256 to a row.
CREATE TABLE tiles (
  log    BIGINT NOT NULL REFERENCES logs (id),
  n      BIGINT NOT NULL,
  hashes BYTEA  NOT NULL,
  PRIMARY KEY (log, n)
);
CREATE TABLE acts (
  log         BIGINT NOT NULL REFERENCES logs (id),
  idx         BIGINT NOT NULL,
  seq         BIGINT NOT NULL, -- order of commitment at this node, over all logs
  id          TEXT   NOT NULL UNIQUE,
  scope       TEXT   NOT NULL CHECK (scope IN ('joint', 'domestic')),
  kind        TEXT   NOT NULL,
  about       TEXT   NOT NULL, -- case, measure, posting ...
  subject     TEXT   NOT NULL, -- person whose key seals it
  officer     TEXT   NOT NULL,
  authority   TEXT   NOT NULL,
  role        TEXT   NOT NULL,
  occurred    TEXT   NOT NULL,
  made        TEXT   NOT NULL,
  recorded    TEXT   NOT NULL,
  receipt     TEXT   NOT NULL DEFAULT '', -- time of the receiver's countersignature
  refused     TEXT   NOT NULL DEFAULT '', -- reason key: held, without effect
  sealed      BYTEA  NOT NULL,
  PRIMARY KEY (log, idx)
);
CREATE INDEX acts_about ON acts (about, seq);
CREATE INDEX acts_kind ON acts (kind, seq);
-- Signed heads of own and peer logs, with the countersignature once there is one. The newest of a size wins.
CREATE TABLE heads (
  log      BIGINT NOT NULL REFERENCES logs (id),
  size     BIGINT NOT NULL,
  signed   BYTEA  NOT NULL,
  cosigned BYTEA  NOT NULL,
  at       TEXT   NOT NULL,
  PRIMARY KEY (log, size)
);
-- A wrapped key per person; without it what is sealed under it cannot be opened by anyone.
CREATE TABLE keys (
  subject   TEXT PRIMARY KEY,
  wrapped   BYTEA NOT NULL,
  destroyed TEXT NOT NULL DEFAULT ''
);
-- The rosters of both authorities, folded from their roster acts.
CREATE TABLE signers (
  key_id    TEXT   PRIMARY KEY,
  authority TEXT   NOT NULL,
  officer   TEXT   NOT NULL,
  name      TEXT   NOT NULL,
  role      TEXT   NOT NULL,
  public    BYTEA  NOT NULL,
  starts    BIGINT NOT NULL,
  ended     BIGINT NOT NULL DEFAULT 0,
  until     TEXT   NOT NULL DEFAULT ''
);
-- Own officers' signing keys, sealed.
CREATE TABLE officer_keys (
  officer TEXT PRIMARY KEY,
  key_id  TEXT NOT NULL,
  sealed  BYTEA NOT NULL
);
CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('seq', 0);
-- What the exchange refused as a whole, on either side of the link; no contents.
CREATE TABLE refusals (
  at     TEXT NOT NULL,
  peer   TEXT NOT NULL,
  side   TEXT NOT NULL CHECK (side IN ('here', 'there')),
  reason TEXT NOT NULL,
  detail TEXT NOT NULL
);
-- Proof that a log was forked: two signed heads that cannot both be true. It freezes the stream.
CREATE TABLE equivocations (
  log    BIGINT NOT NULL REFERENCES logs (id),
  at     TEXT NOT NULL,
  held   BYTEA NOT NULL,
  other  BYTEA NOT NULL,
  proof  BYTEA NOT NULL
);
-- Facts about the node itself: when it was restored, whether it is read-only, the lease of its writer.
CREATE TABLE node_facts (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
