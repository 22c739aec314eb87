/*
 * budget_reserve.c -- how long money set aside waits for its review.
 *
 * Invariant: what is not approved by the day written on its claim is freed,
 * once, by a statement over the business date; the number of working days is
 * set by document, and as long as none is set nothing lapses.
 */
#include "subsidies.h"

#include "base/log.h"
#include "codes/codes.h"
#include "subsidies_sql.h"

#define RULE_DAYS_MAX	120	/* as many as money_rule_value_check lets anybody set */
#define LAPSE_CHUNK	500
#define LAPSE_CHUNKS	100	/* of one run of the job */

struct rule_in {
	const char	*name;
	const char	*county_code;
	int64_t		 value;
	int32_t		 from_on;
	const char	*basis;
};

struct rule_query {
	const char	*county_code;
};

static int	money_rule_set(struct call *);
static int64_t	lapse_chunk(struct db *);

static const char *const names[] = { "reserve_working_days", "reserve_warning_working_days", NULL };

static const struct field rule_in_fields[] = {
	FIELD_ENUM(rule_in, name, REQUIRED, names, "资金预留规则"),
	FIELD_CHECK(rule_in, county_code, OPTIONAL, check_county, "县区，默认全市"),
	FIELD_INT(rule_in, value, REQUIRED, 1, RULE_DAYS_MAX, "工作日数"),
	FIELD_DAY(rule_in, from_on, OPTIONAL, "生效日期，默认今天"),
	FIELD_TEXT(rule_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};

static const struct field rule_query_fields[] = {
	FIELD_CHECK(rule_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_END
};

static const struct shape rule_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "规则" },
	{ .name = "name", .type = SHAPE_T_TEXT, .codes = "money_rules", .help = "资金预留规则" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区，431100 为全市" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "工作日数" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "生效日期" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	SHAPE_END
};

const struct route budget_reserve_routes[] = {
	{ .name = "money_rule_set", .method = METHOD_POST, .path = "/v1/subsidies/money-rules",
	  .callers = ROLE_FISCAL, .scope = SCOPE_AREA, .action = "subsidies.money_rule.set",
	  .body = INPUT(rule_in, rule_in_fields), .reply = rule_shape, .handler = money_rule_set,
	  .limit = LIMIT_WRITE,
	  .zh = "设定资金预留期限", .en = "Set how long money is set aside" },
	{ .name = "money_rule_list", .method = METHOD_GET, .path = "/v1/subsidies/money-rules",
	  .callers = ROLE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.money_rule.list",
	  .query = INPUT(rule_query, rule_query_fields), .list = true, .reply = rule_shape,
	  .stmt = &stmt_money_rule_list, .limit = LIMIT_READ,
	  .zh = "资金预留期限", .en = "How long money is set aside" },
	ROUTE_END
};

static int
money_rule_set(struct call *c)
{
	const struct rule_in	*in = c->body;
	const char		*county = in->county_code != NULL ? in->county_code : AREA_CITY;
	struct db_rows		 rows;

	if (!principal_has(c->principal, ROLE_FISCAL, county))
		return (call_reject(c, ERR_AREA, NULL));
	if (in->from_on != DAY_NONE && in->from_on < clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/from_on"));
	if (sql_money_rule_set(c->db, &rows, in->name, county, in->value, in->from_on,
	    in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* On a new business day: whatever is late, then whatever soon will be. */
void
reservations_expire(void)
{
	static int32_t	 done = DAY_NONE;
	int32_t		 today = clock_today();
	struct arena	 arena;
	struct db	 db;
	int64_t		 n = 1, total = 0;
	int		 i;

	if (done == today)
		return;
	arena_init(&arena);
	for (i = 0; i < LAPSE_CHUNKS && n > 0; i++) {
		db_init(&db, &arena, DB_SYSTEM);
		if ((n = lapse_chunk(&db)) > 0)
			total += n;
		db_rollback(&db);
		arena_clear(&arena);
	}
	if (n == 0)
		done = today;
	else if (n == -1)
		log_warn("reservations are looked at again later");
	if (total > 0)
		log_info("%lld reservations lapsed or were warned about", (long long)total);
	arena_release(&arena);
}

static int64_t
lapse_chunk(struct db *db)
{
	struct db_rows	rows;
	int64_t		n;

	if (sql_reservations_lapse(db, &rows, LAPSE_CHUNK) == -1)
		return (-1);
	n = db_int(&rows, 0, "moved");
	if (sql_reservations_warn(db, &rows, LAPSE_CHUNK) == -1)
		return (-1);
	n += db_int(&rows, 0, "warned");
	return (db_commit(db) == -1 ? -1 : n);
}
