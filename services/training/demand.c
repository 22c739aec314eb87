/*
 * demand.c -- the register of demand as its owners keep it: wishes of workers,
 * needs of employers and parks; registered, changed, withdrawn.
 *
 * Invariant: nothing counts before an officer has confirmed it, nor what was
 * made larger since. The SQL is in sql/training/queries/demand.sql.
 */
#include "base/log.h"
#include "demand.h"
#include "svc/svc.h"
#include "training_sql.h"

#define YEARS_DAYS_MOST	1100	/* a line lasts at most three years */

struct demand_in {
	const char	*occupation_code, *remark, *area_code;
	int64_t		 level, headcount;
	int32_t		 by_on, to_on;
};

struct withdraw_in {
	const char	*note;
};

struct own_query {
	const char	*state;
};

static int	demand_wish(struct call *);
static int	demand_need(struct call *);
static int	demand_change(struct call *);
static int	judge_days(struct call *, int32_t by_on, int32_t to_on);

#define FIELD_LEVEL	FIELD_INT(demand_in, level, OPTIONAL, 1, 5, "技能等级，不填：不限")
#define FIELD_REMARK	FIELD_TEXT(demand_in, remark, OPTIONAL, 1, 300, "说明")
#define FIELD_TO	FIELD_DAY(demand_in, to_on, OPTIONAL, "有效期至，不填：长期")

static const struct field wish_fields[] = {
	FIELD_CHECK(demand_in, occupation_code, REQUIRED, check_occupation_class, "想学的职业代码，或其上级分类"),
	FIELD_LEVEL, FIELD_REMARK, FIELD_TO,
	FIELD_END
};
static const struct field need_fields[] = {
	FIELD_CHECK(demand_in, occupation_code, REQUIRED, check_occupation_class, "需要的职业代码，或其上级分类"),
	FIELD_LEVEL,
	FIELD_INT(demand_in, headcount, REQUIRED, 1, HEADCOUNT_MAX, "人数"),
	FIELD_CHECK(demand_in, area_code, REQUIRED, check_area, "用人地，到县级或更细"),
	FIELD_DAY(demand_in, by_on, OPTIONAL, "何时需要"),
	FIELD_REMARK, FIELD_TO,
	FIELD_END
};
static const struct field change_fields[] = {
	FIELD_LEVEL,
	FIELD_INT(demand_in, headcount, OPTIONAL, 1, HEADCOUNT_MAX, "人数"),
	FIELD_DAY(demand_in, by_on, OPTIONAL, "何时需要"),
	FIELD_REMARK, FIELD_TO,
	FIELD_END
};
static const struct field withdraw_fields[] = {
	FIELD_TEXT(withdraw_in, note, OPTIONAL, 2, 300, "原因"),
	FIELD_END
};
static const struct field own_query_fields[] = {
	FIELD_ENUM(own_query, state, OPTIONAL, demand_states, "状态"),
	FIELD_END
};

const char *const demand_states[] = { "registered", "confirmed", "refused", "withdrawn", "expired", NULL };

const struct shape demand_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "需求" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "demand_sources", .help = "来源" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码或其上级分类" },
	{ .name = "level", .type = SHAPE_T_INT, .codes = "skill_levels", .nullable = true,
	  .help = "技能等级" },
	{ .name = "headcount", .type = SHAPE_T_INT, .help = "人数" },
	{ .name = "covered", .type = SHAPE_T_INT, .help = "已由备案的班占用的人数" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "劳动者" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位名称" },
	{ .name = "remark", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "by_on", .type = SHAPE_T_DAY, .nullable = true, .help = "何时需要" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "至" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "demand_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "checked_on", .type = SHAPE_T_DAY, .nullable = true, .help = "核实日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "所在地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct route demand_routes[] = {
	{ .name = "demand_wish", .method = METHOD_POST, .path = "/v1/training/my/demands",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.demand.wish",
	  .body = INPUT(demand_in, wish_fields), .reply = demand_shape, .handler = demand_wish,
	  .emits = "training.demand.changed.v1", .limit = LIMIT_WRITE,
	  .matter = "TR-10", .zh = "登记培训意愿", .en = "Register a wish to be trained" },
	{ .name = "demand_need", .method = METHOD_POST, .path = "/v1/training/org/demands",
	  .callers = ROLE_EMPLOYER | ROLE_CARRIER, .scope = SCOPE_ORG, .action = "training.demand.need",
	  .body = INPUT(demand_in, need_fields), .reply = demand_shape, .handler = demand_need,
	  .emits = "training.demand.changed.v1", .limit = LIMIT_WRITE,
	  .matter = "TR-11", .zh = "申报培训需求（用人单位、园区）", .en = "Register a need of an employer or a park" },
	{ .name = "demand_change", .method = METHOD_PATCH, .path = "/v1/training/demands/{id}",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CARRIER, .scope = SCOPE_CALLER,
	  .action = "training.demand.change", .body = INPUT(demand_in, change_fields), .reply = demand_shape,
	  .handler = demand_change, .emits = "training.demand.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "修改培训需求", .en = "Change one's own wish or need" },
	{ .name = "demand_withdraw", .method = METHOD_POST, .path = "/v1/training/demands/{id}/withdraw",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CARRIER, .scope = SCOPE_CALLER,
	  .action = "training.demand.withdraw", .body = INPUT(withdraw_in, withdraw_fields),
	  .reply = demand_shape, .success = 200, .stmt = &stmt_demand_withdraw,
	  .emits = "training.demand.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "撤回培训需求", .en = "Withdraw one's own wish or need" },
	{ .name = "demand_list_person", .method = METHOD_GET, .path = "/v1/training/my/demands",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.demand.list_person",
	  .query = INPUT(own_query, own_query_fields), .list = true, .reply = demand_shape,
	  .stmt = &stmt_demand_list_own, .limit = LIMIT_READ,
	  .zh = "我的培训意愿", .en = "List the caller's wishes" },
	{ .name = "demand_list_org", .method = METHOD_GET, .path = "/v1/training/org/demands",
	  .callers = ROLE_EMPLOYER | ROLE_CARRIER, .scope = SCOPE_ORG, .action = "training.demand.list_org",
	  .query = INPUT(own_query, own_query_fields), .list = true, .reply = demand_shape,
	  .stmt = &stmt_demand_list_own, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "本单位的培训需求", .en = "List one's organisation's needs" },
	ROUTE_END
};

/* A last day lies ahead, and not for ever; need is not wanted after it. */
static int
judge_days(struct call *c, int32_t by_on, int32_t to_on)
{
	if (to_on != DAY_NONE && (to_on < clock_today() || to_on > clock_today() + YEARS_DAYS_MOST))
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (by_on != DAY_NONE && by_on < clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/by_on"));
	return (0);
}

static int
demand_wish(struct call *c)
{
	const struct demand_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 rc;

	if ((rc = judge_days(c, DAY_NONE, in->to_on)) != 0)
		return (rc);
	call_object(c, &id);
	if (sql_demand_wish(c->db, &rows, &id, &c->principal->person, in->occupation_code,
	    in->level == 0 ? NULL : &in->level, in->remark, in->to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
demand_need(struct call *c)
{
	const struct demand_in	*in = c->body;
	const char		*county = area_county(in->area_code);
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 rc;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if ((rc = judge_days(c, in->by_on, in->to_on)) != 0)
		return (rc);
	call_object(c, &id);
	if (sql_demand_need(c->db, &rows, &id, &c->principal->org, in->occupation_code,
	    in->level == 0 ? NULL : &in->level, in->headcount, in->remark, in->by_on, in->to_on, county,
	    in->area_code) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
demand_change(struct call *c)
{
	const struct demand_in	*in = c->body;
	struct db_rows		 rows;
	int			 rc;

	if ((rc = judge_days(c, in->by_on, in->to_on)) != 0)
		return (rc);
	if (sql_demand_change(c->db, &rows, &c->id, in->level == 0 ? NULL : &in->level,
	    in->headcount == 0 ? NULL : &in->headcount, in->remark, in->by_on, in->to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Lines whose last day is over expire, a thousand at a time. */
void
demand_tick(void)
{
	struct arena	a;
	struct db	db;
	struct db_rows	rows;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	do {
		if (sql_demand_expire(&db, &rows) == -1 || db_commit(&db) == -1) {
			log_warn("lines of demand did not expire; they will next time");
			break;
		}
	} while (db_int(&rows, 0, "n") > 0);
	db_rollback(&db);
	arena_release(&a);
}
