/*
 * test_json.c -- field tables: what is decoded, what is refused, and where
 * the mistake is said to be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "http/errors.h"
#include "json/json.h"

struct skill {
	const char	*name;
	int64_t		 years;
	struct list_of	 papers;
};

struct paper {
	const char	*no;
	int32_t		 issued_on;
};

struct post {
	const char	*title;
	int64_t		 pay_min_cents;
	bool		 remote;
	struct uuid	 employer_id;
	int32_t		 closes_on;
	int64_t		 opens_at;
	const char	*kind;
	const char	*phone;
	const char	*extra;
	struct list_of	 skills;
};

static int	check_digits(const char *);

static const char *const	kinds[] = { "full", "part", NULL };
static const struct field	paper_fields[] = {
	FIELD_TEXT(paper, no, REQUIRED, 1, 8, "证书号"),
	FIELD_DAY(paper, issued_on, OPTIONAL, "发证日期"),
	FIELD_END
};
static const struct field	skill_fields[] = {
	FIELD_TEXT(skill, name, REQUIRED, 2, 4, "技能"),
	FIELD_INT(skill, years, OPTIONAL, 0, 60, "年限"),
	FIELD_LIST(skill, papers, OPTIONAL, 1, 3, paper, paper_fields, "证书"),
	FIELD_END
};
static const struct field	post_fields[] = {
	FIELD_TEXT(post, title, REQUIRED, 2, 5, "岗位名称"),
	FIELD_INT(post, pay_min_cents, REQUIRED, 0, 10000000, "最低薪酬"),
	FIELD_BOOL(post, remote, OPTIONAL, "远程"),
	FIELD_UUID(post, employer_id, OPTIONAL, "单位"),
	FIELD_DAY(post, closes_on, OPTIONAL, "截止"),
	FIELD_INSTANT(post, opens_at, OPTIONAL, "开始"),
	FIELD_ENUM(post, kind, OPTIONAL, kinds, "类型"),
	FIELD_CHECK(post, phone, OPTIONAL, check_digits, "电话"),
	FIELD_JSON(post, extra, OPTIONAL, 40, "其他"),
	FIELD_LIST(post, skills, OPTIONAL, 1, 20, skill, skill_fields, "技能"),
	FIELD_END
};

static struct arena		arena;
static struct post		post;
static struct json_errors	errors;

static int
check_digits(const char *s)
{
	return (s[strspn(s, "0123456789")] == '\0' ? 0 : ERR_F_PHONE);
}

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena);
	memset(&post, 0xa5, sizeof(post));
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

static int
decode(const char *text)
{
	return (json_decode(&arena, text, strlen(text), post_fields, &post, sizeof(post),
	    &errors));
}

/* Decodes a post with `members` added to the required two. */
static int
decode_with(const char *members)
{
	return (decode(arena_printf(&arena, "{\"title\":\"焊工\",\"pay_min_cents\":1,%s}",
	    members)));
}

static void
assert_error(size_t i, const char *pointer, int code)
{
	assert_true(i < errors.count);
	assert_string_equal(errors.list[i].pointer, pointer);
	assert_int_equal(errors.list[i].code, code);
}

/* The member is the only thing wrong, in this way. */
static void
refuse(const char *members, const char *pointer, int code)
{
	assert_int_equal(decode_with(members), -1);
	if (errors.count != 1)
		fail_msg("%s: %zu errors", members, errors.count);
	assert_error(0, pointer, code);
}

static void
refuse_text(const char *text, int code)
{
	if (decode(text) != -1)
		fail_msg("accepted: %s", text);
	assert_int_equal(errors.count, 1);
	assert_error(0, "", code);
}

static void
every_type_is_decoded(void **state)
{
	const struct skill	*skill;
	const struct paper	*paper;
	char			 id[UUID_TEXT];

	(void)state;
	assert_int_equal(decode(
	    "{\"title\":\"电焊工\\n\\\"\",\"pay_min_cents\":450000,\"remote\":true,"
	    "\"employer_id\":\"0191E4C8-3b5e-7abc-8def-0123456789ab\","
	    "\"closes_on\":\"2024-02-29\",\"opens_at\":\"2025-03-10T09:02:03.5+08:00\","
	    "\"kind\":\"part\",\"phone\":\"123\",\"extra\":{\"b\":[1,2.5,null],\"a\":\"永\"},"
	    "\"skills\":[{\"name\":\"焊接\",\"years\":3},"
	    "{\"name\":\"CAD\",\"papers\":["
	    "{\"no\":\"A1\",\"issued_on\":\"2020-01-01\"},{\"no\":\"A2\"}]}]}"),
	    0);
	assert_int_equal(errors.count, 0);
	assert_string_equal(post.title, "电焊工\n\"");
	assert_int_equal(post.pay_min_cents, 450000);
	assert_true(post.remote);
	assert_string_equal(uuid_format(&post.employer_id, id),
	    "0191e4c8-3b5e-7abc-8def-0123456789ab");
	assert_int_equal(post.closes_on, day_make(2024, 2, 29));
	assert_int_equal(post.opens_at, INT64_C(1741568523500000));
	assert_ptr_equal(post.kind, kinds[1]);
	assert_string_equal(post.phone, "123");
	assert_string_equal(post.extra, "{\"a\":\"永\",\"b\":[1,2.5,null]}");
	assert_int_equal(post.skills.count, 2);
	skill = post.skills.items;
	assert_string_equal(skill[0].name, "焊接");
	assert_int_equal(skill[0].years, 3);
	assert_int_equal(skill[0].papers.count, 0);
	assert_string_equal(skill[1].name, "CAD");
	assert_int_equal(skill[1].years, 0);
	assert_int_equal(skill[1].papers.count, 2);
	paper = skill[1].papers.items;
	assert_string_equal(paper[1].no, "A2");
	assert_int_equal(paper[0].issued_on, day_make(2020, 1, 1));
	assert_int_equal(paper[1].issued_on, DAY_NONE);
}

static void
absent_members_have_values_of_absence(void **state)
{
	static const char *const	same[] = { "{\"title\":\"焊工\",\"pay_min_cents\":0}",
	    "{\"title\":\"焊工\",\"pay_min_cents\":0,\"remote\":null,\"employer_id\":null,"
	    "\"closes_on\":null,\"opens_at\":null,\"kind\":null,\"phone\":null,\"extra\":null,"
	    "\"skills\":null}" };

	(void)state;
	for (size_t i = 0; i < NITEMS(same); i++) {
		memset(&post, 0xa5, sizeof(post));
		assert_int_equal(decode(same[i]), 0);
		assert_false(post.remote);
		assert_true(uuid_is_nil(&post.employer_id));
		assert_int_equal(post.closes_on, DAY_NONE);
		assert_int_equal(post.opens_at, 0);
		assert_null(post.kind);
		assert_null(post.phone);
		assert_null(post.extra);
		assert_int_equal(post.skills.count, 0);
		assert_null(post.skills.items);
	}
	assert_int_equal(decode("{\"title\":null}"), -1);
	assert_int_equal(errors.count, 2);
	assert_error(0, "/title", ERR_F_MISSING);
	assert_error(1, "/pay_min_cents", ERR_F_MISSING);
}

static void
malformed_text_is_refused(void **state)
{
	(void)state;
	refuse_text("", ERR_BAD_JSON);
	refuse_text(" ", ERR_BAD_JSON);
	refuse_text("{\"title\":", ERR_BAD_JSON);
	refuse_text("{} x", ERR_BAD_JSON);
	refuse_text("{'title':1}", ERR_BAD_JSON);
	refuse_text("{\"title\":\"\xff\"}", ERR_BAD_JSON);
	refuse_text("{\"title\":\"\xed\xa0\x80\"}", ERR_BAD_JSON);
	refuse_text("{\"title\":\"\\ud800\"}", ERR_BAD_JSON);
	refuse_text("{\"title\":\"\x01\"}", ERR_BAD_JSON);
	refuse_text("{\"pay_min_cents\":01}", ERR_BAD_JSON);
	refuse_text("{\"pay_min_cents\":NaN}", ERR_BAD_JSON);
	refuse_text("[]", ERR_F_TYPE);
	refuse_text("\"text\"", ERR_F_TYPE);
	refuse_text("null", ERR_F_TYPE);
	refuse_text("{\"title\":\"a\",\"title\":\"b\"}", ERR_F_DUPLICATE);
	refuse_text("{\"extra\":{\"a\":1,\"a\":1}}", ERR_F_DUPLICATE);
	refuse_text("{\"pay_min_cents\":9223372036854775808}", ERR_F_LARGE);
	refuse_text("{\"extra\":1e999}", ERR_F_LARGE);
	assert_int_equal(json_decode(&arena, "{}\0{}", 5, post_fields, &post, sizeof(post),
	    &errors), -1);
	assert_error(0, "", ERR_BAD_JSON);
}

static void
text_counts_characters(void **state)
{
	(void)state;
	assert_int_equal(decode("{\"title\":\"一二三四五\",\"pay_min_cents\":0}"), 0);
	assert_int_equal(decode("{\"title\":\"\xf0\x9f\x98\x80\\ud83d\\ude00\","
	    "\"pay_min_cents\":0}"), 0);
	assert_string_equal(post.title, "😀😀");
	assert_int_equal(decode("{\"title\":\"一二三四五六\",\"pay_min_cents\":0}"), -1);
	assert_error(0, "/title", ERR_F_LONG);
	assert_int_equal(decode("{\"title\":\"一\",\"pay_min_cents\":0}"), -1);
	assert_error(0, "/title", ERR_F_SHORT);
	assert_int_equal(decode("{\"title\":\"\",\"pay_min_cents\":0}"), -1);
	assert_error(0, "/title", ERR_F_SHORT);
	assert_int_equal(decode("{\"title\":\"a\\tb\\n\",\"pay_min_cents\":0}"), 0);
}

static void
control_characters_are_refused(void **state)
{
	static const char *const	bad[] = { "\\u0000", "a\\u0000b", "\\u0001", "\\r", "\\b",
	    "\\u001f", "\\u007f", "\\u0080", "\\u009f" };

	(void)state;
	for (size_t i = 0; i < NITEMS(bad); i++) {
		assert_int_equal(decode(arena_printf(&arena,
		    "{\"title\":\"%s\",\"pay_min_cents\":0}", bad[i])), -1);
		assert_int_equal(errors.count, 1);
		assert_error(0, "/title", ERR_F_FORMAT);
		refuse(arena_printf(&arena, "\"extra\":[{\"a\":\"%s\"}]", bad[i]), "/extra",
		    ERR_F_FORMAT);
	}
	refuse("\"extra\":{\"\\u0001\":1}", "/extra", ERR_F_FORMAT);
	refuse("\"phone\":\"1\\u00002\"", "/phone", ERR_F_FORMAT);
	refuse("\"kind\":\"full\\u0000\"", "/kind", ERR_F_FORMAT);
}

static void
wrong_types_are_refused(void **state)
{
	(void)state;
	refuse("\"remote\":1", "/remote", ERR_F_TYPE);
	refuse("\"remote\":\"true\"", "/remote", ERR_F_TYPE);
	refuse("\"employer_id\":7", "/employer_id", ERR_F_TYPE);
	refuse("\"closes_on\":20250310", "/closes_on", ERR_F_TYPE);
	refuse("\"opens_at\":{}", "/opens_at", ERR_F_TYPE);
	refuse("\"kind\":[]", "/kind", ERR_F_TYPE);
	refuse("\"phone\":123", "/phone", ERR_F_TYPE);
	refuse("\"skills\":{}", "/skills", ERR_F_TYPE);
	refuse("\"skills\":[\"焊接\"]", "/skills/0", ERR_F_TYPE);
	assert_int_equal(decode("{\"title\":5,\"pay_min_cents\":\"5\"}"), -1);
	assert_error(0, "/title", ERR_F_TYPE);
	assert_error(1, "/pay_min_cents", ERR_F_TYPE);
	assert_int_equal(decode("{\"title\":\"焊工\",\"pay_min_cents\":5.0}"), -1);
	assert_error(0, "/pay_min_cents", ERR_F_TYPE);
	assert_int_equal(decode("{\"title\":\"焊工\",\"pay_min_cents\":1e2}"), -1);
	assert_error(0, "/pay_min_cents", ERR_F_TYPE);
}

static void
values_out_of_bounds_are_refused(void **state)
{
	(void)state;
	refuse("\"employer_id\":\"0191e4c8\"", "/employer_id", ERR_F_FORMAT);
	refuse("\"employer_id\":\"00000000-0000-0000-0000-000000000000\"", "/employer_id",
	    ERR_F_FORMAT);
	refuse("\"closes_on\":\"2025-02-29\"", "/closes_on", ERR_F_FORMAT);
	assert_int_equal(post.closes_on, DAY_NONE);
	refuse("\"opens_at\":\"2025-03-10\"", "/opens_at", ERR_F_FORMAT);
	refuse("\"kind\":\"none\"", "/kind", ERR_F_CHOICE);
	refuse("\"kind\":\"\"", "/kind", ERR_F_CHOICE);
	refuse("\"phone\":\"12a\"", "/phone", ERR_F_PHONE);
	refuse("\"skills\":[]", "/skills", ERR_F_COUNT);
	assert_int_equal(decode("{\"title\":\"焊工\",\"pay_min_cents\":-1}"), -1);
	assert_error(0, "/pay_min_cents", ERR_F_SMALL);
	assert_int_equal(decode("{\"title\":\"焊工\",\"pay_min_cents\":10000001}"), -1);
	assert_error(0, "/pay_min_cents", ERR_F_LARGE);
	assert_int_equal(decode("{\"title\":\"焊工\",\"pay_min_cents\":9223372036854775807}"), -1);
	assert_error(0, "/pay_min_cents", ERR_F_LARGE);
	assert_int_equal(decode("{\"title\":\"焊工\",\"pay_min_cents\":10000000}"), 0);
	/* 40 bytes of compact text fit, 41 do not; blanks do not count. */
	assert_int_equal(decode_with("\"extra\":  [ \"0123456789012345678901234567890123456\" ]"),
	    -1);
	assert_error(0, "/extra", ERR_F_LONG);
	assert_int_equal(decode_with("\"extra\":  [ \"012345678901234567890123456789012345\" ]"),
	    0);
}

static void
days_and_instants_may_have_bounds(void **state)
{
	struct span_in {
		int32_t	day;
		int64_t	at;
	}			in;
	const struct field	fields[] = {
		{ .name = "day", .type = FIELD_T_DAY, .offset = offsetof(struct span_in, day),
		  .min = 100, .max = 200 },
		{ .name = "at", .type = FIELD_T_INSTANT, .offset = offsetof(struct span_in, at),
		  .min = 0, .max = 1000000 },
		FIELD_END
	};
	static const struct {
		const char	*text;
		int		 code;
	}			cases[] = {
		{ "{\"day\":\"1970-04-10\"}", ERR_F_SMALL },
		{ "{\"day\":\"1970-04-11\"}", 0 },
		{ "{\"day\":\"1970-07-20\"}", 0 },
		{ "{\"day\":\"1970-07-21\"}", ERR_F_LARGE },
		{ "{\"at\":\"1969-12-31T23:59:59Z\"}", ERR_F_SMALL },
		{ "{\"at\":\"1970-01-01T00:00:01Z\"}", 0 },
		{ "{\"at\":\"1970-01-01T00:00:01.1Z\"}", ERR_F_LARGE },
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(cases); i++) {
		assert_int_equal(json_decode(&arena, cases[i].text, strlen(cases[i].text), fields,
		    &in, sizeof(in), &errors), cases[i].code == 0 ? 0 : -1);
		if (cases[i].code != 0)
			assert_int_equal(errors.list[0].code, cases[i].code);
	}
}

static void
pointers_lead_to_the_mistake(void **state)
{
	(void)state;
	assert_int_equal(decode_with("\"skills\":[{\"name\":\"焊接\"},{\"name\":\"x\",\"years\":61,"
	    "\"papers\":[{\"no\":\"1\"},{},{\"no\":\"1\",\"issued_on\":\"\"}],\"a/b~c\":1}],"
	    "\"~\":0,\"\":0"), -1);
	assert_int_equal(errors.count, 7);
	assert_error(0, "/skills/1/name", ERR_F_SHORT);
	assert_error(1, "/skills/1/years", ERR_F_LARGE);
	assert_error(2, "/skills/1/papers/1/no", ERR_F_MISSING);
	assert_error(3, "/skills/1/papers/2/issued_on", ERR_F_FORMAT);
	assert_error(4, "/skills/1/a~1b~0c", ERR_F_UNKNOWN);
	assert_error(5, "/~0", ERR_F_UNKNOWN);
	assert_error(6, "/", ERR_F_UNKNOWN);
}

static void
long_unknown_names_are_cut(void **state)
{
	char	name[1000];

	(void)state;
	memset(name, '~', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	refuse(arena_printf(&arena, "\"a%s\":1", name),
	    arena_printf(&arena, "/a%s", "~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0"
	    "~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0"
	    "~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0~0"), ERR_F_UNKNOWN);
}

static void
seventeen_mistakes_are_sixteen_errors(void **state)
{
	struct buf	b;

	(void)state;
	buf_init(&b, 10000);
	buf_adds(&b, "{\"title\":\"焊工\",\"pay_min_cents\":1,\"skills\":[");
	for (int i = 0; i < 17; i++)
		buf_addf(&b, "%s{\"name\":%d}", i > 0 ? "," : "", i);
	buf_adds(&b, "],\"unknown\":1}");
	assert_int_equal(decode(buf_cstr(&b)), -1);
	assert_int_equal(errors.count, JSON_ERRORS_MAX);
	assert_error(0, "/skills/0/name", ERR_F_TYPE);
	assert_error(15, "/skills/15/name", ERR_F_TYPE);

	buf_clear(&b);
	buf_adds(&b, "{\"title\":\"焊工\",\"pay_min_cents\":1");
	for (int i = 0; i < 17; i++)
		buf_addf(&b, ",\"x%d\":0", i);
	buf_addc(&b, '}');
	assert_int_equal(decode(buf_cstr(&b)), -1);
	assert_int_equal(errors.count, JSON_ERRORS_MAX);
	assert_error(15, "/x15", ERR_F_UNKNOWN);
	buf_release(&b);
}

/* `depth` lists around nothing, as the value of "extra". */
static char *
nested(int depth)
{
	char	*text = arena_zalloc(&arena, (size_t)depth * 2 + 1);

	memset(text, '[', (size_t)depth);
	memset(text + depth, ']', (size_t)depth);
	return (arena_printf(&arena, "{\"title\":\"焊工\",\"pay_min_cents\":1,\"extra\":%s}", text));
}

static void
deep_nesting_is_refused(void **state)
{
	(void)state;
	assert_int_equal(decode(nested(JSON_DEPTH_MAX - 1)), -1);
	assert_error(0, "/extra", ERR_F_LONG);		/* deep enough, but over 40 bytes */
	assert_int_equal(decode(nested(20)), 0);
	refuse_text(nested(JSON_DEPTH_MAX), ERR_BAD_JSON);
	refuse_text(nested(1000000), ERR_BAD_JSON);
	/* Brackets in text are no nesting, nor is an escaped quotation mark its end. */
	assert_int_equal(decode_with("\"extra\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""), 0);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(every_type_is_decoded),
		TEST(absent_members_have_values_of_absence),
		TEST(malformed_text_is_refused),
		TEST(text_counts_characters),
		TEST(control_characters_are_refused),
		TEST(wrong_types_are_refused),
		TEST(values_out_of_bounds_are_refused),
		TEST(days_and_instants_may_have_bounds),
		TEST(pointers_lead_to_the_mistake),
		TEST(long_unknown_names_are_cut),
		TEST(seventeen_mistakes_are_sixteen_errors),
		TEST(deep_nesting_is_refused),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
