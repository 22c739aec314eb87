# Running the city; stack.sh does the work.
STACK	= bash shared/build/stack.sh
PEOPLE	?= 50000
EMPLOYERS ?= 3000
SEED	?= 365
export PEOPLE EMPLOYERS SEED TLS
JOBS	?= $(shell nproc)

packages:
	@$(STACK) packages

# A second make, because what it needs may just have been installed.
run demo up: packages
	@$(MAKE) --no-print-directory -j$(JOBS) build
	@$(STACK) $@

# PROGRAM=gateway: that one alone.
reload: build
	@$(STACK) reload $(PROGRAM)

down status logs sign-in config check-index check-figures rebuild-figures:
	@$(STACK) $@

.PHONY: reload packages run demo up down status logs sign-in config check-index check-figures rebuild-figures
