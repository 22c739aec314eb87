/*
 * vacancy_shape.c -- a posting on the wire: what jobs.vacancy_reply() says, and
 * what its employer, its partner and the officers see besides.
 */
#include "jobs.h"

static const struct shape check_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "原因（check_codes）" },
	{ .name = "pointer", .type = SHAPE_T_TEXT, .help = "所在字段，空为整个岗位" },
	{ .name = "text", .type = SHAPE_T_TEXT, .help = "说明" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .nullable = true, .help = "与之重复的岗位" },
	SHAPE_END
};

static const struct shape source_shape[] = {
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "vacancy_sources", .help = "来源" },
	{ .name = "partner_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人力资源服务机构" },
	{ .name = "partner_ref", .type = SHAPE_T_TEXT, .nullable = true, .help = "机构的岗位编号" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "录入时间" },
	SHAPE_END
};

static const struct shape step_shape[] = {
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "vacancy_states", .help = "状态" },
	{ .name = "checks", .type = SHAPE_T_LIST, .of = check_shape, .help = "送审原因" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "actor_kind", .type = SHAPE_T_TEXT, .help = "经手方（case_actors）" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

const struct shape vacancy_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "发布时的单位名称" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "岗位名称" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "industry_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位所属行业" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "工作地" },
	{ .name = "headcount", .type = SHAPE_T_INT, .help = "招聘人数" },
	{ .name = "headcount_left", .type = SHAPE_T_INT, .help = "剩余人数" },
	{ .name = "pay_min_cents", .type = SHAPE_T_INT, .help = "最低薪酬（分）" },
	{ .name = "pay_max_cents", .type = SHAPE_T_INT, .help = "最高薪酬（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "pay_unit", .type = SHAPE_T_TEXT, .codes = "pay_units", .help = "计薪单位" },
	{ .name = "form", .type = SHAPE_T_TEXT, .codes = "vacancy_forms", .help = "用工形式" },
	{ .name = "education_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "最低学历" },
	{ .name = "skill_level", .type = SHAPE_T_INT, .codes = "skill_levels", .nullable = true,
	  .help = "最低技能等级（5 初级工至 1 高级技师）" },
	{ .name = "skills", .type = SHAPE_T_LIST, .help = "技能要求" },
	{ .name = "benefits", .type = SHAPE_T_LIST, .codes = "benefits", .help = "福利" },
	{ .name = "description", .type = SHAPE_T_TEXT, .help = "岗位说明" },
	{ .name = "lat_e6", .type = SHAPE_T_INT, .nullable = true, .help = "工作地纬度（百万分之一度）" },
	{ .name = "lng_e6", .type = SHAPE_T_INT, .nullable = true, .help = "工作地经度（百万分之一度）" },
	{ .name = "point_is_exact", .type = SHAPE_T_BOOL, .help = "坐标为工作地本身（否：所在乡镇或县城）" },
	{ .name = "distance_m", .type = SHAPE_T_INT, .nullable = true, .help = "距所问地点（米），查找时给出" },
	{ .name = "contact_name_masked", .type = SHAPE_T_TEXT, .nullable = true, .help = "联系人（隐去）" },
	{ .name = "contact_phone_masked", .type = SHAPE_T_TEXT, .nullable = true, .help = "联系电话（隐去）" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "vacancy_states", .help = "岗位状态" },
	{ .name = "merged_into", .type = SHAPE_T_UUID, .nullable = true, .help = "已并入的岗位" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "vacancy_sources", .help = "来源" },
	{ .name = "partner_ref", .type = SHAPE_T_TEXT, .nullable = true, .help = "机构的岗位编号，机构自己可见" },
	{ .name = "expires_on", .type = SHAPE_T_DAY, .help = "有效期至" },
	{ .name = "confirmed_on", .type = SHAPE_T_DAY, .help = "单位最近确认仍在招聘的日期" },
	{ .name = "posted_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "首次公开的时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "录入时间" },
	{ .name = "checks", .type = SHAPE_T_LIST, .nullable = true, .of = check_shape, .help = "送审原因，单位和工作人员可见" },
	{ .name = "check_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "审核意见或下线原因" },
	{ .name = "sources", .type = SHAPE_T_LIST, .nullable = true, .of = source_shape, .help = "本岗位及并入的各岗位来源" },
	{ .name = "steps", .type = SHAPE_T_LIST, .nullable = true, .of = step_shape, .help = "经过，单位和工作人员可见" },
	SHAPE_END
};
