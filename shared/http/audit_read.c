/*
 * audit_read.c -- reading the trail: the audit roles their areas' part, a
 * person what others did with their data.
 *
 * Every service serves both under its own name, so the rows are made when the
 * service's name is known. Row-level security shows a row of the trail only
 * under these two actions (platform.make_audit). A person sees office, role and
 * purpose, never the name of the officer.
 */
#include "http/audit_priv.h"
#include "codes/codes.h"
#include "platform_sql.h"

#define ITEM_MAX	65536
#define ROWS		3

struct audit_query {
	int64_t		 limit;
	const char	*cursor;
	struct uuid	 actor, person;
	const char	*action;
	int64_t		 from, to;
	const char	*result;
};

static int	audit_list(struct call *);
static int	access_list(struct call *);
static bool	after_of(const struct call *, int64_t *, const int64_t **);
static void	whole_city(struct call *);
static const char *audit_item(struct call *, const struct db_rows *, size_t);
static const char *access_item(struct call *, const struct db_rows *, size_t);
static const char *item_end(struct call *, struct json_out *);
static const char *access_id(struct call *, const struct db_rows *, size_t);
static int64_t	id_before(const struct uuid *, int64_t *);
static const char *audit_ord(struct call *, const struct db_rows *, size_t);
static int	reply_page(struct call *, const struct db_rows *,
		    const char *(*)(struct call *, const struct db_rows *, size_t),
		    const char *(*)(struct call *, const struct db_rows *, size_t));
static const char *what_for(const struct call *, const char *, const char *);
static const char *office_of(const char *, const char *);
static char	*word(const char *, const char *);

static const char *const results[] = { "done", "refused", NULL };

static const struct field audit_query_fields[] = {
	FIELD_INT(audit_query, limit, OPTIONAL, 1, PAGE_MOST, "每页条数"),
	FIELD_TEXT(audit_query, cursor, OPTIONAL, 1, 400, "分页游标"),
	FIELD_UUID(audit_query, actor, OPTIONAL, "操作账号"),
	FIELD_UUID(audit_query, person, OPTIONAL, "涉及的人员"),
	FIELD_TEXT(audit_query, action, OPTIONAL, 1, 80, "操作，或其前几段"),
	FIELD_INSTANT(audit_query, from, OPTIONAL, "不早于"),
	FIELD_INSTANT(audit_query, to, OPTIONAL, "早于"),
	FIELD_ENUM(audit_query, result, OPTIONAL, results, "结果：办成或被拒"),
	FIELD_END
};

struct access_query {
	struct uuid	before;
};

static const struct field access_query_fields[] = {
	FIELD_UUID(access_query, before, OPTIONAL, "只列更早的"),
	FIELD_END
};

static const struct shape audit_shape[] = {
	{ .name = "ord", .type = SHAPE_T_INT, .help = "序号" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	{ .name = "business_at", .type = SHAPE_T_INSTANT, .help = "业务时间" },
	{ .name = "actor", .type = SHAPE_T_UUID, .nullable = true, .help = "操作账号" },
	{ .name = "roles", .type = SHAPE_T_LIST, .codes = "roles", .help = "所用角色" },
	{ .name = "assisted", .type = SHAPE_T_BOOL, .help = "窗口代办" },
	{ .name = "on_behalf_person", .type = SHAPE_T_UUID, .nullable = true, .help = "以何人名义" },
	{ .name = "on_behalf_org", .type = SHAPE_T_UUID, .nullable = true, .help = "以何单位名义" },
	{ .name = "account_hash", .type = SHAPE_T_TEXT, .nullable = true, .help = "登录时所报账号的密钥散列" },
	{ .name = "action", .type = SHAPE_T_TEXT, .help = "操作" },
	{ .name = "summary", .type = SHAPE_T_TEXT, .help = "操作名称" },
	{ .name = "object_id", .type = SHAPE_T_TEXT, .nullable = true, .help = "对象" },
	{ .name = "people", .type = SHAPE_T_LIST, .help = "涉及的人员" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "操作人的辖区" },
	{ .name = "status", .type = SHAPE_T_INT, .help = "结果状态码" },
	{ .name = "error", .type = SHAPE_T_TEXT, .nullable = true, .help = "拒绝的错误码" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "事由" },
	{ .name = "request_id", .type = SHAPE_T_UUID, .help = "请求编号" },
	{ .name = "trace_id", .type = SHAPE_T_TEXT, .help = "链路编号" },
	{ .name = "client", .type = SHAPE_T_TEXT, .nullable = true, .help = "客户端" },
	{ .name = "outlet", .type = SHAPE_T_UUID, .nullable = true, .help = "网点" },
	SHAPE_END
};

const struct shape audit_access_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "记录" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	{ .name = "service", .type = SHAPE_T_TEXT, .codes = "services", .help = "服务" },
	{ .name = "role", .type = SHAPE_T_TEXT, .codes = "roles", .help = "角色" },
	{ .name = "office", .type = SHAPE_T_TEXT, .help = "单位所在地区" },
	{ .name = "client", .type = SHAPE_T_TEXT, .nullable = true, .help = "客户端" },
	{ .name = "action", .type = SHAPE_T_TEXT, .help = "操作" },
	{ .name = "purpose", .type = SHAPE_T_TEXT, .help = "办理什么" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "事由" },
	{ .name = "result", .type = SHAPE_T_TEXT, .codes = "case_states",
	  .help = "done 已办，refused 被拒" },
	SHAPE_END
};

static struct route routes[ROWS + 1] = {
	{ .name = "audit_list", .method = METHOD_GET, .path = "audit",
	  .callers = ROLE_AUDIT | ROLE_AUDIT_ADMIN, .scope = SCOPE_AREA, .action = "audit.list",
	  .query = INPUT(audit_query, audit_query_fields), .list = true, .reply = audit_shape,
	  .opens = OPENS_UNNAMED, .handler = audit_list, .limit = LIMIT_READ,
	  .zh = "查阅审计记录", .en = "Read the audit trail" },
	{ .name = "access_list", .method = METHOD_GET, .path = "me/accesses",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "audit.accesses",
	  .list = true, .reply = audit_access_shape, .handler = access_list, .limit = LIMIT_READ,
	  .zh = "谁查看过我的信息", .en = "Who looked at the caller's data" },
	{ .name = "access_part", .method = METHOD_GET, .path = "/internal/me/accesses",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "audit.accesses",
	  .query = INPUT(access_query, access_query_fields), .list = true,
	  .handler = access_list, .limit = LIMIT_READ,
	  .zh = "谁查看过我的信息（供合并）", .en = "Who looked at the caller's data, to be merged" },
	ROUTE_END
};

/* /v1/jobs/audit under the name jobs_audit_list, and so on; not the inner one. */
const struct route *
audit_routes(const char *service)
{
	size_t	i;

	for (i = 0; i < ROWS - 1; i++) {
		routes[i].name = word(service, routes[i].name);
		routes[i].path = word(service, routes[i].path);
	}
	return (routes);
}

static char *
word(const char *service, const char *tail)
{
	char	*text;
	bool	 path = strchr(tail, '_') == NULL;

	if (asprintf(&text, path ? "/v1/%s/%s" : "%s_%s", service, tail) == -1)
		log_die("audit: out of memory");
	return (text);
}

static int
audit_list(struct call *c)
{
	const struct audit_query	*q = c->query;
	const int64_t			*after;
	struct db_rows			 rows;
	int64_t				 room;

	if (!after_of(c, &room, &after))
		return (call_reject(c, ERR_F_CURSOR, "cursor"));
	whole_city(c);
	if (sql_audit_list(c->db, &rows, after, c->out->page.limit + 1,
	    uuid_is_nil(&q->actor) ? NULL : &q->actor, uuid_is_nil(&q->person) ? NULL : &q->person,
	    q->action, q->from != 0 ? q->from : INT64_MIN, q->to != 0 ? q->to : INT64_MIN,
	    q->result) == -1)
		return (call_failed(c));
	return (reply_page(c, &rows, audit_item, audit_ord));
}

static int
access_list(struct call *c)
{
	const struct access_query	*q = c->query;
	struct uuid			 id = { .b = { 0 } };
	struct db_rows			 rows;
	int64_t				 ms, ord = 0;

	if (c->out->after != NULL && !uuid_parse(c->out->after, &id))
		return (call_reject(c, ERR_F_CURSOR, "cursor"));
	if (c->out->after == NULL && q != NULL)
		id = q->before;
	if (!uuid_is_nil(&id))
		ms = id_before(&id, &ord);
	if (sql_audit_accesses(c->db, &rows, uuid_is_nil(&id) ? NULL : &ms, ord,
	    c->out->page.limit + 1, &c->principal->person) == -1)
		return (call_failed(c));
	return (reply_page(c, &rows, access_item, access_id));
}

/*
 * An access sorts by time among those of all services: milliseconds, the
 * service's letter, its number there (the form of a UUIDv7).
 */
static const char *
access_id(struct call *c, const struct db_rows *rows, size_t i)
{
	uint64_t	 ms = (uint64_t)db_int(rows, i, "at_ms"), ord = (uint64_t)db_int(rows, i, "ord");
	struct uuid	 id = { .b = { 0 } };
	char		*text = arena_alloc(c->arena, UUID_TEXT);
	int		 k;

	for (k = 0; k < 6; k++)
		id.b[k] = (uint8_t)(ms >> (40 - 8 * k));
	id.b[6] = 0x70;
	id.b[7] = (uint8_t)dispatch_service()[0];
	for (k = 8; k < 16; k++)
		id.b[k] = (uint8_t)(ord >> (120 - 8 * k));
	id.b[8] = (uint8_t)(0x80 | (id.b[8] & 0x3f));
	return (uuid_format(&id, text));
}

/* Its milliseconds; of those only what has a number below *ord comes before it here. */
static int64_t
id_before(const struct uuid *id, int64_t *ord)
{
	uint8_t	 own = (uint8_t)dispatch_service()[0];
	uint64_t ms = 0, n = id->b[8] & 0x3f;
	int	 k;

	for (k = 0; k < 6; k++)
		ms = ms << 8 | id->b[k];
	for (k = 9; k < 16; k++)
		n = n << 8 | id->b[k];
	*ord = id->b[7] == own ? (int64_t)n : id->b[7] > own ? INT64_MAX : 0;
	return ((int64_t)ms);
}

static const char *
audit_ord(struct call *c UNUSED, const struct db_rows *rows, size_t i)
{
	return (db_text(rows, i, "ord"));
}

/* The cursor holds the last number shown. */
static bool
after_of(const struct call *c, int64_t *room, const int64_t **after)
{
	const char	*text = c->out->after;
	char		*end;

	*after = NULL;
	if (text == NULL)
		return (true);
	*room = strtoll(text, &end, 10);
	*after = room;
	return (end != text && *end == '\0');
}

/* Whoever audits the city also sees what belongs to no county. */
static void
whole_city(struct call *c)
{
	if (call_in_area(c, AREA_CITY))
		c->db->scope.areas = arena_printf(c->arena, "%s," AREA_CITY, c->db->scope.areas);
}

static int
reply_page(struct call *c, const struct db_rows *rows,
    const char *(*item)(struct call *, const struct db_rows *, size_t),
    const char *(*place)(struct call *, const struct db_rows *, size_t))
{
	bool		  more = rows->count > (size_t)c->out->page.limit;
	size_t		  n = more ? (size_t)c->out->page.limit : rows->count, i;
	const char	**items = arena_alloc(c->arena, (n + 1) * sizeof(*items));

	for (i = 0; i < n; i++)
		items[i] = item(c, rows, i);
	return (call_reply_page(c, items, n, more ? place(c, rows, n - 1) : NULL));
}

static const char *
audit_item(struct call *c, const struct db_rows *rows, size_t i)
{
	static const char *const	texts[] = {
		"county_code", "area_code", "error", "reason", "request_id", "trace_id", "client",
		"outlet", "object_id", "actor", "action"
	};
	const char			*roles = db_text(rows, i, "roles"), *people;
	struct json_out			 out;
	struct buf			 b;
	size_t				 k;

	buf_init(&b, ITEM_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_int(&out, "ord", db_int(rows, i, "ord"));
	json_put_instant(&out, "at", db_int(rows, i, "at_us"));
	json_put_instant(&out, "business_at", db_int(rows, i, "business_us"));
	json_open_list(&out, "roles");
	for (; roles != NULL && *roles != '\0'; roles += strcspn(roles, ","), roles += *roles == ',')
		json_put_text(&out, NULL,
		    arena_strndup(c->arena, roles, strcspn(roles, ",")));
	json_close_list(&out);
	json_put_bool(&out, "assisted", db_bool(rows, i, "assisted"));
	json_put_text(&out, "on_behalf_person", db_text(rows, i, "person_id"));
	json_put_text(&out, "on_behalf_org", db_text(rows, i, "org_id"));
	json_put_text(&out, "account_hash", db_text(rows, i, "account"));
	json_put_text(&out, "summary", what_for(c, db_text(rows, i, "route"),
	    db_text(rows, i, "action")));
	people = db_text(rows, i, "people");
	json_put_raw(&out, "people", people != NULL ? people : "[]");
	json_put_int(&out, "status", db_int(rows, i, "status"));
	for (k = 0; k < NITEMS(texts); k++)
		json_put_text(&out, texts[k], db_text(rows, i, texts[k]));
	return (item_end(c, &out));
}

static const char *
access_item(struct call *c, const struct db_rows *rows, size_t i)
{
	const char	*roles = db_text(rows, i, "roles"), *label = NULL;
	struct json_out	 out;
	struct buf	 b;

	if (roles != NULL)
		label = role_label(role_of(arena_strndup(c->arena, roles, strcspn(roles, ","))));
	buf_init(&b, ITEM_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "id", access_id(c, rows, i));
	json_put_instant(&out, "at", db_int(rows, i, "at_us"));
	json_put_text(&out, "service", dispatch_service());
	json_put_text(&out, "role", label != NULL ? label : "");
	json_put_text(&out, "office", office_of(db_text(rows, i, "area_code"),
	    db_text(rows, i, "county_code")));
	json_put_text(&out, "client", db_text(rows, i, "client"));
	json_put_text(&out, "action", db_text(rows, i, "action"));
	json_put_text(&out, "purpose", what_for(c, db_text(rows, i, "route"),
	    db_text(rows, i, "action")));
	json_put_text(&out, "reason", db_text(rows, i, "reason"));
	json_put_text(&out, "result", db_int(rows, i, "status") < 400 ? "done" : "refused");
	return (item_end(c, &out));
}

static const char *
item_end(struct call *c, struct json_out *out)
{
	char	*text;

	json_close(out);
	text = arena_strdup(c->arena, buf_cstr(out->buf));
	buf_release(out->buf);
	return (text);
}

/* The row's own summary; a row that is no more is called by its action. */
static const char *
what_for(const struct call *c, const char *route, const char *action)
{
	const struct endpoint	*e;
	size_t			 i, n;

	e = dispatch_endpoints(&n);
	for (i = 0; i < n; i++)
		if (strcmp(e[i].route->name, route) == 0)
			return (c->english ? e[i].route->en : e[i].route->zh);
	return (action);
}

static const char *
office_of(const char *area, const char *county)
{
	const char	*name = area != NULL ? area_name(area) : NULL;

	if (name == NULL)
		name = area_name(county);
	return (name != NULL ? name : "永州市");
}
