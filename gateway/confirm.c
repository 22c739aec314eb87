/*
 * confirm.c -- is a verified token still good? While revocations are heard
 * live there is nothing to ask. When they are not, what was confirmed counts
 * for CONFIRM_US and then identity is asked about this very token.
 *
 * Requests that wait for an answer are asked about together, one question at
 * a time. Identity gone too: what the signature says counts until the token
 * ends, or CONF_BLIND_S have passed since anybody knew; then 503, never 500.
 */
#include "gateway.h"
#include "base/clock.h"
#include "base/log.h"
#include "co/co.h"
#include "json/json.h"
#include "loop/loop.h"
#include "svc/svc.h"

#define CONFIRM_US	INT64_C(1800000)	/* two seconds, less the asking */
#define ASK_MS		1000
#define REST_US		INT64_C(500000)		/* after no answer: not at once again */
#define MOST		200			/* tokens in one question */
#define QUESTION_MAX	((size_t)1 << 17)

struct waiter {
	struct waiter		*next;
	struct co		*co;
	const struct principal	*who;
	enum confirmed		 answer;
	bool			 done;
};

static enum confirmed	 ask(struct principal *);
static void		 ask_all(void *);
static bool		 question(struct arena *, const struct waiter *, struct json **);
static char		*question_text(struct arena *, const struct waiter *);
static void		 answer_all(struct waiter *, const struct json *, bool);
static bool		 names(const struct json *, const char *);

static struct waiter	*waiting;
static bool		 asking;
static int64_t		 failed_us = -REST_US;

enum confirmed
confirm(struct principal *who)
{
	int64_t	known_us;

	if (svc_feed() == FEED_LIVE)
		return (CONFIRMED);
	known_us = svc_feed_known_us();
	if (who->confirmed_us > known_us)
		known_us = who->confirmed_us;
	if (clock_real_us() - known_us < CONFIRM_US)
		return (CONFIRMED);
	switch (ask(who)) {
	case CONFIRMED:
		return (CONFIRMED);
	case CONFIRM_DEAD:
		return (CONFIRM_DEAD);
	default:
		return (svc_feed_lost() ? CONFIRM_UNKNOWN : CONFIRMED);
	}
}

static enum confirmed
ask(struct principal *who)
{
	struct waiter	w = { .co = co_self(), .who = who, .answer = CONFIRM_UNKNOWN };
	int64_t		begun_us = clock_real_us();

	if (loop_now_us() - failed_us < REST_US)
		return (CONFIRM_UNKNOWN);
	w.next = waiting;
	waiting = &w;
	if (!asking && co_start(ask_all, NULL) == 0)
		asking = true;
	if (!asking) {			/* no coroutine: nobody else can be waiting */
		waiting = NULL;
		return (CONFIRM_UNKNOWN);
	}
	while (!w.done)
		(void)co_wait(-1);
	if (w.answer == CONFIRMED)
		who->confirmed_us = begun_us;
	return (w.answer);
}

/* One question after another until nobody waits. */
static void
ask_all(void *arg UNUSED)
{
	struct waiter	*batch, **end;
	struct arena	 a;
	struct json	*reply;
	int64_t		 at_us;
	bool		 heard;
	size_t		 n;

	arena_init(&a);
	while (waiting != NULL) {
		batch = waiting;
		for (n = 0, end = &waiting; n < MOST && *end != NULL; n++)
			end = &(*end)->next;
		waiting = *end;
		*end = NULL;
		at_us = clock_real_us();
		heard = question(&a, batch, &reply);
		if (!heard)
			failed_us = loop_now_us();
		svc_feed_asked(at_us, heard);
		answer_all(batch, reply, heard);
		arena_clear(&a);
	}
	asking = false;
	arena_release(&a);
}

static bool
question(struct arena *a, const struct waiter *batch, struct json **dead)
{
	struct upstream		*identity = svc_peer("identity");
	const char		*token = mint_service(a, svc_name());
	struct http_result	 r;
	char			*text;

	*dead = NULL;
	if (identity == NULL || token == NULL || (text = question_text(a, batch)) == NULL)
		return (false);
	if (http_call(a, identity, METHOD_POST, "/internal/introspect", arena_printf(a,
	    "Authorization: Bearer %s\r\nContent-Type: application/json\r\n", token),
	    text, strlen(text), ASK_MS, &r) == -1 || r.status != 200)
		return (false);
	*dead = json_get(json_parse(a, r.body.p, r.body.len), "dead");
	return (json_is_array(*dead));
}

static char *
question_text(struct arena *a, const struct waiter *w)
{
	struct json_out	 out;
	struct buf	 b;
	char		*text = NULL;

	buf_init(&b, QUESTION_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_open_list(&out, "tokens");
	for (; w != NULL; w = w->next) {
		json_open(&out, NULL);
		json_put_text(&out, "id", w->who->token_id);
		json_put_uuid(&out, "session", &w->who->session);
		json_put_uuid(&out, "subject", &w->who->subject);
		if (w->who->has_actor)
			json_put_uuid(&out, "actor", &w->who->actor);
		json_put_instant(&out, "issued_at", w->who->issued_us);
		json_close(&out);
	}
	json_close_list(&out);
	json_close(&out);
	if (buf_ok(&b))
		text = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return (text);
}

static void
answer_all(struct waiter *w, const struct json *dead, bool heard)
{
	struct waiter	*next;

	for (; w != NULL; w = next) {
		next = w->next;		/* w lives on the stack of who is woken */
		if (heard)
			w->answer = names(dead, w->who->token_id) ? CONFIRM_DEAD : CONFIRMED;
		w->done = true;
		co_wake(w->co);
	}
}

static bool
names(const struct json *list, const char *id)
{
	const char	*one;
	size_t		 i;

	for (i = 0; i < json_count(list); i++)
		if ((one = json_string(json_at(list, i))) != NULL && strcmp(one, id) == 0)
			return (true);
	return (false);
}
