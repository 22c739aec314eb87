/*
 * fuzz.h -- for every fuzzer: what must hold, or the run ends.
 */
#ifndef YJY_FUZZ_H
#define YJY_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(what)							\
	do {								\
		if (!(what)) {						\
			fprintf(stderr, "broken: %s\n", #what);		\
			abort();					\
		}							\
	} while (0)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Memory of exactly that size, so that ASan sees the first byte too many. */
static inline char *
copy_of(const char *data, size_t len)
{
	char	*p = malloc(len == 0 ? 1 : len);

	MUST(p != NULL);
	memcpy(p, data, len);
	return (p);
}

#endif
