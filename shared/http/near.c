/*
 * near.c -- what may have been meant by a code or name that does not exist:
 * what begins so, what contains it, and what is few edits away.
 */
#include <stdlib.h>
#include <string.h>

#include "http/near.h"
#include "base/log.h"
#include "base/utf8.h"
#include "http/errors.h"

#define CHARS_MOST	32	/* compared of a text */

static int	edits(const char *, const char *);
static size_t	chars(const char *, uint32_t *);

struct code_item *
near_list(const char *name, size_t *n)
{
	const struct code_filter	 all = { .level = 0 };
	const struct code_list		*list = code_list_named(name, strlen(name));
	struct code_item		*items;
	size_t				 count = list != NULL ? code_list_count(list) : 0;

	if ((items = calloc(count + 1, sizeof(*items))) == NULL)
		log_die("near: out of memory");
	*n = count > 0 ? code_list_walk(list, &all, NULL, items, count) : 0;
	return (items);
}

size_t
near_codes(struct arena *a, const char *list, const char *text, struct call_near near[NEAR_MOST])
{
	struct near_best	 best = { .n = 0 };
	struct code_item	*items;
	size_t			 n, i, k;

	items = near_list(list, &n);
	for (i = 0; i < n; i++)
		near_add(&best, near_score(text, items[i].code, items[i].name), items[i].code,
		    items[i].name);
	for (k = 0; k < best.n; k++)
		best.near[k].code = arena_strdup(a, best.near[k].code);
	free(items);
	return (near_out(&best, near));
}

void
near_field(struct call *c, const struct json_error *fault, const char *text)
{
	static const struct {
		int		 code;
		const char	*list;
	}			lists[] = {
		{ ERR_F_AREA, "areas" }, { ERR_F_OCCUPATION, "occupations" }, { ERR_F_INDUSTRY, "industries" },
		{ ERR_F_EDUCATION, "education_levels" }
	};
	struct call_near	near[NEAR_MOST];
	size_t			i;

	for (i = 0; text != NULL && i < NITEMS(lists); i++)
		if (lists[i].code == fault->code)
			call_meant(c, fault->pointer, near, near_codes(c->arena, lists[i].list, text, near));
}

size_t
near_labels(const struct code_label *labels, const char *text, struct call_near near[NEAR_MOST])
{
	struct near_best	best = { .n = 0 };
	size_t			i;

	for (; labels->code != NULL; labels++) {
		for (i = 0; i < best.n && strcmp(best.near[i].code, labels->code) != 0; i++)
			continue;
		if (i == best.n)
			near_add(&best, near_score(text, labels->code, labels->name), labels->code,
			    labels->name);
	}
	return (near_out(&best, near));
}

int
near_score(const char *text, const char *code, const char *name)
{
	size_t	len = strlen(text), same = 0;
	int	e, least;

	while (text[same] != '\0' && text[same] == code[same])
		same++;
	if (len > 0 && same == len)
		return ((int)(strlen(code) - len));
	if (strstr(name, text) != NULL)
		return (2 + (int)(strlen(name) - len) / 3);
	e = edits(text, name);
	least = edits(text, code);
	if (least < e && (unsigned char)text[0] < 0x80)
		e = least;
	if (e > 2 + (int)len / 4)
		return (same >= 4 ? 30 - (int)same : NEAR_FAR);
	return (4 + 4 * e - (int)same);
}

/* Levenshtein, in characters. */
static int
edits(const char *one, const char *other)
{
	uint32_t	a[CHARS_MOST], b[CHARS_MOST];
	size_t		n = chars(one, a), m = chars(other, b), i, k;
	int		row[CHARS_MOST + 1], before, up;

	for (k = 0; k <= m; k++)
		row[k] = (int)k;
	for (i = 1; i <= n; i++) {
		before = row[0];
		row[0] = (int)i;
		for (k = 1; k <= m; k++) {
			up = row[k];
			row[k] = before + (a[i - 1] != b[k - 1]);
			if (up + 1 < row[k])
				row[k] = up + 1;
			if (row[k - 1] + 1 < row[k])
				row[k] = row[k - 1] + 1;
			before = up;
		}
	}
	return (row[m]);
}

static size_t
chars(const char *text, uint32_t *out)
{
	size_t	left = strlen(text), n = 0, len;

	for (; n < CHARS_MOST && left > 0; text += len, left -= len)
		if ((len = utf8_next(text, left, &out[n])) == 0)
			break;
		else
			n++;
	return (n);
}

void
near_add(struct near_best *b, int score, const char *code, const char *name)
{
	size_t	i;

	if (score >= NEAR_FAR || (b->n == NEAR_MOST && b->score[NEAR_MOST - 1] <= score))
		return;
	if (b->n < NEAR_MOST)
		b->n++;
	for (i = b->n - 1; i > 0 && b->score[i - 1] > score; i--) {
		b->score[i] = b->score[i - 1];
		b->near[i] = b->near[i - 1];
	}
	b->score[i] = score;
	b->near[i] = (struct call_near){ code, name };
}

size_t
near_out(const struct near_best *b, struct call_near near[NEAR_MOST])
{
	memcpy(near, b->near, b->n * sizeof(*near));
	return (b->n);
}
