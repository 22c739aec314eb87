# `make test-fault`: the long form of the fault tests, beside their short one
# in `make test`. Every program, Redis, PostgreSQL and each kind of its sessions
# is killed in every step of the main job. FAULT_ROUNDS=n repeats it.
test-fault:
	@$(STACK) packages test
	@$(MAKE) --no-print-directory MODE=asan BUILD=.build/asan -j$(JOBS) build
	@cd tests && npm ci --silent --no-audit --no-fund
	@FAULT_LONG=1 INDEX_LONG=1 TEST_RUN=.test-fault TEST_PORT=24365 TEST_PORT_BASE=24380 BUILD=.build/asan \
	    bash tests/run.sh tests/e2e/main_job.test.mjs tests/fault/*.test.mjs
.PHONY: test-fault

# `make test-index`: ten thousand changes of postings, the jobs program killed in
# between; index and database agree in the end.
test-index:
	@$(STACK) packages test
	@$(MAKE) --no-print-directory -j$(JOBS) build
	@cd tests && npm ci --silent --no-audit --no-fund
	@INDEX_LONG=1 TEST_RUN=.test-index TEST_PORT=24765 TEST_PORT_BASE=24780 BUILD=$(BUILD) \
	    bash tests/run.sh tests/fault/index.test.mjs
.PHONY: test-index
