/*
 * limits.c -- how often one may come through the door: token buckets by
 * address, by caller, by partner's client, for changes and for signing in.
 *
 * Each process decides at once from its own buckets. What was taken since is
 * told to Redis five times a second, and what comes back is the level of the
 * bucket all processes share. With Redis gone every process limits by itself.
 *
 * Invariant: no request waits for Redis, and none fails because of it.
 */
#include <arpa/inet.h>

#include "gateway.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "events/events.h"
#include "http/edge.h"
#include "loop/loop.h"

#define SHARE_MS	200
#define SHARE_MOST	128	/* buckets told at once; others next time */
#define WINDOW_S	60
#define KEY_BYTES	32
#define NUMBER_BYTES	24

enum kind { BY_ADDRESS = 1, BY_CALLER, BY_PARTNER, CHANGES, SIGN_INS };

static const struct rule {
	const char	*name;		/* in RateLimit-Policy */
	enum conf_id	 quota;		/* a minute; 0: no limit */
} rules[] = {
	[BY_ADDRESS] = { "address", CONF_LIMIT_ADDRESS },
	[BY_CALLER] = { "client", CONF_LIMIT_CLIENT },
	[BY_PARTNER] = { "partner", CONF_LIMIT_PARTNER },
	[CHANGES] = { "change", CONF_LIMIT_CHANGE },
	[SIGN_INS] = { "sign-in", CONF_LIMIT_SIGN_IN },
};

static bool	take(struct pass *, enum kind, const void *, size_t, bool tell);
static bool	is_change(const struct pass *);
static bool	is_sign_in(const struct pass *);
static void	share(void *);
static void	share_send(size_t);
static void	shared_levels(struct events_question *, const int64_t *, size_t);
static int64_t	shared_now(void);

static struct metric	refused = {
	.name = "yjy_gateway_refused_total", .labels = "reason=\"rate\"", .kind = METRIC_COUNTER
};
static struct metric	shared = {
	.name = "yjy_gateway_limits_shared",
	.help = "1: limits hold over all processes; 0: Redis is away, each limits by itself.",
	.kind = METRIC_GAUGE, .read = shared_now
};

static struct events_question	question = { .answered = shared_levels };
static struct limit_debt	told[SHARE_MOST];
static size_t			ntold;
static bool			asking, in_step;
static struct timer		share_timer;

/* Level of a bucket: when it will be whole. Moved by what was taken, at most a window ahead. */
static const char	script[] =
	"local t = redis.call('TIME')\n"
	"local now, out = t[1] * 1000000 + t[2], {}\n"
	"for i, k in ipairs(KEYS) do\n"
	"  local whole = tonumber(redis.call('GET', k) or '0')\n"
	"  if whole < now then whole = now end\n"
	"  whole = math.min(whole + tonumber(ARGV[i]), now + 60000000)\n"
	"  redis.call('SET', k, string.format('%.0f', whole), 'PX', 61000)\n"
	"  out[i] = whole - now\n"
	"end\n"
	"return out\n";

void
limits_start(void)
{
	uint8_t		 hash[CHAIN_BYTES];
	const void	*key;
	uint64_t	 seed;
	size_t		 len;

	metric_register(&refused);
	if (conf_text(CONF_REDIS)[0] == '\0')
		return;
	/* all processes must give a caller the same name, and only they */
	if ((key = conf_secret(CONF_SERVICE_KEY, &len)) == NULL)
		return;
	sha256(key, len, hash);
	memcpy(&seed, hash, sizeof(seed));
	limit_share(seed);
	metric_register(&shared);
	timer_init(&share_timer, share, NULL);
	timer_arm(&share_timer, SHARE_MS);
}

bool
limits_shared(void)
{
	return (in_step);
}

static int64_t
shared_now(void)
{
	return (in_step);
}

/* ---- one request ---- */

bool
limits_admit(struct pass *p)
{
	const void	*who = p->known ? (const void *)&p->who.subject : p->site.p;
	size_t		 len = p->known ? sizeof(p->who.subject) : p->site.len;

	if (!take(p, BY_ADDRESS, p->site.p, p->site.len, false) ||
	    !take(p, BY_CALLER, who, len, false))
		return (false);
	if (p->known && (p->who.roles & ROLE_PARTNER) != 0 &&
	    !take(p, BY_PARTNER, p->who.client, strlen(p->who.client), true))
		return (false);
	if (is_change(p) && !take(p, CHANGES, who, len, false))
		return (false);
	return (!is_sign_in(p) || take(p, SIGN_INS, p->site.p, p->site.len, false));
}

/* `tell`: this caller hears with every reply what is left. */
static bool
take(struct pass *p, enum kind kind, const void *who, size_t len, bool tell)
{
	const struct rule	*r = &rules[kind];
	int64_t			 quota = conf_int(r->quota);
	struct limit_use	 use;

	if (quota == 0)
		return (true);
	if (!limit_use(kind, who, len, quota, true, &use))
		return (limits_refuse(p, r->name, quota, use.wait_s));
	if (tell)
		reply_more(p, arena_printf(p->arena, "RateLimit-Policy: \"%s\";q=%lld;w=%d\r\n"
		    "RateLimit: \"%s\";r=%lld;t=%lld\r\n", r->name, (long long)quota, WINDOW_S,
		    r->name, (long long)use.left, (long long)use.whole_s));
	return (true);
}

bool
limits_refuse(struct pass *p, const char *name, int64_t quota, int64_t wait_s)
{
	metric_add(&refused, 1);
	problem(p, ERR_LIMITED, arena_printf(p->arena,
	    "Retry-After: %lld\r\nRateLimit-Policy: \"%s\";q=%lld;w=%d\r\n"
	    "RateLimit: \"%s\";r=0;t=%lld\r\n",
	    (long long)wait_s, name, (long long)quota, WINDOW_S, name, (long long)wait_s));
	return (false);
}

static bool
is_change(const struct pass *p)
{
	return (p->head->method != METHOD_GET && p->head->method != METHOD_HEAD &&
	    p->head->method != METHOD_OPTIONS);
}

/* Whatever a password, a code or a client's secret is tried at. */
static bool
is_sign_in(const struct pass *p)
{
	static const char *const	paths[] = {
		"/oauth/", "/v1/identity/sms-codes", "/v1/identity/sessions",
		"/v1/identity/officer-sessions"
	};
	size_t				i, n;

	for (i = 0; p->head->method == METHOD_POST && i < NITEMS(paths); i++) {
		n = strlen(paths[i]);
		if (p->head->path.len >= n && memcmp(p->head->path.p, paths[i], n) == 0)
			return (true);
	}
	return (false);
}

/* The name an address is limited by: IPv6 hands a whole /64 to one customer. */
struct span
limits_site(struct pass *p)
{
	struct in6_addr	 a;
	char		*site, text[INET6_ADDRSTRLEN];

	if (p->client.len >= sizeof(text) || memchr(p->client.p, ':', p->client.len) == NULL)
		return (p->client);
	memcpy(text, p->client.p, p->client.len);
	text[p->client.len] = '\0';
	if (inet_pton(AF_INET6, text, &a) != 1)
		return (p->client);
	site = arena_alloc(p->arena, INET_ADDRSTRLEN);
	if (IN6_IS_ADDR_V4MAPPED(&a)) {
		(void)inet_ntop(AF_INET, &a.s6_addr[12], site, INET_ADDRSTRLEN);
		return ((struct span){ site, strlen(site) });
	}
	memcpy(site, &a, 8);
	return ((struct span){ site, 8 });
}

/* ---- all processes ---- */

static void
share(void *arg UNUSED)
{
	timer_arm(&share_timer, SHARE_MS);
	if (asking)
		return;
	if ((ntold = limit_debts(told, SHARE_MOST)) > 0 || !in_step)
		share_send(ntold);
}

/* Also with nothing to tell, to see that somebody listens. */
static void
share_send(size_t n)
{
	static char	 keys[SHARE_MOST][KEY_BYTES], numbers[SHARE_MOST][NUMBER_BYTES];
	const char	*argv[3 + 2 * SHARE_MOST];
	char		 count[NUMBER_BYTES];
	size_t		 i;

	argv[0] = "EVAL";
	argv[1] = script;
	argv[2] = count;
	(void)snprintf(count, sizeof(count), "%zu", n);
	for (i = 0; i < n; i++) {
		(void)snprintf(keys[i], KEY_BYTES, "yjy:limit:%016llx",
		    (unsigned long long)told[i].who);
		(void)snprintf(numbers[i], NUMBER_BYTES, "%lld", (long long)told[i].taken_us);
		argv[3 + i] = keys[i];
		argv[3 + n + i] = numbers[i];
	}
	asking = events_ask(&question, argv, 3 + 2 * n);
	in_step = in_step && asking;
}

static void
shared_levels(struct events_question *q UNUSED, const int64_t *levels, size_t n)
{
	size_t	i;

	asking = false;
	in_step = levels != NULL && n == ntold;
	for (i = 0; in_step && i < n; i++)
		limit_settle(told[i].who, levels[i]);
}
