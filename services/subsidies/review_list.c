/*
 * review_list.c -- what waits at each step of the review: the list an officer
 * works through, and how much of it there is.
 */
#include "subsidies.h"

#include "claim_shape.h"
#include "codes/codes.h"
#include "subsidies_sql.h"

struct review_query {
	const char	*step;
	const char	*policy_code;
	const char	*county_code;
	const char	*mode;
	int32_t		 lapsing_on;
	bool		 overdue;
	bool		 open;
};

struct counts_query {
	const char	*policy_code;
	const char	*county_code;
};

#define ROLE_REVIEWERS	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)

static const char *const steps[] = { "first_review", "recheck", "approve", NULL };
static const char *const modes[] = { "auto", "direct", "apply", "round", NULL };

static const struct field review_query_fields[] = {
	FIELD_ENUM(review_query, step, REQUIRED, steps, "环节"),
	FIELD_TEXT(review_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_CHECK(review_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_ENUM(review_query, mode, OPTIONAL, modes, "办理方式"),
	FIELD_DAY(review_query, lapsing_on, OPTIONAL, "资金预留在此日或之前到期"),
	FIELD_BOOL(review_query, overdue, OPTIONAL, "只看已过承诺办结日的"),
	FIELD_BOOL(review_query, open, OPTIONAL, "只看本人可以办的（未办过其他环节）"),
	FIELD_END
};

static const struct field counts_query_fields[] = {
	FIELD_TEXT(counts_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_CHECK(counts_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_END
};

static const struct shape review_shape[] = {
	CLAIM_SHAPE_ROWS,
	{ .name = "reserved_until", .type = SHAPE_T_DAY, .nullable = true, .help = "资金预留至" },
	{ .name = "level", .type = SHAPE_T_TEXT, .codes = "approval_levels", .help = "由县级或市级决定" },
	{ .name = "overdue", .type = SHAPE_T_BOOL, .help = "已过承诺办结日" },
	SHAPE_END
};

static const struct shape counts_shape[] = {
	{ .name = "step", .type = SHAPE_T_TEXT, .codes = "claim_hands", .help = "环节" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "claims", .type = SHAPE_T_INT, .help = "待办笔数" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "overdue", .type = SHAPE_T_INT, .help = "已过承诺办结日的笔数" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	SHAPE_END
};

const struct route review_list_routes[] = {
	{ .name = "review_list", .method = METHOD_GET, .path = "/v1/subsidies/reviews",
	  .callers = ROLE_REVIEWERS | ROLE_AUDIT, .scope = SCOPE_AREA, .action = "subsidies.review.list",
	  .query = INPUT(review_query, review_query_fields), .list = true, .reply = review_shape,
	  .stmt = &stmt_review_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "待审核的申领", .en = "Claims that wait for a review" },
	{ .name = "review_counts", .method = METHOD_GET, .path = "/v1/subsidies/review-counts",
	  .callers = ROLE_REVIEWERS | ROLE_AUDIT, .scope = SCOPE_AREA, .action = "subsidies.review.counts",
	  .query = INPUT(counts_query, counts_query_fields), .list = true, .reply = counts_shape,
	  .stmt = &stmt_review_counts, .limit = LIMIT_READ,
	  .zh = "各环节待办数量", .en = "How much waits at each step" },
	ROUTE_END
};
