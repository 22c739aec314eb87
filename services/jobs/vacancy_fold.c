/*
 * vacancy_fold.c -- folding, telephone numbers in disguise, and how alike two
 * texts are.
 *
 * A mobile number is eleven digits that begin 13 to 19 and are written in one
 * piece, in the usual groups (3-4-4, 3-8, 7-4, 4-7) or broken up further:
 * 13000-18000 is a wage, not a number.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "vacancy_fold.h"

#define MOBILE		11
#define GROUPS_MOST	16
#define SPREAD_MOST	2	/* characters between two digits of one number */
#define LIKE_MOST	1000	/* characters that are compared */

/* Digits in a row with what lies between them small. */
struct digits {
	char	text[40];
	size_t	len, from, to;		/* in the folded text */
	size_t	group[GROUPS_MOST], ngroups;
};

static bool	next_digits(const struct folded *, size_t, struct digits *);
static void	add_digit(struct digits *, int, bool);
static bool	is_mobile(const struct digits *);
static bool	is_landline(const struct digits *);
static bool	find_mail(const struct folded *, char *);
static bool	is_mail_char(uint32_t);
static bool	is_separator(uint32_t);
static size_t	pairs_of(const char *, uint64_t *);
static int	by_value(const void *, const void *);

bool
fold_text(struct folded *f, const char *text, enum fold_how how)
{
	size_t		 len = strlen(text), n;
	uint32_t	 c;

	for (f->len = 0; len > 0 && f->len < CHECK_TEXT; text += n, len -= n) {
		if ((n = utf8_next(text, len, &c)) == 0)
			return (false);
		if (c >= 0xff01 && c <= 0xff5e)
			c -= 0xfee0;
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c == 0xfeff || (c >= 0x200b && c <= 0x200f) || c == 0x2060)
			continue;
		if (c == ' ' || c == '\t' || c == '\r' || c == 0xa0 || c == 0x3000) {
			if (how == FOLD_DENSE)
				continue;
			c = ' ';
		}
		f->code[f->len++] = c;
	}
	return (true);
}

bool
fold_ends_clause(uint32_t c)
{
	return (c == '\n' || c == ',' || c == ';' || c == '!' || c == '?' || c == 0x3002 /* 。 */ ||
	    c == 0xff61 || c == 0x2026 /* … */);
}

bool
fold_is_numeral(uint32_t c)
{
	return (fold_digit(c) >= 0 || c == 0x5341 /* 十 */ || c == 0x767e /* 百 */ || c == 0x4e24 /* 两 */);
}

int
fold_digit(uint32_t c)
{
	static const struct {
		uint32_t	code;
		int		digit;
	} said[] = {
		{ 0x96f6, 0 } /* 零 */, { 0x3007, 0 } /* 〇 */, { 0x6d1e, 0 } /* 洞 */,
		{ 0x4e00, 1 } /* 一 */, { 0x5e7a, 1 } /* 幺 */, { 0x58f9, 1 } /* 壹 */,
		{ 0x4e8c, 2 } /* 二 */, { 0x8d30, 2 } /* 贰 */, { 0x4e09, 3 } /* 三 */,
		{ 0x53c1, 3 } /* 叁 */, { 0x56db, 4 } /* 四 */, { 0x8086, 4 } /* 肆 */,
		{ 0x4e94, 5 } /* 五 */, { 0x4f0d, 5 } /* 伍 */, { 0x516d, 6 } /* 六 */,
		{ 0x9646, 6 } /* 陆 */, { 0x4e03, 7 } /* 七 */, { 0x67d2, 7 } /* 柒 */,
		{ 0x62d0, 7 } /* 拐 */, { 0x516b, 8 } /* 八 */, { 0x634c, 8 } /* 捌 */,
		{ 0x4e5d, 9 } /* 九 */, { 0x7396, 9 } /* 玖 */
	};
	size_t	i;

	if (c >= '0' && c <= '9')
		return ((int)(c - '0'));
	if (c >= 0x2460 && c <= 0x2468)		/* ① to ⑨ */
		return ((int)(c - 0x2460) + 1);
	for (i = 0; i < NITEMS(said); i++)
		if (said[i].code == c)
			return (said[i].digit);
	return (-1);
}

void
fold_show(const struct folded *f, size_t at, size_t n, char *out, size_t size)
{
	size_t		len = 0;
	uint32_t	c;

	for (; n > 0 && at < f->len && len + 5 < size; n--, at++) {
		c = f->code[at];
		if (c < 0x80)
			out[len++] = (char)c;
		else if (c < 0x800) {
			out[len++] = (char)(0xc0 | c >> 6);
			out[len++] = (char)(0x80 | (c & 0x3f));
		} else if (c < 0x10000) {
			out[len++] = (char)(0xe0 | c >> 12);
			out[len++] = (char)(0x80 | (c >> 6 & 0x3f));
			out[len++] = (char)(0x80 | (c & 0x3f));
		} else {
			out[len++] = (char)(0xf0 | c >> 18);
			out[len++] = (char)(0x80 | (c >> 12 & 0x3f));
			out[len++] = (char)(0x80 | (c >> 6 & 0x3f));
			out[len++] = (char)(0x80 | (c & 0x3f));
		}
	}
	out[len] = '\0';
}

/* ---- numbers ---- */

bool
check_has_contact(const char *text, char shown[CHECK_SHOWN])
{
	static struct folded	f;
	struct digits		d;
	size_t			at = 0;

	if (text == NULL)
		return (false);
	(void)fold_text(&f, text, FOLD_SPACED);
	while (next_digits(&f, at, &d)) {
		if (is_mobile(&d) || is_landline(&d)) {
			fold_show(&f, d.from, d.to - d.from, shown, CHECK_SHOWN);
			return (true);
		}
		at = d.to;
	}
	return (find_mail(&f, shown));
}

static bool
next_digits(const struct folded *f, size_t at, struct digits *d)
{
	size_t	gap = 0;
	int	v;

	memset(d, 0, sizeof(*d));
	while (at < f->len && fold_digit(f->code[at]) < 0)
		at++;
	for (d->from = at; at < f->len && gap <= SPREAD_MOST; at++) {
		if ((v = fold_digit(f->code[at])) >= 0) {
			add_digit(d, v, gap > 0);
			d->to = at + 1;
			gap = 0;
		} else if (is_separator(f->code[at]))
			gap++;
		else
			break;
	}
	return (d->to > d->from);
}

static void
add_digit(struct digits *d, int v, bool apart)
{
	if (d->len + 1 < sizeof(d->text))
		d->text[d->len++] = (char)('0' + v);
	if (d->ngroups == 0 || (apart && d->ngroups < GROUPS_MOST))
		d->ngroups++;
	d->group[d->ngroups - 1]++;
}

static bool
is_mobile(const struct digits *d)
{
	if (d->len != MOBILE || d->text[0] != '1' || d->text[1] < '3')
		return (false);
	return (d->ngroups != 2 || d->group[0] == 3 || d->group[0] == 7 || d->group[0] == 4);
}

/* An area code and a number, written apart or together. */
static bool
is_landline(const struct digits *d)
{
	if (d->len < 10 || d->len > 12 || d->text[0] != '0' || d->text[1] < '1')
		return (false);
	return (d->ngroups == 1 || d->group[0] == 3 || d->group[0] == 4);
}

static bool
is_separator(uint32_t c)
{
	return (c == ' ' || c == '-' || c == '.' || c == '_' || c == '*' || c == '/' || c == 0xb7 /* · */ ||
	    c == 0x2014 /* — */ || c == 0x2013 || c == '(' || c == ')');
}

static bool
find_mail(const struct folded *f, char *shown)
{
	size_t	i, from, to, dot;

	for (i = 1; i + 3 < f->len; i++) {
		if (f->code[i] != '@')
			continue;
		for (from = i; from > 0 && is_mail_char(f->code[from - 1]); from--)
			continue;
		for (to = i + 1, dot = 0; to < f->len && is_mail_char(f->code[to]); to++)
			if (f->code[to] == '.')
				dot = to;
		if (from < i && dot > i + 1 && to > dot + 1) {
			fold_show(f, from, to - from, shown, CHECK_SHOWN);
			return (true);
		}
	}
	return (false);
}

static bool
is_mail_char(uint32_t c)
{
	return ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-');
}

/* ---- likeness ---- */

double
check_likeness(const char *a, const char *b)
{
	static uint64_t	x[LIKE_MOST], y[LIKE_MOST];
	size_t		nx = pairs_of(a != NULL ? a : "", x), ny = pairs_of(b != NULL ? b : "", y);
	size_t		i = 0, j = 0, common = 0;

	if (nx + ny == 0)
		return (1);
	while (i < nx && j < ny) {
		if (x[i] == y[j])
			common++, i++, j++;
		else if (x[i] < y[j])
			i++;
		else
			j++;
	}
	return (2.0 * (double)common / (double)(nx + ny));
}

/* Sorted; a text of one character is one pair with nothing. */
static size_t
pairs_of(const char *text, uint64_t *out)
{
	static struct folded	f;
	size_t			i, n = 0;

	(void)fold_text(&f, text, FOLD_DENSE);
	for (i = 0; i < f.len && n < LIKE_MOST && (i + 1 < f.len || f.len == 1); i++)
		out[n++] = (uint64_t)f.code[i] << 32 | (i + 1 < f.len ? f.code[i + 1] : 0);
	qsort(out, n, sizeof(*out), by_value);
	return (n);
}

static int
by_value(const void *a, const void *b)
{
	uint64_t	x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x < y ? -1 : x > y);
}
