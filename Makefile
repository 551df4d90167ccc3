# The verbs of the project. Each sets up what it needs by itself; `make help` lists them.
PYTHON ?= python3
export PYTHON
BOOT = $(PYTHON) tools/bootstrap.py
.DEFAULT_GOAL := help
.PHONY: help run setup test fast check format bench gallery soak lock messages clean

help: ## This list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | \
	  while IFS='|' read -r verb text; do printf '  make %-9s %s\n' "$$verb" "$$text"; done

run: ## Set everything up and serve the demonstration at http://localhost:8000
	@$(BOOT) run

setup: ## Set everything up, serve nothing
	@$(BOOT) setup

test: ## Every test, on SQLite and PostgreSQL, in a real browser
	@$(BOOT) test

fast: ## The fast part of the tests, on SQLite (under 90 seconds)
	@$(BOOT) test --fast

check: ## Format, lint, types, import contract, migrations, audit, translations
	@$(BOOT) check

format: ## Put the code into its format
	@$(BOOT) check --format

bench: ## Measure every figure that the docs name
	@$(BOOT) bench

gallery: ## One picture of every page: phone and desktop, light and dark, Arabic and Korean
	@$(BOOT) gallery

soak: ## The long counts: kills, fuzz, load (a day; three hours with FUZZ_SECONDS=60)
	@$(BOOT) test --soak

lock: ## Resolve the dependencies anew and write the locks
	@$(BOOT) lock

messages: ## Collect the strings of the templates and code into the translation files
	@$(BOOT) messages update

clean: ## Remove what set-up made, but no data
	rm -rf .venv .node frontend/node_modules src/plainview/web/static/build src/plainview/privacy/places/build
