-- +goose Up
-- The files of statistical releases, byte for byte as they were built: by release and by the digest of the
-- manifest that names them, so that a draft, the publication and each correction stay what they were. They are
-- kept, not derived: acts name them by their digest.
CREATE TABLE release_files (
  release TEXT  NOT NULL,
  digest  TEXT  NOT NULL,
  name    TEXT  NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (release, digest, name)
);
-- What the audit of a draft found, for the officer who decides.
CREATE TABLE release_findings (
  release  TEXT NOT NULL,
  digest   TEXT NOT NULL,
  findings TEXT NOT NULL, -- JSON
  PRIMARY KEY (release, digest)
);
-- Tables of official editions, compact, by the hash of the file as given.
CREATE TABLE editions (
  name      TEXT  NOT NULL,
  published TEXT  NOT NULL,
  hash      TEXT  NOT NULL,
  content   BYTEA NOT NULL,
  PRIMARY KEY (name, published)
);
