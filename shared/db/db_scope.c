/*
 * db_scope.c -- who asks, as the text that platform.person(), platform.areas()
 * and the others read: person|org|actor|,area,area,|action|instant|trace|outlet|desks.
 *
 * Business time is read once a turn of the loop, so that calls of one caller
 * that travel together carry the same text and it is sent once.
 */
#include "base/log.h"
#include "db/db_priv.h"

#define HEX_UUID	32

static char	*put_uuid(char *, const struct uuid *);
static char	*put_text(char *, const char *, size_t);
static const char *turn_instant(void);

/* NULL: a part holds the separator; nothing may be sent for such a caller. */
const char *
scope_text(struct db *db, bool with_trace)
{
	const struct db_scope	*s = &db->scope;
	const char		*areas = s->areas == NULL ? "" : s->areas;
	const char		*action = s->action == NULL ? "" : s->action;
	const char		*trace = with_trace && s->trace != NULL ? s->trace : "";
	const char		*desks = s->desks == NULL ? "" : s->desks;
	size_t			 nareas = strlen(areas), naction = strlen(action);
	size_t			 ntrace = strlen(trace), ndesks = strlen(desks);
	char			*text, *p;

	if (memchr(areas, '|', nareas) || memchr(action, '|', naction) ||
	    memchr(trace, '|', ntrace) || memchr(desks, '|', ndesks))
		return (NULL);
	text = p = arena_alloc(db->arena,
	    4 * HEX_UUID + nareas + naction + ntrace + ndesks + INSTANT_TEXT + 12);
	p = put_uuid(p, s->person);
	p = put_uuid(p, s->org);
	p = put_uuid(p, s->actor);
	if (nareas > 0) {
		*p++ = ',';
		p = put_text(p, areas, nareas);
		*p++ = ',';
	}
	*p++ = '|';
	p = put_text(p, action, naction);
	*p++ = '|';
	p = put_text(p, turn_instant(), INSTANT_TEXT - 1);
	*p++ = '|';
	p = put_text(p, trace, ntrace);
	if (s->outlet != NULL || ndesks > 0) {
		*p++ = '|';
		p = put_uuid(p, s->outlet) - 1;
	}
	if (ndesks > 0) {
		*p++ = '|';
		p = put_text(p, desks, ndesks);
	}
	*p = '\0';
	return (text);
}

static char *
put_uuid(char *p, const struct uuid *id)
{
	static const char	hex[] = "0123456789abcdef";
	size_t			i;

	for (i = 0; id != NULL && i < sizeof(id->b); i++) {
		*p++ = hex[id->b[i] >> 4];
		*p++ = hex[id->b[i] & 15];
	}
	*p++ = '|';
	return (p);
}

static char *
put_text(char *p, const char *text, size_t n)
{
	memcpy(p, text, n);
	return (p + n);
}

static const char *
turn_instant(void)
{
	static char	text[INSTANT_TEXT];
	static int64_t	turn_us;

	if (turn_us != loop_now_us()) {
		turn_us = loop_now_us();
		instant_format(clock_now_us(), text);
	}
	return (text);
}
