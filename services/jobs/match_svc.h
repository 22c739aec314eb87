/*
 * match_svc.h -- the engine of matching inside the service: rows of the
 * database as its records, the live engine of this process, and results as JSON.
 */
#ifndef JOBS_MATCH_SVC_H
#define JOBS_MATCH_SVC_H

#include "jobs.h"
#include "match.h"

#define MATCH_ITEM_MAX	16384	/* one result as JSON */

/* What a row of jobs.match_facts() says; lists live in the arena. */
struct match_facts {
	struct match_person	 person;
	struct match_weights	 weights;	/* where the row has them */
	struct uuid		*without;
	size_t			 nwithout;
	bool			 allowed;
};

void	match_row_person(struct arena *, const struct db_rows *, size_t row, struct match_facts *);
/* A row of a match_posting_… statement; its skills live in the arena. */
void	match_row_posting(struct arena *, const struct db_rows *, size_t row, struct match_posting *);
struct match_weights match_row_weights(const struct db_rows *, size_t row);
/* Ids with commas between, ascending as the engine wants them. */
struct uuid *match_row_ids(struct arena *, const char *, size_t *n);
/* {a,b}: ids as an argument. */
const char *match_ids_text(struct arena *, const struct match_hit *, size_t);

/* Members score, weight_version, reasons of the object that is open. */
void	match_put_reasons(struct json_out *, const struct match_hit *, const struct match_weights *,
	    bool english);
/* One person found: what is shown of them (JSON), the score and its reasons. */
const char *match_item_json(struct call *, const char *person, const struct match_hit *,
	    const struct match_weights *);
struct match_area match_area_of(const char *code);

/* Where a page of results ends, and that again as what it continues behind. */
const char *match_cursor(struct arena *, const struct match_hit *);
bool	match_cursor_read(const char *, struct match_hit *);

/* This process's engine; NULL while it is being filled. */
struct match	*match_live(void);
int	match_feed_start(void);
void	match_tell_due(void);		/* for svc_every(): postings just opened */
void	match_batch_run(void);		/* the same: the night's lists */
extern const struct shape	match_reason_shape[];
/* What an officer and a person are shown is made by one hand. */
int	match_reply_postings(struct call *, struct match_facts *, struct match_ask *,
	    const struct uuid *person);

#endif
