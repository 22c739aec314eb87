/*
 * candidate.c -- the draft list (拟发名单): what judging found and nobody has
 * been told of, and its release by an officer.
 *
 * Invariant: releasing is a move of the claim like any other (claims_move);
 * whoever may claim is told in the same transaction.
 */
#include "subsidies.h"

#include "claim_shape.h"
#include "codes/codes.h"
#include "http/reply_out.h"
#include "subsidies_sql.h"

#define RELEASE_MAX	500

struct candidate_query {
	const char	*policy_code;
	const char	*county_code;
	const char	*state;
};

struct release_in {
	const char	*policy_code;
	const char	*county_code;
	const char	*claim_ids;
	const char	*note;
};

static int	candidate_release(struct call *);
static bool	release_which(struct call *, struct claim_move *, int *);

static const char *const states[] = { "found", "drafted", NULL };

static const struct field candidate_query_fields[] = {
	FIELD_TEXT(candidate_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_CHECK(candidate_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_ENUM(candidate_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct field release_in_fields[] = {
	FIELD_TEXT(release_in, policy_code, OPTIONAL, 2, 16, "整项政策的拟发名单；与 claim_ids 二选一"),
	FIELD_CHECK(release_in, county_code, OPTIONAL, check_county, "只发布此县区"),
	FIELD_JSON(release_in, claim_ids, OPTIONAL, 32768, "只发布这些申领，1–500个"),
	FIELD_TEXT(release_in, note, OPTIONAL, 1, 200, "说明"),
	FIELD_END
};

static const struct shape total_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "claim_states", .help = "状态" },
	{ .name = "count", .type = SHAPE_T_INT, .help = "笔数" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	SHAPE_END
};

static const struct shape totals_shape[] = {
	{ .name = "totals", .type = SHAPE_T_LIST, .of = total_shape, .help = "按县区、政策、状态" },
	SHAPE_END
};

static const struct shape released_shape[] = {
	{ .name = "released", .type = SHAPE_T_INT, .help = "本次发布" },
	{ .name = "more", .type = SHAPE_T_BOOL, .help = "还有待发布的" },
	SHAPE_END
};

const struct route candidate_routes[] = {
	{ .name = "candidate_list", .method = METHOD_GET, .path = "/v1/subsidies/candidates",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.candidate.list",
	  .query = INPUT(candidate_query, candidate_query_fields), .list = true,
	  .reply = claim_shape, .stmt = &stmt_candidate_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "拟发名单", .en = "Claims found and not yet released" },
	{ .name = "candidate_totals", .method = METHOD_GET, .path = "/v1/subsidies/candidates/totals",
	  .callers = ROLE_CASE_OFFICERS | ROLE_FISCAL, .scope = SCOPE_AREA,
	  .action = "subsidies.candidate.totals",
	  .query = INPUT(candidate_query, candidate_query_fields), .reply = totals_shape,
	  .stmt = &stmt_candidate_totals, .limit = LIMIT_READ,
	  .zh = "拟发名单汇总", .en = "The draft list, counted by county and policy" },
	{ .name = "candidate_release", .method = METHOD_POST,
	  .path = "/v1/subsidies/candidates/release",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "subsidies.candidate.release",
	  .body = INPUT(release_in, release_in_fields), .reply = released_shape, .success = 200,
	  .handler = candidate_release, .emits = "subsidies.claim.moved.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "发布拟发名单，告知申领人", .en = "Release drafted claims to those who may claim" },
	ROUTE_END
};

static int
candidate_release(struct call *c)
{
	const struct release_in	*in = c->body;
	struct claim_move	 m = { .from = "{drafted}", .to = "notified", .step = "notify",
				    .note = in->note };
	struct db_rows		 rows;
	struct reply_out	 out;
	int			 said;

	if (!release_which(c, &m, &said))
		return (said);
	if (m.count > 0) {
		if (!claims_move(c, &m, &said))
			return (said);
		if (sql_candidates_tell(c->db, &rows, m.ids) == -1)
			return (call_failed(c));
	}
	reply_open(&out);
	json_put_int(&out.json, "released", m.count);
	json_put_bool(&out.json, "more", in->claim_ids == NULL && m.count == RELEASE_MAX);
	return (reply_close(c, 200, &out));
}

/* The ones named, or the next of a policy's. */
static bool
release_which(struct call *c, struct claim_move *m, int *said)
{
	const struct release_in	*in = c->body;
	struct db_rows		 rows;

	if ((in->claim_ids != NULL) == (in->policy_code != NULL)) {
		*said = call_reject(c, in->claim_ids == NULL ? ERR_F_MISSING : ERR_F_UNKNOWN, "/policy_code");
		return (false);
	}
	if (in->county_code != NULL && !call_in_area(c, in->county_code)) {
		*said = call_reject(c, ERR_AREA, "/county_code");
		return (false);
	}
	if (in->claim_ids != NULL)
		return (claims_read(c, in->claim_ids, m, said));
	if (sql_candidates_drafted(c->db, &rows, in->policy_code, in->county_code, RELEASE_MAX) == -1) {
		*said = call_failed(c);
		return (false);
	}
	m->ids = db_text(&rows, 0, "ids");
	m->count = db_int(&rows, 0, "picked");
	return (true);
}
