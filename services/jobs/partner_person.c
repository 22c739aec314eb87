/*
 * partner_person.c -- people who agreed to be seen by an agency: their résumés
 * as they would be sent, masked, for as long as the consent stands.
 *
 * The SQL is in sql/jobs/queries/partner.sql.
 */
#include "application.h"
#include "codes/codes.h"
#include "jobs.h"
#include "jobs_sql.h"

struct person_query {
	const char	*state;
	const char	*education_code;
	const char	*occupation_code;
	const char	*area_code;
};

static int	check_class(const char *);

static const char *const states[] = { "seeking", "open_to_offers", "not_seeking", NULL };

static const struct field person_query_fields[] = {
	FIELD_ENUM(person_query, state, OPTIONAL, states, "求职状态"),
	FIELD_CHECK(person_query, education_code, OPTIONAL, check_education, "学历"),
	FIELD_CHECK(person_query, occupation_code, OPTIONAL, check_class, "期望职业，任一层级"),
	FIELD_CHECK(person_query, area_code, OPTIONAL, check_area, "期望工作地，任一层级"),
	FIELD_END
};

static const struct shape person_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "resume", .type = SHAPE_T_OBJECT, .of = resume_sent_shape, .help = "简历" },
	SHAPE_END
};

const struct route partner_person_routes[] = {
	{ .name = "partner_person_list", .method = METHOD_GET, .path = "/v1/jobs/partner/people",
	  .callers = ROLE_PARTNER, .scope = SCOPE_ORG, .action = "jobs.partner.person_list",
	  .query = INPUT(person_query, person_query_fields), .list = true, .reply = person_shape,
	  .stmt = &stmt_partner_person_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "同意向本机构提供简历的求职者", .en = "List the job seekers who agreed to be seen" },
	{ .name = "partner_person_get", .method = METHOD_GET, .path = "/v1/jobs/partner/people/{id}",
	  .callers = ROLE_PARTNER, .scope = SCOPE_ORG, .action = "jobs.partner.person_get",
	  .reply = person_shape, .stmt = &stmt_partner_person_get, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "查看同意提供简历的求职者", .en = "Read one who agreed to be seen" },
	ROUTE_END
};

/* A class of any level. */
static int
check_class(const char *code)
{
	return (occupation_name(code) == NULL ? ERR_F_OCCUPATION : 0);
}
