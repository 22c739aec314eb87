/*
 * brand.h -- what the files of labour brands (劳务品牌, 永政办发〔2024〕15号 二（四）12)
 * share: how a brand is written down, and an officer's yes or no.
 */
#ifndef TRAINING_BRAND_H
#define TRAINING_BRAND_H

#include "training.h"

/* Organisations that may ask for a brand and bear it. */
#define ROLE_BEARERS	(ROLE_EMPLOYER | ROLE_INSTITUTION)
/* Officers of the county who may propose one and look after it. */
#define ROLE_KEEPERS	(ROLE_CLERK | ROLE_FIRST_REVIEW)

struct brand_code {
	const char	*code;
};

struct brand_in {
	const char	*name, *category, *area_code, *story;
	struct list_of	 occupations, towns;	/* struct brand_code */
};

/* The same as arrays for the database; counties: those of its towns. */
struct brand_arrays {
	const char	*occupations, *towns, *counties;
};

struct brand_judge_in {
	bool		 pass;
	const char	*note;		/* NULL only with a yes */
};

extern const struct field	brand_judge_fields[];
extern const char *const	brand_categories[];
extern const struct field	brand_occupation_fields[], brand_town_fields[];

#define BRAND_FIELDS								\
	FIELD_ENUM(brand_in, category, REQUIRED, brand_categories, "类别"),	\
	FIELD_LIST(brand_in, occupations, REQUIRED, 1, 10, brand_code, brand_occupation_fields, "职业"), \
	FIELD_LIST(brand_in, towns, REQUIRED, 1, 60, brand_code, brand_town_fields, "劳务输出乡镇街道"), \
	FIELD_TEXT(brand_in, story, REQUIRED, 10, 8000, "品牌故事")

/* 0, or the refusal made: every code once. */
int	brand_arrays(struct call *, const struct brand_in *, struct brand_arrays *) MUST_CHECK;

#endif
