# citygrid: "make run" brings up a city, "make test" runs all tests. All else serves these two.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python

.PHONY: help run stop clean test test-clients check bench setup setup-test setup-clients system system-test system-clients lock

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: setup  ## set up what is missing, start the database, serve the city (Ctrl-C stops the service)
	@setup/run.sh

stop:  ## stop the service and the database; all data stays
	@if [ -x .venv/bin/citygrid ]; then .venv/bin/citygrid stop; fi

clean:  ## delete all that make made here, the city's data too (asks; YES=1 does not)
	@setup/clean.sh

# Two at a time, a file to each: every one has a database and a browser of its own.
test: check  ## set up what tests need, then check the code and run all tests
	$(PYTHON) -m pytest -n 2 --dist loadfile

test-clients: setup-clients  ## try QGIS, GDAL and other clients on the service (minutes; installs them)
	$(PYTHON) -m pytest -m clients

check: setup-test  ## lint, format, types, floors
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup-test  ## measure beside the peers (minutes)
	$(PYTHON) -m pip --disable-pip-version-check install --quiet --no-build-isolation --editable ".[bench]"
	$(PYTHON) -m benchmarks

setup: system .venv/run.stamp web/node_modules/.stamp  ## install what running needs
setup-test: system-test .venv/test.stamp web/node_modules/.stamp

setup-clients: setup-test system-clients .venv/clients.stamp

lock:  ## write the lock files anew (UPGRADE=1 takes newer versions)
	@setup/lock.sh

# What the distribution brings is looked for each time, in a blink: others may have removed it.
system:
	@setup/system.sh

system-test:
	@setup/system.sh test

system-clients:
	@setup/system.sh clients

# A stamp is younger than what it was made from; that is all a second run looks at.
.venv/run.stamp: requirements.lock pyproject.toml setup/python.sh | system
	@setup/python.sh
	@touch $@

.venv/test.stamp: requirements-test.lock .venv/run.stamp
	@setup/python.sh test
	@touch $@

.venv/clients.stamp: requirements-clients.lock .venv/test.stamp
	@setup/python.sh clients
	@touch $@

web/node_modules/.stamp: web/package-lock.json web/package.json setup/frontend.sh | .venv/run.stamp
	@setup/frontend.sh
	@touch $@
