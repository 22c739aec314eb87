/*
 * help_setting.c -- what the policy leaves open about help cases and wage
 * arrears: periods and the agency, for the city or a county alone.
 *
 * Invariant: what is not set is not guessed; a county's own value goes before
 * the city's. The SQL is in sql/jobs/queries/help.sql.
 */
#include "help.h"

#include "codes/codes.h"
#include "jobs_sql.h"

struct help_setting_in {
	const char	*county_code;
	int64_t		 escalate_days, visit_days, reopen_days;
	const char	*arrears_agency;
	int64_t		 arrears_handle_days;
};

static int	help_setting_put(struct call *);

static const struct field help_setting_in_fields[] = {
	FIELD_CHECK(help_setting_in, county_code, OPTIONAL, check_county, "县区；不填为全市"),
	FIELD_INT(help_setting_in, escalate_days, OPTIONAL, 1, 365, "计划项目逾期多少天升级到市级"),
	FIELD_INT(help_setting_in, visit_days, OPTIONAL, 1, 365, "回访间隔（天）"),
	FIELD_INT(help_setting_in, reopen_days, OPTIONAL, 1, 730, "结案后多少天内可以重新启动"),
	FIELD_TEXT(help_setting_in, arrears_agency, OPTIONAL, 2, 60, "受理欠薪线索的劳动监察机构"),
	FIELD_INT(help_setting_in, arrears_handle_days, OPTIONAL, 1, 365, "欠薪线索办理期限（天）"),
	FIELD_END
};

#define SETTING_ROWS \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区；431100 为全市" }, \
	{ .name = "escalate_days", .type = SHAPE_T_INT, .nullable = true, .help = "逾期升级（天）" }, \
	{ .name = "visit_days", .type = SHAPE_T_INT, .nullable = true, .help = "回访间隔（天）" }, \
	{ .name = "reopen_days", .type = SHAPE_T_INT, .nullable = true, .help = "重新启动期限（天）" }, \
	{ .name = "arrears_agency", .type = SHAPE_T_TEXT, .nullable = true, .help = "劳动监察机构" }, \
	{ .name = "arrears_handle_days", .type = SHAPE_T_INT, .nullable = true, .help = "欠薪线索办理期限（天）" }, \
	{ .name = "changed_at", .type = SHAPE_T_INSTANT, .help = "设定时间" }, \
	SHAPE_END

static const struct shape setting_shape[] = { SETTING_ROWS };

static const struct shape settings_shape[] = {
	{ .name = "items", .type = SHAPE_T_LIST, .of = setting_shape, .help = "空的项目为未设定" },
	SHAPE_END
};

const struct route help_setting_routes[] = {
	{ .name = "help_setting_list", .method = METHOD_GET, .path = "/v1/jobs/help-settings",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.help_setting.list",
	  .reply = settings_shape, .stmt = &stmt_help_setting_list, .limit = LIMIT_READ,
	  .zh = "帮扶期限和劳动监察机构的设定", .en = "What is set about help cases and wage arrears" },
	{ .name = "help_setting_put", .method = METHOD_POST, .path = "/v1/jobs/help-settings",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.help_setting.put",
	  .body = INPUT(help_setting_in, help_setting_in_fields), .reply = setting_shape,
	  .success = 200, .handler = help_setting_put, .limit = LIMIT_WRITE,
	  .zh = "设定帮扶期限和劳动监察机构", .en = "Set what the policy leaves open" },
	ROUTE_END
};

/* The whole row: what is left out is unset again. */
static int
help_setting_put(struct call *c)
{
	const struct help_setting_in	*in = c->body;
	const char			*county = in->county_code != NULL ? in->county_code : AREA_CITY;
	struct db_rows			 rows;

	if (!principal_has(c->principal, ROLE_APPROVE, county))
		return (call_reject(c, ERR_AREA, "/county_code"));
	if (sql_help_setting_put(c->db, &rows, county,
	    in->escalate_days != 0 ? &in->escalate_days : NULL,
	    in->visit_days != 0 ? &in->visit_days : NULL,
	    in->reopen_days != 0 ? &in->reopen_days : NULL, in->arrears_agency,
	    in->arrears_handle_days != 0 ? &in->arrears_handle_days : NULL) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
