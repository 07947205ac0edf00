# `make demo` shows the product, `make test` checks it; both set themselves up first.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test check setup lock clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 10

demo: setup  ## demo API, local Slack, bot and MCP server on this machine; Ctrl-C stops them
	@exec $(BIN)/famulor-bot demo

test: check  ## everything that must be green: format, lint, types, import rules, dependencies, tests
	@$(BIN)/python -m pytest

check: setup  ## all of that but the tests
	@$(BIN)/ruff format --check --diff --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry --no-ansi .

setup: .venv/.synced  ## .venv as requirements.lock says; nothing to do when nothing changed

# The stamp is written last: a set-up that was interrupted is simply done again.
.venv/.synced: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "$(PYTHON) is too old: Python 3.11 or newer is needed (make PYTHON=python3.12 …)." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
	    rm -rf .venv; echo "Python's venv is missing; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/uv || { \
	    sed -n '/^uv==/,/^[^ ].*==/p' requirements.lock | sed '$$d' > .venv/uv.lock && \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock; }
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q bot mcp_server shared
	@touch $@

lock:  ## requirements.lock anew from pyproject.toml
	@test -x $(BIN)/uv || $(MAKE) setup
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --all-extras --group dev --custom-compile-command 'make lock' --output-file requirements.lock pyproject.toml

clean:  ## remove all that was built
	@rm -rf .venv dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
