# `make demo` and `make test` are all a newcomer needs; each does its own set-up in .venv.
PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/.ready
CODE := pipeline tests scripts
DATA ?= ../shared

.PHONY: demo test check format lint types golden evaluate lock wheel bench clean

demo: $(READY)
	$(BIN)/trialcriteria extract corpus/clinconnect_lupus_car_t.txt --format tree

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/python -m pytest

format: $(READY)
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

lint: $(READY)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)

types: $(READY)
	$(BIN)/mypy

# Records the output for the corpus anew; read the diff before committing it.
golden: $(READY)
	TRIALCRITERIA_WRITE_GOLDEN=1 $(BIN)/python -m pytest tests/golden

# Every score against its floor; needs registry records and public corpora in DATA.
evaluate: $(READY)
	$(BIN)/python scripts/scores.py --data $(DATA)

bench: $(READY)
	$(BIN)/python scripts/benchmark.py

wheel: $(READY)
	$(BIN)/python -m hatchling build -t wheel

# Writes both lock files anew; needs `uv` on the PATH.
lock:
	uv pip compile -q pyproject.toml --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -o requirements.lock
	uv pip compile -q pyproject.toml --group dev --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -c requirements.lock -o requirements-dev.lock

# pip comes from ensurepip; every other package is pinned with its hash.
$(READY): requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

clean:
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
