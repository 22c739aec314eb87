/*
 * referral_broker.c -- the register of 劳务经纪人, by name and by county; and
 * the job that keeps links of employees up with the insurance data.
 */
#include "subsidies.h"

#include "base/log.h"
#include "codes/codes.h"
#include "subsidies_sql.h"

struct broker_in {
	struct uuid	person_id;
};

struct broker_end_in {
	const char	*reason;
};

struct broker_query {
	const char	*county_code;
};

static const struct field broker_in_fields[] = {
	FIELD_UUID(broker_in, person_id, REQUIRED, "实名登记的人员"),
	FIELD_END
};
static const struct field broker_end_fields[] = {
	FIELD_TEXT(broker_end_in, reason, REQUIRED, 2, 200, "原因"),
	FIELD_END
};
static const struct field broker_query_fields[] = {
	FIELD_CHECK(broker_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape broker_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "经纪人登记" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "person_name", .type = SHAPE_T_TEXT, .help = "姓名（脱敏）" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "登记日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "注销日期" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "注销原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

const struct route broker_routes[] = {
	{ .name = "broker_add", .method = METHOD_POST, .path = "/v1/subsidies/brokers",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "subsidies.broker.add",
	  .body = INPUT(broker_in, broker_in_fields), .reply = broker_shape, .stmt = &stmt_broker_add,
	  .limit = LIMIT_WRITE, .zh = "登记劳务经纪人", .en = "Register a labour broker" },
	{ .name = "broker_list", .method = METHOD_GET, .path = "/v1/subsidies/brokers",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.broker.list",
	  .query = INPUT(broker_query, broker_query_fields), .list = true, .reply = broker_shape,
	  .stmt = &stmt_broker_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "辖区内的劳务经纪人", .en = "List the brokers of the area" },
	{ .name = "broker_end", .method = METHOD_POST, .path = "/v1/subsidies/brokers/{id}/end",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "subsidies.broker.end",
	  .body = INPUT(broker_end_in, broker_end_fields), .reply = broker_shape, .success = 200,
	  .stmt = &stmt_broker_end, .limit = LIMIT_WRITE,
	  .zh = "注销劳务经纪人", .en = "End a broker's registration" },
	ROUTE_END
};

void
referrals_refresh(void)
{
	struct arena	arena;
	struct db_rows	rows;
	struct db	db;

	arena_init(&arena);
	db_init(&db, &arena, DB_SYSTEM);
	if (sql_referral_refresh(&db, &rows) == -1 || db_commit(&db) == -1)
		log_warn("links of employees were not refreshed");
	db_rollback(&db);
	arena_release(&arena);
}
