package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"countersign/internal/words"
)

// A supervisor declares a holiday and takes it back; the other state sees both, and nobody else may do either.
func TestHolidayPages(t *testing.T) {
	w := newWorld(t)
	day := w.Clock.Now().AddDate(0, 1, 0)
	for wd := day.Weekday(); wd != 3; wd = day.Weekday() {
		day = day.AddDate(0, 0, 1)
	}
	year := "/holidays?year=" + day.Format("2006")
	form := url.Values{"day-day": {day.Format("2")}, "day-month": {day.Format("1")}, "day-year": {day.Format("2006")}, "parts": {"EAW", "SCT"},
		"en": {"Day of mourning"}, "sq": {"Ditë zie"}, "source": {"The Gazette 61000"}}
	if status, _ := w.as(t, w.GB, "caseworker", words.English).post("/holidays/declare", form); status != http.StatusForbidden {
		t.Errorf("a caseworker declares a holiday: %d", status)
	}
	supervisor := w.as(t, w.GB, "supervisor", words.English)
	if status, body := supervisor.post("/holidays/declare", url.Values{"parts": {"Narnia"}}); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
		t.Errorf("an empty form: %d %s", status, main(body))
	}
	if status, body := supervisor.post("/holidays/declare", form); status != http.StatusOK || !strings.Contains(body, "The holiday is declared") {
		t.Fatalf("%d %s", status, main(body))
	}
	if status, body := supervisor.post("/holidays/declare", form); status != http.StatusUnprocessableEntity || !strings.Contains(body, "not a working day already") {
		t.Errorf("declared twice: %d %s", status, main(body))
	}
	if body := supervisor.page(year); !strings.Contains(body, "Waits for the other state") || !strings.Contains(body, "England and Wales, Scotland") {
		t.Error(main(body))
	}
	w.slot()
	their := w.as(t, w.AL, "supervisor", words.Albanian)
	if body := their.page(year); !strings.Contains(body, "Ditë zie") || !strings.Contains(body, "Vlen te të dyja palët") || strings.Contains(body, "/holidays/withdraw") {
		t.Error(main(body))
	}
	declaration := between(supervisor.page(year), `<option value="`, `"`)
	for _, part := range strings.Split(supervisor.page(year), `<option value="`) {
		if len(part) > 36 && part[8] == '-' {
			declaration = part[:36]
		}
	}
	if status, body := supervisor.post("/holidays/withdraw"+strings.TrimPrefix(year, "/holidays"), url.Values{"declaration": {declaration}, "reason": {"error"}}); status != http.StatusOK || !strings.Contains(body, "taken back") {
		t.Fatalf("%d %s", status, main(body))
	}
	w.slot()
	if body := their.page(year); !strings.Contains(body, "U tërhoq") {
		t.Error(main(body))
	}
}
