/*
 * skill_rule.c -- numbers of documents, of the city and its counties that
 * brands and skill carriers go by: read by everybody, set with their basis.
 *
 * Invariant: a number holds from its day on and is never overwritten. The SQL
 * is in sql/training/queries/skill_rule.sql.
 */
#include "codes/codes.h"
#include "training.h"
#include "training_sql.h"

struct rule_in {
	const char	*code, *county_code, *legal_basis;
	int64_t		 value;
	int32_t		 from_on;
};

struct rule_query {
	const char	*code;
};

static const char *const codes[] = { "brand_target", "brand_report_days", "base_target", "studio_target",
	"county_studio_target", "county_studio_cents", "carrier_report_days", NULL };

static const struct field rule_fields[] = {
	FIELD_ENUM(rule_in, code, REQUIRED, codes, "标准"),
	FIELD_CHECK(rule_in, county_code, OPTIONAL, check_county, "县区；仅县级工作室补助标准填写"),
	FIELD_INT(rule_in, value, REQUIRED, 0, INT64_C(1000000000000), "数值：个、天或分"),
	FIELD_TEXT(rule_in, legal_basis, REQUIRED, 2, 200, "依据"),
	FIELD_DAY(rule_in, from_on, REQUIRED, "起始日期"),
	FIELD_END
};
static const struct field rule_query_fields[] = {
	FIELD_ENUM(rule_query, code, OPTIONAL, codes, "标准"),
	FIELD_END
};

static const struct shape rule_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "标准" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "标准代码" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "县区；空为全市" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "数值" },
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "止" },
	SHAPE_END
};

const struct route skill_rule_routes[] = {
	{ .name = "skill_rule_list", .method = METHOD_GET, .path = "/v1/training/skill-rules",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.skill_rule.list",
	  .query = INPUT(rule_query, rule_query_fields), .list = true, .reply = rule_shape,
	  .stmt = &stmt_skill_rule_list, .limit = LIMIT_READ,
	  .zh = "劳务品牌和技能载体的标准", .en = "List the numbers that brands and skill carriers go by" },
	{ .name = "skill_rule_set", .method = METHOD_POST, .path = "/v1/training/skill-rules",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "training.skill_rule.set",
	  .body = INPUT(rule_in, rule_fields), .reply = rule_shape, .stmt = &stmt_skill_rule_set,
	  .limit = LIMIT_WRITE, .zh = "设定标准", .en = "Set a number" },
	ROUTE_END
};
