/*
 * field_keys.c -- a changed file of field keys is taken up while we serve:
 * looked at every two seconds, by content. A file that is no good is told once
 * and changes nothing.
 */
#include "svc/svc_priv.h"
#include "base/log.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "loop/loop.h"

#define LOOK_MS	2000

static void	look(void *);

static struct timer	timer;

void
field_keys_watch(void)
{
	size_t	len;

	if (conf_secret(CONF_FIELD_KEYS, &len) == NULL)
		return;
	timer_init(&timer, look, NULL);
	timer_arm(&timer, LOOK_MS);
}

static void
look(void *arg UNUSED)
{
	const void	*text;
	size_t		 len;

	if (conf_secret_again(CONF_FIELD_KEYS)) {
		text = conf_secret(CONF_FIELD_KEYS, &len);
		if (crypt_reload(text, len) == -1)
			log_error("the new file of field keys is malformed: the old keys stay");
		else
			log_info("field keys were read anew");
	}
	timer_arm(&timer, LOOK_MS);
}
