.PHONY: demo test build assets assets-check screenshots guide-pictures

# Builds, tells the story of whole returns between two authorities, then serves both until Ctrl-C.
demo: build
	./bin/countersign demo

build:
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o bin/countersign ./cmd/countersign

# Installs what tests need where it is missing, and passes everything.
test:
	./tools/test

# Builds the front end anew from its locked sources; the built files are committed.
assets:
	cd assets && npm ci && npm run build

assets-check: assets
	git diff --exit-code internal/web/static

# Writes every page in both languages as PNG.
screenshots:
	./tools/install-test-needs
	COUNTERSIGN_REQUIRE_BROWSER=1 COUNTERSIGN_SCREENSHOTS=$(CURDIR)/screenshots go test -count=1 -timeout 60m ./internal/web ./internal/console ./cmd/countersign -run "InBrowser|ConsoleByKeyboard|FirstRun"

# Takes the guide's own pictures anew; they are committed.
guide-pictures:
	./tools/install-test-needs
	COUNTERSIGN_GUIDE_PICTURES=$(CURDIR)/docs/guide/pictures go test -count=1 ./internal/web -run TestGuidePicturesInBrowser -require-browser
