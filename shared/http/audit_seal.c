/*
 * audit_seal.c -- appends to the chains over the trail and over the row log:
 * each second, in the one process that holds the job, what was written since
 * (crypt/seal.h).
 *
 * Invariant: a seal ends below the oldest transaction that was running when it
 * was made, so no row can commit into it afterwards; and it never cuts through
 * a transaction. Seal n exists once, by its primary key.
 */
#include "http/audit_priv.h"
#include "base/clock.h"
#include "crypt/seal.h"
#include "platform_sql.h"

#define SEAL_ROWS	512	/* at first; more only when one transaction wrote more */
#define LIST_MAX	((size_t)64 << 20)

/* A log and its seals: statements of one form. */
struct chain {
	const char	*name;
	int	(*head)(struct db *, struct db_rows *);
	int	(*rows)(struct db *, struct db_rows *, int64_t, int64_t, int64_t);
	int	(*put)(struct db *, struct db_rows *, int64_t, int64_t, int64_t, int64_t,
		    const void *, size_t, const char *, int64_t, const void *, size_t);
};

static void	chain_seal(const struct chain *);
static int	seal_once(struct db *, const struct chain *, bool *);
static int	rows_of(struct db *, const struct chain *, struct seal *, struct db_rows *, size_t *);
static size_t	whole(const struct db_rows *, int64_t *);
static int	seal_put(struct db *, const struct chain *, struct seal *, const struct db_rows *,
		    const char *, size_t);

static const struct chain	chains[] = {
	{ "audit", sql_audit_head, sql_audit_rows, sql_audit_seal_put },
	{ "row log", sql_row_head, sql_row_rows, sql_row_seal_put },
};

void
audit_seal(void)
{
	size_t	i;

	for (i = 0; i < NITEMS(chains); i++)
		chain_seal(&chains[i]);
}

static void
chain_seal(const struct chain *c)
{
	struct arena	a;
	struct db	db;
	bool		more = true;

	while (more) {
		arena_init(&a);
		db_init(&db, &a, DB_SYSTEM);
		if (seal_once(&db, c, &more) == -1) {
			more = false;
			log_warn("%s: nothing sealed this time%s", c->name,
			    db.error == DB_UNIQUE ? ": somebody else did" : "");
		}
		arena_release(&a);
	}
}

static int
seal_once(struct db *db, const struct chain *c, bool *more)
{
	struct db_rows	head, rows;
	struct seal	s = { .note = "" };
	size_t		n;

	*more = false;
	if (c->head(db, &head) == -1)
		return (-1);
	s.n = db_int(&head, 0, "n") + 1;
	s.from_xid = db_int(&head, 0, "to_xid");
	s.to_xid = db_int(&head, 0, "horizon");
	if (s.to_xid < s.from_xid) {
		log_error("%s: transaction numbers went back: not the database that was sealed", c->name);
		return (db_commit(db));
	}
	if (rows_of(db, c, &s, &rows, &n) == -1)
		return (-1);
	if (n == 0)
		return (db_commit(db));
	*more = n < rows.count;
	return (seal_put(db, c, &s, &rows, db_text(&head, 0, "hash"), n));
}

/* The first *n of the rows are whole transactions, below s->to_xid. */
static int
rows_of(struct db *db, const struct chain *c, struct seal *s, struct db_rows *rows, size_t *n)
{
	int64_t	lim;

	for (lim = SEAL_ROWS;; lim *= 4) {
		if (c->rows(db, rows, s->from_xid, s->to_xid, lim) == -1)
			return (-1);
		*n = rows->count;
		if (*n < (size_t)lim || (*n = whole(rows, &s->to_xid)) > 0)
			return (0);
	}
}

/* Without the last transaction, of which more rows may follow. */
static size_t
whole(const struct db_rows *rows, int64_t *to_xid)
{
	size_t	n = rows->count;
	int64_t	last = db_int(rows, n - 1, "xid");

	while (n > 0 && db_int(rows, n - 1, "xid") == last)
		n--;
	if (n > 0)
		*to_xid = last;
	return (n);
}

static int
seal_put(struct db *db, const struct chain *c, struct seal *s, const struct db_rows *rows,
    const char *prev, size_t n)
{
	uint8_t		before[CHAIN_BYTES] = { 0 };
	const char	*text;
	struct buf	list;
	size_t		i;
	int		rc = -1;

	buf_init(&list, LIST_MAX);
	for (i = 0; i < n; i++) {
		text = db_text(rows, i, "text");
		seal_add(&list, db_int(rows, i, "ord"), text, strlen(text));
	}
	if (!buf_ok(&list) || (prev != NULL && !seal_unhex(prev, before, sizeof(before)))) {
		log_error("%s: seal %lld cannot be made", c->name, (long long)s->n);
		goto out;
	}
	s->rows = (const uint8_t *)list.data;
	s->count = n;
	s->sealed_us = clock_real_us();
	seal_hash(s, before, s->hash);
	if (c->put(db, NULL, s->n, s->from_xid, s->to_xid, (int64_t)n, list.data,
	    list.len, s->note, s->sealed_us, s->hash, sizeof(s->hash)) == -1 || db_commit(db) == -1)
		goto out;
	rc = 0;
out:
	buf_release(&list);
	return (rc);
}
