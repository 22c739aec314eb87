/*
 * call.c -- what a handler may ask about the request it serves.
 */
#include "http/dispatch_priv.h"
#include "codes/codes.h"

const char *
call_param(const struct call *c, const char *name)
{
	size_t	i;

	for (i = 0; i < c->nparams; i++)
		if (strcmp(c->params[i].name, name) == 0)
			return (c->params[i].text);
	return (NULL);
}

/* The nil UUID when there is no such parameter. */
struct uuid
call_param_uuid(const struct call *c, const char *name)
{
	struct uuid	 id = { .b = { 0 } };
	const char	*text = call_param(c, name);

	if (text == NULL || !uuid_parse(text, &id))
		return ((struct uuid){ .b = { 0 } });
	return (id);
}

const char *
call_areas(const struct call *c)
{
	return (c->db->scope.areas != NULL ? c->db->scope.areas : "");
}

bool
call_in_area(const struct call *c, const char *area_code)
{
	const struct principal	*p = c->principal;
	uint32_t		 admits = c->route->callers & ROLES_WITH_AREA;
	size_t			 i;

	for (i = 0; i < p->ngrants; i++)
		if ((p->grants[i].role & admits) != 0 && area_within(area_code, p->grants[i].area))
			return (true);
	return (false);
}

void
call_last(struct call *c)
{
	c->db->last = c->out->key[0] == '\0' &&
	    (c->route->matter == NULL || c->out->ending) && audit_ahead(c);
}

const char *
call_key(const struct call *c)
{
	return (c->out->key);
}

struct span
call_replied(const struct call *c)
{
	return ((struct span){ c->out->bytes, c->out->len });
}

int
call_status(const struct call *c)
{
	return (c->out->status);
}

const char *
call_after(const struct call *c)
{
	return (c->out->after);
}

int64_t
call_limit(const struct call *c)
{
	return (c->out->page.limit);
}
