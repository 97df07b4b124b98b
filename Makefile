# One virtual environment, made from the lock, and the commands that use it. `make help` lists them.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LINTERS := .ci/spec-linters
UV := uv==0.13.8
ARGS ?=

# The first interpreter that is new enough; `make PYTHON=/path/to/python test` chooses another. Change it after `make clean`.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint specs prove bench lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(STAMP) ## check the APIs on the bundled reference server
	$(BIN)/earwitness demo

test: $(STAMP) ## the tests, in random order, in three processes, since much of it waits (ARGS="-k spec" to choose)
	$(BIN)/python -m pytest -n 3 tests $(ARGS)

lint: $(STAMP) ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

specs: ## the specs, judged by the official linters of OpenAPI and AsyncAPI (needs Node.js)
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory $(LINTERS)/node_modules/.installed && node $(LINTERS)/lint.mjs specs; \
	else \
		echo "specs: left out, since there is no node and npm here: redocly lint and @asyncapi/parser over specs/" >&2; \
	fi

prove: $(STAMP) ## every planted defect is caught by the check that it names (some ten minutes)
	$(BIN)/earwitness prove --all $(ARGS)

bench: $(STAMP) ## what a listener costs, ours beside others (ARGS="--write" for benchmarks/RESULTS.md)
	$(BIN)/python -m benchmarks.listeners $(ARGS)

lock: ## make requirements.lock again from pyproject.toml (LOCK_ARGS="--upgrade" for the newest versions)
	@$(need_python)
	$(PYTHON) -m venv --clear build/lock-tools
	build/lock-tools/bin/python -m pip install -qq '$(UV)'
	@grep '^#' requirements.lock > build/lock-header
	build/lock-tools/bin/uv --quiet --no-config pip compile --universal --python-version 3.11 --extra dev $(LOCK_ARGS) \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--output-file requirements.lock pyproject.toml
	@cat build/lock-header requirements.lock > build/lock-new && mv build/lock-new requirements.lock

clean: ## remove what the commands above have made
	rm -rf $(VENV) build dist $(LINTERS)/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

define need_python
test -n '$(PYTHON)' || { echo "make: no Python 3.11 or newer found; name one: make PYTHON=/path/to/python3.11 ..." >&2; exit 2; }
endef

# The project itself is installed after its locked dependencies, editable and without a build environment of its own, so that the lock
# is everything that is ever downloaded.
$(STAMP): requirements.lock pyproject.toml
	@$(need_python)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(LINTERS)/node_modules/.installed: $(LINTERS)/package.json $(LINTERS)/package-lock.json
	cd $(LINTERS) && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
