/*
 * events_listen.c -- who only listens: each message of a channel as it comes,
 * in every process, with no database and no order behind it.
 *
 * Invariant: a listener is given only whole envelopes and beats of its source;
 * what cannot be read is dropped, and the producer's log tells it again.
 */
#include "base/log.h"
#include "events/events_priv.h"

static void	tell(const struct listener *, struct arena *, const char *, size_t);
static void	tell_event(const struct listener *, struct arena *, const char *, size_t);

static struct listener	*listeners;
static bool		 was_up;

void
events_listen(struct listener *l)
{
	l->next = listeners;
	listeners = l;
}

void
ev_listen_start(void)
{
	struct listener	*l;
	char		*channel;

	for (l = listeners; l != NULL; l = l->next) {
		if (asprintf(&channel, "ev.%s", l->source) == -1)
			log_die("events: out of memory");
		if (!ev_bus_subscribe(channel))
			free(channel);
	}
}

void
ev_listen_message(const char *channel, const char *text, size_t len)
{
	struct listener	*l;
	struct arena	 a;

	for (l = listeners; l != NULL; l = l->next) {
		if (strncmp(channel, "ev.", 3) != 0 || strcmp(channel + 3, l->source) != 0)
			continue;
		arena_init(&a);
		tell(l, &a, text, len);
		arena_release(&a);
	}
}

static void
tell(const struct listener *l, struct arena *a, const char *text, size_t len)
{
	struct ev_note	note;

	if (!ev_note_parse(a, text, len, l->source, &note))
		return;
	if (note.seq == 0)
		l->beat(note.head);
	else
		tell_event(l, a, text, len);
}

static void
tell_event(const struct listener *l, struct arena *a, const char *text, size_t len)
{
	struct event	 ev;
	struct json	*j = json_parse(a, text, len);

	if (j != NULL && ev_decode(a, j, l->source, &ev))
		l->event(&ev);
}

void
ev_listen_changed(void)
{
	struct listener	*l;
	bool		 up = ev_bus_listening();

	if (up == was_up)
		return;
	was_up = up;
	for (l = listeners; l != NULL; l = l->next)
		l->link(up);
}
