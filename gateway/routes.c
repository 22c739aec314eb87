/*
 * routes.c -- which path belongs to which service.
 *
 * Invariant: what is not in this table does not exist for the outside.
 * /internal is in no row, so it cannot be reached, whatever a service serves.
 */
#include "gateway.h"
#include "base/log.h"
#include "conf/conf.h"

#define CONNECTIONS	512	/* to one service */

static void	backend_start(struct backend *);

enum { IDENTITY, JOBS, TRAINING, ENTREPRENEURSHIP, SUBSIDIES, MONITORING };

static struct backend backends[] = {
	[IDENTITY] = { .name = "identity", .address = CONF_IDENTITY },
	[JOBS] = { .name = "jobs", .address = CONF_JOBS },
	[TRAINING] = { .name = "training", .address = CONF_TRAINING },
	[ENTREPRENEURSHIP] = { .name = "entrepreneurship", .address = CONF_ENTREPRENEURSHIP },
	[SUBSIDIES] = { .name = "subsidies", .address = CONF_SUBSIDIES },
	[MONITORING] = { .name = "monitoring", .address = CONF_MONITORING },
};

#define PREFIX(p, to, ...)	{ .path = p, .len = sizeof(p) - 1, .backend = to, __VA_ARGS__ }

/* Longest first where one begins another. */
static const struct prefix prefixes[] = {
	PREFIX("/v1/jobs", JOBS),
	PREFIX("/v1/identity", IDENTITY),
	PREFIX("/v1/subsidies", SUBSIDIES),
	PREFIX("/v1/training", TRAINING),
	PREFIX("/v1/entrepreneurship", ENTREPRENEURSHIP),
	PREFIX("/v1/monitoring", MONITORING),
	PREFIX("/v1/codes", IDENTITY),
	PREFIX("/oauth", IDENTITY, .open = true),
	PREFIX("/.well-known", IDENTITY, .open = true),
};

int
routes_start(void)
{
	struct backend	*b;

	for (b = backends; b < backends + NITEMS(backends); b++) {
		if (conf_text((enum conf_id)b->address)[0] == '\0')
			log_warn("no address of %s: its paths answer 503", b->name);
		else if ((b->pool = upstream_new(b->name,
		    conf_text((enum conf_id)b->address), CONNECTIONS)) == NULL)
			return (-1);
		backend_start(b);
	}
	return (0);
}

static void
backend_start(struct backend *b)
{
	size_t	i;

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
	metric_register(&b->took);
	metric_register(&b->failed);
}

const struct prefix *
route_of(struct span path)
{
	const struct prefix	*p;

	for (p = prefixes; p < prefixes + NITEMS(prefixes); p++)
		if (path.len >= p->len && memcmp(path.p, p->path, p->len) == 0 &&
		    (path.len == p->len || path.p[p->len] == '/'))
			return (p);
	return (NULL);
}

struct backend *
backend_at(size_t i)
{
	return (i < NITEMS(backends) ? &backends[i] : NULL);
}

void
backend_count(struct backend *b, int status, int64_t took_us)
{
	int	class = status / 100;

	metric_add(&b->requests[class >= 0 && class < CLASSES ? class : 5], 1);
	metric_observe_us(&b->took, took_us);
}
