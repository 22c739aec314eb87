# Kore from the sources that Debian's package installs, without its HTTP layer
# (ours is shared/http1), into an archive. kore.c alone is compiled as for a
# single binary with its main renamed: then no configuration file is read and
# kore_parent_configure() sets everything (shared/svc/kore_host.c).
KORE	= /usr/share/kore
KORE_C	= buf config connection domain fileref msg module net \
	  runtime timer utils worker keymgr linux seccomp kore
KORE_OBJ = $(KORE_C:%=$(BUILD)/kore/%.o) $(BUILD)/kore/kore_mem.o
# An unknown system call fails with EPERM instead of killing the worker; a
# worker that died is replaced only by whoever started the program.
KORE_POLICY = $(if $(filter asan,$(MODE)),SECCOMP_RET_ALLOW,'(SECCOMP_RET_ERRNO|1)')
KORE_DEFS = -DKORE_NO_HTTP -DPREFIX='"/usr"'
KORE_FLAGS = -std=gnu99 -D_GNU_SOURCE=1 -D_FILE_OFFSET_BITS=64 -g $(OPT) -fno-strict-aliasing \
	  -w -I$(KORE)/include/kore -I$(BUILD)/kore $(KORE_DEFS)

$(BUILD)/kore/platform.h:
	@mkdir -p $(@D)
	@$(KORE)/misc/linux-platform.sh > $@

$(BUILD)/kore/version.c:
	@mkdir -p $(@D)
	@printf 'const char *kore_version = "%s";\n' "$$(cat $(KORE)/RELEASE)" > $@

$(BUILD)/kore/version.o: $(BUILD)/kore/version.c
	@$(CC) $(KORE_FLAGS) -c $< -o $@

$(BUILD)/kore/kore.o: KORE_EXTRA = -DKORE_SINGLE_BINARY -Dmain=kore_main
$(BUILD)/kore/seccomp.o: KORE_EXTRA = -DSECCOMP_KILL_POLICY=$(KORE_POLICY)

$(BUILD)/kore/%.o: $(KORE)/src/%.c $(BUILD)/kore/platform.h
	@echo "  kore  $*"
	@$(CC) $(KORE_FLAGS) $(KORE_EXTRA) -c $< -o $@

$(BUILD)/kore/kore_mem.o: shared/build/kore_mem.c $(BUILD)/kore/platform.h
	@$(CC) $(KORE_FLAGS) -c $< -o $@

$(BUILD)/libkore.a: $(KORE_OBJ) $(BUILD)/kore/version.o
	@rm -f $@; ar rcs $@ $^
