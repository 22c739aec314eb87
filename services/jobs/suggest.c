/*
 * suggest.c -- typing ahead, out of the index: titles and employers of open
 * postings, occupations and areas that have some, the most used first. And the
 * words that mean the same, which the city's officers keep.
 */
#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "search_priv.h"
#include "jobs_sql.h"
#include "base/buf.h"
#include "base/log.h"

#define SUGGEST_MOST	10
#define LOOKED_MOST	40	/* codes whose postings are counted */
#define REPLY_MAX	65536

struct suggest_query {
	const char	*q;
};

struct suggestion {
	const char	*kind, *text, *code;
	int64_t		 count;
};

struct suggestions {
	struct arena		*arena;
	struct suggestion	 list[SUGGEST_MOST];
	size_t			 n;
};

struct synonym_in {
	const char	*words, *note;
	int32_t		 from_on;
};

struct synonym_change {
	const char	*words, *note;
};

struct synonym_query {
	const char	*word;
	bool		 all_days;
};

static int	suggest(struct call *);
static void	names_offer(struct suggestions *, enum index_name, const char *, const char *);
static void	areas_offer(struct suggestions *, const char *);
static void	occupations_offer(struct suggestions *, const char *);
static void	code_offer(struct suggestions *, const char *, uint8_t, const char *, const char *);
static void	offer(struct suggestions *, const char *, const char *, const char *, int64_t);
static const char *reply_text(struct suggestions *);
static struct code_item *occupations;
static size_t	 noccupations;

static const struct field suggest_query_fields[] = {
	FIELD_TEXT(suggest_query, q, REQUIRED, 1, 30, "已输入的文字"),
	FIELD_END
};
static const struct field synonym_in_fields[] = {
	FIELD_TEXT(synonym_in, words, REQUIRED, 3, 200, "二至八个同义词，以“/”或顿号分隔"),
	FIELD_TEXT(synonym_in, note, OPTIONAL, 0, 200, "说明"),
	FIELD_DAY(synonym_in, from_on, OPTIONAL, "启用日期，默认当日"),
	FIELD_END
};
static const struct field synonym_change_fields[] = {
	FIELD_TEXT(synonym_change, words, REQUIRED, 3, 200, "二至八个同义词，以“/”或顿号分隔"),
	FIELD_TEXT(synonym_change, note, OPTIONAL, 0, 200, "说明"),
	FIELD_END
};
static const struct field synonym_query_fields[] = {
	FIELD_TEXT(synonym_query, word, OPTIONAL, 1, 30, "含有该词"),
	FIELD_BOOL(synonym_query, all_days, OPTIONAL, "也列出已停用的"),
	FIELD_END
};

static const struct shape suggestion_shape[] = {
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "类别：title、employer、occupation、area" },
	{ .name = "text", .type = SHAPE_T_TEXT, .help = "联想词" },
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "职业或地区代码" },
	{ .name = "count", .type = SHAPE_T_INT, .help = "招聘中的岗位数" },
	SHAPE_END
};
static const struct shape suggest_shape[] = {
	{ .name = "items", .type = SHAPE_T_LIST, .of = suggestion_shape, .help = "岗位多的在前" },
	SHAPE_END
};
static const struct shape synonym_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "同义词组" },
	{ .name = "words", .type = SHAPE_T_LIST, .help = "同义词" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "启用日期" },
	{ .name = "withdrawn_on", .type = SHAPE_T_DAY, .nullable = true, .help = "停用日期" },
	{ .name = "changed_at", .type = SHAPE_T_INSTANT, .help = "最近修改时间" },
	SHAPE_END
};

const struct route synonym_routes[] = {
	{ .name = "vacancy_suggest", .method = METHOD_GET, .path = "/v1/jobs/suggest",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.vacancy.suggest",
	  .query = INPUT(suggest_query, suggest_query_fields), .reply = suggest_shape,
	  .handler = suggest, .limit = LIMIT_READ,
	  .zh = "查找岗位时的联想词", .en = "Complete what is being typed" },
	{ .name = "synonym_list", .method = METHOD_GET, .path = "/v1/jobs/synonyms",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.synonym.list",
	  .query = INPUT(synonym_query, synonym_query_fields), .list = true, .reply = synonym_shape,
	  .stmt = &stmt_synonym_list, .limit = LIMIT_READ,
	  .zh = "查找岗位所用的同义词", .en = "List the synonyms of the search" },
	{ .name = "synonym_add", .method = METHOD_POST, .path = "/v1/jobs/synonyms",
	  .callers = ROLE_CLERK | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.synonym.add",
	  .body = INPUT(synonym_in, synonym_in_fields), .reply = synonym_shape,
	  .stmt = &stmt_synonym_add, .emits = "jobs.synonym.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "新增同义词（市级）", .en = "Add synonyms (city)" },
	{ .name = "synonym_put", .method = METHOD_PUT, .path = "/v1/jobs/synonyms/{id}",
	  .callers = ROLE_CLERK | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.synonym.put",
	  .body = INPUT(synonym_change, synonym_change_fields), .reply = synonym_shape,
	  .stmt = &stmt_synonym_put, .emits = "jobs.synonym.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "修改同义词（市级）", .en = "Change synonyms (city)" },
	{ .name = "synonym_withdraw", .method = METHOD_POST, .path = "/v1/jobs/synonyms/{id}/withdraw",
	  .callers = ROLE_CLERK | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.synonym.withdraw",
	  .reply = synonym_shape, .success = 200, .stmt = &stmt_synonym_withdraw,
	  .emits = "jobs.synonym.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "停用同义词（市级）", .en = "Withdraw synonyms (city)" },
	ROUTE_END
};

/* Nothing that begins so is no mistake: the list is empty. */
static int
suggest(struct call *c)
{
	const struct suggest_query	*in = c->query;
	struct suggestions		 s = { .arena = c->arena };
	const char			*q = in->q + strspn(in->q, " ");

	search_settle();
	if (search_live() == NULL)
		return (call_reject(c, ERR_BUSY, NULL));
	if (q[0] != '\0') {
		names_offer(&s, INDEX_TITLE, "title", q);
		names_offer(&s, INDEX_EMPLOYER, "employer", q);
		occupations_offer(&s, q);
		areas_offer(&s, q);
	}
	return (call_reply(c, 200, reply_text(&s)));
}

static void
names_offer(struct suggestions *s, enum index_name kind, const char *word, const char *q)
{
	struct index_suggestion	found[SUGGEST_MOST];
	size_t			n = index_suggest(search_live(), kind, q, found, SUGGEST_MOST), i;

	for (i = 0; i < n; i++)
		offer(s, word, found[i].text, NULL, found[i].count);
}

static void
areas_offer(struct suggestions *s, const char *q)
{
	const struct area_row	*list;
	size_t			 n, i, len = strlen(q);

	list = near_areas(&n);
	for (i = 0; i < n; i++)
		if (list[i].level > 1 && (strncmp(list[i].name, q, len) == 0 ||
		    strncmp(list[i].brief, q, len) == 0))
			code_offer(s, "area", MARK_AREA, list[i].code, list[i].name);
}

/* By its own name, or by what people call it. */
static void
occupations_offer(struct suggestions *s, const char *q)
{
	const struct code_alias	*alias;
	const char		*seen[LOOKED_MOST];
	size_t			 n, i, k, nseen = 0, len = strlen(q);

	if (occupations == NULL)
		occupations = near_list("occupations", &noccupations);
	for (i = 0; i < noccupations && nseen < LOOKED_MOST; i++)
		if (strncmp(occupations[i].name, q, len) == 0)
			seen[nseen++] = occupations[i].code;
	alias = codes_aliases(&n);
	for (i = 0; i < n && nseen < LOOKED_MOST; i++) {
		if (strncmp(alias[i].alias, q, len) != 0)
			continue;
		for (k = 0; k < nseen && strcmp(seen[k], alias[i].code) != 0; k++)
			continue;
		if (k == nseen)
			seen[nseen++] = alias[i].code;
	}
	for (k = 0; k < nseen; k++)
		code_offer(s, "occupation", MARK_OCCUPATION, seen[k], occupation_name(seen[k]));
}

static void
code_offer(struct suggestions *s, const char *kind, uint8_t mark, const char *code,
    const char *name)
{
	uint64_t	n = index_mark_count(search_live(), mark, code);

	if (n > 0)
		offer(s, kind, name, code, (int64_t)n);
}

/* Kept in order; of equal ones the first offered stays before. */
static void
offer(struct suggestions *s, const char *kind, const char *text, const char *code, int64_t count)
{
	size_t	i;

	if (s->n == SUGGEST_MOST && s->list[s->n - 1].count >= count)
		return;
	if (s->n < SUGGEST_MOST)
		s->n++;
	for (i = s->n - 1; i > 0 && s->list[i - 1].count < count; i--)
		s->list[i] = s->list[i - 1];
	s->list[i] = (struct suggestion){ kind, text, code, count };
}

static const char *
reply_text(struct suggestions *s)
{
	struct json_out	 out;
	struct buf	 b;
	const char	*text;
	size_t		 i;

	buf_init(&b, REPLY_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_open_list(&out, "items");
	for (i = 0; i < s->n; i++) {
		json_open(&out, NULL);
		json_put_text(&out, "kind", s->list[i].kind);
		json_put_text(&out, "text", s->list[i].text);
		json_put_text(&out, "code", s->list[i].code);
		json_put_int(&out, "count", s->list[i].count);
		json_close(&out);
	}
	json_close_list(&out);
	json_close(&out);
	text = arena_strdup(s->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}
