-- +goose Up
-- What the pages ask for again and again, so that a list costs what it shows and not what the register holds.
ALTER TABLE cases ADD COLUMN heard BIGINT NOT NULL DEFAULT 0; -- place of the peer's newest act on the case; 0: none
ALTER TABLE cases ADD COLUMN texts BIGINT NOT NULL DEFAULT 0; -- texts that wait for a second officer
UPDATE cases SET heard = COALESCE((SELECT MAX(a.seq) FROM acts a JOIN logs l ON l.id = a.log WHERE a.about = cases.id AND l.kind = 'peer' AND a.refused = ''), 0);
UPDATE cases SET texts = (SELECT COUNT(*) FROM acts a WHERE a.about = cases.id AND a.kind = 'text.proposed');
-- Who represents the person of a case. It only says where to look: the case's own acts decide. Before this table
-- was kept, a case with any representative may be anybody's (officer empty).
CREATE TABLE counsels (
  officer TEXT NOT NULL,
  about   TEXT NOT NULL,
  PRIMARY KEY (officer, about)
);
INSERT INTO counsels (officer, about) SELECT DISTINCT '', about FROM acts WHERE kind = 'counsel.admitted';
CREATE INDEX counsels_about ON counsels (about);
-- In the orders of the lists; the last one holds everything that lists are filtered by, for counting.
DROP INDEX cases_open;
DROP INDEX cases_officer;
DROP INDEX cases_owes;
CREATE INDEX cases_due ON cases (outcome, (CASE WHEN due = '' THEN '9' ELSE due END), id);
CREATE INDEX cases_officer_due ON cases (officer, outcome, (CASE WHEN due = '' THEN '9' ELSE due END), id);
CREATE INDEX cases_any_due ON cases ((CASE WHEN due = '' THEN '9' ELSE due END), id);
CREATE INDEX cases_updated ON cases (outcome, updated, id);
CREATE INDEX cases_any_updated ON cases (updated, id);
CREATE INDEX cases_next ON cases (outcome, next, due, id);
CREATE INDEX cases_heard ON cases (heard);
CREATE INDEX cases_officer_heard ON cases (officer, heard);
CREATE INDEX cases_texts ON cases (id) WHERE texts > 0;
CREATE INDEX cases_filters ON cases (outcome, owes, due, officer, blocked, blocked_since, route, next, id);
CREATE INDEX acts_seq ON acts (seq);
