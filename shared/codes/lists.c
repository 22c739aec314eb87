/*
 * lists.c -- the lists of the standards, and the short ones among them, read
 * only by a program that asks (codes_load_lists).
 *
 * Invariant: lists[OFFICIAL + i] is the list whose rows are in common[i].
 */
#include <string.h>

#include "codes/codes.h"
#include "codes/codes_priv.h"
#include "base/log.h"

#define OFFICIAL	5	/* lists with a file of their own */
#define COMMON		8	/* lists that share common_codes.csv */

static struct code_table	 ethnic_groups, common[COMMON];

static const struct code_list	 lists[OFFICIAL + COMMON] = {
	{ "areas", "行政区划", "GB/T 2260、统计用区划代码（2023 年）", &codes_areas, NULL },
	{ "occupations", "职业", "职业分类大典（2022 年版）", &codes_occupations, NULL },
	{ "industries", "国民经济行业", "GB/T 4754-2017", &codes_industries, NULL },
	{ "education_levels", "学历", "GB/T 4658-2006", &codes_educations, NULL },
	{ "ethnic_groups", "民族", "GB/T 3304-1991", &ethnic_groups, NULL },
	{ "gender", "性别", "GB/T 2261.1-2003", &common[0], NULL },
	{ "marital_status", "婚姻状况", "GB/T 2261.2-2003", &common[1], NULL },
	{ "health_status", "健康状况", "GB/T 2261.3-2003", &common[2], NULL },
	{ "employment_identity", "从业状况", "GB/T 2261.4-2003", &common[3], NULL },
	{ "political_status", "政治面貌", "GB/T 4762-1984", &common[4], NULL },
	{ "degree_level", "学位", "GB/T 6864-2003", &common[5], NULL },
	{ "economic_type", "经济类型", "GB/T 12402-2000", &common[6], NULL },
	{ "school_type", "办学类型", "教育行业标准：办学类型代码", &common[7], NULL },
};

static int			 common_read(struct codes_csv *);
static struct code_table	*common_of(const char *);

int
codes_load_lists(const char *dir)
{
	struct codes_csv	 csv;
	size_t			 i;
	int			 r;

	code_table_release(&ethnic_groups);
	if (code_table_load(&ethnic_groups, dir, "ethnic_groups.csv") == -1 ||
	    codes_csv_open(&csv, dir, "common_codes.csv") == -1)
		return (-1);
	for (i = 0; i < COMMON; i++) {
		code_table_release(&common[i]);
		code_table_init(&common[i]);
	}
	r = common_read(&csv);
	for (i = 0; r == 0 && i < COMMON; i++)
		if (common[i].count == 0 || code_table_seal(&common[i]) == -1) {
			log_error("codes: %s: no sound list %s", csv.path,
			    lists[OFFICIAL + i].name);
			r = -1;
		}
	codes_csv_close(&csv);
	return (r);
}

const struct code_list *
codes_lists(size_t *n)
{
	*n = NITEMS(lists);
	return (lists);
}

static int
common_read(struct codes_csv *csv)
{
	static const char *const	 names[] = { "code_set", "code", "name", "parent_code", NULL };
	struct code_table		*t;
	size_t				 col[4];
	int				 r;

	if (codes_csv_columns(csv, names, col) == -1)
		return (-1);
	while ((r = codes_csv_next(csv)) == 1)
		if ((t = common_of(csv->fields[col[0]])) == NULL ||
		    code_table_add_below(t, csv->fields[col[1]], csv->fields[col[2]],
		    csv->fields[col[3]]) == -1)
			return (codes_csv_bad(csv, "not a code of a known list"));
	return (r);
}

static struct code_table *
common_of(const char *name)
{
	size_t	 i;

	for (i = 0; i < COMMON; i++)
		if (strcmp(lists[OFFICIAL + i].name, name) == 0)
			return (&common[i]);
	return (NULL);
}
