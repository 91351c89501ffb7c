-- +goose Up
-- Which identity at the authority's own provider is which officer: a projection of subject.bound. The identity is
-- kept as a hash; an officer has one, and one identity is one officer.
CREATE TABLE subjects (
  key     TEXT PRIMARY KEY,
  officer TEXT NOT NULL UNIQUE,
  issuer  TEXT NOT NULL
);
-- People whom the provider knows and the roster does not: they wait until an administrator says who they are. Not
-- part of the record; forgotten after a week.
CREATE TABLE waiting_subjects (
  key       TEXT PRIMARY KEY,
  reference TEXT  NOT NULL,
  sealed    BYTEA NOT NULL, -- issuer, subject and the provider's name for the person
  at        TEXT  NOT NULL
);
CREATE INDEX waiting_subjects_at ON waiting_subjects (at);
-- Officers who work on each other's cases: a projection of team.set.
CREATE TABLE teams (
  team TEXT PRIMARY KEY,
  name TEXT NOT NULL
);
CREATE TABLE team_members (
  team    TEXT NOT NULL,
  officer TEXT NOT NULL,
  PRIMARY KEY (team, officer)
);
CREATE INDEX team_members_officer ON team_members (officer);
