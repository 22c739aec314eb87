/*
 * search_near.c -- names of areas, full and short, and which may have been
 * meant by a name that does not exist.
 */
#include <stdlib.h>
#include <string.h>

#include "search_priv.h"
#include "base/log.h"

static const char *brief_of(const char *, int);
static size_t	near_names(const char *, struct call_near [NEAR_MOST]);

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
	struct near_best	best = { .n = 0 };
	size_t			i;
	int			full, brief;

	for (i = 0; i < nareas; i++) {
		full = near_score(name, areas[i].code, areas[i].name);
		brief = near_score(name, areas[i].code, areas[i].brief);
		if (brief < full)
			full = brief;
		near_add(&best, full >= NEAR_FAR ? NEAR_FAR : full * 5 + areas[i].level, areas[i].code,
		    areas[i].name);
	}
	return (near_out(&best, near));
}
