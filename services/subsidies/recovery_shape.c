/*
 * recovery_shape.c -- a recovery and its parts on the wire, as the functions
 * recovery_*_json() of the schema write them.
 */
#include "recovery.h"

const struct shape recovery_appeal_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "申诉" },
	{ .name = "recovery_id", .type = SHAPE_T_UUID, .help = "追缴" },
	{ .name = "content", .type = SHAPE_T_TEXT, .help = "申诉理由" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "答复期限" },
	{ .name = "is_late", .type = SHAPE_T_BOOL, .help = "逾期未答复" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "recovery_appeal_states", .help = "状态" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "答复" },
	{ .name = "answered_on", .type = SHAPE_T_DAY, .nullable = true, .help = "答复日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "filed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员（列表）" },
	{ .name = "payee_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "缴款人（列表；个人脱敏）" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "应退回（分，列表）" },
	SHAPE_END
};

static const struct shape instalment_shape[] = {
	{ .name = "seq", .type = SHAPE_T_INT, .help = "期次" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "缴款日" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	SHAPE_END
};

const struct shape recovery_plan_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "分期计划" },
	{ .name = "recovery_id", .type = SHAPE_T_UUID, .help = "追缴" },
	{ .name = "total_cents", .type = SHAPE_T_INT, .help = "合计（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "recovery_plan_states", .help = "状态" },
	{ .name = "agreed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "同意日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "instalments", .type = SHAPE_T_LIST, .of = instalment_shape, .help = "各期" },
	SHAPE_END
};

const struct shape recovery_offset_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "抵扣" },
	{ .name = "recovery_id", .type = SHAPE_T_UUID, .help = "追缴" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "被抵扣的申领" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "抵扣金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "同意或法定" },
	{ .name = "basis_text", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "recovery_offset_states", .help = "状态" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "agreed_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct shape recovery_proposal_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "提议" },
	{ .name = "recovery_id", .type = SHAPE_T_UUID, .help = "追缴" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "recovery_proposal_kinds",
	  .help = "核销或撤销" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "理由" },
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "recovery_proposal_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "proposed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	SHAPE_END
};

static const struct shape step_shape[] = {
	{ .name = "step", .type = SHAPE_T_TEXT, .codes = "recovery_step_names", .help = "环节" },
	{ .name = "from_state", .type = SHAPE_T_TEXT, .nullable = true, .help = "原状态" },
	{ .name = "to_state", .type = SHAPE_T_TEXT, .help = "新状态" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "金额（分）" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

static const struct shape receipt_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "缴款" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "银行缴款或抵扣" },
	{ .name = "bank_ref", .type = SHAPE_T_TEXT, .nullable = true, .help = "银行流水号" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "booked_cents", .type = SHAPE_T_INT, .help = "入账（分）" },
	{ .name = "received_on", .type = SHAPE_T_DAY, .help = "到账日期" },
	{ .name = "refund_cents", .type = SHAPE_T_INT, .nullable = true, .help = "多缴应退（分）" },
	{ .name = "refunded_on", .type = SHAPE_T_DAY, .nullable = true, .help = "退还日期" },
	SHAPE_END
};

static const struct shape referral_shape[] = {
	{ .name = "target", .type = SHAPE_T_TEXT, .help = "移送对象" },
	{ .name = "document_no", .type = SHAPE_T_TEXT, .help = "文号" },
	{ .name = "referred_on", .type = SHAPE_T_DAY, .help = "移送日期" },
	{ .name = "withdrawn_on", .type = SHAPE_T_DAY, .nullable = true, .help = "撤回日期" },
	SHAPE_END
};

const struct shape recovery_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "追缴" },
	{ .name = "recovery_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "通知书编号（含校验位）" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "已发放的申领" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "recovery_sources", .help = "来源" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "payee_kind", .type = SHAPE_T_TEXT, .codes = "payee_kinds", .help = "缴款人类别" },
	{ .name = "payee_id", .type = SHAPE_T_UUID, .help = "缴款人" },
	{ .name = "payee_name", .type = SHAPE_T_TEXT, .help = "缴款人名称（个人脱敏）" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "已发放（分）" },
	{ .name = "owed_cents", .type = SHAPE_T_INT, .help = "依规应享受（分）" },
	{ .name = "before_cents", .type = SHAPE_T_INT, .help = "此前已追回（分）" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "应退回（分）" },
	{ .name = "received_cents", .type = SHAPE_T_INT, .help = "已收（分）" },
	{ .name = "lost_cents", .type = SHAPE_T_INT, .help = "已核销（分）" },
	{ .name = "left_cents", .type = SHAPE_T_INT, .help = "尚欠（分）" },
	{ .name = "late_cents", .type = SHAPE_T_INT, .help = "其中已逾期（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "原因" },
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "recovery_states", .help = "状态" },
	{ .name = "noticed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "通知日期" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "缴款期限" },
	{ .name = "appeal_until", .type = SHAPE_T_DAY, .nullable = true, .help = "申诉期限" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "地区" },
	{ .name = "proposed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "moved_at", .type = SHAPE_T_INSTANT, .help = "最近变动" },
	{ .name = "steps", .type = SHAPE_T_LIST, .nullable = true, .of = step_shape, .help = "经过" },
	{ .name = "receipts", .type = SHAPE_T_LIST, .nullable = true, .of = receipt_shape, .help = "缴款" },
	{ .name = "appeal", .type = SHAPE_T_OBJECT, .nullable = true, .of = recovery_appeal_shape, .help = "申诉" },
	{ .name = "plan", .type = SHAPE_T_OBJECT, .nullable = true, .of = recovery_plan_shape, .help = "分期计划" },
	{ .name = "offsets", .type = SHAPE_T_LIST, .nullable = true, .of = recovery_offset_shape, .help = "抵扣" },
	{ .name = "referrals", .type = SHAPE_T_LIST, .nullable = true, .of = referral_shape, .help = "移送" },
	{ .name = "proposals", .type = SHAPE_T_LIST, .nullable = true, .of = recovery_proposal_shape, .help = "核销、撤销的提议" },
	SHAPE_END
};
