# The seven programs, yjyctl, and the unit tests.
LIBS	= $(BUILD)/libyjy.a $(BUILD)/libkore.a

define service
$(1)_C	= $$(wildcard services/$(1)/*.c)
$(1)_OBJ = $$($(1)_C:%.c=$$(BUILD)/obj/%.o) $$(BUILD)/obj/gen/$(1)_sql.o
$$($(1)_OBJ): | $$(BUILD)/gen/$(1)_sql.h $$(BUILD)/gen/platform_sql.h
$$(BUILD)/bin/$(1): $$($(1)_OBJ) $$(LIBS)
	@mkdir -p $$(@D)
	@echo "  link  $(1)"
	@$$(CC) $$(CFLAGS) -rdynamic $$($(1)_OBJ) $$(LIBS) $$(LDFLAGS) $$(LDLIBS) -o $$@
bin/$(1): $$(BUILD)/bin/$(1)
-include $$($(1)_OBJ:.o=.d)
.PHONY: bin/$(1)
endef
$(foreach s,$(SERVICES),$(eval $(call service,$(s))))

GATEWAY_OBJ = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard gateway/*.c))
$(BUILD)/bin/gateway: $(GATEWAY_OBJ) $(LIBS)
	@mkdir -p $(@D)
	@echo "  link  gateway"
	@$(CC) $(CFLAGS) -rdynamic $(GATEWAY_OBJ) $(LIBS) $(LDFLAGS) $(LDLIBS) -o $@
bin/gateway: $(BUILD)/bin/gateway
$(BUILD)/obj/gateway/docs.o: gateway/docs.html
$(BUILD)/obj/services/identity/oauth_page.o: services/identity/oauth_page.html
$(BUILD)/obj/services/monitoring/live_page.o: services/monitoring/live_page.html

# yjyctl tries rules of early warning with the models of the service.
WARN_OBJ = $(patsubst %,$(BUILD)/obj/services/monitoring/%.o,warn_model warn_read warn_backtest)
CTL_OBJ	= $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard shared/ctl/*.c)) $(WARN_OBJ) $(BUILD)/obj/gen/monitoring_sql.o
$(BUILD)/obj/shared/ctl/backtest.o: CFLAGS += -I.
$(CTL_OBJ): | $(BUILD)/gen/platform_sql.h $(BUILD)/gen/monitoring_sql.h
$(BUILD)/bin/yjyctl: $(CTL_OBJ) $(LIBS)
	@mkdir -p $(@D)
	@echo "  link  yjyctl"
	@$(CC) $(CFLAGS) -rdynamic $(CTL_OBJ) $(LIBS) $(LDFLAGS) $(LDLIBS) -o $@
bin/yjyctl: $(BUILD)/bin/yjyctl

SAMPLE_OBJ = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/sample/*.c))
$(BUILD)/bin/sample: $(SAMPLE_OBJ) $(LIBS)
	@mkdir -p $(@D)
	@echo "  link  sample"
	@$(CC) $(CFLAGS) -rdynamic $(SAMPLE_OBJ) $(LIBS) $(LDFLAGS) $(LDLIBS) -o $@
bin/sample: $(BUILD)/bin/sample

BINARIES = $(PROGRAMS:%=$(BUILD)/bin/%) $(BUILD)/bin/yjyctl $(BUILD)/bin/sample
build: $(BINARIES)

# One cmocka program a file.
UNIT	= $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
# What a test needs of a program, besides the library.
$(BUILD)/obj/tests/unit/%.o: CFLAGS += -I. -Wno-frame-larger-than
$(BUILD)/unit/test_search: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard services/jobs/index*.c) \
	services/jobs/search_words.c services/jobs/search_near.c services/jobs/search_doc.c \
	services/jobs/words.c)
$(BUILD)/unit/test_index: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard services/jobs/index*.c))
$(BUILD)/unit/test_dossier: $(patsubst %,$(BUILD)/obj/services/subsidies/%.o,dossier facts_fill facts_days fact_catalogue)
$(BUILD)/unit/test_vacancy_check: $(patsubst %.c,$(BUILD)/obj/%.o,services/jobs/vacancy_check.c services/jobs/vacancy_fold.c)
$(BUILD)/unit/test_sign_code: $(BUILD)/obj/services/training/sign_code.o
$(BUILD)/unit/test_live_ring: $(BUILD)/obj/services/monitoring/live_ring.o
$(BUILD)/unit/test_ics: $(patsubst %,$(BUILD)/obj/services/jobs/%.o,ics interview_link resume_check)
$(BUILD)/unit/test_certificate_no: $(patsubst %,$(BUILD)/obj/services/training/%.o,verify_number verify_qr)
$(BUILD)/unit/test_warn: $(WARN_OBJ)
$(BUILD)/unit/test_brand_html: $(BUILD)/obj/services/training/brand_html.o
$(BUILD)/unit/test_survey_judge: $(BUILD)/obj/services/monitoring/survey_judge.o
$(BUILD)/unit/test_market_html: $(patsubst %,$(BUILD)/obj/services/monitoring/%.o,market_html market_words)
# The engine of matching: what it is made of, without the service around it.
MATCH_OBJ = $(patsubst %,$(BUILD)/obj/services/jobs/match%.o,_places _bucket _top _ask _crowd \
	_ask_crowd _score _words) $(BUILD)/obj/services/jobs/match.o
$(BUILD)/unit/test_match: $(MATCH_OBJ)
$(BUILD)/obj/tests/bench/match_bench.o: CFLAGS += -I.
$(BUILD)/bin/match_bench: $(BUILD)/obj/tests/bench/match_bench.o $(MATCH_OBJ) $(LIBS)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -rdynamic $(filter %.o,$^) $(LIBS) $(LDFLAGS) $(LDLIBS) -o $@
# Rules and policies, without the service around them.
RULE_OBJ = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard services/subsidies/rule*.c))
POLICY_OBJ = $(RULE_OBJ) $(patsubst %,$(BUILD)/obj/services/subsidies/%.o,fact_catalogue facts facts_show judge \
	policy_document policy_parts explain explain_rule explain_value)
$(BUILD)/unit/test_rule $(BUILD)/unit/test_rule_value: $(RULE_OBJ)
$(BUILD)/unit/test_rule_kgbz $(BUILD)/unit/test_policies $(BUILD)/unit/test_programmes \
	$(BUILD)/unit/test_explain: $(POLICY_OBJ)
POLICY_OBJ = $(RULE_OBJ) $(patsubst %,$(BUILD)/obj/services/subsidies/%.o,fact_catalogue facts judge \
	policy_document policy_parts)
$(BUILD)/unit/test_rule: $(RULE_OBJ)
$(BUILD)/unit/test_rule_kgbz $(BUILD)/unit/test_policies $(BUILD)/unit/test_programmes: $(POLICY_OBJ)
$(BUILD)/unit/test_bank_file: $(patsubst %,$(BUILD)/obj/services/subsidies/%.o,bank_file bank_read)
$(BUILD)/unit/test_loan_file: $(BUILD)/obj/services/entrepreneurship/loan_file.o
$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(LIBS)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -rdynamic $(filter %.o,$^) $(LIBS) $(LDFLAGS) -lcmocka $(LDLIBS) -o $@
unit: $(UNIT)
	@set -e; for t in $(UNIT); do echo "== $$t"; $$t; done

.SECONDARY:
.PHONY: build unit bin/gateway bin/yjyctl bin/sample
-include $(GATEWAY_OBJ:.o=.d) $(CTL_OBJ:.o=.d) $(SAMPLE_OBJ:.o=.d) \
	$(UNIT:$(BUILD)/unit/%=$(BUILD)/obj/tests/unit/%.d)
