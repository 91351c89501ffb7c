package api

import (
	"context"
	"net/http"

	"countersign/internal/desk"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
)

type inspectIn struct {
	WithPurpose
	WithLanguage
}

type inspectPageIn struct {
	WithPurpose
	WithLanguage
	Origin string `query:"origin" required:"true" maxLength:"200" doc:"The stream: countersign/agreement/from/to"`
	After  int64  `query:"from" minimum:"0" doc:"acts: first position; heads: only larger ones"`
}

// inspection is what countersign verify reads over the network. Its answers are those of docs/protocol.md, section 11.
func (s *service) inspection() {
	inspect(s, "inspection-standing", "/inspection/standing", "How far both streams go here, with the public keys and the acts that changed them", "object",
		func(ctx context.Context, who desk.Session, _ *inspectIn) (any, error) {
			return s.Desk.InspectedStreams(ctx, who)
		}, func(in *inspectIn) string { return in.Purpose })
	inspect(s, "inspection-acts", "/inspection/acts", "A page of a stream’s acts: commitments and signatures, and who signed; an empty page is the end", "array",
		func(ctx context.Context, who desk.Session, in *inspectPageIn) (any, error) {
			return s.Desk.InspectedActs(ctx, who, in.Origin, in.After)
		}, func(in *inspectPageIn) string { return in.Purpose })
	inspect(s, "inspection-heads", "/inspection/heads", "A page of a stream’s heads with their countersignatures; an empty page is the end", "array",
		func(ctx context.Context, who desk.Session, in *inspectPageIn) (any, error) {
			return s.Desk.InspectedHeads(ctx, who, in.Origin, in.After)
		}, func(in *inspectPageIn) string { return in.Purpose })
}

func inspect[I any](s *service, id, path, summary, shape string, read func(context.Context, desk.Session, *I) (any, error), purpose func(*I) string) {
	register(s, huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Tags: []string{"proofs"}, Summary: summary,
		Description: "For inspectors; it shows nobody. Each reading is recorded.",
		Responses:   map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Schema: inspectedShape(shape)}}}}},
		func(ctx context.Context, in *I) (*rawOut, error) {
			who, err := session(ctx, purpose(in))
			if err != nil {
				return nil, err
			}
			v, err := read(ctx, who, in)
			if err != nil {
				return nil, err
			}
			b, err := json.Marshal(v)
			return &rawOut{Type: "application/json", Body: b}, err
		})
}

func inspectedShape(shape string) *huma.Schema {
	if shape == "array" {
		return &huma.Schema{Type: "array", Items: &huma.Schema{Type: "object"}}
	}
	return &huma.Schema{Type: "object", Required: []string{"own", "peer", "streams", "changes"}}
}
