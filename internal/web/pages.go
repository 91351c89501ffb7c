package web

import "embed"

// Pages are the templates of this package, a page per file.
//
//go:embed *.gohtml
var Pages embed.FS
