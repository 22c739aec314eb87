/* audit.h -- a service's audit trail as yjyctl walks it. */
#ifndef YJY_CTL_AUDIT_H
#define YJY_CTL_AUDIT_H

#include "crypt/seal.h"
#include "ctl/pg.h"

struct trail {
	struct pg	*pg;
	const char	*schema;
	int64_t		 n, to_xid;		/* last seal walked over */
	uint8_t		 hash[CHAIN_BYTES];
	int64_t		 rows, gone;		/* held against their seals, archived */
	int64_t		 archived;		/* last seal whose rows are in a file */
};

/* Row i of ctl_audit_seals; s->rows is the caller's to free. -1: printed why. */
int	trail_seal(const struct trail *, const struct pg_rows *, int i, struct seal *) MUST_CHECK;
/* After the whole chain was walked: 1: a file was written, 0: nothing is so old, -1: printed why. */
int	trail_archive(struct trail *, const char *directory, int64_t before_us) MUST_CHECK;

#endif
