/*
 * match_my.c -- postings for a person: the person's own list, fresh from the
 * engine, the same for an officer who helps, the night's list, and what is not
 * to be shown again.
 *
 * Invariant: who switched automated matching off gets no list, by whomever it
 * is asked for (PIPL art. 24), and is told how to search alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match_svc.h"
#include "codes/codes.h"
#include "jobs_sql.h"
#include "words.h"

struct match_query {
	const char	*area_code;
	const char	*form;
	int64_t		 min_score;
};

struct dismiss_in {
	const char	*reason;
	const char	*note;
};

static int	match_my(struct call *);
static int	match_of_person(struct call *);
static int	match_night(struct call *);
static int	ask_make(struct call *, struct match_facts *, struct match_ask *);
static const char *item_json(struct call *, const struct db_rows *, size_t, const struct match_hit *,
		    const struct match_facts *, const struct uuid *);
static const char *night_json(struct call *, const struct db_rows *, size_t);
static void	numbers_read(const char *, uint16_t *);

static const char *const reasons[] = { "not_interested", "too_far", "low_pay", "not_able", "hours",
	"untrusted", "other", NULL };

static const struct field match_query_fields[] = {
	FIELD_CHECK(match_query, area_code, OPTIONAL, check_area, "工作地，含其下级"),
	FIELD_ENUM(match_query, form, OPTIONAL, work_forms, "用工形式"),
	FIELD_INT(match_query, min_score, OPTIONAL, 0, 1000, "最低得分"),
	FIELD_END
};

static const struct field dismiss_in_fields[] = {
	FIELD_ENUM(dismiss_in, reason, REQUIRED, reasons, "不再显示的原因"),
	FIELD_TEXT(dismiss_in, note, OPTIONAL, 0, 200, "说明"),
	FIELD_END
};

#define SCORE_ROWS									\
	{ .name = "score", .type = SHAPE_T_INT, .help = "匹配得分，满分 1000" },	\
	{ .name = "weight_version", .type = SHAPE_T_INT, .help = "权重版本" },		\
	{ .name = "reasons", .type = SHAPE_T_LIST, .of = match_reason_shape,		\
	  .help = "逐项得分与理由" }

static const struct shape match_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "vacancy", .type = SHAPE_T_OBJECT, .of = vacancy_shape, .help = "岗位内容" },
	SCORE_ROWS,
	{ .name = "made_on", .type = SHAPE_T_DAY, .nullable = true, .help = "夜间推荐的日期" },
	SHAPE_END
};

static const struct shape brief_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "岗位名称" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "work_area_code", .type = SHAPE_T_TEXT, .help = "工作地" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "form", .type = SHAPE_T_TEXT, .codes = "vacancy_forms", .help = "用工形式" },
	{ .name = "pay_min_cents", .type = SHAPE_T_INT, .help = "最低薪酬（分）" },
	{ .name = "pay_max_cents", .type = SHAPE_T_INT, .help = "最高薪酬（分）" },
	{ .name = "pay_unit", .type = SHAPE_T_TEXT, .codes = "pay_units", .help = "计薪单位" },
	{ .name = "expires_on", .type = SHAPE_T_DAY, .help = "有效期至" },
	SHAPE_END
};

static const struct shape match_of_person_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "求职者" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "求职者所属县区" },
	{ .name = "vacancy", .type = SHAPE_T_OBJECT, .of = brief_shape, .help = "岗位" },
	SCORE_ROWS,
	SHAPE_END
};

static const struct shape dismissal_shape[] = {
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .codes = "match_dismissal_reasons", .help = "原因" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

const struct route match_routes[] = {
	{ .name = "match_my", .method = METHOD_GET, .path = "/v1/jobs/my/matches",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.match.my",
	  .query = INPUT(match_query, match_query_fields), .list = true, .reply = match_shape,
	  .handler = match_my, .limit = LIMIT_READ,
	  .zh = "为我推荐的岗位", .en = "The best open postings for the caller, with reasons" },
	{ .name = "match_night", .method = METHOD_GET, .path = "/v1/jobs/my/match-list",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.match.night",
	  .list = true, .reply = match_shape, .handler = match_night, .limit = LIMIT_READ,
	  .zh = "每日为登记失业人员生成的推荐", .en = "The caller's list made last night" },
	{ .name = "match_dismiss", .method = METHOD_POST, .path = "/v1/jobs/my/matches/{id}/dismiss",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.match.dismiss",
	  .body = INPUT(dismiss_in, dismiss_in_fields), .reply = dismissal_shape, .success = 200,
	  .stmt = &stmt_match_dismiss, .limit = LIMIT_WRITE,
	  .zh = "不再推荐这个岗位", .en = "Do not show this posting again" },
	{ .name = "match_restore", .method = METHOD_POST, .path = "/v1/jobs/my/matches/{id}/restore",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.match.restore",
	  .reply = dismissal_shape, .success = 200, .stmt = &stmt_match_restore, .limit = LIMIT_WRITE,
	  .zh = "恢复推荐这个岗位", .en = "Show this posting again" },
	{ .name = "match_dismissed", .method = METHOD_GET, .path = "/v1/jobs/my/dismissed-matches",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.match.dismissed",
	  .list = true, .reply = dismissal_shape, .stmt = &stmt_match_dismissed, .limit = LIMIT_READ,
	  .zh = "我不再看的岗位", .en = "The postings that the caller put aside" },
	{ .name = "match_of_person", .method = METHOD_GET, .path = "/v1/jobs/persons/{id}/matches",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "jobs.match.of_person", .query = INPUT(match_query, match_query_fields),
	  .list = true, .reply = match_of_person_shape, .handler = match_of_person,
	  .opens = OPENS_PERSON, .limit = LIMIT_READ,
	  .zh = "为辖区内人员推荐岗位", .en = "The best open postings for a person of the area" },
	ROUTE_END
};

static int
match_my(struct call *c)
{
	struct match_facts	*f = arena_alloc(c->arena, sizeof(*f));
	struct match_ask	 ask;
	struct db_rows		 rows;
	int			 rc;

	if (sql_match_my(c->db, &rows, &c->principal->person) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_JOBS_PERSON, NULL));
	match_row_person(c->arena, &rows, 0, f);
	f->weights = match_row_weights(&rows, 0);
	if ((rc = ask_make(c, f, &ask)) != 0)
		return (rc);
	return (match_reply_postings(c, f, &ask, NULL));
}

static int
match_of_person(struct call *c)
{
	struct match_facts	*f = arena_alloc(c->arena, sizeof(*f));
	struct match_ask	 ask;
	struct db_rows		 rows;
	int			 rc;

	if (sql_match_of_person(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	match_row_person(c->arena, &rows, 0, f);
	f->weights = match_row_weights(&rows, 0);
	(void)snprintf(c->area, sizeof(c->area), "%s", db_text(&rows, 0, "county_code"));
	if ((rc = ask_make(c, f, &ask)) != 0)
		return (rc);
	return (match_reply_postings(c, f, &ask, &c->id));
}

/* 0: may be asked; else what was replied. One more than the page tells of a next one. */
static int
ask_make(struct call *c, struct match_facts *f, struct match_ask *ask)
{
	const struct match_query	*q = c->query;
	struct match_area		*area;
	struct match_hit		*after;
	int				 i;

	if (!f->allowed)
		return (call_reject(c, ERR_JOBS_MATCH_OFF, NULL));
	if (match_live() == NULL)
		return (call_reject(c, ERR_BUSY, NULL));
	*ask = (struct match_ask){ .weights = &f->weights, .today = clock_today(),
		.least = (int32_t)q->min_score * MATCH_FULL, .limit = (size_t)call_limit(c) + 1,
		.without = f->without, .nwithout = f->nwithout };
	if (q->area_code != NULL) {
		area = arena_alloc(c->arena, sizeof(*area));
		*area = match_area_of(q->area_code);
		ask->area = area;
	}
	for (i = 0; q->form != NULL && work_forms[i] != NULL; i++)
		if (strcmp(work_forms[i], q->form) == 0)
			ask->forms = (uint8_t)(1 << i);
	if (call_after(c) != NULL) {
		after = arena_zalloc(c->arena, sizeof(*after));
		if (!match_cursor_read(call_after(c), after))
			return (call_reject(c, ERR_F_CURSOR, "cursor"));
		ask->after = after;
	}
	return (0);
}

/* `person`: named in each item, for an officer; NULL: the caller's own. */
int
match_reply_postings(struct call *c, struct match_facts *f, struct match_ask *ask,
    const struct uuid *person)
{
	struct match_hit	 *hits = arena_alloc(c->arena, ask->limit * sizeof(*hits));
	const char		**items = arena_alloc(c->arena, ask->limit * sizeof(*items));
	struct db_rows		  rows;
	struct uuid		  id;
	size_t			  n, shown, i, j = 0, made = 0;

	n = match_best_postings(match_live(), &f->person, ask, hits);
	shown = n < ask->limit ? n : ask->limit - 1;
	if (sql_match_shown(c->db, &rows, match_ids_text(c->arena, hits, shown)) == -1)
		return (call_failed(c));
	for (i = 0; i < rows.count; i++) {
		id = db_uuid(&rows, i, "id");
		while (j < shown && !uuid_equal(&hits[j].id, &id))
			j++;		/* closed this very moment */
		items[made++] = item_json(c, &rows, i, &hits[j], f, person);
	}
	return (call_reply_page(c, items, made,
	    n > shown ? match_cursor(c->arena, &hits[shown - 1]) : NULL));
}

static const char *
item_json(struct call *c, const struct db_rows *rows, size_t i, const struct match_hit *hit,
    const struct match_facts *f, const struct uuid *person)
{
	struct json_out	 out;
	struct buf	 b;
	const char	*text;

	buf_init(&b, MATCH_ITEM_MAX + 65536);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_uuid(&out, "id", &hit->id);
	if (person != NULL) {
		json_put_uuid(&out, "person_id", person);
		json_put_text(&out, "county_code", c->area);
	}
	json_put_raw(&out, "vacancy", db_text(rows, i, person != NULL ? "brief" : "vacancy"));
	match_put_reasons(&out, hit, &f->weights, c->english);
	json_close(&out);
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

/* ---- the night's list ---- */

static int
match_night(struct call *c)
{
	size_t		  limit = (size_t)call_limit(c), n, i;
	const char	**items = arena_alloc(c->arena, (limit + 1) * sizeof(*items));
	struct db_rows	  rows, mine;
	const char	 *after = call_after(c);

	if (sql_match_my(c->db, &mine, &c->principal->person) == -1)
		return (call_failed(c));
	if (mine.count == 0)
		return (call_reject(c, ERR_JOBS_PERSON, NULL));
	if (!db_bool(&mine, 0, "allowed"))
		return (call_reject(c, ERR_JOBS_MATCH_OFF, NULL));
	if (sql_match_night(c->db, &rows, after == NULL ? 0 : strtol(after, NULL, 10),
	    (int64_t)limit + 1, &c->principal->person) == -1)
		return (call_failed(c));
	n = rows.count < limit ? rows.count : limit;
	for (i = 0; i < n; i++)
		items[i] = night_json(c, &rows, i);
	return (call_reply_page(c, items, n, rows.count > limit ?
	    arena_printf(c->arena, "%lld", (long long)db_int(&rows, n - 1, "rank")) : NULL));
}

static const char *
night_json(struct call *c, const struct db_rows *rows, size_t i)
{
	struct match_weights	 w = match_row_weights(rows, i);
	struct match_hit	 hit = { .score = (int32_t)db_int(rows, i, "score") };
	uint16_t		 whys[MATCH_CRITERIA] = { 0 };
	struct json_out		 out;
	struct buf		 b;
	const char		*text;
	int			 k;

	hit.id = db_uuid(rows, i, "id");
	numbers_read(db_text(rows, i, "parts"), hit.parts);
	numbers_read(db_text(rows, i, "whys"), whys);
	for (k = 0; k < MATCH_CRITERIA; k++)
		hit.why[k] = (uint8_t)whys[k];
	buf_init(&b, MATCH_ITEM_MAX + 65536);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_uuid(&out, "id", &hit.id);
	json_put_raw(&out, "vacancy", db_text(rows, i, "vacancy"));
	match_put_reasons(&out, &hit, &w, c->english);
	json_put_day(&out, "made_on", db_day(rows, i, "made_on"));
	json_close(&out);
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

/* {1,2,…} */
static void
numbers_read(const char *text, uint16_t *out)
{
	char	*end = NULL;
	int	 i;

	for (i = 0; i < MATCH_CRITERIA && text != NULL && (*text == '{' || *text == ','); i++) {
		out[i] = (uint16_t)strtol(text + 1, &end, 10);
		text = end;
	}
}
