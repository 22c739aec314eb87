/*
 * round_check.c -- the definition of a round, as it comes in and as it is kept.
 *
 * Invariant: a definition that is kept can be carried out: every criterion has
 * somebody or something that scores it, every tie names a criterion, and the
 * minimum can be reached.
 */
#include "workflow/round.h"

#include "codes/codes.h"

#define DOCUMENT_MAX	(256 << 10)
#define REVIEWERS_LEAST	3

static bool		 criteria_check(struct call *, const struct round_in *, int *);
static const char	*criterion_fault(const struct criterion_in *, enum error_code *);
static const char	*band_fault(const struct criterion_in *, enum error_code *);
static bool		 rules_check(struct call *, const struct round_in *, int *);
static bool		 known(const struct round_in *, const char *);
static const char	*counties_of(struct call *, const struct round_in *);
static const char	*document_of(struct call *, const struct round_in *);

static const char *const requirements[] = { "enterprise", "not_dishonest", "no_arrears", "in_park",
    "licensed", "graduate", "institution", "trained_last_year", "skilled_last_year", "tenant", "prize",
    "founder_group", NULL };
static const char *const scorers[] = { "data", "reviewers", "defence", NULL };
static const char *const measures[] = { "insured_growth", "insured_growth_permille", "hires",
    "retention_permille", "trained", "certified", "certified_permille", "skilled", NULL };
static const char *const entrants[] = { "org", "person", NULL };
static const char *const tie_lasts[] = { "lot", "joint", NULL };

static const struct field band_fields[] = {
	FIELD_INT(band_in, from_value, REQUIRED, -1000000000, 1000000000, "数值达到"),
	FIELD_INT(band_in, points_milli, REQUIRED, 0, 1000000, "得分（千分之一分）"),
	FIELD_END
};

static const struct field criterion_fields[] = {
	FIELD_TEXT(criterion_in, code, REQUIRED, 1, 20, "指标编号"),
	FIELD_TEXT(criterion_in, title, REQUIRED, 2, 200, "指标"),
	FIELD_INT(criterion_in, max_points, REQUIRED, 1, 1000, "分值"),
	FIELD_ENUM(criterion_in, by, REQUIRED, scorers, "数据计分、评委评分、答辩评分"),
	FIELD_ENUM(criterion_in, measure, OPTIONAL, measures, "数据计分的依据"),
	FIELD_LIST(criterion_in, bands, OPTIONAL, 0, 20, band_in, band_fields, "分档，由低到高"),
	FIELD_TEXT(criterion_in, evidence, OPTIONAL, 2, 200, "佐证材料"),
	FIELD_END
};

static const struct field requirement_fields[] = {
	FIELD_ENUM(code_in, code, REQUIRED, requirements, "申报条件"),
	FIELD_END
};

static const struct field county_fields[] = {
	FIELD_CHECK(code_in, code, REQUIRED, check_county, "县区代码"),
	FIELD_END
};

static const struct field tie_fields[] = {
	FIELD_TEXT(code_in, code, REQUIRED, 1, 20, "指标编号"),
	FIELD_END
};

const struct field round_in_fields[] = {
	FIELD_TEXT(round_in, policy_code, REQUIRED, 2, 16, "政策代码"),
	FIELD_TEXT(round_in, title, REQUIRED, 2, 100, "公告标题"),
	FIELD_INT(round_in, year, REQUIRED, 2024, 2100, "年度"),
	FIELD_CHECK(round_in, county_code, OPTIONAL, check_county, "组织评选的县区；不填为市级"),
	FIELD_LIST(round_in, counties, OPTIONAL, 0, 14, code_in, county_fields, "可申报的县区；不填为全部"),
	FIELD_ENUM(round_in, entrants, REQUIRED, entrants, "申报对象"),
	FIELD_INT(round_in, quota, REQUIRED, 1, 1000, "名额"),
	FIELD_DAY(round_in, opens_on, REQUIRED, "申报起"),
	FIELD_DAY(round_in, closes_on, REQUIRED, "申报止"),
	FIELD_LIST(round_in, requires, OPTIONAL, 0, 10, code_in, requirement_fields, "申报条件，以数据核对"),
	FIELD_LIST(round_in, criteria, REQUIRED, 1, 20, criterion_in, criterion_fields, "评分指标"),
	FIELD_INT(round_in, min_points, OPTIONAL, 0, 20000, "入选最低分"),
	FIELD_INT(round_in, reviewers, OPTIONAL, 0, 15, "每份申报的评委人数"),
	FIELD_BOOL(round_in, blind, OPTIONAL, "匿名评审"),
	FIELD_BOOL(round_in, trim, OPTIONAL, "去掉一个最高分和一个最低分"),
	FIELD_LIST(round_in, tie, OPTIONAL, 0, 20, code_in, tie_fields, "同分时依次比较的指标"),
	FIELD_ENUM(round_in, tie_last, REQUIRED, tie_lasts, "仍同分时抽签或集体研究"),
	FIELD_INT(round_in, notice_working_days, REQUIRED, 1, 60, "公示工作日"),
	FIELD_INT(round_in, instalments, OPTIONAL, 1, 12, "分几期拨付"),
	FIELD_END
};

bool
round_check(struct call *c, const struct round_in *in, const char **counties, const char **document,
    int *said)
{
	if (in->opens_on > in->closes_on) {
		*said = call_reject(c, ERR_F_DATE_ORDER, "/closes_on");
		return (false);
	}
	if (!criteria_check(c, in, said) || !rules_check(c, in, said))
		return (false);
	*counties = counties_of(c, in);
	*document = document_of(c, in);
	return (true);
}

static bool
criteria_check(struct call *c, const struct round_in *in, int *said)
{
	const struct criterion_in	*list = in->criteria.items;
	const char			*member = NULL;
	enum error_code			 code = ERR_NONE;
	size_t				 i, j;

	for (i = 0; i < in->criteria.count && member == NULL; i++) {
		for (j = 0; j < i; j++)
			if (strcmp(list[i].code, list[j].code) == 0) {
				member = "code";
				code = ERR_F_DUPLICATE;
			}
		if (member == NULL)
			member = criterion_fault(&list[i], &code);
	}
	if (member == NULL)
		return (true);
	*said = call_reject(c, code, arena_printf(c->arena, "/criteria/%zu/%s", i - 1, member));
	return (false);
}

/* Data are measured and have bands; people need neither. NULL: nothing is wrong. */
static const char *
criterion_fault(const struct criterion_in *k, enum error_code *code)
{
	bool	data = strcmp(k->by, "data") == 0;

	*code = data ? ERR_F_MISSING : ERR_F_UNKNOWN;
	if (data != (k->measure != NULL))
		return ("measure");
	if (data != (k->bands.count > 0))
		return ("bands");
	return (band_fault(k, code));
}

static const char *
band_fault(const struct criterion_in *k, enum error_code *code)
{
	const struct band_in	*b = k->bands.items;
	size_t			 i;

	for (i = 0; i < k->bands.count; i++) {
		*code = ERR_F_LARGE;
		if (b[i].points_milli > k->max_points * 1000)
			return ("bands");
		*code = ERR_F_SMALL;
		if (i > 0 && (b[i].from_value <= b[i - 1].from_value ||
		    b[i].points_milli < b[i - 1].points_milli))
			return ("bands");
	}
	return (NULL);
}

static bool
rules_check(struct call *c, const struct round_in *in, int *said)
{
	const struct criterion_in	*list = in->criteria.items;
	const struct code_in		*tie = in->tie.items;
	int64_t				 most = 0;
	bool				 people = false;
	size_t				 i;

	for (i = 0; i < in->criteria.count; i++) {
		most += list[i].max_points;
		people = people || strcmp(list[i].by, "reviewers") == 0;
	}
	*said = 0;
	for (i = 0; i < in->criteria.count; i++)
		if (!people && strcmp(list[i].by, "defence") == 0)
			*said = call_reject(c, ERR_F_CHOICE, arena_printf(c->arena, "/criteria/%zu/by", i));
	for (i = 0; i < in->tie.count; i++)
		if (!known(in, tie[i].code))
			*said = call_reject(c, ERR_F_CHOICE, arena_printf(c->arena, "/tie/%zu/code", i));
	if (people ? in->reviewers < REVIEWERS_LEAST : in->reviewers > 0)
		*said = call_reject(c, people ? ERR_F_SMALL : ERR_F_LARGE, "/reviewers");
	else if (in->trim && !people)
		*said = call_reject(c, ERR_F_CHOICE, "/trim");
	else if (in->min_points > most)
		*said = call_reject(c, ERR_F_LARGE, "/min_points");
	else if (in->instalments > 1 && strcmp(in->entrants, "org") != 0)
		*said = call_reject(c, ERR_F_LARGE, "/instalments");
	return (*said == 0);
}

static bool
known(const struct round_in *in, const char *code)
{
	const struct criterion_in	*list = in->criteria.items;
	size_t				 i;

	for (i = 0; i < in->criteria.count; i++)
		if (strcmp(list[i].code, code) == 0)
			return (true);
	return (false);
}

/* A county's round is for its own; the city's for those named, or all. */
static const char *
counties_of(struct call *c, const struct round_in *in)
{
	const struct code_in	*named = in->counties.items;
	const char *const	*all;
	const char		*out = "{";
	size_t			 i, n = area_counties(&all);

	if (in->county_code != NULL && strcmp(in->county_code, AREA_CITY) != 0)
		return (arena_printf(c->arena, "{%s}", in->county_code));
	if (in->counties.count > 0)
		n = in->counties.count;
	for (i = 0; i < n; i++)
		out = arena_printf(c->arena, "%s%s%s", out, i == 0 ? "" : ",",
		    in->counties.count > 0 ? named[i].code : all[i]);
	return (arena_printf(c->arena, "%s}", out));
}

static const char *
document_of(struct call *c, const struct round_in *in)
{
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len);
	const char		*text;
	struct json_out		 out;
	struct buf		 b;

	buf_init(&b, DOCUMENT_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_raw(&out, "criteria", json_text(c->arena, json_get(root, "criteria")));
	json_put_raw(&out, "requires", in->requires.count == 0 ? "[]" :
	    json_text(c->arena, json_get(root, "requires")));
	json_put_raw(&out, "tie", in->tie.count == 0 ? "[]" : json_text(c->arena, json_get(root, "tie")));
	json_put_text(&out, "tie_last", in->tie_last);
	json_put_int(&out, "min_points_milli", in->min_points * 1000);
	json_put_int(&out, "reviewers", in->reviewers);
	json_put_bool(&out, "blind", in->blind);
	json_put_bool(&out, "trim", in->trim);
	json_put_int(&out, "notice_working_days", in->notice_working_days);
	json_put_int(&out, "instalments", in->instalments == 0 ? 1 : in->instalments);
	json_close(&out);
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}
