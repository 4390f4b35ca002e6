.PHONY: run test setup check bench lock
.NOTPARALLEL:

python := .venv/bin/python

run:
	@sh scripts/run

test:
	@sh scripts/setup screen
	@OMP_WAIT_POLICY=passive $(python) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

setup:
	@sh scripts/setup

check:
	@sh scripts/setup
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy playground
	@$(python) -m pytest -q --no-xvfb tests/test_architecture.py

bench:
	@sh scripts/setup screen
	@$(python) -m benchmarks

lock:
	@sh scripts/setup
	@.uv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--group dev pyproject.toml --output-file requirements.lock
	@sh scripts/setup
