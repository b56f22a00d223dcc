# `make demo` and `make test` are all a newcomer needs; each does its own set-up in .venv.
PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/.ready
SPARK := .venv/.spark
CODE := pipeline tests scripts
DATA ?= ../shared

.PHONY: demo test test-spark java check format lint types golden evaluate lock wheel bench clean

demo: $(READY)
	$(BIN)/trialcriteria extract corpus/clinconnect_lupus_car_t.txt --format tree

test: $(READY)
	$(BIN)/python -m pytest

# The Spark engine against the local one; needs Java 17, and installs PySpark into .venv.
test-spark: java $(SPARK)
	$(BIN)/python -m pytest tests/bulk/test_spark.py

java:
	@"$${JAVA_HOME:+$$JAVA_HOME/bin/}java" -version >/dev/null 2>&1 || { \
	  echo "make test-spark: there is no Java; install version 17, or set JAVA_HOME" >&2; exit 1; }

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

# Writes the lock files anew; needs `uv` on the PATH.
lock:
	uv pip compile -q pyproject.toml --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -o requirements.lock
	uv pip compile -q pyproject.toml --group dev --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -c requirements.lock -o requirements-dev.lock
	uv pip compile -q pyproject.toml --extra spark --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -c requirements-dev.lock -o requirements-spark.lock

# pip comes from ensurepip; every other package is pinned with its hash. Where that pip is older than
# 23.1 it would build what has no wheel in a way that no longer works: hence --use-pep517.
$(READY): requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --use-pep517 --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

$(SPARK): requirements-spark.lock $(READY)
	$(BIN)/python -m pip install -q --disable-pip-version-check --use-pep517 --require-hashes -r requirements-spark.lock
	touch $(SPARK)

clean:
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
