# `make demo` and `make test` are all that is needed on a fresh machine with Python 3.11+ and make.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 5000
VENV := .venv
UV := $(VENV)/bin/uv
BIN := $(VENV)/bin
export CIVICVOTE_REAL_DATA ?= ../shared/data
# Hundreds of processes start in a test run: what Python compiles is kept, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

# The stamps say which dependencies stand in .venv; the lock file renews them.
$(VENV)/.installed: uv.lock pyproject.toml | $(UV)
	$(UV) sync --frozen --quiet --inexact
	@touch $@

$(VENV)/.installed-dev: uv.lock pyproject.toml | $(UV)
	$(UV) sync --frozen --quiet --inexact --group dev
	@touch $@ $(VENV)/.installed

.PHONY: install
install: $(VENV)/.installed ## Set up .venv with the locked dependencies and .venv/bin/civicvote

.PHONY: demo
demo: install ## Serve a living example on http://127.0.0.1:5000 (PORT=… to change)
	$(BIN)/civicvote demo --port $(PORT)

.PHONY: test
test: $(VENV)/.installed-dev ## Install what tests need and run all of them
	scripts/install-chromium
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile --database sqlite tests
	$(BIN)/python -m pytest -n auto --dist loadfile --database postgresql tests/integration tests/web tests/journeys

.PHONY: lint
lint: $(VENV)/.installed-dev ## Check style, types, templates, layers and dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet civicvote/templates
	$(BIN)/deptry civicvote

.PHONY: format
format: $(VENV)/.installed-dev ## Put code in the house's form
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

.PHONY: bench
bench: $(VENV)/.installed-dev ## Measure against the yardsticks and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks --database postgresql --database sqlite
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.threads
	$(BIN)/python -m benchmarks.similar
	$(BIN)/python -m benchmarks.opinions
	$(BIN)/python -m benchmarks.tally

.PHONY: rehearse
rehearse: $(VENV)/.installed-dev ## Kill a vote while it runs, hold a voting evening, and see that careless sites fail
	$(BIN)/python -m benchmarks.rehearsals.crash --database sqlite
	$(BIN)/python -m benchmarks.rehearsals.crash --database postgresql
	! $(BIN)/python -m benchmarks.rehearsals.crash --ballots 500 --kills 3 --naive answers-first
	! $(BIN)/python -m benchmarks.rehearsals.crash --ballots 500 --kills 3 --naive forgets-keys
	$(BIN)/python -m benchmarks.rehearsals.evening

.PHONY: help
help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
