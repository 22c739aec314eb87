/*
 * codes.c -- the public code lists: everything a form has to choose from, with
 * official names. Nothing here is personal and nothing is asked of the
 * database; lists change with a release, so anybody may keep them for a while.
 */
#include "identity.h"
#include "base/buf.h"
#include "codes/codes.h"

#define ITEM_MAX	1024	/* one item as JSON */
#define ONE_MAX		8192	/* an item with its ancestors */
#define KEEP		"public, max-age=3600"

struct set_query {
	struct page_in	 page;
};

struct code_query {
	struct page_in	 page;
	const char	*parent;
	const char	*q;
	int64_t		 level;
};

static int	 code_set_list(struct call *);
static int	 code_list(struct call *);
static int	 code_get(struct call *);
static size_t	 set_count(void);
static const struct code_list *set_at(size_t);
static size_t	 set_index(const char *);
static const struct code_list *set_of(const struct call *);
static const char *taken(struct call *, struct buf *);
static const char *set_json(struct call *, const struct code_list *);
static const char *item_json(struct call *, const struct code_item *);
static void	 put_item(struct json_out *, const struct code_item *);
static void	 put_ancestors(struct json_out *, const struct code_list *, const char *);

#define PAGE_FIELDS(s)								\
	{ .name = "limit", .type = FIELD_T_INT, .min = 1, .max = 200,		\
	  .offset = offsetof(struct s, page.limit), .help = "每页条数" },	\
	{ .name = "cursor", .type = FIELD_T_TEXT, .max = 500,			\
	  .offset = offsetof(struct s, page.cursor), .help = "分页游标" }

static const struct field set_query_fields[] = {
	PAGE_FIELDS(set_query),
	FIELD_END
};

static const struct field code_query_fields[] = {
	PAGE_FIELDS(code_query),
	FIELD_TEXT(code_query, parent, OPTIONAL, 1, CODE_MAX - 1, "上级代码：只列其直接下级，行政区划按管辖关系"),
	FIELD_TEXT(code_query, q, OPTIONAL, 1, 30, "名称中的文字，或代码开头"),
	FIELD_INT(code_query, level, OPTIONAL, 1, 8, "层级，1 为最上级"),
	FIELD_END
};

#define ITEM_ROWS								\
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "代码" },		\
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },		\
	{ .name = "parent_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "上级代码" }, \
	{ .name = "level", .type = SHAPE_T_INT, .help = "层级，1 为最上级" }

static const struct shape set_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "代码表" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "standard", .type = SHAPE_T_TEXT, .nullable = true, .help = "所依标准，空为本平台自定" },
	{ .name = "count", .type = SHAPE_T_INT, .help = "代码个数" },
	SHAPE_END
};

static const struct shape item_shape[] = { ITEM_ROWS, SHAPE_END };

static const struct shape one_shape[] = {
	ITEM_ROWS,
	{ .name = "ancestors", .type = SHAPE_T_LIST, .of = item_shape, .help = "各上级，从最上级起" },
	SHAPE_END
};

const struct route code_routes[] = {
	{ .name = "code_set_list", .method = METHOD_GET, .path = "/v1/codes",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "codes.set.list",
	  .query = INPUT(set_query, set_query_fields), .list = true, .reply = set_shape,
	  .handler = code_set_list, .limit = LIMIT_READ,
	  .zh = "代码表目录", .en = "The code lists there are" },
	{ .name = "code_list", .method = METHOD_GET, .path = "/v1/codes/{set_name}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "codes.list",
	  .query = INPUT(code_query, code_query_fields), .list = true, .reply = item_shape,
	  .handler = code_list, .limit = LIMIT_READ,
	  .zh = "代码表：逐级查看或按名称查找", .en = "Codes of a list, level by level or by name" },
	{ .name = "code_get", .method = METHOD_GET, .path = "/v1/codes/{set_name}/{item_code}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "codes.read",
	  .reply = one_shape, .handler = code_get, .limit = LIMIT_READ,
	  .zh = "一个代码及其各上级", .en = "One code with its ancestors" },
	ROUTE_END
};

static int
code_set_list(struct call *c)
{
	const struct set_query	 *q = c->query;
	const char		**items = arena_alloc(c->arena, (size_t)q->page.limit * sizeof(*items));
	size_t			  i = 0, n, end = set_count();

	if (q->page.cursor != NULL && (i = set_index(q->page.cursor)) < end)
		i++;
	for (n = 0; n < (size_t)q->page.limit && i < end; n++)
		items[n] = set_json(c, set_at(i++));
	call_header(c, "Cache-Control", KEEP);
	return (call_reply_page(c, items, n, i < end ? set_at(i - 1)->name : NULL));
}

/* One more than the page is looked for: it says whether there is a next one. */
static int
code_list(struct call *c)
{
	const struct code_query	 *q = c->query;
	const struct code_list	 *l = set_of(c);
	struct code_filter	  f = { .parent = q->parent, .text = q->q, .level = q->level };
	size_t			  room = (size_t)q->page.limit, n, i;
	struct code_item	 *found = arena_alloc(c->arena, (room + 1) * sizeof(*found));
	const char		**items = arena_alloc(c->arena, room * sizeof(*items));

	if (l == NULL)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (q->parent != NULL && !code_list_find(l, q->parent, &found[0]))
		return (call_reject(c, ERR_F_CHOICE, "parent"));
	n = code_list_walk(l, &f, q->page.cursor, found, room + 1);
	for (i = 0; i < n && i < room; i++)
		items[i] = item_json(c, &found[i]);
	call_header(c, "Cache-Control", KEEP);
	return (call_reply_page(c, items, i, n > room ? found[room - 1].code : NULL));
}

static int
code_get(struct call *c)
{
	const struct code_list	*l = set_of(c);
	struct code_item	 item;
	struct json_out		 out;
	struct buf		 b;

	if (l == NULL || !code_list_find(l, call_param(c, "item_code"), &item))
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	buf_init(&b, ONE_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	put_item(&out, &item);
	json_open_list(&out, "ancestors");
	put_ancestors(&out, l, item.parent);
	json_close_list(&out);
	json_close(&out);
	call_header(c, "Cache-Control", KEEP);
	return (call_reply(c, 200, taken(c, &b)));
}

/* The standards' lists, then ours. */
static size_t
set_count(void)
{
	size_t	 standards, words;

	(void)codes_lists(&standards);
	(void)codes_words(&words);
	return (standards + words);
}

static const struct code_list *
set_at(size_t i)
{
	const struct code_list	*standards, *words;
	size_t			 n, m;

	standards = codes_lists(&n);
	words = codes_words(&m);
	return (i < n ? &standards[i] : &words[i - n]);
}

/* The count: no such list. */
static size_t
set_index(const char *name)
{
	size_t	 i, n = set_count();

	for (i = 0; i < n; i++)
		if (strcmp(set_at(i)->name, name) == 0)
			break;
	return (i);
}

static const struct code_list *
set_of(const struct call *c)
{
	size_t	 i = set_index(call_param(c, "set_name"));

	return (i < set_count() ? set_at(i) : NULL);
}

/* What was written, moved into the arena. */
static const char *
taken(struct call *c, struct buf *b)
{
	const char	*json = arena_strdup(c->arena, buf_cstr(b));

	buf_release(b);
	return (json);
}

static const char *
set_json(struct call *c, const struct code_list *l)
{
	struct json_out	 out;
	struct buf	 b;

	buf_init(&b, ITEM_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "code", l->name);
	json_put_text(&out, "title", l->title);
	json_put_text(&out, "standard", l->standard);
	json_put_int(&out, "count", (int64_t)code_list_count(l));
	json_close(&out);
	return (taken(c, &b));
}

static const char *
item_json(struct call *c, const struct code_item *item)
{
	struct json_out	 out;
	struct buf	 b;

	buf_init(&b, ITEM_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	put_item(&out, item);
	json_close(&out);
	return (taken(c, &b));
}

/* The members, into an object that is open. */
static void
put_item(struct json_out *out, const struct code_item *item)
{
	json_put_text(out, "code", item->code);
	json_put_text(out, "name", item->name);
	json_put_text(out, "parent_code", item->parent[0] == '\0' ? NULL : item->parent);
	json_put_int(out, "level", item->level);
}

/* From the top down to `code`; a level more each time, so it ends. */
static void
put_ancestors(struct json_out *out, const struct code_list *l, const char *code)
{
	struct code_item	 item;

	if (!code_list_find(l, code, &item))
		return;
	put_ancestors(out, l, item.parent);
	json_open(out, NULL);
	put_item(out, &item);
	json_close(out);
}
