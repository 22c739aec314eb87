/*
 * openapi.c -- this service's part of the OpenAPI 3.1 document, from its rows.
 *
 * Nothing is described twice: what the dispatcher obeys is what is written
 * here. Rows outside the public paths (probes, internal calls) are left out.
 * Schemas are named <service>.<route>.body and .reply, so that the parts of
 * all services can be joined; tables shared by rows go under the first one.
 */
#include "http/openapi_priv.h"
#include "table/table.h"

#define NAME_ROOM	128
#define API_VERSION	"1.0.0"

static void	put_info(struct json_out *);
static void	put_paths(struct json_out *);
static void	put_operation(struct json_out *, const struct endpoint *);
static void	put_rights(struct json_out *, const struct route *);
static void	put_parameters(struct json_out *, const struct endpoint *);
static void	put_parameter(struct json_out *, const struct field *, const char *, const char *);
static void	put_path_parameter(struct json_out *, const char *, bool);
static void	put_key(struct json_out *, const struct route *);
static void	put_body(struct json_out *, const struct route *);
static void	put_responses(struct json_out *, const struct endpoint *);
static void	put_leading_away(struct json_out *, const struct route *);
static void	put_success(struct json_out *, const struct endpoint *, int);
static void	put_content(struct json_out *, const struct endpoint *);
static void	put_file(struct json_out *, const char *);
static void	put_list(struct json_out *, const struct route *);
static void	put_lacks(struct json_out *);
static void	put_link(struct json_out *);
static bool	opens_case(const struct shape *);
static void	put_components(struct json_out *);
static void	put_schemas(struct json_out *);
static bool	is_public(const struct route *);
static const struct route *first_with(const void *, bool);
static const char *ref_text(char *, const char *, const struct route *, const char *);
static bool	path_begun(const struct endpoint *, size_t);

void
openapi_write(struct buf *b)
{
	struct json_out	out;

	json_out_init(&out, b);
	json_open(&out, NULL);
	json_put_text(&out, "openapi", "3.1.0");
	put_info(&out);
	put_paths(&out);
	put_components(&out);
	json_close(&out);
}

static void
put_info(struct json_out *out)
{
	char	title[NAME_ROOM];

	snprintf(title, sizeof(title), "永就业365 %s", dispatch_service());
	json_open(out, "info");
	json_put_text(out, "title", title);
	json_put_text(out, "version", API_VERSION);
	json_close(out);
	json_open_list(out, "servers");
	json_open(out, NULL);
	json_put_text(out, "url", "/");
	json_close(out);
	json_close_list(out);
	json_open_list(out, "tags");
	json_open(out, NULL);
	json_put_text(out, "name", dispatch_service());
	json_put_text(out, "description", title);
	json_close(out);
	json_close_list(out);
	json_open_list(out, "security");
	json_open(out, NULL);
	json_open_list(out, "bearer");
	json_close_list(out);
	json_close(out);
	json_close_list(out);
}

/* Each path once, with all its methods. */
static void
put_paths(struct json_out *out)
{
	const struct endpoint	*e;
	size_t			 i, j, n;
	char			 method[8], *p;

	e = dispatch_endpoints(&n);
	json_open(out, "paths");
	for (i = 0; i < n; i++) {
		if (!is_public(e[i].route) || path_begun(e, i))
			continue;
		json_open(out, e[i].route->path);
		for (j = i; j < n; j++) {
			if (strcmp(e[j].route->path, e[i].route->path) != 0)
				continue;
			snprintf(method, sizeof(method), "%s", method_name(e[j].route->method));
			for (p = method; *p != '\0'; p++)
				*p |= 0x20;
			json_open(out, method);
			put_operation(out, &e[j]);
			json_close(out);
		}
		json_close(out);
	}
	json_close(out);
}

static void
put_operation(struct json_out *out, const struct endpoint *e)
{
	const struct route	*r = e->route;

	json_put_text(out, "operationId", r->name);
	json_open_list(out, "tags");
	json_put_text(out, NULL, dispatch_service());
	json_close_list(out);
	json_put_text(out, "summary", r->zh);
	json_put_text(out, "x-summary-en", r->en);
	put_rights(out, r);
	put_parameters(out, e);
	put_body(out, r);
	put_responses(out, e);
}

static void
put_rights(struct json_out *out, const struct route *r)
{
	int	i;

	if ((r->callers & ROLE_ANYONE) != 0) {
		json_open_list(out, "security");
		json_close_list(out);
	}
	json_open_list(out, "x-callers");
	if ((r->callers & ROLE_ANYONE) != 0)
		json_put_text(out, NULL, "anyone");
	for (i = 0; i < ROLES; i++)
		if ((r->callers & (1u << i)) != 0)
			json_put_text(out, NULL, role_name((enum role)(1u << i)));
	json_close_list(out);
	json_put_text(out, "x-scope", scope_name(r->scope));
	json_put_text(out, "x-action", r->action);
	if (r->opens != NULL)
		json_put_bool(out, "x-opens-personal-data", true);
	json_put_text(out, "x-limit", limit_name(r->limit));
	if (r->matter != NULL)
		json_put_text(out, "x-matter", r->matter);
	if (r->emits != NULL)
		json_put_text(out, "x-emits", r->emits);
}

static void
put_parameters(struct json_out *out, const struct endpoint *e)
{
	const struct route	*r = e->route;
	const struct field	*f;
	size_t			 i;

	json_open_list(out, "parameters");
	for (i = 0; i < e->nparams; i++)
		put_path_parameter(out, e->params[i].name, e->params[i].uuid);
	for (f = r->query.fields; f != NULL && f->name != NULL; f++)
		if (f != e->limit_field && f != e->cursor_field)
			put_parameter(out, f, f->name, "query");
	for (f = decode_page_fields(); e->paged && f->name != NULL; f++)
		put_parameter(out, f, f->name, "query");
	for (f = decode_export_fields(); e->exports && f->name != NULL; f++)
		put_parameter(out, f, f->name, "query");
	if (r->method != METHOD_GET && r->key != KEY_NONE)
		put_key(out, r);
	json_close_list(out);
}

static void
put_parameter(struct json_out *out, const struct field *f, const char *name, const char *in)
{
	json_open(out, NULL);
	json_put_text(out, "name", name);
	json_put_text(out, "in", in);
	json_put_bool(out, "required", f->required);
	if (f->help != NULL)
		json_put_text(out, "description", f->help);
	schema_field(out, "schema", f);
	json_close(out);
}

static void
put_path_parameter(struct json_out *out, const char *name, bool uuid)
{
	json_open(out, NULL);
	json_put_text(out, "name", name);
	json_put_text(out, "in", "path");
	json_put_bool(out, "required", true);
	schema_text(out, "schema", uuid ? "uuid" : NULL);
	json_close(out);
}

static void
put_key(struct json_out *out, const struct route *r)
{
	json_open(out, NULL);
	json_put_text(out, "name", "Idempotency-Key");
	json_put_text(out, "in", "header");
	json_put_bool(out, "required", r->key == KEY_REQUIRED);
	json_put_text(out, "description", "同一请求重发时使用同一 UUID，办理只发生一次");
	schema_text(out, "schema", "uuid");
	json_close(out);
}

static void
put_body(struct json_out *out, const struct route *r)
{
	char	name[NAME_ROOM];

	if (r->body.fields == NULL && !r->raw_body)
		return;
	json_open(out, "requestBody");
	json_put_bool(out, "required", true);
	json_open(out, "content");
	json_open(out, r->raw_body ? "*/*" : "application/json");
	if (r->raw_body)
		schema_text(out, "schema", "binary");
	else
		schema_ref(out, "schema", ref_text(name, "#/components/schemas/",
		    first_with(r->body.fields, true), "body"));
	json_close(out);
	json_close(out);
	json_close(out);
}

static void
put_responses(struct json_out *out, const struct endpoint *e)
{
	const struct route	*r = e->route;

	json_open(out, "responses");
	put_success(out, e, e->success);
	if (r->also != 0)
		put_success(out, e, r->also);
	if (r->leads_away)
		put_leading_away(out, r);
	else
		schema_ref(out, "4XX", "#/components/responses/Problem");
	schema_ref(out, "5XX", "#/components/responses/Problem");
	json_close(out);
}

static void
put_success(struct json_out *out, const struct endpoint *e, int status)
{
	const struct route	*r = e->route;
	char			 text[12];

	snprintf(text, sizeof(text), "%d", status);
	json_open(out, text);
	json_put_text(out, "description", r->zh);
	if (e->paged)
		put_link(out);
	if (status != 204 && (r->reply != NULL || r->stmt != NULL || r->media != NULL))
		put_content(out, e);
	json_close(out);
}

static void
put_leading_away(struct json_out *out, const struct route *r)
{
	json_open(out, "303");
	json_put_text(out, "description", "回到客户端");
	json_close(out);
	json_open(out, "4XX");
	json_put_text(out, "description", "错误：页面，或 RFC 9457");
	json_open(out, "content");
	json_open(out, r->media);
	schema_text(out, "schema", "binary");
	json_close(out);
	json_open(out, "application/problem+json");
	schema_ref(out, "schema", "#/components/schemas/Problem");
	json_close(out);
	json_close(out);
	json_close(out);
}

static void
put_content(struct json_out *out, const struct endpoint *e)
{
	const struct route	*r = e->route;
	char	name[NAME_ROOM];

	json_open(out, "content");
	json_open(out, r->media != NULL ? r->media : "application/json");
	if (r->media != NULL)
		schema_text(out, "schema", "binary");
	else if (r->list)
		put_list(out, r);
	else if (r->reply == NULL)
		schema_shape(out, "schema", NULL);
	else
		schema_ref(out, "schema", ref_text(name, "#/components/schemas/",
		    first_with(r->reply, false), "reply"));
	json_close(out);
	if (e->exports) {
		put_file(out, "text/csv");
		put_file(out, TABLE_XLSX_TYPE);
	}
	json_close(out);
}

static void
put_file(struct json_out *out, const char *type)
{
	json_open(out, type);
	schema_text(out, "schema", "binary");
	json_close(out);
}

static void
put_list(struct json_out *out, const struct route *r)
{
	const struct shape	*s;
	char			 name[NAME_ROOM];

	json_open(out, "schema");
	json_put_text(out, "type", "object");
	json_open(out, "properties");
	json_open(out, "items");
	json_put_text(out, "type", "array");
	if (r->reply == NULL)
		schema_shape(out, "items", NULL);
	else
		schema_ref(out, "items", ref_text(name, "#/components/schemas/",
		    first_with(r->reply, false), "reply"));
	json_close(out);
	json_open(out, "next_cursor");
	json_open_list(out, "type");
	json_put_text(out, NULL, "string");
	json_put_text(out, NULL, "null");
	json_close_list(out);
	json_close(out);
	if (r->partial)
		put_lacks(out);
	if (r->extra != NULL)
		schema_members(out, r->extra);
	json_close(out);
	json_open_list(out, "required");
	json_put_text(out, NULL, "items");
	json_put_text(out, NULL, "next_cursor");
	for (s = r->extra; s != NULL && s->name != NULL; s++)
		if (!s->nullable)
			json_put_text(out, NULL, s->name);
	json_close_list(out);
	json_close(out);
}

/* Services that could not be asked: the list is shown without them. */
static void
put_lacks(struct json_out *out)
{
	json_open(out, "incomplete");
	json_put_text(out, "type", "array");
	json_put_text(out, "description", "暂时没有答复的服务；所列不含其内容");
	schema_text(out, "items", NULL);
	json_close(out);
}

static void
put_link(struct json_out *out)
{
	json_open(out, "headers");
	json_open(out, "Link");
	json_put_text(out, "description", "rel=\"next\"：下一页");
	schema_text(out, "schema", NULL);
	json_close(out);
	json_close(out);
}

static void
put_components(struct json_out *out)
{
	json_open(out, "components");
	json_open(out, "securitySchemes");
	json_open(out, "bearer");
	json_put_text(out, "type", "http");
	json_put_text(out, "scheme", "bearer");
	json_put_text(out, "bearerFormat", "JWT (RFC 9068)");
	json_close(out);
	json_close(out);
	json_open(out, "responses");
	json_open(out, "Problem");
	json_put_text(out, "description", "错误（RFC 9457）");
	json_open(out, "content");
	json_open(out, "application/problem+json");
	schema_ref(out, "schema", "#/components/schemas/Problem");
	json_close(out);
	json_close(out);
	json_close(out);
	json_close(out);
	json_open(out, "schemas");
	schema_problem(out, "Problem");
	put_schemas(out);
	json_close(out);
	json_close(out);
}

/* Tables and shapes, each under the first row that has it. */
static void
put_schemas(struct json_out *out)
{
	const struct endpoint	*e;
	const struct route	*r;
	char			 name[NAME_ROOM];
	size_t			 i, n;

	e = dispatch_endpoints(&n);
	for (i = 0; i < n; i++) {
		r = e[i].route;
		if (!is_public(r))
			continue;
		if (r->body.fields != NULL && first_with(r->body.fields, true) == r)
			schema_fields(out, ref_text(name, "", r, "body"), r->body.fields);
		if (r->reply != NULL && first_with(r->reply, false) == r)
			schema_reply(out, ref_text(name, "", r, "reply"), r->reply, opens_case(r->reply));
	}
}

/* Some row with this reply opens a case: its number may be in it. */
static bool
opens_case(const struct shape *reply)
{
	const struct endpoint	*e;
	size_t			 i, n;

	e = dispatch_endpoints(&n);
	for (i = 0; i < n; i++)
		if (e[i].route->reply == reply && e[i].route->matter != NULL)
			return (true);
	return (false);
}

static bool
is_public(const struct route *r)
{
	return (strncmp(r->path, "/v1/", 4) == 0 || strncmp(r->path, "/oauth/", 7) == 0 ||
	    strncmp(r->path, "/.well-known/", 13) == 0);
}

static const struct route *
first_with(const void *table, bool body)
{
	const struct endpoint	*e;
	const struct route	*r;
	size_t			 i, n;

	e = dispatch_endpoints(&n);
	for (i = 0; i < n; i++) {
		r = e[i].route;
		if (is_public(r) && (body ? (const void *)r->body.fields : (const void *)r->reply) == table)
			return (r);
	}
	return (NULL);
}

static const char *
ref_text(char *out, const char *before, const struct route *r, const char *kind)
{
	snprintf(out, NAME_ROOM, "%s%s.%s.%s", before, dispatch_service(), r->name, kind);
	return (out);
}

static bool
path_begun(const struct endpoint *e, size_t i)
{
	size_t	j;

	for (j = 0; j < i; j++)
		if (strcmp(e[j].route->path, e[i].route->path) == 0)
			return (true);
	return (false);
}
