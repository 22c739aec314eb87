/*
 * events_bind.c -- the plain consumer: a statement whose arguments are members
 * of the event's payload, by name. `event_id`, `event_source`,
 * `event_key`, `event_area`, `occurred_at` and `payload` (all of it) are the
 * event's own.
 *
 * An id or a day must be there. Any other member that is absent or null is
 * NULL, and the table says whether that may be. What is of the wrong type can
 * never be applied.
 */
#include "events/events_priv.h"
#include "db/db.h"

static int	refuse(struct db *, const struct db_param *);
static bool	required(enum db_type);
static bool	own_bind(struct db_args *, const struct db_param *, const struct event *);
static bool	member_bind(struct db_args *, enum db_type, const struct json *);
static bool	text_bind(struct db_args *, enum db_type, const char *);

int
event_apply(struct db *db, const struct db_stmt *stmt, const struct event *ev)
{
	struct db_args	 args;
	struct json	*member;
	uint8_t		 i;

	db_args_init(&args, db->arena);
	for (i = 0; i < stmt->nparams; i++) {
		if (own_bind(&args, &stmt->params[i], ev))
			continue;
		member = json_get(ev->data, stmt->params[i].name);
		if ((member == NULL || json_is_null(member)) && !required(stmt->params[i].type))
			db_args_text(&args, NULL);
		else if (!member_bind(&args, stmt->params[i].type, member))
			return (refuse(db, &stmt->params[i]));
	}
	return (db_run_args(db, stmt, NULL, &args));
}

/* The reason is what the parked row will say. */
static int
refuse(struct db *db, const struct db_param *p)
{
	db->detail = arena_printf(db->arena, "%s is absent or of the wrong type", p->name);
	return (EVENT_POISON);
}

static bool
required(enum db_type type)
{
	return (type == DB_T_UUID || type == DB_T_DATE);
}

static bool
own_bind(struct db_args *args, const struct db_param *p, const struct event *ev)
{
	if (strcmp(p->name, "event_id") == 0)
		db_args_uuid(args, &ev->id);
	else if (strcmp(p->name, "event_source") == 0)
		db_args_text(args, ev->source);
	else if (strcmp(p->name, "event_key") == 0)
		db_args_text(args, ev->key);
	else if (strcmp(p->name, "event_area") == 0)
		db_args_text(args, ev->area_code);
	else if (strcmp(p->name, "occurred_at") == 0)
		db_args_instant(args, ev->occurred_us);
	else if (strcmp(p->name, "payload") == 0)
		db_args_text(args, ev->payload);
	else
		return (false);
	return (true);
}

static bool
member_bind(struct db_args *args, enum db_type type, const struct json *member)
{
	const char	*text;
	int64_t		 n;

	switch (type) {
	case DB_T_INT8:
	case DB_T_INT4:
		if (!json_integer(member, &n))
			return (false);
		db_args_int8(args, n);
		return (true);
	case DB_T_BOOL:
		if (!json_is_bool(member))
			return (false);
		db_args_bool(args, json_is_true(member));
		return (true);
	case DB_T_JSONB:
		db_args_text(args, json_text(args->arena, member));
		return (true);
	default:
		text = member != NULL ? json_string(member) : NULL;
		return (text != NULL && text_bind(args, type, text));
	}
}

static bool
text_bind(struct db_args *args, enum db_type type, const char *text)
{
	struct uuid	*id;
	int64_t		 at;
	int32_t		 day;

	switch (type) {
	case DB_T_TEXT:
		db_args_text(args, text);
		return (true);
	case DB_T_UUID:
		id = arena_alloc(args->arena, sizeof(*id));
		if (!uuid_parse(text, id))
			return (false);
		db_args_uuid(args, id);
		return (true);
	case DB_T_DATE:
		if ((day = day_parse(text)) == DAY_NONE)
			return (false);
		db_args_day(args, day);
		return (true);
	case DB_T_TIMESTAMPTZ:
		if ((at = instant_parse(text)) == INT64_MIN)
			return (false);
		db_args_instant(args, at);
		return (true);
	default:
		return (false);
	}
}
