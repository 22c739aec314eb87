# The runtime (shared/) as one archive; generated statements are part of it.
LIB_MODULES = base conf json codes crypt http1 table loop co db auth http events workflow svc
LIB_C	= $(foreach m,$(LIB_MODULES),$(wildcard shared/$(m)/*.c)) $(BUILD)/gen/platform_sql.c
LIB_OBJ	= $(patsubst %.c,$(BUILD)/obj/%.o,$(filter shared/%,$(LIB_C))) $(BUILD)/obj/gen/platform_sql.o
KORE_H	= -isystem $(KORE)/include/kore $(KORE_DEFS)

# Only these modules may see Kore.
$(BUILD)/obj/shared/loop/%.o $(BUILD)/obj/shared/svc/%.o: CFLAGS += $(KORE_H)
# _longjmp to another stack is the point there.
$(BUILD)/obj/shared/co/co.o: CFLAGS += -U_FORTIFY_SOURCE

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo "  cc    $<"
	@$(CC) $(CFLAGS) -c $< -o $@

$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -c $< -o $@

# Statements: sql/<schema>/queries/*.sql -> gen/<schema>_sql.[ch]
$(BUILD)/sqlgen: shared/build/sqlgen.c shared/ctl/sqlfile.c shared/ctl/sqlfile.h
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -D_GNU_SOURCE -O1 -g $(WARN) -Ishared $< -o $@

$(BUILD)/gen/%_sql.c $(BUILD)/gen/%_sql.h &: $(BUILD)/sqlgen
	@mkdir -p $(@D)
	@$(BUILD)/sqlgen $* $(BUILD)/gen sql/$*/queries/*.sql

SCHEMAS	= platform $(SERVICES)
GEN_H	= $(SCHEMAS:%=$(BUILD)/gen/%_sql.h)
define schema_sql
$(BUILD)/gen/$(1)_sql.c $(BUILD)/gen/$(1)_sql.h: $(wildcard sql/$(1)/queries/*.sql)
endef
$(foreach s,$(SCHEMAS),$(eval $(call schema_sql,$(s))))
$(LIB_OBJ): | $(BUILD)/gen/platform_sql.h

$(BUILD)/libyjy.a: $(LIB_OBJ)
	@rm -f $@; ar rcs $@ $^

lib: $(BUILD)/libyjy.a $(BUILD)/libkore.a
.PHONY: lib

-include $(LIB_OBJ:.o=.d)
