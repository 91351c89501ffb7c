// Package policies embeds who may do what: Cedar policies that a lawyer can read, a file per domain. Each
// carries @id and @why; what no policy permits is denied.
package policies

import "embed"

//go:embed *.cedar
var Files embed.FS
