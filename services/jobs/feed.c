/*
 * feed.c -- the postings for partners: a snapshot, then what changed since, for
 * as long as the partner keeps asking.
 *
 * The cursor says where: "s<head>:<id>" in the snapshot, which began when the
 * event log ended at head; "c<seq>" in the changes. There always is one: with
 * nothing new the list is empty, and the cursor is what to come back with.
 * Invariant: who applies every page in order holds exactly the open postings.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "jobs_sql.h"

static int	feed_read(struct call *);
static bool	place_read(const char *, int64_t *, struct uuid *, bool *);
static int	feed_snapshot(struct call *, int64_t, const struct uuid *);
static int	feed_changes(struct call *, int64_t);
static size_t	items_of(struct call *, const struct db_rows *, const char ***);

static const struct shape feed_shape[] = {
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "种类（feed_kinds）" },
	{ .name = "seq", .type = SHAPE_T_INT, .nullable = true, .help = "变更序号，初次全量为空" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "state", .type = SHAPE_T_TEXT, .nullable = true, .help = "岗位状态，不再公开的为空" },
	{ .name = "vacancy", .type = SHAPE_T_OBJECT, .nullable = true, .of = vacancy_shape, .help = "岗位内容" },
	SHAPE_END
};

const struct route feed_routes[] = {
	{ .name = "feed_read", .method = METHOD_GET, .path = "/v1/jobs/feed",
	  .callers = ROLE_PARTNER, .scope = SCOPE_PUBLIC, .action = "jobs.feed.read",
	  .list = true, .reply = feed_shape, .handler = feed_read, .limit = LIMIT_READ,
	  .zh = "岗位全量及其后的变更，游标始终给出", .en = "All open postings, then their changes; there is always a cursor" },
	ROUTE_END
};

static int
feed_read(struct call *c)
{
	struct uuid	after = { .b = { 0 } };
	bool		changes = false;
	int64_t		at = -1;

	if (call_after(c) != NULL && !place_read(call_after(c), &at, &after, &changes))
		return (call_reject(c, ERR_F_CURSOR, "cursor"));
	return (changes ? feed_changes(c, at) : feed_snapshot(c, at, &after));
}

static bool
place_read(const char *text, int64_t *at, struct uuid *id, bool *changes)
{
	char	*end;

	*changes = text[0] == 'c';
	if (text[0] != 'c' && text[0] != 's')
		return (false);
	errno = 0;
	*at = strtoll(text + 1, &end, 10);
	if (errno != 0 || end == text + 1 || *at < 0)
		return (false);
	if (*changes)
		return (*end == '\0');
	return (*end == ':' && uuid_parse(end + 1, id));
}

/* `head`: of the first page; -1: this is it. A page that is not full is the last. */
static int
feed_snapshot(struct call *c, int64_t head, const struct uuid *after)
{
	char		 id[UUID_TEXT];
	const char	**items, *next;
	struct db_rows	 rows;
	struct uuid	 last;
	size_t		 n;

	if (sql_feed_snapshot(c->db, &rows, after, call_limit(c)) == -1)
		return (call_failed(c));
	if (head == -1)
		head = db_int(&rows, 0, "head");
	n = items_of(c, &rows, &items);
	if ((int64_t)n < call_limit(c))
		next = arena_printf(c->arena, "c%lld", (long long)head);
	else {
		last = db_uuid(&rows, rows.count - 1, "id");
		uuid_format(&last, id);
		next = arena_printf(c->arena, "s%lld:%s", (long long)head, id);
	}
	return (call_reply_page(c, items, n, next));
}

/* What other events lie between is passed over: the next page begins behind them. */
static int
feed_changes(struct call *c, int64_t after)
{
	const char	**items;
	struct db_rows	 rows;
	int64_t		 next;
	size_t		 n;

	if (sql_feed_changes(c->db, &rows, after, call_limit(c)) == -1)
		return (call_failed(c));
	if (!db_bool(&rows, 0, "kept"))
		return (call_reject(c, ERR_JOBS_FEED, NULL));
	n = items_of(c, &rows, &items);
	next = db_int(&rows, 0, db_int(&rows, 0, "n") == call_limit(c) ? "upto" : "head");
	return (call_reply_page(c, items, n, arena_printf(c->arena, "c%lld", (long long)next)));
}

static size_t
items_of(struct call *c, const struct db_rows *rows, const char ***items)
{
	size_t	i, n = 0;

	*items = arena_alloc(c->arena, (rows->count + 1) * sizeof(**items));
	for (i = 0; i < rows->count; i++)
		if (!db_null(rows, i, "reply"))
			(*items)[n++] = db_text(rows, i, "reply");
	return (n);
}
