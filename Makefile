# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The one door: every command sets up what it needs, in .venv and .cache of this checkout and nowhere else.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
ifndef ALONGSIDE
.NOTPARALLEL:
endif
MAKEFLAGS += --no-builtin-rules

BIN := $(CURDIR)/.venv/bin
# What runs side by side has a mirror, a home and a folder for packages of its own.
LANE ?=
STAGE := $(CURDIR)/.cache/stage$(LANE)
STAGED := $(STAGE)/ansible_collections/secops/defender
DIST := $(CURDIR)/.cache/dist$(LANE)
STEP := .ci/step
IN_STAGE := env --chdir=$(STAGED)

export PATH := $(BIN):$(PATH)
export PIP_CACHE_DIR := $(CURDIR)/.cache/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export ANSIBLE_COLLECTIONS_PATH := $(STAGE)
export LANE

# A virtual environment holds its own path, so one that was moved is made anew.
HERE := $(shell printf '%s' '$(CURDIR)' | cksum | cut -d ' ' -f 1)
RUNS := .venv/.runs-$(HERE)
READY := .venv/.ready-$(HERE)
INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints-dev.txt

LINT := lint-ruff lint-yaml lint-changelog lint-types lint-ansible
DOCS := docs-lint docs-build docs-importer

.PHONY: help
help: ## Say what there is (this list)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## set-up

$(RUNS): requirements.txt tests/simulator/requirements.txt constraints-dev.txt
	@python=$$(.ci/find-python 3.11 3.12 3.13) || { echo 'Python 3.11 to 3.13 with its venv module is needed (Debian: python3-venv)' >&2; exit 1; }
	echo "setting up .venv with $$python"
	[ -e $@ ] || { rm -rf .venv; "$$python" -m venv .venv; }
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(INSTALL) --requirement requirements.txt --requirement tests/simulator/requirements.txt ansible-core
	touch $@

$(READY): $(RUNS) requirements-dev.txt tests/unit/requirements.txt
	@echo 'adding the tools for tests to .venv'
	$(INSTALL) --requirement requirements-dev.txt
	touch $@

.PHONY: setup
setup: $(READY) ## Make the environment for everything below (the others do it themselves)

.PHONY: staged
staged: $(READY)
	@python .ci/stage.py $(STAGE) >/dev/null

## tests: `make test` runs all of them, the fast ones first, and goes on after a failure

FIRST := lint-ruff lint-yaml lint-changelog lint-types house-rules test-unit
# Most of these keep one processor busy, so two go side by side; the longest begin.
lane-oldest: PARTS := quick-oldest
lane-sanity: PARTS := test-sanity
lane-targets: PARTS := test-integration
lane-promises: PARTS := house-promises
lane-newest: PARTS := quick-newest
lane-docs: PARTS := docs-lint lint-ansible docs-build docs-importer
LANES := lane-oldest lane-targets lane-sanity lane-promises lane-newest lane-docs

.PHONY: test lanes $(LANES)
test: $(READY) ## Everything, fast ones first; ends with one line that counts it
	@rm -rf .cache/log
	mkdir -p .cache/log
	status=0
	$(MAKE) --no-print-directory --keep-going $(FIRST) || status=$$?
	$(MAKE) --no-print-directory --keep-going --jobs 2 --output-sync=target ALONGSIDE=yes lanes || status=$$?
	python .ci/summary.py $$status $$SECONDS
lanes: $(LANES)
$(LANES): $(READY)
	@$(MAKE) --no-print-directory --keep-going ALONGSIDE= LANE=-$@ $(PARTS)

.PHONY: test-unit
test-unit: $(READY) ## Unit tests
	@$(STEP) $@ pytest -q -n 3 --dist worksteal --ignore=tests/unit/house --junitxml=.cache/log/$@.xml

.PHONY: test-house house-rules house-promises
test-house: house-rules house-promises ## The tests that guard the building
house-rules: $(READY)
	@$(STEP) $@ pytest -q tests/unit/house --ignore=tests/unit/house/test_promises.py --junitxml=.cache/log/$@.xml
house-promises: $(READY)
	@$(STEP) $@ pytest -q tests/unit/house/test_promises.py --junitxml=.cache/log/$@.xml

.PHONY: test-integration
test-integration: staged ## ansible-test integration against the simulator (TARGETS="..." for some)
	@$(STEP) $@ python .ci/integration.py $(STAGED) $(TARGETS)

.PHONY: test-sanity sanity-all sanity-oldest-python
test-sanity: sanity-all sanity-oldest-python ## ansible-test sanity
sanity-all: staged
	@$(STEP) sanity-prime python .ci/prime_get_pip.py
	$(STEP) $@ $(IN_STAGE) ansible-test sanity --local --python $$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])') --color no
# Modules may run on older Pythons than the controller.
sanity-oldest-python: staged
	@python=$$(.ci/find-python 3.9) || { printf '%-28sskipped: no Python 3.9\n' $@; exit 0; }
	$(STEP) sanity-prime python .ci/prime_get_pip.py
	$(STEP) $@ $(IN_STAGE) PATH="$(BIN):$$(dirname "$$python"):$$PATH" ansible-test sanity --local --python 3.9 --test import --test compile --color no

.PHONY: test-lint lint-ruff lint-yaml lint-changelog lint-types lint-ansible
test-lint: $(LINT) ## ruff, yamllint, changelog, types, ansible-lint
lint-ruff: $(READY)
	@$(STEP) $@ ruff check .
lint-yaml: $(READY)
	@$(STEP) $@ yamllint --strict .
lint-changelog: $(READY)
	@$(STEP) $@ antsibull-changelog lint
lint-types: staged
	@$(STEP) $@ env --chdir=$(STAGE) mypy --config-file $(CURDIR)/pyproject.toml ansible_collections/secops/defender/plugins
lint-ansible: staged
	@$(STEP) $@ $(IN_STAGE) ansible-lint --offline --profile production

.PHONY: test-docs docs-lint docs-build docs-importer
test-docs: $(DOCS) ## The documentation, the package, and what the Galaxy importer says of it
docs-lint: staged
	@$(STEP) $@ $(IN_STAGE) antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all --skip-rstcheck .
docs-build: staged
	@rm -rf $(DIST)
	$(STEP) $@ $(IN_STAGE) ansible-galaxy collection build --force --output-path $(DIST) .
docs-importer: docs-build
	@$(STEP) $@ .ci/import-check $(DIST)

# The environments of the other ansible-core versions: their Python is used when it is here, else the leg says skipped.
OLDEST := .ci/leg 2.17.14 oldest 3.10
MIDDLE := .ci/leg 2.18.19 newest 3.11
NEWEST := .ci/leg 2.21.5 newest 3.13,3.12

.PHONY: test-legs legs-quick leg-oldest leg-middle leg-newest quick-oldest quick-newest
test-legs: leg-oldest leg-middle leg-newest ## Units, integration and sanity on other ansible-core versions
legs-quick: quick-oldest quick-newest
leg-oldest: $(READY)
	@$(OLDEST) unit integration sanity
leg-middle: $(READY)
	@$(MIDDLE) unit integration sanity
leg-newest: $(READY)
	@$(NEWEST) unit integration sanity
# `make test` takes what differs from one ansible-core to the next; the oldest libraries meet the whole client.
SOME_TARGETS := token machine_info machine_isolation role_contain role_release
NEAR_ANSIBLE := tests/unit/plugins/action tests/unit/plugins/filter tests/unit/plugins/lookup tests/unit/plugins/plugin_utils
NEAR_LIBRARIES := $(NEAR_ANSIBLE) tests/unit/playbooks tests/unit/plugins/module_utils/_client tests/unit/plugins/module_utils/_module \
  tests/unit/plugins/modules/test_token.py tests/unit/plugins/modules/test_machine_info.py tests/unit/plugins/modules/test_machine_isolation.py
quick-oldest: $(READY)
	@LEG_TESTS='$(NEAR_LIBRARIES)' LEG_TARGETS='$(SOME_TARGETS)' $(OLDEST) unit integration
quick-newest: $(READY)
	@LEG_TESTS='$(NEAR_ANSIBLE)' LEG_TARGETS='$(SOME_TARGETS)' $(NEWEST) unit integration

## to look at and to play with

.PHONY: demo
demo: $(RUNS) ## An incident on a simulated tenant, answered by the playbook
	@$(BIN)/python tests/demo.py

.PHONY: simulator
simulator: $(RUNS) ## A simulated tenant to try things on (ARGS="--world under_attack")
	@PYTHONPATH=tests $(BIN)/python -m simulator $(ARGS)

.PHONY: docs
docs: staged ## The documentation as HTML, in .cache/docs/html
	@$(STEP) $@ docs/site/build .cache/docs

.PHONY: bench
bench: $(READY) ## Measure, and compare with the goals
	@$(BIN)/python tests/bench/run.py $(ARGS)

.PHONY: clean
clean: ## Remove the environments, caches and logs
	rm -rf .venv .cache
