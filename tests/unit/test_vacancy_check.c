/*
 * test_vacancy_check.c -- what the automatic check of a posting finds, with the
 * very words the city begins with (sql/jobs/054), on sentences labelled by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "services/jobs/vacancy_check.h"

#define TEST(f)		cmocka_unit_test(f)
#define SEED		"sql/jobs/054_seed_check_words.sql"

static struct check_words	*words;

/* Lines of the migration: ('fee', '押金'), */
static int
load(void **state)
{
	char	 line[512], kind[32], pattern[256];
	FILE	*f = fopen(SEED, "r");

	(void)state;
	assert_non_null(f);
	words = check_words_new();
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, " ('%31[a-z]', '%255[^']')", kind, pattern) == 2)
			assert_int_equal(check_words_add(words, check_kind_of(kind), pattern), 0);
	fclose(f);
	assert_true(check_words_count(words) > 150);
	return (0);
}

static int
unload(void **state)
{
	(void)state;
	check_words_free(&words);
	assert_null(words);
	return (0);
}

/* "fee sex": the kinds found, in order. */
static const char *
kinds(const char *text)
{
	static char		 out[128];
	struct check_hit	 hits[CHECK_FOUND];
	size_t			 i, len = 0, n = check_text(words, text, hits);

	out[0] = '\0';
	for (i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%s", i > 0 ? " " : "",
		    check_kind_name(hits[i].kind));
	return (out);
}

static void
is(const char *text, const char *want)
{
	if (strcmp(kinds(text), want) != 0)
		fail_msg("%s: found \"%s\", not \"%s\"", text, kinds(text), want);
}

static void
test_fee(void **state)
{
	(void)state;
	is("入职需交押金200元", "fee");
	is("押 金 两百，离职退", "fee");
	is("不收取任何押金、培训费、服装费", "");
	is("无押金，免费体检", "");
	is("免费提供培训，需交押金", "fee");
	is("免费培训需交保证金", "fee");
	is("培训费由公司承担", "");
	is("体检费用个人承担，体检费自理", "fee");
	is("缴纳5000元", "fee");
	is("高速公路收费员，收费站内住宿", "");
	is("0押金入职", "");
	is("缴纳5000元保证金", "fee");
}

static void
test_discrimination(void **state)
{
	(void)state;
	is("限男，35岁以下", "sex age");
	is("男女不限，年龄不限", "");
	is("要求女性，已婚已育", "sex");
	is("年满18周岁，身体健康", "");
	is("十八至三十五周岁", "age");
	is("２５－３５岁", "age");
	is("限汉族", "ethnic");
	is("民族不限，户籍不限", "");
	is("须本地户口", "household");
	is("不要求本地户口", "");
	is("外地人勿扰", "household");
	is("女职工享受产假", "");
}

static void
test_contact(void **state)
{
	char	shown[CHECK_SHOWN];

	(void)state;
	assert_true(check_has_contact("联系电话13812345678", shown));
	assert_string_equal(shown, "13812345678");
	assert_true(check_has_contact("电话 1 3 8 1 2 3 4 5 6 7 8 李", shown));
	assert_true(check_has_contact("１３８－１２３４－５６７８", shown));
	assert_true(check_has_contact("幺三八一二三四五六七八", shown));
	assert_true(check_has_contact("壹叁捌 一二三四 5678", shown));
	assert_true(check_has_contact("①③⑧①②③④⑤⑥⑦⑧", shown));
	assert_true(check_has_contact("座机0746-8351234", shown));
	assert_true(check_has_contact("简历发到 hr_1@example.com 即可", shown));
	assert_string_equal(shown, "hr_1@example.com");
	assert_false(check_has_contact("月薪13000-180000元", shown));
	assert_false(check_has_contact("工资4500-6500元，五险一金，三班两倒", shown));
	assert_false(check_has_contact("统一社会信用代码91431129MA4L12345X", shown));
	assert_false(check_has_contact("8:00-12:00，14:00-18:00", shown));
	assert_false(check_has_contact("2025-07-07至2025-12-31", shown));
	assert_false(check_has_contact(NULL, shown));
	is("加微信详聊", "contact");
	is("微信abc12345", "contact");
	is("不加微信不行", "contact");
	is("熟练使用微信office等软件", "");
	is("负责微信公众号运营", "");
}

static void
test_patterns(void **state)
{
	struct check_words	*w = check_words_new();
	struct check_hit	 hits[CHECK_FOUND];
	char			 longest[4 * CHECK_PATTERN + 4];

	(void)state;
	assert_int_equal(check_words_add(w, CHECK_FEE, ""), -1);
	assert_int_equal(check_words_add(w, CHECK_FEE, "#~@"), -1);
	assert_int_equal(check_words_add(w, CHECK_FEE, "\xff"), -1);
	assert_int_equal(check_words_add(w, CHECK_FEE, "a~b~c~d~e~f"), -1);
	memset(longest, 'a', sizeof(longest));
	longest[CHECK_PATTERN + 1] = '\0';
	assert_int_equal(check_words_add(w, CHECK_FEE, longest), -1);
	longest[CHECK_PATTERN] = '\0';
	assert_int_equal(check_words_add(w, CHECK_FEE, longest), 0);
	assert_int_equal(check_text(w, longest, hits), 1);
	assert_int_equal(check_text(w, "a", hits), 0);
	assert_int_equal(check_text(w, NULL, hits), 0);
	assert_int_equal(check_words_add(w, CHECK_SEX, "甲~乙"), 0);
	assert_int_equal(check_text(w, "甲乙", hits), 1);
	assert_int_equal(check_text(w, "甲一二三四乙", hits), 1);
	assert_string_equal(hits[0].shown, "甲一二三四乙");
	assert_int_equal(check_text(w, "甲一二三四五乙", hits), 0);
	assert_int_equal(check_text(w, "甲。乙", hits), 0);
	assert_int_equal(check_words_count(w), 2);
	assert_int_equal(check_kind_of("love"), CHECK_KINDS);
	check_words_free(&w);
}

static void
test_likeness(void **state)
{
	(void)state;
	assert_true(check_likeness("", "") > 0.99);
	assert_true(check_likeness(NULL, "电工") < 0.01);
	assert_true(check_likeness("工", "工") > 0.99);
	assert_true(check_likeness("电机装配工", "电机装配工（急招）") > 0.6);
	assert_true(check_is_copy("电机装配工", "五险齐全，包住", "电机装配工 ", "五险齐全，包住。"));
	assert_false(check_is_copy("电机装配工", "五险齐全", "仓库管理员", "五险齐全"));
	assert_false(check_is_copy("电机装配工", "", "电机装配工", "两班倒，包住，有班车往返县城"));
	assert_false(check_is_copy("岗位1", "", "岗位2", ""));
}

/* ---- labelled by hand: text, kinds that an officer would want to see ---- */

static const struct {
	const char	*text, *want;
} labelled[] = {
	{ "入职时缴纳工装费150元，满三个月退还", "fee" },
	{ "需交服装押金两百元", "fee" },
	{ "先交300元体检费，入职后报销", "fee" },
	{ "办理入职请自备体检费80元", "fee" },
	{ "公司统一收取住宿费每月100元", "fee" },
	{ "入职需购买服装，服装费从首月工资扣", "fee" },
	{ "报名费50元，名额有限", "fee" },
	{ "兼职刷单，日结", "fee" },
	{ "入职须上交身份证原件，扣押身份证至离职", "fee" },
	{ "中介费由求职者支付", "fee" },
	{ "免费培训，需交教材押金", "fee" },
	{ "交纳200元风险金", "fee" },
	{ "员工可集资入股", "fee" },
	{ "岗前培训费680元，可分期", "fee" },
	{ "本公司不收取任何费用", "" },
	{ "不收押金，不收服装费", "" },
	{ "求职全程免费，凡收取押金、中介费的均为诈骗", "" },
	{ "免收培训费和住宿费", "" },
	{ "无需缴纳保证金", "" },
	{ "入职体检费公司报销", "" },
	{ "体检费由公司承担", "" },
	{ "提供免费食宿、免费工装", "" },
	{ "负责高速收费站收费工作", "" },
	{ "物业收费员，负责物业服务费催缴", "" },
	{ "没有任何培训费", "" },
	{ "押金全免", "" },
	{ "熟悉保证金业务的银行柜员", "" },
	{ "负责工程投标保证金的办理与核对", "" },
	{ "按国家规定缴纳五险一金", "" },
	{ "缴费基数按实际工资", "" },
	{ "仅限男性，能吃苦", "sex" },
	{ "限女，形象好", "sex" },
	{ "男性优先", "sex" },
	{ "只招女工，限未婚", "sex" },
	{ "招聘男普工10名", "sex" },
	{ "女性3名，男性2名", "sex" },
	{ "女，已婚已育优先", "sex" },
	{ "性别：男", "sex" },
	{ "本岗位只要男的", "sex" },
	{ "男女不限，有责任心", "" },
	{ "性别不限，身体健康", "" },
	{ "男女均可，夫妻工优先", "" },
	{ "提供男女宿舍", "" },
	{ "女装导购，熟悉女装面料", "" },
	{ "依法保障女职工权益", "" },
	{ "男装裁剪工", "" },
	{ "接受退伍军人、妇女返乡就业", "" },
	{ "年龄18-45岁", "age" },
	{ "35周岁以下", "age" },
	{ "年龄在50岁以内", "age" },
	{ "三十五岁以下优先", "age" },
	{ "要求20至40岁", "age" },
	{ "年龄不超过45周岁", "age" },
	{ "90后优先", "age" },
	{ "限00后", "age" },
	{ "年龄40以下", "age" },
	{ "18～50岁", "age" },
	{ "年满十八周岁", "" },
	{ "年龄不限，退休人员也可", "" },
	{ "须年满16周岁，具有完全民事行为能力", "" },
	{ "3-5年工作经验", "" },
	{ "每天工作8小时以内", "" },
	{ "照护65岁以上老人", "" },
	{ "成立30周年的老企业", "" },
	{ "照看3至6岁儿童的托班老师", "" },
	{ "限汉族", "ethnic" },
	{ "汉族优先录用", "ethnic" },
	{ "不招少数民族", "ethnic" },
	{ "少数民族勿扰", "ethnic" },
	{ "民族不限", "" },
	{ "各民族同胞一视同仁", "" },
	{ "会瑶族语言的导游", "" },
	{ "瑶族文化博物馆讲解员", "" },
	{ "需本地户口", "household" },
	{ "永州户籍优先", "household" },
	{ "限本地人", "household" },
	{ "外地人勿扰", "household" },
	{ "不要外地的", "household" },
	{ "城镇户口优先", "household" },
	{ "户籍不限", "" },
	{ "不限户口，外地员工提供宿舍", "" },
	{ "熟悉本地市场", "" },
	{ "本地企业，交通方便", "" },
	{ "负责户籍档案整理", "" },
	{ "欢迎外地务工人员", "" },
	{ "电话138 1234 5678", "contact" },
	{ "联系：幺三九零零零零一二三四", "contact" },
	{ "加微信 hr2025001", "contact" },
	{ "微信同号，来电咨询", "contact" },
	{ "QQ：2876543210", "contact" },
	{ "加V了解", "contact" },
	{ "vx：yzjy_365", "contact" },
	{ "固话 0746-8333666", "contact" },
	{ "简历投递 job@example.cn", "contact" },
	{ "扫码加群", "contact" },
	{ "威信yz12345", "contact" },
	{ "微信小程序开发工程师", "" },
	{ "负责公司微信公众号和抖音运营", "" },
	{ "会用QQ、微信等办公软件", "" },
	{ "工资4000-6000元/月，加班另计", "" },
	{ "上班时间8:30-17:30", "" },
	{ "注册资金1000万元", "" },
	{ "编号20250707001", "" },
	{ "五险一金，包吃包住，月休四天", "" },
	{ "电机装配、绕线、检测，两班倒", "" },
	{ "负责仓库进出库登记和盘点", "" },
	{ "服从安排，吃苦耐劳，有经验者优先", "" },
	{ "限男，18-40岁，押金200，加微信", "fee sex age contact" },
	{ "男女不限，18岁以上，不收押金", "" },
};

/* Per text: nothing missed that makes an officer look, little shown in vain. */
static void
test_labelled(void **state)
{
	struct check_hit	hits[CHECK_FOUND];
	size_t			i, k, n, right = 0, vain = 0, missed = 0;

	(void)state;
	for (i = 0; i < NITEMS(labelled); i++) {
		const char	*want = labelled[i].want;

		n = check_text(words, labelled[i].text, hits);
		for (k = 0; k < n; k++) {
			if (strstr(want, check_kind_name(hits[k].kind)) != NULL)
				right++;
			else {
				vain++;
				print_message("  in vain: %s (%s)\n", labelled[i].text, hits[k].shown);
			}
		}
		for (k = 0; k < CHECK_FOUND; k++)
			if (strstr(want, check_kind_name((enum check_kind)k)) != NULL &&
			    strstr(kinds(labelled[i].text), check_kind_name((enum check_kind)k)) == NULL) {
				missed++;
				print_message("  missed: %s (%s)\n", labelled[i].text,
				    check_kind_name((enum check_kind)k));
			}
	}
	print_message("check: %zu texts, precision %.1f %% (%zu in vain), recall %.1f %% (%zu missed)\n",
	    NITEMS(labelled), 100.0 * (double)right / (double)(right + vain), vain,
	    100.0 * (double)right / (double)(right + missed), missed);
	assert_true(right * 100 >= 90 * (right + vain));
	assert_true(right * 100 >= 90 * (right + missed));
}

/* A text longer than is looked at, and one that is not UTF-8. */
static void
test_bounds(void **state)
{
	struct check_hit	 hits[CHECK_FOUND];
	char			*text = malloc(5 * CHECK_TEXT);
	int64_t			 from;
	size_t			 i;

	(void)state;
	assert_non_null(text);
	text[0] = '\0';
	for (i = 0; i < CHECK_TEXT; i++)
		memcpy(text + 3 * i, "工", 3);
	memcpy(text + 3 * CHECK_TEXT, "押金", 7);
	assert_int_equal(check_text(words, text, hits), 0);
	memcpy(text + 3 * (CHECK_TEXT - 2), "押金", 7);
	assert_int_equal(check_text(words, text, hits), 1);
	assert_true(check_likeness(text, text) > 0.99);
	assert_int_equal(check_text(words, "押金\xe5\x8a", hits), 1);
	from = clock_mono_us();
	for (i = 0; i < 20; i++)
		(void)check_text(words, text, hits);
	print_message("check_text: %ld us for %d characters\n", (long)(clock_mono_us() - from) / 20, CHECK_TEXT);
	assert_int_equal(check_text(words, "", hits), 0);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(test_fee), TEST(test_discrimination), TEST(test_contact), TEST(test_patterns),
		TEST(test_likeness), TEST(test_labelled), TEST(test_bounds),
	};

	return (cmocka_run_group_tests(tests, load, unload));
}
