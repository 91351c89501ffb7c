package desk

import (
	"countersign/internal/act"
	"countersign/internal/act/domestic"
	"countersign/internal/casework"
	"countersign/internal/statistics/timeliness"
)

// dossier is what the acts about a case come to at this desk: the case itself, and what only its officers here share.
// Like the case it is never changed, only replaced.
type dossier struct {
	casework.State
	texts      []CaseText // in the order in which they were proposed
	counsels   []act.ID   // representatives who are admitted
	counselled bool       // a representative was admitted at some time
	barriers   []timeliness.Barrier
}

func dossierOf(events []act.Event) (f dossier) {
	for _, e := range events {
		f = f.and(e)
	}
	return f
}

// and is the dossier with one more act.
func (f dossier) and(e act.Event) dossier {
	return dossier{State: casework.Fold(f.State, e), texts: textsWith(f.texts, e), counsels: admittedWith(f.counsels, e),
		counselled: f.counselled || e.Kind == domestic.CounselAdmitted, barriers: barriersWith(f.barriers, e)}
}
