/*
 * rights.c -- what was withdrawn, by endpoint, and a principal without it.
 *
 * A withdrawal reaches the grants at or below its area. Of a grant for the
 * whole city it takes that county and leaves the others; a grant for a county
 * is not cut at a town's border. Roles without an area lose what is withdrawn
 * in the whole city.
 *
 * Invariant: a caller never has more than the token says; where the rest would
 * not fit, it is less.
 */
#include "http/dispatch_priv.h"
#include "http/rights.h"
#include "codes/codes.h"

struct withdrawn {
	struct withdrawn	*next;
	enum role		 role;
	char			 area[AREA_CODE_MAX];
};

static bool	withdrawn_read(const struct json *, struct withdrawn *, const char **);
static void	endpoint_withdraw(struct endpoint *, const struct withdrawn *);
static void	endpoint_clear(struct endpoint *);
static bool	is_withdrawn(const struct withdrawn *, enum role, const char *);
static void	keep(struct principal *, enum role, const char *);
static void	keep_city(struct principal *, const struct withdrawn *, enum role);
static void	put_row(struct json_out *, const struct route *);

int
rights_set(const char *text, size_t len)
{
	struct withdrawn	 w;
	struct arena		 a;
	struct json		*root, *list;
	const char		*action;
	struct endpoint		*all;
	size_t			 n, i, k;
	int			 rc = -1;

	all = dispatch_endpoints(&n);
	arena_init(&a);
	root = json_parse(&a, text, len);
	if (root == NULL || !json_is_array(list = json_get(root, "withdrawn")))
		goto out;
	for (i = 0; i < json_count(list); i++)
		if (!withdrawn_read(json_at(list, i), &w, &action))
			goto out;
	if (outlets_set(json_get(root, "outlets")) == -1)
		goto out;
	for (k = 0; k < n; k++)
		endpoint_clear(&all[k]);
	for (i = 0; i < json_count(list); i++) {
		(void)withdrawn_read(json_at(list, i), &w, &action);
		for (k = 0; k < n; k++)
			if (strcmp(all[k].route->action, action) == 0 &&
			    (all[k].route->callers & w.role) != 0)
				endpoint_withdraw(&all[k], &w);
	}
	rc = 0;
out:
	arena_release(&a);
	return (rc);
}

static bool
withdrawn_read(const struct json *row, struct withdrawn *w, const char **action)
{
	const char	*role = json_string(json_get(row, "role"));
	const char	*area = json_string(json_get(row, "area_code"));

	*action = json_string(json_get(row, "action"));
	if (role == NULL || area == NULL || *action == NULL || strlen(area) >= sizeof(w->area) ||
	    (w->role = role_of(role)) == 0)
		return (false);
	memcpy(w->area, area, strlen(area) + 1);
	return (true);
}

static void
endpoint_withdraw(struct endpoint *e, const struct withdrawn *w)
{
	struct withdrawn	*copy = malloc(sizeof(*copy));

	if (copy == NULL)
		log_die("rights: out of memory");
	*copy = *w;
	copy->next = e->withdrawn;
	e->withdrawn = copy;
}

static void
endpoint_clear(struct endpoint *e)
{
	struct withdrawn	*w;

	while ((w = e->withdrawn) != NULL) {
		e->withdrawn = w->next;
		free(w);
	}
}

/* What is left of the caller for this row; the token's principal stays as it is. */
void
rights_narrow(struct call *c)
{
	const struct withdrawn	*list = c->out->endpoint->withdrawn;
	const struct principal	*p = c->principal;
	struct principal	*left = arena_alloc(c->arena, sizeof(*left));
	uint32_t		 bare = p->roles;
	size_t			 i;

	*left = *p;
	left->ngrants = 0;
	left->roles = 0;
	for (i = 0; i < p->ngrants; i++) {
		bare &= ~(uint32_t)p->grants[i].role;
		if (is_withdrawn(list, p->grants[i].role, p->grants[i].area))
			continue;
		if (strcmp(p->grants[i].area, AREA_CITY) == 0)
			keep_city(left, list, p->grants[i].role);
		else
			keep(left, p->grants[i].role, p->grants[i].area);
	}
	for (i = 0; i < ROLES; i++)
		if ((bare & 1u << i) != 0 && !is_withdrawn(list, (enum role)(1 << i), ""))
			left->roles |= 1u << i;
	c->principal = left;
}

static bool
is_withdrawn(const struct withdrawn *w, enum role role, const char *area)
{
	for (; w != NULL; w = w->next)
		if (w->role == role && (strcmp(w->area, AREA_CITY) == 0 ||
		    (area[0] != '\0' && area_within(area, w->area))))
			return (true);
	return (false);
}

static void
keep(struct principal *p, enum role role, const char *area)
{
	if (p->ngrants == PRINCIPAL_ROLES)
		return;
	p->roles |= role;
	p->grants[p->ngrants].role = role;
	(void)snprintf(p->grants[p->ngrants++].area, sizeof(p->grants[0].area), "%s", area);
}

/* The city, or its counties but those in which the role lost this. */
static void
keep_city(struct principal *p, const struct withdrawn *list, enum role role)
{
	const struct withdrawn	*w;
	const char *const	*counties;
	size_t			 i, n = area_counties(&counties);

	for (w = list; w != NULL; w = w->next)
		if (w->role == role && strlen(w->area) == strlen(AREA_CITY))
			break;
	if (w == NULL) {
		keep(p, role, AREA_CITY);
		return;
	}
	for (i = 0; i < n; i++)
		if (!is_withdrawn(list, role, counties[i]))
			keep(p, role, counties[i]);
}

void
rights_actions(struct buf *b)
{
	const struct endpoint	*all;
	struct json_out		 out;
	size_t			 n, i;

	all = dispatch_endpoints(&n);
	json_out_init(&out, b);
	json_open(&out, NULL);
	json_put_text(&out, "service", dispatch_service());
	json_open_list(&out, "rows");
	for (i = 0; i < n; i++)
		if (all[i].route->scope != SCOPE_INTERNAL &&
		    (all[i].route->callers & ~(uint32_t)(ROLE_ANYONE | ROLE_SERVICE)) != 0)
			put_row(&out, all[i].route);
	json_close_list(&out);
	json_close(&out);
}

static void
put_row(struct json_out *out, const struct route *r)
{
	int	i;

	json_open(out, NULL);
	json_put_text(out, "name", r->name);
	json_put_text(out, "action", r->action);
	json_put_text(out, "method", method_name(r->method));
	json_put_text(out, "path", r->path);
	json_open_list(out, "callers");
	for (i = 0; i < ROLES; i++)
		if ((r->callers & 1u << i) != 0)
			json_put_text(out, NULL, role_name((enum role)(1 << i)));
	json_close_list(out);
	json_put_text(out, "scope", scope_name(r->scope));
	json_put_text(out, "zh", r->zh);
	json_put_text(out, "en", r->en);
	json_close(out);
}
