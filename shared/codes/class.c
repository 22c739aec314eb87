/*
 * class.c -- occupations, industries and education levels.
 *
 * A person's occupation must be a single one (X-XX-XX-XX); an industry may be
 * given at any level of GB/T 4754, from the section's letter to the class, and
 * an education level as the group or the exact state. Names exist for all.
 */
#include <string.h>

#include "codes/codes.h"
#include "codes/codes_priv.h"
#include "http/errors.h"

#define OCCUPATION_LEN	10	/* X-XX-XX-XX */

struct code_table	 codes_occupations, codes_industries, codes_educations;

int
codes_load_classes(const char *dir)
{
	code_table_release(&codes_occupations);
	code_table_release(&codes_industries);
	code_table_release(&codes_educations);
	if (code_table_load(&codes_occupations, dir, "occupations.csv") == -1 ||
	    code_table_load(&codes_industries, dir, "industries.csv") == -1 ||
	    code_table_load(&codes_educations, dir, "education_levels.csv") == -1)
		return (-1);
	return (0);
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
