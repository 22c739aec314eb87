/*
 * vacancy_check.c -- words found in a posting, with what undoes them.
 *
 * Invariant: nothing is allocated while a text is looked at; what is longer than
 * CHECK_TEXT characters is looked at up to there. The folding and telephone
 * numbers are in vacancy_fold.c.
 */
#include <stdlib.h>
#include <string.h>

#include "vacancy_check.h"
#include "vacancy_fold.h"

#define NUMBER_MOST	4
#define GAP_MOST	4
#define WILD_MOST	4	/* each may be tried at every length */
#define ACCOUNT_LEAST	5
#define ACCOUNT_MOST	20
#define UNDONE_NEAR	6	/* characters between a negation and what it undoes */
#define LIST_NEAR	2	/* between two things of one list */
#define MARK_HIDDEN	1
#define MARK_UNDONE	2

struct pattern {
	uint32_t	code[CHECK_PATTERN];
	size_t		len;
};

/* What a pattern of a kind may begin with: most places of a text begin none. */
struct begins {
	uint64_t	bits[4];	/* by the last byte of the character */
	bool		numeral, any;
};

struct check_words {
	struct pattern	*list[CHECK_KINDS];
	size_t		 count[CHECK_KINDS];
	struct begins	 begins[CHECK_KINDS];
};

/* A text being looked at. */
struct looked {
	struct folded	 text;
	uint8_t		 mark[CHECK_TEXT];
};

static const char *const names[CHECK_KINDS] = { "fee", "sex", "age", "ethnic", "household",
	"contact", "allow", "negation" };

static void	 note_begin(struct begins *, uint32_t);
static bool	 may_begin(const struct begins *, uint32_t);
static inline bool fits_first(const struct pattern *, uint32_t);
static size_t	 match(const struct folded *, size_t, const struct pattern *, size_t);
static size_t	 match_run(const struct folded *, size_t, const struct pattern *, size_t);
static size_t	 run_number(const struct folded *, size_t);
static size_t	 run_account(const struct folded *, size_t);
static void	 hide_allowed(struct looked *, const struct check_words *);
static bool	 find_kind(struct looked *, const struct check_words *, enum check_kind, struct check_hit *);
static bool	 is_undone(struct looked *, const struct check_words *, size_t, size_t);
static bool	 undone_before(const struct folded *, const struct pattern *, size_t);
static bool	 undone_behind(const struct folded *, const struct pattern *, size_t);
static bool	 in_undone_list(const struct looked *, size_t);
static bool	 must_between(const struct folded *, size_t, size_t);

enum check_kind
check_kind_of(const char *name)
{
	enum check_kind	k;

	for (k = 0; k < CHECK_KINDS; k++)
		if (strcmp(names[k], name) == 0)
			break;
	return (k);
}

const char *
check_kind_name(enum check_kind k)
{
	return (names[k]);
}

struct check_words *
check_words_new(void)
{
	struct check_words	*w = calloc(1, sizeof(*w));

	if (w == NULL)
		abort();
	return (w);
}

void
check_words_free(struct check_words **w)
{
	size_t	k;

	if (*w == NULL)
		return;
	for (k = 0; k < CHECK_KINDS; k++)
		free((*w)->list[k]);
	free(*w);
	*w = NULL;
}

int
check_words_add(struct check_words *w, enum check_kind kind, const char *text)
{
	static struct folded	 f;
	struct pattern		*list;
	size_t			 i, wild = 0;

	if (!fold_text(&f, text, FOLD_DENSE) || f.len == 0 || f.len > CHECK_PATTERN)
		return (-1);
	for (i = 0; i < f.len; i++)
		wild += f.code[i] == '#' || f.code[i] == '~' || f.code[i] == '@';
	if (wild == f.len || wild > WILD_MOST)
		return (-1);
	if ((list = realloc(w->list[kind], (w->count[kind] + 1) * sizeof(*list))) == NULL)
		abort();
	w->list[kind] = list;
	list += w->count[kind]++;
	memcpy(list->code, f.code, f.len * sizeof(f.code[0]));
	list->len = f.len;
	note_begin(&w->begins[kind], f.code[0]);
	return (0);
}

size_t
check_words_count(const struct check_words *w)
{
	size_t	k, n = 0;

	for (k = 0; k < CHECK_KINDS; k++)
		n += w->count[k];
	return (n);
}

size_t
check_text(const struct check_words *w, const char *text, struct check_hit out[CHECK_FOUND])
{
	static struct looked	 l;	/* on the loop's thread alone; too large for a stack */
	enum check_kind		 k;
	size_t			 i, n = 0;

	if (text == NULL)
		return (0);
	(void)fold_text(&l.text, text, FOLD_DENSE);
	for (i = 0; i < l.text.len; i++)
		if (l.text.code[i] == '~' || l.text.code[i] == 0x2013 || l.text.code[i] == 0x2014)
			l.text.code[i] = '-';	/* 25～35 is 25-35 */
	memset(l.mark, 0, l.text.len);
	hide_allowed(&l, w);
	for (k = 0; k < CHECK_FOUND; k++)
		if (find_kind(&l, w, k, &out[n]) ||
		    (k == CHECK_CONTACT && check_has_contact(text, out[n].shown)))
			out[n++].kind = k;
	return (n);
}

bool
check_is_copy(const char *title, const char *text, const char *title2, const char *text2)
{
	return (check_likeness(title, title2) >= 0.8 && check_likeness(text, text2) >= 0.8);
}

/* ---- patterns ---- */

static void
note_begin(struct begins *b, uint32_t c)
{
	if (c == '#')
		b->numeral = true;
	else if (c == '~' || c == '@')
		b->any = true;
	else
		b->bits[(c & 255) / 64] |= UINT64_C(1) << (c & 63);
}

static bool
may_begin(const struct begins *b, uint32_t c)
{
	return (b->any || (b->bits[(c & 255) / 64] >> (c & 63) & 1) != 0 ||
	    (b->numeral && fold_is_numeral(c)));
}

/* Spares the call: nearly every pattern fails at its first character. */
static inline bool
fits_first(const struct pattern *p, uint32_t c)
{
	return (p->code[0] == c || p->code[0] == '#' || p->code[0] == '~' || p->code[0] == '@');
}

/* Characters that pattern `p` from its `i`-th on takes at `at`; 0: it does not fit. */
static size_t
match(const struct folded *t, size_t at, const struct pattern *p, size_t i)
{
	size_t	start = at;

	for (; i < p->len; i++, at++) {
		if (p->code[i] == '#' || p->code[i] == '~' || p->code[i] == '@') {
			size_t	rest = match_run(t, at, p, i);

			return (rest == 0 ? 0 : at + rest - start);
		}
		if (at >= t->len || t->code[at] != p->code[i])
			return (0);
	}
	return (at - start);
}

/* Tries the longest run first and lets the rest of the pattern follow. */
static size_t
match_run(const struct folded *t, size_t at, const struct pattern *p, size_t i)
{
	size_t	least = 1, most, n, rest;

	if (p->code[i] == '#')
		most = run_number(t, at);
	else if (p->code[i] == '@') {
		most = run_account(t, at);
		least = most;
	} else {
		least = 0;
		for (most = 0; most < GAP_MOST && at + most < t->len && !fold_ends_clause(t->code[at + most]); )
			most++;
	}
	if (most == 0 && least > 0)
		return (0);
	for (n = most + 1; n-- > least; ) {
		if (i + 1 == p->len)
			return (n);
		if ((rest = match(t, at + n, p, i + 1)) > 0)
			return (n + rest);
	}
	return (0);
}

static size_t
run_number(const struct folded *t, size_t at)
{
	size_t	n = 0;

	while (n < NUMBER_MOST && at + n < t->len && fold_is_numeral(t->code[at + n]))
		n++;
	return (n);
}

static size_t
run_account(const struct folded *t, size_t at)
{
	size_t	 n = 0;
	bool	 digit = false;
	uint32_t c;

	for (; n < ACCOUNT_MOST && at + n < t->len; n++) {
		c = t->code[at + n];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-')
			break;
		digit |= c >= '0' && c <= '9';
	}
	return (digit && n >= ACCOUNT_LEAST ? n : 0);
}

/* ---- findings ---- */

static void
hide_allowed(struct looked *l, const struct check_words *w)
{
	size_t	i, k, n;

	for (i = 0; i < l->text.len; i++)
		for (k = 0; k < w->count[CHECK_ALLOW] &&
		    may_begin(&w->begins[CHECK_ALLOW], l->text.code[i]); k++)
			if (fits_first(&w->list[CHECK_ALLOW][k], l->text.code[i]) &&
			    (n = match(&l->text, i, &w->list[CHECK_ALLOW][k], 0)) > 0)
				memset(l->mark + i, MARK_HIDDEN, n);
}

/* The first that nothing undoes; what is undone is marked, for lists. */
static bool
find_kind(struct looked *l, const struct check_words *w, enum check_kind kind, struct check_hit *out)
{
	size_t	i, k, n;

	for (i = 0; i < l->text.len; i++) {
		if ((l->mark[i] & MARK_HIDDEN) != 0 || !may_begin(&w->begins[kind], l->text.code[i]))
			continue;
		for (k = 0; k < w->count[kind]; k++) {
			if (!fits_first(&w->list[kind][k], l->text.code[i]) ||
			    (n = match(&l->text, i, &w->list[kind][k], 0)) == 0 ||
			    (l->mark[i + n - 1] & MARK_HIDDEN) != 0)
				continue;
			if (kind != CHECK_CONTACT && is_undone(l, w, i, n)) {
				memset(l->mark + i, MARK_UNDONE, n);
				continue;
			}
			fold_show(&l->text, i, n, out->shown, sizeof(out->shown));
			return (true);
		}
	}
	return (false);
}

static bool
is_undone(struct looked *l, const struct check_words *w, size_t at, size_t n)
{
	const struct pattern	*p;
	size_t			 k;

	if (in_undone_list(l, at))
		return (true);
	for (k = 0; k < w->count[CHECK_NEGATION]; k++) {
		p = &w->list[CHECK_NEGATION][k];
		if (p->code[0] == '~' ? undone_behind(&l->text, p, at + n) :
		    undone_before(&l->text, p, at))
			return (true);
	}
	return (false);
}

static bool
undone_before(const struct folded *t, const struct pattern *p, size_t at)
{
	size_t	back, n;

	for (back = 1; back <= UNDONE_NEAR + p->len && back <= at; back++) {
		if (fold_ends_clause(t->code[at - back]))
			return (false);
		n = match(t, at - back, p, 0);
		if (n > 0 && n <= back && back - n <= UNDONE_NEAR)
			return (!must_between(t, at - back + n, at));
	}
	return (false);
}

static bool
undone_behind(const struct folded *t, const struct pattern *p, size_t at)
{
	size_t	i;

	for (i = at; i <= at + UNDONE_NEAR && i < t->len && !fold_ends_clause(t->code[i]); i++)
		if (match(t, i, p, 1) > 0)
			return (true);
	return (false);
}

/* 不收押金、培训费: the second is undone by the first. */
static bool
in_undone_list(const struct looked *l, size_t at)
{
	size_t	back;

	for (back = 1; back <= LIST_NEAR + 1 && back <= at; back++) {
		if (fold_ends_clause(l->text.code[at - back]))
			return (false);
		if ((l->mark[at - back] & MARK_UNDONE) != 0)
			return (!must_between(&l->text, at - back + 1, at));
	}
	return (false);
}

/* 免费培训需交押金: what is free is the training. */
static bool
must_between(const struct folded *t, size_t from, size_t to)
{
	static const uint32_t	musts[] = { 0x9700 /* 需 */, 0x987b /* 须 */, 0x5148 /* 先 */,
		0x5e94 /* 应 */, 0x4f46 /* 但 */, 0x53e6 /* 另 */ };
	size_t	k;

	for (; from < to; from++)
		for (k = 0; k < NITEMS(musts); k++)
			if (t->code[from] == musts[k])
				return (true);
	return (false);
}
