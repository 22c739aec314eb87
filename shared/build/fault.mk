# `make test-fault`: the long form of the fault tests, beside their short one
# in `make test`. Every program, Redis, PostgreSQL and each kind of its sessions
# is killed in every step of the main job. FAULT_ROUNDS=n repeats it.
test-fault:
	@$(STACK) packages test
	@$(MAKE) --no-print-directory MODE=asan BUILD=.build/asan -j$(JOBS) build
	@cd tests && npm ci --silent --no-audit --no-fund
	@FAULT_LONG=1 TEST_RUN=.test-fault TEST_PORT=24365 TEST_PORT_BASE=24380 BUILD=.build/asan \
	    bash tests/run.sh tests/e2e/main_job.test.mjs tests/fault/*.test.mjs
.PHONY: test-fault
