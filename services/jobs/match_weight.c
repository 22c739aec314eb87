/*
 * match_weight.c -- what counts for how much, dated; and how far the nights came.
 *
 * Invariant: a row of weights is never changed; another one follows it, so a
 * stored result and its version say together how it came about.
 */
#include "match_svc.h"
#include "codes/codes.h"
#include "jobs_sql.h"

struct weight_in {
	int32_t		 from_on;
	int64_t		 occupation, place, pay, form, education, skill_level, skills, benefits,
			 freshness;
	const char	*note;
};

static int	match_weight_set(struct call *);

#define WEIGHT(m, h)	FIELD_INT(weight_in, m, REQUIRED, 0, MATCH_FULL, h)
static const struct field weight_in_fields[] = {
	FIELD_DAY(weight_in, from_on, REQUIRED, "生效日期"),
	WEIGHT(occupation, "职业的权重"),
	WEIGHT(place, "地点的权重"),
	WEIGHT(pay, "薪酬的权重"),
	WEIGHT(form, "用工形式的权重"),
	WEIGHT(education, "学历的权重"),
	WEIGHT(skill_level, "技能等级的权重"),
	WEIGHT(skills, "技能的权重"),
	WEIGHT(benefits, "福利的权重"),
	WEIGHT(freshness, "发布时间的权重"),
	FIELD_TEXT(weight_in, note, REQUIRED, 2, 200, "调整的理由"),
	FIELD_END
};

static const struct shape weight_shape[] = {
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "生效日期" },
	{ .name = "occupation", .type = SHAPE_T_INT, .help = "职业" },
	{ .name = "place", .type = SHAPE_T_INT, .help = "地点" },
	{ .name = "pay", .type = SHAPE_T_INT, .help = "薪酬" },
	{ .name = "form", .type = SHAPE_T_INT, .help = "用工形式" },
	{ .name = "education", .type = SHAPE_T_INT, .help = "学历" },
	{ .name = "skill_level", .type = SHAPE_T_INT, .help = "技能等级" },
	{ .name = "skills", .type = SHAPE_T_INT, .help = "技能" },
	{ .name = "benefits", .type = SHAPE_T_INT, .help = "福利" },
	{ .name = "freshness", .type = SHAPE_T_INT, .help = "发布时间" },
	{ .name = "note", .type = SHAPE_T_TEXT, .help = "调整的理由" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "记录时间" },
	SHAPE_END
};

static const struct shape day_shape[] = {
	{ .name = "day", .type = SHAPE_T_DAY, .help = "业务日期" },
	{ .name = "done", .type = SHAPE_T_INT, .help = "已处理人数" },
	{ .name = "total", .type = SHAPE_T_INT, .help = "开始时的登记失业人数" },
	{ .name = "results", .type = SHAPE_T_INT, .help = "推荐条数" },
	{ .name = "seconds", .type = SHAPE_T_INT, .help = "用时（秒）" },
	{ .name = "weight_version", .type = SHAPE_T_INT, .help = "权重版本" },
	{ .name = "started_at", .type = SHAPE_T_INSTANT, .help = "开始时间" },
	{ .name = "finished_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "完成时间" },
	SHAPE_END
};

const struct route match_weight_routes[] = {
	{ .name = "match_weight_list", .method = METHOD_GET, .path = "/v1/jobs/match-weights",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.match.weights",
	  .list = true, .reply = weight_shape, .stmt = &stmt_match_weight_list, .limit = LIMIT_READ,
	  .zh = "智能匹配的权重", .en = "The weights of matching, newest first" },
	{ .name = "match_weight_set", .method = METHOD_POST, .path = "/v1/jobs/match-weights",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "jobs.match.set_weights", .body = INPUT(weight_in, weight_in_fields),
	  .reply = weight_shape, .handler = match_weight_set, .limit = LIMIT_WRITE,
	  .zh = "调整智能匹配的权重", .en = "Set the weights of matching from a day on" },
	{ .name = "match_day_list", .method = METHOD_GET, .path = "/v1/jobs/match-days",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA,
	  .action = "jobs.match.days", .list = true, .reply = day_shape,
	  .stmt = &stmt_match_day_list, .limit = LIMIT_READ,
	  .zh = "夜间匹配的进度", .en = "How far the night's matching came, by day" },
	ROUTE_END
};

/* By the city alone, and not for days gone by. */
static int
match_weight_set(struct call *c)
{
	const struct weight_in	*in = c->body;
	struct db_rows		 rows;

	if (!call_in_area(c, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (in->from_on < clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/from_on"));
	if (in->occupation + in->place + in->pay + in->form + in->education + in->skill_level +
	    in->skills + in->benefits + in->freshness != MATCH_FULL)
		return (call_reject(c, ERR_JOBS_WEIGHTS, NULL));
	if (sql_match_weight_set(c->db, &rows, in->from_on, in->occupation, in->place, in->pay,
	    in->form, in->education, in->skill_level, in->skills, in->benefits, in->freshness,
	    in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
