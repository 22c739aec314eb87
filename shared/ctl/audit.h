/* audit.h -- a service's audit trail and row log as yjyctl walks them. */
#ifndef YJY_CTL_AUDIT_H
#define YJY_CTL_AUDIT_H

#include "crypt/seal.h"
#include "ctl/pg.h"

/* Which log is walked, by its statements; `word`: what a row of it is called. */
struct log {
	const struct db_stmt	*seals, *notes, *rows;
	const char		*word;
};

extern const struct log	trail_log, row_log;

struct trail {
	struct pg	*pg;
	const char	*schema;
	const struct log *log;
	int64_t		 n, to_xid;		/* last seal walked over */
	uint8_t		 hash[CHAIN_BYTES];
	int64_t		 rows, gone;		/* held against their seals, archived */
	int64_t		 archived;		/* last seal whose rows are in a file */
};

/* From the first seal to the last that is there now; -1: printed what is wrong. */
int	trail_verify(struct trail *) MUST_CHECK;
/* The row log of the service, then every row that it says is there. */
int	rows_verify(struct pg *, const char *schema) MUST_CHECK;
/* Row i of ctl_audit_seals; s->rows is the caller's to free. -1: printed why. */
int	trail_seal(const struct trail *, const struct pg_rows *, int i, struct seal *) MUST_CHECK;
/* After the whole chain was walked: 1: a file was written, 0: nothing is so old, -1: printed why. */
int	trail_archive(struct trail *, const char *directory, int64_t before_us) MUST_CHECK;

#endif
