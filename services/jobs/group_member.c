/*
 * group_member.c -- 退役军人、残疾人: lists of their bureaus taken in, declarations
 * of people themselves, and who is on the register since when.
 *
 * Invariant: one row a person and group; what an officer has ended no file takes
 * back; who declares does not confirm. Every change of a registered person's
 * membership is told by trigger (sql/jobs/101). The SQL is in
 * sql/jobs/queries/group_member.sql.
 */
#include "roster.h"

#include "codes/codes.h"
#include "jobs_sql.h"

struct end_in {
	int32_t		 to_on;
	const char	*note;
};

struct declare_in {
	const char	*group;
	int32_t		 from_on, to_on;
	const char	*proof_note;
};

struct decide_in {
	const char	*decision;
	const char	*note;
};

struct member_query {
	const char	*group, *county_code, *area_code;
	bool		 is_registered, is_current;
};

struct declaration_query {
	const char	*group, *state, *county_code;
};

static int	take_veteran(struct roster_file *, const char **);
static int	take_disabled(struct roster_file *, const char **);
static int	take_member(struct roster_file *, const char *, const char **);

static const char *const groups[] = { "veteran", "disabled", NULL };
static const char *const states[] = { "declared", "confirmed", "refused", NULL };
static const char *const decisions[] = { "pass", "reject", NULL };
static const char *const columns[] = { "id_number", "name", "from_on", "to_on", "area_code", NULL };

#define HEADER	"第一行应为 id_number,name,from_on,to_on,area_code"

const struct roster_kind roster_veterans = {
	"veterans", HEADER, columns, NITEMS(columns) - 1, take_veteran, sql_group_member_add
};

const struct roster_kind roster_disabled = {
	"disabled", HEADER, columns, NITEMS(columns) - 1, take_disabled, sql_group_member_add
};

static const struct field end_fields[] = {
	FIELD_DAY(end_in, to_on, REQUIRED, "最后一天；从未属于的，为起始日期的前一天"),
	FIELD_TEXT(end_in, note, REQUIRED, 2, 200, "原因"),
	FIELD_END
};

static const struct field declare_fields[] = {
	FIELD_ENUM(declare_in, group, REQUIRED, groups, "申报的身份"),
	FIELD_DAY(declare_in, from_on, REQUIRED, "退役日期，或残疾人证发证日期"),
	FIELD_DAY(declare_in, to_on, OPTIONAL, "证件有效期止；长期有效不填"),
	FIELD_TEXT(declare_in, proof_note, REQUIRED, 2, 300, "证件及说明，不填证件号码"),
	FIELD_END
};

static const struct field decide_fields[] = {
	FIELD_ENUM(decide_in, decision, REQUIRED, decisions, "核实意见"),
	FIELD_TEXT(decide_in, note, OPTIONAL, 2, 300, "说明；不予通过时必填"),
	FIELD_END
};

static const struct field member_query_fields[] = {
	FIELD_ENUM(member_query, group, OPTIONAL, groups, "身份"),
	FIELD_CHECK(member_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_CHECK(member_query, area_code, OPTIONAL, check_area, "乡镇或村，含其下级"),
	FIELD_BOOL(member_query, is_registered, OPTIONAL, "已在平台登记"),
	FIELD_BOOL(member_query, is_current, OPTIONAL, "今日有效"),
	FIELD_END
};

static const struct field declaration_query_fields[] = {
	FIELD_ENUM(declaration_query, group, OPTIONAL, groups, "身份"),
	FIELD_ENUM(declaration_query, state, OPTIONAL, states, "申报状态"),
	FIELD_CHECK(declaration_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape member_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "名册记录" },
	{ .name = "group", .type = SHAPE_T_TEXT, .codes = "key_groups", .help = "身份" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员；未登记的为空" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自（退役日期、发证日期）" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "至" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "group_member_sources", .help = "来源" },
	{ .name = "end_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "终止原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "乡镇或村" },
	SHAPE_END
};

static const struct shape declaration_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "申报" },
	{ .name = "group", .type = SHAPE_T_TEXT, .codes = "key_groups", .help = "身份" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "至" },
	{ .name = "proof_note", .type = SHAPE_T_TEXT, .help = "证件及说明" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "group_declaration_states", .help = "申报状态" },
	{ .name = "decided_on", .type = SHAPE_T_DAY, .nullable = true, .help = "核实日期" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "核实意见" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "乡镇或村" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申报时间" },
	SHAPE_END
};

const struct route group_member_routes[] = {
	{ .name = "group_member_list", .method = METHOD_GET, .path = "/v1/jobs/group-members",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.group_member.list",
	  .query = INPUT(member_query, member_query_fields), .list = true, .reply = member_shape,
	  .stmt = &stmt_group_member_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "退役军人、残疾人名册", .en = "List veterans and people with a card of disability" },
	{ .name = "group_member_get", .method = METHOD_GET, .path = "/v1/jobs/group-members/{id}",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.group_member.get",
	  .reply = member_shape, .stmt = &stmt_group_member_get, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看名册记录", .en = "Read one of the register" },
	{ .name = "group_member_end", .method = METHOD_POST, .path = "/v1/jobs/group-members/{id}/end",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "jobs.group_member.end", .body = INPUT(end_in, end_fields), .reply = member_shape,
	  .success = 200, .stmt = &stmt_group_member_end, .emits = "jobs.group.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "终止名册记录", .en = "End a membership, with its reason" },
	{ .name = "group_declare", .method = METHOD_POST, .path = "/v1/jobs/group-declarations",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.group_declaration.declare",
	  .body = INPUT(declare_in, declare_fields), .reply = declaration_shape, .stmt = &stmt_group_declare,
	  .limit = LIMIT_WRITE, .matter = "JB-41",
	  .zh = "申报退役军人、残疾人身份", .en = "Declare oneself a veteran or disabled" },
	{ .name = "group_declaration_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/group-declarations",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.group_declaration.list_person",
	  .list = true, .reply = declaration_shape, .stmt = &stmt_group_declaration_list_person, .limit = LIMIT_READ,
	  .zh = "我的身份申报", .en = "List the caller's declarations" },
	{ .name = "group_declaration_list", .method = METHOD_GET, .path = "/v1/jobs/group-declarations",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.group_declaration.list",
	  .query = INPUT(declaration_query, declaration_query_fields), .list = true, .reply = declaration_shape,
	  .stmt = &stmt_group_declaration_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "辖区内的身份申报", .en = "List the declarations of the area" },
	{ .name = "group_declaration_decide", .method = METHOD_POST,
	  .path = "/v1/jobs/group-declarations/{id}/decision",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA, .action = "jobs.group_declaration.decide",
	  .body = INPUT(decide_in, decide_fields), .reply = declaration_shape, .success = 200,
	  .stmt = &stmt_group_declaration_decide, .emits = "jobs.group.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "核实身份申报", .en = "Confirm or refuse a declaration" },
	ROUTE_END
};

static int
take_veteran(struct roster_file *f, const char **column)
{
	return (take_member(f, groups[0], column));
}

static int
take_disabled(struct roster_file *f, const char **column)
{
	return (take_member(f, groups[1], column));
}

static int
take_member(struct roster_file *f, const char *group, const char **column)
{
	const char *const	*v = f->csv.field;
	int32_t			 from, to = DAY_NONE;
	int			 code;

	*column = "from_on";
	if ((from = day_parse(v[2])) == DAY_NONE)
		return (ERR_F_FORMAT);
	if (from > clock_today())
		return (ERR_F_DATE_FUTURE);
	*column = "to_on";
	if (v[3][0] != '\0' && (to = day_parse(v[3])) == DAY_NONE)
		return (ERR_F_FORMAT);
	if (to != DAY_NONE && to < from)
		return (ERR_F_DATE_ORDER);
	if ((code = roster_take_who(f, v[0], v[1], v[4], column)) != 0)
		return (code);
	json_put_text(&f->out, "g", group);
	json_put_day(&f->out, "f", from);
	if (to != DAY_NONE)
		json_put_day(&f->out, "t", to);
	json_close(&f->out);
	return (0);
}
