/*
 * market_html.c -- writes the page of a quarter's report.
 *
 * Invariant: nothing of the report reaches the page but through buf_add_html()
 * or as a number.
 */
#include "market_html.h"
#include "codes/codes.h"
#include "market_words.h"

#define MILLI	1000
#define LINES	30	/* of a part on paper; the workbook has them all */

static void	head(struct buf *, const struct json *, const struct json *);
static void	summary(struct buf *, const struct json *);
static void	compare(struct buf *, const struct json *);
static void	compared(struct buf *, const char *, const struct json *);
static void	gaps(struct buf *, const char *, const struct json *);
static void	part(struct buf *, const struct market_part *, const struct json *);
static void	line(struct buf *, const struct market_part *, const struct json *);
static void	notes(struct buf *);
static void	cell(struct buf *, const struct json *, const char *);
static void	cell_milli(struct buf *, const struct json *, const char *, bool percent);
static const char *text_of(const struct json *, const char *);

static const struct market_part occupation = { "occupation", "", true, true, occupation_name };

const char market_html_style[] =
    "@page{size:A4;margin:18mm 16mm}"
    "body{max-width:178mm;margin:0 auto;padding:8mm 0;font:10.5pt/1.6 \"Noto Serif CJK SC\",SimSun,serif;color:#000}"
    "h1{font-size:18pt;text-align:center;margin:0 0 2mm}h2{font-size:12pt;margin:6mm 0 2mm;break-after:avoid}"
    "p.sub{text-align:center;margin:0 0 6mm}p.remark{white-space:pre-wrap}"
    "table{border-collapse:collapse;width:100%}thead{display:table-header-group}tr{break-inside:avoid}"
    "th,td{border:.3mm solid #000;padding:.8mm 2mm;text-align:right}th:first-child,td:first-child{text-align:left}"
    "ol{font-size:9pt;margin-top:6mm}@media screen{body{background:#fff;padding:12mm}}";

void
market_html(struct buf *b, const struct json *report)
{
	const struct json		*f = json_get(report, "figures"), *by = json_get(f, "by");
	const struct market_part	*p;

	head(b, report, f);
	if (json_is_true(json_get(f, "is_empty")))
		buf_adds(b, "<p>本季度没有供求数据，不计算求人倍率。</p>\n");
	else {
		summary(b, f);
		compare(b, f);
		gaps(b, "短缺职业前十位", json_get(f, "short"));
		gaps(b, "富余职业前十位", json_get(f, "excess"));
		for (p = market_parts; p->name != NULL; p++)
			part(b, p, json_get(by, p->name));
	}
	notes(b);
	buf_adds(b, "</body>\n</html>\n");
}

static void
head(struct buf *b, const struct json *report, const struct json *f)
{
	const char	*area = text_of(f, "area_code"), *quarter = text_of(f, "quarter");
	const char	*name = area_name(area) != NULL ? area_name(area) : area;

	buf_adds(b, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width\"><title>");
	buf_add_html(b, name);
	buf_adds(b, " 人力资源市场供求分析 ");
	buf_add_html(b, quarter);
	buf_adds(b, "</title><style>");
	buf_adds(b, market_html_style);
	buf_adds(b, "</style></head>\n<body>\n<h1>");
	buf_add_html(b, name);
	buf_adds(b, "人力资源市场供求状况分析</h1>\n<p class=\"sub\">");
	buf_add_html(b, quarter);
	buf_adds(b, "（");
	buf_add_html(b, text_of(f, "from_on"));
	buf_adds(b, " 至 ");
	buf_add_html(b, text_of(f, "to_on"));
	buf_adds(b, "）　第");
	cell(b, report, "version");
	buf_adds(b, "版");
	buf_adds(b, strcmp(text_of(report, "state"), "published") == 0 ? "</p>\n" : "　（未发布）</p>\n");
	if (text_of(report, "remark")[0] != '\0') {
		buf_adds(b, "<p class=\"remark\">");
		buf_add_html(b, text_of(report, "remark"));
		buf_adds(b, "</p>\n");
	}
}

static void
summary(struct buf *b, const struct json *f)
{
	const struct json	*t = json_get(f, "total");

	buf_adds(b, "<h2>供求总体情况</h2>\n<table><thead><tr><th></th><th>季初结转</th><th>本季新增</th>"
	    "<th>合计</th></tr></thead><tbody>\n<tr><td>需求人数</td><td>");
	cell(b, t, "demand_carried");
	buf_adds(b, "</td><td>");
	cell(b, t, "demand_new");
	buf_adds(b, "</td><td>");
	cell(b, t, "demand");
	buf_adds(b, "</td></tr>\n<tr><td>求职人数</td><td>");
	cell(b, t, "seekers_carried");
	buf_adds(b, "</td><td>");
	cell(b, t, "seekers_new");
	buf_adds(b, "</td><td>");
	cell(b, t, "seekers");
	buf_adds(b, "</td></tr>\n<tr><td>求人倍率</td><td></td><td></td><td>");
	cell_milli(b, t, "ratio_milli", false);
	buf_adds(b, "</td></tr></tbody></table>\n");
	if (strcmp(text_of(f, "ratio_reason"), "no_seekers") == 0)
		buf_adds(b, "<p>没有求职人员，不计算求人倍率。</p>\n");
}

static void
compare(struct buf *b, const struct json *f)
{
	buf_adds(b, "<h2>环比和同比</h2>\n<table><thead><tr><th></th><th>季度</th><th>需求人数</th><th>求职人数</th>"
	    "<th>求人倍率</th><th>需求增减%</th><th>求职增减%</th></tr></thead><tbody>\n");
	compared(b, "环比", json_get(f, "previous"));
	compared(b, "同比", json_get(f, "year_ago"));
	buf_adds(b, "</tbody></table>\n");
}

static void
compared(struct buf *b, const char *title, const struct json *w)
{
	buf_addf(b, "<tr><td>%s</td><td>", title);
	buf_add_html(b, text_of(w, "quarter"));
	buf_adds(b, "</td><td>");
	cell(b, w, "demand");
	buf_adds(b, "</td><td>");
	cell(b, w, "seekers");
	buf_adds(b, "</td><td>");
	cell_milli(b, w, "ratio_milli", false);
	buf_adds(b, "</td><td>");
	cell_milli(b, w, "demand_change_milli", true);
	buf_adds(b, "</td><td>");
	cell_milli(b, w, "seekers_change_milli", true);
	buf_adds(b, "</td></tr>\n");
}

static void
gaps(struct buf *b, const char *title, const struct json *list)
{
	const struct json	*g;
	size_t			 i;

	if (json_count(list) == 0)
		return;
	buf_addf(b, "<h2>%s</h2>\n<table><thead><tr><th>职业小类</th><th>需求人数</th><th>求职人数</th>"
	    "<th>缺口</th></tr></thead><tbody>\n", title);
	for (i = 0; i < json_count(list); i++) {
		g = json_at(list, i);
		buf_adds(b, "<tr><td>");
		buf_add_html(b, market_word(&occupation, text_of(g, "code")));
		buf_adds(b, "</td><td>");
		cell(b, g, "demand");
		buf_adds(b, "</td><td>");
		cell(b, g, "seekers");
		buf_adds(b, "</td><td>");
		cell(b, g, "gap");
		buf_adds(b, "</td></tr>\n");
	}
	buf_adds(b, "</tbody></table>\n");
}

static void
part(struct buf *b, const struct market_part *p, const struct json *lines)
{
	size_t	i, n = json_count(lines);

	if (n == 0 || strcmp(p->name, "occupation") == 0)	/* paper has the ten at either end */
		return;
	buf_addf(b, "<h2>%s</h2>\n<table><thead><tr><th></th>", p->title);
	if (p->has_demand)
		buf_adds(b, "<th>需求结转</th><th>需求新增</th><th>需求合计</th>");
	if (p->has_seekers)
		buf_adds(b, "<th>求职结转</th><th>求职新增</th><th>求职合计</th>");
	if (p->has_demand && p->has_seekers)
		buf_adds(b, "<th>求人倍率</th>");
	buf_adds(b, "</tr></thead><tbody>\n");
	for (i = 0; i < n && i < LINES; i++)
		line(b, p, json_at(lines, i));
	buf_adds(b, "</tbody></table>\n");
	if (n > LINES)
		buf_adds(b, "<p>其余见附表。</p>\n");
}

static void
line(struct buf *b, const struct market_part *p, const struct json *l)
{
	static const char *const	demand[] = { "demand_carried", "demand_new", "demand" };
	static const char *const	seekers[] = { "seekers_carried", "seekers_new", "seekers" };
	size_t				i;

	buf_adds(b, "<tr><td>");
	buf_add_html(b, market_word(p, text_of(l, "code")));
	buf_adds(b, "</td>");
	for (i = 0; i < 3 && p->has_demand; i++) {
		buf_adds(b, "<td>");
		cell(b, l, demand[i]);
		buf_adds(b, "</td>");
	}
	for (i = 0; i < 3 && p->has_seekers; i++) {
		buf_adds(b, "<td>");
		cell(b, l, seekers[i]);
		buf_adds(b, "</td>");
	}
	if (p->has_demand && p->has_seekers) {
		buf_adds(b, "<td>");
		cell_milli(b, l, "ratio_milli", false);
		buf_adds(b, "</td>");
	}
	buf_adds(b, "</tr>\n");
}

static void
notes(struct buf *b)
{
	buf_adds(b, "<ol>\n"
	    "<li>需求人数：季初仍在招岗位未招满的人数，加本季公开发布岗位的招聘人数。</li>\n"
	    "<li>求职人数：有求职意愿的简历或愿意就业的失业登记，一人计一次；季初在册人数加本季新增人次。</li>\n"
	    "<li>求人倍率 = 需求人数 ÷ 求职人数。职业按《职业分类大典（2022年版）》，求职人员按第一意向职业。</li>\n"
	    "<li>招聘不得限定性别、年龄，需求不按性别、年龄分；求职人员不按行业、单位类型分。</li>\n"
	    "<li>“—”为无此项，或求职人数少于5人不予显示。</li>\n</ol>\n");
}

static void
cell(struct buf *b, const struct json *of, const char *name)
{
	int64_t	n;

	if (json_integer(json_get(of, name), &n))
		buf_add_int(b, n);
	else
		buf_adds(b, "—");
}

/* 1250 is 1.25 times, or 125.0 %. */
static void
cell_milli(struct buf *b, const struct json *of, const char *name, bool percent)
{
	int64_t	n, unit = percent ? 10 : MILLI, size;

	if (!json_integer(json_get(of, name), &n)) {
		buf_adds(b, "—");
		return;
	}
	size = n < 0 ? -n : n;
	if (percent)
		buf_addf(b, "%s%lld.%lld", n < 0 ? "-" : "", (long long)(size / unit), (long long)(size % unit));
	else {
		size = (size * 100 + unit / 2) / unit;
		buf_addf(b, "%lld.%02lld", (long long)(size / 100), (long long)(size % 100));
	}
}

static const char *
text_of(const struct json *of, const char *name)
{
	const char	*text = json_string(json_get(of, name));

	return (text != NULL ? text : "");
}
