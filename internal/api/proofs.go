package api

import (
	"context"
	"net/http"

	"countersign/internal/act"

	"github.com/danielgtaylor/huma/v2"
)

type evidenceIn struct {
	WithPurpose
	WithLanguage
	ID   string `path:"id" format:"uuid" doc:"Act"`
	Body struct {
		Open []string `json:"open,omitempty" maxItems:"40" doc:"members of the body to open; * opens all; the others stay blind"`
	}
}

type rawOut struct {
	Type string `header:"Content-Type"`
	Body []byte
}

func (s *service) proofs() {
	register(s, huma.Operation{OperationID: "evidence", Method: http.MethodPost, Path: "/acts/{id}/evidence", Tags: []string{"proofs"},
		Summary: "The bundle that proves one joint act to somebody who trusts neither authority", Description: "Making it is a disclosure and is recorded.",
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: "object", Required: []string{"format", "origin", "head", "act", "officer"}}}}}}},
		func(ctx context.Context, in *evidenceIn) (*rawOut, error) {
			who, err := session(ctx, in.Purpose)
			if err != nil {
				return nil, err
			}
			b, err := s.Desk.Evidence(ctx, who, act.ID(in.ID), in.Body.Open...)
			return &rawOut{Type: "application/json", Body: b}, err
		})
}
