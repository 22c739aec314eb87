/*
 * limit.c -- how often one caller may call, by limit class.
 *
 * A token bucket in its shortest form (GCRA): a slot remembers only when the
 * caller's allowance will be whole again. A request pushes that moment
 * onwards by window/quota and is refused when it would lie more than a window
 * ahead.
 *
 * Invariant: the table never grows. A newcomer takes the slot in its set that
 * is nearest to whole, so callers who press hardest are forgotten last.
 */
#include "http/dispatch_priv.h"
#include "http/edge.h"
#include "base/clock.h"
#include "base/id.h"
#include "conf/conf.h"
#include "loop/loop.h"

#define SETS		4096u	/* a power of two */
#define WAYS		4u
#define WINDOW_S	60
#define DEBTORS		1024u	/* more than that keep it to themselves until there is room */
#define SECOND_US	INT64_C(1000000)

struct slot {
	uint64_t	who;
	int64_t		whole_us;	/* monotonic: allowance is whole from here on */
	int64_t		taken_us;	/* of it, what nobody was told of yet */
};

struct class {
	const char	*name;
	enum conf_id	 quota;		/* requests a window; 0: no limit */
};

static bool		 take_from(struct slot *, int64_t, int64_t, bool, int64_t *);
static struct slot	*slot_of(uint64_t, int64_t);
static void		 owe(struct slot *, int64_t);
static uint64_t		 mix(uint64_t);

static const struct class classes[] = {
	[LIMIT_READ] = { "read", CONF_LIMIT_READ },
	[LIMIT_WRITE] = { "write", CONF_LIMIT_WRITE },
	[LIMIT_LOGIN] = { "login", CONF_LIMIT_LOGIN },
	[LIMIT_IMPORT] = { "import", CONF_LIMIT_IMPORT },
	[LIMIT_LOOKUP] = { "lookup", CONF_LIMIT_LOOKUP },
	[LIMIT_EXPORT] = { "export", CONF_LIMIT_EXPORT },
};

static struct slot	slots[SETS][WAYS];
static uint64_t		seed;
static bool		sharing;
static struct slot	*debtors[DEBTORS];	/* slots with something to tell */
static size_t		ndebtors;

uint64_t
limit_key(enum limit limit, const void *who, size_t len)
{
	const char	*p = who;
	uint64_t	 h, word;
	size_t		 n;

	if (seed == 0)
		random_bytes(&seed, sizeof(seed));
	h = seed ^ ((uint64_t)limit << 56) ^ len;
	for (; len > 0; p += n, len -= n) {
		n = len < sizeof(word) ? len : sizeof(word);
		word = 0;
		memcpy(&word, p, n);
		h = mix(h ^ word);
	}
	return (h);
}

bool
limit_take(enum limit limit, uint64_t who, int64_t now_us, struct limit_state *st)
{
	st->name = classes[limit].name;
	st->quota = conf_int(classes[limit].quota);
	st->window_s = WINDOW_S;
	st->wait_s = 0;
	return (st->quota == 0 ||
	    take_from(slot_of(who, now_us), st->quota, now_us, true, &st->wait_s));
}

bool
limit_quota(const void *who, size_t len, int64_t quota, bool take, int64_t *wait_s)
{
	struct limit_use	use;
	bool			ok = limit_use(0, who, len, quota, take, &use);

	*wait_s = use.wait_s;
	return (ok);
}

/* Two kinds are two allowances, even of one caller. */
bool
limit_use(unsigned int kind, const void *who, size_t len, int64_t quota, bool take,
    struct limit_use *use)
{
	uint64_t	 key = mix(limit_key(LIMIT_NONE, who, len) ^ kind);
	int64_t		 now_us = loop_now_us(), ahead_us;
	struct slot	*s = slot_of(key, now_us);
	bool		 ok;

	use->wait_s = 0;
	ok = take_from(s, quota, now_us, take, &use->wait_s);
	if (ok && take && sharing)
		owe(s, WINDOW_S * SECOND_US / quota);
	ahead_us = s->whole_us > now_us ? s->whole_us - now_us : 0;
	use->left = (WINDOW_S * SECOND_US - ahead_us) * quota / (WINDOW_S * SECOND_US);
	use->whole_s = (ahead_us + SECOND_US - 1) / SECOND_US;
	return (ok);
}

/* ---- one allowance over several processes ---- */

void
limit_share(uint64_t common_seed)
{
	seed = common_seed;
	sharing = true;
}

static void
owe(struct slot *s, int64_t us)
{
	if (s->taken_us == 0) {
		if (ndebtors == DEBTORS)
			return;
		debtors[ndebtors++] = s;
	}
	s->taken_us += us;
}

/* A slot that went to somebody else meanwhile may be in the list twice: once empty. */
size_t
limit_debts(struct limit_debt *out, size_t most)
{
	size_t	i, n = 0;

	for (i = 0; i < ndebtors && n < most; i++) {
		if (debtors[i]->taken_us == 0)
			continue;
		out[n].who = debtors[i]->who;
		out[n++].taken_us = debtors[i]->taken_us;
		debtors[i]->taken_us = 0;
	}
	memmove(debtors, debtors + i, (ndebtors - i) * sizeof(debtors[0]));
	ndebtors -= i;
	return (n);
}

void
limit_settle(uint64_t who, int64_t ahead_us)
{
	struct slot	*set = slots[who & (SETS - 1)];
	unsigned int	 i;

	for (i = 0; i < WAYS; i++)
		if (set[i].who == who)
			set[i].whole_us = loop_now_us() + ahead_us + set[i].taken_us;
}

static bool
take_from(struct slot *s, int64_t quota, int64_t now_us, bool take, int64_t *wait_s)
{
	int64_t	whole_us = s->whole_us > now_us ? s->whole_us : now_us;

	whole_us += WINDOW_S * SECOND_US / quota;
	if (whole_us - now_us > WINDOW_S * SECOND_US) {
		*wait_s = (whole_us - now_us - 1) / SECOND_US - WINDOW_S + 1;
		return (false);
	}
	if (take)
		s->whole_us = whole_us;
	return (true);
}

static struct slot *
slot_of(uint64_t who, int64_t now_us)
{
	struct slot	*set = slots[who & (SETS - 1)], *s = &set[0];
	unsigned int	 i;

	for (i = 0; i < WAYS; i++) {
		if (set[i].who == who)
			return (&set[i]);
		if (set[i].whole_us < s->whole_us)
			s = &set[i];
	}
	s->who = who;
	s->whole_us = now_us;
	s->taken_us = 0;
	return (s);
}

/* One round of splitmix64. */
static uint64_t
mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (x ^ (x >> 31));
}
