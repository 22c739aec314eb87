/*
 * case.c -- a case opened with the change it is about, and cases read.
 *
 * Invariant: a change whose row has a matter is committed with its case, or
 * not at all; the reply that is kept under the Idempotency-Key has the number.
 * Whose cases a caller sees is row-level security's affair.
 */
#include "workflow/case.h"
#include "base/log.h"
#include "codes/codes.h"
#include "platform_sql.h"
#include "workflow/matter.h"

#define ROLES_LOOK	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE | \
			 ROLE_FINANCE | ROLE_AUDIT)
#define KIND_MAX	40

struct case_query {
	struct uuid	 before;
	const char	*state;
	const char	*matter_code;
};

/* Whom and what a case is about, read from the reply and the caller. */
struct about {
	struct uuid		 subject, person, org;
	const struct uuid	*assistant;
	const char		*county, *area;
	char			 kind[KIND_MAX];
};

static int	case_list(struct call *);
static bool	about_read(struct call *, struct about *);
static const struct uuid *assistant_of(const struct call *);
static bool	member_uuid(const struct json *, const char *, struct uuid *);
static const struct uuid *or_null(const struct uuid *);
static int	reply_with(struct call *, const struct db_rows *);
static const char *route_of_matter(const struct route *const *, const char *);

static const char *const states[] = { "accepted", "in_progress", "waiting", "done", "refused",
	"withdrawn", NULL };

static const struct field case_query_fields[] = {
	FIELD_UUID(case_query, before, OPTIONAL, "只列更早的"),
	FIELD_ENUM(case_query, state, OPTIONAL, states, "办件状态"),
	FIELD_TEXT(case_query, matter_code, OPTIONAL, 5, 5, "事项编码"),
	FIELD_END
};

const struct route case_routes[] = {
	{ .name = "case_list", .method = METHOD_GET, .path = "/internal/me/cases",
	  .callers = ROLE_SERVED, .scope = SCOPE_CALLER, .action = "case.list",
	  .query = INPUT(case_query, case_query_fields), .list = true,
	  .handler = case_list, .limit = LIMIT_READ,
	  .zh = "本人、本单位的办件", .en = "List the caller's cases" },
	{ .name = "case_get", .method = METHOD_GET, .path = "/internal/cases/{case_no}",
	  .callers = ROLE_SERVED | ROLES_LOOK, .scope = SCOPE_CALLER, .action = "case.get",
	  .stmt = &stmt_case_get, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "按办件编号查看", .en = "Read a case by its number" },
	ROUTE_END
};

static int
case_list(struct call *c)
{
	const struct case_query	*q = c->query;
	struct db_rows		 rows;

	if (sql_case_list(c->db, &rows, or_null(&q->before), call_limit(c) + 1, q->state,
	    q->matter_code) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}

int
case_open_reply(struct call *c)
{
	const struct matter	*m = matter_find(c->route->matter);
	int32_t			 due = DAY_NONE;
	struct db_rows		 rows;
	struct about		 about;

	if (m == NULL || !about_read(c, &about)) {
		log_error("%s: its reply names nothing to open a case about", c->route->name);
		return (call_reject(c, ERR_INTERNAL, NULL));
	}
	if (m->days > 0)
		due = day_add_working(clock_today(), (int)m->days);
	call_last(c);
	if (sql_case_open(c->db, &rows, m->code, about.kind, &about.subject, or_null(&about.person),
	    or_null(&about.org), about.assistant, about.county, about.area,
	    m->instant && call_status(c) != 202 ? "done" : "accepted", due) == -1)
		return (call_failed(c));
	return (reply_with(c, &rows));
}

/*
 * The thing made is the reply's `id`, or `<noun>_id`. It is the case of the
 * organisation acted for; of the person named in the reply, else of the caller.
 */
static bool
about_read(struct call *c, struct about *a)
{
	const struct principal	*p = c->principal;
	struct span		 said = call_replied(c);
	const struct json	*reply = json_parse(c->arena, said.p, said.len);

	memset(a, 0, sizeof(*a));
	(void)snprintf(a->kind, sizeof(a->kind), "%.*s", (int)strcspn(c->route->name, "_"), c->route->name);
	if (!json_is_object(reply))
		return (false);
	if (!member_uuid(reply, "id", &a->subject) &&
	    !member_uuid(reply, arena_printf(c->arena, "%s_id", a->kind), &a->subject))
		return (false);
	if (p->has_org)
		a->org = p->org;
	else if (strcmp(a->kind, "org") == 0)
		a->org = a->subject;
	if (!member_uuid(reply, "person_id", &a->person))
		a->person = p->has_person && !p->has_org ? p->person : (struct uuid){ .b = { 0 } };
	a->assistant = assistant_of(c);
	a->county = json_string(json_get(reply, "county_code"));
	a->area = json_string(json_get(reply, "area_code"));
	return (true);
}

/* The clerk at the keyboard: for the person present, or in the clerk's own name. */
static const struct uuid *
assistant_of(const struct call *c)
{
	const struct principal	*p = c->principal;

	if (p->has_actor)
		return (&p->actor);
	return ((p->roles & ROLE_CLERK) != 0 && !p->has_person ? &p->subject : NULL);
}

static bool
member_uuid(const struct json *o, const char *name, struct uuid *out)
{
	const char	*text = json_string(json_get(o, name));

	return (text != NULL && uuid_parse(text, out));
}

static const struct uuid *
or_null(const struct uuid *id)
{
	return (uuid_is_nil(id) ? NULL : id);
}

/* The reply as the handler made it, and the case's number and state. */
static int
reply_with(struct call *c, const struct db_rows *opened)
{
	struct span	said = call_replied(c);
	const char	*no = db_text(opened, 0, "case_no");

	while (said.len > 0 && said.p[said.len - 1] != '}')
		said.len--;
	if (said.len < 2 || no == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	(void)call_reply(c, call_status(c), arena_printf(c->arena,
	    "%.*s,\"case_no\":\"%s\",\"case_state\":\"%s\"}", (int)said.len - 1, said.p, no,
	    db_text(opened, 0, "state")));
	return (0);
}

void
case_check_rows(const char *service, const struct route *const *tables)
{
	const struct matter	*m;
	const struct route	*r;
	const char		*served;
	size_t			 i, n;

	m = matters(&n);
	for (i = 0; i < n; i++) {
		if (strcmp(m[i].service, service) != 0)
			continue;
		served = route_of_matter(tables, m[i].code);
		if (served == NULL || strcmp(served, m[i].route) != 0)
			log_die("matter %s: %s does not serve it, %s does", m[i].code, m[i].route,
			    served != NULL ? served : "no row");
	}
	for (; *tables != NULL; tables++)
		for (r = *tables; r->name != NULL; r++)
			if (r->matter != NULL && ((m = matter_find(r->matter)) == NULL ||
			    strcmp(m->route, r->name) != 0 || strcmp(m->service, service) != 0))
				log_die("%s: no matter %s says that it serves it", r->name, r->matter);
}

static const char *
route_of_matter(const struct route *const *tables, const char *code)
{
	const struct route	*r;

	for (; *tables != NULL; tables++)
		for (r = *tables; r->name != NULL; r++)
			if (r->matter != NULL && strcmp(r->matter, code) == 0)
				return (r->name);
	return (NULL);
}
