# 永就业365 -- `make run` shows the city's main job; `make test` proves it.
# `make help` lists every target. Knobs: MODE=release|asan, CC=gcc|clang,
# BUILD=<where objects go>, PEOPLE, EMPLOYERS, SEED (the sample city).

MODE	?= release
BUILD	?= .build/$(MODE)
RUN	?= .run
export MODE BUILD RUN

SERVICES = identity jobs training entrepreneurship subsidies monitoring
PROGRAMS = $(SERVICES) gateway

.DEFAULT_GOAL := help
include shared/build/flags.mk
include shared/build/kore.mk
include shared/build/lib.mk
include shared/build/programs.mk
include shared/build/stack.mk
include shared/build/check.mk
