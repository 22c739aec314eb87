/*
 * founder_proof.c -- proofs of who founds a firm: that its founder won a contest
 * (创业大赛获奖) or is a graduate, handed in by the firm with its paper.
 *
 * Invariant: a proof counts when two officers of the county have found it true.
 * The rules are in sql/entrepreneurship/030.
 */
#include "entrepreneurship.h"

#include "codes/codes.h"
#include "entrepreneurship_sql.h"
#include "projects.h"

struct proof_in {
	const char	*kind, *title, *issuer;
	int32_t		 proved_on;
};

struct proof_query {
	const char	*kind, *state, *county_code;
	struct uuid	 org_id;
};

static int	founder_proof_submit(struct call *);
static int	founder_proof_file(struct call *);

static const char *const kinds[] = { "prize", "graduate", NULL };
static const char *const states[] = { "submitted", "confirmed", "rejected", NULL };

static const struct field proof_fields[] = {
	FIELD_ENUM(proof_in, kind, REQUIRED, kinds, "佐证类型：创业大赛获奖、高校毕业生"),
	FIELD_TEXT(proof_in, title, REQUIRED, 2, 100, "赛事及奖项，或学历"),
	FIELD_TEXT(proof_in, issuer, REQUIRED, 2, 100, "赛事主办单位，或院校"),
	FIELD_DAY(proof_in, proved_on, REQUIRED, "获奖或毕业日期"),
	FIELD_END
};

static const struct field proof_query_fields[] = {
	FIELD_ENUM(proof_query, kind, OPTIONAL, kinds, "佐证类型"),
	FIELD_ENUM(proof_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(proof_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(proof_query, org_id, OPTIONAL, "企业"),
	FIELD_END
};

static const struct shape proof_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "佐证" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "佐证类型" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "企业" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "企业名称" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "赛事及奖项，或学历" },
	{ .name = "issuer", .type = SHAPE_T_TEXT, .help = "赛事主办单位，或院校" },
	{ .name = "proved_on", .type = SHAPE_T_DAY, .help = "获奖或毕业日期" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "founder_proof_states", .help = "状态" },
	{ .name = "decided_on", .type = SHAPE_T_DAY, .nullable = true, .help = "核实日期" },
	{ .name = "files", .type = SHAPE_T_JSON, .help = "佐证材料" },
	{ .name = "looks", .type = SHAPE_T_JSON, .help = "核查意见" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "所在地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提交时间" },
	SHAPE_END
};

const struct route founder_proof_routes[] = {
	{ .name = "founder_proof_submit", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/founder-proofs",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_CLAIM,
	  .action = "entrepreneurship.founder_proof.submit",
	  .body = INPUT(proof_in, proof_fields), .reply = proof_shape,
	  .handler = founder_proof_submit, .emits = "entrepreneurship.founder_proof.moved.v1",
	  .limit = LIMIT_WRITE, .matter = "EN-20",
	  .zh = "提交获奖或毕业佐证", .en = "Hand in a proof of a prize or a degree" },
	{ .name = "founder_proof_file", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/founder-proofs/{id}/files",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_CLAIM,
	  .action = "entrepreneurship.founder_proof.submit",
	  .query = INPUT(file_query, file_query_fields), .raw_body = true, .reply = file_shape,
	  .handler = founder_proof_file, .limit = LIMIT_IMPORT,
	  .zh = "上传佐证材料", .en = "Hand in the paper of a proof" },
	{ .name = "founder_proof_look", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/founder-proofs/{id}/look",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.founder_proof.look",
	  .body = INPUT(look_in, look_fields), .reply = proof_shape, .success = 200,
	  .stmt = &stmt_founder_proof_look, .emits = "entrepreneurship.founder_proof.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "核实佐证，两人一致为准", .en = "Look at a proof; two who agree decide" },
	{ .name = "founder_proof_list", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/founder-proofs",
	  .callers = ROLE_CASE_OFFICERS | ROLE_EMPLOYER, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.founder_proof.list",
	  .query = INPUT(proof_query, proof_query_fields), .list = true, .reply = proof_shape,
	  .stmt = &stmt_founder_proof_list, .limit = LIMIT_READ,
	  .zh = "佐证名册（本单位或辖区）", .en = "List proofs, own or of the area" },
	ROUTE_END
};

static int
founder_proof_submit(struct call *c)
{
	const struct proof_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (in->proved_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/proved_on"));
	if (sql_founder_proof_submit(c->db, &rows, &id, &c->principal->org, in->kind, in->title,
	    in->issuer, in->proved_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* As long as nobody has looked at it. */
static int
founder_proof_file(struct call *c)
{
	struct db_rows	rows;

	if (sql_founder_proof_own(c->db, &rows, &c->id, &c->principal->org) == -1)
		return (call_failed(c));
	return (paper_keep(c, "founder_proof", &rows));
}
