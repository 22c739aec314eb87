/*
 * matter.h -- matters (事项) as data: what can be asked for, of whom, on what
 * legal basis, and which route of which service serves it.
 *
 * One file (YJY_MATTERS, gateway/matters.json) read by every program at start:
 * the gateway shows them and takes submissions, a service opens cases by them.
 * What is not known is absent, and shown as 依据待补 or 未设定; nothing is made up.
 * The form of a matter is not here: it is the body of its route.
 */
#ifndef YJY_MATTER_H
#define YJY_MATTER_H

#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"

struct matter_material {
	const char	*name, *name_en;
	bool		 by_data;	/* proven by data: no paper */
};

struct matter {
	const char	*code;		/* "JB-01": the service's letters and a number */
	const char	*name, *name_en;
	const char	*service, *route;	/* "jobs", "unemployment_register" */
	const char	*audience;	/* JSON list of role names */
	const char	*channels;	/* JSON list: "app", "outlet" */
	const char	*basis;		/* JSON list of texts; NULL: 依据待补 */
	const char	*path;		/* JSON object: path parameter -> member of the form; NULL: none */
	const char	*next;		/* JSON object: case state -> {zh, en} */
	struct list_of	 materials;	/* struct matter_material */
	int64_t		 days;		/* 承诺时限 in working days; 0: 未设定 */
	bool		 instant;	/* 即办 */
};

/* Reads the file into memory that stays. -1: `faults` has a line for each mistake. */
int	matters_load(const char *path, struct buf *faults) MUST_CHECK;
const struct matter *matters(size_t *n);	/* in the order of their codes */
const struct matter *matter_find(const char *code);	/* NULL: none */

#endif
