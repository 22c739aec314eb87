/*
 * arena.c -- blocks that are filled from the front and freed together.
 *
 * The chain starts at the block being filled. Blocks double from 4 KB to
 * 64 KB; only the first has FIRST_BYTES and survives arena_clear(). What does
 * not fit and is over 16 KB gets a block of its own behind the one being
 * filled.
 *
 * Built with YJY_ASAN, everything not handed out is poisoned and allocations
 * are kept 16 bytes apart, so that an overflow is caught as with malloc.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef YJY_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)		((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n)	((void)(p), (void)(n))
#endif

#include "base/arena.h"
#include "base/log.h"

#define ALIGN		16
#define BLOCK_FIRST	4096
#define BLOCK_LAST	65536
#define BLOCK_ALONE	16384
#define FIRST_BYTES	(BLOCK_FIRST - sizeof(struct arena_block))
#define PRINT_SMALL	256
#ifdef YJY_ASAN
#define GAP		ALIGN
#else
#define GAP		0
#endif

struct arena_block {
	struct arena_block	*next;		/* filled before this one */
	size_t			 size;		/* bytes of data[] */
	size_t			 used;
	size_t			 pad;
	char			 data[] __attribute__((aligned(ALIGN)));
};

struct arena_defer {
	struct arena_defer	*next;
	void			(*fn)(void *);
	void			*arg;
};

static struct arena_block	*block_new(size_t);
static void			 block_free(struct arena_block *);
static void			*block_take(struct arena_block *, size_t, size_t);
static bool			 block_fits(const struct arena_block *, size_t);
static void			 arena_grow(struct arena *, size_t);
static void			 arena_run_defers(struct arena *);

void
arena_init(struct arena *a)
{
	memset(a, 0, sizeof(*a));
}

void
arena_clear(struct arena *a)
{
	struct arena_block	*b, *next, *first = NULL;

	arena_run_defers(a);
	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		if (b->size == FIRST_BYTES)
			first = b;
		else
			block_free(b);
	}
	if (first != NULL) {
		first->next = NULL;
		first->used = 0;
		ASAN_POISON_MEMORY_REGION(first->data, first->size);
	}
	a->head = first;
	a->used_bytes = 0;
}

void
arena_release(struct arena *a)
{
	arena_clear(a);
	if (a->head != NULL)
		block_free(a->head);
	arena_init(a);
}

void *
arena_alloc(struct arena *a, size_t n)
{
	size_t	 need;

	if (n > SIZE_MAX / 2)
		log_die("out of memory: %zu bytes asked", n);
	need = (n + (n == 0) + ALIGN - 1) / ALIGN * ALIGN + GAP;
	a->used_bytes += n;
	if (a->head == NULL)
		a->head = block_new(FIRST_BYTES);
	if (!block_fits(a->head, need)) {
		if (need > BLOCK_ALONE) {
			struct arena_block	*alone = block_new(need);

			alone->next = a->head->next;
			a->head->next = alone;
			return (block_take(alone, n, need));
		}
		arena_grow(a, need);
	}
	return (block_take(a->head, n, need));
}

void *
arena_zalloc(struct arena *a, size_t n)
{
	return (memset(arena_alloc(a, n), 0, n));
}

char *
arena_strdup(struct arena *a, const char *s)
{
	size_t	 n = strlen(s) + 1;

	return (memcpy(arena_alloc(a, n), s, n));
}

/* Copies at most `max` bytes and stops at a NUL. */
char *
arena_strndup(struct arena *a, const char *s, size_t max)
{
	size_t	 n = strnlen(s, max);
	char	*p = arena_alloc(a, n + 1);

	memcpy(p, s, n);
	p[n] = '\0';
	return (p);
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list	 ap;
	char	*p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return (p);
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	char	 small[PRINT_SMALL], *p;
	va_list	 again;
	int	 n;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	if (n < 0)
		log_die("arena_vprintf: bad format \"%s\"", fmt);
	p = arena_alloc(a, (size_t)n + 1);
	if ((size_t)n < sizeof(small))
		memcpy(p, small, (size_t)n + 1);
	else
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (p);
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
	struct arena_defer	*d = arena_alloc(a, sizeof(*d));

	d->fn = fn;
	d->arg = arg;
	d->next = a->defers;
	a->defers = d;
}

static struct arena_block *
block_new(size_t size)
{
	struct arena_block	*b = malloc(sizeof(*b) + size);

	if (b == NULL)
		log_die("out of memory: %zu bytes asked", size);
	b->next = NULL;
	b->size = size;
	b->used = 0;
	ASAN_POISON_MEMORY_REGION(b->data, size);
	return (b);
}

static void
block_free(struct arena_block *b)
{
	ASAN_UNPOISON_MEMORY_REGION(b->data, b->size);
	free(b);
}

/* Hands out `n` bytes and moves on by `need`. */
static void *
block_take(struct arena_block *b, size_t n, size_t need)
{
	char	*p = b->data + b->used;

	b->used += need;
	ASAN_UNPOISON_MEMORY_REGION(p, n);
	return (p);
}

static bool
block_fits(const struct arena_block *b, size_t need)
{
	return (b->size - b->used >= need);
}

static void
arena_grow(struct arena *a, size_t need)
{
	struct arena_block	*b;
	size_t			 total = a->head->size + sizeof(*b);

	do
		total *= 2;
	while (total < BLOCK_LAST && total - sizeof(*b) < need);
	if (total > BLOCK_LAST)
		total = BLOCK_LAST;
	b = block_new(total - sizeof(*b));
	b->next = a->head;
	a->head = b;
}

/* A clean-up may use the arena and even register another. */
static void
arena_run_defers(struct arena *a)
{
	struct arena_defer	*d;

	while ((d = a->defers) != NULL) {
		a->defers = d->next;
		d->fn(d->arg);
	}
}
