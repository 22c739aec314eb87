/*
 * row_faults.h -- what was wrong with which rows of a file: a JSON list of
 * {line, column, code}, the first thousand of them, and how many there were.
 */
#ifndef YJY_ROW_FAULTS_H
#define YJY_ROW_FAULTS_H

#include "base/buf.h"
#include "http/errors.h"
#include "json/json.h"

struct row_faults {
	struct buf	buf;
	struct json_out	out;
	int64_t		count;		/* also of those not kept */
};

void	row_faults_open(struct row_faults *);
/* `column` may be NULL: the row as such. */
void	row_fault(struct row_faults *, int64_t line, const char *column, enum error_code);
/* The same by the public name of the error. */
void	row_fault_named(struct row_faults *, int64_t line, const char *column, const char *code);
/* The list, which takes no more; good until row_faults_release(). */
const char *row_faults_json(struct row_faults *);
void	row_faults_release(struct row_faults *);

#endif
