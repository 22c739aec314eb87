# `make fuzz FUZZ_SECONDS=60`: every tests/fuzz/fuzz_*.c under libFuzzer with
# ASan and UBSan, each for that long; stops at the first failure, prints how
# many inputs were tried. FUZZ_C_<name> adds sources, FUZZ_LIBS_<name> libraries.
FUZZ_SECONDS ?= 20
FUZZ_BUILD = .build/fuzz
FUZZ_FLAGS = -std=gnu11 -D_GNU_SOURCE -O1 -g $(filter-out -Wframe-larger-than=%,$(WARN)) \
	  -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	  -fno-omit-frame-pointer -DYJY_ASAN -Ishared -Itests/fuzz -I.
# Free JSON and the codes that fields are checked by; the sandbox clock's file is base's.
FUZZ_JSON_C = $(wildcard shared/json/*.c shared/codes/*.c)
FUZZ_C_json = $(FUZZ_JSON_C)
FUZZ_LIBS_json = -ljansson
FUZZ_C_query = $(FUZZ_JSON_C)
FUZZ_LIBS_query = -ljansson
FUZZ_C_import = $(FUZZ_JSON_C)
FUZZ_LIBS_import = -ljansson
FUZZ_C_policy = $(FUZZ_JSON_C) $(wildcard shared/crypt/*.c services/subsidies/rule*.c) \
	$(patsubst %,services/subsidies/%.c,fact_catalogue facts judge policy_document policy_parts)
FUZZ_LIBS_policy = -ljansson -lcrypto
FUZZ_C_bank = services/subsidies/bank_file.c services/subsidies/bank_read.c shared/crypt/digest.c shared/crypt/encode.c
FUZZ_LIBS_bank = -lcrypto
FUZZ_C_token = $(FUZZ_JSON_C) $(wildcard shared/auth/*.c shared/crypt/*.c)
FUZZ_LIBS_token = -ljansson -ljwt -lcrypto
FUZZ_C_assertion = $(FUZZ_C_token)
FUZZ_LIBS_assertion = $(FUZZ_LIBS_token)
FUZZERS	= $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_DICT = $(firstword $(wildcard tests/fuzz/$(1).dict tests/fuzz/$(firstword $(subst _, ,$(1))).dict))

define fuzzer
FUZZ_ALL_$(1) = tests/fuzz/fuzz_$(1).c $$(wildcard shared/base/*.c shared/http1/*.c) $$(FUZZ_C_$(1))
$(FUZZ_BUILD)/fuzz_$(1): $$(FUZZ_ALL_$(1)) $$(wildcard shared/*/*.h tests/fuzz/*.h)
	@mkdir -p $$(@D)
	@echo "  fuzz  $(1)"
	@clang $$(FUZZ_FLAGS) $$(FUZZ_ALL_$(1)) $$(FUZZ_LIBS_$(1)) -o $$@
endef
$(foreach f,$(FUZZERS),$(eval $(call fuzzer,$(f))))

fuzz: $(FUZZERS:%=$(FUZZ_BUILD)/fuzz_%)
	@set -e; $(foreach f,$(FUZZERS),mkdir -p $(FUZZ_BUILD)/corpus/$(f); \
	  log=$(FUZZ_BUILD)/$(f).log; \
	  $(FUZZ_BUILD)/fuzz_$(f) -max_total_time=$(FUZZ_SECONDS) -max_len=20000 \
	    -timeout=5 -print_final_stats=1 -artifact_prefix=$(FUZZ_BUILD)/$(f)- \
	    $(if $(call FUZZ_DICT,$(f)),-dict=$(call FUZZ_DICT,$(f))) \
	    $(FUZZ_BUILD)/corpus/$(f) > $$log 2>&1 || { tail -40 $$log; exit 1; }; \
	  sed -n 's/^stat::number_of_executed_units: */fuzz.$(f).executions /p' $$log;)
.PHONY: fuzz
