/*
 * unemployment.c -- 失业登记: by the person, or by a clerk at the counter.
 *
 * Invariant: one open registration a person; it ends as hired only through
 * 就业登记 (employment.c). Whether somebody counts as 就业困难人员 is a clerk's
 * finding, never the person's own word. The SQL is in
 * sql/jobs/queries/unemployment.sql.
 */
#include "jobs.h"
#include "codes/codes.h"
#include "jobs_sql.h"

struct unemployment_in {
	struct uuid	 person_id;
	const char	*reason;
	int32_t		 lost_on;
	bool		 is_difficult;
};

struct unemployment_end_in {
	const char	*reason;
};

struct unemployment_query {
	const char	*county_code;
	bool		 is_open;
};

static int	unemployment_register(struct call *);

static const char *const reasons[] = { "contract_expired", "dismissed", "resigned", "layoff",
	"employer_closed", "business_closed", "graduated", "land_lost", "first_job", "other", NULL };
static const char *const end_reasons[] = { "business_licence", "stable_income", "pension",
	"lost_capacity", "school", "army", "abroad", "prison", "refused_service", "no_contact",
	"deceased", "other", NULL };

static const struct field unemployment_in_fields[] = {
	FIELD_UUID(unemployment_in, person_id, OPTIONAL, "窗口代办的人员；本人办理时不填"),
	FIELD_ENUM(unemployment_in, reason, REQUIRED, reasons, "失业原因"),
	FIELD_DAY(unemployment_in, lost_on, OPTIONAL, "失去工作的日期"),
	FIELD_BOOL(unemployment_in, is_difficult, OPTIONAL, "就业困难人员，由窗口认定"),
	FIELD_END
};

static const struct field unemployment_end_fields[] = {
	FIELD_ENUM(unemployment_end_in, reason, REQUIRED, end_reasons, "注销原因"),
	FIELD_END
};

static const struct field unemployment_query_fields[] = {
	FIELD_CHECK(unemployment_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_BOOL(unemployment_query, is_open, OPTIONAL, "仍在登记"),
	FIELD_END
};

static const struct shape unemployment_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "失业登记" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "registered_on", .type = SHAPE_T_DAY, .help = "登记日期" },
	{ .name = "lost_on", .type = SHAPE_T_DAY, .nullable = true, .help = "失去工作的日期" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "失业原因" },
	{ .name = "is_difficult", .type = SHAPE_T_BOOL, .help = "就业困难人员" },
	{ .name = "ended_on", .type = SHAPE_T_DAY, .nullable = true, .help = "注销日期" },
	{ .name = "end_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "注销原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct route unemployment_routes[] = {
	{ .name = "unemployment_register", .method = METHOD_POST,
	  .path = "/v1/jobs/unemployment-registrations",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "jobs.unemployment.register",
	  .body = INPUT(unemployment_in, unemployment_in_fields), .reply = unemployment_shape,
	  .handler = unemployment_register, .emits = "jobs.unemployment.registered.v1",
	  .key = KEY_REQUIRED, .limit = LIMIT_WRITE,
	  .matter = "JB-01", .zh = "办理失业登记", .en = "Register as unemployed, or a person at the counter" },
	{ .name = "unemployment_end", .method = METHOD_POST,
	  .path = "/v1/jobs/unemployment-registrations/{id}/end",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "jobs.unemployment.end",
	  .body = INPUT(unemployment_end_in, unemployment_end_fields), .reply = unemployment_shape,
	  .success = 200, .stmt = &stmt_unemployment_end, .emits = "jobs.unemployment.ended.v1",
	  .limit = LIMIT_WRITE, .matter = "JB-02", .zh = "注销失业登记", .en = "End an unemployment registration" },
	{ .name = "unemployment_list_person", .method = METHOD_GET,
	  .path = "/v1/jobs/my/unemployment-registrations",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.unemployment.list_person",
	  .list = true, .reply = unemployment_shape, .stmt = &stmt_unemployment_list_person,
	  .limit = LIMIT_READ, .zh = "我的失业登记", .en = "List the caller's registrations" },
	{ .name = "unemployment_list", .method = METHOD_GET,
	  .path = "/v1/jobs/unemployment-registrations",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.unemployment.list",
	  .query = INPUT(unemployment_query, unemployment_query_fields), .list = true,
	  .reply = unemployment_shape, .stmt = &stmt_unemployment_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "辖区内的失业登记", .en = "List the registrations of the area" },
	ROUTE_END
};

/* A person registers only itself; a clerk names the person, who must live in the area. */
static int
unemployment_register(struct call *c)
{
	const struct unemployment_in	*in = c->body;
	const struct principal		*who = c->principal;
	const struct uuid		*person = who->has_person ? &who->person : &in->person_id;
	struct db_rows			 rows;

	if (who->has_person && !uuid_is_nil(&in->person_id) &&
	    !uuid_equal(&in->person_id, &who->person))
		return (call_reject(c, ERR_FORBIDDEN, "/person_id"));
	if (uuid_is_nil(person))
		return (call_reject(c, ERR_F_MISSING, "/person_id"));
	if (in->lost_on != DAY_NONE && in->lost_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/lost_on"));
	if (in->is_difficult && who->has_person)
		return (call_reject(c, ERR_FORBIDDEN, "/is_difficult"));
	if (sql_unemployment_register(c->db, &rows, person, in->reason, in->lost_on,
	    in->is_difficult) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
