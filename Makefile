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
LOSSES =
CALLS =
ONLY =
EXAMPLES = 400

export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Every process that a test starts would compile all of our code again.
export PYTHONDONTWRITEBYTECODE =

# The virtual environment serves two ends; each is marked by a file that is older than what it was made from when the
# locked requirements change.
RUNNABLE = $(VENV)/runnable
TESTABLE = $(VENV)/testable
# uv does in seconds what takes pip minutes. It asks the index that UV_DEFAULT_INDEX names, PyPI where none is named; an
# index that only pip is configured for is asked by pip.
UV = $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode
PIP = $(BIN)/python -m pip install --quiet
LOCKED = --require-hashes -r
ITSELF = --no-deps --no-build-isolation --editable .

# One lock for every Python and platform; the smaller files are held to the versions of the largest.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

# Apart from all that is tested: it looks at locks, and takes part in nothing.
AUDIT = $(VENV)/audit
# What keeps several PostgreSQL, and is no part of Helhedsnet.
HA = $(VENV)/ha

ENGLISH = services/reporting/web/locale/en.po

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

demo: $(RUNNABLE) ## start everything, post the demo's events, print the report, stay at http://localhost:8000
	$(BIN)/helhedsnet demo $(ARGS)

up: $(RUNNABLE) ## start everything, with its data under ./data, and stay at http://localhost:8000
	$(BIN)/helhedsnet up $(ARGS)

test: style ## run everything that must pass before a change is taken over, in minutes
	$(MAKE) -j 2 types suite ARGS='$(ARGS)'

lint: style types ## check style, types and what may import what

style: $(TESTABLE)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(TESTABLE)
	$(BIN)/mypy
	$(BIN)/mypy deploy
	$(BIN)/mypy docs/event_page.py docs/data_protection_page.py docs/rules_page.py docs/screenshots.py

suite: $(TESTABLE)
	$(BIN)/python -m pytest -n auto -m 'not long' --durations=15 $(ARGS)

again: lint ## run what failed in the last run once more, by itself; nothing else is run
	$(BIN)/python -m pytest -n 0 --last-failed --last-failed-no-failures none $(ARGS)

long: $(TESTABLE) ## run what make test leaves out: every page in a browser, every planted fault, every containers' end
	$(BIN)/python -m pytest -n auto -m long --durations=15 $(ARGS)

properties: $(TESTABLE) ## try the rules with many random histories: make properties EXAMPLES=2000
	HYPOTHESIS_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n auto $(ARGS) \
		tests/properties tests/reporting/test_folding.py tests/reporting/test_plan_folding.py

chaos: $(TESTABLE) ## run the processes under faults from a seed: make chaos SEED=7 FAULTS=200
	$(BIN)/python -m tests.chaos SEED=$(SEED) FAULTS=$(FAULTS) $(ARGS)

ha: $(TESTABLE) $(HA)/bin/patroni ## lose leaders and machines under load, on three PostgreSQL: make ha SEED=7 LOSSES=5
	$(BIN)/python -m tests.ha SEED=$(SEED) LOSSES=$(LOSSES) $(ARGS)

attack: $(TESTABLE) ## attack the releases of random networks from a seed: make attack SEED=0 NETWORKS=200
	$(BIN)/python -m tests.attack SEED=$(SEED) NETWORKS=$(NETWORKS)

fuzz: $(TESTABLE) ## call everything right and wrong from a seed: make fuzz SEED=7 CALLS=100000
	$(BIN)/python -m tests.fuzz SEED=$(SEED) CALLS=$(CALLS) $(ARGS)

bench: $(TESTABLE) ## measure, all or in part: make bench ONLY=intake,reports
	$(BIN)/python -m tests.benchmarks ONLY=$(ONLY) $(ARGS)

messages: $(TESTABLE) ## bring the English texts of the pages in step with the Danish ones in the code
	$(BIN)/pybabel -q extract -F pyproject.toml -k marked --no-location --sort-output -o $(VENV)/messages.pot .
	$(BIN)/pybabel -q update -l en -N -w 100 --ignore-obsolete --ignore-pot-creation-date -i $(VENV)/messages.pot -o $(ENGLISH)

screenshots: $(TESTABLE) ## take the pictures of the pages that README shows, with Chromium
	$(BIN)/python -m docs.screenshots

docs: $(TESTABLE) ## write what is made: events, indicators, licences, data protection, the number of the rules
	$(BIN)/python -m docs.event_page
	$(BIN)/python -m docs.data_protection_page
	$(BIN)/python -m services.reporting.indicators > docs/indicators.md
	$(BIN)/python -m docs.rules_page $(ARGS)
	$(BIN)/python deploy/bill_of_materials.py

bill: $(TESTABLE) ## write what is installed and its licences, as CycloneDX: dist/helhedsnet.cdx.json
	$(BIN)/python deploy/bill_of_materials.py --output dist/helhedsnet.cdx.json

audit: $(AUDIT)/bin/pip-audit ## ask OSV whether a weakness is known of anything that is locked; needs a way out
	$(AUDIT)/bin/pip-audit --require-hashes --disable-pip --vulnerability-service osv --desc off $(ARGS) \
		-r requirements.txt -r requirements-embedded.txt -r requirements-build.txt

requirements: $(TESTABLE) ## lock the requirements again (ARGS=--upgrade for newer versions)
	$(LOCK) $(ARGS) --group build --group bill --extra embedded --extra dev -o requirements-dev.txt pyproject.toml
	$(LOCK) -c requirements-dev.txt -o requirements.txt pyproject.toml
	$(LOCK) -c requirements-dev.txt --group build --extra embedded -o requirements-embedded.txt pyproject.toml
	$(LOCK) -c requirements-dev.txt --group build --group bill -o requirements-build.txt
	$(LOCK) $(ARGS) --group installer -o requirements-installer.txt
	$(LOCK) -c requirements-dev.txt $(ARGS) --group audit -o requirements-audit.txt
	$(LOCK) $(ARGS) --group ha -o requirements-ha.txt

clean: ## remove the virtual environment and what tools left behind; ./data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist *.egg-info
	find services shared tests deploy -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed; say which: make PYTHON=python3.12 ...' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(BIN)/uv: $(BIN)/python requirements-installer.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-installer.txt
	@touch $@

$(AUDIT)/bin/pip-audit: $(BIN)/python requirements-audit.txt
	$(BIN)/python -m venv --clear $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet $(LOCKED) requirements-audit.txt
	@touch $@

$(HA)/bin/patroni: $(BIN)/uv requirements-ha.txt
	$(BIN)/python -m venv --clear $(HA)
	$(BIN)/uv pip install --quiet --python $(HA)/bin/python $(LOCKED) requirements-ha.txt \
		|| $(HA)/bin/python -m pip install --quiet $(LOCKED) requirements-ha.txt
	@touch $@

$(RUNNABLE): $(BIN)/uv requirements-embedded.txt pyproject.toml
	$(UV) $(LOCKED) requirements-embedded.txt || $(PIP) $(LOCKED) requirements-embedded.txt
	$(UV) $(ITSELF) || $(PIP) $(ITSELF)
	@touch $@

$(TESTABLE): $(BIN)/uv requirements-dev.txt pyproject.toml
	$(UV) $(LOCKED) requirements-dev.txt || $(PIP) $(LOCKED) requirements-dev.txt
	$(UV) $(ITSELF) || $(PIP) $(ITSELF)
	@touch $@ $(RUNNABLE)

.PHONY: help demo up test lint style types suite long properties attack chaos ha fuzz bench messages screenshots docs bill audit requirements clean
