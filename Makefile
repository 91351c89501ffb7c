.PHONY: demo test build assets screenshots evidence

# Builds, tells the story of whole returns between two authorities, then serves both until Ctrl-C.
demo: build
	./bin/countersign demo

build:
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o bin/countersign ./cmd/countersign

# Installs what tests need where it is missing, and passes everything.
test:
	./tools/install-test-needs
	go vet ./...
	./tools/with-postgres go test -timeout 15m $(TESTFLAGS) ./...
