-- +goose Up
-- Files with people in them that officers took out: a projection of the looks that say so, for counting by week.
-- What was taken before is filled by a rebuild of the projections.
CREATE TABLE exports (
  act     TEXT   PRIMARY KEY,
  officer TEXT   NOT NULL,
  at      TEXT   NOT NULL,
  people  BIGINT NOT NULL
);
CREATE INDEX exports_at ON exports (at);
