/* test_loan_file.c -- the hand-over file of a start-up loan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "services/entrepreneurship/loan_file.h"
#include "json/json.h"

static const uint8_t	key[32] = { 1, 2, 3 };

static const struct loan_file sample = { .loan_id = "0190", .version = 1, .borrower = "personal",
	.name = "=cmd\"x", .id_number = "431128199001011234", .phone = "13800001111", .group = "veteran",
	.amount_cents = 20000000, .purpose = "进货", .county_code = "431128", .consent_at = "2025-10-20",
	.checks = "{\"result\":\"met\"}", .made_on = 20000 };

static const char *
made(struct arena *a, char digest[LOAN_SM3_TEXT])
{
	return (loan_file_make(a, &sample, key, sizeof(key), digest));
}

static void
test_whole(void **state)
{
	struct arena	 a;
	char		 digest[LOAN_SM3_TEXT];
	const char	*text;
	struct json	*root, *doc;
	int64_t		 n;

	(void)state;
	arena_init(&a);
	text = made(&a, digest);
	assert_non_null(text);
	assert_true(loan_file_sound(&a, text, strlen(text), key, sizeof(key)));
	root = json_parse(&a, text, strlen(text));
	assert_string_equal(json_string(json_get(root, "sm3")), digest);
	text = json_string(json_get(root, "document"));
	doc = json_parse(&a, text, strlen(text));
	assert_string_equal(json_string(json_get(doc, "id_number")), sample.id_number);
	assert_true(json_integer(json_get(doc, "amount_cents"), &n) && n == 20000000);
	assert_non_null(strstr(text, "\"term_months\":null"));
	assert_string_equal(json_string(json_get(json_get(doc, "checks"), "result")), "met");
	arena_release(&a);
}

/* A formula is text, a quotation mark is doubled. */
static void
test_cells(void **state)
{
	struct arena	 a;
	char		 digest[LOAN_SM3_TEXT];
	const char	*text;

	(void)state;
	arena_init(&a);
	text = made(&a, digest);
	text = json_string(json_get(json_parse(&a, text, strlen(text)), "csv"));
	assert_non_null(strstr(text, ",\"'=cmd\"\"x\","));
	assert_non_null(strstr(text, "\n\"0190\",1,\"个人\",\"\",\"\","));
	arena_release(&a);
}

static void
test_changed(void **state)
{
	struct arena	 a;
	char		 digest[LOAN_SM3_TEXT], *text, *at;
	const uint8_t	 other[32] = { 9 };
	size_t		 len;

	(void)state;
	arena_init(&a);
	text = arena_strdup(&a, made(&a, digest));
	len = strlen(text);
	assert_false(loan_file_sound(&a, text, len, other, sizeof(other)));
	assert_false(loan_file_sound(&a, text, len - 1, key, sizeof(key)));
	assert_false(loan_file_sound(&a, "{}", 2, key, sizeof(key)));
	assert_non_null(at = strstr(text, "20000000"));
	*at = '3';
	assert_false(loan_file_sound(&a, text, len, key, sizeof(key)));
	arena_release(&a);
}

/* What does not fit is not cut. */
static void
test_large(void **state)
{
	struct arena	 a;
	struct loan_file f = sample;
	char		 digest[LOAN_SM3_TEXT];
	static char	 words[70000];

	(void)state;
	arena_init(&a);
	memset(words, 'x', sizeof(words) - 1);
	f.purpose = words;
	assert_null(loan_file_make(&a, &f, key, sizeof(key), digest));
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole), cmocka_unit_test(test_cells), cmocka_unit_test(test_changed),
		cmocka_unit_test(test_large),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
