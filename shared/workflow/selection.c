/*
 * selection.c -- the shared rows of 评选 and 验收 as rows of one service.
 */
#include "workflow/selection.h"

#include <stdlib.h>

#include "base/log.h"
#include "workflow/case.h"

static const struct route	*own(const char *, const struct route *);
static const char		*named(const char *, const char *);
static const char		*with(const char *, const char *);

static const struct route *const shared[] = {
	round_routes, round_entry_routes, round_review_routes, round_rank_routes, award_routes
};

const struct route *const *
selection_routes(const char *service)
{
	static const struct route	*tables[NITEMS(shared) + 1];
	size_t				 i;

	for (i = 0; i < NITEMS(shared) && tables[i] == NULL; i++)
		tables[i] = own(service, shared[i]);
	return (tables);
}

static const struct route *
own(const char *service, const struct route *rows)
{
	const char	*letters = case_no_letters(service);
	struct route	*made, *r;
	size_t		 n = 0;

	while (rows[n].name != NULL)
		n++;
	if (letters == NULL || (made = calloc(n + 1, sizeof(*made))) == NULL)
		log_die("selection: no letters for %s, or no memory", service);
	memcpy(made, rows, n * sizeof(*made));
	for (r = made; r < made + n; r++) {
		r->name = named(service, r->name);
		r->path = with(r->path, service);
		r->action = with(r->action, service);
		r->emits = with(r->emits, service);
		r->matter = with(r->matter, letters);
	}
	return (made);
}

/* Names are one document's: the service before each. */
static const char *
named(const char *service, const char *name)
{
	struct buf	out;

	buf_init(&out, 256);
	buf_addf(&out, "%s_%s", service, name);
	return (buf_cstr(&out));
}

/* The text with its "$" replaced, wherever it has one. */
static const char *
with(const char *text, const char *word)
{
	struct buf	 out;
	const char	*at;

	if (text == NULL || strchr(text, '$') == NULL)
		return (text);
	buf_init(&out, 4096);
	for (; (at = strchr(text, '$')) != NULL; text = at + 1) {
		buf_add(&out, text, (size_t)(at - text));
		buf_adds(&out, word);
	}
	buf_adds(&out, text);
	return (buf_cstr(&out));
}
