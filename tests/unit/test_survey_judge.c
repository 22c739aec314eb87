/*
 * test_survey_judge.c -- a monthly report that contradicts itself is refused,
 * every fault at its field, whatever the form's version asks for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "http/errors.h"
#include "services/monitoring/survey.h"

#define LAYOFF		"layoff", NULL, "orders"
#define MORE		"{\"posts\":3,\"why\":\"停工\"}"
#define LONG_20		"停工停工停工停工停工停工停工停工停工停工"
#define LONG_200	LONG_20 LONG_20 LONG_20 LONG_20 LONG_20 LONG_20 LONG_20 LONG_20 LONG_20 LONG_20

struct judged {
	int64_t		 heads;		/* of 100 */
	const char	*type, *text;
	const char	*reasons;	/* "orders other=外移" */
	const char	*more;
	const char	*whole;		/* the faults when it is handed in */
	const char	*draft;		/* and when it is only kept */
};

static struct arena		arena;
static struct survey_terms	terms;

static const char *const types[] = { "closed", "suspended", "layoff", "transferred", "natural",
	"contract_ended", "international", "disaster", "major_event", "other" };
static const char *const reasons[] = { "restructuring", "technology", "energy", "outdated", "orders",
	"materials", "labour_cost", "natural", "funds", "tax", "seasonal", "resigned", "moved", "dispatch", "other" };

/* A form with the words of the first version, and one item of each kind and need. */
static const char more_items[] =
    "[{\"code\":\"posts\",\"kind\":\"count\",\"needed\":\"always\"},"
    "{\"code\":\"why\",\"kind\":\"text\",\"needed\":\"fewer\"},"
    "{\"code\":\"paid\",\"kind\":\"count\",\"needed\":\"optional\"},"
    "{\"code\":\"note\",\"kind\":\"text\",\"needed\":\"optional\"}]";

static const struct judged cases[] = {
	/* the two headcounts, and what hangs on them */
	{ 100, NULL, NULL, "", "{\"posts\":3}", "", "" },
	{ 101, NULL, NULL, "", "{\"posts\":0,\"note\":\"新增产线\"}", "", "" },
	{ 90, LAYOFF, MORE, "", "" },
	{ 0, "closed", NULL, "funds orders other=外移", MORE, "", "" },
	{ 90, NULL, NULL, "", MORE, "/decrease_type field.missing, /reasons field.missing", "" },
	{ 90, "layoff", NULL, "", MORE, "/reasons field.missing", "" },
	{ 90, NULL, NULL, "orders", MORE, "/decrease_type field.missing", "" },
	{ 90, LAYOFF, NULL, "/more/posts field.missing, /more/why field.missing", "" },
	{ 100, LAYOFF, "{\"posts\":3}", "/decrease_type monitoring.no_decrease, /reasons monitoring.no_decrease", "" },
	{ 101, NULL, NULL, "orders luck", "{\"posts\":3}", "/reasons monitoring.no_decrease",
	  "/reasons/1/code field.choice" },
	{ 100, "other", "外移", "", "{\"posts\":3}",
	  "/decrease_type monitoring.no_decrease, /decrease_text monitoring.no_decrease", "" },
	{ 100, NULL, "外移", "", "{\"posts\":3}", "/decrease_text monitoring.no_decrease",
	  "/decrease_text monitoring.no_decrease" },
	/* the type and its text */
	{ 90, "luck", NULL, "orders", MORE, "/decrease_type field.choice", "/decrease_type field.choice" },
	{ 90, "layoff", "外移", "orders", MORE, "/decrease_text field.unknown", "/decrease_text field.unknown" },
	{ 90, "other", NULL, "orders", MORE, "/decrease_text field.missing", "" },
	{ 90, NULL, "外移", "orders", MORE, "/decrease_type field.missing, /decrease_text field.unknown",
	  "/decrease_text field.unknown" },
	/* the reasons: three at most, each once, 其他 with its text */
	{ 90, "layoff", NULL, "orders tax funds energy", MORE, "/reasons field.count", "/reasons field.count" },
	{ 90, "layoff", NULL, "orders tax orders", MORE, "/reasons/2/code field.duplicate",
	  "/reasons/2/code field.duplicate" },
	{ 90, "layoff", NULL, "other=外移 other=搬迁", MORE, "/reasons/1/code field.duplicate",
	  "/reasons/1/code field.duplicate" },
	{ 90, "layoff", NULL, "luck orders=订单", MORE, "/reasons/0/code field.choice, /reasons/1/text field.unknown",
	  "/reasons/0/code field.choice, /reasons/1/text field.unknown" },
	{ 90, "layoff", NULL, "other", MORE, "/reasons/0/text field.missing", "" },
	/* further items: a count, a text, needed or not */
	{ 100, NULL, NULL, "", "{}", "/more/posts field.missing", "" },
	{ 100, NULL, NULL, "", "{\"posts\":null}", "/more/posts field.missing", "" },
	{ 100, NULL, NULL, "", "{\"posts\":\"3\"}", "/more/posts field.type", "/more/posts field.type" },
	{ 100, NULL, NULL, "", "{\"posts\":1.5}", "/more/posts field.type", "/more/posts field.type" },
	{ 100, NULL, NULL, "", "{\"posts\":-1}", "/more/posts field.too_small", "/more/posts field.too_small" },
	{ 100, NULL, NULL, "", "{\"posts\":1000000}", "", "" },
	{ 100, NULL, NULL, "", "{\"posts\":1000001}", "/more/posts field.too_large", "/more/posts field.too_large" },
	{ 100, NULL, NULL, "", MORE, "/more/why monitoring.no_decrease", "" },
	{ 100, NULL, NULL, "", "{\"posts\":3,\"why\":null}", "", "" },
	{ 90, LAYOFF, "{\"posts\":3,\"why\":null}", "/more/why field.missing", "" },
	{ 90, LAYOFF, "{\"posts\":3,\"why\":7}", "/more/why field.type", "/more/why field.type" },
	{ 90, LAYOFF, "{\"posts\":3,\"why\":\"\"}", "/more/why field.too_short", "/more/why field.too_short" },
	{ 90, LAYOFF, "{\"posts\":3,\"why\":\"" LONG_200 "\"}", "", "" },
	{ 90, LAYOFF, "{\"posts\":3,\"why\":\"" LONG_200 "停\"}", "/more/why field.too_long", "/more/why field.too_long" },
	{ 100, NULL, NULL, "", "{\"posts\":3,\"paid\":0}", "", "" },
	{ 100, NULL, NULL, "", "{\"posts\":3,\"note\":[]}", "/more/note field.type", "/more/note field.type" },
	{ 100, NULL, NULL, "", "{\"posts\":3,\"what\":1}", "/more/what field.unknown", "/more/what field.unknown" },
	{ 100, NULL, NULL, "", "{\"posts\":3,\"a/b~\":1}", "/more/a~1b~0 field.unknown", "/more/a~1b~0 field.unknown" },
	{ 100, NULL, NULL, "", "[]", "/more field.type", "/more field.type" },
	{ 100, NULL, NULL, "", "\"无\"", "/more field.type", "/more field.type" },
	/* everything at once is named at once */
	{ 90, "luck", NULL, "tax tax orders=多余 other", "{\"posts\":-1,\"why\":\"\",\"what\":1}",
	  "/decrease_type field.choice, /reasons field.count, /reasons/1/code field.duplicate, "
	  "/reasons/2/text field.unknown, /reasons/3/text field.missing, /more/what field.unknown, "
	  "/more/posts field.too_small, /more/why field.too_short",
	  "/decrease_type field.choice, /reasons field.count, /reasons/1/code field.duplicate, "
	  "/reasons/2/text field.unknown, /more/what field.unknown, /more/posts field.too_small, "
	  "/more/why field.too_short" },
};

static const struct json *
words(const char *const *codes, size_t n)
{
	const char	*list = "[";
	size_t		 i;

	for (i = 0; i < n; i++)
		list = arena_printf(&arena, "%s%s{\"code\":\"%s\"%s}", list, i > 0 ? "," : "", codes[i],
		    strcmp(codes[i], "other") == 0 ? ",\"needs_text\":true" : "");
	list = arena_printf(&arena, "%s]", list);
	return (json_parse(&arena, list, strlen(list)));
}

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena);
	terms = (struct survey_terms){ .types = words(types, 10), .reasons = words(reasons, 15),
		.more = json_parse(&arena, more_items, strlen(more_items)), .reasons_most = 3, .base_heads = 100 };
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

/* "orders other=外移" */
static struct list_of
reasons_of(const char *text)
{
	struct survey_reason	*r = arena_alloc(&arena, SURVEY_REASONS_MAX * sizeof(*r));
	char			*word, *rest = arena_strdup(&arena, text), *is;
	size_t			 n = 0;

	while ((word = strtok_r(rest, " ", &rest)) != NULL) {
		if ((is = strchr(word, '=')) != NULL)
			*is++ = '\0';
		r[n++] = (struct survey_reason){ word, is };
	}
	return ((struct list_of){ n, r });
}

/* The faults as "pointer code, pointer code". */
static const char *
faults(int64_t base, const struct judged *c, bool whole)
{
	struct survey_in	 in = { .base_heads = base, .current_heads = c->heads, .decrease_type = c->type,
				     .decrease_text = c->text, .reasons = reasons_of(c->reasons), .more = c->more };
	struct json_errors	 e = { .count = 0 };
	const char		*text = "";
	size_t			 i;

	survey_judge(&arena, &in, &terms, whole, &e);
	for (i = 0; i < e.count; i++)
		text = arena_printf(&arena, "%s%s%s %s", text, i > 0 ? ", " : "", e.list[i].pointer,
		    error_row((enum error_code)e.list[i].code)->code);
	return (text);
}

static void
test_cases(void **state)
{
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (strcmp(faults(100, &cases[i], true), cases[i].whole) != 0 ||
		    strcmp(faults(100, &cases[i], false), cases[i].draft) != 0)
			print_error("case %zu:\n", i);
		assert_string_equal(faults(100, &cases[i], true), cases[i].whole);
		assert_string_equal(faults(100, &cases[i], false), cases[i].draft);
	}
}

/* Every type and every reason of the form: accepted where people left, never elsewhere. */
static void
test_every_word(void **state)
{
	struct judged	c = { 90, NULL, NULL, "orders", MORE, "", "" };
	const char	*code;
	size_t		 i;

	(void)state;
	for (i = 0; i < 10; i++) {
		c.type = types[i];
		c.text = strcmp(types[i], "other") == 0 ? "外移" : NULL;
		assert_string_equal(faults(100, &c, true), "");
	}
	for (i = 0; i < 15; i++) {
		code = reasons[i];
		c.reasons = strcmp(code, "other") == 0 ? "other=外移" : code;
		assert_string_equal(faults(100, &c, true), "");
		assert_string_equal(faults(90, &c, true), "/base_heads monitoring.survey_base, "
		    "/decrease_type monitoring.no_decrease, /decrease_text monitoring.no_decrease, "
		    "/reasons monitoring.no_decrease, /more/why monitoring.no_decrease");
	}
}

/* The 建档期 headcount is the panel's, once it is known. */
static void
test_base(void **state)
{
	static const struct judged	c = { 90, LAYOFF, MORE, "", "" };

	(void)state;
	assert_string_equal(faults(101, &c, true), "/base_heads monitoring.survey_base");
	assert_string_equal(faults(101, &c, false), "");
	terms.base_heads = 0;
	assert_string_equal(faults(101, &c, true), "");
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test_setup_teardown(test_cases, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_word, setup, teardown),
		cmocka_unit_test_setup_teardown(test_base, setup, teardown),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
