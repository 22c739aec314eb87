/*
 * search_reply.h -- what a search says beside its postings: what it
 * understood, how many there are, and how they are spread.
 */
#ifndef JOBS_SEARCH_REPLY_H
#define JOBS_SEARCH_REPLY_H

#include "http/call.h"
#include "search.h"

extern const struct shape search_extra[];

/* The members of search_extra as a JSON object. */
const char *search_members(struct arena *, const struct concepts *, const struct index_result *,
	    bool facets);

#endif
