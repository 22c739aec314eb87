/*
 * calculator_item.c -- one policy's answer in the calculator; see calculator.h.
 */
#include "calculator.h"

#include "explain.h"

static const char *verdict_of(const struct policy *, const struct judgement *,
		    const struct calc_about *);
static const char *next_step(const struct policy *, const char *verdict);
static void	 put_conditions(struct json_out *, struct arena *, const struct policy *,
		    const struct judgement *, bool, const char *, enum tri);
static void	 put_evidence(struct json_out *, const struct policy *, const struct judgement *);

const struct shape calc_item_shape[] = {
	{ .name = "policy_id", .type = SHAPE_T_UUID, .help = "政策版本" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "政策名称" },
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "mode", .type = SHAPE_T_TEXT, .codes = "policy_modes", .help = "办理方式" },
	{ .name = "beneficiary", .type = SHAPE_T_TEXT, .help = "受益人" },
	{ .name = "verdict", .type = SHAPE_T_TEXT,
	  .help = "eligible 可享受、unset 符合但标准未设定、taken 已享受、waiting 待核实、refused 不符合" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "金额（分），空为未设定或不能确定" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "subject_kind", .type = SHAPE_T_TEXT, .codes = "policy_subjects",
	  .help = "判断对象的种类" },
	{ .name = "subject_id", .type = SHAPE_T_UUID, .nullable = true, .help = "判断对象；空为尚无此类记录" },
	{ .name = "subject_on", .type = SHAPE_T_DAY, .nullable = true, .help = "判断对象的日期" },
	{ .name = "period", .type = SHAPE_T_TEXT, .nullable = true, .help = "享受期间" },
	{ .name = "eligible_count", .type = SHAPE_T_INT, .help = "符合条件的记录数" },
	{ .name = "met", .type = SHAPE_T_LIST, .help = "已满足的条件" },
	{ .name = "unmet", .type = SHAPE_T_LIST, .help = "不满足的条件" },
	{ .name = "unknown", .type = SHAPE_T_LIST, .help = "尚不能确定的条件" },
	{ .name = "evidence", .type = SHAPE_T_LIST, .help = "仍需提供的材料" },
	{ .name = "next", .type = SHAPE_T_TEXT, .help = "下一步" },
	SHAPE_END
};

void
calc_item(struct json_out *out, struct arena *arena, const struct policy *p,
    const struct judgement *j, const struct calc_about *about)
{
	const char	*verdict = verdict_of(p, j, about);

	json_open(out, NULL);
	json_put_uuid(out, "policy_id", &p->id);
	json_put_text(out, "policy_code", p->code);
	json_put_text(out, "title", p->title);
	json_put_text(out, "legal_basis", p->legal_basis);
	json_put_text(out, "mode", p->mode);
	json_put_text(out, "beneficiary", p->beneficiary);
	json_put_text(out, "verdict", verdict);
	if (j->has_amount)
		json_put_int(out, "amount_cents", j->amount_cents);
	else
		json_put_raw(out, "amount_cents", "null");
	json_put_text(out, "currency", "CNY");
	json_put_text(out, "subject_kind", p->subject);
	json_put_text(out, "subject_id", about->subject_id);
	json_put_day(out, "subject_on", about->subject_on);
	json_put_text(out, "period", about->period);
	json_put_int(out, "eligible_count", (int64_t)about->eligible);
	put_conditions(out, arena, p, j, about->sees_person, "met", TRI_TRUE);
	put_conditions(out, arena, p, j, about->sees_person, "unmet", TRI_FALSE);
	put_conditions(out, arena, p, j, about->sees_person, "unknown", TRI_UNKNOWN);
	put_evidence(out, p, j);
	json_put_text(out, "next", next_step(p, verdict));
	json_close(out);
}

static const char *
verdict_of(const struct policy *p, const struct judgement *j, const struct calc_about *about)
{
	if (about->taken)
		return ("taken");
	if (strcmp(j->verdict, "eligible") == 0 && (!p->has_amount || !j->has_amount))
		return ("unset");
	return (j->verdict);
}

static const char *
next_step(const struct policy *p, const char *verdict)
{
	static const struct { const char *mode, *text; } steps[] = {
		{ "auto", "免申即享：系统自动发现并通知，无需申请" },
		{ "direct", "直补快办：数据已核实，一键确认收款账户即可" },
		{ "apply", "申请办理：提交材料，可在线或到就近网点办理" },
		{ "round", "评选：请在评选公告期内申报" },
	};
	size_t	i;

	if (strcmp(verdict, "taken") == 0)
		return ("已在办理或已享受，可在申领记录中查看进度");
	if (strcmp(verdict, "unset") == 0)
		return ("符合条件；补贴标准未设定，设定后自动办理");
	if (strcmp(verdict, "refused") == 0)
		return ("暂不符合；资料变化后系统会自动重新判断");
	if (strcmp(verdict, "waiting") == 0)
		return ("资料齐全后自动判断；可补充的材料见清单");
	for (i = 0; i < NITEMS(steps); i++) {
		if (strcmp(steps[i].mode, p->mode) == 0)
			return (steps[i].text);
	}
	return ("");
}

static void
put_conditions(struct json_out *out, struct arena *arena, const struct policy *p,
    const struct judgement *j, bool sees_person, const char *name, enum tri which)
{
	size_t	i;

	json_open_list(out, name);
	for (i = 0; i < p->rules->count; i++) {
		if (j->result.answers[i].holds == which)
			json_put_text(out, NULL, explain_condition(arena, p, j, i, sees_person));
	}
	json_close_list(out);
}

/* Papers that are always asked for, and those for what is unknown. */
static void
put_evidence(struct json_out *out, const struct policy *p, const struct judgement *j)
{
	const struct policy_evidence	*e;
	size_t				 i, k, n;
	bool				 needed;

	json_open_list(out, "evidence");
	for (e = p->evidence; e < p->evidence + p->nevidence; e++) {
		needed = e->always;
		for (i = 0; i < e->nconditions && !needed; i++) {
			for (k = 0, n = p->rules->count; k < n; k++)
				needed |= j->result.answers[k].holds == TRI_UNKNOWN &&
				    strcmp(p->rules->conditions[k].code, e->conditions[i]) == 0;
		}
		if (needed)
			json_put_text(out, NULL, e->title);
	}
	json_close_list(out);
}
