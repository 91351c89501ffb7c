-- +goose Up
-- Whose turn it is to write. Each commit takes the next turn: the row is locked until it ends, so that of many
-- replicas one writes at a time, and a writer sees from the number whether somebody else wrote in between.
CREATE TABLE writer (
  name   TEXT   PRIMARY KEY,
  turn   BIGINT NOT NULL,
  holder TEXT   NOT NULL
);
INSERT INTO writer (name, turn, holder) VALUES ('writer', 0, '');
-- Which replica pushes. It only saves doubled messages; nothing depends on it.
CREATE TABLE leases (
  name   TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until  TEXT NOT NULL
);
