/*
 * events_envelope.c -- an event as JSON text, both ways.
 *
 * Invariant: the bus and GET /internal/events carry the same bytes, because
 * both are made here from the same columns. Whatever arrives is read strictly:
 * a text that is not wholly an envelope of the expected source is refused, and
 * the log is asked instead.
 */
#include "base/clock.h"
#include "events/events_priv.h"
#include "json/json.h"

static void	put_trace(struct json_out *, const struct event *);
static bool	text_of(const struct json *, const char *, const char **);
static bool	instant_of(const struct json *, const char *, int64_t *);
static bool	integer_of(const struct json *, const char *, int64_t least, int64_t *);

void
ev_from_row(struct event *ev, const char *source, const struct db_rows *r, size_t i)
{
	memset(ev, 0, sizeof(*ev));
	ev->id = db_uuid(r, i, "id");
	ev->source = source;
	ev->seq = db_int(r, i, "seq");
	ev->type = db_text(r, i, "type");
	ev->key = db_text(r, i, "key");
	ev->area_code = db_text(r, i, "area_code");
	ev->occurred_us = db_int(r, i, "occurred_us");
	ev->recorded_us = db_int(r, i, "recorded_us");
	ev->trace = db_text(r, i, "trace");
	ev->payload = db_text(r, i, "payload");
}

void
ev_encode(struct buf *b, const struct event *ev)
{
	struct json_out	out;

	json_out_init(&out, b);
	json_open(&out, NULL);
	json_put_uuid(&out, "id", &ev->id);
	json_put_text(&out, "source", ev->source);
	json_put_int(&out, "seq", ev->seq);
	json_put_text(&out, "type", ev->type);
	json_put_text(&out, "key", ev->key);
	json_put_text(&out, "area_code", ev->area_code);
	json_put_instant(&out, "occurred_at", ev->occurred_us);
	json_put_instant(&out, "recorded_at", ev->recorded_us);
	put_trace(&out, ev);
	json_put_raw(&out, "payload", ev->payload);
	json_close(&out);
}

/* The outbox keeps the trace id; the event itself is the span that caused the rest. */
static void
put_trace(struct json_out *out, const struct event *ev)
{
	const uint8_t	*b = ev->id.b + 8;
	char		 text[56];

	if (ev->trace == NULL || strlen(ev->trace) != 32) {
		json_put_text(out, "traceparent", ev->trace);
		return;
	}
	(void)snprintf(text, sizeof(text), "00-%s-%02x%02x%02x%02x%02x%02x%02x%02x-01",
	    ev->trace, b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]);
	json_put_text(out, "traceparent", text);
}

static bool
text_of(const struct json *j, const char *name, const char **out)
{
	return ((*out = json_string(json_get(j, name))) != NULL);
}

static bool
instant_of(const struct json *j, const char *name, int64_t *us)
{
	const char	*text;

	return (text_of(j, name, &text) && (*us = instant_parse(text)) != INT64_MIN);
}

static bool
integer_of(const struct json *j, const char *name, int64_t least, int64_t *n)
{
	int64_t	value;

	if (!json_integer(json_get(j, name), &value) || value < least)
		return (false);
	*n = value;
	return (true);
}

bool
ev_decode(struct arena *a, struct json *j, const char *source, struct event *ev)
{
	const char	*id, *from;

	memset(ev, 0, sizeof(*ev));
	if (!json_is_object(j) || !text_of(j, "id", &id) || !uuid_parse(id, &ev->id) ||
	    !text_of(j, "source", &from) || strcmp(from, source) != 0 ||
	    !integer_of(j, "seq", 1, &ev->seq) ||
	    !text_of(j, "type", &ev->type) || !text_of(j, "key", &ev->key) ||
	    !instant_of(j, "occurred_at", &ev->occurred_us) ||
	    !instant_of(j, "recorded_at", &ev->recorded_us))
		return (false);
	ev->data = json_get(j, "payload");
	if (!json_is_object(ev->data))
		return (false);
	ev->source = source;
	ev->area_code = json_string(json_get(j, "area_code"));
	ev->trace = json_string(json_get(j, "traceparent"));
	ev->payload = json_text(a, ev->data);
	return (true);
}

bool
ev_note_parse(struct arena *a, const char *text, size_t len, const char *source,
    struct ev_note *note)
{
	struct json	*j = json_parse(a, text, len);
	const char	*from;

	note->seq = 0;
	note->head = -1;
	if (j == NULL || !json_is_object(j) || !text_of(j, "source", &from) ||
	    strcmp(from, source) != 0)
		return (false);
	return (integer_of(j, "seq", 1, &note->seq) || integer_of(j, "head", 0, &note->head));
}
