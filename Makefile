# `make help` lists what is here. Each target makes or mends .venv first; PYTHON= names the Python to make it with.
PORT ?= 8000
.DEFAULT_GOAL := help
.PHONY: help run serve test test-all lint bench endure mutants format requirements licences clean

help:  ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run:  ## Serve the site with demo articles on http://127.0.0.1:8000/ (PORT= changes it)
	@PORT="$(PORT)" sh bin/serve

serve:  ## Serve in production, by granian (docs/reference/settings.md says what to set)
	@PORT="$(PORT)" sh bin/serve_production

test:  ## All tests on SQLite, what differs on PostgreSQL, browser (ARGS= goes to pytest; REQUIRE_ALL=1: none left out)
	@sh bin/test $(ARGS)

test-all:  ## The same, every test of both databases: before each release
	@BOTH_IN_FULL=1 sh bin/test $(ARGS)

lint:  ## Style, format, missing migrations and Django's own checks; changes nothing
	@sh bin/lint

bench:  ## Measure the site with 100, 10,000 and 100,000 articles (ARGS=--help lists the choices)
	@sh bin/venv
	@.venv/bin/python -m bench $(ARGS)

endure:  ## Load and faults at full size on both databases: crowds, kills, restarts, full disks (half an hour and more)
	@sh bin/endure $(ARGS)

mutants:  ## Seed faults one at a time in a copy, and see whether the tests find them (ARGS=--help lists the choices)
	@sh bin/venv test
	@.venv/bin/python -m tests.mutants $(ARGS)

format:  ## Format the code, and mend what ruff can mend by itself
	@sh bin/venv test
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

requirements:  ## Pin and hash requirements*.in anew, with uv (ARGS=--upgrade takes newer versions)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command "make requirements" $(ARGS) requirements.in --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command "make requirements" $(ARGS) requirements-s3.in --output-file requirements-s3.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command "make requirements" $(ARGS) requirements-test.in --output-file requirements-test.txt

licences:  ## Write LICENCES.md anew: the licence of every package that the site needs
	@sh bin/venv test
	@.venv/bin/python bin/licences.py

clean:  ## Remove .venv and caches; the database and uploaded files in var/ stay
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
