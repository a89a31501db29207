# make run    set up what is missing, then open the panel on 127.0.0.1
# make test   set up what is missing, then run every test
.PHONY: run test bench lint types check format lock screens letters clean

# The first interpreter that really starts and is one of the three that are supported.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 \
	&& echo $$p && break; done)
BIN := .venv/bin

run:
	@$(if $(PYTHON),,$(error No Python 3.11, 3.12 or 3.13 here. Debian: sudo apt-get install -y python3 python3-venv))$(PYTHON) tools/install.py
	@$(BIN)/assistant panel $(ARGS)

test: dev
	@$(BIN)/python -m tools.system_packages
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

bench: dev
	@$(BIN)/python -m tests.bench $(ARGS)

lint: dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

types: dev
	@$(BIN)/pyright

check: lint types test

format: dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: dev
	@$(BIN)/python -m tools.lock

screens: dev
	@$(BIN)/python -m tools.screens

letters: dev
	@$(BIN)/python -m tools.letters

clean:
	rm -rf .venv build *.egg-info .pytest_cache .ruff_cache .hypothesis

.PHONY: dev
dev:
	@$(if $(PYTHON),,$(error No Python 3.11, 3.12 or 3.13 here. Debian: sudo apt-get install -y python3 python3-venv))$(PYTHON) tools/install.py --dev
