// Package laws holds each State's own law as dated data, a folder per State (ISO 3166-1 code in lower case):
// public holidays, barriers to removal, notice routes. A further State is a further folder.
package laws

import "embed"

//go:embed gb al
var Files embed.FS
