# Everything lives in .venv at the root. `make run` and `make test` need Python 3.11+ and nothing else installed.
.PHONY: run test check bench setup clean

run:            ## set up, ask the sample documents a spoken question, then serve on port 8787 (ONCE=1 stops after the answer)
	@ONCE=$(ONCE) scripts/run

test:           ## set up, then run every check and every test
	@scripts/test

check:          ## style, types, import rules, sizes
	@scripts/check

bench:          ## measure: retrieval, recognition, latency, memory
	@scripts/bench

setup:          ## only make .venv
	@scripts/setup

clean:          ## remove .venv and caches
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
