package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"
)

// guard is a trigger that stops a hand in the database: what is on record is not changed, and a log does not shrink.
// Guards stop slips and half-hearted hands. Whoever owns the database can drop them; what is done then is found by
// the record itself (Audit, Rebuild), which believes no table.
type guard struct {
	table, event, name string
	refuses            string // condition on OLD and NEW, in words of both engines
	cut                bool   // not while a node that came back from a backup cuts its own log
}

// guards are the smallest set: each names what its table promises.
var guards = []guard{
	{"acts", "DELETE", "acts_are_kept", "", true},
	{"acts", "UPDATE", "acts_do_not_change", changed("log", "idx", "seq", "id", "scope", "kind", "about", "subject", "officer", "authority", "role",
		"occurred", "made", "recorded", "sealed"), false},
	// Only the peer holds an act without effect, and only a joint one: a barrier cannot be waved away.
	{"acts", "UPDATE", "domestic_acts_are_not_refused", "OLD.scope = 'domestic' AND " + changed("refused"), false},
	{"logs", "DELETE", "logs_are_kept", "", false},
	{"logs", "UPDATE", "logs_do_not_shrink", "NEW.size < OLD.size OR " + changed("id", "origin", "kind"), true},
	{"tiles", "DELETE", "hashes_are_kept", "", true},
	{"tiles", "UPDATE", "hashes_only_grow", "substr(NEW.hashes, 1, length(OLD.hashes)) IS DISTINCT FROM OLD.hashes OR " + changed("log", "n"), true},
	{"heads", "DELETE", "heads_are_kept", "", true},
	{"heads", "UPDATE", "countersignatures_are_kept", changed("log", "size") + " OR length(OLD.cosigned) > 0 AND length(NEW.cosigned) = 0", false},
	{"signers", "UPDATE", "officers_keep_their_role", changed("key_id", "authority", "officer", "role", "public", "starts"), false},
	{"keys", "DELETE", "keys_are_kept", "", false},
	{"keys", "UPDATE", "what_is_forgotten_stays_so", changed("subject") + " OR length(NEW.wrapped) > 0 AND " + changed("wrapped"), false},
	{"node_facts", "DELETE", "a_restore_is_not_forgotten", "OLD.name = 'restored'", false},
	{"node_facts", "UPDATE", "a_restore_is_not_dated_back", "OLD.name = 'restored' AND (NEW.value < OLD.value OR NEW.name <> OLD.name)", false},
	{"counters", "UPDATE", "the_order_does_not_go_back", "NEW.value < OLD.value OR " + changed("name"), false},
}

// factCutting is set while CutLog works, and only inside its transaction.
const factCutting = "cutting"

func changed(columns ...string) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = "NEW." + c + " IS DISTINCT FROM OLD." + c
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// Guards names every guard.
func Guards() []string {
	names := make([]string, len(guards))
	for i, g := range guards {
		names[i] = g.name
	}
	return names
}

// guardMigration makes the guards; triggers are the one thing whose words differ between the engines.
func (e engine) guardMigration() *goose.Migration {
	return goose.NewGoMigration(20, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		for _, statement := range e.guardStatements() {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("guards: %w\n%s", err, statement)
			}
		}
		return nil
	}}, nil)
}

func (e engine) guardStatements() []string {
	const cutting = `EXISTS (SELECT 1 FROM node_facts WHERE name = '` + factCutting + `' AND value <> '')`
	var list []string
	if e.name == postgres.name {
		list = append(list, `CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF TG_NARGS = 0 AND `+cutting+` THEN
				IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
				RETURN NEW;
			END IF;
			RAISE EXCEPTION 'guard %', TG_NAME;
		END $$`)
	}
	emptied := map[string]bool{}
	for _, g := range guards {
		when, strict := g.refuses, "'strict'"
		if g.cut {
			strict = ""
		}
		if e.name == postgres.name {
			if when != "" {
				when = "WHEN (" + when + ") "
			}
			list = append(list, fmt.Sprintf("CREATE TRIGGER %s BEFORE %s ON %s FOR EACH ROW %sEXECUTE FUNCTION guard(%s)", g.name, g.event, g.table, when, strict))
			if !emptied[g.table] {
				emptied[g.table] = true
				list = append(list, fmt.Sprintf("CREATE TRIGGER %s_not_emptied BEFORE TRUNCATE ON %s EXECUTE FUNCTION guard('strict')", g.table, g.table))
			}
			continue
		}
		if when == "" {
			when = "1 = 1"
		}
		if g.cut {
			when = "(" + when + ") AND NOT " + cutting
		}
		list = append(list, fmt.Sprintf("CREATE TRIGGER %s BEFORE %s ON %s WHEN %s BEGIN SELECT RAISE(ABORT, 'guard %s'); END", g.name, g.event, g.table, when, g.name))
	}
	return list
}
