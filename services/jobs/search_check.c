/*
 * search_check.c -- index against database, both ways: every posting that is
 * open is held as it is, and nothing else is held.
 *
 * The database is walked in slices while both change. What differs is looked at
 * again, and once more, until it agrees or the index has nothing left to take
 * in: then it is a difference. So each posting is judged as of one moment.
 */
#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "search.h"
#include "jobs_sql.h"
#include "base/buf.h"
#include "base/log.h"
#include "co/co.h"

#define SLICE		5000
#define DOUBT_MOST	2000	/* differences that are looked at again; shown as many */
#define LOOK		100	/* at a time */
#define ROUNDS		40
#define CALM		2	/* rounds with nothing on its way */
#define ROUND_MS	100
#define REPLY_MAX	((size_t)1 << 20)

struct check {
	struct call	*call;
	struct uuid	 doubts[DOUBT_MOST];
	size_t		 ndoubts;
	bool		 overflow;
	int64_t		 in_database, in_index;
	struct uuid	*held;		/* ids of the index when the walk began */
	size_t		 nheld, at;
};

static int	index_check(struct call *);
static int	walk(struct check *);
static void	held_take(void *, const struct uuid *);
static int	by_id(const void *, const void *);
static void	doubt(struct check *, const struct uuid *);
static int	look_again(struct check *);
static int	settled(struct check *, bool *);
static const char *reply_text(struct check *);

static const struct shape check_shape[] = {
	{ .name = "in_database", .type = SHAPE_T_INT, .help = "数据库中招聘中的岗位数" },
	{ .name = "in_index", .type = SHAPE_T_INT, .help = "索引中的岗位数" },
	{ .name = "differences", .type = SHAPE_T_INT, .help = "不一致的岗位数" },
	{ .name = "ids", .type = SHAPE_T_LIST, .help = "不一致的岗位" },
	SHAPE_END
};

const struct route index_routes[] = {
	{ .name = "index_check", .method = METHOD_POST, .path = "/internal/index/check",
	  .callers = ROLE_SERVICE, .scope = SCOPE_INTERNAL, .action = "jobs.index.check",
	  .reply = check_shape, .success = 200, .handler = index_check, .key = KEY_NONE,
	  .zh = "核对内存索引与数据库", .en = "Compare the index in memory with the database" },
	ROUTE_END
};

static int
index_check(struct call *c)
{
	struct check	*k = arena_zalloc(c->arena, sizeof(*k));
	int		 round, calm = 0;
	bool		 quiet = false;

	k->call = c;
	if (search_live() == NULL)
		return (call_reject(c, ERR_BUSY, NULL));
	if (walk(k) == -1)
		return (call_failed(c));
	for (round = 0; round < ROUNDS && k->ndoubts > 0 && calm < CALM; round++) {
		if (settled(k, &quiet) == -1 || look_again(k) == -1)
			return (call_failed(c));
		calm += quiet;
		if (k->ndoubts > 0 && calm < CALM)
			co_sleep(ROUND_MS);
	}
	k->in_index = (int64_t)index_count(search_live());
	if (k->ndoubts > 0)
		log_warn("index: %zu postings differ from the database", k->ndoubts);
	return (call_reply(c, 200, reply_text(k)));
}

/* Both in the order of ids: what only one of them has is in doubt. */
static int
walk(struct check *k)
{
	struct uuid	id = { .b = { 0 } };
	struct db_rows	rows;
	struct arena	a;
	struct db	db;
	size_t		i;
	int		rc = 0;

	k->held = arena_alloc(k->call->arena, (index_count(search_live()) + 1) * sizeof(*k->held));
	index_each(search_live(), held_take, k);
	qsort(k->held, k->nheld, sizeof(*k->held), by_id);
	arena_init(&a);
	do {
		arena_clear(&a);
		db_init(&db, &a, DB_SYSTEM);
		rc = sql_index_stamps(&db, &rows, &id, SLICE);
		db_rollback(&db);
		for (i = 0; rc == 0 && i < rows.count; i++) {
			id = db_uuid(&rows, i, "id");
			for (; k->at < k->nheld && by_id(&k->held[k->at], &id) < 0; k->at++)
				doubt(k, &k->held[k->at]);
			k->at += k->at < k->nheld && uuid_equal(&k->held[k->at], &id);
			if (search_live() == NULL || !index_holds(search_live(), &id,
			    db_int(&rows, i, "posted_us"), db_int(&rows, i, "changed_us")))
				doubt(k, &id);
		}
		k->in_database += rc == 0 ? (int64_t)rows.count : 0;
	} while (rc == 0 && rows.count == SLICE);
	for (; k->at < k->nheld; k->at++)
		doubt(k, &k->held[k->at]);
	arena_release(&a);
	return (rc);
}

static void
held_take(void *arg, const struct uuid *id)
{
	struct check	*k = arg;

	k->held[k->nheld++] = *id;
}

static int
by_id(const void *a, const void *b)
{
	return (memcmp(a, b, sizeof(struct uuid)));
}

static void
doubt(struct check *k, const struct uuid *id)
{
	if (k->ndoubts == DOUBT_MOST)
		k->overflow = true;
	else
		k->doubts[k->ndoubts++] = *id;
}

/* Those that agree now are in doubt no more. */
static int
look_again(struct check *k)
{
	struct uuid	 was[LOOK], id;
	size_t		 from, n, i, j, left = 0;
	char		 text[UUID_TEXT];
	struct db_rows	 rows;
	struct arena	 a;
	struct db	 db;
	struct buf	 ids;
	int		 rc = 0;

	arena_init(&a);
	for (from = 0; rc == 0 && from < k->ndoubts; from += n, arena_clear(&a)) {
		n = k->ndoubts - from < NITEMS(was) ? k->ndoubts - from : NITEMS(was);
		memcpy(was, k->doubts + from, n * sizeof(was[0]));
		buf_init(&ids, n * (UUID_TEXT + 1) + 3);
		for (i = 0; i < n; i++)
			buf_addf(&ids, "%c%s", i == 0 ? '{' : ',', uuid_format(&was[i], text));
		buf_addc(&ids, '}');
		db_init(&db, &a, DB_SYSTEM);
		rc = sql_index_stamps_of(&db, &rows, buf_cstr(&ids));
		db_rollback(&db);
		buf_release(&ids);
		for (i = 0; rc == 0 && i < n; i++) {
			for (j = 0; j < rows.count; j++) {
				id = db_uuid(&rows, j, "id");
				if (uuid_equal(&id, &was[i]))
					break;
			}
			if (!(j < rows.count ? index_holds(search_live(), &was[i],
			    db_int(&rows, j, "posted_us"), db_int(&rows, j, "changed_us")) :
			    !index_has(search_live(), &was[i])))
				k->doubts[left++] = was[i];
		}
	}
	if (rc == 0)
		k->ndoubts = left;
	arena_release(&a);
	return (rc);
}

/* Quiet: everything committed so far has its number, and the index has taken it in. */
static int
settled(struct check *k, bool *quiet)
{
	struct db_rows	rows;
	struct db	db;
	int64_t		done, head;
	int		rc;

	db_init(&db, k->call->arena, DB_SYSTEM);
	if ((rc = sql_index_pending(&db, &rows)) == 0) {
		search_position(&done, &head);
		*quiet = db_bool(&rows, 0, "told") && done >= db_int(&rows, 0, "head");
	}
	db_rollback(&db);
	return (rc);
}

static const char *
reply_text(struct check *k)
{
	struct json_out	 out;
	struct buf	 b;
	char		 text[UUID_TEXT];
	const char	*reply;
	size_t		 i;

	buf_init(&b, REPLY_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_int(&out, "in_database", k->in_database);
	json_put_int(&out, "in_index", k->in_index);
	json_put_int(&out, "differences", (int64_t)k->ndoubts + k->overflow);
	json_open_list(&out, "ids");
	for (i = 0; i < k->ndoubts; i++)
		json_put_text(&out, NULL, uuid_format(&k->doubts[i], text));
	json_close_list(&out);
	json_close(&out);
	reply = arena_strdup(k->call->arena, buf_cstr(&b));
	buf_release(&b);
	return (reply);
}
