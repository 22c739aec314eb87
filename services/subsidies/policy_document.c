/*
 * policy_document.c -- a policy document taken apart and checked.
 *
 * Invariant: what is not understood is refused. A document that compiles can
 * be published, decided by, and paid under without a further question.
 */
#include "policy_priv.h"

#include "crypt/crypt.h"

const char *const policy_subjects[] = { "employment",
#define SUBJECT_true(name)	name,
#define SUBJECT_false(name)
#define FACT_KIND(id, name, title, holder, subject, code, numbers)	SUBJECT_##subject(name)
#include "fact_kinds.def"
#undef FACT_KIND
	NULL };
const char *const policy_beneficiaries[] = { "employer", "person", "referrer", NULL };
const char *const policy_modes[] = { "auto", "direct", "apply", "round", NULL };
static const char *const releases[] = { "auto", "officer", NULL };
static const char *const periods[] = { "once", "month", "quarter", "year", NULL };

const struct field policy_fields[] = {
	FIELD_TEXT(policy_in, code, REQUIRED, 2, 16, "政策代码"),
	FIELD_INT(policy_in, version, REQUIRED, 1, 10000, "版本"),
	FIELD_TEXT(policy_in, title, REQUIRED, 2, 60, "名称"),
	FIELD_ENUM(policy_in, subject, REQUIRED, policy_subjects, "以什么为对象逐个判断"),
	FIELD_ENUM(policy_in, beneficiary, REQUIRED, policy_beneficiaries, "受益人"),
	FIELD_ENUM(policy_in, mode, OPTIONAL, policy_modes, "办理方式，默认免申即享"),
	FIELD_ENUM(policy_in, release, OPTIONAL, releases, "自动告知，或由经办人放行"),
	FIELD_ENUM(policy_in, period, OPTIONAL, periods, "一次、按月、按季或按年享受"),
	FIELD_JSON(policy_in, legal_basis, REQUIRED, 4096, "依据文件，字符串列表"),
	FIELD_DAY(policy_in, effective_from, REQUIRED, "执行期起"),
	FIELD_DAY(policy_in, effective_to, OPTIONAL, "执行期止，空为长期"),
	FIELD_TEXT(policy_in, benefit_family, REQUIRED, 2, 40, "互斥的同类补助"),
	FIELD_JSON(policy_in, holds, OPTIONAL, 2048, "占用：[{family, holder, over, times}]"),
	FIELD_JSON(policy_in, frequency, REQUIRED, 256, "享受次数：{times, over}"),
	FIELD_TEXT(policy_in, fund_source, REQUIRED, 2, 40, "资金来源代码"),
	FIELD_JSON(policy_in, amount, OPTIONAL, 16384,
	    "标准：{kind: fixed, amount_cents} 或 {kind: rule, rule, cap_cents}；null 为未设定"),
	FIELD_INT(policy_in, notice_working_days, REQUIRED, 1, 30, "公示工作日"),
	FIELD_INT(policy_in, promised_working_days, REQUIRED, 1, 250, "承诺办结工作日"),
	FIELD_JSON(policy_in, approval, REQUIRED, 2048, "审批环节：[{step, tiers: [{up_to_cents, level}]}]"),
	FIELD_JSON(policy_in, evidence, OPTIONAL, 8192, "材料：[{code, title, when, conditions}]"),
	FIELD_JSON(policy_in, conditions, REQUIRED, 65536, "条件"),
	FIELD_JSON(policy_in, exclusions, REQUIRED, 65536, "排除条件"),
	FIELD_END
};

static struct policy *compile(struct arena *, const char *, size_t, bool, struct json_errors *);
static void	 take_words(struct policy *, const struct policy_in *);
static void	 read_parts(struct policy_reader *, const struct policy_in *, const struct json *);
static const char *joined(struct policy_reader *, const char *);

struct policy *
policy_compile(struct arena *arena, const char *text, size_t len, struct json_errors *errors)
{
	return (compile(arena, text, len, false, errors));
}

struct policy *
policy_check(struct arena *arena, const char *text, size_t len, struct json_errors *errors)
{
	return (compile(arena, text, len, true, errors));
}

static struct policy *
compile(struct arena *arena, const char *text, size_t len, bool codes, struct json_errors *errors)
{
	struct policy_in	 in;
	struct policy		*p = arena_zalloc(arena, sizeof(*p));
	struct policy_reader	 r = { arena, p, errors, codes };
	struct rule_set		*rules;
	uint8_t			 digest[32];
	const struct json	*doc;
	size_t			 i;

	if (json_decode(arena, text, len, policy_fields, &in, sizeof(in), errors) == -1)
		return (NULL);
	doc = json_parse(arena, text, len);
	take_words(p, &in);
	p->rules = rules = rule_compile(arena, doc, in.subject, codes, facts_catalogue,
	    facts_count, errors);
	for (i = 0; rules != NULL && i < rules->count; i++)
		p->facts |= rules->conditions[i].facts;
	read_parts(&r, &in, doc);
	p->document = arena_strndup(arena, text, len);
	sha256(text, len, digest);
	p->hash = hex_encode(arena, digest, sizeof(digest));
	return (errors->count == 0 ? p : NULL);
}

static void
take_words(struct policy *p, const struct policy_in *in)
{
	p->code = in->code;
	p->title = in->title;
	p->version = in->version;
	p->subject = in->subject;
	p->beneficiary = in->beneficiary;
	p->mode = in->mode != NULL ? in->mode : "auto";
	p->release = in->release != NULL ? in->release : "auto";
	p->period = in->period != NULL ? in->period : "once";
	p->benefit_family = in->benefit_family;
	p->fund_source = in->fund_source;
	p->effective_from = in->effective_from;
	p->effective_to = in->effective_to;
	p->notice_working_days = in->notice_working_days;
	p->promised_working_days = in->promised_working_days;
}

static void
read_parts(struct policy_reader *r, const struct policy_in *in, const struct json *doc)
{
	if (in->effective_to != DAY_NONE && in->effective_to < in->effective_from)
		policy_wrong(r, ERR_F_DATE_ORDER, "/effective_to");
	if (strcmp(in->beneficiary, "referrer") == 0 && strcmp(in->subject, "referral") != 0)
		policy_wrong(r, ERR_F_CHOICE, "/beneficiary");
	r->policy->legal_basis = joined(r, in->legal_basis);
	if (r->policy->rules != NULL)
		policy_read_amount(r, doc);
	policy_read_approval(r, in->approval);
	policy_read_frequency(r, in->frequency);
	policy_read_holds(r, in->holds);
	if (in->evidence != NULL && r->policy->rules != NULL)
		policy_read_evidence(r, in->evidence);
}

static const char *
joined(struct policy_reader *r, const char *list)
{
	const struct json	*j = json_parse(r->arena, list, strlen(list));
	const char		*out = "", *text;
	size_t			 i;

	if (json_count(j) == 0 || !json_is_array(j))
		policy_wrong(r, ERR_F_COUNT, "/legal_basis");
	for (i = 0; i < json_count(j) && json_is_array(j); i++) {
		if ((text = json_string(json_at(j, i))) == NULL) {
			policy_wrong(r, ERR_F_TYPE, "/legal_basis");
			return (out);
		}
		out = arena_printf(r->arena, "%s%s%s", out, i == 0 ? "" : "；", text);
	}
	return (out);
}

void
policy_wrong(struct policy_reader *r, int code, const char *pointer)
{
	struct json_errors	*e = r->errors;

	if (e->count < JSON_ERRORS_MAX)
		e->list[e->count++] = (struct json_error){ pointer, code };
}

const char *
policy_choice(struct policy_reader *r, const struct json *j, const char *const *set,
    const char *pointer)
{
	const char	*word = j == NULL ? NULL : json_string(j);
	size_t		 i;

	for (i = 0; word != NULL && set[i] != NULL; i++) {
		if (strcmp(set[i], word) == 0)
			return (set[i]);
	}
	policy_wrong(r, j == NULL ? ERR_F_MISSING : word == NULL ? ERR_F_TYPE : ERR_F_CHOICE, pointer);
	return (NULL);
}
