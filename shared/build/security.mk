# `make test-security`: the attack cases, and the walk of every route by every
# role in its own and another county, on servers of their own. They are part of
# `make test` too; here they stand alone, with the fuzzers for FUZZ_SECONDS each.
test-security:
	@$(STACK) packages test
	@$(MAKE) --no-print-directory MODE=asan BUILD=.build/asan -j$(JOBS) build
	@cd tests && npm ci --silent --no-audit --no-fund
	@TEST_RUN=.test-security TEST_PORT=23365 TEST_PORT_BASE=23380 BUILD=.build/asan \
	    bash tests/run.sh tests/security/*.test.mjs tests/api/scope.test.mjs
	@$(MAKE) --no-print-directory fuzz
.PHONY: test-security
