# make serve: installs Quoth, publishes the shipped data if nothing is published yet, serves it.
# make editor: builds the query editor out of npm packages; `make serve` does it too. Node comes from PyPI if need be.
# make test:  runs every test but the slow ones; make test-fast those of a developer's loop, make test-slow the slow
#             ones, make test-all everything; make coverage everything, and says which lines and branches ran. Two tests
#             run beside each other, except those marked serial.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

SIZE ?= 100k
RESULTS ?= .bench/results

EDITOR := server/quoth/web/static/editor/editor.js

.PHONY: serve editor test test-fast test-slow test-all coverage bench lint clean

serve: $(VENV)/installed
	@$(MAKE) --no-print-directory editor || echo "Serving without the query editor: its page has a plain form."
	$(BIN)/quoth serve

editor: $(EDITOR)

test: $(VENV)/installed-dev
	@$(MAKE) --no-print-directory editor || true
	$(BIN)/pytest -n 2 --dist loadscope -m "not slow and not serial"
	$(BIN)/pytest -m "serial and not slow"

test-fast: $(VENV)/installed-dev
	$(BIN)/pytest -q -n 2 --dist worksteal -m "fast and not serial"

test-slow: $(VENV)/installed-dev
	$(BIN)/pytest -n 2 --dist loadscope -m "slow and not serial"
	$(BIN)/pytest -m "slow and serial"

test-all: test test-slow

coverage: $(VENV)/installed-dev
	@$(MAKE) --no-print-directory editor || true
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadscope -m "not serial"
	$(BIN)/coverage run -m pytest -m serial
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

bench: $(VENV)/installed-dev
	$(BIN)/pip install --quiet --group peers || true
	$(BIN)/python -m tests.bench.compare.compare .bench --size $(SIZE) --results $(RESULTS)

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check server tests
	$(BIN)/ruff check server tests
	$(BIN)/mypy
	$(BIN)/lint-imports

$(EDITOR): $(wildcard server/quoth/web/editor/* server/quoth/web/editor/src/*) | $(VENV)/installed
	command -v npm >/dev/null || $(BIN)/pip install --quiet --group editor
	$(BIN)/python -m quoth.web.editor.build

$(BIN)/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Quoth needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

# An older pip, as an environment may have, knows no --group.
$(VENV)/installed: pyproject.toml $(BIN)/pip
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --editable ".[mcp,tables]" || $(BIN)/pip install --quiet --editable ".[mcp]"
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --group dev
	touch $@

clean:
	rm -rf $(VENV) releases .clients .bench $(dir $(EDITOR)) .mypy_cache .pytest_cache .ruff_cache .hypothesis .grimp_cache .import_linter_cache
