/*
 * help_shape.c -- what a help case looks like on the wire.
 */
#include "help.h"

const struct shape help_item_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "计划项目" },
	{ .name = "case_id", .type = SHAPE_T_UUID, .help = "个案" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "help_kinds", .help = "服务种类" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "内容" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "应完成日期；服务包未定期限的为空" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "help_item_states", .help = "状态" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .nullable = true, .help = "推荐的岗位" },
	{ .name = "outcome", .type = SHAPE_T_TEXT, .codes = "help_item_outcomes", .nullable = true,
	  .help = "结果" },
	{ .name = "done_on", .type = SHAPE_T_DAY, .nullable = true, .help = "完成日期" },
	{ .name = "of_package", .type = SHAPE_T_BOOL, .help = "来自服务包" },
	{ .name = "escalated_on", .type = SHAPE_T_DAY, .nullable = true, .help = "升级到市级的日期" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	SHAPE_END
};

const struct shape help_contact_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "联系记录" },
	{ .name = "case_id", .type = SHAPE_T_UUID, .help = "个案" },
	{ .name = "item_id", .type = SHAPE_T_UUID, .nullable = true, .help = "计划项目" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "help_kinds", .help = "服务种类" },
	{ .name = "contacted_on", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "channel", .type = SHAPE_T_TEXT, .codes = "help_channels", .help = "方式" },
	{ .name = "outcome", .type = SHAPE_T_TEXT, .codes = "help_outcomes",
	  .help = "结果" },
	{ .name = "result", .type = SHAPE_T_TEXT, .help = "情况" },
	{ .name = "reply", .type = SHAPE_T_TEXT, .nullable = true, .help = "本人答复" },
	{ .name = "consents", .type = SHAPE_T_BOOL, .nullable = true, .help = "本人是否同意使用其信息" },
	{ .name = "refusal_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "拒绝原因" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .nullable = true, .help = "推荐的岗位" },
	{ .name = "next_visit_on", .type = SHAPE_T_DAY, .nullable = true, .help = "下次回访" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "录入时间" },
	SHAPE_END
};

static const struct shape pause_shape[] = {
	{ .name = "reason", .type = SHAPE_T_TEXT, .codes = "help_pause_reasons", .help = "事由" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "至" },
	{ .name = "resumed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "恢复日期" },
	SHAPE_END
};

static const struct shape step_shape[] = {
	{ .name = "step", .type = SHAPE_T_TEXT, .help = "经过" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

const struct shape help_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "个案" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "group", .type = SHAPE_T_TEXT, .codes = "help_groups", .help = "帮扶对象类别" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "help_sources", .help = "来源" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "help_states", .help = "状态" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .nullable = true, .help = "责任人" },
	{ .name = "package_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "服务包" },
	{ .name = "package_version", .type = SHAPE_T_INT, .nullable = true, .help = "服务包版本" },
	{ .name = "opened_on", .type = SHAPE_T_DAY, .help = "建档日期" },
	{ .name = "last_contact_on", .type = SHAPE_T_DAY, .nullable = true, .help = "最近联系" },
	{ .name = "next_visit_on", .type = SHAPE_T_DAY, .nullable = true, .help = "下次回访" },
	{ .name = "paused_on", .type = SHAPE_T_DAY, .nullable = true, .help = "暂停自" },
	{ .name = "refused_count", .type = SHAPE_T_INT, .help = "拒绝服务次数" },
	{ .name = "escalated_on", .type = SHAPE_T_DAY, .nullable = true, .help = "升级到市级的日期" },
	{ .name = "closed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "结案日期" },
	{ .name = "close_reason", .type = SHAPE_T_TEXT, .codes = "help_close_reasons", .nullable = true,
	  .help = "结案原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "乡镇或村" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "建立时间" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "最早到期（待回访清单）" },
	{ .name = "overdue_days", .type = SHAPE_T_INT, .nullable = true, .help = "逾期天数（待回访清单）" },
	{ .name = "items", .type = SHAPE_T_LIST, .nullable = true, .of = help_item_shape, .help = "一人一策" },
	{ .name = "contacts", .type = SHAPE_T_LIST, .nullable = true, .of = help_contact_shape, .help = "联系记录" },
	{ .name = "pauses", .type = SHAPE_T_LIST, .nullable = true, .of = pause_shape, .help = "暂停" },
	{ .name = "timeline", .type = SHAPE_T_LIST, .nullable = true, .of = step_shape, .help = "经过" },
	SHAPE_END
};
