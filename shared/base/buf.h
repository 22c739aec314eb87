/*
 * buf.h -- a growing byte buffer with a declared maximum.
 *
 * Life cycle: buf_init(max_bytes), buf_add(), buf_release(); buf_clear() for
 * reuse keeps the memory. An add (or reserve) that would cross the maximum
 * sets `failed` and is dropped whole, and so is every later one, so a writer
 * checks once, at the end (buf_ok). buf_cstr() keeps a NUL behind the data.
 */
#ifndef YJY_BUF_H
#define YJY_BUF_H

#include "base/base.h"

struct buf {
	char	*data;		/* owned; NULL while empty */
	size_t	 len;		/* bytes held */
	size_t	 cap;		/* bytes allocated */
	size_t	 max;		/* bytes it may ever hold */
	bool	 failed;	/* something did not fit */
};

void		 buf_init(struct buf *, size_t max_bytes);
void		 buf_release(struct buf *);
void		 buf_clear(struct buf *);
void		 buf_add(struct buf *, const void *, size_t);
void		 buf_adds(struct buf *, const char *);
void		 buf_addc(struct buf *, char);
void		 buf_addf(struct buf *, const char *, ...) PRINTF(2, 3);
void		 buf_add_int(struct buf *, int64_t);
/* JSON string escapes, without the quotes; bytes that are not UTF-8 become U+FFFD. */
void		 buf_add_json(struct buf *, const char *, size_t);
/* HTML escapes, good in text and in quoted attributes. NULL: nothing. */
void		 buf_add_html(struct buf *, const char *);
char		*buf_reserve(struct buf *, size_t);	/* room for n more, NULL over max */
void		 buf_commit(struct buf *, size_t);	/* n of the reserved are now data */
void		 buf_consume(struct buf *, size_t);	/* drop n from the front */
const char	*buf_cstr(struct buf *);
bool		 buf_ok(const struct buf *) MUST_CHECK;

#endif
