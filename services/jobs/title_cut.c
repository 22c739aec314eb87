/*
 * title_cut.c -- what of a title says which work it is: brackets and the words
 * of recruiting are taken out, the rest is cut into overlapping pieces.
 *
 * Characters that matter are kept as one row of runs, 0 between two runs.
 */
#include <string.h>

#include "title_priv.h"
#include "base/utf8.h"

#define RUN_START	UINT32_C(0x110000)	/* beyond Unicode: the ends of a run */
#define RUN_END		UINT32_C(0x110001)
#define BITS		21
#define TRIPLE_WEIGHT	0.7f
#define SINGLE_WEIGHT	0.3f

struct cutting {
	struct title_feature	*out;
	size_t			 n;
};

static size_t	 clean(const struct titles *, const char *, bool, uint32_t *);
static uint32_t	 folded(uint32_t);
static bool	 matters(uint32_t);
static bool	 is_chinese(uint32_t);
static int	 bracket(uint32_t);
static void	 drop_noise(const struct titles *, uint32_t *, size_t);
static void	 cut_run(struct cutting *, const uint32_t *, size_t);
static void	 take(struct cutting *, uint64_t, float);

size_t
title_features(const struct titles *t, const char *text, struct title_feature out[TITLE_FEATURES])
{
	struct cutting	 c = { .out = out };
	uint32_t	 chars[TITLE_CHARS];
	size_t		 n = clean(t, text, true, chars), i, from;

	if (n == 0)	/* all of it stands in brackets: better than nothing */
		n = clean(t, text, false, chars);
	for (i = from = 0; i <= n; i++)
		if (i == n || chars[i] == 0) {
			if (i > from)
				cut_run(&c, chars + from, i - from);
			from = i + 1;
		}
	return (c.n);
}

size_t
title_noise_chars(const char *word, uint32_t out[TITLE_NOISE_CHARS])
{
	size_t		left = strlen(word), step, n = 0;
	uint32_t	code;

	for (; n < TITLE_NOISE_CHARS && left > 0; word += step, left -= step) {
		if ((step = utf8_next(word, left, &code)) == 0)
			break;
		out[n++] = folded(code);
	}
	return (left == 0 ? n : 0);
}

/* How many characters are kept; 0: none that matters. */
static size_t
clean(const struct titles *t, const char *text, bool brackets, uint32_t *chars)
{
	size_t		 left = strlen(text), step, n = 0, i;
	uint32_t	 code;
	int		 depth = 0;
	bool		 any = false;

	for (; left > 0 && n < TITLE_CHARS; text += step, left -= step) {
		if ((step = utf8_next(text, left, &code)) == 0)
			break;
		if (brackets && bracket(code) != 0) {
			depth = depth + bracket(code) < 0 ? 0 : depth + bracket(code);
			code = 0;
		}
		code = folded(code);
		if (depth > 0)
			continue;
		if (matters(code) || (n > 0 && chars[n - 1] != 0))
			chars[n++] = matters(code) ? code : 0;
	}
	drop_noise(t, chars, n);
	for (i = 0; i < n; i++)
		any = any || chars[i] != 0;
	return (any ? n : 0);
}

/* Capitals, and letters as wide as Chinese characters. */
static uint32_t
folded(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0;
	return (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool
matters(uint32_t c)
{
	return (is_chinese(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
	    c == '#');
}

static bool
is_chinese(uint32_t c)
{
	return (c >= 0x4e00 && c <= 0x9fff);
}

static int
bracket(uint32_t c)
{
	switch (c) {
	case '(': case '[': case 0xff08: case 0x3010:	/* （【 */
		return (1);
	case ')': case ']': case 0xff09: case 0x3011:
		return (-1);
	}
	return (0);
}

static void
drop_noise(const struct titles *t, uint32_t *chars, size_t n)
{
	const struct title_noise	*w;
	size_t				 i;

	for (w = t->noise; w < t->noise + t->nnoise; w++)
		for (i = 0; i + w->n <= n; i++)
			if (memcmp(chars + i, w->chars, w->n * sizeof(*chars)) == 0)
				memset(chars + i, 0, w->n * sizeof(*chars));
}

/* Pairs with the ends marked, triples, single characters; a run of letters is a word too. */
static void
cut_run(struct cutting *c, const uint32_t *run, size_t n)
{
	uint64_t	word = 0;
	bool		letters = true;
	size_t		i;

	for (i = 0; i <= n; i++)
		take(c, (uint64_t)(i == 0 ? RUN_START : run[i - 1]) << BITS |
		    (i == n ? RUN_END : run[i]), 1);
	for (i = 0; i + 2 < n; i++)
		take(c, (uint64_t)run[i] << (2 * BITS) | (uint64_t)run[i + 1] << BITS | run[i + 2],
		    TRIPLE_WEIGHT);
	for (i = 0; i < n; i++) {
		take(c, run[i], SINGLE_WEIGHT);
		letters = letters && !is_chinese(run[i]);
		word = (word ^ run[i]) * UINT64_C(0x100000001b3);
	}
	if (letters)
		take(c, word | UINT64_C(1) << 63, 1);
}

static void
take(struct cutting *c, uint64_t feature, float weight)
{
	size_t	i;

	for (i = 0; i < c->n; i++)
		if (c->out[i].feature == feature) {
			c->out[i].weight += weight;
			return;
		}
	if (c->n < TITLE_FEATURES)
		c->out[c->n++] = (struct title_feature){ feature, weight };
}
