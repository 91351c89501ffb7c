// Package officialdata finds the official data files: the folder in COUNTERSIGN_DATA, or ../shared/data
// beside the repository. The large editions are no part of the repository. Tests use its sub-package
// datatest. It never opens a file.
package officialdata

import (
	"os"
	"path/filepath"
)

// Dir returns the folder of official data, or "" when there is none.
func Dir() string {
	if d := os.Getenv("COUNTERSIGN_DATA"); d != "" {
		return d
	}
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			d := filepath.Join(dir, "..", "shared", "data")
			if _, err := os.Stat(d); err != nil {
				return ""
			}
			return d
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}
