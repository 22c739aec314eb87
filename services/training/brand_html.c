/*
 * brand_html.c -- writes a brand's page.
 *
 * Invariant: nothing of the brand reaches the page but through buf_add_html().
 */
#include "brand_html.h"
#include "codes/codes.h"

#define FEN_PER_YUAN	100

struct word {
	const char	*code, *text;
};

static void	head(struct buf *, const struct json *);
static void	facts(struct buf *, const struct json *);
static void	fact(struct buf *, const char *, const struct json *, const char *(*)(const char *));
static void	story(struct buf *, const char *);
static void	photos(struct buf *, const struct json *);
static void	bearers(struct buf *, const struct json *);
static void	years(struct buf *, const struct json *);
static void	number(struct buf *, const struct json *, const char *);
static const char *word_of(const struct word *, const char *);
static const char *text_of(const struct json *, const char *);

static const struct word categories[] = {
	{ "industry", "专精特新制造产业" }, { "heritage", "老字号传统产业" },
	{ "service", "高品质名片现代服务业" }, { NULL, NULL }
};
static const struct word kinds[] = {
	{ "association", "行业协会" }, { "leading_firm", "领军企业" },
	{ "institution", "培训机构" }, { "leader", "带头人" }, { NULL, NULL }
};

const char brand_html_style[] =
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font-family:sans-serif;line-height:1.7;color:#222}"
    "h1{font-size:1.6rem}h2{font-size:1.1rem;border-bottom:1px solid #ccc}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #ccc;padding:.3rem .6rem;text-align:left}"
    "figure{margin:1rem 0}img{max-width:100%;height:auto}dt{font-weight:bold}";

void
brand_html(struct buf *b, const struct json *brand)
{
	head(b, brand);
	facts(b, brand);
	buf_adds(b, "<h2>品牌故事</h2>\n");
	story(b, text_of(brand, "story"));
	photos(b, json_get(brand, "photos"));
	bearers(b, json_get(brand, "bearers"));
	years(b, json_get(brand, "years"));
	buf_adds(b, "</body>\n</html>\n");
}

static void
head(struct buf *b, const struct json *brand)
{
	buf_adds(b, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width\"><title>");
	buf_add_html(b, text_of(brand, "name"));
	buf_adds(b, " · 永州劳务品牌</title><style>");
	buf_adds(b, brand_html_style);
	buf_adds(b, "</style></head>\n<body>\n<h1>");
	buf_add_html(b, text_of(brand, "name"));
	buf_adds(b, "</h1>\n");
}

static void
facts(struct buf *b, const struct json *brand)
{
	buf_adds(b, "<dl>\n<dt>类别</dt><dd>");
	buf_add_html(b, word_of(categories, text_of(brand, "category")));
	buf_adds(b, "</dd>\n<dt>认定日期</dt><dd>");
	buf_add_html(b, text_of(brand, "recognised_on"));
	buf_adds(b, "</dd>\n");
	fact(b, "职业", json_get(brand, "occupations"), occupation_name);
	fact(b, "劳务输出地", json_get(brand, "towns"), area_name);
	buf_adds(b, "</dl>\n");
}

/* Codes by their names; one that has none stands for itself. */
static void
fact(struct buf *b, const char *title, const struct json *codes, const char *(*name)(const char *))
{
	const char	*code;
	size_t		 i;

	buf_addf(b, "<dt>%s</dt><dd>", title);
	for (i = 0; i < json_count(codes); i++) {
		if ((code = json_string(json_at(codes, i))) == NULL)
			continue;
		buf_adds(b, i == 0 ? "" : "、");
		buf_add_html(b, name(code) != NULL ? name(code) : code);
	}
	buf_adds(b, "</dd>\n");
}

/* A paragraph a line. */
static void
story(struct buf *b, const char *text)
{
	char	one[2] = "";

	buf_adds(b, "<p>");
	for (; *text != '\0'; text++) {
		one[0] = *text;
		if (*text == '\n')
			buf_adds(b, "</p>\n<p>");
		else
			buf_add_html(b, one);
	}
	buf_adds(b, "</p>\n");
}

static void
photos(struct buf *b, const struct json *list)
{
	size_t	i;

	for (i = 0; i < json_count(list); i++) {
		buf_adds(b, "<figure><img src=\"/v1/training/brand-photos/");
		buf_add_html(b, text_of(json_at(list, i), "id"));
		buf_adds(b, "\" alt=\"");
		buf_add_html(b, text_of(json_at(list, i), "caption"));
		buf_adds(b, "\"><figcaption>");
		buf_add_html(b, text_of(json_at(list, i), "caption"));
		buf_adds(b, "</figcaption></figure>\n");
	}
}

static void
bearers(struct buf *b, const struct json *list)
{
	size_t	i;

	if (json_count(list) == 0)
		return;
	buf_adds(b, "<h2>承载单位和带头人</h2>\n<ul>\n");
	for (i = 0; i < json_count(list); i++) {
		buf_adds(b, "<li>");
		buf_add_html(b, word_of(kinds, text_of(json_at(list, i), "kind")));
		buf_adds(b, "：");
		buf_add_html(b, text_of(json_at(list, i), "name"));
		buf_adds(b, "</li>\n");
	}
	buf_adds(b, "</ul>\n");
}

static void
years(struct buf *b, const struct json *list)
{
	const struct json	*y;
	int64_t			 cents;
	size_t			 i;

	if (json_count(list) == 0)
		return;
	buf_adds(b, "<h2>带动就业</h2>\n<table><tr><th>年度</th><th>从业人数</th><th>乡镇街道</th>"
	    "<th>培训人数</th><th>月平均工资（元）</th></tr>\n");
	for (i = 0; i < json_count(list); i++) {
		y = json_at(list, i);
		buf_adds(b, "<tr>");
		number(b, y, "year");
		number(b, y, "workers");
		number(b, y, "towns");
		number(b, y, "trained");
		if (json_integer(json_get(y, "avg_wage_cents"), &cents))
			buf_addf(b, "<td>%lld.%02lld</td></tr>\n", (long long)(cents / FEN_PER_YUAN),
			    (long long)(cents % FEN_PER_YUAN));
		else
			buf_adds(b, "<td>—</td></tr>\n");
	}
	buf_adds(b, "</table>\n");
}

static void
number(struct buf *b, const struct json *o, const char *name)
{
	int64_t	n;

	if (json_integer(json_get(o, name), &n))
		buf_addf(b, "<td>%lld</td>", (long long)n);
	else
		buf_adds(b, "<td>—</td>");
}

static const char *
word_of(const struct word *w, const char *code)
{
	for (; w->code != NULL; w++)
		if (strcmp(w->code, code) == 0)
			return (w->text);
	return (code);
}

static const char *
text_of(const struct json *o, const char *name)
{
	const char	*text = json_string(json_get(o, name));

	return (text != NULL ? text : "");
}
