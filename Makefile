# make demo   set everything up and run a living small hospital
# make test   install what the tests need and run them all, with the linters and the type checker
# make help   the rest

SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=

# Debian package -> the file that shows it is there
TEST_PACKAGES = mosquitto:/usr/sbin/mosquitto chromium:/usr/bin/chromium dbus:/usr/bin/dbus-daemon \
  libzbar0:/usr/share/doc/libzbar0 fonts-noto-cjk:/usr/share/doc/fonts-noto-cjk git:/usr/bin/git

.PHONY: help demo test check lint types contracts unit bench lock clean system-packages

help:
	@echo 'make demo            set everything up and run a living small hospital'
	@echo 'make demo ARGS=...   the same with arguments, e.g. ARGS="--minutes 2 --speed 60 --report day.json"'
	@echo 'make test            install what the tests need, then run linters, type checker and all tests'
	@echo 'make check           linters, type checker and import contracts only'
	@echo 'make bench           every benchmark, each as a table'
	@echo 'make lock            pin all dependencies anew into requirements*.txt'
	@echo 'make clean           remove what the other targets made'

demo: $(VENV)/.run
	@$(BIN)/daozhen demo $(ARGS)

test: system-packages $(VENV)/.dev check unit

check: lint types contracts

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

unit: $(VENV)/.dev
	$(BIN)/pytest $(ARGS)

bench: $(VENV)/.dev
	@for name in qr_reading core line check_ins http_load map_doctor; do \
	  $(BIN)/python -m benchmarks.$$name || exit 1; echo; done

# A fresh Debian has Python without venv: that one package is fetched when it is missing.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Python 3.11 or newer is needed; say which with make PYTHON=python3.x'; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
	  || { echo 'Fetching python3-venv ...'; rm -rf $(VENV); apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; \
	       $(PYTHON) -m venv $(VENV); }

$(VENV)/.run: $(BIN)/python requirements.txt pyproject.toml
	@echo 'Installing Daozhen into $(VENV) ...'
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@echo 'Installing what the tests need into $(VENV) ...'
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

system-packages:
	@missing=''; for pair in $(TEST_PACKAGES); do \
	  [ -e "$${pair#*:}" ] || missing="$$missing $${pair%%:*}"; done; \
	[ -z "$$missing" ] || { \
	  echo "Installing$$missing ..."; \
	  command -v apt-get >/dev/null || { echo "Please install$$missing by hand."; exit 1; }; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; }

UV := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-annotate --no-header
lock:
	$(UV) pyproject.toml -o requirements.txt
	$(UV) --group dev --extra study pyproject.toml -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build var
