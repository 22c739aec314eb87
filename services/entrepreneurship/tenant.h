/*
 * tenant.h -- what an admission and a contract say, for the files that take them.
 */
#ifndef YJY_TENANT_H
#define YJY_TENANT_H

#include "entrepreneurship.h"

#define RENT_MOST_CENTS	INT64_C(10000000000)	/* 1 亿元 a month */

/* Who its founders are, as declared. */
struct founders_in {
	bool	is_graduate, is_returned_worker, is_veteran, is_out_of_poverty;
};

/* Terms of a contract; days DAY_NONE, numbers 0 when not said. */
struct terms_in {
	int32_t		 from_on, to_on;	/* both included */
	int64_t		 area_m2;
	int64_t		 rent_cents;		/* a month, before relief */
	const char	*relief_kind;		/* none, percent, cents */
	int64_t		 relief_months, relief_value;
};

extern const char *const	relief_kinds[];
extern const struct shape	contract_shape[];

#define PART_(s, part, m, ty, req, ...) \
	{ .name = #m, .type = ty, .required = req, .offset = offsetof(struct s, part.m), __VA_ARGS__ }
#define FOUNDERS_FIELDS(s, part)					\
	PART_(s, part, is_graduate, FIELD_T_BOOL, OPTIONAL, .help = "创业者为高校毕业生"), \
	PART_(s, part, is_returned_worker, FIELD_T_BOOL, OPTIONAL, .help = "创业者为返乡农民工"), \
	PART_(s, part, is_veteran, FIELD_T_BOOL, OPTIONAL, .help = "创业者为退役军人"), \
	PART_(s, part, is_out_of_poverty, FIELD_T_BOOL, OPTIONAL, .help = "创业者为脱贫人口")
#define TERMS_FIELDS(s, part)						\
	PART_(s, part, from_on, FIELD_T_DAY, OPTIONAL, .help = "协议起始日，默认入驻日或上一份协议期满次日"), \
	PART_(s, part, to_on, FIELD_T_DAY, REQUIRED, .help = "协议期满日"), \
	PART_(s, part, area_m2, FIELD_T_INT, REQUIRED, .min = 1, .max = 1000000, .help = "面积（平方米）"), \
	PART_(s, part, rent_cents, FIELD_T_INT, REQUIRED, .min = 0, .max = RENT_MOST_CENTS, .help = "月租金（分）"), \
	PART_(s, part, relief_kind, FIELD_T_ENUM, OPTIONAL, .set = relief_kinds, .help = "房租减免方式，默认不减免"), \
	PART_(s, part, relief_months, FIELD_T_INT, OPTIONAL, .min = 1, .max = 120, .help = "减免月数"), \
	PART_(s, part, relief_value, FIELD_T_INT, OPTIONAL, .min = 1, .max = RENT_MOST_CENTS, .help = "减免比例（百分之几）或每月减免额（分）")

/* JSON texts for the statements, in the arena. */
const char	*founders_json(struct arena *, const struct founders_in *);
const char	*terms_json(struct arena *, const struct terms_in *);

#endif
