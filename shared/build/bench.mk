# `make bench-core`: what the runtime costs, beside pgbench, Kore's own pgsql
# API and HAProxy in the same run (tests/bench). BENCH_SHORT=1 is one round of
# a second each. Figures on standard output, one `name value unit` a line.
BENCH_RUN ?= .build/bench-run
BENCH_PEOPLE ?= 2000
BENCH_EMPLOYERS ?= 200

# A module as Debian's kore wants it: its own flags, or structures differ in size.
$(BUILD)/bench/kore_peer.so: tests/bench/kore_peer.c
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -O2 -Wall -Wextra -Werror -fPIC -shared -DKORE_USE_PGSQL -DKORE_USE_TASKS \
	    -I/usr/include/postgresql $< -o $@

bench-core:
	@$(STACK) packages bench
	@$(MAKE) --no-print-directory -j$(JOBS) build $(BUILD)/bench/kore_peer.so >&2
	@RUN=$(BENCH_RUN) PEOPLE=$(BENCH_PEOPLE) EMPLOYERS=$(BENCH_EMPLOYERS) \
	    GATEWAY_PORT=26365 PORT_BASE=26380 node tests/bench/core.mjs
.PHONY: bench-core

# `make bench-gateway`: what the door costs, beside HAProxy, and what a storm of
# sign-ins does to others.
$(BUILD)/bench/pace: tests/bench/pace.c
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror $< -o $@

bench-gateway:
	@$(STACK) packages bench
	@$(MAKE) --no-print-directory -j$(JOBS) build $(BUILD)/bench/pace >&2
	@RUN=$(BENCH_RUN) PEOPLE=$(BENCH_PEOPLE) EMPLOYERS=$(BENCH_EMPLOYERS) \
	    GATEWAY_PORT=26365 PORT_BASE=26380 node tests/bench/gateway.mjs
.PHONY: bench-gateway

# `make bench-jobs`: search and matching in memory, beside groonga and
# PostgreSQL's own text search on the same postings. BENCH_POSTINGS=10000,100000
# sets the sizes; the peers are asked at the largest up to BENCH_PEERS, and a million
# takes them most of an hour.
BENCH_POSTINGS ?= 10000,100000,1000000
BENCH_PEERS ?= 1000000
$(BUILD)/obj/tests/bench/%.o: CFLAGS += -I. -Itests/bench -Wno-frame-larger-than
INDEX_OBJ = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard services/jobs/index*.c))
$(BUILD)/bench/index_bench: $(BUILD)/obj/tests/bench/index_bench.o $(BUILD)/obj/tests/bench/postings.o \
	    $(INDEX_OBJ) $(LIBS)
$(BUILD)/bench/title_bench: $(BUILD)/obj/tests/bench/title_bench.o $(patsubst %,$(BUILD)/obj/services/jobs/%.o, \
	    title title_cut) $(LIBS)
$(BUILD)/bench/index_bench $(BUILD)/bench/title_bench:
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -rdynamic $(filter %.o,$^) $(LIBS) $(LDFLAGS) $(LDLIBS) -o $@

bench-jobs:
	@$(STACK) packages bench
	@$(MAKE) --no-print-directory -j$(JOBS) build $(BUILD)/bench/index_bench $(BUILD)/bench/title_bench \
	    $(BUILD)/bin/match_bench >&2
	@RUN=$(BENCH_RUN) PEOPLE=200 EMPLOYERS=20 BENCH_POSTINGS=$(BENCH_POSTINGS) BENCH_PEERS=$(BENCH_PEERS) \
	    GATEWAY_PORT=26365 PORT_BASE=26380 node tests/bench/jobs.mjs
.PHONY: bench-jobs

# `make bench-subsidies`: everybody judged under every policy, at growing sizes,
# and from a month of insurance to the claim; then approvals that race for one
# share of a budget line, beside pgbench. BENCH_PEOPLE_SCANNED sets the sizes;
# 5000000 wants 40 GB of disk.
BENCH_PEOPLE_SCANNED ?= 10000,100000,1000000
bench-subsidies:
	@$(STACK) packages bench
	@$(MAKE) --no-print-directory -j$(JOBS) build >&2
	@RUN=$(BENCH_RUN) PEOPLE=200 EMPLOYERS=20 BENCH_PEOPLE_SCANNED=$(BENCH_PEOPLE_SCANNED) \
	    GATEWAY_PORT=26365 PORT_BASE=26380 node tests/bench/subsidies.mjs
	@RUN=$(BENCH_RUN) PEOPLE=$(BENCH_PEOPLE) EMPLOYERS=$(BENCH_EMPLOYERS) \
	    GATEWAY_PORT=26365 PORT_BASE=26380 node tests/bench/subsidies_approve.mjs
.PHONY: bench-subsidies

# `make bench-training`: ten thousand people race for fewer places, certificates
# are issued and checked, beside pgbench.
bench-training:
	@$(STACK) packages bench
	@$(MAKE) --no-print-directory -j$(JOBS) build >&2
	@RUN=$(BENCH_RUN) YJY_RUN=$(BENCH_RUN) PEOPLE=200 EMPLOYERS=20 \
	    GATEWAY_PORT=26365 PORT_BASE=26380 node tests/bench/training.mjs
.PHONY: bench-training

# `make bench-monitoring`: events of a large city are counted, and every question of
# the dashboard asked at growing numbers of them. BENCH_EVENTS sets the sizes: up to
# a million are counted (the last of them by a rebuild), more are copies of their rows.
# 5000000 wants 12 GB of disk.
BENCH_EVENTS ?= 100000,1000000,5000000
bench-monitoring:
	@$(STACK) packages bench
	@$(MAKE) --no-print-directory -j$(JOBS) build >&2
	@RUN=$(BENCH_RUN) YJY_RUN=$(BENCH_RUN) PEOPLE=200 EMPLOYERS=20 BENCH_EVENTS=$(BENCH_EVENTS) \
	    GATEWAY_PORT=26365 PORT_BASE=26380 node tests/bench/monitoring.mjs
.PHONY: bench-monitoring
