/*
 * claim_shape.h -- the members of a claim on the wire, as claim_json() of the
 * schema writes them.
 */
#ifndef SUBSIDIES_CLAIM_SHAPE_H
#define SUBSIDIES_CLAIM_SHAPE_H

#include "http/call.h"

#define CLAIM_SHAPE_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "申领" }, \
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "claim_states", .help = "状态" }, \
	{ .name = "resume_state", .type = SHAPE_T_TEXT, .codes = "claim_states", .nullable = true, \
	  .help = "暂停前的状态" }, \
	{ .name = "mode", .type = SHAPE_T_TEXT, .codes = "policy_modes", .help = "办理方式" }, \
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" }, \
	{ .name = "person_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "姓名（脱敏）" }, \
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" }, \
	{ .name = "org_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位名称" }, \
	{ .name = "payee_kind", .type = SHAPE_T_TEXT, .codes = "payee_kinds", \
	  .help = "收款人是个人还是单位" }, \
	{ .name = "payee_id", .type = SHAPE_T_UUID, .help = "收款人" }, \
	{ .name = "period", .type = SHAPE_T_TEXT, .codes = "policy_periods", \
	  .help = "享受期间" }, \
	{ .name = "subject_kind", .type = SHAPE_T_TEXT, .codes = "policy_subjects", \
	  .help = "判断对象的种类" }, \
	{ .name = "subject_id", .type = SHAPE_T_UUID, .help = "判断对象" }, \
	{ .name = "decision_id", .type = SHAPE_T_UUID, .nullable = true, .help = "判定记录" }, \
	{ .name = "recovered_cents", .type = SHAPE_T_INT, .help = "已追回（分）" }, \
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "金额（分），空为未设定" }, \
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" }, \
	{ .name = "account_masked", .type = SHAPE_T_TEXT, .nullable = true, .help = "账号（脱敏）" }, \
	{ .name = "account_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "账户名称" }, \
	{ .name = "payment_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "支付编号" }, \
	{ .name = "notice_line_id", .type = SHAPE_T_UUID, .nullable = true, .help = "公示条目" }, \
	{ .name = "promised_on", .type = SHAPE_T_DAY, .nullable = true, .help = "承诺办结日" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }, \
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "工作地" }, \
	{ .name = "found_at", .type = SHAPE_T_INSTANT, .help = "发现时间" }, \
	{ .name = "moved_at", .type = SHAPE_T_INSTANT, .help = "最近变动" }

extern const struct shape claim_shape[];

#endif
