# How everything is compiled. Warnings are errors under gcc and clang.
WARN	= -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	  -Wpointer-arith -Wwrite-strings -Wvla -Wframe-larger-than=8192
HARDEN	= -fstack-clash-protection -fstack-protector-strong
CFLAGS	= -std=gnu11 -D_GNU_SOURCE -g $(OPT) $(WARN) $(HARDEN) -fno-strict-aliasing \
	  -MMD -MP -Ishared -I$(BUILD)/gen -I/usr/include/postgresql
LDLIBS	= -lpq -lhiredis -ljansson -ljwt -lsodium -lssl -lcrypto -lz -lroaring -lqrencode -lxlsxwriter -lm -lpthread -ldl

ifeq ($(MODE),asan)
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT	= -O1 $(SANITIZE) -DYJY_ASAN
WARN	+= -Wno-frame-larger-than
LDFLAGS	= $(SANITIZE)
else
OPT	= -O2 -D_FORTIFY_SOURCE=2
LDFLAGS	= -Wl,-z,relro,-z,now
endif
