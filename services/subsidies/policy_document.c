/*
 * policy_document.c -- a policy document taken apart and checked.
 *
 * Invariant: what is not understood is refused. A document that compiles can
 * be published, decided by, and paid under without a further question.
 */
#include "policy.h"

#include "crypt/crypt.h"
#include "policy_fields.h"

#define AMOUNT_MAX	INT64_C(1000000000)	/* 1,000 万元 for one person */

static const char *const subjects[] = { "employment", NULL };
static const char *const beneficiaries[] = { "employer", NULL };
static const char *const frequencies[] = { "once_per_person_ever", NULL };

const struct field policy_fields[] = {
	FIELD_TEXT(policy_in, code, REQUIRED, 2, 16, "政策代码"),
	FIELD_INT(policy_in, version, REQUIRED, 1, 10000, "版本"),
	FIELD_TEXT(policy_in, title, REQUIRED, 2, 60, "名称"),
	FIELD_ENUM(policy_in, subject, REQUIRED, subjects, "以什么为对象逐个判断"),
	FIELD_ENUM(policy_in, beneficiary, REQUIRED, beneficiaries, "受益人"),
	FIELD_JSON(policy_in, legal_basis, REQUIRED, 4096, "依据文件，字符串列表"),
	FIELD_DAY(policy_in, effective_from, REQUIRED, "执行期起"),
	FIELD_DAY(policy_in, effective_to, REQUIRED, "执行期止"),
	FIELD_TEXT(policy_in, benefit_family, REQUIRED, 2, 40, "互斥的同类补助"),
	FIELD_ENUM(policy_in, frequency, REQUIRED, frequencies, "享受次数"),
	FIELD_TEXT(policy_in, fund_source, REQUIRED, 2, 40, "资金来源代码"),
	FIELD_JSON(policy_in, amount, REQUIRED, 1024, "标准：{kind: fixed, amount_cents: 分或 null（未设定）}"),
	FIELD_INT(policy_in, notice_working_days, REQUIRED, 1, 30, "公示工作日"),
	FIELD_INT(policy_in, promised_working_days, REQUIRED, 1, 250, "承诺办结工作日"),
	FIELD_JSON(policy_in, approval, REQUIRED, 512, "审批环节"),
	FIELD_JSON(policy_in, conditions, REQUIRED, 65536, "条件"),
	FIELD_JSON(policy_in, exclusions, REQUIRED, 65536, "排除条件"),
	FIELD_END
};

static void	 check_parts(struct arena *, const struct policy_in *, struct policy *,
		    struct json_errors *);
static void	 check_amount(struct arena *, const char *, struct policy *, struct json_errors *);
static const char *joined(struct arena *, const char *, struct json_errors *);
static void	 add_error(struct json_errors *, const char *, int);

struct policy *
policy_compile(struct arena *arena, const char *text, size_t len, struct json_errors *errors)
{
	struct policy_in	 in;
	struct policy		*p = arena_zalloc(arena, sizeof(*p));
	uint8_t			 digest[32];
	const struct json	*doc;

	if (json_decode(arena, text, len, policy_fields, &in, sizeof(in), errors) == -1)
		return (NULL);
	doc = json_parse(arena, text, len);
	p->rules = rule_compile(arena, doc, facts_catalogue, facts_count, errors);
	check_parts(arena, &in, p, errors);
	p->code = in.code;
	p->title = in.title;
	p->version = in.version;
	p->notice_working_days = in.notice_working_days;
	p->promised_working_days = in.promised_working_days;
	p->document = arena_strndup(arena, text, len);
	sha256(text, len, digest);
	p->hash = hex_encode(arena, digest, sizeof(digest));
	return (errors->count == 0 ? p : NULL);
}

static void
check_parts(struct arena *arena, const struct policy_in *in, struct policy *p,
    struct json_errors *errors)
{
	static const char	*steps[] = { "first_review", "recheck", "approve" };
	const struct json	*approval = json_parse(arena, in->approval, strlen(in->approval));
	const char		*step;
	size_t			 i;

	if (in->effective_to < in->effective_from)
		add_error(errors, "/effective_to", ERR_F_DATE_ORDER);
	p->legal_basis = joined(arena, in->legal_basis, errors);
	check_amount(arena, in->amount, p, errors);
	if (json_count(approval) != NITEMS(steps))
		add_error(errors, "/approval", ERR_F_COUNT);
	for (i = 0; i < NITEMS(steps) && json_count(approval) == NITEMS(steps); i++) {
		step = json_string(json_at(approval, i));
		if (step == NULL || strcmp(step, steps[i]) != 0)
			add_error(errors, "/approval", ERR_F_CHOICE);
	}
}

/* {kind: "fixed", amount_cents: n}; null is 未设定 and refuses to pay. */
static void
check_amount(struct arena *arena, const char *text, struct policy *p, struct json_errors *errors)
{
	const struct json	*j = json_parse(arena, text, strlen(text));
	const struct json	*cents = json_get(j, "amount_cents");
	const char		*kind = json_string(json_get(j, "kind"));

	if (kind == NULL || strcmp(kind, "fixed") != 0)
		add_error(errors, "/amount/kind", ERR_F_CHOICE);
	if (cents == NULL || json_count(j) != 2)
		add_error(errors, "/amount", cents == NULL ? ERR_F_MISSING : ERR_F_UNKNOWN);
	if (cents == NULL || json_is_null(cents))
		return;
	if (!json_integer(cents, &p->amount_cents))
		add_error(errors, "/amount/amount_cents", ERR_F_TYPE);
	else if (p->amount_cents < 1 || p->amount_cents > AMOUNT_MAX)
		add_error(errors, "/amount/amount_cents",
		    p->amount_cents < 1 ? ERR_F_SMALL : ERR_F_LARGE);
	else
		p->has_amount = true;
}

static const char *
joined(struct arena *arena, const char *list, struct json_errors *errors)
{
	const struct json	*j = json_parse(arena, list, strlen(list));
	const char		*out = "", *text;
	size_t			 i;

	if (json_count(j) == 0 || !json_is_array(j))
		add_error(errors, "/legal_basis", ERR_F_COUNT);
	for (i = 0; i < json_count(j) && json_is_array(j); i++) {
		if ((text = json_string(json_at(j, i))) == NULL) {
			add_error(errors, "/legal_basis", ERR_F_TYPE);
			return (out);
		}
		out = arena_printf(arena, "%s%s%s", out, i == 0 ? "" : "；", text);
	}
	return (out);
}

static void
add_error(struct json_errors *errors, const char *pointer, int code)
{
	if (errors->count < JSON_ERRORS_MAX)
		errors->list[errors->count++] = (struct json_error){ pointer, code };
}
