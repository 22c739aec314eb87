/*
 * search_near.c -- names of areas, and what may have been meant by a code or
 * name that does not exist: what begins so, what contains it, and what is few
 * edits away.
 */
#include <stdlib.h>
#include <string.h>

#include "search_priv.h"
#include "base/log.h"
#include "base/utf8.h"

#define CHARS_MOST	32	/* compared of a text */
#define FAR		1000

struct scored {
	int			 score;
	struct call_near	 near;
};

static const char *brief_of(const char *, int);
static size_t	near_names(const char *, struct call_near [NEAR_MOST]);
static int	score(const char *, const char *, const char *);
static int	edits(const char *, const char *);
static size_t	chars(const char *, uint32_t *);
static void	keep_best(struct scored *, size_t *, int, const char *, const char *);
static size_t	best_out(const struct scored *, size_t, struct call_near *);

static struct area_row	*areas;
static size_t		 nareas;

int
near_load(void)
{
	struct code_item	*items;
	size_t			 i;

	if (areas != NULL)
		return (0);
	items = near_list("areas", &nareas);
	if ((areas = calloc(nareas, sizeof(*areas))) == NULL)
		log_die("search: out of memory");
	for (i = 0; i < nareas; i++)
		areas[i] = (struct area_row){ near_keep(items[i].code), items[i].name,
		    brief_of(items[i].name, items[i].level), items[i].level };
	free(items);
	return (nareas > 0 ? 0 : -1);
}

const struct area_row *
near_areas(size_t *n)
{
	*n = nareas;
	return (areas);
}

struct code_item *
near_list(const char *name, size_t *n)
{
	const struct code_filter	 all = { .level = 0 };
	const struct code_list		*list;
	struct code_item		*items;
	size_t				 lists, i, count;

	list = codes_lists(&lists);
	for (i = 0; i < lists && strcmp(list[i].name, name) != 0; i++)
		continue;
	count = i < lists ? code_list_count(&list[i]) : 0;
	if ((items = calloc(count + 1, sizeof(*items))) == NULL)
		log_die("search: out of memory");
	*n = count > 0 ? code_list_walk(&list[i], &all, NULL, items, count) : 0;
	return (items);
}

char *
near_keep(const char *text)
{
	char	*mine = strdup(text);

	if (mine == NULL)
		log_die("search: out of memory");
	return (mine);
}

/* Without the word for what kind of area it is; not below two characters. */
static const char *
brief_of(const char *name, int level)
{
	static const char *const	ends[][8] = {
		[1] = { "市" },
		[2] = { "瑶族自治县", "管理区", "县", "区", "市" },
		[3] = { "街道办事处", "瑶族乡", "街道", "镇", "乡" },
		[4] = { "社区居委会", "社区居民委员会", "村民委员会", "村委会", "居委会", "社区", "村" },
	};
	const char *const		*end;
	size_t				 len, cut;

	if (level < 1 || level > 4)
		return (name);
	if (level == 2 && strncmp(name, "永州市", strlen("永州市")) == 0)
		name += strlen("永州市");
	len = strlen(name);
	for (end = ends[level]; *end != NULL && end < ends[level] + 8; end++) {
		cut = strlen(*end);
		if (len >= cut + 2 * 3 && strcmp(name + len - cut, *end) == 0) {
			char	*brief = near_keep(name);

			brief[len - cut] = '\0';
			return (brief);
		}
	}
	return (name);
}

const char *
area_named(const char *name, struct call_near near[NEAR_MOST], size_t *nnear)
{
	const char	*found = NULL;
	size_t		 i, n = 0;
	int		 level;

	for (level = 1; level <= 4 && n == 0; level++)
		for (i = 0; i < nareas; i++)
			if (areas[i].level == level && (strcmp(areas[i].name, name) == 0 ||
			    strcmp(areas[i].brief, name) == 0)) {
				found = areas[i].code;
				if (n < NEAR_MOST)
					near[n] = (struct call_near){ areas[i].code, areas[i].name };
				n++;
			}
	*nnear = n < NEAR_MOST ? n : NEAR_MOST;
	if (n == 1)
		return (found);
	if (n == 0)
		*nnear = near_names(name, near);
	return (NULL);
}

/* By their full or short names; of equally near ones the larger area first. */
static size_t
near_names(const char *name, struct call_near near[NEAR_MOST])
{
	struct scored	best[NEAR_MOST];
	size_t		i, found = 0;
	int		full, brief;

	for (i = 0; i < nareas; i++) {
		full = score(name, areas[i].code, areas[i].name);
		brief = score(name, areas[i].code, areas[i].brief);
		if (brief < full)
			full = brief;
		keep_best(best, &found, full >= FAR ? FAR : full * 5 + areas[i].level, areas[i].code,
		    areas[i].name);
	}
	return (best_out(best, found, near));
}

size_t
near_codes(struct arena *a, const char *list, const char *text, struct call_near near[NEAR_MOST])
{
	struct scored		 best[NEAR_MOST];
	struct code_item	*items;
	size_t			 n, i, found = 0, k;

	items = near_list(list, &n);
	for (i = 0; i < n; i++)
		keep_best(best, &found, score(text, items[i].code, items[i].name), items[i].code,
		    items[i].name);
	for (k = 0; k < found; k++)
		best[k].near.code = arena_strdup(a, best[k].near.code);
	free(items);
	return (best_out(best, found, near));
}

size_t
near_labels(const struct code_label *labels, const char *text, struct call_near near[NEAR_MOST])
{
	struct scored	best[NEAR_MOST];
	size_t		found = 0, i;

	for (; labels->code != NULL; labels++) {
		for (i = 0; i < found && strcmp(best[i].near.code, labels->code) != 0; i++)
			continue;
		if (i == found)
			keep_best(best, &found, score(text, labels->code, labels->name), labels->code,
			    labels->name);
	}
	return (best_out(best, found, near));
}

/* Less is nearer; FAR: nothing in common. */
static int
score(const char *text, const char *code, const char *name)
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
		return (same >= 4 ? 30 - (int)same : FAR);
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

static void
keep_best(struct scored *best, size_t *n, int s, const char *code, const char *name)
{
	size_t	i;

	if (s >= FAR || (*n == NEAR_MOST && best[NEAR_MOST - 1].score <= s))
		return;
	if (*n < NEAR_MOST)
		(*n)++;
	for (i = *n - 1; i > 0 && best[i - 1].score > s; i--)
		best[i] = best[i - 1];
	best[i] = (struct scored){ s, { code, name } };
}

static size_t
best_out(const struct scored *best, size_t n, struct call_near *near)
{
	size_t	i;

	for (i = 0; i < n; i++)
		near[i] = best[i].near;
	return (n);
}
