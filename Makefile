# What can be made; `make help` reads the comments behind two hashes.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# Two workers suit the smallest machine this is built on; a larger one may say WORKERS=auto.
WORKERS ?= 2
CODE := alerts benchmarks console crawlers detectors domain jobs line rates reports storage street

.PHONY: help setup run check format lint types imports test bench golden lock clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(INSTALLED) ## Make the virtual environment with the locked dependencies

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) jobs/preflight.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(INSTALLED)

run: setup ## The whole product on the bundled street, then the console open on its alerts; no keys, no network
	$(BIN)/undercut demo

check: setup format lint types imports ## Format, lint, types, imports and the fast tests (under 5 minutes)
	$(BIN)/pytest -m "not slow" -n $(WORKERS) -q

format:
	$(BIN)/ruff format --check .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy $(CODE)

imports:
	$(BIN)/lint-imports

test: setup format lint types imports ## Every check and every test (under 20 minutes); what .ci/run calls
	$(BIN)/pytest -n $(WORKERS) -q

bench: setup ## Measure every figure against its goal and its reference, and print the table
	$(BIN)/python -m benchmarks

lock: ## Resolve the dependencies anew into requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --universal \
		--python-version 3.11 --output-file requirements.lock --quiet

clean: ## Remove the virtual environment and every cache; data/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build *.egg-info
