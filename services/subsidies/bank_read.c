/*
 * bank_read.c -- reads what a bank sends: replies and statements.
 *
 * Invariant: a row is given out only when every field of it is sound; a
 * statement's balances lead from its opening to its closing one, movement by
 * movement, and its days stay within it.
 */
#include "bank_file.h"

#include "base/clock.h"

static bool	fault(struct bank_reader *, const char *);
static bool	number(const char *, int64_t *);
static bool	balance(const char *, int64_t *);
static bool	is_word(const char *, const char *const *);
static bool	is_no(const char *);
static bool	reply_head(struct bank_reader *);

bool
bank_read_reply(struct bank_reader *r, const char *text, size_t len)
{
	static const char *const columns[] = { "pay_no", "status", "code", "text", "time", NULL };

	memset(r, 0, sizeof(*r));
	csv_init(&r->csv, text, len);
	if (csv_next(&r->csv) != 1)
		return (fault(r, "文件为空"));
	if (strcmp(r->csv.field[0], "#batch") == 0 && (!reply_head(r) || csv_next(&r->csv) != 1))
		return (fault(r, "首行格式有误"));
	return (csv_is(&r->csv, columns) || fault(r, "列名不符"));
}

static bool
reply_head(struct bank_reader *r)
{
	const struct csv	*v = &r->csv;

	if (v->count != 5 || !is_no(v->field[1]) || !number(v->field[2], &r->count) ||
	    !number(v->field[3], &r->total_cents) || strcmp(v->field[4], "CNY") != 0)
		return (false);
	memcpy(r->batch_no, v->field[1], strlen(v->field[1]) + 1);
	r->headed = true;
	return (true);
}

int
bank_next_answer(struct bank_reader *r, struct bank_answer *out)
{
	static const char *const statuses[] = { "paid", "returned", "refunded", "unknown", NULL };
	const struct csv	*v = &r->csv;
	int			 rc = csv_next(&r->csv);

	if (rc == 0)
		return (0);
	if (rc == -1 || v->count != 5 || !is_no(v->field[0]) || !is_word(v->field[1], statuses) ||
	    strlen(v->field[2]) > BANK_CODE_MAX || strlen(v->field[3]) > BANK_TEXT_MAX ||
	    (out->time_us = instant_parse(v->field[4])) == INT64_MIN) {
		(void)fault(r, "明细格式有误");
		return (-1);
	}
	out->pay_no = v->field[0];
	out->status = v->field[1];
	out->code = v->field[2];
	out->text = v->field[3];
	return (1);
}

bool
bank_read_statement(struct bank_reader *r, const char *text, size_t len)
{
	static const char *const columns[] = { "bank_no", "day", "pay_no", "direction", "amount_cents",
	    "balance_cents", "text", NULL };
	const struct csv	*v = &r->csv;

	memset(r, 0, sizeof(*r));
	csv_init(&r->csv, text, len);
	if (csv_next(&r->csv) != 1 || v->count != 7 || strcmp(v->field[0], "#statement") != 0 ||
	    !is_no(v->field[1]) || (r->from_on = day_parse(v->field[2])) == DAY_NONE ||
	    (r->to_on = day_parse(v->field[3])) == DAY_NONE || r->from_on > r->to_on ||
	    !balance(v->field[4], &r->opening_cents) || !balance(v->field[5], &r->closing_cents) ||
	    strcmp(v->field[6], "CNY") != 0)
		return (fault(r, "首行格式有误"));
	memcpy(r->batch_no, v->field[1], strlen(v->field[1]) + 1);
	r->balance_cents = r->opening_cents;
	return ((csv_next(&r->csv) == 1 && csv_is(v, columns)) || fault(r, "列名不符"));
}

int
bank_next_movement(struct bank_reader *r, struct bank_movement *out)
{
	static const char *const directions[] = { "out", "in", NULL };
	const struct csv	*v = &r->csv;
	int			 rc = csv_next(&r->csv);

	if (rc == 0) {
		if (r->balance_cents == r->closing_cents)
			return (0);
		(void)fault(r, "期末余额与明细不符");
		return (-1);
	}
	if (rc == -1 || v->count != 7 || !is_no(v->field[0]) ||
	    (out->day = day_parse(v->field[1])) == DAY_NONE || out->day < r->from_on ||
	    out->day > r->to_on || (v->field[2][0] != '\0' && !is_no(v->field[2])) ||
	    !is_word(v->field[3], directions) || !number(v->field[4], &out->amount_cents) ||
	    out->amount_cents == 0 || !balance(v->field[5], &out->balance_cents) ||
	    strlen(v->field[6]) > BANK_TEXT_MAX) {
		(void)fault(r, "明细格式有误");
		return (-1);
	}
	r->balance_cents += v->field[3][0] == 'i' ? out->amount_cents : -out->amount_cents;
	if (r->balance_cents != out->balance_cents) {
		(void)fault(r, "余额不连续");
		return (-1);
	}
	out->bank_no = v->field[0];
	out->pay_no = v->field[2][0] != '\0' ? v->field[2] : NULL;
	out->direction = v->field[3];
	out->text = v->field[6];
	return (1);
}

static bool
fault(struct bank_reader *r, const char *what)
{
	r->fault = what;
	return (false);
}

static bool
number(const char *text, int64_t *out)
{
	size_t	n = strspn(text, "0123456789");

	if (n == 0 || n > 15 || text[n] != '\0')
		return (false);
	*out = strtoll(text, NULL, 10);
	return (true);
}

/* May be below zero: an account can be overdrawn. */
static bool
balance(const char *text, int64_t *out)
{
	bool	below = text[0] == '-';

	if (!number(text + below, out))
		return (false);
	if (below)
		*out = -*out;
	return (true);
}

static bool
is_word(const char *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strcmp(text, *words) == 0)
			return (true);
	}
	return (false);
}

/* Numbers of batches, payments and movements: short, plain characters. */
static bool
is_no(const char *text)
{
	size_t	n = strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.");

	return (n > 0 && n < BANK_CODE_MAX && text[n] == '\0');
}
