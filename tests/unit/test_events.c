/*
 * test_events.c -- the parts of events that need neither database nor Redis:
 * envelopes both ways, the order of what was pushed, keys that are parked,
 * the catalog.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "events/events_priv.h"

#define SOUND								\
	"{\"id\":\"0195a1b2-0000-7000-8000-000000000001\",\"source\":\"jobs\","	\
	"\"seq\":7,\"type\":\"jobs.vacancy.opened.v1\",\"key\":\"k1\","	\
	"\"area_code\":\"431129\",\"occurred_at\":\"2025-03-10T01:02:03.000004Z\"," \
	"\"recorded_at\":\"2025-03-10T01:02:03.5Z\",\"traceparent\":null," \
	"\"payload\":{\"b\":2,\"a\":\"甲\\n\"}}"

static bool	decode(struct arena *, const char *, struct event *);
static struct ev_note note_of(const char *, bool *);
static enum ev_put put(struct ev_order *, int64_t, const char *);

static bool
decode(struct arena *a, const char *text, struct event *ev)
{
	struct json	*j = json_parse(a, text, strlen(text));

	return (j != NULL && ev_decode(a, j, "jobs", ev));
}

static void
envelope_is_read(void **state UNUSED)
{
	struct arena	a;
	struct event	ev;
	char		id[UUID_TEXT];

	arena_init(&a);
	assert_true(decode(&a, SOUND, &ev));
	assert_string_equal(uuid_format(&ev.id, id), "0195a1b2-0000-7000-8000-000000000001");
	assert_int_equal(ev.seq, 7);
	assert_string_equal(ev.type, event_name(EV_VACANCY_OPENED));
	assert_string_equal(ev.key, "k1");
	assert_string_equal(ev.area_code, "431129");
	assert_null(ev.trace);
	assert_int_equal(ev.recorded_us - ev.occurred_us, 499996);
	assert_string_equal(json_string(json_get(ev.data, "a")), "甲\n");
	assert_string_equal(ev.payload, "{\"a\":\"甲\\n\",\"b\":2}");
	arena_release(&a);
}

static void
envelope_comes_back_as_it_went(void **state UNUSED)
{
	struct arena	a;
	struct event	ev, back;
	struct buf	b;

	arena_init(&a);
	buf_init(&b, 4096);
	memset(&ev, 0, sizeof(ev));
	ev.id = uuid_new();
	ev.source = "jobs";
	ev.seq = INT64_MAX;
	ev.type = "jobs.employment.ended.v1";
	ev.key = "a \"quoted\" key\n";
	ev.occurred_us = 1741568523000004;
	ev.recorded_us = 1741568523999999;
	ev.trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
	ev.payload = "{\"n\":[1,null,true]}";
	ev_encode(&b, &ev);
	assert_true(decode(&a, buf_cstr(&b), &back));
	assert_true(uuid_equal(&ev.id, &back.id));
	assert_int_equal(back.seq, INT64_MAX);
	assert_string_equal(back.key, ev.key);
	assert_null(back.area_code);
	assert_int_equal(back.occurred_us, ev.occurred_us);
	assert_int_equal(back.recorded_us, ev.recorded_us);
	assert_string_equal(back.trace, ev.trace);
	assert_string_equal(back.payload, ev.payload);
	buf_release(&b);
	arena_release(&a);
}

static void
a_trace_goes_on(void **state UNUSED)
{
	struct event	ev = { .source = "jobs", .seq = 1, .type = "t", .key = "k",
			    .payload = "{}", .trace = "0af7651916cd43dd8448eb211c80319c" };
	struct event	back;
	struct arena	a;
	struct buf	b;

	arena_init(&a);
	buf_init(&b, 4096);
	assert_true(uuid_parse("0195a1b2-0000-7000-8123-456789abcdef", &ev.id));
	ev_encode(&b, &ev);
	assert_true(decode(&a, buf_cstr(&b), &back));
	assert_string_equal(back.trace,
	    "00-0af7651916cd43dd8448eb211c80319c-8123456789abcdef-01");
	buf_release(&b);
	arena_release(&a);
}

/* Each member broken in turn: nothing half-read may pass. */
static void
broken_envelopes_are_refused(void **state UNUSED)
{
	static const char *const	wrong[][2] = {
		{ "\"0195a1b2-0000", "\"x195a1b2-0000" },
		{ "\"jobs\",", "\"training\"," },
		{ "\"seq\":7", "\"seq\":0" },
		{ "\"seq\":7", "\"seq\":\"7\"" },
		{ "\"seq\":7", "\"seq\":7.5" },
		{ "\"type\":\"jobs.vacancy.opened.v1\"", "\"type\":3" },
		{ "\"key\":\"k1\",", "" },
		{ "2025-03-10T01:02:03.000004Z", "2025-13-10T01:02:03.000004Z" },
		{ "\"2025-03-10T01:02:03.5Z\"", "null" },
		{ "{\"b\":2,\"a\":\"甲\\n\"}", "[1]" },
		{ "{\"b\":2,\"a\":\"甲\\n\"}", "null" },
		{ "\"b\":2", "\"b\":2,\"b\":3" },
		{ "}}", "}" },
	};
	struct arena	a;
	struct event	ev;
	char		text[1024];
	const char	*at;
	size_t		i;

	arena_init(&a);
	for (i = 0; i < NITEMS(wrong); i++) {
		at = strstr(SOUND, wrong[i][0]);
		assert_non_null(at);
		(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - SOUND), SOUND,
		    wrong[i][1], at + strlen(wrong[i][0]));
		if (decode(&a, text, &ev))
			fail_msg("accepted: %s", text);
	}
	arena_release(&a);
}

static struct ev_note
note_of(const char *text, bool *sound)
{
	struct ev_note	note;
	struct arena	a;

	arena_init(&a);
	*sound = ev_note_parse(&a, text, strlen(text), "jobs", &note);
	arena_release(&a);
	return (note);
}

static void
notes_tell_events_from_heartbeats(void **state UNUSED)
{
	struct ev_note	note;
	bool		sound;

	note = note_of(SOUND, &sound);
	assert_true(sound);
	assert_int_equal(note.seq, 7);
	assert_int_equal(note.head, -1);
	note = note_of("{\"source\":\"jobs\",\"head\":0}", &sound);
	assert_true(sound);
	assert_int_equal(note.seq, 0);
	assert_int_equal(note.head, 0);
	(void)note_of("{\"source\":\"jobs\",\"head\":-1}", &sound);
	assert_false(sound);
	(void)note_of("{\"source\":\"training\",\"head\":4}", &sound);
	assert_false(sound);
	(void)note_of("{\"head\":4}", &sound);
	assert_false(sound);
	(void)note_of("[]", &sound);
	assert_false(sound);
	(void)note_of("", &sound);
	assert_false(sound);
}

static enum ev_put
put(struct ev_order *o, int64_t seq, const char *text)
{
	return (ev_order_put(o, seq, text, strlen(text)));
}

static void
disorder_becomes_order(void **state UNUSED)
{
	static const int64_t	arrival[] = { 14, 12, 11, 15, 12, 13, 11, 9 };
	static const enum ev_put want[] = { EV_PUT_HELD, EV_PUT_HELD, EV_PUT_HELD, EV_PUT_HELD,
	    EV_PUT_TWICE, EV_PUT_HELD, EV_PUT_TWICE, EV_PUT_OLD };
	static struct ev_order	o;
	const char		*text;
	char			 name[32];
	size_t			 i, len;

	ev_order_init(&o, 11);
	for (i = 0; i < NITEMS(arrival); i++) {
		(void)snprintf(name, sizeof(name), "event %d", (int)arrival[i]);
		assert_int_equal(put(&o, arrival[i], name), want[i]);
		assert_int_equal(ev_order_ready(&o), i >= 2);
	}
	assert_int_equal(o.held, 5);
	for (i = 11; i <= 15; i++) {
		assert_true(ev_order_ready(&o));
		text = ev_order_at(&o, (int64_t)i, &len);
		(void)snprintf(name, sizeof(name), "event %d", (int)i);
		assert_string_equal(text, name);
		assert_int_equal(len, strlen(name));
		ev_order_move(&o, (int64_t)i + 1);
	}
	assert_int_equal(o.held, 0);
	assert_false(ev_order_ready(&o));
	ev_order_release(&o);
}

static void
a_gap_holds_back_what_follows(void **state UNUSED)
{
	static struct ev_order	o;
	size_t		len;

	ev_order_init(&o, 1);
	assert_int_equal(put(&o, 2, "two"), EV_PUT_HELD);
	assert_false(ev_order_ready(&o));
	assert_null(ev_order_at(&o, 1, &len));
	assert_string_equal(ev_order_at(&o, 2, &len), "two");
	/* the log brought 1 and 2: the held copy goes */
	ev_order_move(&o, 3);
	assert_int_equal(o.held, 0);
	assert_int_equal(put(&o, 2, "two"), EV_PUT_OLD);
	ev_order_release(&o);
}

/* A slot is shared by seqs EV_ORDER_SLOTS apart: a far one must not pose as a near one. */
static void
far_ahead_is_not_kept(void **state UNUSED)
{
	static char	big[EV_TEXT_MAX + 1];
	static struct ev_order	o;
	size_t		len;

	ev_order_init(&o, 5);
	assert_int_equal(put(&o, 5 + EV_ORDER_SLOTS, "far"), EV_PUT_FAR);
	assert_int_equal(put(&o, INT64_MAX, "far"), EV_PUT_FAR);
	assert_false(ev_order_ready(&o));
	assert_int_equal(put(&o, 4 + EV_ORDER_SLOTS, "last"), EV_PUT_HELD);
	assert_null(ev_order_at(&o, 4 + 2 * EV_ORDER_SLOTS, &len));
	assert_int_equal(ev_order_put(&o, 6, big, sizeof(big)), EV_PUT_FAR);
	assert_int_equal(o.held, 1);
	ev_order_move(&o, 5 + 3 * EV_ORDER_SLOTS);
	assert_int_equal(o.held, 0);
	ev_order_release(&o);
}

static void
a_reset_position_forgets_everything(void **state UNUSED)
{
	static struct ev_order	o;

	ev_order_init(&o, 100);
	assert_int_equal(put(&o, 101, "x"), EV_PUT_HELD);
	ev_order_move(&o, 1);
	assert_int_equal(o.held, 0);
	assert_int_equal(o.next, 1);
	assert_int_equal(put(&o, 1, "one"), EV_PUT_HELD);
	assert_true(ev_order_ready(&o));
	ev_order_release(&o);
	assert_false(ev_order_ready(&o));
}

static void
parked_keys_are_a_set(void **state UNUSED)
{
	struct ev_parked	p;
	char			key[32];
	int			i;

	memset(&p, 0, sizeof(p));
	assert_false(ev_parked_has(&p, "a"));
	ev_parked_add(&p, "a");
	ev_parked_add(&p, "a");
	assert_int_equal(p.count, 1);
	ev_parked_drop(&p, "b");
	assert_true(ev_parked_has(&p, "a"));
	ev_parked_drop(&p, "a");
	assert_false(ev_parked_has(&p, "a"));
	for (i = 0; i < 1000; i++) {		/* chains of every bucket */
		(void)snprintf(key, sizeof(key), "key %d", i);
		ev_parked_add(&p, key);
	}
	assert_int_equal(p.count, 1000);
	for (i = 0; i < 1000; i += 2) {
		(void)snprintf(key, sizeof(key), "key %d", i);
		ev_parked_drop(&p, key);
	}
	for (i = 0; i < 1000; i++) {
		(void)snprintf(key, sizeof(key), "key %d", i);
		assert_int_equal(ev_parked_has(&p, key), i % 2 == 1);
	}
	ev_parked_clear(&p);
	assert_int_equal(p.count, 0);
	assert_false(ev_parked_has(&p, "key 1"));
}

/* A name says whose it is: <source>.<noun>.<past verb>.v<n>. */
static void
catalog_is_sound(void **state UNUSED)
{
	const char	*name, *source;
	int		 t, u, dots;
	size_t		 i;

	for (t = EV_NONE + 1; t < EVENT_TYPES; t++) {
		name = event_name((enum event_type)t);
		source = event_source((enum event_type)t);
		assert_non_null(name);
		assert_int_equal(strncmp(name, source, strlen(source)), 0);
		assert_int_equal(name[strlen(source)], '.');
		for (dots = 0, i = 0; name[i] != '\0'; i++)
			dots += name[i] == '.';
		assert_int_equal(dots, 3);
		assert_non_null(strstr(name, ".v"));
		assert_int_equal(ev_type(name), t);
		for (u = EV_NONE + 1; u < t; u++)
			assert_string_not_equal(event_name((enum event_type)u), name);
	}
	assert_int_equal(ev_type("jobs.vacancy.opened.v999"), EV_NONE);
	assert_null(event_name(EV_NONE));
	assert_null(event_source(EVENT_TYPES));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(envelope_is_read),
		cmocka_unit_test(envelope_comes_back_as_it_went),
		cmocka_unit_test(a_trace_goes_on),
		cmocka_unit_test(broken_envelopes_are_refused),
		cmocka_unit_test(notes_tell_events_from_heartbeats),
		cmocka_unit_test(disorder_becomes_order),
		cmocka_unit_test(a_gap_holds_back_what_follows),
		cmocka_unit_test(far_ahead_is_not_kept),
		cmocka_unit_test(a_reset_position_forgets_everything),
		cmocka_unit_test(parked_keys_are_a_set),
		cmocka_unit_test(catalog_is_sound),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
