# Two commands do everything: `make edition` and `make test`. Both make .venv and install
# what is missing (tools/setup). Works with GNU make 3.81, which macOS has.

SETUP = sh tools/setup
BIN = .venv/bin

.DEFAULT_GOAL := help
.PHONY: help edition test coverage versions check words lint docs bench messages lock clean setup-edition setup-test
.NOTPARALLEL:

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

edition: setup-edition ## build every output of the edition into build/
	$(BIN)/tei-export build all

test: setup-test ## run both test suites; ARGS="-k witness" picks some
	$(SETUP) with-tools $(BIN)/python tools/suites.py $(ARGS)

coverage: setup-test ## the same, and how much of the program the tests run
	$(SETUP) with-tools $(BIN)/python tools/suites.py --coverage $(ARGS)

versions: setup-test ## try the lowest and highest versions of Sphinx, Python and all packages; ARGS="--python 3.12"
	$(SETUP) with-tools $(BIN)/python tools/versions.py $(ARGS)

check: setup-edition ## compare the sources with the witness, build nothing
	$(BIN)/tei-export check

words: setup-test ## list the words that no word list knows and nobody has accepted; ARGS=--all takes every word
	$(SETUP) with-tools $(BIN)/tei-export words $(ARGS)

lint: setup-test ## ruff (rules and format), mypy, and the rule which module may import which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy --config-file tests/mypy.ini
	$(BIN)/lint-imports

docs: setup-test ## build the documentation as a site into build/docs/
	$(BIN)/sphinx-build -q -W --keep-going -d build/.docs docs build/docs

bench: setup-test ## measure the builds against an honest baseline
	$(SETUP) with-tools $(BIN)/python benchmarks/run.py $(ARGS)

messages: setup-test ## gather the words of the interface for translators; ARGS=fr begins a language
	$(BIN)/python tools/messages.py $(ARGS)

lock: ## resolve the pins of requirements/ anew; ARGS=--upgrade takes newer versions
	@$(SETUP) lock $(ARGS)

clean: ## delete what was built and all caches; .venv stays
	rm -rf build .pytest_cache .hypothesis .ruff_cache .mypy_cache .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

setup-edition: ## only the set-up of `make edition`
	@$(SETUP) edition

setup-test: ## only the set-up of `make test`
	@$(SETUP) test
