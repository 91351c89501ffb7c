-- +goose Up
-- What is asked of all cases at once is kept in memory and brought up to date by the turn in which a line was
-- written last. What the dashboards count of a case is sealed under the key of its person; NULL: not projected since
-- this column came, and folded from the acts instead.
ALTER TABLE cases ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN measured_sealed BYTEA;
CREATE INDEX cases_turn ON cases (turn, id);
