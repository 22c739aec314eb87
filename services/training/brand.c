/*
 * brand.c -- 劳务品牌: asked for by who would bear it or proposed by a county
 * officer, checked by the county, decided by the city; listed for everybody.
 *
 * Invariant: three people make a brand, in the database; only a recognised one
 * is public. The SQL is in sql/training/queries/brand.sql.
 */
#include "brand.h"
#include "codes/codes.h"
#include "training_sql.h"

struct brand_move_in {
	const char	*state, *note;
};

struct brand_query {
	const char	*county_code, *category, *occupation_code, *q, *state;
};

static int	brand_propose(struct call *);
static int	brand_amend(struct call *);
static int	check_town(const char *);
static const char *array_of(struct call *, const struct list_of *, const char *, int *);
static const char *counties_of(struct call *, const struct list_of *);

const char *const brand_categories[] = { "industry", "heritage", "service", NULL };
static const char *const states[] = { "proposed", "returned", "checked", "recognised", "refused",
	"suspended", "removed", NULL };
static const char *const moves[] = { "recognised", "suspended", "removed", NULL };

const struct field brand_occupation_fields[] = {
	FIELD_CHECK(brand_code, code, REQUIRED, check_occupation, "职业代码"),
	FIELD_END
};
const struct field brand_town_fields[] = {
	FIELD_CHECK(brand_code, code, REQUIRED, check_town, "乡镇街道代码"),
	FIELD_END
};
const struct field brand_judge_fields[] = {
	FIELD_BOOL(brand_judge_in, pass, REQUIRED, "是否同意"),
	FIELD_TEXT(brand_judge_in, note, OPTIONAL, 2, 500, "意见，不同意时必填"),
	FIELD_END
};
static const struct field propose_fields[] = {
	FIELD_TEXT(brand_in, name, REQUIRED, 2, 30, "品牌名称"),
	FIELD_CHECK(brand_in, area_code, REQUIRED, check_area, "申报地，到县级或更细"),
	BRAND_FIELDS,
	FIELD_END
};
static const struct field amend_fields[] = {
	FIELD_TEXT(brand_in, name, REQUIRED, 2, 30, "品牌名称"),
	BRAND_FIELDS,
	FIELD_END
};
static const struct field move_fields[] = {
	FIELD_ENUM(brand_move_in, state, REQUIRED, moves, "转为"),
	FIELD_TEXT(brand_move_in, note, REQUIRED, 2, 500, "原因"),
	FIELD_END
};
static const struct field brand_query_fields[] = {
	FIELD_CHECK(brand_query, county_code, OPTIONAL, check_county, "劳务输出县区"),
	FIELD_ENUM(brand_query, category, OPTIONAL, brand_categories, "类别"),
	FIELD_CHECK(brand_query, occupation_code, OPTIONAL, check_occupation, "职业"),
	FIELD_TEXT(brand_query, q, OPTIONAL, 1, 30, "名称中的文字"),
	FIELD_END
};
static const struct field own_query_fields[] = {
	FIELD_CHECK(brand_query, county_code, OPTIONAL, check_county, "申报县区"),
	FIELD_ENUM(brand_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

#define BRAND_SHAPE								\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "劳务品牌" },		\
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "品牌名称" },		\
	{ .name = "category", .type = SHAPE_T_TEXT, .help = "类别" },		\
	{ .name = "occupations", .type = SHAPE_T_LIST, .help = "职业代码" },	\
	{ .name = "towns", .type = SHAPE_T_LIST, .help = "劳务输出乡镇街道" },	\
	{ .name = "counties", .type = SHAPE_T_LIST, .help = "劳务输出县区" },	\
	{ .name = "story", .type = SHAPE_T_TEXT, .help = "品牌故事" },		\
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本，0 为尚未认定" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "brand_states", .help = "状态" }, \
	{ .name = "recognised_on", .type = SHAPE_T_DAY, .nullable = true, .help = "认定日期" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "申报县区" },	\
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "申报地" }
#define BRAND_OWN_SHAPE								\
	BRAND_SHAPE,								\
	{ .name = "applicant_id", .type = SHAPE_T_UUID, .nullable = true, .help = "申报单位；空为县区提名" }, \
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "最近的意见" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申报时间" },	\
	{ .name = "moved_at", .type = SHAPE_T_INSTANT, .help = "最近变动" }

static const struct shape brand_shape[] = { BRAND_SHAPE, SHAPE_END };
static const struct shape own_shape[] = { BRAND_OWN_SHAPE, SHAPE_END };
static const struct shape bearer_shown_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .nullable = true, .help = "承载关系" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "brand_bearer_kinds", .help = "种类" },
	{ .name = "name", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位名称，或本人同意公开的称呼" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "brand_bearer_states", .nullable = true,
	  .help = "状态" },
	SHAPE_END
};
static const struct shape place_shape[] = {
	{ .name = "place", .type = SHAPE_T_TEXT, .help = "务工地" },
	{ .name = "workers", .type = SHAPE_T_INT, .nullable = true, .help = "从业人数，少于 5 人不显示" },
	SHAPE_END
};
static const struct shape year_shown_shape[] = {
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "avg_wage_cents", .type = SHAPE_T_INT, .nullable = true, .help = "月平均工资（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "trained", .type = SHAPE_T_INT, .nullable = true, .help = "当年培训人数，少于 5 人不显示" },
	{ .name = "workers", .type = SHAPE_T_INT, .nullable = true, .help = "从业人数，少于 5 人不显示" },
	{ .name = "towns", .type = SHAPE_T_INT, .help = "有从业人员的乡镇街道数" },
	{ .name = "places", .type = SHAPE_T_LIST, .of = place_shape, .help = "按务工地" },
	SHAPE_END
};
static const struct shape photo_shown_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "照片" },
	{ .name = "caption", .type = SHAPE_T_TEXT, .help = "说明" },
	SHAPE_END
};
static const struct shape page_shape[] = {
	BRAND_SHAPE,
	{ .name = "bearers", .type = SHAPE_T_LIST, .of = bearer_shown_shape, .help = "已确认的承载单位和带头人" },
	{ .name = "years", .type = SHAPE_T_LIST, .of = year_shown_shape, .help = "通过检查的年度" },
	{ .name = "photos", .type = SHAPE_T_LIST, .of = photo_shown_shape, .help = "照片" },
	SHAPE_END
};
static const struct shape own_full_shape[] = {
	BRAND_OWN_SHAPE,
	{ .name = "bearers", .type = SHAPE_T_LIST, .of = bearer_shown_shape, .help = "承载单位和带头人" },
	{ .name = "photos", .type = SHAPE_T_LIST, .of = brand_photo_shape, .help = "照片" },
	SHAPE_END
};
static const struct shape figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "recognised", .type = SHAPE_T_INT, .help = "已认定" },
	{ .name = "suspended", .type = SHAPE_T_INT, .help = "暂停中" },
	{ .name = "under_way", .type = SHAPE_T_INT, .help = "办理中" },
	{ .name = "city_target", .type = SHAPE_T_INT, .nullable = true, .help = "全市目标；空为未设定" },
	{ .name = "workers", .type = SHAPE_T_INT, .nullable = true, .help = "最近通过年度的从业人数，少于 5 人不显示" },
	{ .name = "towns", .type = SHAPE_T_INT, .help = "劳务输出乡镇街道数" },
	SHAPE_END
};

#define BY_CITY									\
	.callers = ROLE_APPROVE, .scope = SCOPE_AREA, .reply = own_shape, .success = 200, \
	.emits = "training.brand.moved.v1", .limit = LIMIT_WRITE

const struct route brand_routes[] = {
	{ .name = "brand_propose", .method = METHOD_POST, .path = "/v1/training/brands",
	  .callers = ROLE_BEARERS | ROLE_KEEPERS, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "training.brand.propose", .body = INPUT(brand_in, propose_fields), .reply = own_shape,
	  .handler = brand_propose, .limit = LIMIT_WRITE, .matter = "TR-30",
	  .zh = "申报劳务品牌", .en = "Ask for a labour brand" },
	{ .name = "brand_amend", .method = METHOD_PUT, .path = "/v1/training/brands/{id}",
	  .callers = ROLE_BEARERS | ROLE_KEEPERS, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "training.brand.propose", .body = INPUT(brand_in, amend_fields), .reply = own_shape,
	  .handler = brand_amend, .limit = LIMIT_WRITE,
	  .zh = "修改未审核或被退回的申报", .en = "Change what is not checked yet, or was returned" },
	{ .name = "brand_check", .method = METHOD_POST, .path = "/v1/training/brands/{id}/check",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA, .action = "training.brand.check",
	  .body = INPUT(brand_judge_in, brand_judge_fields), .reply = own_shape, .success = 200,
	  .stmt = &stmt_brand_check, .limit = LIMIT_WRITE,
	  .zh = "县区审核劳务品牌", .en = "The county checks a brand" },
	{ .name = "brand_decide", .method = METHOD_POST, .path = "/v1/training/brands/{id}/decide", BY_CITY,
	  .action = "training.brand.decide", .body = INPUT(brand_judge_in, brand_judge_fields),
	  .stmt = &stmt_brand_decide, .zh = "市级认定劳务品牌", .en = "The city recognises or refuses a brand" },
	{ .name = "brand_move", .method = METHOD_POST, .path = "/v1/training/brands/{id}/move", BY_CITY,
	  .action = "training.brand.move", .body = INPUT(brand_move_in, move_fields),
	  .stmt = &stmt_brand_move, .zh = "暂停、恢复或取消劳务品牌", .en = "Suspend, restore or remove a brand" },
	{ .name = "brand_list", .method = METHOD_GET, .path = "/v1/training/brands",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.brand.list",
	  .query = INPUT(brand_query, brand_query_fields), .list = true, .reply = brand_shape,
	  .stmt = &stmt_brand_list, .limit = LIMIT_READ, .zh = "劳务品牌", .en = "List recognised brands" },
	{ .name = "brand_get", .method = METHOD_GET, .path = "/v1/training/brands/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.brand.get",
	  .reply = page_shape, .stmt = &stmt_brand_get, .limit = LIMIT_READ,
	  .zh = "查看劳务品牌", .en = "Read a recognised brand" },
	{ .name = "brand_list_own", .method = METHOD_GET, .path = "/v1/training/own/brands",
	  .callers = ROLE_BEARERS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.brand.list_own", .query = INPUT(brand_query, own_query_fields), .list = true,
	  .reply = own_shape, .stmt = &stmt_brand_list_own, .limit = LIMIT_READ,
	  .zh = "本单位或辖区的劳务品牌", .en = "List the bearer's, or the area's, brands in every state" },
	{ .name = "brand_get_own", .method = METHOD_GET, .path = "/v1/training/own/brands/{id}",
	  .callers = ROLE_PERSON | ROLE_BEARERS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.brand.get_own", .reply = own_full_shape, .stmt = &stmt_brand_get_own,
	  .limit = LIMIT_READ, .zh = "查看办理中的劳务品牌", .en = "Read a brand that one bears, is asked to bear, or checks" },
	{ .name = "brand_figures", .method = METHOD_GET, .path = "/v1/training/brand-figures",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA, .action = "training.brand.figures",
	  .list = true, .reply = figure_shape, .stmt = &stmt_brand_figures, .limit = LIMIT_READ,
	  .zh = "各县区劳务品牌", .en = "Brands by county" },
	ROUTE_END
};

/* An organisation's own, where it says; an officer's within the area. */
static int
brand_propose(struct call *c)
{
	const struct brand_in	*in = c->body;
	const struct principal	*who = c->principal;
	const char		*county = area_county(in->area_code);
	struct brand_arrays	 a;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 refused;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (!who->has_org && !call_in_area(c, in->area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	if ((refused = brand_arrays(c, in, &a)) != 0)
		return (refused);
	call_object(c, &id);
	if (sql_brand_propose(c->db, &rows, &id, who->has_org ? &who->org : NULL, in->name, in->category,
	    a.occupations, a.towns, a.counties, in->story, county, in->area_code) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
brand_amend(struct call *c)
{
	const struct brand_in	*in = c->body;
	struct brand_arrays	 a;
	struct db_rows		 rows;
	int			 refused;

	if ((refused = brand_arrays(c, in, &a)) != 0)
		return (refused);
	if (sql_brand_amend(c->db, &rows, &c->id, in->name, in->category, a.occupations, a.towns,
	    a.counties, in->story) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

int
brand_arrays(struct call *c, const struct brand_in *in, struct brand_arrays *a)
{
	int	refused = 0;

	a->occupations = array_of(c, &in->occupations, "occupations", &refused);
	if (refused == 0)
		a->towns = array_of(c, &in->towns, "towns", &refused);
	if (refused == 0)
		a->counties = counties_of(c, &in->towns);
	return (refused);
}

/* Checked codes have nothing in them that an array would have to quote. */
static const char *
array_of(struct call *c, const struct list_of *list, const char *name, int *refused)
{
	const struct brand_code	*row = list->items;
	const char		*out = "";
	size_t			 i, k;

	for (i = 0; i < list->count; i++) {
		for (k = 0; k < i; k++)
			if (strcmp(row[k].code, row[i].code) == 0) {
				*refused = call_reject(c, ERR_F_DUPLICATE,
				    arena_printf(c->arena, "/%s/%zu/code", name, i));
				return (NULL);
			}
		out = arena_printf(c->arena, "%s%s%s", out, i == 0 ? "" : ",", row[i].code);
	}
	return (arena_printf(c->arena, "{%s}", out));
}

static const char *
counties_of(struct call *c, const struct list_of *towns)
{
	const struct brand_code	*row = towns->items;
	const char		*out = "", *county;
	size_t			 i;

	for (i = 0; i < towns->count; i++)
		if ((county = area_county(row[i].code)) != NULL && strstr(out, county) == NULL)
			out = arena_printf(c->arena, "%s%s%s", out, *out == '\0' ? "" : ",", county);
	return (arena_printf(c->arena, "{%s}", out));
}

static int
check_town(const char *code)
{
	return (strlen(code) == 9 ? check_area(code) : ERR_F_AREA);
}
