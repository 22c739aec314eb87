/*
 * vacancy_word.c -- the words and the pay bands of the automatic check, kept by
 * officers of the city.
 *
 * Invariant: nothing is deleted: a word ends, a band is followed by another. The
 * SQL is in sql/jobs/queries/vacancy_check.sql.
 */
#include "codes/codes.h"
#include "jobs_sql.h"
#include "vacancy.h"
#include "vacancy_check.h"
#include "words.h"

#define ROLES_KEEP	(ROLE_RECHECK | ROLE_APPROVE)
#define PAY_MOST_CENTS	INT64_C(1000000000)

struct word_in {
	const char	*kind;
	const char	*pattern;
	int32_t		 from_on;
	const char	*note;
};

struct word_query {
	const char	*kind;
	bool		 is_ended;
};

struct band_in {
	const char	*pay_unit;
	const char	*form;
	const char	*occupation;
	int64_t		 low_cents;
	int64_t		 high_cents;
	const char	*note;
};

static int	check_word_add(struct call *);
static int	check_word_end(struct call *);
static int	pay_band_set(struct call *);
static int	pay_band_end(struct call *);
static int	word_usable(const char *);

static const char *const kinds[] = { "fee", "sex", "age", "ethnic", "household", "contact", "allow",
	"negation", NULL };

static const struct field word_in_fields[] = {
	FIELD_ENUM(word_in, kind, REQUIRED, kinds, "类别"),
	FIELD_CHECK(word_in, pattern, REQUIRED, word_usable,
	    "词语；# 代表数字，~ 代表同一分句内至多四个字，@ 代表一个账号"),
	FIELD_DAY(word_in, from_on, OPTIONAL, "启用日期，默认今天"),
	FIELD_TEXT(word_in, note, OPTIONAL, 0, 200, "说明"),
	FIELD_END
};

static const struct field word_query_fields[] = {
	FIELD_ENUM(word_query, kind, OPTIONAL, kinds, "类别"),
	FIELD_BOOL(word_query, is_ended, OPTIONAL, "已停用"),
	FIELD_END
};

static const struct field band_in_fields[] = {
	FIELD_ENUM(band_in, pay_unit, REQUIRED, pay_units, "计薪单位"),
	FIELD_ENUM(band_in, form, OPTIONAL, work_forms, "用工形式，不填为全部"),
	FIELD_TEXT(band_in, occupation, OPTIONAL, 1, 10, "职业代码或其前几级，不填为全部"),
	FIELD_INT(band_in, low_cents, REQUIRED, 0, PAY_MOST_CENTS, "合理下限（分）"),
	FIELD_INT(band_in, high_cents, REQUIRED, 0, PAY_MOST_CENTS, "合理上限（分）"),
	FIELD_TEXT(band_in, note, OPTIONAL, 0, 200, "依据"),
	FIELD_END
};

static const struct shape word_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "词条" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "check_kinds", .help = "类别" },
	{ .name = "pattern", .type = SHAPE_T_TEXT, .help = "词语" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "启用日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "最后一天" },
	{ .name = "note", .type = SHAPE_T_TEXT, .help = "说明" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	SHAPE_END
};

static const struct shape band_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "区间" },
	{ .name = "pay_unit", .type = SHAPE_T_TEXT, .codes = "pay_units", .help = "计薪单位" },
	{ .name = "form", .type = SHAPE_T_TEXT, .codes = "vacancy_forms", .nullable = true,
	  .help = "用工形式，空为全部" },
	{ .name = "occupation", .type = SHAPE_T_TEXT, .codes = "occupations", .nullable = true,
	  .help = "职业，空为全部" },
	{ .name = "low_cents", .type = SHAPE_T_INT, .help = "合理下限（分）" },
	{ .name = "high_cents", .type = SHAPE_T_INT, .help = "合理上限（分）" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "启用日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "最后一天" },
	{ .name = "note", .type = SHAPE_T_TEXT, .help = "依据" },
	SHAPE_END
};

const struct route vacancy_check_routes[] = {
	{ .name = "check_word_list", .method = METHOD_GET, .path = "/v1/jobs/check-words",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.check_word.list",
	  .query = INPUT(word_query, word_query_fields), .list = true, .reply = word_shape,
	  .stmt = &stmt_check_word_list, .limit = LIMIT_READ,
	  .zh = "岗位审核词", .en = "Words of the check of postings" },
	{ .name = "check_word_add", .method = METHOD_POST, .path = "/v1/jobs/check-words",
	  .callers = ROLES_KEEP, .scope = SCOPE_AREA, .action = "jobs.check_word.add",
	  .body = INPUT(word_in, word_in_fields), .reply = word_shape, .handler = check_word_add,
	  .limit = LIMIT_WRITE, .zh = "增加审核词（市级）", .en = "Add a word (the city)" },
	{ .name = "check_word_end", .method = METHOD_POST, .path = "/v1/jobs/check-words/{id}/end",
	  .callers = ROLES_KEEP, .scope = SCOPE_AREA, .action = "jobs.check_word.end",
	  .reply = word_shape, .success = 200, .handler = check_word_end,
	  .limit = LIMIT_WRITE, .zh = "停用审核词（市级）", .en = "End a word (the city)" },
	{ .name = "pay_band_list", .method = METHOD_GET, .path = "/v1/jobs/pay-bands",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.pay_band.list",
	  .list = true, .reply = band_shape, .stmt = &stmt_pay_band_list, .limit = LIMIT_READ,
	  .zh = "合理薪酬区间", .en = "Bands of plausible pay" },
	{ .name = "pay_band_set", .method = METHOD_POST, .path = "/v1/jobs/pay-bands",
	  .callers = ROLES_KEEP, .scope = SCOPE_AREA, .action = "jobs.pay_band.set",
	  .body = INPUT(band_in, band_in_fields), .reply = band_shape, .handler = pay_band_set,
	  .limit = LIMIT_WRITE, .zh = "设定合理薪酬区间（市级）", .en = "Set a band (the city)" },
	{ .name = "pay_band_end", .method = METHOD_POST, .path = "/v1/jobs/pay-bands/{id}/end",
	  .callers = ROLES_KEEP, .scope = SCOPE_AREA, .action = "jobs.pay_band.end",
	  .reply = band_shape, .success = 200, .handler = pay_band_end,
	  .limit = LIMIT_WRITE, .zh = "停用薪酬区间（市级）", .en = "End a band (the city)" },
	ROUTE_END
};

/* A word that cannot be looked for is refused at the door. */
static int
word_usable(const char *pattern)
{
	struct check_words	*w = check_words_new();
	int			 rc = check_words_add(w, CHECK_FEE, pattern);

	check_words_free(&w);
	return (rc == -1 ? ERR_F_PATTERN : 0);
}

static int
check_word_add(struct call *c)
{
	const struct word_in	*in = c->body;
	struct db_rows		 rows;

	if (!call_in_area(c, AREA_CITY))
		return (call_reject(c, ERR_FORBIDDEN, NULL));
	if (in->from_on != DAY_NONE && in->from_on < clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/from_on"));
	call_last(c);
	if (sql_check_word_add(c->db, &rows, in->kind, in->pattern, in->from_on, in->note) == -1)
		return (c->db->error == DB_UNIQUE ? call_reject(c, ERR_EXISTS, "/pattern") : call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
check_word_end(struct call *c)
{
	struct db_rows	rows;

	if (!call_in_area(c, AREA_CITY))
		return (call_reject(c, ERR_FORBIDDEN, NULL));
	call_last(c);
	if (sql_check_word_end(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
pay_band_set(struct call *c)
{
	const struct band_in	*in = c->body;
	struct db_rows		 ended, rows;

	if (!call_in_area(c, AREA_CITY))
		return (call_reject(c, ERR_FORBIDDEN, NULL));
	if (in->low_cents > in->high_cents)
		return (call_reject(c, ERR_JOBS_PAY_RANGE, "/low_cents"));
	if (sql_pay_band_follow(c->db, &ended, in->pay_unit, in->form, in->occupation) == -1)
		return (call_failed(c));
	call_last(c);
	if (sql_pay_band_add(c->db, &rows, in->pay_unit, in->form, in->occupation, in->low_cents,
	    in->high_cents, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
pay_band_end(struct call *c)
{
	struct db_rows	rows;

	if (!call_in_area(c, AREA_CITY))
		return (call_reject(c, ERR_FORBIDDEN, NULL));
	call_last(c);
	if (sql_pay_band_end(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
