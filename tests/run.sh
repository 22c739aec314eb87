#!/bin/bash
# run.sh -- every test above unit level, on servers of its own beside a
# running city: the sanitizer build, its own PostgreSQL, Redis and ports.
# Arguments: test files. Without any it is all of them, on two stacks side by
# side: what asks politely on one, what kills and cuts on the other, and after
# it the counts of a whole city.
# KEEP=1 leaves the servers up.
set -euo pipefail
cd "$(dirname "$0")/.."

export RUN=${TEST_RUN:-.test} BUILD=${BUILD:-.build/asan}
export GATEWAY_PORT=${TEST_PORT:-28365} PORT_BASE=${TEST_PORT_BASE:-28380}

# Beside the first stack; the faults are done long before it is.
aside() {
	local faults=0 city=0
	TEST_RUN=$RUN-faults TEST_PORT=$((GATEWAY_PORT + 40)) TEST_PORT_BASE=$((PORT_BASE + 40)) \
	    bash tests/run.sh tests/e2e/*.test.mjs tests/fault/*.test.mjs || faults=$?
	TEST_RUN=$RUN-city TEST_PORT=$((GATEWAY_PORT + 40)) TEST_PORT_BASE=$((PORT_BASE + 40)) \
	    TEST_PEOPLE=50000 TEST_EMPLOYERS=3000 READY_S=300 bash tests/run.sh tests/city/*.test.mjs || city=$?
	echo "tests/run.sh: e2e and fault ended with $faults, the city's counts with $city"
	[ $faults = 0 ] && [ $city = 0 ]
}

# Their words come after the first one's, whole.
both() {
	local said=$RUN-aside.said first=0 second=0
	aside >"$said" 2>&1 &
	bash tests/run.sh tests/security/*.test.mjs tests/api/*.test.mjs || first=$?
	wait $! || second=$?
	cat "$said"
	echo "tests/run.sh: security and api ended with $first"
	[ $first = 0 ] && [ $second = 0 ]
}
[ $# -gt 0 ] || { both; exit; }

export BANK_FOLDERS=1
# The clock of the city is moved by days; nobody should wait seconds for what follows.
export YJY_EVERY_PERCENT=${TEST_EVERY_PERCENT:-20}
export PEOPLE=${TEST_PEOPLE:-400} EMPLOYERS=${TEST_EMPLOYERS:-40} SEED=7
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:exitcode=86:log_path=$PWD/$RUN/log/asan
export UBSAN_OPTIONS=print_stacktrace=1:log_path=$PWD/$RUN/log/ubsan
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0

stack() { bash shared/build/stack.sh "$@"; }

stop() { [ -n "${KEEP:-}" ] || stack down; }
trap stop EXIT

stack down 2>/dev/null || true
rm -rf "$RUN"
mkdir -p "$RUN/log"
stack up
export YJY_URL=http://127.0.0.1:$(awk '$1 == "gateway" { print $2 }' "$RUN/ports")
export YJY_SIGN_IN=$PWD/$RUN/secrets/sign-in.json YJY_RUN=$PWD/$RUN

rc=0
node --test --test-concurrency=1 "$@" || rc=$?
trap - EXIT
stop
# A report of a sanitizer fails the run even when every reply was right.
if compgen -G "$RUN/log/asan.*" >/dev/null || compgen -G "$RUN/log/ubsan.*" >/dev/null; then
	head -n 60 "$RUN"/log/asan.* "$RUN"/log/ubsan.* 2>/dev/null
	echo "sanitizer reports under $RUN/log" >&2
	rc=1
fi
exit $rc
