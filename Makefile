# Two commands for everybody: `make run` and `make test`. The rest is for who changes the house.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test bench evaluate lock check-python browser postgres

run: $(VENV)/run-ready
	@$(BIN)/python main.py serve

test: $(VENV)/test-ready
	@$(BIN)/python -m tests.everything

bench: $(VENV)/test-ready
	@$(BIN)/python -m tests.bench

evaluate: $(VENV)/test-ready
	@$(BIN)/python -m tests.evaluation

check-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Loa needs Python 3.11 or newer as '$(PYTHON)'. On Debian: apt-get install python3 python3-venv" >&2; exit 1; }

$(VENV)/bin/python: | check-python
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "The virtual environment could not be made. On Debian: apt-get install python3-venv" >&2; exit 1; }

# Installed again only when the lock changes: a second start installs nothing.
$(VENV)/run-ready: requirements/base.txt | $(VENV)/bin/python
	@echo "Installing what Loa needs (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/test-ready: requirements/test.txt | $(VENV)/bin/python
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@ $(VENV)/run-ready

LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

lock: $(VENV)/test-ready
	$(LOCK) --upgrade -o requirements/base.txt pyproject.toml
	$(LOCK) --upgrade --extra test -c requirements/base.txt -o requirements/test.txt pyproject.toml
