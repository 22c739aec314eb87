/*
 * bundle.h -- 一件事 as data: one form, several matters (bundles.json).
 *
 * A part names its matter, the member of the form whose presence asks for it
 * (`when`), and how its own form comes about: a whole member (`form`), or
 * `map`: its members from the form's, or {"value": …} the same for all. It may
 * need another part done first. A part without a matter is not open yet.
 */
#ifndef YJY_BUNDLE_H
#define YJY_BUNDLE_H

#include "matters.h"

struct bundle_part {
	const char	*part;		/* its name in the report, and in its key */
	const char	*matter;	/* code; NULL: 暂未开通 */
	const char	*name, *name_en;	/* of a part without a matter */
	const char	*when;
	const char	*form;		/* or NULL */
	const char	*map;		/* JSON object, or NULL */
	const char	*needs;		/* another part's name, or NULL */
	bool		 unless_org;	/* nothing to ask for when the caller acts for an organisation */
};

struct bundle {
	const char	*code, *name, *name_en;
	const char	*audience;	/* JSON list of role names */
	struct list_of	 parts;		/* struct bundle_part */
};

/* After matters_load(). -1: `faults` has a line for each mistake. */
int	bundles_load(const char *path, struct buf *faults) MUST_CHECK;
const struct bundle *bundles(size_t *n);
const struct bundle *bundle_find(const char *code);	/* NULL: none */
const struct bundle_part *bundle_part(const struct bundle *, size_t i);	/* NULL behind the last */
/* The form of all parts, as JSON Schema, from the forms of their routes. */
char	*bundle_form(struct arena *, const struct bundle *);
/* Is this a member of the bundle's form? */
bool	bundle_knows(struct arena *, const struct bundle *, const char *member);
/* The form of one part, made of the bundle's. NULL: the member is no object. */
struct json *part_form(struct arena *, const struct bundle_part *, const struct json *form);
/* Where a mistake in the part's form lies in the bundle's. */
const char *part_pointer(struct arena *, const struct bundle_part *, const char *pointer);

#endif
