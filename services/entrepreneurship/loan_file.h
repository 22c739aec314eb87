/*
 * loan_file.h -- the hand-over file of a start-up loan (创业担保贷款移交材料): a
 * JSON document with the application and its pre-check, the same as one CSV row
 * for those who read tables, and under it SM3 and a signature (HMAC-SM3) over
 * the bytes of `document`. Pure: no database, no request.
 */
#ifndef YJY_LOAN_FILE_H
#define YJY_LOAN_FILE_H

#include "base/arena.h"
#include "crypt/crypt.h"

#define LOAN_SM3_TEXT	(2 * CHAIN_BYTES + 1)

struct loan_file {
	const char	*loan_id;
	int64_t		 version;	/* counts from 1 */
	const char	*borrower;	/* personal, small_firm */
	const char	*name, *id_number, *phone;	/* of the borrower, or of who acts for the firm */
	const char	*org_name, *uscc;	/* NULL: a person */
	const char	*group;		/* may be NULL */
	int64_t		 amount_cents, term_months;	/* 0: not said */
	const char	*purpose;
	int64_t		 times_before;
	bool		 has_open_loan;
	const char	*county_code;
	const char	*consent_at;	/* when the applicant agreed to the hand-over */
	const char	*checks;	/* JSON of the pre-check */
	int32_t		 made_on;
};

/*
 * {"document": …, "csv": …, "sm3": …, "signature": …}; NULL: too large. `sm3` is
 * filled with the digest of the document's bytes, which is kept.
 */
const char *loan_file_make(struct arena *, const struct loan_file *, const void *key, size_t key_len,
	    char sm3_text[LOAN_SM3_TEXT]);
/* Whether a file is whole and ours. */
bool	loan_file_sound(struct arena *, const char *text, size_t len, const void *key, size_t key_len);

#endif
