/*
 * policy_rows.h -- the documents of the migrations, and rows of facts that are
 * judged by them. For the tests of shipped policies, each in a file of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "codes/codes.h"
#include "http/errors.h"
#include "services/subsidies/policy.h"

#define POLICIES_MAX	64
#define FILE_MAX	262144
#define QUOTE		"$policy$"

static const char *const files[] = { "sql/subsidies/007_publish_first_policy.sql",
	"sql/subsidies/047_publish_city_policies.sql",
	"sql/subsidies/048_publish_programmes.sql" };

static struct arena	 arena;
static struct policy	*policies[POLICIES_MAX];
static size_t		 npolicies;

static char *
file_text(const char *name)
{
	char	*text = arena_zalloc(&arena, FILE_MAX);
	FILE	*f = fopen(name, "r");
	size_t	 n;

	assert_non_null(f);
	n = fread(text, 1, FILE_MAX - 1, f);
	assert_true(n > 0 && n < FILE_MAX - 1);
	fclose(f);
	return (text);
}

static inline void
load(const char *name)
{
	struct json_errors	 errors;
	char			*at = file_text(name), *end;

	while ((at = strstr(at, QUOTE)) != NULL) {
		at += strlen(QUOTE);
		assert_non_null(end = strstr(at, QUOTE));
		errors.count = 0;
		assert_true(npolicies < POLICIES_MAX);
		policies[npolicies] = policy_check(&arena, at, (size_t)(end - at), &errors);
		if (policies[npolicies++] == NULL)
			fail_msg("%.60s … %s: %s", at, errors.list[0].pointer,
			    error_row((enum error_code)errors.list[0].code)->code);
		at = end + strlen(QUOTE);
	}
}

static int
setup(void **state)
{
	size_t	i;

	(void)state;
	arena_init(&arena);
	assert_int_equal(codes_load("sql/reference"), 0);
	for (i = 0; i < NITEMS(files); i++)
		load(files[i]);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

static const struct policy *
policy_of(const char *code, int64_t version)
{
	size_t	i;

	for (i = 0; i < npolicies; i++) {
		if (strcmp(policies[i]->code, code) == 0 && policies[i]->version == version)
			return (policies[i]);
	}
	fail_msg("no %s of version %lld", code, (long long)version);
	return (NULL);
}

/* `base` with the members of `but` in place of its own; null: unknown. */
static const char *
merged(const char *base, const char *but)
{
	const char		*text = arena_printf(&arena, "{%s}", base);
	const struct json	*a = json_parse(&arena, text, strlen(text)), *b;
	struct json_out		 out;
	struct buf		 buf;
	size_t			 i;

	text = arena_printf(&arena, "{%s}", but);
	b = json_parse(&arena, text, strlen(text));
	if (a == NULL || b == NULL)
		fail_msg("no JSON: %s | %s", base, but);
	buf_init(&buf, 65536);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	for (i = 0; i < json_count(a); i++) {
		if (json_get(b, json_key(a, i)) == NULL)
			json_put_raw(&out, json_key(a, i), json_text(&arena, json_value(a, i)));
	}
	for (i = 0; i < json_count(b); i++)
		json_put_raw(&out, json_key(b, i), json_text(&arena, json_value(b, i)));
	json_close(&out);
	text = arena_strdup(&arena, buf_cstr(&buf));
	buf_release(&buf);
	return (text);
}

/* One row: these facts, this answer. `amount`: cents; 0: none. */
struct row {
	const char	*but;
	const char	*verdict;
	const char	*reason;
	int64_t		 amount;
};

/* Once through judging, once more through its own facts: the same bytes. */
static inline void
check_row(const struct policy *p, const char *base, const struct row *row)
{
	struct judgement	 a, b;
	const char		*facts = merged(base, row->but);

	assert_true(policy_judge(&arena, p, facts, &a));
	assert_true(policy_judge(&arena, p, facts, &b));
	assert_string_equal(a.results, b.results);
	if (strcmp(a.verdict, row->verdict) != 0 ||
	    strcmp(a.reason == NULL ? "" : a.reason, row->reason) != 0 ||
	    a.amount_cents != row->amount || a.has_amount != (row->amount > 0))
		fail_msg("%s %s: %s %s %lld, not %s %s %lld\n%s", p->code, row->but, a.verdict,
		    a.reason, (long long)a.amount_cents, row->verdict, row->reason,
		    (long long)row->amount, a.results);
}

#define ROWS(code, version, base, rows)	check_rows(code, version, base, rows, NITEMS(rows))

static inline void
check_rows(const char *code, int64_t version, const char *base, const struct row *rows, size_t n)
{
	const struct policy	*p = policy_of(code, version);
	size_t			 i;

	for (i = 0; i < n; i++)
		check_row(p, base, &rows[i]);
}

#define ALIVE	"\"deceased\":false,\"in_custody\":false,\"draws_pension\":false,\"enrolled\":false," \
		"\"on_payroll\":false,\"holds_licence\":false"
#define SOUND	"\"org_kind\":\"enterprise\",\"org_dishonest\":false,\"org_owes_wages\":false"
#define NOBODY_SPECIAL	"\"difficult\":false,\"unemployed\":false,\"poverty_watch\":false," \
		"\"poverty_lifted\":false,\"returning\":false,\"veteran\":false,\"school_leaver\":false," \
		"\"rural_transfer\":false,\"on_graduate_roster\":false"
#define GRADUATE_2024	"\"on_graduate_roster\":true,\"graduated_on\":\"2024-06-30\""
