/*
 * backend.c -- one service behind the door: its addresses, which of them is
 * asked next, and its figures.
 *
 * The least busy address is asked, in turn where several are. One that fails
 * is left alone by its breaker; when more than EJECT_SHARE of several would be
 * left alone they are all asked anyway: something may be wrong with the road
 * and not with them. The only address of a service is really left alone: its
 * callers get their 503 at once.
 *
 * Invariant: addresses are never freed, only taken out of the list, so a
 * request under way keeps the one it has.
 */
#include "gateway.h"
#include "base/log.h"
#include "conf/conf.h"
#include "loop/loop.h"

#define EJECT_SHARE	50	/* per cent of several addresses */
#define ADDRESS_BYTES	128

static struct target *target_at(struct backend *, const char *, size_t);
static bool	better(const struct target *, const struct target *);
static bool	panic(const struct backend *);
static int64_t	opened_now(void);

static struct target	*targets;	/* every address there ever was */
static struct metric	 opened = {
	.name = "yjy_gateway_upstream_ejected", .help = "Addresses left alone by their breaker now.",
	.kind = METRIC_GAUGE, .read = opened_now
};

void
backend_start(struct backend *b)
{
	static bool	first = true;
	size_t		i;

	if (first)
		metric_register(&opened);
	first = false;
	(void)snprintf(b->label, sizeof(b->label), "service=\"%s\"", b->name);
	for (i = 0; i < CLASSES; i++) {
		(void)snprintf(b->labels[i], sizeof(b->labels[i]),
		    "service=\"%s\",class=\"%zuxx\"", b->name, i);
		b->requests[i] = (struct metric){ .name = "yjy_gateway_requests_total",
		    .help = "Requests passed to a service, by class of the reply; 0xx: none could be given.",
		    .labels = b->labels[i], .kind = METRIC_COUNTER };
		if (i != 1)
			metric_register(&b->requests[i]);
	}
	b->took = (struct metric){ .name = "yjy_gateway_request_seconds",
	    .help = "From the complete head to the end of the reply.",
	    .labels = b->label, .kind = METRIC_HISTOGRAM };
	b->failed = (struct metric){ .name = "yjy_gateway_upstream_failures_total",
	    .help = "Requests a service refused to take, lost or left without an answer.",
	    .labels = b->label, .kind = METRIC_COUNTER };
	b->repeated = (struct metric){ .name = "yjy_gateway_upstream_repeats_total",
	    .help = "Requests given to a service once more, or to another of its addresses.",
	    .labels = b->label, .kind = METRIC_COUNTER };
	b->ejected = (struct metric){ .name = "yjy_gateway_breaker_opened_total",
	    .help = "Times an address of the service was left alone.",
	    .labels = b->label, .kind = METRIC_COUNTER };
	metric_register(&b->took);
	metric_register(&b->failed);
	metric_register(&b->repeated);
	metric_register(&b->ejected);
}

void
backend_count(struct backend *b, int status, int64_t took_us)
{
	int	class = status / 100;

	metric_add(&b->requests[class >= 0 && class < CLASSES ? class : 5], 1);
	metric_observe_us(&b->took, took_us);
}

/* ---- addresses ---- */

bool
addresses_ok(const char *list)
{
	struct net_addr	*a;
	char		 one[ADDRESS_BYTES];
	size_t		 n;

	do {
		n = strcspn(list, ",");
		if (n == 0 || n >= sizeof(one))
			return (false);
		memcpy(one, list, n);
		one[n] = '\0';
		if ((a = net_resolve(one)) == NULL)
			return (false);
		free(a);
		list += n;
	} while (*list++ == ',');
	return (true);
}

/* "" leaves the service without one. -1: an address is bad. */
int
backend_set(struct backend *b, const char *list)
{
	struct target	*found[TARGETS_MAX];
	size_t		 n = 0, len;

	while (*list != '\0') {
		len = strcspn(list, ",");
		if (n == TARGETS_MAX || (found[n++] = target_at(b, list, len)) == NULL) {
			log_error("bad address of %s: %s", b->name, list);
			return (-1);
		}
		list += len + (list[len] == ',');
	}
	memcpy(b->targets, found, n * sizeof(found[0]));
	b->ntargets = n;
	b->pool = n > 0 ? found[0]->pool : NULL;
	return (0);
}

static struct target *
target_at(struct backend *b, const char *address, size_t len)
{
	struct target	*t;

	for (t = targets; t != NULL; t = t->next)
		if (t->backend == b && strlen(t->address) == len &&
		    memcmp(t->address, address, len) == 0)
			return (t);
	if ((t = calloc(1, sizeof(*t))) == NULL || (t->address = strndup(address, len)) == NULL)
		log_die("gateway: out of memory");
	t->backend = b;
	if ((t->pool = upstream_new(b->name, t->address,
	    (size_t)conf_int(CONF_UPSTREAM_CONNS))) == NULL) {
		free(t->address);
		free(t);
		return (NULL);
	}
	t->next = targets;
	targets = t;
	return (t);
}

static int64_t
opened_now(void)
{
	const struct target	*t;
	int64_t			 n = 0;

	for (t = targets; t != NULL; t = t->next)
		n += breaker_open(&t->breaker);
	return (n);
}

/* ---- whom to ask ---- */

/* None of `tried` (bits by place). NULL: nobody, or the only one is left alone. */
struct target *
target_pick(struct backend *b, unsigned int tried)
{
	struct target	*t, *best = NULL;
	size_t		 i, at, chosen = 0;
	bool		 anyway = panic(b);

	for (i = 0; i < b->ntargets; i++) {
		at = (b->turn + i) % b->ntargets;
		t = b->targets[at];
		if ((tried & 1u << at) != 0 || (best != NULL && !better(t, best)))
			continue;
		if (!anyway && breaker_open(&t->breaker) &&
		    !breaker_may(&t->breaker, loop_now_us()))
			continue;
		if (best != NULL)
			breaker_none(&best->breaker);
		best = t;
		chosen = at;
	}
	if (best == NULL)
		return (NULL);
	b->turn = (chosen + 1) % b->ntargets;
	best->place = chosen;
	best->live++;
	return (best);
}

static bool
better(const struct target *a, const struct target *b)
{
	return (a->live < b->live);
}

static bool
panic(const struct backend *b)
{
	size_t	i, open = 0;

	if (b->ntargets < 2)
		return (false);
	for (i = 0; i < b->ntargets; i++)
		open += breaker_open(&b->targets[i]->breaker);
	return (open * 100 > b->ntargets * EJECT_SHARE);
}

void
target_answered(struct target *t)
{
	breaker_good(&t->breaker, loop_now_us());
}

void
target_failed(struct target *t, bool slow)
{
	struct backend	*b = t->backend;

	metric_add(&b->failed, 1);
	if (b->pool == t->pool && b->ntargets > 1)
		b->pool = b->targets[b->turn]->pool;
	if (!breaker_bad(&t->breaker, loop_now_us(), slow))
		return;
	metric_add(&b->ejected, 1);
	log_warn("%s at %s is left alone for a while", b->name, t->address);
}

/* The client went away before anything was known of it. */
void
target_unknown(struct target *t)
{
	breaker_none(&t->breaker);
}

/* The one who picked it is done with it. */
void
target_leave(struct target *t)
{
	t->live--;
}
