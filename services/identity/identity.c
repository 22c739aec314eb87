/*
 * identity.c -- who people, organisations, officers and partners are, and the
 * tokens that say so. The only program that holds the signing key.
 */
#include <sodium.h>

#include "oauth.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "identity_sql.h"
#include "signing_keys.h"
#include "svc/svc.h"
#include "text.h"
#include "verifier.h"

#define SWEEP_MS	3600000

static int	identity_start(void);

static const struct svc identity = {
	.name = "identity",
	.routes = identity_routes,
	.statements = identity_statements,
	.start = identity_start,
	.keys = signing_keys_load,
	.ready = auth_has_keys,
};

int
main(int argc, char **argv)
{
	return (svc_main(&identity, argc, argv));
}

static int
identity_start(void)
{
	if (sodium_init() == -1 || codes_load_lists(conf_text(CONF_REFERENCE)) == -1 ||
	    text_start() == -1 || verifier_start() == -1 ||
	    oauth_page_start() == -1 || signing_keys_start() == -1)
		return (-1);
	login_start();
	(void)password_dummy();		/* made here, or the first unknown login holds up the loop */
	svc_every("revocation.sweep", SWEEP_MS, revocation_sweep);
	return (0);
}
