/*
 * events_routes.c -- this service's log for those who missed something, and
 * the events that could not be applied here. For services and yjyctl only.
 *
 * Invariant: a replay holds the position of its source, so nothing of that
 * source is applied meanwhile, and a key's events are replayed in their order.
 */
#include <errno.h>

#include "events/events_priv.h"
#include "http/call.h"
#include "platform_sql.h"

#define PAGE_BYTES	((size_t)64 << 20)

static int	event_list(struct call *);
static int	parked_replay(struct call *);
static bool	seq_of(const char *, int64_t *);
static int	replay(struct call *, struct ev_source *, int64_t, const struct db_rows *);

struct event_list_in {
	int64_t	after;
	int64_t	limit;		/* 0: a full page */
};

static const struct field event_list_fields[] = {
	FIELD_INT(event_list_in, after, OPTIONAL, 0, INT64_MAX, "已处理到的序号"),
	FIELD_INT(event_list_in, limit, OPTIONAL, 1, EV_PAGE, "条数上限"),
	FIELD_END
};

static const struct field parked_list_fields[] = {
	FIELD_INT(page_in, limit, OPTIONAL, 1, 200, "每页条数"),
	FIELD_TEXT(page_in, cursor, OPTIONAL, 1, 400, "分页游标"),
	FIELD_END
};

struct parked_replay_in {
	const char	*source;
};

static const struct field parked_replay_fields[] = {
	FIELD_TEXT(parked_replay_in, source, REQUIRED, 1, 40, "事件来源服务"),
	FIELD_END
};

const struct route events_routes[] = {
	{ .name = "event_list", .method = METHOD_GET, .path = "/internal/events",
	  .callers = ROLE_SERVICE, .scope = SCOPE_INTERNAL, .action = "events.read",
	  .query = INPUT(event_list_in, event_list_fields),
	  .handler = event_list,
	  .zh = "读取本服务的事件日志", .en = "Read this service's event log" },
	{ .name = "parked_list", .method = METHOD_GET, .path = "/internal/events/parked",
	  .callers = ROLE_SERVICE, .scope = SCOPE_INTERNAL, .action = "events.parked",
	  .query = INPUT(page_in, parked_list_fields),
	  .list = true, .stmt = &stmt_parked_list,
	  .zh = "列出搁置的事件", .en = "List parked events" },
	{ .name = "parked_replay", .method = METHOD_POST,
	  .path = "/internal/events/parked/{seq_no}/replay",
	  .callers = ROLE_SERVICE, .scope = SCOPE_INTERNAL, .action = "events.replay",
	  .query = INPUT(parked_replay_in, parked_replay_fields),
	  .success = 200, .handler = parked_replay,
	  .zh = "重放搁置的事件", .en = "Replay a parked event" },
	ROUTE_END
};

/* {"items":[envelope…],"head":n}: what follows `after`, and where the log ends. */
static int
event_list(struct call *c)
{
	const struct event_list_in	*in = c->query;
	struct db_rows			 rows;
	struct event			 ev;
	struct buf			 b;
	char				*json = NULL;
	size_t				 i, n;

	if (sql_event_page(c->db, &rows, in->after, in->limit > 0 ? in->limit : EV_PAGE) == -1)
		return (call_failed(c));
	n = db_null(&rows, 0, "seq") ? 0 : rows.count;
	buf_init(&b, PAGE_BYTES);
	buf_adds(&b, "{\"items\":[");
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(&b, ',');
		ev_from_row(&ev, ev_self(), &rows, i);
		ev_encode(&b, &ev);
	}
	buf_addf(&b, "],\"head\":%lld}", (long long)db_int(&rows, 0, "head"));
	if (buf_ok(&b))
		json = arena_strndup(c->arena, b.data, b.len);
	buf_release(&b);
	return (json != NULL ? call_reply(c, 200, json) : call_reject(c, ERR_INTERNAL, NULL));
}

static bool
seq_of(const char *text, int64_t *seq)
{
	char	*end;

	errno = 0;
	*seq = strtoll(text, &end, 10);
	return (errno == 0 && *text != '\0' && *end == '\0' && *seq > 0);
}

static int
parked_replay(struct call *c)
{
	const struct parked_replay_in	*in = c->query;
	struct db_rows			 held, taken, before;
	struct ev_source		*s;
	int64_t				 seq;

	if (!seq_of(call_param(c, "seq_no"), &seq) || (s = ev_source_find(in->source)) == NULL)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (sql_cursor_hold(c->db, &held, s->name) == -1 ||
	    sql_parked_take(c->db, &taken, s->name, seq) == -1)
		return (call_failed(c));
	if (taken.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (sql_parked_before(c->db, &before, s->name, db_text(&taken, 0, "key"), seq) == -1)
		return (call_failed(c));
	if (db_bool(&before, 0, "found"))
		return (call_reject_detail(c, ERR_STATE, "seq_no",
		    "an earlier event of this key is parked"));
	return (replay(c, s, seq, &taken));
}

static int
replay(struct call *c, struct ev_source *s, int64_t seq, const struct db_rows *taken)
{
	const char	*text = db_text(taken, 0, "event");
	struct json	*j = json_parse(c->arena, text, strlen(text));
	struct event	 ev;
	int		 rc = EVENT_POISON;

	if (j != NULL && ev_decode(c->arena, j, s->name, &ev))
		rc = ev_apply_one(s, c->db, &ev);
	if (rc == EVENT_POISON)
		return (call_reject_detail(c, ERR_STATE, "seq_no", "its handler refuses it still"));
	if (rc != 0)
		return (call_failed(c));
	return (call_reply(c, 200, arena_printf(c->arena, "{\"replayed\":%lld}", (long long)seq)));
}
