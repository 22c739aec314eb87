/*
 * id.c -- see id.h.
 *
 * Random bytes are drawn from the kernel by the pool; each byte is used once
 * and wiped. The pool is per thread and thrown away in the child of a fork,
 * so that no two processes hand out the same bytes.
 *
 * A UUIDv7 holds the millisecond, 12 bits of counter and 62 random bits. Within
 * one thread ids only grow: inside a millisecond (or when the clock steps
 * back) the counter goes on; when it is used up, the millisecond is borrowed
 * from the future.
 */
#include <sys/random.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"

#define POOL_BYTES	512
#define DIRECT_BYTES	64	/* requests above this skip the pool */
#define COUNTER_MAX	0xfffu
#define COUNTER_SEED	0x7ffu	/* leaves at least half the range to count */

struct pool {
	uint8_t		bytes[POOL_BYTES];
	size_t		left;
	unsigned	fork_count;	/* of the process that filled it */
};

static void	kernel_random(void *, size_t);
static void	fork_watch(void);
static void	fork_seen(void);
static int	hex_value(char);

static __thread struct pool	 pool;
static __thread uint64_t	 last_ms;
static __thread uint32_t	 counter;
static unsigned			 fork_count = 1;
static pthread_once_t		 fork_once = PTHREAD_ONCE_INIT;

void
random_bytes(void *out, size_t n)
{
	if (n > DIRECT_BYTES) {
		kernel_random(out, n);
		return;
	}
	if (pool.fork_count != fork_count || pool.left < n) {
		pthread_once(&fork_once, fork_watch);
		kernel_random(pool.bytes, sizeof(pool.bytes));
		pool.left = sizeof(pool.bytes);
		pool.fork_count = fork_count;
	}
	pool.left -= n;
	memcpy(out, pool.bytes + pool.left, n);
	explicit_bzero(pool.bytes + pool.left, n);
}

struct uuid
uuid_new(void)
{
	struct uuid	id;
	uint64_t	now_ms = (uint64_t)clock_real_us() / 1000;

	random_bytes(&id.b[6], 10);
	if (now_ms > last_ms) {
		last_ms = now_ms;
		counter = ((uint32_t)id.b[6] << 8 | id.b[7]) & COUNTER_SEED;
	} else if (++counter > COUNTER_MAX) {
		last_ms++;
		counter = ((uint32_t)id.b[6] << 8 | id.b[7]) & COUNTER_SEED;
	}
	for (int i = 0; i < 6; i++)
		id.b[i] = (uint8_t)(last_ms >> (40 - 8 * i));
	id.b[6] = (uint8_t)(0x70 | counter >> 8);
	id.b[7] = (uint8_t)counter;
	id.b[8] = (uint8_t)(0x80 | (id.b[8] & 0x3f));
	return (id);
}

bool
uuid_parse(const char *text, struct uuid *out)
{
	struct uuid	id;
	size_t		pos = 0;

	for (size_t i = 0; i < sizeof(id.b); i++) {
		int	high, low;

		if ((i == 4 || i == 6 || i == 8 || i == 10) && text[pos++] != '-')
			return (false);
		if ((high = hex_value(text[pos])) == -1 ||
		    (low = hex_value(text[pos + 1])) == -1)
			return (false);
		id.b[i] = (uint8_t)(high << 4 | low);
		pos += 2;
	}
	if (text[pos] != '\0')
		return (false);
	*out = id;
	return (true);
}

char *
uuid_format(const struct uuid *id, char out[UUID_TEXT])
{
	static const char	 hex[] = "0123456789abcdef";
	char			*p = out;

	for (size_t i = 0; i < sizeof(id->b); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = hex[id->b[i] >> 4];
		*p++ = hex[id->b[i] & 15];
	}
	*p = '\0';
	return (out);
}

bool
uuid_is_nil(const struct uuid *id)
{
	static const struct uuid	nil;

	return (uuid_equal(id, &nil));
}

bool
uuid_equal(const struct uuid *a, const struct uuid *b)
{
	return (memcmp(a->b, b->b, sizeof(a->b)) == 0);
}

static void
kernel_random(void *out, size_t n)
{
	uint8_t	*p = out;
	ssize_t	 got;

	while (n > 0) {
		got = getrandom(p, n, 0);
		if (got == -1 && errno != EINTR)
			log_die("getrandom: %s", strerror(errno));
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		}
	}
}

static void
fork_watch(void)
{
	if (pthread_atfork(NULL, NULL, fork_seen) != 0)
		log_die("out of memory: pthread_atfork");
}

/* Only the thread that forked lives on in the child. */
static void
fork_seen(void)
{
	fork_count++;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (c - 'A' + 10);
	return (-1);
}
