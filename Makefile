# One door to the work. Needs make and Python ≥ 3.11; everything else is installed into .venv from
# the hashed lock files. `make PYTHON=/path/to/python3.12 test` picks an interpreter.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

MODERN := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	if $$p -c '$(MODERN)' 2>/dev/null; then echo $$p; break; fi; done)

VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# A pip outside the environment serves where Python comes without ensurepip.
PIP := $$(if [ -x $(BIN)/pip ]; then echo $(BIN)/python -m pip; \
	else echo $(PYTHON) -m pip --python $(BIN)/python; fi)
PYTEST_ARGS ?= -n auto --dist loadfile
PROOF ?= 1
DEMO_STORE := demo-data/demo.db
OWNERSHIP := $(addprefix tests/queries/test_,$(addsuffix .py,lookthrough close_links beneficial_oracle \
	control_options controlforest controlworlds)) tests/real/test_investments.py
CODE := graph_service loaders queries viz bench tests

.PHONY: help demo serve test check static format proof proof-ownership bench neo4j openapi docs lock clean distclean

help: ## what can be made
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "No Python ≥ 3.11 found. Install one, or say: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c '$(MODERN)' || { echo "$(PYTHON) is older than 3.11. Say: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@if $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then $(PYTHON) -m venv --clear $(VENV); \
	elif $(PYTHON) -c 'import pip, venv' 2>/dev/null; then $(PYTHON) -m venv --clear --without-pip $(VENV); \
	else echo "$(PYTHON) can make no virtual environment (ensurepip is missing). On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; fi
	@touch $@

# What builds the package goes again: nothing needs it to run.
$(VENV)/.run: $(VENV)/.made requirements.lock requirements-build.lock pyproject.toml
	@echo "Installing what the program needs into $(VENV) …"
	@$(PIP) install --quiet --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@$(PIP) uninstall --quiet --yes setuptools
	@touch $@

$(VENV)/.report: $(VENV)/.run requirements-report.lock
	@echo "Installing what PDF and Word reports need …"
	@$(PIP) install --quiet --require-hashes -r requirements-report.lock
	@touch $@

$(VENV)/.dev: $(VENV)/.report requirements-dev.lock
	@echo "Installing what tests and checks need …"
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run ## load the generated city and print who is flagged, with evidence
	@mkdir -p demo-data
	@$(BIN)/credit-graph --store $(DEMO_STORE) demo --dir demo-data

serve: $(VENV)/.report ## the HTTP service on this machine, with the store of CG_STORE or else the demo's
	@CG_STORE="$${CG_STORE:-$(DEMO_STORE)}" $(BIN)/credit-graph serve

test: $(VENV)/.dev ## everything needed for the tests, and the tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

static: $(VENV)/.dev ## format, lint and types
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy --strict $(CODE)

check: PYTEST_ARGS += --cov --cov-report=term:skip-covered ## what CI runs: static, and the tests with branch coverage
check: static test

format: $(VENV)/.dev ## bring the code into its format
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

proof: $(VENV)/.dev ## the full counts of random graphs and kills that notes cite (long)
	CG_PROOF=$(PROOF) $(BIN)/python -m pytest $(PYTEST_ARGS)

proof-ownership: $(VENV)/.dev ## ten thousand random webs for every check of ownership and control
	CG_PROOF=1 $(BIN)/python -m pytest -n auto --dist load $(OWNERSHIP)

bench: $(VENV)/.dev ## the benchmarks
	$(BIN)/credit-graph bench

neo4j: $(VENV)/.dev ## a Neo4j server on this machine for a developer (Java 17 and Maven), data in .neo4j/
	@$(BIN)/python -m tests.support.neo4j_server .neo4j

openapi: $(VENV)/.dev ## write openapi.json as the service describes itself, with real examples
	$(BIN)/python -m tests.api.examples
	$(BIN)/python -m graph_service.web.openapi > openapi.json.new
	@mv openapi.json.new openapi.json

docs: $(VENV)/.dev ## write the pages that are made from the catalogue, the settings and the rule packs
	$(BIN)/python -m tests.house.pages

lock: $(VENV)/.dev ## compile the lock files anew
	$(BIN)/pip-compile $(LOCK_ARGS) --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile $(LOCK_ARGS) $(BUILD_DEPS) --only-build-deps \
		--output-file requirements-build.lock pyproject.toml
	$(BIN)/pip-compile $(LOCK_ARGS) --extra report \
		--constraint requirements.lock --output-file requirements-report.lock pyproject.toml
	$(BIN)/pip-compile $(LOCK_ARGS) $(BUILD_DEPS) --extra fast --extra report --extra test --extra dev \
		--constraint requirements-build.lock --constraint requirements-report.lock \
		--output-file requirements-dev.lock pyproject.toml

LOCK_ARGS := --quiet --upgrade --generate-hashes --allow-unsafe --no-strip-extras --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	--no-emit-options
BUILD_DEPS := --build-deps-for wheel --build-deps-for editable

clean: ## remove what was built, and the demo's data
	rm -rf build dist *.egg-info demo-data .coverage .coverage.* .hypothesis .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## and the virtual environment
	rm -rf $(VENV)
