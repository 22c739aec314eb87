/*
 * class.c -- occupations, industries and education levels.
 *
 * A person's occupation must be a single one (X-XX-XX-XX); an industry may be
 * given at any level of GB/T 4754, from the section's letter to the class, and
 * an education level as the group or the exact state. Names exist for all.
 */
#include <stdlib.h>
#include <string.h>

#include "codes/codes.h"
#include "codes/codes_priv.h"
#include "http/errors.h"

#define OCCUPATION_LEN	10	/* X-XX-XX-XX */

#define RANKS		100	/* education codes are two digits */

static int	ranks_load(const char *);

static int8_t	 ranks[RANKS];
struct code_table	 codes_occupations, codes_industries, codes_educations;

int
codes_load_classes(const char *dir)
{
	code_table_release(&codes_occupations);
	code_table_release(&codes_industries);
	code_table_release(&codes_educations);
	if (code_table_load(&codes_occupations, dir, "occupations.csv") == -1 ||
	    code_table_load(&codes_industries, dir, "industries.csv") == -1 ||
	    code_table_load(&codes_educations, dir, "education_levels.csv") == -1 ||
	    ranks_load(dir) == -1)
		return (-1);
	return (0);
}

static int
ranks_load(const char *dir)
{
	static const char *const	 names[] = { "code", "rank", NULL };
	struct codes_csv		 csv;
	size_t				 col[2];
	long				 code;
	int				 r;

	memset(ranks, -1, sizeof(ranks));
	if (codes_csv_open(&csv, dir, "education_levels.csv") == -1)
		return (-1);
	if ((r = codes_csv_columns(&csv, names, col)) == 0)
		while ((r = codes_csv_next(&csv)) == 1) {
			code = strtol(csv.fields[col[0]], NULL, 10);
			if (code >= 0 && code < RANKS)
				ranks[code] = (int8_t)strtol(csv.fields[col[1]], NULL, 10);
		}
	codes_csv_close(&csv);
	return (r);
}

int
education_rank(const char *code)
{
	if (code == NULL || check_education(code) != 0)
		return (-1);
	return (ranks[strtol(code, NULL, 10) % RANKS]);
}

int
check_occupation(const char *code)
{
	const struct code_row	*row = code_table_find(&codes_occupations, code);

	return (row != NULL && strlen(code) == OCCUPATION_LEN ? 0 : ERR_F_OCCUPATION);
}

int
check_industry(const char *code)
{
	return (code_table_find(&codes_industries, code) == NULL ? ERR_F_INDUSTRY : 0);
}

int
check_education(const char *code)
{
	return (code_table_find(&codes_educations, code) == NULL ? ERR_F_EDUCATION : 0);
}

const char *
occupation_name(const char *code)
{
	return (code_table_name(&codes_occupations, code));
}

const char *
industry_name(const char *code)
{
	return (code_table_name(&codes_industries, code));
}

const char *
education_name(const char *code)
{
	return (code_table_name(&codes_educations, code));
}
