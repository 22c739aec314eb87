/*
 * interview_link.h -- addresses that people are led to: meetings, streams,
 * recordings. Pure.
 */
#ifndef YJY_INTERVIEW_LINK_H
#define YJY_INTERVIEW_LINK_H

#include "base/arena.h"

#define LINK_MAX	300	/* bytes */

/*
 * 0 for https://name[:port][/...] with a dotted host name, no user, and only
 * characters a URI may hold; else ERR_F_FORMAT, or ERR_F_LONG. For FIELD_CHECK.
 */
int		 check_https_link(const char *);
/* The template with each {id} replaced; NULL: no template, or no {id} in it. */
const char	*meeting_link(struct arena *, const char *template, const char *id);

#endif
