/*
 * outlets.c -- what the outlets of clerks may handle, as identity passes it on
 * with the rights withdrawn. An outlet that was never given a list is not bound
 * by one; of the others a clerk handles what is on the list, whether for a
 * person present or in their own name.
 *
 * Invariant: the last good list holds until a better one was read.
 */
#include <math.h>

#include "http/dispatch_priv.h"
#include "http/rights.h"

#define MATTER_TEXT	8
#define METRE_OF_E6	0.111195	/* along a meridian */
#define RADIANS_OF_E6	(M_PI / 180e6)

struct outlet {
	struct uuid	 id;
	const char	*name;		/* of its place */
	int64_t		 lat_e6, lng_e6;
	bool		 is_open, has_list;
	size_t		 nmatters;
	char		(*matters)[MATTER_TEXT];
};

static bool	outlet_read(struct arena *, const struct json *, struct outlet *);
static bool	matters_read(struct arena *, const struct json *, struct outlet *);
static int	by_id(const void *, const void *);
static const struct outlet *outlet_find(const struct uuid *);
static bool	outlet_may(const struct outlet *, const char *);
static const struct outlet *outlet_nearest(const struct outlet *, const char *, int64_t *);
static int64_t	metres(const struct outlet *, const struct outlet *);

static struct {
	struct arena	 arena;
	struct outlet	*list;
	size_t		 n;
} known;

/* `list` may be absent: nobody has given anything to an outlet yet. */
int
outlets_set(const struct json *list)
{
	struct arena	 fresh;
	struct outlet	*all;
	size_t		 i, n = list != NULL ? json_count(list) : 0;

	if (list != NULL && !json_is_array(list))
		return (-1);
	arena_init(&fresh);
	all = arena_zalloc(&fresh, (n + 1) * sizeof(*all));
	for (i = 0; i < n; i++)
		if (!outlet_read(&fresh, json_at(list, i), &all[i])) {
			arena_release(&fresh);
			return (-1);
		}
	if (n > 1)
		qsort(all, n, sizeof(*all), by_id);
	if (known.list != NULL)
		arena_release(&known.arena);
	known.arena = fresh;
	known.list = all;
	known.n = n;
	return (0);
}

static bool
outlet_read(struct arena *a, const struct json *row, struct outlet *o)
{
	const char		*id = json_string(json_get(row, "outlet_id"));
	const char		*name = json_string(json_get(row, "name"));
	const struct json	*matters = json_get(row, "matters");

	if (id == NULL || name == NULL || !uuid_parse(id, &o->id) ||
	    !json_integer(json_get(row, "lat_e6"), &o->lat_e6) ||
	    !json_integer(json_get(row, "lng_e6"), &o->lng_e6))
		return (false);
	o->name = arena_strdup(a, name);
	o->is_open = json_is_true(json_get(row, "is_open"));
	o->has_list = matters != NULL && !json_is_null(matters);
	return (!o->has_list || matters_read(a, matters, o));
}

static bool
matters_read(struct arena *a, const struct json *list, struct outlet *o)
{
	const char	*code;
	size_t		 i;

	if (!json_is_array(list))
		return (false);
	o->nmatters = json_count(list);
	o->matters = arena_zalloc(a, (o->nmatters + 1) * sizeof(*o->matters));
	for (i = 0; i < o->nmatters; i++) {
		code = json_string(json_at(list, i));
		if (code == NULL || strlen(code) >= MATTER_TEXT)
			return (false);
		(void)snprintf(o->matters[i], MATTER_TEXT, "%s", code);
	}
	return (true);
}

static int
by_id(const void *a, const void *b)
{
	return (memcmp(&((const struct outlet *)a)->id, &((const struct outlet *)b)->id,
	    sizeof(struct uuid)));
}

static const struct outlet *
outlet_find(const struct uuid *id)
{
	struct outlet	key = { .id = *id };

	return (known.n == 0 ? NULL : bsearch(&key, known.list, known.n, sizeof(key), by_id));
}

static bool
outlet_may(const struct outlet *o, const char *matter)
{
	size_t	i;

	for (i = 0; o->has_list && i < o->nmatters; i++)
		if (strcmp(o->matters[i], matter) == 0)
			return (true);
	return (!o->has_list);
}

/*
 * A matter is handled at an outlet when its clerk is at the keyboard: for the
 * person present, or where nothing but being a clerk admits the caller.
 */
int
gate_outlet(struct call *c)
{
	const struct principal	*p = c->principal;
	const struct outlet	*here, *near;
	int64_t			 away = 0;

	if (c->route->matter == NULL || !p->has_outlet ||
	    (!p->has_actor && (c->route->callers & p->roles) != ROLE_CLERK))
		return (0);
	if ((here = outlet_find(&p->outlet)) == NULL || outlet_may(here, c->route->matter))
		return (0);
	if ((near = outlet_nearest(here, c->route->matter, &away)) == NULL)
		return (call_reject(c, ERR_OUTLET_MATTER, NULL));
	return (call_reject_detail(c, ERR_OUTLET_MATTER, NULL, arena_printf(c->arena, c->english ?
	    "The nearest that may: %s, %lld m away" : "最近的可办网点：%s，距此 %lld 米",
	    near->name, (long long)away)));
}

static const struct outlet *
outlet_nearest(const struct outlet *from, const char *matter, int64_t *away)
{
	const struct outlet	*o, *best = NULL;
	int64_t			 m;

	for (o = known.list; o < known.list + known.n; o++) {
		if (o == from || !o->is_open || !outlet_may(o, matter))
			continue;
		m = metres(from, o);
		if (best == NULL || m < *away) {
			best = o;
			*away = m;
		}
	}
	return (best);
}

/* Flat, which over a city is right to a few metres. */
static int64_t
metres(const struct outlet *a, const struct outlet *b)
{
	double	north = (double)(b->lat_e6 - a->lat_e6) * METRE_OF_E6;
	double	east = (double)(b->lng_e6 - a->lng_e6) * METRE_OF_E6 *
		    cos((double)a->lat_e6 * RADIANS_OF_E6);

	return ((int64_t)llround(hypot(north, east)));
}
