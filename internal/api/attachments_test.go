package api_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"strings"
	"testing"

	"countersign/internal/act/domestic"
	"countersign/internal/desk/desktest"
	"countersign/internal/fault"
	"countersign/internal/store"
)

// A file is kept sealed, bound by its hash, given back to who may see it, and found out when it was changed.
func TestAttachments(t *testing.T) {
	w := desktest.Open(t, 51)
	ctx := context.Background()
	c := newClient(t, w.GB, "caseworker")
	path := "/cases/" + string(w.ID) + "/attachments"
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 30, 40))); err != nil {
		t.Fatal(err)
	}
	first := c.want(c.call("POST", path+"?title=photograph", picture.String(), "Content-Type", "image/png", "Idempotency-Key", "photo-of-agim"), 201, "")
	again := c.want(c.call("POST", path+"?title=photograph", picture.String(), "Content-Type", "image/png", "Idempotency-Key", "photo-of-agim"), 201, "")
	if !bytes.Equal(first.raw, again.raw) {
		t.Errorf("%s\n%s", first.raw, again.raw)
	}
	c.want(c.call("POST", path+"?title=photograph", picture.String(), "Content-Type", "image/jpeg", "Idempotency-Key", "lying-photo"), 422, "fault.attachment.lies")
	c.want(c.call("POST", path+"?title=secret", picture.String(), "Content-Type", "image/png", "Idempotency-Key", "unknown-title"), 422, "fault.api.schema")
	court := "%PDF-1.4 <</Type/Catalog>> %%EOF"
	c.want(c.call("POST", path+"?title=court-paper", court, "Content-Type", "application/pdf", "Idempotency-Key", "court-paper-1"), 201, "")

	list := c.want(c.call("GET", path, nil), 200, "")
	items := list.v["items"].([]any)
	if len(items) != 2 {
		t.Fatalf("%s", list.raw)
	}
	id := items[0].(map[string]any)["attachment"].(string)
	got := c.call("GET", path+"/"+id, nil)
	if m, err := png.Decode(bytes.NewReader(got.raw)); err != nil || m.Bounds().Dx() != 30 || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%v %v", err, got.header)
	}
	// The version of the case counts the file; the next act needs it.
	version := c.want(c.call("GET", "/cases/"+string(w.ID), nil), 200, "").v["version"].(float64)
	if last := c.want(c.call("GET", "/cases/"+string(w.ID)+"/timeline", nil), 200, ""); last.v["total"].(float64) != version {
		t.Errorf("version %v, %v acts", version, last.v["total"])
	}
	// Who carries out a journey sees no court papers.
	escort := c.as(w.GB, "escort-officer")
	seen := escort.want(escort.call("GET", path, nil), 200, "")
	if items := seen.v["items"].([]any); len(items) != 1 || items[0].(map[string]any)["title"] != "photograph" {
		t.Errorf("%s", seen.raw)
	}
	// Files of one case do not open in another, and nothing of them is in the database in the clear.
	other, err := w.GB.Desk.OpenCase(ctx, w.GB.As("caseworker"), desktest.Opening())
	if err != nil {
		t.Fatal(err)
	}
	c.want(c.call("GET", "/cases/"+string(other)+"/attachments/"+id, nil), 404, "fault.attachment.missing")
	rows, err := store.ActsOfKind(w.GB.Store(), domestic.AttachmentAdded, 0, 10)
	if err != nil || len(rows) != 2 {
		t.Fatal(err, len(rows))
	}
	var sealed []byte
	if err := w.GB.Store().QueryRow(`SELECT sealed FROM attachments WHERE size = $1`, len(court)).Scan(&sealed); err != nil || bytes.Contains(sealed, []byte("%PDF")) {
		t.Error("the file is kept in the clear:", err)
	}
	// A file put in the place of another does not open: it is sealed for its own place.
	if err := w.GB.Store().Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE attachments SET sealed = $1`, sealed)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if r := c.call("GET", path+"/"+id, nil); r.status == 200 {
		t.Error("an exchanged file opens")
	}
	// Nothing of it leaves: the other state sees no act.
	if err := w.Slot(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := w.AL.Desk.ViewCase(ctx, w.AL.As("readmission-officer"), w.ID); fault.KeyOf(err) != "fault.case.missing" {
		t.Errorf("the other state knows the case: %v", err)
	}
}
