/*
 * row_faults.c -- the report of an import, row by row.
 */
#include "http/row_faults.h"

#define BYTES_MOST	((size_t)1 << 20)
#define KEPT		1000

void
row_faults_open(struct row_faults *f)
{
	f->count = 0;
	buf_init(&f->buf, BYTES_MOST);
	json_out_init(&f->out, &f->buf);
	json_open_list(&f->out, NULL);
}

void
row_fault(struct row_faults *f, int64_t line, const char *column, enum error_code code)
{
	row_fault_named(f, line, column, error_row(code)->code);
}

void
row_fault_named(struct row_faults *f, int64_t line, const char *column, const char *code)
{
	if (f->count++ >= KEPT)
		return;
	json_open(&f->out, NULL);
	json_put_int(&f->out, "line", line);
	json_put_text(&f->out, "column", column);
	json_put_text(&f->out, "code", code);
	json_close(&f->out);
}

const char *
row_faults_json(struct row_faults *f)
{
	json_close_list(&f->out);
	return (buf_cstr(&f->buf));
}

void
row_faults_release(struct row_faults *f)
{
	buf_release(&f->buf);
}
