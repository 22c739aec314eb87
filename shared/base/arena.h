/*
 * arena.h -- memory that lives as long as one request (or one job) and is
 * given back at once.
 *
 * Life cycle: arena_init() on caller's storage, arena_alloc() and friends,
 * arena_release(). arena_clear() keeps the first block for reuse. Memory is
 * aligned to 16 bytes and not zeroed unless asked. Running out of memory ends
 * the process: no caller checks for NULL.
 *
 * Anything that is not memory (a descriptor, a libpq result) is tied to the
 * arena with arena_defer(); clean-ups run in reverse order at clear/release.
 */
#ifndef YJY_ARENA_H
#define YJY_ARENA_H

#include <stdarg.h>

#include "base/base.h"

struct arena_block;
struct arena_defer;

struct arena {
	struct arena_block	*head;		/* block being filled */
	struct arena_defer	*defers;	/* last registered first */
	size_t			 used_bytes;	/* handed out since clear */
};

void	 arena_init(struct arena *);
void	 arena_clear(struct arena *);
void	 arena_release(struct arena *);
void	*arena_alloc(struct arena *, size_t);
void	*arena_zalloc(struct arena *, size_t);
char	*arena_strdup(struct arena *, const char *);
char	*arena_strndup(struct arena *, const char *, size_t);
char	*arena_printf(struct arena *, const char *, ...) PRINTF(2, 3);
char	*arena_vprintf(struct arena *, const char *, va_list);
void	 arena_defer(struct arena *, void (*)(void *), void *);

#endif
