/*
 * skill_carrier.c -- the register of skill carriers (高技能人才培训载体、技能大师工作室、
 * 劳模工匠创新工作室、县级工作室): what each is and where, who its masters are, for
 * everybody; how counties stand.
 *
 * Invariant: a carrier stands as long as its award does (workflow/selection.h);
 * of a master only what they said themselves is public. The SQL is in
 * sql/training/queries/skill_carrier.sql.
 */
#include "brand.h"
#include "codes/codes.h"
#include "training_sql.h"
#include "workflow/file.h"
#include "workflow/selection.h"

struct fill_in {
	const char	*kind, *name, *intro, *address;
	struct list_of	 occupations;	/* struct brand_code */
	int64_t		 lat_e6, lng_e6;	/* 0: not said */
};

struct master_in {
	struct uuid	 person_id;
	bool		 is_leader;
};

struct answer_in {
	bool		 accept;
	const char	*shown_name;
};

struct carrier_query {
	const char	*county_code, *kind, *occupation_code, *state;
	struct uuid	 carrier_id;
};

static int	skill_carrier_fill(struct call *);

static const char *const kinds[] = { "base", "master_studio", "model_studio", "county_studio", NULL };
static const char *const states[] = { "named", "confirmed", "declined", "ended", NULL };

static const struct field fill_fields[] = {
	FIELD_ENUM(fill_in, kind, OPTIONAL, kinds, "类别；市级工作室可在技能大师、劳模工匠之间选择"),
	FIELD_TEXT(fill_in, name, REQUIRED, 2, 60, "名称"),
	FIELD_LIST(fill_in, occupations, REQUIRED, 1, 10, brand_code, brand_occupation_fields, "职业领域"),
	FIELD_TEXT(fill_in, intro, OPTIONAL, 0, 2000, "简介"),
	FIELD_TEXT(fill_in, address, REQUIRED, 2, 200, "地址"),
	FIELD_INT(fill_in, lat_e6, OPTIONAL, 3000000, 54000000, "纬度，百万分之一度（WGS-84）"),
	FIELD_INT(fill_in, lng_e6, OPTIONAL, 73000000, 136000000, "经度，百万分之一度"),
	FIELD_END
};
static const struct field master_fields[] = {
	FIELD_UUID(master_in, person_id, REQUIRED, "技能人才本人"),
	FIELD_BOOL(master_in, is_leader, OPTIONAL, "领办人"),
	FIELD_END
};
static const struct field answer_fields[] = {
	FIELD_BOOL(answer_in, accept, REQUIRED, "同意加入"),
	FIELD_TEXT(answer_in, shown_name, OPTIONAL, 1, 30, "同意公开的称呼；不填则不公开"),
	FIELD_END
};
static const struct field carrier_query_fields[] = {
	FIELD_CHECK(carrier_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(carrier_query, kind, OPTIONAL, kinds, "类别"),
	FIELD_CHECK(carrier_query, occupation_code, OPTIONAL, check_occupation, "职业领域"),
	FIELD_END
};
static const struct field master_query_fields[] = {
	FIELD_UUID(carrier_query, carrier_id, OPTIONAL, "载体"),
	FIELD_ENUM(carrier_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape shown_shape[] = {
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "本人同意公开的称呼" },
	{ .name = "is_leader", .type = SHAPE_T_BOOL, .help = "领办人" },
	SHAPE_END
};
static const struct shape carrier_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "载体；也是其奖补的标识" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "skill_carrier_kinds", .help = "类别" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "所属单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "occupations", .type = SHAPE_T_LIST, .help = "职业领域" },
	{ .name = "intro", .type = SHAPE_T_TEXT, .help = "简介" },
	{ .name = "address", .type = SHAPE_T_TEXT, .help = "地址" },
	{ .name = "lat_e6", .type = SHAPE_T_INT, .nullable = true, .help = "纬度，百万分之一度（WGS-84）" },
	{ .name = "lng_e6", .type = SHAPE_T_INT, .nullable = true, .help = "经度，百万分之一度" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "skill_carrier_states", .help = "状态" },
	{ .name = "accepted_on", .type = SHAPE_T_DAY, .help = "验收合格日期" },
	{ .name = "revoked_on", .type = SHAPE_T_DAY, .nullable = true, .help = "撤销日期" },
	{ .name = "masters", .type = SHAPE_T_INT, .help = "技能人才数" },
	{ .name = "shown_masters", .type = SHAPE_T_LIST, .of = shown_shape, .help = "同意公开的技能人才" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "所在地" },
	SHAPE_END
};
static const struct shape master_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "成员" },
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "所属单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "技能人才" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "is_leader", .type = SHAPE_T_BOOL, .help = "领办人" },
	{ .name = "shown_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "本人同意公开的称呼" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "brand_bearer_states", .help = "状态" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提名时间" },
	SHAPE_END
};
static const struct shape figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "bases", .type = SHAPE_T_INT, .help = "市级高技能人才培训载体" },
	{ .name = "studios", .type = SHAPE_T_INT, .help = "市级工作室" },
	{ .name = "county_studios", .type = SHAPE_T_INT, .help = "县级工作室" },
	{ .name = "base_target", .type = SHAPE_T_INT, .nullable = true, .help = "全市培训载体目标" },
	{ .name = "studio_target", .type = SHAPE_T_INT, .nullable = true, .help = "全市工作室目标" },
	{ .name = "county_studio_target", .type = SHAPE_T_INT, .nullable = true, .help = "每县区目标" },
	{ .name = "county_studio_cents", .type = SHAPE_T_INT, .nullable = true, .help = "本县区补助标准（分）；空为未设定" },
	SHAPE_END
};

const struct route skill_carrier_routes[] = {
	{ .name = "skill_carrier_list", .method = METHOD_GET, .path = "/v1/training/skill-carriers",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.skill_carrier.list",
	  .query = INPUT(carrier_query, carrier_query_fields), .list = true, .reply = carrier_shape,
	  .stmt = &stmt_skill_carrier_list, .limit = LIMIT_READ,
	  .zh = "技能人才载体和工作室", .en = "List skill carriers and studios" },
	{ .name = "skill_carrier_get", .method = METHOD_GET, .path = "/v1/training/skill-carriers/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.skill_carrier.get",
	  .reply = carrier_shape, .stmt = &stmt_skill_carrier_get, .limit = LIMIT_READ,
	  .zh = "查看技能人才载体", .en = "Read a skill carrier" },
	{ .name = "skill_carrier_fill", .method = METHOD_PUT, .path = "/v1/training/skill-carriers/{id}",
	  .callers = ROLE_BEARERS, .scope = SCOPE_ORG, .right = RIGHT_POST, .action = "training.skill_carrier.fill",
	  .body = INPUT(fill_in, fill_fields), .reply = carrier_shape, .handler = skill_carrier_fill,
	  .limit = LIMIT_WRITE, .zh = "填写载体信息", .en = "Say what a carrier is and where" },
	{ .name = "skill_master_name", .method = METHOD_POST, .path = "/v1/training/skill-carriers/{id}/masters",
	  .callers = ROLE_BEARERS, .scope = SCOPE_ORG, .right = RIGHT_POST, .action = "training.skill_master.name",
	  .body = INPUT(master_in, master_fields), .reply = master_shape, .stmt = &stmt_skill_master_name,
	  .limit = LIMIT_WRITE, .zh = "提名技能人才", .en = "Name a master, who is asked" },
	{ .name = "skill_master_answer", .method = METHOD_POST, .path = "/v1/training/skill-masters/{id}/answer",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.skill_master.answer",
	  .body = INPUT(answer_in, answer_fields), .reply = master_shape, .success = 200,
	  .stmt = &stmt_skill_master_answer, .limit = LIMIT_WRITE,
	  .zh = "确认或谢绝加入", .en = "Confirm or decline to be a master" },
	{ .name = "skill_master_end", .method = METHOD_POST, .path = "/v1/training/skill-masters/{id}/end",
	  .callers = ROLE_PERSON | ROLE_BEARERS, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "training.skill_master.end", .reply = master_shape, .success = 200,
	  .stmt = &stmt_skill_master_end, .limit = LIMIT_WRITE, .zh = "退出载体", .en = "End a membership" },
	{ .name = "skill_master_list", .method = METHOD_GET, .path = "/v1/training/skill-masters",
	  .callers = ROLE_PERSON | ROLE_BEARERS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.skill_master.list", .query = INPUT(carrier_query, master_query_fields),
	  .list = true, .reply = master_shape, .stmt = &stmt_skill_master_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "技能人才（本人、本单位或辖区）", .en = "List masters" },
	{ .name = "skill_carrier_figures", .method = METHOD_GET, .path = "/v1/training/skill-carrier-figures",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA, .action = "training.skill_carrier.figures",
	  .list = true, .reply = figure_shape, .stmt = &stmt_skill_carrier_figures, .limit = LIMIT_READ,
	  .zh = "各县区技能人才载体", .en = "Skill carriers by county" },
	{ .name = "selection_file_get", .method = METHOD_GET, .path = "/v1/training/selection-files/{id}",
	  .callers = ROLE_ENTRANTS | ROLE_SELECTION_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.round.file", .media = "application/octet-stream", .handler = file_send,
	  .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "下载申报材料", .en = "Fetch a file handed in with an entry" },
	ROUTE_END
};

static int
skill_carrier_fill(struct call *c)
{
	const struct fill_in	*in = c->body;
	const struct brand_in	 codes = { .occupations = in->occupations };
	struct brand_arrays	 a;
	struct db_rows		 rows;
	int			 refused;

	if ((refused = brand_arrays(c, &codes, &a)) != 0)
		return (refused);
	if (sql_skill_carrier_fill(c->db, &rows, &c->id, in->kind, in->name, a.occupations, in->intro,
	    in->address, in->lat_e6 == 0 ? NULL : &in->lat_e6, in->lng_e6 == 0 ? NULL : &in->lng_e6) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
