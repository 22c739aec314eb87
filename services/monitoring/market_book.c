/*
 * market_book.c -- writes the sheets of a quarter's report. A number that is
 * not known is an empty cell.
 */
#include "market_book.h"
#include "base/base.h"
#include "codes/codes.h"
#include "market_words.h"

static void	whole(struct table *, const struct json *, const struct json *);
static void	compare(struct table *, const char *, const struct json *);
static void	gaps(struct table *, const char *, const struct json *);
static void	part(struct table *, const struct market_part *, const struct json *);
static void	number(struct table *, const struct json *, const char *);
static void	times(struct table *, const struct json *);
static const char *text_of(const struct json *, const char *);

static const struct market_part occupation = { "occupation", "", true, true, occupation_name };

void
market_book(struct table *t, const struct json *report)
{
	const struct json		*f = json_get(report, "figures"), *by = json_get(f, "by");
	const struct market_part	*p;

	whole(t, report, f);
	gaps(t, "短缺职业前十", json_get(f, "short"));
	gaps(t, "富余职业前十", json_get(f, "excess"));
	for (p = market_parts; p->name != NULL; p++)
		part(t, p, json_get(by, p->name));
}

static void
whole(struct table *t, const struct json *report, const struct json *f)
{
	static const struct table_column	columns[] = {
		{ "项目", TABLE_T_TEXT, 16 }, { "季度", TABLE_T_TEXT, 10 }, { "地区", TABLE_T_TEXT, 16 },
		{ "需求结转", TABLE_T_INT, 0 }, { "需求新增", TABLE_T_INT, 0 }, { "需求合计", TABLE_T_INT, 0 },
		{ "求职结转", TABLE_T_INT, 0 }, { "求职新增", TABLE_T_INT, 0 }, { "求职合计", TABLE_T_INT, 0 },
		{ "求人倍率", TABLE_T_TEXT, 10 }, { "需求增减", TABLE_T_MILLI, 0 }, { "求职增减", TABLE_T_MILLI, 0 },
		{ "说明", TABLE_T_TEXT, 40 } };
	const struct json			*total = json_get(f, "total");
	const char				*area = text_of(f, "area_code");

	table_sheet(t, "总体", columns, NITEMS(columns));
	table_text(t, "本季");
	table_text(t, text_of(f, "quarter"));
	table_text(t, area_name(area) != NULL ? area_name(area) : area);
	number(t, total, "demand_carried");
	number(t, total, "demand_new");
	number(t, total, "demand");
	number(t, total, "seekers_carried");
	number(t, total, "seekers_new");
	number(t, total, "seekers");
	times(t, total);
	table_null(t);
	table_null(t);
	table_text(t, json_is_true(json_get(f, "is_empty")) ? "本季度没有供求数据" : text_of(report, "remark"));
	table_row(t);
	compare(t, "环比", json_get(f, "previous"));
	compare(t, "同比", json_get(f, "year_ago"));
}

static void
compare(struct table *t, const char *title, const struct json *w)
{
	table_text(t, title);
	table_text(t, text_of(w, "quarter"));
	table_null(t);
	table_null(t);
	table_null(t);
	number(t, w, "demand");
	table_null(t);
	table_null(t);
	number(t, w, "seekers");
	times(t, w);
	number(t, w, "demand_change_milli");
	number(t, w, "seekers_change_milli");
	table_row(t);
}

static void
gaps(struct table *t, const char *title, const struct json *list)
{
	static const struct table_column	columns[] = {
		{ "职业小类代码", TABLE_T_TEXT, 14 }, { "职业小类", TABLE_T_TEXT, 30 },
		{ "需求人数", TABLE_T_INT, 0 }, { "求职人数", TABLE_T_INT, 0 }, { "缺口", TABLE_T_INT, 0 } };
	const struct json			*g;
	size_t					 i;

	table_sheet(t, title, columns, NITEMS(columns));
	for (i = 0; i < json_count(list); i++) {
		g = json_at(list, i);
		table_text(t, text_of(g, "code"));
		table_text(t, market_word(&occupation, text_of(g, "code")));
		number(t, g, "demand");
		number(t, g, "seekers");
		number(t, g, "gap");
		table_row(t);
	}
}

static void
part(struct table *t, const struct market_part *p, const struct json *lines)
{
	static const struct table_column	columns[] = {
		{ "代码", TABLE_T_TEXT, 14 }, { "名称", TABLE_T_TEXT, 30 },
		{ "需求结转", TABLE_T_INT, 0 }, { "需求新增", TABLE_T_INT, 0 }, { "需求合计", TABLE_T_INT, 0 },
		{ "求职结转", TABLE_T_INT, 0 }, { "求职新增", TABLE_T_INT, 0 }, { "求职合计", TABLE_T_INT, 0 },
		{ "求人倍率", TABLE_T_TEXT, 10 } };
	const struct json			*l;
	size_t					 i;

	table_sheet(t, p->title, columns, NITEMS(columns));
	for (i = 0; i < json_count(lines); i++) {
		l = json_at(lines, i);
		table_text(t, text_of(l, "code"));
		table_text(t, market_word(p, text_of(l, "code")));
		number(t, l, "demand_carried");
		number(t, l, "demand_new");
		number(t, l, "demand");
		number(t, l, "seekers_carried");
		number(t, l, "seekers_new");
		number(t, l, "seekers");
		times(t, l);
		table_row(t);
	}
}

static void
number(struct table *t, const struct json *of, const char *name)
{
	int64_t	n;

	if (json_integer(json_get(of, name), &n))
		table_int(t, n);
	else
		table_null(t);
}

/* 1250 is 1.25 times. */
static void
times(struct table *t, const struct json *of)
{
	char	text[32];
	int64_t	n;

	if (!json_integer(json_get(of, "ratio_milli"), &n)) {
		table_null(t);
		return;
	}
	snprintf(text, sizeof(text), "%lld.%03lld", (long long)(n / 1000), (long long)(n % 1000));
	table_text(t, text);
}

static const char *
text_of(const struct json *of, const char *name)
{
	const char	*text = json_string(json_get(of, name));

	return (text != NULL ? text : "");
}
