# Needs make and Python 3.11 to 3.13, nothing else: no Docker, no PostgreSQL, no Redis, no root.
# `make help` lists what there is. ARGS is handed on: make demo ARGS=--exit

.POSIX:
.SUFFIXES:

PYTHON = python3
VENV = .venv
BIN = $(VENV)/bin
ARGS =
SEED =
FAULTS =
CALLS =
ONLY =

export PIP_DISABLE_PIP_VERSION_CHECK = 1

# The virtual environment serves two ends; each is marked by a file that is older than what it was made from when the
# locked requirements change.
RUNNABLE = $(VENV)/runnable
TESTABLE = $(VENV)/testable
INSTALL = $(BIN)/python -m pip install --quiet
ITSELF = $(INSTALL) --no-deps --no-build-isolation --editable .

# One lock for every Python and platform; the smaller files are held to the versions of the largest.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

ENGLISH = services/reporting/web/locale/en.po

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

demo: $(RUNNABLE) ## start everything, post the demo's events, print the report, stay at http://localhost:8000
	$(BIN)/helhedsnet demo $(ARGS)

up: $(RUNNABLE) ## start everything, with its data under ./data, and stay at http://localhost:8000
	$(BIN)/helhedsnet up $(ARGS)

test: lint ## run everything that must pass
	$(BIN)/python -m pytest -n auto --durations=15 $(ARGS)

lint: $(TESTABLE) ## check style, types and what may import what
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy deploy
	$(BIN)/mypy docs/event_page.py docs/screenshots.py
	$(BIN)/lint-imports

chaos: $(TESTABLE) ## run the processes under faults from a seed: make chaos SEED=7 FAULTS=200
	$(BIN)/python -m tests.chaos SEED=$(SEED) FAULTS=$(FAULTS) $(ARGS)

fuzz: $(TESTABLE) ## call everything right and wrong from a seed: make fuzz SEED=7 CALLS=100000
	$(BIN)/python -m tests.fuzz SEED=$(SEED) CALLS=$(CALLS) $(ARGS)

bench: $(TESTABLE) ## measure, all or in part: make bench ONLY=intake,reports
	$(BIN)/python -m tests.benchmarks ONLY=$(ONLY) $(ARGS)

messages: $(TESTABLE) ## bring the English texts of the pages in step with the Danish ones in the code
	$(BIN)/pybabel -q extract -F pyproject.toml -k marked --no-location --sort-output -o $(VENV)/messages.pot .
	$(BIN)/pybabel -q update -l en -N -w 100 --ignore-obsolete --ignore-pot-creation-date -i $(VENV)/messages.pot -o $(ENGLISH)

screenshots: $(TESTABLE) ## take the pictures of the pages that README shows, with Chromium
	$(BIN)/python -m docs.screenshots

docs: $(TESTABLE) ## write docs/events.md from the code
	$(BIN)/python -m docs.event_page

requirements: $(TESTABLE) ## lock the requirements again (ARGS=--upgrade for newer versions)
	$(LOCK) $(ARGS) --group build --extra embedded --extra dev -o requirements-dev.txt pyproject.toml
	$(LOCK) -c requirements-dev.txt -o requirements.txt pyproject.toml
	$(LOCK) -c requirements-dev.txt --group build --extra embedded -o requirements-embedded.txt pyproject.toml
	$(LOCK) -c requirements-dev.txt --group build -o requirements-build.txt

clean: ## remove the virtual environment and what tools left behind; ./data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist *.egg-info
	find services shared tests deploy -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed; say which: make PYTHON=python3.12 ...' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNNABLE): $(BIN)/python requirements-embedded.txt pyproject.toml
	$(INSTALL) --require-hashes -r requirements-embedded.txt
	$(ITSELF)
	@touch $@

$(TESTABLE): $(BIN)/python requirements-dev.txt pyproject.toml
	$(INSTALL) --require-hashes -r requirements-dev.txt
	$(ITSELF)
	@touch $@ $(RUNNABLE)

.PHONY: help demo up test lint chaos fuzz bench messages screenshots docs requirements clean
