/*
 * award.c -- acceptance (验收) of units named for a policy, and awards: what a
 * round or an acceptance ended in.
 *
 * Invariant: without the city's checklist nothing is named or accepted; two
 * inspectors must find the same; a policy never has more units than places.
 * The rules are in sql/platform/074.
 */
#include "workflow/selection.h"

#include "codes/codes.h"
#include "platform_sql.h"

struct item_in {
	const char	*code, *title;
};

struct list_in {
	const char	*policy_code, *basis;
	int32_t		 from_on;
	struct list_of	 items;		/* struct item_in */
	bool		 quantity;
	int64_t		 instalments;
};

struct name_in {
	const char	*policy_code, *tier, *period, *basis;
	struct uuid	 org_id;
};

struct met_in {
	const char	*code, *note;
	bool		 met;
};

struct inspect_in {
	const char	*kind;
	struct list_of	 results;	/* struct met_in */
	int64_t		 quantity;	/* 0: none is given */
	int32_t		 again_on;
};

struct revoke_in {
	const char	*reason;
};

struct award_query {
	const char	*policy_code, *state, *source;
	bool		 overdue;
};

static int	acceptance_list_set(struct call *);
static int	acceptance_inspect(struct call *);

static const char *const tiers[] = { "city", "county", NULL };
static const char *const kinds[] = { "acceptance", "step", "yearly", NULL };
static const char *const states[] = { "named", "passed", "failed", "revoked", NULL };
static const char *const sources[] = { "round", "acceptance", NULL };

static const struct field item_fields[] = {
	FIELD_TEXT(item_in, code, REQUIRED, 1, 20, "条目编号"),
	FIELD_TEXT(item_in, title, REQUIRED, 2, 200, "验收内容"),
	FIELD_END
};

static const struct field list_fields[] = {
	FIELD_TEXT(list_in, policy_code, REQUIRED, 2, 16, "政策代码"),
	FIELD_DAY(list_in, from_on, OPTIONAL, "起始日期，默认今天"),
	FIELD_LIST(list_in, items, REQUIRED, 1, 60, item_in, item_fields, "验收条目"),
	FIELD_BOOL(list_in, quantity, OPTIONAL, "同时验收数量"),
	FIELD_INT(list_in, instalments, OPTIONAL, 1, 12, "分几期拨付，默认一期"),
	FIELD_TEXT(list_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};

static const struct field name_fields[] = {
	FIELD_TEXT(name_in, policy_code, REQUIRED, 2, 16, "政策代码"),
	FIELD_ENUM(name_in, tier, REQUIRED, tiers, "市级、县级"),
	FIELD_TEXT(name_in, period, OPTIONAL, 4, 4, "年度；不填为一次性"),
	FIELD_UUID(name_in, org_id, REQUIRED, "单位"),
	FIELD_TEXT(name_in, basis, REQUIRED, 2, 200, "认定文件"),
	FIELD_END
};

static const struct field met_fields[] = {
	FIELD_TEXT(met_in, code, REQUIRED, 1, 20, "条目编号"),
	FIELD_BOOL(met_in, met, REQUIRED, "合格"),
	FIELD_TEXT(met_in, note, OPTIONAL, 2, 500, "说明"),
	FIELD_END
};

static const struct field inspect_fields[] = {
	FIELD_ENUM(inspect_in, kind, REQUIRED, kinds, "验收、分期验收、年度检查"),
	FIELD_LIST(inspect_in, results, REQUIRED, 1, 60, met_in, met_fields, "逐条结果"),
	FIELD_INT(inspect_in, quantity, OPTIONAL, 1, 100000000, "验收数量"),
	FIELD_DAY(inspect_in, again_on, OPTIONAL, "不合格时的复查日期"),
	FIELD_END
};

static const struct field revoke_fields[] = {
	FIELD_TEXT(revoke_in, reason, REQUIRED, 2, 500, "撤销原因"),
	FIELD_END
};

static const struct field unit_query_fields[] = {
	FIELD_TEXT(award_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_ENUM(award_query, state, OPTIONAL, states, "状态"),
	FIELD_BOOL(award_query, overdue, OPTIONAL, "只看复查逾期的"),
	FIELD_END
};

static const struct field list_query_fields[] = {
	FIELD_TEXT(award_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_END
};

static const struct field award_query_fields[] = {
	FIELD_TEXT(award_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_ENUM(award_query, source, OPTIONAL, sources, "来源"),
	FIELD_END
};

static const struct shape list_shape[] = {
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始日期" },
	{ .name = "items", .type = SHAPE_T_JSON, .help = "验收条目" },
	{ .name = "quantity", .type = SHAPE_T_BOOL, .help = "同时验收数量" },
	{ .name = "instalments", .type = SHAPE_T_INT, .help = "分几期拨付" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	SHAPE_END
};

static const struct shape unit_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "验收单位" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "tier", .type = SHAPE_T_TEXT, .help = "市级、县级" },
	{ .name = "period", .type = SHAPE_T_TEXT, .help = "年度；once 为一次性" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "认定文件" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "acceptance_states", .help = "状态" },
	{ .name = "again_on", .type = SHAPE_T_DAY, .nullable = true, .help = "复查日期" },
	{ .name = "overdue", .type = SHAPE_T_BOOL, .help = "复查逾期" },
	{ .name = "yearly_met", .type = SHAPE_T_BOOL, .nullable = true, .help = "最近一次年度检查合格" },
	{ .name = "award_id", .type = SHAPE_T_UUID, .nullable = true, .help = "由此产生的奖补" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "所在地" },
	{ .name = "named_at", .type = SHAPE_T_INSTANT, .help = "列入时间" },
	{ .name = "inspections", .type = SHAPE_T_JSON, .help = "历次检查" },
	SHAPE_END
};

static const struct shape part_shape[] = {
	{ .name = "instalment", .type = SHAPE_T_INT, .help = "第几期" },
	{ .name = "fact_id", .type = SHAPE_T_UUID, .help = "据以判断的事实" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "确认时间" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .nullable = true, .help = "由此产生的申领" },
	SHAPE_END
};

static const struct shape award_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "奖补" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "评选、验收" },
	{ .name = "source_id", .type = SHAPE_T_UUID, .help = "申报或验收单位" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "个人" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "单位名称，个人脱敏" },
	{ .name = "rank", .type = SHAPE_T_INT, .nullable = true, .help = "名次" },
	{ .name = "score_milli", .type = SHAPE_T_INT, .nullable = true, .help = "得分（千分之一分）" },
	{ .name = "quantity", .type = SHAPE_T_INT, .nullable = true, .help = "验收数量" },
	{ .name = "instalments", .type = SHAPE_T_INT, .help = "分几期拨付" },
	{ .name = "revoked", .type = SHAPE_T_TEXT, .nullable = true, .help = "撤销原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "所在地" },
	{ .name = "made_at", .type = SHAPE_T_INSTANT, .help = "产生时间" },
	{ .name = "parts", .type = SHAPE_T_LIST, .of = part_shape, .help = "各期" },
	SHAPE_END
};

static const struct shape quota_shape[] = {
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "tier", .type = SHAPE_T_TEXT, .help = "市级、县级" },
	{ .name = "places", .type = SHAPE_T_INT, .help = "名额" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	SHAPE_END
};

const struct route award_routes[] = {
	{ .name = "acceptance_list_set", .method = METHOD_POST, .path = "/v1/$/acceptance-lists",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "$.acceptance.list",
	  .body = INPUT(list_in, list_fields), .reply = list_shape, .handler = acceptance_list_set,
	  .limit = LIMIT_WRITE, .zh = "市级制定验收标准", .en = "Set a policy's acceptance checklist (city)" },
	{ .name = "acceptance_list_list", .method = METHOD_GET, .path = "/v1/$/acceptance-lists",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "$.acceptance.lists",
	  .query = INPUT(award_query, list_query_fields), .list = true, .reply = list_shape,
	  .stmt = &stmt_acceptance_list_list, .limit = LIMIT_READ,
	  .zh = "验收标准", .en = "Acceptance checklists, all versions" },
	{ .name = "award_quota_list", .method = METHOD_GET, .path = "/v1/$/award-quotas",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "$.award.quotas",
	  .list = true, .reply = quota_shape, .stmt = &stmt_award_place_list, .limit = LIMIT_READ,
	  .zh = "政策规定的名额", .en = "How many a policy lets be named" },
	{ .name = "acceptance_name", .method = METHOD_POST, .path = "/v1/$/acceptances",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "$.acceptance.name",
	  .body = INPUT(name_in, name_fields), .reply = unit_shape, .stmt = &stmt_acceptance_name,
	  .limit = LIMIT_WRITE, .matter = "$-37",
	  .zh = "列入验收名单", .en = "Register a named unit for acceptance" },
	{ .name = "acceptance_list_units", .method = METHOD_GET, .path = "/v1/$/acceptances",
	  .callers = ROLE_SELECTION_OFFICERS | ROLE_ENTRANTS, .scope = SCOPE_CALLER, .action = "$.acceptance.units",
	  .query = INPUT(award_query, unit_query_fields), .list = true, .reply = unit_shape,
	  .stmt = &stmt_acceptance_list_units, .limit = LIMIT_READ,
	  .zh = "验收单位列表", .en = "List units of the caller or its area" },
	{ .name = "acceptance_get", .method = METHOD_GET, .path = "/v1/$/acceptances/{id}",
	  .callers = ROLE_SELECTION_OFFICERS | ROLE_ENTRANTS, .scope = SCOPE_CALLER, .action = "$.acceptance.units",
	  .reply = unit_shape, .stmt = &stmt_acceptance_get, .limit = LIMIT_READ,
	  .zh = "查看验收单位", .en = "Read a unit and its inspections" },
	{ .name = "acceptance_inspect", .method = METHOD_POST, .path = "/v1/$/acceptances/{id}/inspections",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "$.acceptance.inspect", .body = INPUT(inspect_in, inspect_fields),
	  .reply = unit_shape, .success = 200, .handler = acceptance_inspect,
	  .emits = "$.award.made.v1", .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "逐条检查，两人一致方有结论", .en = "Inspect item by item; two people decide" },
	{ .name = "acceptance_revoke", .method = METHOD_POST, .path = "/v1/$/acceptances/{id}/revoke",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "$.acceptance.revoke",
	  .body = INPUT(revoke_in, revoke_fields), .reply = unit_shape, .success = 200,
	  .stmt = &stmt_acceptance_revoke, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "年度检查不合格，撤销认定", .en = "Revoke after a yearly inspection that failed" },
	{ .name = "award_list", .method = METHOD_GET, .path = "/v1/$/awards",
	  .callers = ROLE_SELECTION_OFFICERS | ROLE_ENTRANTS, .scope = SCOPE_CALLER,
	  .action = "$.award.list", .query = INPUT(award_query, award_query_fields), .list = true,
	  .reply = award_shape, .stmt = &stmt_award_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "评选和验收产生的奖补", .en = "List awards of the caller or its area" },
	ROUTE_END
};

static int
acceptance_list_set(struct call *c)
{
	const struct list_in	*in = c->body;
	const struct item_in	*item = in->items.items;
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len);
	struct db_rows		 rows;
	size_t			 i, j;

	for (i = 0; i < in->items.count; i++)
		for (j = 0; j < i; j++)
			if (strcmp(item[i].code, item[j].code) == 0)
				return (call_reject(c, ERR_F_DUPLICATE,
				    arena_printf(c->arena, "/items/%zu/code", i)));
	if (sql_acceptance_list_set(c->db, &rows, in->policy_code, in->from_on,
	    json_text(c->arena, json_get(root, "items")), in->quantity,
	    in->instalments == 0 ? 1 : in->instalments, in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
acceptance_inspect(struct call *c)
{
	const struct inspect_in	*in = c->body;
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len);
	struct db_rows		 rows;

	if (sql_acceptance_inspect(c->db, &rows, &c->id, in->kind,
	    json_text(c->arena, json_get(root, "results")), in->quantity == 0 ? NULL : &in->quantity,
	    in->again_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
