# Every command of the repository. `make setup` is part of each: nothing else has to be installed first.
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format types check judges oracles soak bench schema released pins clean

VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Each process that a test starts would compile all that it imports: a fifth of what `hemicycle db upgrade` takes.
unexport PYTHONDONTWRITEBYTECODE

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.installed ## Make .venv and install what is pinned, with hashes

demo: setup ## Load the example instance and serve it on http://127.0.0.1:8000
	$(BIN)/hemicycle demo

test: setup ## Run the tests on SQLite and PostgreSQL (a throw-away server is started if need be)
	$(BIN)/pytest -q -n 2 --dist worksteal

lint: setup ## Ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: setup ## Let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: setup ## mypy, strict
	$(BIN)/mypy

check: lint types test ## All that a change must pass

judges: setup $(VENV)/judges/.installed ## Outside judges of the API (some need Node; JUDGE_CASES=1000 for more)
	$(BIN)/pytest -q -m judge

# A folder of their own: they need other versions than we do, and no other test sees them.
oracles: setup ## The counting beside pref_voting and pabutools, on thousands of elections (some 800 MB to install)
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/oracles.txt --target $(VENV)/oracles --upgrade
	PYTHONPATH=$(VENV)/oracles $(BIN)/pytest -q -m oracle tests/oracles

soak: setup $(VENV)/judges/.installed ## Long runs under load and failure (SOAK=short for the short ones)
	$(BIN)/pytest -q -m soak

bench: setup ## Benchmarks
	$(BIN)/python -m benchmarks

schema: setup ## Print the GraphQL schema anew, after a change that is meant
	$(BIN)/hemicycle --config examples/centre_val_de_loire/hemicycle.toml schema print --core > schema/core.graphql
	$(BIN)/hemicycle --config examples/centre_val_de_loire/hemicycle.toml schema print > schema/full.graphql

released: schema ## Note what this release promises to front ends: judges compare later schemas with it
	cp schema/core.graphql schema/full.graphql schema/released/

pins: $(BIN)/pip ## Pin the newest versions that pyproject.toml allows
	$(BIN)/python -m venv $(VENV)/pins
	$(VENV)/pins/bin/pip install --quiet uv
	cd requirements && ../$(VENV)/pins/bin/uv pip compile $(PIN) ../pyproject.toml --extra test --extra panels --extra metrics --extra telemetry dev.in -o test.txt
	cd requirements && ../$(VENV)/pins/bin/uv pip compile $(PIN) --group ../pyproject.toml:oracles -o oracles.txt
	cd requirements && ../$(VENV)/pins/bin/uv pip compile $(PIN) --group ../pyproject.toml:judges -o judges.txt
	cd requirements && ../$(VENV)/pins/bin/uv pip compile $(PIN) ../pyproject.toml -c test.txt -o run.txt

PIN := --quiet --universal --upgrade --python-version 3.11 --generate-hashes \
	--custom-compile-command "make pins"

clean: ## Remove .venv and what tools left behind
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The first Python from 3.11 on that can make a virtual environment; `make PYTHON=… setup` takes another.
CANDIDATES := $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3

$(BIN)/pip:
	@for candidate in $(CANDIDATES); do \
		"$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "$$candidate -m venv $(VENV)"; \
		exec "$$candidate" -m venv --clear $(VENV); \
	done; \
	echo "No Python from 3.11 on that can make a virtual environment was found." >&2; \
	echo "Install one (Debian: apt-get install python3-venv), or name it: make PYTHON=/path/to/python setup" >&2; \
	exit 1

$(VENV)/.installed: $(BIN)/pip requirements/test.txt pyproject.toml
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/test.txt
	$(BIN)/pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

# Apart, as for the oracles: only the program that asks on behalf of schemathesis sees it.
$(VENV)/judges/.installed: $(VENV)/.installed requirements/judges.txt
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/judges.txt --target $(VENV)/judges --upgrade
	@touch $@
