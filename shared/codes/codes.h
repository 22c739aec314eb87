/*
 * codes.h -- official codes and the checks that go with them.
 *
 * Areas: GB/T 2260 and the 12-digit statistical codes, 14 county-level units
 * (11 counties and districts; 431171 经开区, 431172 金洞, 431173 回龙圩 as
 * functional zones). area_county() answers with jurisdiction: the towns of
 * 金洞 carry 431181… codes since 2021 yet belong to 431172. Tables are read
 * once at start from the CSV files under `dir` (sql/reference).
 *
 * Checks return 0 or an enum error_code, so they fit FIELD_CHECK.
 * Sources: GB 11643 (ID), GB 32100 (USCC), DOMAIN: masks first 6 + last 4 of
 * an ID, first 3 + last 4 of a phone, first character of a name, last 4 of
 * an account.
 */
#ifndef YJY_CODES_H
#define YJY_CODES_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

#define AREA_CITY	"431100"
#define AREA_CODE_MAX	13	/* 12 digits and NUL */

int		 codes_load(const char *dir) MUST_CHECK;	/* -1: log says which file */

/* Six digits of the county-level unit a 6-, 9- or 12-digit code belongs to; NULL: unknown, or the city. */
const char	*area_county(const char *code);
const char	*area_name(const char *code);			/* NULL: unknown */
bool		 area_within(const char *code, const char *scope);	/* scope may be the city */
size_t		 area_counties(const char *const **codes);	/* the 14, in official order */
/*
 * Where a place is, in millionths of a degree (WGS-84): the town's point, else
 * the seat of its county by jurisdiction; good enough to sort by distance.
 * False: none is known (the functional zones have no point of their own).
 */
bool		 area_point(const char *code, int32_t *lat_e6, int32_t *lng_e6) MUST_CHECK;
int		 check_area(const char *);		/* town, village, county or city */
int		 check_county(const char *);
int		 check_city_or_county(const char *);
int		 check_occupation(const char *);	/* X-XX-XX-XX of the 2022 classification */
int		 check_industry(const char *);		/* GB/T 4754-2017, any level */
int		 check_education(const char *);		/* GB/T 4658-2006 */
const char	*occupation_name(const char *);
const char	*industry_name(const char *);
const char	*education_name(const char *);
int		 education_rank(const char *);	/* 0 other … 3 senior secondary … 8 doctor; -1: unknown */

/* Everyday titles of occupations, some of them wrong: for search only. */
struct code_alias {
	const char	*alias, *code;
	uint32_t	 order;		/* in the file */
};
int		 codes_load_aliases(const char *dir) MUST_CHECK;
const struct code_alias *codes_aliases(size_t *n);	/* by code */
const struct code_alias *occupation_aliases(const char *code, size_t *n);

/*
 * Lists to choose from: a standard's, in the order of its codes, or words of an
 * interface with their official labels, in the order they were written.
 */
#define CODE_MAX	32	/* longest code and NUL */

struct code_table;

struct code_label {
	const char	*code, *name;
};

struct code_list {
	const char			*name, *title;
	const char			*standard;	/* NULL: no standard but ours */
	const struct code_table		*table;		/* codes of a standard, or */
	const struct code_label		*labels;	/* words, ended by a NULL code */
};

struct code_item {
	char		 code[CODE_MAX];
	char		 parent[CODE_MAX];	/* "" at the top */
	const char	*name;
	int		 level;			/* 1 at the top */
};

/* All that are given must fit. */
struct code_filter {
	const char	*parent;	/* directly below it; areas by jurisdiction */
	const char	*text;		/* part of the name, or start of the code */
	int64_t		 level;		/* 0: any */
};

/* Ethnic groups, sex, marital status and the like, which most programs never ask for. */
int		 codes_load_lists(const char *dir) MUST_CHECK;
const struct code_list *codes_lists(size_t *n);	/* areas and classes, then those */
const struct code_list *codes_words(size_t *n);		/* of our interfaces: labels.c */
/* The list of that name, of words or of a standard; NULL: there is none. */
const struct code_list *code_list_named(const char *name, size_t len);
const char	*code_list_label(const struct code_list *, const char *code);	/* NULL: not in it */
size_t		 code_list_count(const struct code_list *);
bool		 code_list_find(const struct code_list *, const char *code, struct code_item *);
/* Up to `room` items behind the code `after`, NULL: from the first on. */
size_t		 code_list_walk(const struct code_list *, const struct code_filter *,
		    const char *after, struct code_item *, size_t room);

int		 check_id_number(const char *);		/* 18 characters, date, check digit; x = X */
int32_t		 id_birth_day(const char *id);		/* DAY_NONE: not an ID */
int		 id_sex(const char *id);		/* 1 male, 2 female, 0 not an ID */
int		 check_uscc(const char *);		/* 18 characters, alphabet, check character */
int		 check_mobile(const char *);		/* 1[3-9] and nine digits */
int		 check_account(const char *);		/* 8-32 digits */
int		 check_degrees(const char *);		/* decimal degrees, at most six places */
/* Of what check_degrees() took, in millionths; false: not within the bounds. */
bool		 degrees_e6(const char *, int64_t least, int64_t most, int64_t *out);

/* NULL stays NULL; what does not look right is hidden altogether. */
char		*mask_id(struct arena *, const char *);
char		*mask_phone(struct arena *, const char *);
char		*mask_name(struct arena *, const char *);	/* 张* ; UTF-8 */
char		*mask_account(struct arena *, const char *);

/*
 * Each row of a file of `dir`: the named columns as texts, which live for the
 * call. -1: no such file or column, or malformed; the log says which.
 */
int		 codes_read(const char *dir, const char *file, const char *const *columns,
		    void (*row)(void *, const char *const *fields), void *) MUST_CHECK;

bool		 day_is_working(int32_t day);		/* false outside the calendar */
/* The n-th working day after `day` (n >= 1). DAY_NONE outside the calendar. */
int32_t		 day_add_working(int32_t day, int n);
int		 days_working_between(int32_t from, int32_t to);	/* both included; -1: outside */
/* All of them as PostgreSQL reads an array: {2024-01-02,…}. Some 80 kB. */
void		 days_working_list(struct buf *);
bool		 day_is_predicted(int32_t day);		/* not official (yet), or outside */

#endif
