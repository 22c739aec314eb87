/*
 * search.c -- GET /v1/jobs/vacancies: a question to the index, then the page's
 * postings from the database in one statement, which looks once more whether
 * they are open.
 *
 * A cursor names the posting where the page ended, by the order of the sort,
 * and a print of the question: it goes on in any process, and with no other
 * question. What is put into the index later lies before it or behind it, never
 * twice; what closes is left out.
 */
#include <stdio.h>
#include <string.h>

#include "jobs.h"
#include "search.h"
#include "search_reply.h"
#include "jobs_sql.h"
#include "base/buf.h"

#define PAY_MOST_CENTS	INT64_C(1000000000)	/* 1,000 万元 */
#define RADIUS_MOST_M	200000
#define TURNS		4	/* when most of a page closed meanwhile */

struct search_query {
	const char	*q;
	const char	*area_code, *area;
	const char	*occupation_code, *industry_code;
	int64_t		 pay_cents;
	const char	*pay_unit, *form, *education_code;
	int64_t		 skill_level;
	const char	*skills, *benefits;
	int32_t		 posted_since;
	int64_t		 lat_e6, lng_e6, radius_m;
	const char	*sort;
	bool		 facets;
};

/* One question on its way: what the index is asked, and the texts that needs. */
struct asking {
	struct call			*call;
	const struct search_query	*in;
	struct index_query		 q;
	struct concepts			 concepts;
	uint64_t			 print;
	struct json_errors		 errors;
};

static int	vacancy_search(struct call *);
static int	question_make(struct asking *);
static void	wrong(struct asking *, const char *, enum error_code, const struct call_near *, size_t);
static void	code_filter(struct asking *, const char *, const char *, const char *, enum mark_kind,
		    enum error_code);
static void	area_filters(struct asking *);
static void	more_filters(struct asking *);
static void	list_filters(struct asking *, const char *, const char *, enum mark_kind);
static void	up_to(struct asking *, enum mark_kind, int, int);
static void	filter(struct asking *, enum mark_kind, const char *);
static void	sort_and_point(struct asking *);
static uint64_t	print_of(struct asking *);
static bool	cursor_read(struct asking *, const char *);
static const char *cursor_text(struct asking *, const struct index_after *);
static int	pages_read(struct asking *, struct index_result *, const char **, size_t *);
static int	page_read(struct asking *, const struct index_result *, struct db_rows *);

static const char *const	sorts[] = { "relevance", "newest", "pay", "nearest", NULL };

static const struct field search_query_fields[] = {
	FIELD_TEXT(search_query, q, OPTIONAL, 1, 60, "想找什么：岗位、单位、职业或其俗称、地名、福利，以空格分开"),
	FIELD_TEXT(search_query, area_code, OPTIONAL, 1, 12, "工作地，含其下级；六位为主管县区"),
	FIELD_TEXT(search_query, area, OPTIONAL, 2, 40, "工作地名称，全称或简称"),
	FIELD_TEXT(search_query, occupation_code, OPTIONAL, 1, 10, "职业代码，任何一级"),
	FIELD_TEXT(search_query, industry_code, OPTIONAL, 1, 6, "单位所属行业代码，任何一级"),
	FIELD_INT(search_query, pay_cents, OPTIONAL, 0, PAY_MOST_CENTS, "薪酬可达（分）；未给计薪单位时按月折算比较"),
	FIELD_ENUM(search_query, pay_unit, OPTIONAL, pay_units, "计薪单位"),
	FIELD_ENUM(search_query, form, OPTIONAL, work_forms, "用工形式"),
	FIELD_TEXT(search_query, education_code, OPTIONAL, 1, 6, "本人学历：只列要求不高于它的岗位"),
	FIELD_INT(search_query, skill_level, OPTIONAL, 1, 5, "本人技能等级（5 初级工至 1 高级技师）：只列要求不高于它的岗位"),
	FIELD_TEXT(search_query, skills, OPTIONAL, 1, 200, "技能，逗号分隔，须都有要求"),
	FIELD_TEXT(search_query, benefits, OPTIONAL, 1, 200, "福利，逗号分隔，须都提供"),
	FIELD_DAY(search_query, posted_since, OPTIONAL, "该日及以后发布"),
	FIELD_INT(search_query, lat_e6, OPTIONAL, -90000000, 90000000, "所在地纬度（百万分之一度）"),
	FIELD_INT(search_query, lng_e6, OPTIONAL, -180000000, 180000000, "所在地经度（百万分之一度）"),
	FIELD_INT(search_query, radius_m, OPTIONAL, 1, RADIUS_MOST_M, "距所在地不超过（米）"),
	FIELD_ENUM(search_query, sort, OPTIONAL, sorts, "排序，默认按相关程度，同等者新发布的在前"),
	FIELD_BOOL(search_query, facets, OPTIONAL, "同时给出各类计数"),
	FIELD_END
};

const struct route search_routes[] = {
	{ .name = "vacancy_list", .method = METHOD_GET, .path = "/v1/jobs/vacancies",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.vacancy.list",
	  .query = INPUT(search_query, search_query_fields), .list = true,
	  .reply = vacancy_shape, .extra = search_extra, .handler = vacancy_search, .limit = LIMIT_READ,
	  .zh = "查找招聘中的岗位", .en = "Search open vacancies" },
	ROUTE_END
};

static int
vacancy_search(struct call *c)
{
	struct asking		*s = arena_zalloc(c->arena, sizeof(*s));
	struct index_result	*r = arena_zalloc(c->arena, sizeof(*r));
	const char	       **items;
	const char		*members, *after = NULL;
	size_t			 n = 0;

	s->call = c;
	s->in = c->query;
	search_settle();
	if (search_live() == NULL)
		return (call_reject(c, ERR_BUSY, NULL));
	if (question_make(s) == -1)
		return (call_reject_fields(c, &s->errors));
	s->q.limit = (size_t)call_limit(c);
	items = arena_alloc(c->arena, s->q.limit * sizeof(*items));
	r->hits = arena_alloc(c->arena, s->q.limit * sizeof(*r->hits));
	index_ask(search_live(), &s->q, r);
	members = search_members(c->arena, &s->concepts, r, s->in->facets);
	if (pages_read(s, r, items, &n) == -1)
		return (call_failed(c));
	if (r->more && r->nhits > 0)
		after = cursor_text(s, &r->hits[r->nhits - 1].after);
	return (call_reply_page_with(c, items, n, after, members));
}

/* ---- the question ---- */

static int
question_make(struct asking *s)
{
	const struct search_query	*in = s->in;
	const char			*after = call_after(s->call);

	s->q.lat_e6 = INDEX_NOWHERE;
	s->q.count = true;
	s->q.facets = in->facets;
	if (in->q != NULL)
		words_cut(s->call->arena, in->q, &s->q, &s->concepts);
	area_filters(s);
	code_filter(s, "occupation_code", "occupations", in->occupation_code, MARK_OCCUPATION,
	    ERR_F_OCCUPATION);
	code_filter(s, "industry_code", "industries", in->industry_code, MARK_INDUSTRY, ERR_F_INDUSTRY);
	more_filters(s);
	sort_and_point(s);
	s->print = print_of(s);
	if (after != NULL && !cursor_read(s, after))
		wrong(s, "cursor", ERR_F_CURSOR, NULL, 0);
	return (s->errors.count > 0 ? -1 : 0);
}

static void
wrong(struct asking *s, const char *pointer, enum error_code code, const struct call_near *near,
    size_t n)
{
	if (s->errors.count == JSON_ERRORS_MAX)
		return;
	call_meant(s->call, pointer, near, n);
	s->errors.list[s->errors.count++] = (struct json_error){ pointer, (int)code };
}

/* Six digits are the county in charge: the towns of 金洞 carry 祁阳's. */
static void
area_filters(struct asking *s)
{
	const char		*code = s->in->area_code;
	struct call_near	 near[NEAR_MOST];
	size_t			 n;

	if (code != NULL && check_area(code) != 0) {
		n = near_codes(s->call->arena, "areas", code, near);
		wrong(s, "area_code", ERR_F_AREA, near, n);
	} else if (code != NULL && strcmp(code, AREA_CITY) != 0)
		filter(s, MARK_AREA, code);
	if (s->in->area == NULL)
		return;
	if ((code = area_named(s->in->area, near, &n)) == NULL)
		wrong(s, "area", ERR_F_AREA, near, n);
	else if (strcmp(code, AREA_CITY) != 0)
		filter(s, MARK_AREA, code);
}

static void
code_filter(struct asking *s, const char *pointer, const char *list, const char *code,
    enum mark_kind kind, enum error_code error)
{
	struct call_near	near[NEAR_MOST];
	const char		*name;
	size_t			 n;

	if (code == NULL)
		return;
	name = kind == MARK_OCCUPATION ? occupation_name(code) : industry_name(code);
	if (name == NULL) {
		n = near_codes(s->call->arena, list, code, near);
		wrong(s, pointer, error, near, n);
	} else
		filter(s, kind, code);
}

static void
more_filters(struct asking *s)
{
	const struct search_query	*in = s->in;
	struct call_near		 near[NEAR_MOST];
	int				 rank = education_rank(in->education_code);
	size_t				 n;

	if (in->form != NULL)
		filter(s, MARK_FORM, in->form);
	if (in->pay_unit != NULL)
		filter(s, MARK_PAY_UNIT, in->pay_unit);
	s->q.pay_least = search_pay_rank(in->pay_cents, in->pay_unit != NULL ? in->pay_unit : "month");
	if (in->education_code != NULL && rank == -1) {
		n = near_codes(s->call->arena, "education_levels", in->education_code, near);
		wrong(s, "education_code", ERR_F_EDUCATION, near, n);
	} else if (in->education_code != NULL)
		up_to(s, MARK_EDUCATION, 0, rank + 1);
	if (in->skill_level > 0)
		up_to(s, MARK_SKILL_LEVEL, (int)in->skill_level, 5);
	list_filters(s, "skills", in->skills, MARK_SKILL);
	list_filters(s, "benefits", in->benefits, MARK_BENEFIT);
	if (in->posted_since != DAY_NONE)
		s->q.posted_since_us = day_start_us(in->posted_since);
}

/* Any of the numbers from..to, or 0: nothing is asked for. */
static void
up_to(struct asking *s, enum mark_kind kind, int from, int to)
{
	const char	**any = arena_alloc(s->call->arena, (size_t)(to - from + 2) * sizeof(*any));
	size_t		  n = 0;
	int		  i;

	if (from > 0)
		any[n++] = "0";
	for (i = from; i <= to; i++)
		any[n++] = arena_printf(s->call->arena, "%d", i);
	s->q.filters[s->q.nfilters++] = (struct index_filter){ (uint8_t)kind, any, n };
}

/* One filter each: all of them must be there. */
static void
list_filters(struct asking *s, const char *pointer, const char *text, enum mark_kind kind)
{
	struct call_near	 near[NEAR_MOST];
	const char		*word;
	char			*rest, *one;
	size_t			 i;

	if (text == NULL)
		return;
	rest = arena_strdup(s->call->arena, text);
	while ((one = strsep(&rest, ",")) != NULL) {
		if ((word = search_folded(s->call->arena, one))[0] == '\0')
			continue;
		for (i = 0; kind == MARK_BENEFIT && work_benefits[i] != NULL &&
		    strcmp(work_benefits[i], word) != 0; i++)
			continue;
		if (kind == MARK_BENEFIT && work_benefits[i] == NULL)
			wrong(s, pointer, ERR_F_CHOICE, near, near_labels(search_benefit_words, word, near));
		else if (s->q.nfilters == INDEX_FILTERS)
			wrong(s, pointer, ERR_F_LONG, NULL, 0);
		else
			filter(s, kind, word);
	}
}

static void
filter(struct asking *s, enum mark_kind kind, const char *text)
{
	const char	**any = arena_alloc(s->call->arena, sizeof(*any));

	any[0] = text;
	if (s->q.nfilters < INDEX_FILTERS)
		s->q.filters[s->q.nfilters++] = (struct index_filter){ (uint8_t)kind, any, 1 };
}

static void
sort_and_point(struct asking *s)
{
	const struct search_query	*in = s->in;
	bool				 point = in->lat_e6 != 0 && in->lng_e6 != 0;
	int				 i;

	for (i = 0; in->sort != NULL && sorts[i] != NULL; i++)
		if (strcmp(sorts[i], in->sort) == 0)
			s->q.sort = (enum index_sort)i;
	if (point) {
		s->q.lat_e6 = (int32_t)in->lat_e6;
		s->q.lng_e6 = (int32_t)in->lng_e6;
	} else if (in->radius_m > 0 || s->q.sort == INDEX_NEAREST)
		wrong(s, in->lat_e6 == 0 ? "lat_e6" : "lng_e6", ERR_F_MISSING, NULL, 0);
	s->q.radius_m = in->radius_m;
}

/* ---- cursors ---- */

/* Of all that is asked; not of how much is wanted of it. */
static uint64_t
print_of(struct asking *s)
{
	const struct search_query	*in = s->in;
	const char			*text, *p;
	uint64_t			 h = 0xcbf29ce484222325ULL;

	text = arena_printf(s->call->arena, "%s|%s|%s|%s|%s|%lld|%s|%s|%s|%lld|%s|%s|%d|%lld|%lld|%lld|%s",
	    in->q ? in->q : "", in->area_code ? in->area_code : "", in->area ? in->area : "",
	    in->occupation_code ? in->occupation_code : "", in->industry_code ? in->industry_code : "",
	    (long long)in->pay_cents, in->pay_unit ? in->pay_unit : "", in->form ? in->form : "",
	    in->education_code ? in->education_code : "", (long long)in->skill_level,
	    in->skills ? in->skills : "", in->benefits ? in->benefits : "", (int)in->posted_since,
	    (long long)in->lat_e6, (long long)in->lng_e6, (long long)in->radius_m,
	    in->sort ? in->sort : "");
	for (p = text; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 0x100000001b3ULL;
	return (h);
}

static const char *
cursor_text(struct asking *s, const struct index_after *a)
{
	char	id[UUID_TEXT];

	return (arena_printf(s->call->arena, "%llx %u %lld %lld %s", (unsigned long long)s->print,
	    a->tier, (long long)a->key, (long long)a->posted_us, uuid_format(&a->id, id)));
}

static bool
cursor_read(struct asking *s, const char *text)
{
	unsigned long long	 print;
	long long		 key, posted_us;
	char			 id[UUID_TEXT];

	if (sscanf(text, "%llx %u %lld %lld %36s", &print, &s->q.after.tier, &key, &posted_us, id) != 5 ||
	    print != s->print || !uuid_parse(id, &s->q.after.id))
		return (false);
	s->q.after.key = key;
	s->q.after.posted_us = posted_us;
	s->q.more = true;
	return (true);
}

/* ---- the page ---- */

/* Asks again behind the last hit for as many as had closed meanwhile. */
static int
pages_read(struct asking *s, struct index_result *r, const char **items, size_t *n)
{
	size_t		want = s->q.limit, i;
	struct db_rows	rows;
	int		turn;

	for (turn = 0; r->nhits > 0; turn++) {
		if (page_read(s, r, &rows) == -1)
			return (-1);
		for (i = 0; i < rows.count; i++)
			items[(*n)++] = db_text(&rows, i, "reply");
		if (*n == want || !r->more || turn == TURNS || search_live() == NULL)
			break;
		s->q.after = r->hits[r->nhits - 1].after;
		s->q.more = true;
		s->q.limit = want - *n;
		s->q.count = s->q.facets = false;
		index_ask(search_live(), &s->q, r);
	}
	return (0);
}

static int
page_read(struct asking *s, const struct index_result *r, struct db_rows *rows)
{
	struct buf	 ids, metres;
	char		 id[UUID_TEXT];
	size_t		 i;
	int		 rc;

	buf_init(&ids, r->nhits * (UUID_TEXT + 1) + 3);
	buf_init(&metres, r->nhits * 24 + 3);
	for (i = 0; i < r->nhits; i++) {
		buf_addf(&ids, "%c%s", i == 0 ? '{' : ',', uuid_format(&r->hits[i].id, id));
		buf_addf(&metres, "%c%lld", i == 0 ? '{' : ',', (long long)r->hits[i].distance_m);
	}
	buf_addc(&ids, '}');
	buf_addc(&metres, '}');
	rc = sql_search_page(s->call->db, rows, arena_strdup(s->call->arena, buf_cstr(&ids)),
	    arena_strdup(s->call->arena, buf_cstr(&metres)));
	buf_release(&ids);
	buf_release(&metres);
	return (rc);
}
