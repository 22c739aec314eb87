/*
 * occupation.c -- the occupation that a title means, for whoever types one
 * (title.h). Nothing is decided here: the code is chosen by the one who posts.
 */
#include "jobs.h"
#include "base/buf.h"
#include "base/log.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "title.h"

#define SUGGESTIONS	10

struct occupation_query {
	const char	*title;
	int64_t		 limit;
};

static int	occupation_suggest(struct call *);

static struct titles	*titles;

static const struct field occupation_query_fields[] = {
	FIELD_TEXT(occupation_query, title, REQUIRED, 1, 60, "岗位名称"),
	FIELD_INT(occupation_query, limit, OPTIONAL, 1, TITLE_HITS, "最多几个，默认 10"),
	FIELD_END
};

static const struct shape hit_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "职业名称" },
	{ .name = "score", .type = SHAPE_T_INT, .help = "相近程度（千分数），只用于排序" },
	SHAPE_END
};

static const struct shape suggestion_shape[] = {
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "所问的岗位名称" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = hit_shape, .help = "可能的职业，最像的在前" },
	SHAPE_END
};

const struct route occupation_routes[] = {
	{ .name = "occupation_suggest", .method = METHOD_GET, .path = "/v1/jobs/occupation-suggestions",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.occupation.suggest",
	  .query = INPUT(occupation_query, occupation_query_fields), .reply = suggestion_shape,
	  .handler = occupation_suggest, .limit = LIMIT_READ,
	  .zh = "由岗位名称推荐职业代码", .en = "Occupation codes that a title may mean" },
	ROUTE_END
};

int
occupation_start(void)
{
	return ((titles = titles_load(conf_text(CONF_REFERENCE))) == NULL ? -1 : 0);
}

static int
occupation_suggest(struct call *c)
{
	const struct occupation_query	*q = c->query;
	struct title_hit		 hits[TITLE_HITS];
	size_t				 n, i;
	struct json_out			 out;
	struct buf			 b;
	const char			*text;

	n = titles_ask(titles, q->title, hits, q->limit > 0 ? (size_t)q->limit : SUGGESTIONS);
	buf_init(&b, 16384);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "title", q->title);
	json_open_list(&out, "items");
	for (i = 0; i < n; i++) {
		json_open(&out, NULL);
		json_put_text(&out, "code", hits[i].code);
		json_put_text(&out, "name", occupation_name(hits[i].code));
		json_put_int(&out, "score", hits[i].score);
		json_close(&out);
	}
	json_close_list(&out);
	json_close(&out);
	text = buf_ok(&b) ? arena_strdup(c->arena, buf_cstr(&b)) : NULL;
	buf_release(&b);
	return (text == NULL ? call_reject(c, ERR_INTERNAL, NULL) : call_reply(c, 200, text));
}
