/*
 * merge.c -- one person registered twice: candidates, a merge by two officers,
 * and its undoing by two.
 *
 * Invariant: a merge changes one column of the loser's row and moves nothing,
 * so that undoing it restores both; both officers reach both people.
 */
#include "identity.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define ROLES_MERGE	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)
#define OLD_NUMBER	15	/* digits of a number before 1999 */
#define SIGNALS		4

struct merge_in {
	struct uuid	 winner_id, loser_id;
	const char	*reason;
};

struct merge_confirm_in {
	const char	*decision;
};

struct merge_undo_in {
	const char	*reason;
};

struct merge_query {
	struct page_in	 page;
	const char	*state;
};

static int	 merge_candidate_list(struct call *);
static int	 merge_propose(struct call *);
static int	 merge_confirm(struct call *);
static int	 merge_undo(struct call *);
static int	 merge_undo_confirm(struct call *);
static int	 merge_lock(struct call *, struct db_rows *, const char *);
static const char *candidate_json(struct call *, const struct db_rows *, size_t);
static bool	 same_open(struct call *, const char *, const char *, const char *);
static bool	 numbers_agree(const char *, const char *);

static const char *const decisions[] = { "accept", "reject", NULL };
static const char *const states[] = {
	"proposed", "merged", "rejected", "undo_proposed", "undone", NULL
};

static const struct field merge_in_fields[] = {
	FIELD_UUID(merge_in, winner_id, REQUIRED, "保留的登记"),
	FIELD_UUID(merge_in, loser_id, REQUIRED, "并入的登记"),
	FIELD_TEXT(merge_in, reason, REQUIRED, 6, 500, "依据"),
	FIELD_END
};

static const struct field merge_confirm_in_fields[] = {
	FIELD_ENUM(merge_confirm_in, decision, REQUIRED, decisions, "同意、不同意"),
	FIELD_END
};

static const struct field merge_undo_in_fields[] = {
	FIELD_TEXT(merge_undo_in, reason, REQUIRED, 6, 500, "撤销的依据"),
	FIELD_END
};

static const struct field merge_query_fields[] = {
	PAGE_QUERY(merge_query),
	FIELD_ENUM(merge_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape merge_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "合并" },
	{ .name = "winner_id", .type = SHAPE_T_UUID, .help = "保留的登记" },
	{ .name = "loser_id", .type = SHAPE_T_UUID, .help = "并入的登记" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "merge_states", .help = "状态" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "proposed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "confirmed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "确认时间" },
	{ .name = "undo_until", .type = SHAPE_T_DAY, .nullable = true, .help = "此日之前可撤销" },
	{ .name = "undo_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "撤销的依据" },
	{ .name = "undone_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "撤销时间" },
	SHAPE_END
};

static const struct shape candidate_shape[] = {
	{ .name = "first_id", .type = SHAPE_T_UUID, .help = "一个登记" },
	{ .name = "second_id", .type = SHAPE_T_UUID, .help = "另一个登记" },
	{ .name = "signals", .type = SHAPE_T_LIST, .codes = "merge_signals",
	  .help = "疑似同一人的依据" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（脱敏）" },
	{ .name = "birth_on", .type = SHAPE_T_DAY, .help = "出生日期" },
	{ .name = "first_id_masked", .type = SHAPE_T_TEXT, .help = "一个登记的公民身份号码（脱敏）" },
	{ .name = "second_id_masked", .type = SHAPE_T_TEXT, .help = "另一个登记的公民身份号码（脱敏）" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

const struct route merge_routes[] = {
	{ .name = "merge_candidate_list", .method = METHOD_GET,
	  .path = "/v1/identity/merge-candidates",
	  .callers = ROLES_MERGE, .scope = SCOPE_AREA, .action = "identity.merge.candidates",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = candidate_shape,
	  .handler = merge_candidate_list, .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .opens = "first_id",
	  .zh = "疑似重复登记", .en = "People who may be registered twice" },
	{ .name = "merge_list", .method = METHOD_GET, .path = "/v1/identity/merges",
	  .callers = ROLES_MERGE | ROLE_AUDIT, .scope = SCOPE_AREA, .action = "identity.merge.list",
	  .query = INPUT(merge_query, merge_query_fields), .list = true, .reply = merge_shape,
	  .stmt = &stmt_merge_list, .limit = LIMIT_READ,
	  .opens = "winner_id",
	  .zh = "重复登记合并", .en = "Merges of registrations in the area" },
	{ .name = "merge_propose", .method = METHOD_POST, .path = "/v1/identity/merges",
	  .callers = ROLES_MERGE, .scope = SCOPE_AREA, .action = "identity.merge.propose",
	  .body = INPUT(merge_in, merge_in_fields), .reply = merge_shape,
	  .handler = merge_propose, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .zh = "提出合并重复登记", .en = "Propose to merge two registrations" },
	{ .name = "merge_confirm", .method = METHOD_POST, .path = "/v1/identity/merges/{id}/confirm",
	  .callers = ROLES_MERGE, .scope = SCOPE_AREA, .action = "identity.merge.confirm",
	  .body = INPUT(merge_confirm_in, merge_confirm_in_fields), .reply = merge_shape,
	  .success = 200, .handler = merge_confirm, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .emits = "identity.person.merged.v1 identity.access.revoked.v1",
	  .zh = "第二人确认合并", .en = "A second officer confirms a merge" },
	{ .name = "merge_undo", .method = METHOD_POST, .path = "/v1/identity/merges/{id}/undo",
	  .callers = ROLES_MERGE, .scope = SCOPE_AREA, .action = "identity.merge.undo",
	  .body = INPUT(merge_undo_in, merge_undo_in_fields), .reply = merge_shape,
	  .success = 200, .handler = merge_undo, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .zh = "提出撤销合并", .en = "Propose to undo a merge" },
	{ .name = "merge_undo_confirm", .method = METHOD_POST,
	  .path = "/v1/identity/merges/{id}/undo/confirm",
	  .callers = ROLES_MERGE, .scope = SCOPE_AREA, .action = "identity.merge.undo_confirm",
	  .body = INPUT(merge_confirm_in, merge_confirm_in_fields), .reply = merge_shape,
	  .success = 200, .handler = merge_undo_confirm, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .emits = "identity.person.unmerged.v1 identity.access.revoked.v1",
	  .zh = "第二人确认撤销合并", .en = "A second officer confirms undoing a merge" },
	ROUTE_END
};

/* A page may be short: what only looked alike is left out after its names were compared. */
static int
merge_candidate_list(struct call *c)
{
	const struct page_query	*q = c->query;
	const char		**items, *item;
	struct db_rows		 rows;
	size_t			 i, n = 0, shown;

	if (sql_merge_candidates(c->db, &rows, q->page.cursor, q->page.limit + 1) == -1)
		return (call_failed(c));
	items = arena_alloc(c->arena, (rows.count + 1) * sizeof(*items));
	shown = rows.count > (size_t)q->page.limit ? (size_t)q->page.limit : rows.count;
	for (i = 0; i < shown; i++)
		if ((item = candidate_json(c, &rows, i)) != NULL)
			items[n++] = item;
	return (call_reply_page(c, items, n,
	    shown < rows.count ? db_text(&rows, shown - 1, "cursor") : NULL));
}

/* NULL: nothing but the first letter of a name and a birthday. */
static const char *
candidate_json(struct call *c, const struct db_rows *r, size_t i)
{
	static const char *const names[SIGNALS] = { "name_birth", "old_number", "phone", "id15" };
	struct uuid		 a = db_uuid(r, i, "a_id"), b = db_uuid(r, i, "b_id");
	const char		*one, *two, *signals = "";
	bool			 has[SIGNALS];
	char			 text[UUID_TEXT], other[UUID_TEXT];
	size_t			 k;

	has[0] = db_bool(r, i, "name_birth") && same_open(c, "person.name",
	    db_text(r, i, "a_name"), db_text(r, i, "b_name"));
	has[1] = db_bool(r, i, "old_number");
	has[2] = db_bool(r, i, "phone");
	one = field_open(c->arena, "person.id", db_text(r, i, "a_number"));
	two = field_open(c->arena, "person.id", db_text(r, i, "b_number"));
	has[3] = one != NULL && two != NULL && numbers_agree(one, two);
	for (k = 0; k < SIGNALS; k++)
		if (has[k])
			signals = arena_printf(c->arena, "%s%s\"%s\"", signals,
			    signals[0] == '\0' ? "" : ",", names[k]);
	if (signals[0] == '\0')
		return (NULL);
	return (arena_printf(c->arena, "{\"first_id\":\"%s\",\"second_id\":\"%s\",\"signals\":[%s],"
	    "\"name_masked\":\"%s\",\"birth_on\":\"%s\",\"first_id_masked\":\"%s\","
	    "\"second_id_masked\":\"%s\",\"county_code\":\"%s\"}", uuid_format(&a, text),
	    uuid_format(&b, other), signals, db_text(r, i, "name_masked"),
	    db_text(r, i, "birth_on"), db_text(r, i, "a_masked"), db_text(r, i, "b_masked"),
	    db_text(r, i, "county_code")));
}

static bool
same_open(struct call *c, const char *column, const char *a, const char *b)
{
	const char	*one = field_open(c->arena, column, a), *two = field_open(c->arena, column, b);

	return (one != NULL && two != NULL && strcmp(one, two) == 0);
}

/* The old number is the new one without the century and the check character. */
static bool
numbers_agree(const char *a, const char *b)
{
	const char	*old = strlen(a) == OLD_NUMBER ? a : b, *new = old == a ? b : a;

	return (strlen(old) == OLD_NUMBER && strlen(new) == OLD_NUMBER + 3 &&
	    strncmp(old, new, 6) == 0 && strncmp(new + 6, "19", 2) == 0 &&
	    strncmp(old + 6, new + 8, OLD_NUMBER - 6) == 0);
}

static int
merge_propose(struct call *c)
{
	const struct merge_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (memcmp(&in->winner_id, &in->loser_id, sizeof(in->winner_id)) == 0)
		return (call_reject(c, ERR_F_DUPLICATE, "/loser_id"));
	if (sql_merge_propose(c->db, &rows, &id, &in->winner_id, &in->loser_id,
	    in->reason) == -1) {
		if (c->db->error == DB_UNIQUE)
			return (call_reject(c, ERR_EXISTS, "/loser_id"));
		return (call_failed(c));
	}
	return (call_reply_row(c, 201, &rows));
}

static int
merge_confirm(struct call *c)
{
	const struct merge_confirm_in	*in = c->body;
	bool				 accept = strcmp(in->decision, "accept") == 0;
	struct db_rows			 rows;
	int				 said;

	if ((said = merge_lock(c, &rows, "proposed")) != 0)
		return (said);
	if (db_bool(&rows, 0, "proposed_here"))
		return (call_reject(c, ERR_SAME_HAND, NULL));
	if (accept && !db_bool(&rows, 0, "fits"))
		return (call_reject(c, ERR_STATE, NULL));
	if (sql_merge_confirm(c->db, &rows, &c->id, accept, conf_int(CONF_MERGE_UNDO_DAYS)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
merge_undo(struct call *c)
{
	const struct merge_undo_in	*in = c->body;
	struct db_rows			 rows;
	int				 said;

	if ((said = merge_lock(c, &rows, "merged")) != 0)
		return (said);
	if (!db_bool(&rows, 0, "in_time"))
		return (call_reject(c, ERR_MERGE_WINDOW, NULL));
	if (sql_merge_undo_propose(c->db, &rows, &c->id, in->reason) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
merge_undo_confirm(struct call *c)
{
	const struct merge_confirm_in	*in = c->body;
	struct db_rows			 rows;
	int				 said;

	if ((said = merge_lock(c, &rows, "undo_proposed")) != 0)
		return (said);
	if (db_bool(&rows, 0, "undo_here"))
		return (call_reject(c, ERR_SAME_HAND, NULL));
	if (sql_merge_undo_confirm(c->db, &rows, &c->id, strcmp(in->decision, "accept") == 0) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* 0: locked and in that state; otherwise the reply. */
static int
merge_lock(struct call *c, struct db_rows *rows, const char *state)
{
	if (sql_merge_lock(c->db, rows, &c->id) == -1)
		return (call_failed(c));
	if (rows->count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (strcmp(db_text(rows, 0, "state"), state) != 0)
		return (call_reject(c, ERR_STATE, NULL));
	return (0);
}
