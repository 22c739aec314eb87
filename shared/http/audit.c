/*
 * audit.c -- what of a request is written down, and when.
 *
 * Invariant: a change by a request is committed together with its row or not
 * at all. Where the row is known before the change is made it is sent behind
 * it, in one trip; otherwise it waits for the reply and goes with the commit.
 */
#include "http/audit_priv.h"
#include "base/clock.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "platform_sql.h"

#define ROW_MAX	(1 << 17)

static bool	is_change(const struct call *);
static bool	foreseen(const struct call *);
static bool	refusal_counts(const struct call *);
static bool	reads_people(const struct call *);
static const struct audit_row *row_make(struct call *);
static void	row_people(struct call *, struct audit_row *, struct span);
static const char *roles_of(struct call *);
static bool	county_given(const struct call *, char out[AUDIT_COUNTY]);
static const char *body_text(const struct call *, const char *);
static const char *account_of(struct call *);
static const char *people_text(struct call *, const struct audit_row *);
static const struct uuid *if_any(const struct uuid *);
static void	enqueue(struct call *);

static bool	on;

void
audit_start(void)
{
	on = true;
	audit_queue_start();
}

void
call_object(struct call *c, const struct uuid *id)
{
	char	*text = arena_alloc(c->arena, UUID_TEXT);

	c->out->audit.object = uuid_format(id, text);
}

void
call_account(struct call *c, const char *name)
{
	c->out->audit.account = name != NULL ? blind_index(c->arena, "account", name) : NULL;
}

void
call_shown(struct call *c, const struct uuid *person)
{
	struct audit_notes	*a = &c->out->audit;

	if (a->shown == NULL)
		a->shown = arena_alloc(c->arena, AUDIT_PEOPLE * sizeof(*a->shown));
	if (a->nshown < AUDIT_PEOPLE)
		a->shown[a->nshown++] = *person;
}

void
call_reason(struct call *c, const char *reason)
{
	c->out->audit.reason = reason;
}

/* True: the next statement may commit; the row, if there is one to write, goes with it. */
bool
audit_ahead(struct call *c)
{
	struct db_args	*args;

	if (!on || !is_change(c))
		return (true);
	if (!c->out->ending && !foreseen(c))
		return (false);
	args = arena_alloc(c->arena, sizeof(*args));
	db_args_init(args, c->arena);
	if (!c->out->ending)
		c->out->status = c->out->endpoint->success;
	audit_args(c, args);
	if (!c->out->ending)
		c->out->status = 0;
	db_also(c->db, &stmt_audit_put_behind, args);
	c->out->audit.done = true;
	return (true);
}

/* With the reply made: commits the change, if one is open, and its row. */
int
audit_commit(struct call *c)
{
	struct db_args	args;

	if (!on || !is_change(c) || c->out->audit.done)
		return (db_commit(c->db));
	c->out->audit.done = true;
	db_args_init(&args, c->arena);
	audit_args(c, &args);
	return (db_run_once(c->db, &stmt_audit_put, NULL, &args));
}

/* After everything: what no transaction carried. */
void
audit_after(struct call *c)
{
	struct http_reply_	*o = c->out;

	if (!on || o->replayed)
		return;
	if (o->status >= 400 ? refusal_counts(c) :
	    !is_change(c) && (reads_people(c) || o->asked.format != NULL))
		enqueue(c);
}

/* Of a file: whom this part of it shows, ahead of it. */
void
audit_part(struct call *c)
{
	int	status = c->out->status;

	c->out->status = 200;
	if (on)
		enqueue(c);
	c->out->status = status;
}

/* As the statements audit_put, audit_put_behind and idempotency_store take them. */
void
audit_args(struct call *c, struct db_args *a)
{
	const struct principal	*p = c->principal;
	const struct audit_row	*r = row_make(c);

	db_args_uuid(a, if_any(&r->actor));
	db_args_text(a, r->roles);
	db_args_bool(a, p->has_actor);
	db_args_uuid(a, p->has_person ? &p->person : NULL);
	db_args_uuid(a, p->has_org ? &p->org : NULL);
	db_args_text(a, r->account);
	db_args_text(a, c->route->action);
	db_args_text(a, c->route->name);
	db_args_text(a, r->object);
	db_args_text(a, people_text(c, r));
	db_args_text(a, r->county);
	db_args_text(a, c->area[0] != '\0' ? c->area : NULL);
	db_args_int8(a, r->status);
	db_args_text(a, r->error);
	db_args_text(a, c->out->audit.reason);
	db_args_uuid(a, &r->request);
	db_args_text(a, c->trace_id);
	db_args_text(a, p->client[0] != '\0' ? p->client : NULL);
	db_args_uuid(a, p->has_outlet ? &p->outlet : NULL);
}

static bool
is_change(const struct call *c)
{
	return (c->route->method != METHOD_GET);
}

/* Nothing of the row would have to be read from the reply. */
static bool
foreseen(const struct call *c)
{
	const struct endpoint	*e = c->out->endpoint;
	char			 county[AUDIT_COUNTY];

	return (c->route->limit != LIMIT_LOGIN && !e->shows_person &&
	    (!e->shows_county || county_given(c, county)) &&
	    (!e->shows_id || c->nparams > 0 || c->out->audit.object != NULL));
}

/* A caller who is known, or one who tried to be: not load, nor what nobody serves. */
static bool
refusal_counts(const struct call *c)
{
	int	status = c->out->status;

	if (c->route->action[0] == '\0' || c->out->error == error_row(ERR_LIMITED)->code ||
	    (status >= 500 && !is_change(c)) || (status == 404 && c->route->scope == SCOPE_PUBLIC))
		return (false);
	return (c->principal->roles != 0 || c->route->limit == LIMIT_LOGIN ||
	    (status == 401 && c->out->heard.authorization.len > 0));
}

/* Not what one reads about oneself. */
static bool
reads_people(const struct call *c)
{
	const struct principal	*p = c->principal;

	return (c->route->opens != NULL && (p->has_actor ||
	    strcmp(c->route->opens, OPENS_OTHERS) == 0 ||
	    (p->roles & c->route->callers & ~(uint32_t)ROLE_PERSON) != 0));
}

static const struct audit_row *
row_make(struct call *c)
{
	const struct principal	*p = c->principal;
	struct http_reply_	*o = c->out;
	struct audit_row	*r = arena_zalloc(c->arena, sizeof(*r));
	struct span		 json = { "", 0 };

	if (o->status < 400 && o->bytes != NULL && o->type != NULL &&
	    strcmp(o->type, "application/json") == 0)
		json = (struct span){ o->bytes, o->len };
	r->actor = p->has_actor ? p->actor : p->subject;
	if (c->route->limit == LIMIT_LOGIN && uuid_is_nil(&r->actor))
		(void)find_uuids(json, "subject", &r->actor, 1);
	r->roles = roles_of(c);
	r->account = account_of(c);
	r->status = o->status;
	r->error = o->status >= 400 ? o->error : NULL;
	r->object = c->nparams > 0 ? c->params[0].text : o->audit.object;
	if (r->object == NULL && is_change(c) && find_text(json, "id", r->found, sizeof(r->found)))
		r->object = r->found;
	/* A list is about where the officer looked; one thing about where it lies. */
	if (c->route->list || !find_text(json, "county_code", r->county, sizeof(r->county)))
		if (!county_given(c, r->county))
			memcpy(r->county, AREA_CITY, sizeof(AREA_CITY));
	if (!uuid_parse(c->request_id, &r->request))
		r->request = uuid_new();
	row_people(c, r, json);
	return (r);
}

/* Everybody the reply is about but the caller; and the person a clerk acts for. */
static void
row_people(struct call *c, struct audit_row *r, struct span json)
{
	const struct principal	*p = c->principal;
	const struct audit_notes *a = &c->out->audit;
	const char		*member = c->route->opens;
	size_t			 i, n = 0, most = json.len / UUID_TEXT;

	most = most < AUDIT_PEOPLE ? most : AUDIT_PEOPLE;
	r->people = arena_alloc(c->arena, (most + a->nshown + 1) * sizeof(*r->people));
	if (member == NULL && is_change(c))
		member = OPENS_PERSON;
	if (member != NULL && member[0] != '\0')
		n = find_uuids(json, member, r->people, most);
	for (i = 0; i < a->nshown; i++)
		r->people[n++] = a->shown[i];
	for (i = 0; i < n; i++)
		if (!p->has_person || !uuid_equal(&r->people[i], &p->person))
			r->people[r->npeople++] = r->people[i];
	if (p->has_actor && p->has_person)
		r->people[r->npeople++] = p->person;
}

/* Those the row admits; of somebody it does not, all. */
static const char *
roles_of(struct call *c)
{
	uint32_t	 all = c->principal->roles, used = all & c->route->callers;
	char		*text = NULL;
	int		 i;

	for (i = 0; i < ROLES; i++) {
		if (((used != 0 ? used : all) & (1u << i)) == 0)
			continue;
		text = text == NULL ? arena_strdup(c->arena, role_name((enum role)(1u << i))) :
		    arena_printf(c->arena, "%s,%s", text, role_name((enum role)(1u << i)));
	}
	return (text);
}

/* By the body, else by the area of the officer's that the row admits. */
static bool
county_given(const struct call *c, char out[AUDIT_COUNTY])
{
	const char	*code = body_text(c, "county_code"), *county = NULL;

	if (code == NULL)
		code = body_text(c, "area_code");
	if (code != NULL)
		county = area_county(code);
	if (county == NULL && c->area[0] != '\0')
		county = area_county(c->area);
	if (county == NULL)
		return (false);
	(void)snprintf(out, AUDIT_COUNTY, "%s", county);
	return (true);
}

/* A decoded text member of the body; NULL: none of that name, or not given. */
static const char *
body_text(const struct call *c, const char *name)
{
	const struct field	*f = c->route->body.fields;
	const char		*text;
	int			 i = f != NULL && c->body != NULL ? json_field_index(f, name) : -1;

	if (i == -1 || (f[i].type != FIELD_T_TEXT && f[i].type != FIELD_T_CHECK))
		return (NULL);
	memcpy(&text, (const char *)c->body + f[i].offset, sizeof(text));
	return (text);
}

/* Who somebody said to be when signing in: the same whether or not there is such an account. */
static const char *
account_of(struct call *c)
{
	const char	*name;

	if (c->out->audit.account != NULL || c->route->limit != LIMIT_LOGIN)
		return (c->out->audit.account);
	if ((name = body_text(c, "login")) == NULL)
		name = body_text(c, "phone");
	if (name != NULL)
		call_account(c, name);
	return (c->out->audit.account);
}

/* An array as PostgreSQL reads it; NULL: nobody. */
static const char *
people_text(struct call *c, const struct audit_row *r)
{
	char	*text, *p;
	size_t	 i;

	if (r->npeople == 0)
		return (NULL);
	text = p = arena_alloc(c->arena, r->npeople * UUID_TEXT + 2);
	for (i = 0; i < r->npeople; i++) {
		*p++ = i == 0 ? '{' : ',';
		(void)uuid_format(&r->people[i], p);
		p += UUID_TEXT - 1;
	}
	memcpy(p, "}", 2);
	return (text);
}

static const struct uuid *
if_any(const struct uuid *id)
{
	return (uuid_is_nil(id) ? NULL : id);
}

/* The same row as JSON, its members named as the columns. */
static void
enqueue(struct call *c)
{
	const struct principal	*p = c->principal;
	const struct audit_row	*r = row_make(c);
	struct json_out		 out;
	struct buf		 b;
	size_t			 i;

	buf_init(&b, ROW_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_instant(&out, "at", clock_real_us());
	json_put_instant(&out, "business_at", clock_now_us());
	json_put_uuid(&out, "actor", &r->actor);
	json_put_text(&out, "roles", r->roles);
	json_put_bool(&out, "assisted", p->has_actor);
	json_put_uuid(&out, "person_id", p->has_person ? &p->person : NULL);
	json_put_uuid(&out, "org_id", p->has_org ? &p->org : NULL);
	json_put_text(&out, "account", r->account);
	json_put_text(&out, "action", c->route->action);
	json_put_text(&out, "route", c->route->name);
	json_put_text(&out, "object_id", r->object);
	if (r->npeople > 0) {
		json_open_list(&out, "people");
		for (i = 0; i < r->npeople; i++)
			json_put_uuid(&out, NULL, &r->people[i]);
		json_close_list(&out);
	}
	json_put_text(&out, "county_code", r->county);
	json_put_text(&out, "area_code", c->area[0] != '\0' ? c->area : NULL);
	json_put_int(&out, "status", r->status);
	json_put_text(&out, "error", r->error);
	json_put_text(&out, "reason", c->out->audit.reason);
	json_put_uuid(&out, "request_id", &r->request);
	json_put_text(&out, "trace_id", c->trace_id);
	json_put_text(&out, "client", p->client[0] != '\0' ? p->client : NULL);
	json_put_uuid(&out, "outlet", p->has_outlet ? &p->outlet : NULL);
	json_close(&out);
	if (buf_ok(&b))
		audit_queue_add(b.data, b.len);
	buf_release(&b);
}
