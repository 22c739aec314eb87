/*
 * bind.c -- arguments of a plain row's statement, found by name.
 *
 * Names are resolved once, at start: to a path parameter, something the
 * dispatcher knows, a member of the body or a parameter of the query. What
 * resolves to nothing, or to a value of another kind, stops the service. A
 * request then only follows the plan.
 */
#include "http/dispatch_priv.h"


static bool	bind_name(struct endpoint *, struct bind *, const char *);
static bool	bind_special(struct bind *, const char *);
static bool	bind_field(struct bind *, enum bind_from, const struct field *, const char *);
static bool	bind_fits(const struct endpoint *, const struct bind *);
static bool	field_fits(enum field_type, enum db_type);
static bool	is_number(const struct bind *);
static void	arg_add(struct call *, const struct bind *, struct db_args *);
static void	arg_param(struct call *, const struct bind *, struct db_args *);
static void	arg_field(struct call *, const struct bind *, struct db_args *);
static void	arg_number(const struct field *, const void *, struct db_args *);
static const char *arg_list(struct call *, const struct field *);

void
bind_plan(struct endpoint *e, struct buf *report)
{
	const struct route	*r = e->route;
	const struct db_stmt	*stmt = r->stmt;
	size_t			 i;

	if (stmt == NULL)
		return;
	if (stmt->nparams > DB_ARGS_MAX) {
		buf_addf(report, "%s: %s takes more than %d arguments\n",
		    r->name, stmt->name, DB_ARGS_MAX);
		return;
	}
	if ((e->binds = calloc(stmt->nparams + 1u, sizeof(*e->binds))) == NULL)
		log_die("bind: out of memory");
	for (i = 0; i < stmt->nparams; i++) {
		e->binds[i].type = stmt->params[i].type;
		if (!bind_name(e, &e->binds[i], stmt->params[i].name))
			buf_addf(report, "%s: argument %s of %s comes from nowhere\n",
			    r->name, stmt->params[i].name, stmt->name);
		else if (!bind_fits(e, &e->binds[i]))
			buf_addf(report, "%s: argument %s of %s has another type than its source\n",
			    r->name, stmt->params[i].name, stmt->name);
		if (e->binds[i].from == BIND_BODY && is_number(&e->binds[i]))
			e->optional_numbers = true;
	}
}

/*
 * Runs the statement of a plain row. A change commits in the same round trip
 * when its row in the audit trail can.
 */
int
bind_run(struct call *c, struct db_rows *rows)
{
	const struct db_stmt	*stmt = c->route->stmt;
	struct db_args		 args;

	bind_args(c, &args);
	if (c->db->lane != DB_READ && c->out->key[0] == '\0' && c->route->matter == NULL && audit_ahead(c))
		return (db_run_once(c->db, stmt, rows, &args));
	return (db_run_args(c->db, stmt, rows, &args));
}

/* Follows the plan: one argument after the other. */
void
bind_args(struct call *c, struct db_args *args)
{
	size_t	i;

	db_args_init(args, c->arena);
	for (i = 0; i < c->route->stmt->nparams; i++)
		arg_add(c, &c->out->endpoint->binds[i], args);
}

static bool
bind_name(struct endpoint *e, struct bind *b, const char *name)
{
	for (b->index = 0; b->index < e->nparams; b->index++)
		if (strcmp(e->params[b->index].name, name) == 0) {
			b->from = BIND_PARAM;
			return (true);
		}
	if ((strcmp(name, "lim") == 0 || strcmp(name, "after") == 0) && e->paged) {
		b->from = name[0] == 'l' ? BIND_LIM : BIND_AFTER;
		return (true);
	}
	return (bind_special(b, name) ||
	    bind_field(b, BIND_BODY, e->route->body.fields, name) ||
	    bind_field(b, BIND_QUERY, e->route->query.fields, name));
}

static bool
bind_special(struct bind *b, const char *name)
{
	static const struct {
		const char	*name;
		enum bind_from	 from;
	}	names[] = {
		{ "new_id", BIND_NEW_ID }, { "caller_person", BIND_CALLER_PERSON },
		{ "caller_org", BIND_CALLER_ORG }, { "caller", BIND_CALLER }
	};
	size_t	i;

	for (i = 0; i < NITEMS(names); i++)
		if (strcmp(names[i].name, name) == 0) {
			b->from = names[i].from;
			return (true);
		}
	return (false);
}

static bool
bind_field(struct bind *b, enum bind_from from, const struct field *fields, const char *name)
{
	int	i = fields != NULL ? json_field_index(fields, name) : -1;

	if (i == -1)
		return (false);
	b->from = from;
	b->index = (size_t)i;
	b->field = &fields[i];
	return (true);
}

static bool
bind_fits(const struct endpoint *e, const struct bind *b)
{
	switch (b->from) {
	case BIND_PARAM:
		return (b->type == DB_T_TEXT || (b->type == DB_T_UUID && e->params[b->index].uuid));
	case BIND_LIM:
		return (b->type == DB_T_INT8 || b->type == DB_T_INT4);
	case BIND_AFTER:
		return (b->type == DB_T_TEXT);
	case BIND_BODY:
	case BIND_QUERY:
		return (field_fits(b->field->type, b->type));
	default:
		return (b->type == DB_T_UUID);
	}
}

static bool
field_fits(enum field_type field, enum db_type type)
{
	switch (field) {
	case FIELD_T_TEXT:
	case FIELD_T_ENUM:
	case FIELD_T_CHECK:
		return (type == DB_T_TEXT);
	case FIELD_T_INT:
		return (type == DB_T_INT8 || type == DB_T_INT4);
	case FIELD_T_BOOL:
		return (type == DB_T_BOOL);
	case FIELD_T_UUID:
		return (type == DB_T_UUID);
	case FIELD_T_DAY:
		return (type == DB_T_DATE);
	case FIELD_T_INSTANT:
		return (type == DB_T_TIMESTAMPTZ);
	case FIELD_T_JSON:
	case FIELD_T_LIST:
		return (type == DB_T_JSONB);
	}
	return (false);
}

/* Types whose absence does not show in the struct. */
static bool
is_number(const struct bind *b)
{
	return (b->field != NULL && !b->field->required && (b->field->type == FIELD_T_INT ||
	    b->field->type == FIELD_T_BOOL || b->field->type == FIELD_T_INSTANT));
}

static void
arg_add(struct call *c, const struct bind *b, struct db_args *args)
{
	const struct principal	*p = c->principal;
	struct uuid		*id;

	switch (b->from) {
	case BIND_PARAM:
		arg_param(c, b, args);
		break;
	case BIND_NEW_ID:
		id = arena_alloc(c->arena, sizeof(*id));
		*id = uuid_new();
		call_object(c, id);
		db_args_uuid(args, id);
		break;
	case BIND_CALLER_PERSON:
		db_args_uuid(args, p->has_person ? &p->person : NULL);
		break;
	case BIND_CALLER_ORG:
		db_args_uuid(args, p->has_org ? &p->org : NULL);
		break;
	case BIND_CALLER:
		db_args_uuid(args, uuid_is_nil(&p->subject) ? NULL : &p->subject);
		break;
	case BIND_LIM:
		db_args_int8(args, c->out->page.limit + 1);
		break;
	case BIND_AFTER:
		db_args_text(args, c->out->after);
		break;
	case BIND_BODY:
	case BIND_QUERY:
		arg_field(c, b, args);
		break;
	}
}

static void
arg_param(struct call *c, const struct bind *b, struct db_args *args)
{
	const char	*text = c->params[b->index].text;
	struct uuid	*id;

	if (b->type != DB_T_UUID) {
		db_args_text(args, text);
		return;
	}
	id = arena_alloc(c->arena, sizeof(*id));
	*id = b->index == 0 ? c->id : call_param_uuid(c, c->params[b->index].name);
	db_args_uuid(args, id);
}

static void
arg_field(struct call *c, const struct bind *b, struct db_args *args)
{
	bool		 body = b->from == BIND_BODY;
	uint64_t	 seen = body ? c->out->body_seen : c->out->query_seen;
	const void	*slot = (const char *)(body ? c->body : c->query) + b->field->offset;
	const struct uuid *id;

	switch (b->field->type) {
	case FIELD_T_INT:
	case FIELD_T_BOOL:
	case FIELD_T_INSTANT:
		if (b->field->required || (seen & (UINT64_C(1) << b->index)) != 0)
			arg_number(b->field, slot, args);
		else
			db_args_text(args, NULL);
		break;
	case FIELD_T_UUID:
		id = slot;
		db_args_uuid(args, uuid_is_nil(id) ? NULL : id);
		break;
	case FIELD_T_DAY:
		db_args_day(args, *(const int32_t *)slot);
		break;
	case FIELD_T_LIST:
		db_args_text(args, arg_list(c, b->field));
		break;
	default:
		db_args_text(args, *(const char *const *)slot);
	}
}

static void
arg_number(const struct field *f, const void *slot, struct db_args *args)
{
	if (f->type == FIELD_T_BOOL)
		db_args_bool(args, *(const bool *)slot);
	else if (f->type == FIELD_T_INSTANT)
		db_args_instant(args, *(const int64_t *)slot);
	else
		db_args_int8(args, *(const int64_t *)slot);
}

/* A list goes to the statement as the JSON it was: decoding has judged every item. */
static const char *
arg_list(struct call *c, const struct field *f)
{
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len), *list;

	if (root == NULL || (list = json_get(root, f->name)) == NULL || json_is_null(list))
		return (NULL);
	return (json_text(c->arena, list));
}
