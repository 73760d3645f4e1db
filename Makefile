# Everything runs in .venv, made on first use. `make help` lists the targets.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
PIP_INSTALL := $(BIN)/python -m pip install --quiet -c constraints/core.txt
# What the tests need beside the core: one environment, since these sets can share one.
DEV_SETS := server plots llm train
DEV_INSTALL := $(PIP_INSTALL) $(DEV_SETS:%=-c constraints/%.txt) -e '.[dev,server,plots,llm,train]'

# Console scripts and a safe path: with the root on sys.path, `import agents` would be ours instead of its owner's.
export PYTHONSAFEPATH := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# pyright would otherwise ask the package index for a newer release on every run.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check lint format dev bench clean

help:
	@grep -hE '^## ' $(MAKEFILE_LIST) | sed 's/^## //'

## demo    one week told in the terminal, then the small Gemma trained for some minutes, before and after
demo: $(VENV)/.demo
	$(BIN)/wlf demo --train

## test    all tests, marked ones included
test: $(VENV)/.dev
	@$(BIN)/pytest -n $(WORKERS) $(ARGS)

## lint    format, lint, types, layers
lint: $(VENV)/.dev $(VENV)/types/work_life_firewall
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo

## check   lint and test
check: lint
	@$(MAKE) --no-print-directory test

## format  rewrite files into the house format
format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

## dev     the environment and a git hook that runs lint before each commit
dev: $(VENV)/.dev
	@hook="$$(git rev-parse --git-path hooks)/pre-commit"; \
	if [ -e "$$hook" ] && ! grep -q 'make --no-print-directory lint' "$$hook"; then \
		echo "$$hook exists and is not ours: left alone"; \
	else \
		mkdir -p "$$(dirname "$$hook")" && \
		printf '#!/bin/sh\nexec make --no-print-directory lint\n' > "$$hook" && chmod +x "$$hook" && \
		echo "environment in $(VENV), hook in $$hook"; \
	fi

## bench   CPU time of the hot paths, as ratios to a calibration loop
bench: $(VENV)/.dev
	@PYTHONSAFEPATH= $(BIN)/python benchmarks/run.py --out docs/results/bench.json

## clean   the environment, caches and build leftovers; runs/ stays
clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@for python in python3.11 python3.12 python3.13 python3; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break || python=; \
	done; \
	test -n "$$python" || { echo "Python 3.11 or newer is needed, none was found on PATH" >&2; exit 1; }; \
	"$$python" -m venv $(VENV)

# pyright cannot follow an editable install's import hook; this link is where it finds the package (extraPaths).
$(VENV)/types/work_life_firewall: | $(BIN)/python
	@mkdir -p $(@D) && ln -sfn ../.. $@

# Stamps: installed again only when the dependencies or their pins change; sources are picked up by the editable install.
$(VENV)/.demo: pyproject.toml constraints/core.txt constraints/train.txt | $(BIN)/python
	@if [ -e $(VENV)/.dev ]; then $(DEV_INSTALL) && touch $(VENV)/.dev; \
	else $(PIP_INSTALL) -c constraints/train.txt -e '.[train]'; fi
	@touch $@

$(VENV)/.dev: pyproject.toml constraints/core.txt $(DEV_SETS:%=constraints/%.txt) | $(BIN)/python $(VENV)/types/work_life_firewall
	$(DEV_INSTALL)
	@touch $(VENV)/.demo $@
