# What a person runs here: `make ask Q="..."`, `make test`, `make check`. Every one does its own set-up, once.
# Stamp files under .venv say what is done; a stamp older than what it was made from is made again.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help ask question test check evals evals-model evals-report format pins clean set-up

VENV := .venv
BIN := $(VENV)/bin
DONE := $(VENV)/done
# Twice quiet: pip then prints errors only, and the lines below say what is going on.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
# The first Python that is new enough; PYTHON=/path/to/python3 chooses another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

# The question is somebody's text: it goes through the environment, where neither make nor the shell reads it.
unexport Q DIR MODEL
export ASK_QUESTION := $(value Q)
export ASK_DIR := $(or $(value DIR),.)
export ASK_MODEL := $(value MODEL)

help:
	@echo 'make ask Q="where are citations checked?" [DIR=folder] [MODEL=name|path|url|none]'
	@echo 'make test     run the tests'
	@echo 'make check    formatting, lint, types, then the tests'
	@echo 'make evals    ask the golden set about other projects, and hold the result against evals/thresholds.toml'
	@echo 'make format   format and fix what can be fixed'
	@echo 'make pins     pin the dependencies anew (needs uv)'
	@echo 'make clean    remove .venv and caches; indexes and models in your cache folder stay'

# --- the two commands --------------------------------------------------------------------------------------------

ask: question $(DONE)/package $(DONE)/llm
	@sh requirements/pull-model.sh "$(BIN)" "$(DONE)"
	@$(BIN)/surefoot ask --root "$$ASK_DIR" $${ASK_MODEL:+--model "$$ASK_MODEL"} \
		-- "$$ASK_QUESTION"

question:
	@test -n "$$ASK_QUESTION" || { echo 'Ask like this: make ask Q="where are citations checked?"' >&2; exit 2; }

test: $(DONE)/dev $(DONE)/package $(DONE)/llm
	@$(BIN)/python -m pytest $(TESTS)

check: $(DONE)/dev $(DONE)/package $(DONE)/llm
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(MAKE) --no-print-directory test

# --- the golden set ----------------------------------------------------------------------------------------------

EVAL := $(BIN)/surefoot eval
GOLDEN := --cases evals/cases --corpora evals/corpora.toml
FOUND := evals/.cache/found
MODEL_CASES := -(con1|una1)$$

# Retrieval and extractive answers, in full.
evals: $(DONE)/dev $(DONE)/package
	@$(EVAL) run $(GOLDEN) --gate evals/thresholds.toml --out $(FOUND)/surefoot.json

# Answers written by the default model, for a fixed part of the cases.
evals-model: $(DONE)/dev $(DONE)/package $(DONE)/llm
	@sh requirements/pull-model.sh "$(BIN)" "$(DONE)"
	@$(EVAL) run $(GOLDEN) --suite answers --model default --only '$(MODEL_CASES)' \
		--gate evals/thresholds-model.toml --out $(FOUND)/model.json

# The page with everything beside everything; needs ripgrep, and installs semble.
evals-report: $(DONE)/dev $(DONE)/package $(DONE)/baselines
	@sh evals/report.sh "$(EVAL)" "$(GOLDEN)" "$(FOUND)"

# --- set-up ------------------------------------------------------------------------------------------------------

set-up: $(DONE)/dev $(DONE)/package $(DONE)/llm

$(DONE)/venv:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found; say where one is: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON)"
	@"$(PYTHON)" -m venv $(VENV) || { echo "$(PYTHON) cannot make virtual environments; Debian has that in python3-venv" >&2; exit 1; }
	@mkdir -p $(DONE) && touch $@

$(DONE)/base: requirements/base.txt requirements/build.txt $(DONE)/venv
	@echo "Installing what Surefoot needs, pinned by hash (a minute or two)"
	@$(PIP) install --require-hashes -r requirements/base.txt -r requirements/build.txt
	@touch $@

$(DONE)/package: pyproject.toml $(DONE)/base
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DONE)/dev: requirements/dev.txt $(DONE)/base
	@echo "Installing what the tests need, pinned by hash (less than a minute)"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(DONE)/baselines: requirements/baselines.txt $(DONE)/dev
	@echo "Installing what the figures are set beside, pinned by hash"
	@$(PIP) install --require-hashes -r requirements/baselines.txt
	@touch $@

# Done is also a build that cannot succeed: it is not tried again on every call. Remove the stamp to try again.
$(DONE)/llm: requirements/llm.txt requirements/install-llm.sh $(DONE)/base
	@CMAKE_BUILD_PARALLEL_LEVEL=$${CMAKE_BUILD_PARALLEL_LEVEL:-$(CORES)} \
		sh requirements/install-llm.sh "$(BIN)" "$(DONE)"
	@touch $@

# --- upkeep ------------------------------------------------------------------------------------------------------

format: $(DONE)/dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

UV ?= uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
UPGRADE ?= --upgrade

# No addresses and no paths are written: pip takes the packages from wherever its user has set it to.
pins:
	@$(COMPILE) $(UPGRADE) pyproject.toml --output-file requirements/base.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml --extra llm --constraint requirements/base.txt --output-file requirements/llm.txt
	@$(COMPILE) $(UPGRADE) --group build --constraint requirements/llm.txt --output-file requirements/build.txt
	@$(COMPILE) $(UPGRADE) --group dev --constraint requirements/llm.txt --constraint requirements/build.txt \
		--output-file requirements/dev.txt
	@$(COMPILE) $(UPGRADE) --group baselines --constraint requirements/llm.txt --constraint requirements/dev.txt \
		--output-file requirements/baselines.txt
	@! grep -nE '://|^-|file:' requirements/*.txt

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find server tests evals -name __pycache__ -type d -prune -exec rm -rf {} +
