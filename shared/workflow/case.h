/*
 * case.h -- cases (办件): what was asked for, under one number, and its steps.
 *
 * Every schema has case_file and case_step (sql/platform/021). A route whose
 * row names its matter opens a case with its change: case_open_reply() is what
 * the dispatcher calls then, in the transaction of the change, and the reply
 * gains `case_no` and `case_state`. Later steps come from the tables whose
 * states move, by trigger: <schema>.case_move(matter, subject, step, next, note).
 *
 * Numbers: two letters of the service, business date, six digits, check
 * character (ISO 7064 MOD 37,36), for example JB20250707000123 and its check.
 * A wrong character is always noticed; of two swapped neighbours one pair in
 * some hundred is not, and only where they differ by one.
 */
#ifndef YJY_CASE_H
#define YJY_CASE_H

#include "http/call.h"

#define CASE_NO_LEN	17
#define CASE_NO_TEXT	(CASE_NO_LEN + 1)

/* ---- numbers (case_no.c) ---- */
/* `letters`: two capitals. -1: a day that is none, or a serial beyond six digits. */
int	case_no_make(const char *letters, int32_t day, int64_t serial, char out[CASE_NO_TEXT]) MUST_CHECK;
bool	case_no_ok(const char *);		/* form, date and check character */
/* "jobs" for JB…; NULL: no service has these letters. */
const char *case_no_service(const char *);
const char *case_no_letters(const char *service);	/* "JB" of jobs; NULL: none */

/* ---- cases (case.c) ---- */
/* /internal/me/cases and /internal/cases/{case_no}: behind the door only. */
extern const struct route	case_routes[];
/* 0, or the status of the refusal that it made. */
int	case_open_reply(struct call *) MUST_CHECK;
/* Dies unless the rows' matters are the service's matters, one for one. */
void	case_check_rows(const char *service, const struct route *const *tables);

#endif
