/*
 * fuzz_policy.c -- any bytes as a policy document, or as its rule and its
 * amount: what is wrong is refused with a pointer, and what compiles can be
 * judged on any facts, comes to the same twice, and never pays less than a 分.
 */
#include "fuzz.h"
#include "base/clock.h"
#include "services/subsidies/policy.h"

#define LISTED	6	/* days of a list */

static const char head[] = "{\"code\":\"FUZZ\",\"version\":1,\"title\":\"试行\",\"subject\":\"certificate\","
	"\"beneficiary\":\"person\",\"mode\":\"direct\",\"legal_basis\":[\"试行\"],"
	"\"effective_from\":\"2025-01-01\",\"effective_to\":null,\"benefit_family\":\"fuzz\","
	"\"frequency\":{\"times\":1,\"over\":\"ever\"},\"fund_source\":\"fuzz\",\"notice_working_days\":5,"
	"\"promised_working_days\":20,\"approval\":[\"first_review\",\"recheck\",\"approve\"],"
	"\"exclusions\":[],\"conditions\":[{\"code\":\"c\",\"title\":\"t\",\"refusal\":\"r\",\"rule\":";

/* A whole document behind 'D'; otherwise a rule, a newline and an amount. */
static struct policy *
compiled(struct arena *arena, const char *bytes, size_t len, struct json_errors *errors)
{
	const char	*cut = memchr(bytes, '\n', len), *text;

	if (len > 0 && bytes[0] == 'D')
		return (policy_check(arena, bytes + 1, len - 1, errors));
	text = arena_printf(arena, "%s%.*s}],\"amount\":{\"kind\":\"rule\",\"rule\":%.*s}}", head,
	    (int)(cut == NULL ? len : (size_t)(cut - bytes)), bytes,
	    cut == NULL ? 4 : (int)(len - (size_t)(cut + 1 - bytes)), cut == NULL ? "null" : cut + 1);
	return (policy_check(arena, text, strlen(text), errors));
}

static uint32_t
next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8);
}

/* As facts_load() might have read them: some known, days ascending. */
static void
make_up(struct arena *arena, uint32_t *seed, struct rule_value *facts)
{
	int32_t	*days;
	size_t	 i, k;

	memset(facts, 0, RULE_FACTS_MAX * sizeof(*facts));
	for (i = 0; i < facts_count; i++) {
		facts[i].known = next(seed) % 3 != 0;
		facts[i].i = facts_catalogue[i].type == RULE_INT && next(seed) % 4 == 0 ?
		    (int64_t)((uint64_t)next(seed) << 40 | next(seed)) : (int64_t)(next(seed) % 40000);
		if (facts_catalogue[i].type == RULE_BOOL)
			facts[i].i %= 2;
		facts[i].text = facts_catalogue[i].type == RULE_TEXT ? "4-07-03-04" : NULL;
		if (facts_catalogue[i].type != RULE_DAYS)
			continue;
		facts[i].days = days = arena_alloc(arena, LISTED * sizeof(*days));
		for (k = 0; k < LISTED; k++)
			days[k] = (int32_t)(k == 0 ? 18000 : days[k - 1] + (int32_t)(next(seed) % 60));
		facts[i].count = next(seed) % (LISTED + 1);
	}
}

static void
judge(struct arena *arena, const struct policy *p, uint32_t seed)
{
	static struct rule_value	facts[RULE_FACTS_MAX];
	struct judgement		a, b;
	const char			*once, *again;

	make_up(arena, &seed, facts);
	policy_weigh(p, facts, &a);
	policy_weigh(p, facts, &b);
	MUST(a.verdict == b.verdict && a.amount_cents == b.amount_cents);
	MUST(a.has_amount == (a.amount_cents > 0));
	MUST(!a.has_amount || strcmp(a.verdict, "eligible") == 0);
	MUST((a.reason == NULL) == (strcmp(a.verdict, "eligible") == 0));
	MUST(a.silent == !policy_concerns(p, facts));
	once = policy_results(arena, p, &a);
	again = policy_results(arena, p, &b);
	MUST((once == NULL) == (again == NULL));
	MUST(once == NULL || strcmp(once, again) == 0);
	MUST(once == NULL || json_parse(arena, once, strlen(once)) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct json_errors	 errors = { .count = 0 };
	struct arena		 arena;
	struct policy		*p;
	char			*text = copy_of((const char *)bytes, len);
	uint32_t		 seed;
	size_t			 i;

	arena_init(&arena);
	p = compiled(&arena, text, len, &errors);
	MUST((p == NULL) == (errors.count > 0));
	for (i = 0; i < errors.count; i++)
		MUST(errors.list[i].pointer != NULL && errors.list[i].code != 0);
	for (seed = 0; p != NULL && seed < 8; seed++)
		judge(&arena, p, seed * 7919 + (uint32_t)len);
	arena_release(&arena);
	free(text);
	return (0);
}
