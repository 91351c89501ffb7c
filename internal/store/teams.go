package store

import "countersign/internal/act"

// Team is officers who work on each other's cases.
type Team struct {
	ID      act.ID
	Name    string
	Members []act.ID
}

// PutTeam makes a team what it now is; one without members is no more.
func (t *Tx) PutTeam(team Team) error {
	if _, err := t.Exec(`DELETE FROM team_members WHERE team = $1`, string(team.ID)); err != nil {
		return err
	}
	if len(team.Members) == 0 {
		_, err := t.Exec(`DELETE FROM teams WHERE team = $1`, string(team.ID))
		return err
	}
	if _, err := t.Exec(`INSERT INTO teams (team, name) VALUES ($1, $2) ON CONFLICT (team) DO UPDATE SET name = excluded.name`, string(team.ID), team.Name); err != nil {
		return err
	}
	for _, m := range team.Members {
		if _, err := t.Exec(`INSERT INTO team_members (team, officer) VALUES ($1, $2)`, string(team.ID), string(m)); err != nil {
			return err
		}
	}
	return nil
}

// Teams are all teams by name, with their members.
func Teams(q Querier) ([]Team, error) {
	rows, err := q.Query(`SELECT t.team, t.name, m.officer FROM teams t JOIN team_members m ON m.team = t.team ORDER BY t.name, t.team, m.officer`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Team
	for rows.Next() {
		var id, name, officer string
		if err := rows.Scan(&id, &name, &officer); err != nil {
			return nil, err
		}
		if n := len(all); n == 0 || all[n-1].ID != act.ID(id) {
			all = append(all, Team{ID: act.ID(id), Name: name})
		}
		last := &all[len(all)-1]
		last.Members = append(last.Members, act.ID(officer))
	}
	return all, rows.Err()
}

// ShareTeam tells whether two officers are in one team.
func ShareTeam(q Querier, a, b act.ID) (bool, error) {
	var n int
	err := q.QueryRow(`SELECT COUNT(*) FROM team_members x JOIN team_members y ON y.team = x.team WHERE x.officer = $1 AND y.officer = $2`,
		string(a), string(b)).Scan(&n)
	return n > 0, err
}
