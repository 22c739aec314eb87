/*
 * demand_officer.c -- the register of demand as officers keep it: lines are
 * confirmed by the town or the county, and it says what is left for a class.
 *
 * Invariant: nobody confirms what they entered. The SQL is in
 * sql/training/queries/demand.sql.
 */
#include "demand.h"
#include "training_sql.h"

struct demand_query {
	const char	*state, *source, *county_code, *occupation_code;
	int64_t		 level;
};

struct confirm_in {
	const char	*note;
};

static int	demand_confirm(struct call *);
static int	demand_refuse(struct call *);

static const char *const sources[] = { "worker", "employer", "park", "agreement", NULL };

static const struct field demand_query_fields[] = {
	FIELD_ENUM(demand_query, state, OPTIONAL, demand_states, "状态"),
	FIELD_ENUM(demand_query, source, OPTIONAL, sources, "来源"),
	FIELD_CHECK(demand_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_TEXT(demand_query, occupation_code, OPTIONAL, 1, 10, "职业代码或其前几级"),
	FIELD_END
};
static const struct field left_query_fields[] = {
	FIELD_CHECK(demand_query, occupation_code, REQUIRED, check_occupation, "职业代码"),
	FIELD_INT(demand_query, level, REQUIRED, 1, 5, "技能等级"),
	FIELD_CHECK(demand_query, county_code, REQUIRED, check_county, "县区"),
	FIELD_END
};
static const struct field confirm_fields[] = {
	FIELD_TEXT(confirm_in, note, OPTIONAL, 2, 300, "核实情况"),
	FIELD_END
};

static const struct shape left_shape[] = {
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "level", .type = SHAPE_T_INT, .help = "技能等级" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "has_demand", .type = SHAPE_T_BOOL, .help = "台账中有此需求" },
	{ .name = "is_unlimited", .type = SHAPE_T_BOOL, .help = "急需紧缺目录未限人数" },
	{ .name = "left", .type = SHAPE_T_INT, .nullable = true, .help = "尚未被培训班占用的人数" },
	SHAPE_END
};

const struct route demand_officer_routes[] = {
	{ .name = "demand_list", .method = METHOD_GET, .path = "/v1/training/demands",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.demand.list",
	  .query = INPUT(demand_query, demand_query_fields), .list = true, .reply = demand_shape,
	  .stmt = &stmt_demand_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "辖区培训需求台账", .en = "List the demand of the area" },
	{ .name = "demand_confirm", .method = METHOD_POST, .path = "/v1/training/demands/{id}/confirm",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "training.demand.confirm",
	  .body = INPUT(confirm_in, confirm_fields), .reply = demand_shape, .success = 200,
	  .handler = demand_confirm, .emits = "training.demand.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "核实培训需求，列入台账", .en = "Confirm a line of demand" },
	{ .name = "demand_refuse", .method = METHOD_POST, .path = "/v1/training/demands/{id}/refuse",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "training.demand.refuse",
	  .body = INPUT(note_in, note_fields), .reply = demand_shape, .success = 200,
	  .handler = demand_refuse, .emits = "training.demand.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "培训需求不属实，不列入", .en = "Refuse a line of demand" },
	{ .name = "demand_left_of", .method = METHOD_GET, .path = "/v1/training/demand-left",
	  .callers = ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.demand.left_of", .query = INPUT(demand_query, left_query_fields),
	  .reply = left_shape, .stmt = &stmt_demand_left_of, .limit = LIMIT_READ,
	  .zh = "可备案的培训需求", .en = "What a class could still be filed against" },
	ROUTE_END
};

static int
demand_confirm(struct call *c)
{
	const struct confirm_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_demand_judge(c->db, &rows, &c->id, true, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
demand_refuse(struct call *c)
{
	const struct note_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_demand_judge(c->db, &rows, &c->id, false, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
