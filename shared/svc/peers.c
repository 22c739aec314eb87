/*
 * peers.c -- one connection pool for each other service, made when first
 * asked for. Addresses are settings; a program without one has no such peer.
 */
#include "svc/svc_priv.h"
#include "base/log.h"
#include "conf/conf.h"

#define PEER_CONNECTIONS	32

static struct peer {
	const char	*name;
	enum conf_id	 address;
	struct upstream	*pool;
} peers[] = {
	{ "identity",		CONF_IDENTITY,		NULL },
	{ "jobs",		CONF_JOBS,		NULL },
	{ "training",		CONF_TRAINING,		NULL },
	{ "entrepreneurship",	CONF_ENTREPRENEURSHIP,	NULL },
	{ "subsidies",		CONF_SUBSIDIES,		NULL },
	{ "monitoring",		CONF_MONITORING,	NULL },
};

struct upstream *
svc_peer(const char *service)
{
	struct peer	*p;

	for (p = peers; p < peers + NITEMS(peers); p++) {
		if (strcmp(p->name, service) != 0)
			continue;
		if (p->pool == NULL && conf_text(p->address)[0] != '\0')
			p->pool = upstream_new(p->name, conf_text(p->address),
			    PEER_CONNECTIONS);
		return (p->pool);
	}
	return (NULL);
}
