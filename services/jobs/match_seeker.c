/*
 * match_seeker.c -- seekers for work that is no posting yet, as a key firm's
 * shortage is: how many fit, for another service; who, for officers.
 *
 * Invariant: only who is seeking and agreed to be found is counted or shown, by
 * what the database says at that moment; an officer sees those of the own
 * counties, never a contact, never a full name. Fitting is wishing or having
 * done such work, or work of a class near it.
 */
#include <string.h>

#include "codes/codes.h"
#include "match_svc.h"
#include "jobs_sql.h"

#define FIT_OCCUPATION	500	/* of the criterion's 1000: match_score.c near_scores */
#define ITEM_MAX	200	/* shown at once; the list has one page */
#define PAY_MOST	INT64_C(100000000)

struct seeker_query {
	const char	*occupation_code, *county_code;
	int64_t		 pay_low_cents, pay_high_cents;
};

struct seekers {
	struct match_hit	*hits;		/* that fit, best first */
	size_t			 n;
	bool			 has_more;	/* the engine gave as many as it gives */
	struct match_weights	 weights;
};

static int	seeker_count(struct call *);
static int	seeker_match_list(struct call *);
static int	find(struct call *, struct seekers *);

static const struct field seeker_query_fields[] = {
	FIELD_CHECK(seeker_query, occupation_code, REQUIRED, check_occupation, "职业代码"),
	FIELD_CHECK(seeker_query, county_code, REQUIRED, check_county, "用工县区"),
	FIELD_INT(seeker_query, pay_low_cents, OPTIONAL, 0, PAY_MOST, "月薪下限（分）"),
	FIELD_INT(seeker_query, pay_high_cents, OPTIONAL, 0, PAY_MOST, "月薪上限（分）"),
	FIELD_END
};

static const struct shape count_shape[] = {
	{ .name = "seekers", .type = SHAPE_T_INT, .help = "合适的求职者" },
	{ .name = "seekers_county", .type = SHAPE_T_INT, .help = "其中本县区" },
	{ .name = "has_more", .type = SHAPE_T_BOOL, .help = "还有更多" },
	SHAPE_END
};
static const struct shape seeker_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "求职者" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所在县区" },
	{ .name = "education_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "学历" },
	{ .name = "skill_level", .type = SHAPE_T_INT, .nullable = true, .help = "技能等级" },
	{ .name = "skills", .type = SHAPE_T_LIST, .help = "技能" },
	{ .name = "experience_years", .type = SHAPE_T_INT, .help = "工作年限" },
	{ .name = "occupations", .type = SHAPE_T_LIST, .help = "意向职业" },
	SHAPE_END
};
static const struct shape seeker_match_shape[] = {
	{ .name = "person", .type = SHAPE_T_OBJECT, .of = seeker_shape, .help = "求职者" },
	{ .name = "score", .type = SHAPE_T_INT, .help = "匹配得分，满分 1000" },
	{ .name = "weight_version", .type = SHAPE_T_INT, .help = "权重版本" },
	{ .name = "reasons", .type = SHAPE_T_LIST, .of = match_reason_shape, .help = "逐项得分与理由" },
	SHAPE_END
};

const struct route match_seeker_routes[] = {
	{ .name = "seeker_count", .method = METHOD_GET, .path = "/internal/seeker-counts",
	  .callers = ROLE_SERVICE, .scope = SCOPE_INTERNAL, .action = "jobs.seeker.count",
	  .query = INPUT(seeker_query, seeker_query_fields), .reply = count_shape,
	  .handler = seeker_count, .zh = "合适的求职者人数", .en = "How many seekers fit some work" },
	{ .name = "seeker_match_list", .method = METHOD_GET, .path = "/v1/jobs/seeker-matches",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "jobs.seeker.match", .query = INPUT(seeker_query, seeker_query_fields),
	  .list = true, .reply = seeker_match_shape, .handler = seeker_match_list,
	  .opens = OPENS_PERSON, .limit = LIMIT_READ,
	  .zh = "为缺工匹配的辖区求职者", .en = "Seekers of the area who fit some work, the best first" },
	ROUTE_END
};

/* The best of all who fit the work; -1: database. The engine is full already. */
static int
find(struct call *c, struct seekers *s)
{
	const struct seeker_query	*q = c->query;
	struct match_area		 area = match_area_of(q->county_code);
	struct match_posting		 v = { .occupation = match_occupation(q->occupation_code),
		.place = area.place, .county = area.county, .lat_e6 = MATCH_NOWHERE,
		.pay_low_yuan = MATCH_PAY_UNKNOWN, .pay_high_yuan = MATCH_PAY_UNKNOWN,
		.posted_on = clock_today(), .expires_on = clock_today(), .headcount_left = 1 };
	struct match_ask		 ask = { .weights = &s->weights, .today = clock_today(),
		.limit = MATCH_MOST, .flags = MATCH_SEEKING | MATCH_FINDABLE };
	struct db_rows			 rows;
	size_t				 n, i;

	if (sql_seeker_weights(c->db, &rows) == -1)
		return (-1);
	s->weights = match_row_weights(&rows, 0);
	if (q->pay_low_cents > 0)
		v.pay_low_yuan = match_pay_month(q->pay_low_cents, "month");
	if (q->pay_high_cents > 0)
		v.pay_high_yuan = match_pay_month(q->pay_high_cents, "month");
	s->hits = arena_alloc(c->arena, MATCH_MOST * sizeof(*s->hits));
	n = match_best_people(match_live(), &v, &ask, s->hits);
	s->has_more = n == MATCH_MOST;
	for (i = 0, s->n = 0; i < n && s->n < ITEM_MAX; i++)
		if (s->hits[i].parts[MATCH_OCCUPATION] >= FIT_OCCUPATION)
			s->hits[s->n++] = s->hits[i];
	return (0);
}

static int
seeker_count(struct call *c)
{
	const struct seeker_query	*q = c->query;
	struct seekers			 s = { .n = 0 };
	struct db_rows			 rows;

	if (match_live() == NULL)
		return (call_reject(c, ERR_BUSY, NULL));
	if (find(c, &s) == -1 || sql_seeker_count(c->db, &rows,
	    match_ids_text(c->arena, s.hits, s.n), q->county_code) == -1)
		return (call_failed(c));
	return (call_reply(c, 200, arena_printf(c->arena,
	    "{\"seekers\":%lld,\"seekers_county\":%lld,\"has_more\":%s}",
	    (long long)db_int(&rows, 0, "seekers"), (long long)db_int(&rows, 0, "seekers_county"),
	    s.has_more ? "true" : "false")));
}

static int
seeker_match_list(struct call *c)
{
	struct seekers	  s = { .n = 0 };
	struct db_rows	  rows;
	const char	**items;
	struct uuid	  id;
	size_t		  i, j = 0, n;

	if (match_live() == NULL)
		return (call_reject(c, ERR_BUSY, NULL));
	if (find(c, &s) == -1 || sql_seeker_shown(c->db, &rows,
	    match_ids_text(c->arena, s.hits, s.n)) == -1)
		return (call_failed(c));
	n = rows.count < (size_t)call_limit(c) ? rows.count : (size_t)call_limit(c);
	items = arena_alloc(c->arena, (n + 1) * sizeof(*items));
	for (i = 0; i < n; i++) {
		id = db_uuid(&rows, i, "person_id");
		while (j + 1 < s.n && !uuid_equal(&s.hits[j].id, &id))
			j++;		/* of another county, or no longer to be found */
		items[i] = match_item_json(c, db_text(&rows, i, "person"), &s.hits[j], &s.weights);
	}
	return (call_reply_page(c, items, n, NULL));
}
