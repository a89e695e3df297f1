# Boxwood. `make demo` and `make test` do all the set-up they need; the rest is for developing.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DEMO_HOME ?= $(CURDIR)/build/demo
SERVE ?= 1
PORT ?= 8000

.PHONY: setup demo dev test e2e check fix bench build services clean

setup: $(VENV)/.ready hub/static/dist/manifest.json

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Boxwood needs Python 3.11 or newer; set PYTHON=…"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

frontend/node_modules/.ready: $(VENV)/.ready frontend/package-lock.json
	.ci/with-node npm --prefix frontend ci --no-audit --no-fund --silent
	touch $@

FRONTEND := $(shell find frontend -type f -not -path 'frontend/node_modules/*' -not -path 'frontend/templates/*' 2>/dev/null)

hub/static/dist/manifest.json: frontend/node_modules/.ready $(FRONTEND)
	.ci/with-node npm --prefix frontend run --silent build

demo: setup
	BOXWOOD_HOME=$(DEMO_HOME) BOXWOOD_ORGANISATION=Rondo $(BIN)/boxwood demo --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

dev: setup
	$(BIN)/boxwood serve --port $(PORT)

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile
	BOXWOOD_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadfile tests/hub tests/contract

e2e: setup
	$(BIN)/python -m pytest tests/e2e

check: setup
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet frontend/templates
	BOXWOOD_HOME=$(CURDIR)/build/check $(BIN)/python manage.py makemigrations --check --dry-run
	.ci/with-node npm --prefix frontend run --silent check

fix: setup
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
	.ci/with-node npm --prefix frontend run --silent fix

bench: setup
	$(BIN)/python -m tests.bench

build: setup
	rm -rf build/wheel && mkdir -p build/wheel && cp -r frontend/templates hub/templates
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir build/wheel . ; rm -rf hub/templates

clean:
	rm -rf build dist $(VENV) frontend/node_modules hub/static/dist
