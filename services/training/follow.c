/*
 * follow.c -- 培训后就业回访 at 30, 90 and 180 days: what jobs tells answers by
 * itself, the rest is asked by the town's clerk or by the institution.
 *
 * Invariant: what a person was asked stands; what data say follows the data.
 * The rules are in sql/training/044.
 */
#include "base/log.h"
#include "training.h"
#include "training_sql.h"

struct contact_in {
	const char	*result, *note;
	int32_t		 contacted_on;
};

struct follow_query {
	const char	*state;
	int64_t		 stage;
	struct uuid	 class_id;
	bool		 overdue;
};

struct figures_query {
	const char	*by;
	int64_t		 stage;
	int32_t		 from_on, to_on;
};

static int	follow_figures(struct call *);

static const char *const states[] = { "waiting", "open", "done", NULL };
static const char *const results[] = { "employed", "self_employed", "unemployed", "unwilling",
	"studying", "unreached", NULL };
static const char *const groupings[] = { "class", "occupation", "county", NULL };

static const struct field contact_in_fields[] = {
	FIELD_ENUM(contact_in, result, REQUIRED, results, "回访结果"),
	FIELD_DAY(contact_in, contacted_on, REQUIRED, "回访日期"),
	FIELD_TEXT(contact_in, note, OPTIONAL, 2, 300, "说明"),
	FIELD_END
};

static const struct field follow_query_fields[] = {
	FIELD_ENUM(follow_query, state, OPTIONAL, states, "回访状态"),
	FIELD_INT(follow_query, stage, OPTIONAL, 30, 180, "30、90 或 180 天"),
	FIELD_UUID(follow_query, class_id, OPTIONAL, "班级"),
	FIELD_BOOL(follow_query, overdue, OPTIONAL, "只看逾期未回访的"),
	FIELD_END
};

static const struct field figures_query_fields[] = {
	FIELD_ENUM(figures_query, by, REQUIRED, groupings, "按班级、职业或县区"),
	FIELD_INT(figures_query, stage, REQUIRED, 30, 180, "30、90 或 180 天"),
	FIELD_DAY(figures_query, from_on, REQUIRED, "应回访日期起"),
	FIELD_DAY(figures_query, to_on, REQUIRED, "应回访日期止"),
	FIELD_END
};

static const struct shape follow_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "回访" },
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .help = "报名" },
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" },
	{ .name = "class_title", .type = SHAPE_T_TEXT, .help = "班级名称" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "学员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "职业代码" },
	{ .name = "stage", .type = SHAPE_T_INT, .help = "30、90 或 180 天" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "应回访日期" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "回访状态" },
	{ .name = "overdue", .type = SHAPE_T_BOOL, .help = "逾期" },
	{ .name = "result", .type = SHAPE_T_TEXT, .nullable = true, .help = "回访结果" },
	{ .name = "source", .type = SHAPE_T_TEXT, .nullable = true, .help = "结果来源" },
	{ .name = "contacted_on", .type = SHAPE_T_DAY, .nullable = true, .help = "回访日期" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "学员所在县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "学员所在乡镇、村" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

static const struct shape figure_shape[] = {
	{ .name = "key", .type = SHAPE_T_TEXT, .codes = "areas occupations",
	  .help = "班级、职业代码或县区" },
	{ .name = "due", .type = SHAPE_T_INT, .nullable = true, .help = "到期人数" },
	{ .name = "employed", .type = SHAPE_T_INT, .nullable = true, .help = "已就业人数" },
	{ .name = "open", .type = SHAPE_T_INT, .nullable = true, .help = "尚无结果人数" },
	{ .name = "employed_permille", .type = SHAPE_T_INT, .nullable = true, .help = "就业率（千分之）" },
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "人数过少，不予显示" },
	SHAPE_END
};

const struct route follow_routes[] = {
	{ .name = "follow_list", .method = METHOD_GET, .path = "/v1/training/follow-ups",
	  .callers = ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.follow.list", .query = INPUT(follow_query, follow_query_fields),
	  .list = true, .reply = follow_shape, .stmt = &stmt_follow_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "就业回访任务", .en = "List follow-ups of employment" },
	{ .name = "follow_contact", .method = METHOD_POST, .path = "/v1/training/follow-ups/{id}/contact",
	  .callers = ROLE_INSTITUTION | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "training.follow.contact", .body = INPUT(contact_in, contact_in_fields),
	  .reply = follow_shape, .success = 200, .stmt = &stmt_follow_contact, .limit = LIMIT_WRITE,
	  .zh = "登记回访结果", .en = "Record what a trainee said" },
	{ .name = "follow_figures", .method = METHOD_GET, .path = "/v1/training/follow-figures",
	  .callers = ROLE_STATS | ROLE_CASE_OFFICERS, .scope = SCOPE_AREA,
	  .action = "training.follow.figures", .query = INPUT(figures_query, figures_query_fields),
	  .list = true, .reply = figure_shape, .handler = follow_figures, .limit = LIMIT_READ,
	  .zh = "培训后就业率", .en = "Employment after training" },
	ROUTE_END
};

static int
follow_figures(struct call *c)
{
	const struct figures_query	*q = c->query;
	struct db_rows			 rows;

	if (sql_follow_figures(c->db, &rows, q->by, q->stage, q->from_on, q->to_on,
	    small_cells_hidden(c)) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, FIGURES_MAX));
}

void
follow_scan(void)
{
	struct arena	arena;
	struct db	db;
	struct db_rows	rows;

	arena_init(&arena);
	db_init(&db, &arena, DB_SYSTEM);
	if (sql_follow_scan(&db, &rows) == -1 || db_commit(&db) == -1)
		log_error("training: follow-ups are not judged");
	arena_release(&arena);
}
