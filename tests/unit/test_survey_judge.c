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

static struct arena		arena;
static struct survey_terms	terms;
static struct survey_reason	reasons[4];

static const struct json *
parse(const char *text)
{
	return (json_parse(&arena, text, strlen(text)));
}

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena);
	memset(reasons, 0, sizeof(reasons));
	terms = (struct survey_terms){
		.types = parse("[{\"code\":\"layoff\"},{\"code\":\"other\",\"needs_text\":true}]"),
		.reasons = parse("[{\"code\":\"orders\"},{\"code\":\"tax\"},{\"code\":\"other\",\"needs_text\":true}]"),
		.more = parse("[{\"code\":\"posts\",\"kind\":\"count\",\"needed\":\"always\"},"
		    "{\"code\":\"why\",\"kind\":\"text\",\"needed\":\"fewer\"}]"),
		.reasons_most = 2, .base_heads = 100
	};
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

/* The faults as "pointer code pointer code". */
static const char *
faults(struct survey_in in, bool whole)
{
	struct json_errors	 e = { .count = 0 };
	const char		*text = "";
	size_t			 i;

	in.reasons.items = reasons;
	survey_judge(&arena, &in, &terms, whole, &e);
	for (i = 0; i < e.count; i++)
		text = arena_printf(&arena, "%s%s%s %s", text, i > 0 ? ", " : "", e.list[i].pointer,
		    error_row((enum error_code)e.list[i].code)->code);
	return (text);
}

static void
test_sound(void **state)
{
	struct survey_in	in = { .base_heads = 100, .current_heads = 100, .more = "{\"posts\":3}" };

	(void)state;
	assert_string_equal(faults(in, true), "");
	in = (struct survey_in){ .base_heads = 100, .current_heads = 0, .decrease_type = "layoff",
		.reasons = { .count = 2 }, .more = "{\"posts\":0,\"why\":\"停工\"}" };
	reasons[0].code = "orders";
	reasons[1] = (struct survey_reason){ "other", "外移" };
	assert_string_equal(faults(in, true), "");
}

static void
test_contradictions(void **state)
{
	struct survey_in	in = { .base_heads = 101, .current_heads = 90 };

	(void)state;
	assert_string_equal(faults(in, true), "/base_heads monitoring.survey_base, /decrease_type field.missing, "
	    "/reasons field.missing, /more/posts field.missing, /more/why field.missing");
	assert_string_equal(faults(in, false), "");
	in = (struct survey_in){ .base_heads = 100, .current_heads = 101, .decrease_type = "layoff",
		.decrease_text = "无", .reasons = { .count = 1 }, .more = "{\"posts\":1}" };
	reasons[0].code = "orders";
	assert_string_equal(faults(in, true), "/decrease_type monitoring.no_decrease, /reasons monitoring.no_decrease");
}

static void
test_words(void **state)
{
	struct survey_in	in = { .base_heads = 100, .current_heads = 1, .decrease_type = "luck",
		.reasons = { .count = 4 }, .more = "{\"posts\":-1,\"why\":\"\",\"what\":1}" };

	(void)state;
	reasons[0] = reasons[1] = (struct survey_reason){ "tax", NULL };
	reasons[2] = (struct survey_reason){ "orders", "多余" };
	reasons[3].code = "other";
	assert_string_equal(faults(in, true), "/decrease_type field.choice, /reasons field.count, "
	    "/reasons/1/code field.duplicate, /reasons/2/text field.unknown, /reasons/3/text field.missing, "
	    "/more/what field.unknown, /more/posts field.too_small, /more/why field.too_short");
	in.more = "[]";
	in.decrease_type = NULL;
	in.decrease_text = "说明";
	in.reasons.count = 0;
	assert_string_equal(faults(in, false), "/decrease_text field.unknown, /more field.type");
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test_setup_teardown(test_sound, setup, teardown),
		cmocka_unit_test_setup_teardown(test_contradictions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_words, setup, teardown),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
