/*
 * ask.h -- what a request about figures asks for, found and judged: the
 * indicator, the area with the unit in charge of it, the period or quarter, the tag.
 *
 * A period is the business year so far unless given. The area is the city for
 * its officers, for others the first unit of theirs. Codes that do not exist
 * are refused with what may have been meant.
 */
#ifndef MONITORING_ASK_H
#define MONITORING_ASK_H

#include "codes/codes.h"
#include "monitoring.h"

struct ask_query {
	struct page_in	 page;
	const char	*area_code, *county_code, *tag, *dim, *by;
	int32_t		 from_on, to_on;
	int64_t		 revision, year, top;
	bool		 denominator;
};

struct asked {
	const char	*indicator;
	const char	*area, *county;	/* the unit in charge; of the city AREA_CITY */
	const char	*tag;		/* "" for all */
	int32_t		 from_on, to_on;
	int64_t		 revision;	/* 0: the newest */
	bool		 hides;		/* the caller sees aggregates only */
};

/* How far down an area may lie, in digits of its code; ASK_CITY: the city's sum is everybody's. */
enum ask_reach { ASK_COUNTY = 6, ASK_TOWN = 9, ASK_VILLAGE = 12, ASK_CITY = 16 };

/* False: refused, and *said is what the handler returns. */
bool	ask_period(struct call *, struct ask_query *, int *said) MUST_CHECK;
bool	ask_area(struct call *, const char *area, unsigned reach, struct asked *, int *said) MUST_CHECK;
bool	ask_indicator(struct call *, const char *code, const char *pointer, int *said) MUST_CHECK;
/* The period and the area of the row's query. */
bool	ask_where(struct call *, unsigned reach, struct asked *, int *said) MUST_CHECK;
/* All of them, for the row's `indicator_name` and its query. */
bool	ask(struct call *, struct asked *, int *said) MUST_CHECK;
/* The areas directly below, as two lists for a statement: "{431102,…}" and their names. */
void	ask_below(struct call *, const char *area, const char **codes, const char **names);

int	check_tag(const char *);	/* industry=C */
int	check_quarter(const char *);	/* 2025Q3 */
int32_t	quarter_first(const char *);	/* its first day; of NULL that of the quarter that runs */
int	check_any_area(const char *);	/* digits; whether it exists is ask_area()'s to say */

#define ASK_FIELD_AREA	{ .name = "area_code", .type = FIELD_T_CHECK, .offset = offsetof(struct ask_query, area_code), \
	.check = check_any_area, .help = "地区代码：市、县、乡镇或村" }
#define ASK_FIELD_FROM	FIELD_DAY(ask_query, from_on, OPTIONAL, "起始日期，默认截止日期所在年的 1 月 1 日")
#define ASK_FIELD_TO	FIELD_DAY(ask_query, to_on, OPTIONAL, "截止日期，默认今天")
#define ASK_FIELD_TAG	FIELD_CHECK(ask_query, tag, OPTIONAL, check_tag, "维度和取值，如 industry=C、group=youth")
#define ASK_FIELD_REVISION FIELD_INT(ask_query, revision, OPTIONAL, 1, INT64_MAX, "数据版次，默认最新")
#define ASK_FIELDS_PAGE \
	{ .name = "limit", .type = FIELD_T_INT, .offset = offsetof(struct ask_query, page.limit), \
	  .min = 1, .max = 200, .help = "每页条数" }, \
	{ .name = "cursor", .type = FIELD_T_TEXT, .offset = offsetof(struct ask_query, page.cursor), \
	  .max = 500, .help = "分页游标" }

#endif
