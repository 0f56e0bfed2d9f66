# Every task of the project. `make demo` and `make test` need nothing but Python 3.11 to 3.13, make and git.
SHELL  := /bin/sh
PYTHON ?= python3
BIN    := .venv/bin
READY  := .venv/.ready
RELEASE := .venv-release/.ready
FUZZ   := .venv-fuzz/.ready
SECONDS ?= 600
PORT   ?= 8080
PAGES  ?= ../shared/data/listings
OUT    ?= real
ARGS   ?=
COVER  := --cov --cov-report=term-missing:skip-covered
SCORE  ?= ../shared/score/score.py
# The figures of the last good state, with a little room; raised when a figure rises for good, never lowered silently.
FLOORS   := listing_f1=0.99 listing_title=0.99 listing_date=0.99 listing_image=0.97 body_f1=0.978 date_right=0.9 \
            date_precision=0.95 next_precision=0.97 next_recall=0.98 vietnamese_dates=1
CEILINGS := crashes=0 slow_pages=0 peak_rss_mib=120

.PHONY: help setup demo run test check lint types layers bench real score lock audit sbom fuzz readers clean

help:            ## this list
	@sed -n 's/^\([a-z]*\): .*## /\1\t/p' $(MAKEFILE_LIST)

setup: $(READY)  ## .venv with feedsvc and everything its tests need, from the hashed lock
$(READY): pyproject.toml requirements/dev.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else "feedsvc needs Python 3.11 to 3.13, and $(PYTHON) is %d.%d: name another with make PYTHON=python3.12" % v)'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo 'This Python has no venv module; on Debian: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check --disable-pip-version-check >/dev/null || $(BIN)/python -m pip check
	@touch $(READY)

demo: $(READY)   ## the sample portal and the service over it, without internet
	$(BIN)/feedsvc demo --port $(PORT)

run: $(READY)    ## the service over ./config.toml
	$(BIN)/feedsvc run

test: $(READY)   ## every test that this machine can run; CI=true refuses to skip any
	$(BIN)/python -m pytest $(ARGS)

check: lint types layers ## all quality gates: ruff, mypy, layers, tests with branch coverage
	$(MAKE) test ARGS="$(COVER)"

lint: $(READY)   ## ruff, formatting included
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## mypy --strict
	$(BIN)/mypy

layers: $(READY) ## who may import whom
	$(BIN)/lint-imports

bench: $(READY)  ## speed, as ratios within one run
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.serve

real: $(READY)   ## saved listings of PAGES through the whole line; feeds of them into OUT
	$(BIN)/python -m benchmarks.real $(PAGES) $(OUT)

score: $(READY)  ## how well pages with known answers are read; fails below the floors of the last good state
	$(BIN)/python $(SCORE) --cmd "$(BIN)/python -m feedsvc read --jsonl" --floor $(FLOORS) --ceiling $(CEILINGS)

audit: $(RELEASE) ## known weaknesses of what is shipped; asks a public service, so it is no part of .ci/run
	.venv-release/bin/pip-audit --strict --require-hashes --disable-pip -r requirements/feedsvc.lock

sbom: $(RELEASE) ## dist/feedsvc.cdx.json: what is shipped, as CycloneDX
	mkdir -p dist
	.venv-release/bin/cyclonedx-py requirements requirements/feedsvc.lock --pyproject pyproject.toml --output-reproducible --of JSON -o dist/feedsvc.cdx.json

fuzz: $(FUZZ)    ## any bytes into what reads pages, dates, charsets and addresses, SECONDS each
	for one in listing article dates charset url; do .venv-fuzz/bin/python -m tests.fuzz $$one -max_total_time=$(SECONDS) || exit 1; done

$(FUZZ): requirements/fuzz.lock requirements/dev.lock
	$(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.lock
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/fuzz.lock
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(FUZZ)

$(RELEASE): requirements/release.lock
	$(PYTHON) -m venv .venv-release
	.venv-release/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/release.lock
	@touch $(RELEASE)

readers: $(READY) ## what the npm world reads feeds with, for tests/readers; further ones are Debian packages
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/readers.lock
	$(BIN)/npm ci --prefix tests/readers --no-audit --no-fund --ignore-scripts --loglevel=error

lock: $(READY)   ## pin anew what pyproject.toml asks for
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --all-extras --group dev pyproject.toml -o requirements/dev.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --all-extras pyproject.toml -o requirements/feedsvc.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group readers -o requirements/readers.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group fuzz -o requirements/fuzz.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group release -o requirements/release.lock

clean:           ## back to a fresh clone
	rm -rf .venv .venv-release .venv-fuzz feedsvc-demo $(OUT) .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
