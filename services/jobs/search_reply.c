/*
 * search_reply.c -- concepts, total and facets of a search.
 */
#include <string.h>

#include "search_reply.h"
#include "base/buf.h"
#include "base/log.h"

#define MEMBERS_MAX	((size_t)1 << 18)
#define YUAN		100

struct facet_out {
	const char	*name;
	enum facet	 facet;
	/* Code and name of a value; false: none. */
	bool		(*value)(struct arena *, size_t, const char **code, const char **name);
};

static void	facets_put(struct arena *, struct json_out *, const struct index_result *);
static void	count_put(struct json_out *, const char *, const char *, uint32_t);
static bool	county_value(struct arena *, size_t, const char **, const char **);
static bool	form_value(struct arena *, size_t, const char **, const char **);
static bool	occupation_value(struct arena *, size_t, const char **, const char **);
static bool	industry_value(struct arena *, size_t, const char **, const char **);
static bool	pay_value(struct arena *, size_t, const char **, const char **);
static bool	education_value(struct arena *, size_t, const char **, const char **);
static const char *label(const struct code_label *, const char *);

static const struct shape concept_shape[] = {
	{ .name = "text", .type = SHAPE_T_TEXT, .help = "所问的文字" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "概念类别" },
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "代码" },
	{ .name = "name", .type = SHAPE_T_TEXT, .nullable = true, .help = "名称；同义词为同时查找的词" },
	SHAPE_END
};
static const struct shape count_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "代码" },
	{ .name = "name", .type = SHAPE_T_TEXT, .nullable = true, .help = "名称" },
	{ .name = "count", .type = SHAPE_T_INT, .help = "岗位数" },
	SHAPE_END
};
static const struct shape facets_shape[] = {
	{ .name = "county", .type = SHAPE_T_LIST, .of = count_shape, .help = "县区" },
	{ .name = "form", .type = SHAPE_T_LIST, .of = count_shape, .help = "用工形式" },
	{ .name = "occupation", .type = SHAPE_T_LIST, .of = count_shape, .help = "职业大类" },
	{ .name = "industry", .type = SHAPE_T_LIST, .of = count_shape, .help = "行业门类" },
	{ .name = "pay", .type = SHAPE_T_LIST, .of = count_shape, .help = "最高薪酬（分/月，折算），代码为下限" },
	{ .name = "education", .type = SHAPE_T_LIST, .of = count_shape, .help = "学历要求；none 为不限" },
	{ .name = "benefits", .type = SHAPE_T_LIST, .of = count_shape, .help = "福利" },
	SHAPE_END
};
const struct shape search_extra[] = {
	{ .name = "total", .type = SHAPE_T_INT, .help = "符合的岗位数" },
	{ .name = "concepts", .type = SHAPE_T_LIST, .of = concept_shape, .help = "从文字中识别出的概念" },
	{ .name = "facets", .type = SHAPE_T_OBJECT, .nullable = true, .of = facets_shape,
	  .help = "各类计数，facets=true 时给出" },
	SHAPE_END
};

static const struct facet_out outs[] = {
	{ "county", FACET_COUNTY, county_value }, { "form", FACET_FORM, form_value },
	{ "occupation", FACET_OCCUPATION, occupation_value },
	{ "industry", FACET_INDUSTRY, industry_value }, { "pay", FACET_PAY, pay_value },
	{ "education", FACET_EDUCATION, education_value },
};

const char *
search_members(struct arena *a, const struct concepts *c, const struct index_result *r, bool facets)
{
	struct json_out	 out;
	struct buf	 b;
	const char	*text;
	size_t		 i;

	buf_init(&b, MEMBERS_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_int(&out, "total", (int64_t)r->total);
	json_open_list(&out, "concepts");
	for (i = 0; i < c->n; i++) {
		json_open(&out, NULL);
		json_put_text(&out, "text", c->list[i].text);
		json_put_text(&out, "kind", c->list[i].kind);
		json_put_text(&out, "code", c->list[i].code);
		json_put_text(&out, "name", c->list[i].name);
		json_close(&out);
	}
	json_close_list(&out);
	if (facets)
		facets_put(a, &out, r);
	json_close(&out);
	text = arena_strdup(a, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

static void
facets_put(struct arena *a, struct json_out *out, const struct index_result *r)
{
	const char	*code, *name;
	size_t		 i, k;

	json_open(out, "facets");
	for (i = 0; i < NITEMS(outs); i++) {
		json_open_list(out, outs[i].name);
		for (k = 0; k < INDEX_VALUES; k++)
			if (r->facets[outs[i].facet][k] > 0 && outs[i].value(a, k, &code, &name))
				count_put(out, code, name, r->facets[outs[i].facet][k]);
		json_close_list(out);
	}
	json_open_list(out, "benefits");
	for (k = 0; work_benefits[k] != NULL; k++)
		if (r->flags[k] > 0)
			count_put(out, work_benefits[k], label(search_benefit_words, work_benefits[k]),
			    r->flags[k]);
	json_close_list(out);
	json_close(out);
}

static void
count_put(struct json_out *out, const char *code, const char *name, uint32_t n)
{
	json_open(out, NULL);
	json_put_text(out, "code", code);
	json_put_text(out, "name", name);
	json_put_int(out, "count", n);
	json_close(out);
}

static bool
county_value(struct arena *a UNUSED, size_t k, const char **code, const char **name)
{
	const char *const	*codes;
	size_t			 n = area_counties(&codes);

	if (k == 0 || k > n)
		return (false);
	*code = codes[k - 1];
	*name = area_name(*code);
	return (true);
}

static bool
form_value(struct arena *a UNUSED, size_t k, const char **code, const char **name)
{
	if (k == 0)
		return (false);
	*code = work_forms[k - 1];
	*name = label(search_form_words, *code);
	return (true);
}

static bool
occupation_value(struct arena *a, size_t k, const char **code, const char **name)
{
	*code = arena_printf(a, "%zu", k);
	return ((*name = occupation_name(*code)) != NULL);
}

static bool
industry_value(struct arena *a, size_t k, const char **code, const char **name)
{
	if (k == 0)
		return (false);
	*code = arena_printf(a, "%c", (int)('A' + k - 1));
	return ((*name = industry_name(*code)) != NULL);
}

static bool
pay_value(struct arena *a, size_t k, const char **code, const char **name)
{
	long long	from;

	if (k == 0 || k > search_nbands)
		return (false);
	from = search_bands[k - 1] / YUAN;
	*code = arena_printf(a, "%lld", (long long)search_bands[k - 1]);
	*name = k == search_nbands ? arena_printf(a, "%lld元以上", from) :
	    arena_printf(a, "%lld-%lld元", from, (long long)search_bands[k] / YUAN);
	return (true);
}

static bool
education_value(struct arena *a UNUSED, size_t k, const char **code, const char **name)
{
	static const char *const	of_rank[] = { "90", "80", "70", "60", "40", "30", "20", "14", "11" };

	if (k > NITEMS(of_rank))
		return (false);
	*code = k == 0 ? "none" : of_rank[k - 1];
	*name = k == 0 ? "不限" : education_name(*code);
	return (true);
}

/* The first everyday word for a code. */
static const char *
label(const struct code_label *labels, const char *code)
{
	for (; labels->code != NULL; labels++)
		if (strcmp(labels->code, code) == 0)
			return (labels->name);
	return (NULL);
}
