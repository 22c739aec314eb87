/*
 * dispatch_gates.c -- who is calling, whether this row admits them, how much
 * of the data they see, how often they may come.
 *
 * Invariant: the scope the database judges by is made here and nowhere else,
 * from the verified token and the row. What the row does not admit stays
 * unset, and unset sees nothing.
 */
#include "http/dispatch_priv.h"
#include "codes/codes.h"
#include "loop/loop.h"

#define TOKEN_MAX	8192

static int	gate_doubt(struct call *, bool);
static int	token_check(struct call *, struct span);
static bool	bearer(const struct heard *, struct span *);
static int	scope_set(struct call *);
static const char *areas_of(struct call *);
static const char *desks_of(struct call *);
static const char *city_areas(void);
static char	*area_add(char *, const char *, const char *);
static uint64_t	limit_who(struct call *, enum limit);
static bool	is_private(const char *);
static int	limited(struct call *, const struct limit_state *);

static int	(*refetch_keys)(void);
static bool	(*in_doubt)(void);

void
dispatch_on_unknown_key(int (*refetch)(void))
{
	refetch_keys = refetch;
}

void
dispatch_on_doubt(bool (*doubt)(void))
{
	in_doubt = doubt;
}

/* Nobody says what was taken back: an honest caller may come again shortly. */
static int
gate_doubt(struct call *c, bool open)
{
	if (in_doubt == NULL || (c->principal->roles & ROLE_SERVICE) != 0 || !in_doubt())
		return (0);
	memset(c->principal, 0, sizeof(*c->principal));
	if (open)
		return (0);
	call_header(c, "Retry-After", "2");
	return (call_reject(c, ERR_DOWN, NULL));
}

/* A row open to anyone takes no offence at a missing or unusable token. */
int
gate_authenticate(struct call *c)
{
	struct http_reply_	*o = c->out;
	bool			 open = (c->route->callers & ROLE_ANYONE) != 0;
	struct span		 token;

	if (o->heard.nauthorization > 1)
		return (call_reject(c, ERR_BAD_REQUEST, "Authorization"));
	if (!bearer(&o->heard, &token))
		return (open ? 0 : call_reject(c, ERR_TOKEN_MISSING, NULL));
	switch (token_check(c, token)) {
	case AUTH_OK:
		return (gate_doubt(c, open));
	case AUTH_EXPIRED:
		memset(&o->principal, 0, sizeof(o->principal));
		return (open ? 0 : call_reject(c, ERR_TOKEN_EXPIRED, NULL));
	default:
		memset(&o->principal, 0, sizeof(o->principal));
		return (open ? 0 : call_reject(c, ERR_TOKEN_INVALID, NULL));
	}
}

/* Whoever came without a usable token has nothing that could be taken back. Rights taken back go. */
bool
call_still(struct call *c)
{
	struct principal	now;
	struct span		token;

	if (c->principal->roles == 0)
		return (true);
	if (!bearer(&c->out->heard, &token) || auth_check(token.p, token.len, &now) != AUTH_OK)
		return (false);
	if (c->out->endpoint->withdrawn != NULL)
		rights_narrow(c);
	return ((c->route->callers & (c->principal->roles | ROLE_ANYONE)) != 0);
}

/* An unknown key may be a new one: the set is fetched again, at a bounded rate. */
static int
token_check(struct call *c, struct span token)
{
	struct principal	*p = &c->out->principal;
	enum auth_result	 r = auth_check(token.p, token.len, p);

	if (r == AUTH_UNKNOWN_KEY && refetch_keys != NULL && refetch_keys() == 0)
		r = auth_check(token.p, token.len, p);
	return ((int)r);
}

/* "Bearer" and one space; other schemes are not ours. */
static bool
bearer(const struct heard *h, struct span *token)
{
	struct span	v = h->authorization;

	if (v.len <= 7 || strncasecmp(v.p, "Bearer ", 7) != 0)
		return (false);
	token->p = v.p + 7;
	token->len = v.len - 7;
	return (token->len <= TOKEN_MAX);
}

int
gate_authorise(struct call *c)
{
	if (c->out->endpoint != NULL && c->out->endpoint->withdrawn != NULL)
		rights_narrow(c);
	if ((c->route->callers & (c->principal->roles | ROLE_ANYONE)) == 0)
		return (call_reject(c, ERR_FORBIDDEN, NULL));
	if (gate_outlet(c) != 0)
		return (c->out->status);
	c->db->scope.action = c->route->action;
	if (!uuid_is_nil(&c->principal->subject))
		c->db->scope.actor = c->principal->has_actor ? &c->principal->actor :
		    &c->principal->subject;
	return (scope_set(c));
}

static int
scope_set(struct call *c)
{
	const struct principal	*p = c->principal;
	struct db_scope		*s = &c->db->scope;
	enum scope		 scope = c->route->scope;

	if (p->has_person && (scope == SCOPE_PERSON || scope == SCOPE_CALLER))
		s->person = &p->person;
	if (p->has_org && (scope == SCOPE_ORG || scope == SCOPE_CALLER))
		s->org = &p->org;
	if (scope == SCOPE_AREA || scope == SCOPE_CALLER)
		s->areas = areas_of(c);
	if (scope == SCOPE_CALLER)
		s->desks = desks_of(c);
	if (p->has_outlet && scope == SCOPE_OUTLET)
		s->outlet = &p->outlet;
	if ((scope == SCOPE_PERSON && s->person == NULL) ||
	    (scope == SCOPE_ORG && s->org == NULL) || (scope == SCOPE_OUTLET && s->outlet == NULL))
		return (call_reject(c, ERR_FORBIDDEN, NULL));
	if (c->route->right != 0 && s->org != NULL && (p->org_rights & c->route->right) == 0)
		return (call_reject(c, ERR_NO_RIGHT, NULL));
	if (scope == SCOPE_AREA && s->areas == NULL)
		return (call_reject(c, ERR_AREA, NULL));
	if (scope == SCOPE_INTERNAL && (p->roles & ROLE_SERVICE) == 0)
		return (call_reject(c, ERR_FORBIDDEN, NULL));
	return (0);
}

/* The areas of those grants whose role this row admits. NULL: none. */
static const char *
areas_of(struct call *c)
{
	const struct principal	*p = c->principal;
	uint32_t		 admits = c->route->callers & ROLES_WITH_AREA;
	char			*areas = NULL, *end = NULL;
	size_t			 i;

	for (i = 0; i < p->ngrants; i++) {
		if ((p->grants[i].role & admits) == 0 || p->grants[i].area[0] == '\0')
			continue;
		if (strcmp(p->grants[i].area, AREA_CITY) == 0) {
			memcpy(c->area, AREA_CITY, sizeof(AREA_CITY));
			return (city_areas());
		}
		if (areas == NULL)
			areas = end = arena_alloc(c->arena, p->ngrants * AREA_CODE_MAX + 1);
		end = area_add(end, areas, p->grants[i].area);
	}
	if (areas != NULL)
		memcpy(c->area, areas, strcspn(areas, ","));
	return (areas);
}

/* Those grants one by one, "role@area,role@area": where an officer's messages go. NULL: none. */
static const char *
desks_of(struct call *c)
{
	const struct principal	*p = c->principal;
	uint32_t		 admits = c->route->callers & ROLES_WITH_AREA;
	const char		*desks = NULL;
	size_t			 i;

	for (i = 0; i < p->ngrants; i++)
		if ((p->grants[i].role & admits) != 0 && p->grants[i].area[0] != '\0')
			desks = arena_printf(c->arena, "%s%s%s@%s", desks != NULL ? desks : "",
			    desks != NULL ? "," : "", role_name(p->grants[i].role), p->grants[i].area);
	return (desks);
}

/* The city spelled out: policies compare counties only. */
static const char *
city_areas(void)
{
	static char		 areas[32 * AREA_CODE_MAX];
	const char *const	*counties;
	char			*end = areas;
	size_t			 i, n;

	if (areas[0] == '\0') {
		n = area_counties(&counties);
		for (i = 0; i < n && i < 32; i++)
			end = area_add(end, areas, counties[i]);
	}
	return (areas[0] != '\0' ? areas : NULL);
}

/* Appends at `end` of the list that begins at `list`; gives the new end. */
static char *
area_add(char *end, const char *list, const char *code)
{
	size_t	len = strnlen(code, AREA_CODE_MAX - 1);

	if (end != list)
		*end++ = ',';
	memcpy(end, code, len);
	end[len] = '\0';
	return (end + len);
}

/* Services are not limited: their pace is our own doing. */
int
gate_limit(struct call *c)
{
	enum limit		limit = c->route->limit;
	struct limit_state	st;

	if (limit == LIMIT_NONE || (c->principal->roles & ROLE_SERVICE) != 0)
		return (0);
	if (limit_take(limit, limit_who(c, limit), loop_now_us(), &st))
		return (0);
	return (limited(c, &st));
}

int
gate_export(struct call *c)
{
	struct limit_state	st;

	if (limit_take(LIMIT_EXPORT, limit_who(c, LIMIT_EXPORT), loop_now_us(), &st))
		return (0);
	return (limited(c, &st));
}

static int
limited(struct call *c, const struct limit_state *st)
{
	int	status = call_reject(c, ERR_LIMITED, NULL);

	call_header(c, "Retry-After", arena_printf(c->arena, "%lld", (long long)st->wait_s));
	call_header(c, "RateLimit-Policy", arena_printf(c->arena, "\"%s\";q=%lld;w=%lld",
	    st->name, (long long)st->quota, (long long)st->window_s));
	call_header(c, "RateLimit", arena_printf(c->arena, "\"%s\";r=0;t=%lld",
	    st->name, (long long)st->wait_s));
	return (status);
}

/* The verified subject; where nobody has signed in yet, the address. */
static uint64_t
limit_who(struct call *c, enum limit limit)
{
	const char	*address;
	size_t		 len;

	if (limit != LIMIT_LOGIN && !uuid_is_nil(&c->principal->subject))
		return (limit_key(limit, &c->principal->subject, sizeof(c->principal->subject)));
	address = call_address(c, &len);
	return (limit_key(limit, address, len));
}

/* What the door says; behind it, the last hop it wrote down. A stranger is not believed. */
const char *
call_address(struct call *c, size_t *len)
{
	const struct span	*f = &c->out->heard.forwarded;
	const char		*peer = exchange_peer(c->out->x);
	size_t			 at;

	if (c->out->address.len > 0) {
		*len = c->out->address.len;
		return (c->out->address.p);
	}
	if (f->len > 0 && is_private(peer)) {
		for (at = f->len; at > 0 && f->p[at - 1] != ',' && f->p[at - 1] != ' '; at--)
			continue;
		*len = f->len - at;
		return (f->p + at);
	}
	*len = strlen(peer);
	return (peer);
}

static bool
is_private(const char *address)
{
	static const char *const	prefixes[] = {
		"127.", "10.", "192.168.", "::1", "fc", "fd", "::ffff:127.", "::ffff:10."
	};
	unsigned int			second;
	size_t				i;

	for (i = 0; i < NITEMS(prefixes); i++)
		if (strncmp(address, prefixes[i], strlen(prefixes[i])) == 0)
			return (true);
	return (sscanf(address, "172.%u.", &second) == 1 && second >= 16 && second <= 31);
}
