/*
 * seal.h -- the chain over an append-only table (<schema>.audit_seal).
 *
 * A row's digest is SM3 of its text. A seal lists its rows, each as ord (8
 * bytes, big endian) and digest (32), and
 *
 *     hash = SM3(previous hash || "n|from_xid|to_xid|count|sealed_us|note\n" || list)
 *
 * with 32 zero bytes before the first. So the chain is checked without the rows
 * (they may have been archived), and a row against its digest, which names it.
 */
#ifndef YJY_SEAL_H
#define YJY_SEAL_H

#include "base/buf.h"
#include "crypt/crypt.h"

#define SEAL_ROW	40	/* bytes of the list a row takes */

struct seal {
	int64_t		 n, from_xid, to_xid;
	int64_t		 sealed_us;	/* real time */
	const char	*note;		/* "" or what was archived */
	const uint8_t	*rows;
	size_t		 count;
	uint8_t		 hash[CHAIN_BYTES];
};

enum seal_fault { SEAL_SOUND, SEAL_ALTERED, SEAL_MISSING, SEAL_ADDED };

/* Appends a row to the list being made. */
void	seal_add(struct buf *list, int64_t ord, const char *text, size_t len);
void	seal_hash(const struct seal *, const uint8_t prev[CHAIN_BYTES], uint8_t out[CHAIN_BYTES]);
/* Lower-case hex, as the database writes bytes; false: not `len` of them. */
bool	seal_unhex(const char *hex, void *out, size_t len);
int64_t	seal_ord(const struct seal *, size_t i);

/* Holds rows, given in the order of the list, against a seal; stops at the first fault. */
struct seal_check {
	const struct seal	*seal;
	size_t			 at;		/* rows seen */
	enum seal_fault		 fault;
	int64_t			 ord;		/* of the row at fault */
};

void	seal_check_row(struct seal_check *, int64_t ord, const char *text, size_t len);
void	seal_check_end(struct seal_check *);	/* what is left of the list is missing */

#endif
