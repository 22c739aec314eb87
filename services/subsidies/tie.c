/*
 * tie.c -- whom an officer is close to (回避), and what that refused.
 *
 * Invariant: the database refuses every step of a claim to an officer tied to
 * whom it is about; the refusal names the kind of tie and never the relative,
 * and is written down for the auditors. An officer can declare a tie and not
 * end it: only an auditor does.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "crypt/crypt.h"
#include "http/reply_out.h"
#include "subsidies_sql.h"

#define IMPORT_ROWS	200

struct tie_in {
	struct uuid	 officer_id;
	const char	*tie;
	const char	*id_number;
	const char	*uscc;
	const char	*account_no;
	int32_t		 from_on;
	const char	*note;
};

struct import_in {
	struct list_of	 ties;
};

struct end_in {
	const char	*why;
};

struct tie_query {
	struct uuid	 officer_id;
	const char	*county_code;
};

static int	tie_declare(struct call *);
static int	tie_import(struct call *);
static int	tie_end(struct call *);
static bool	tie_put(struct call *, const struct tie_in *, const struct uuid *, const char *,
		    struct db_rows *, int *);
static const char *own_county(const struct call *);
static const char *tie_pointer(struct call *);

static const char *const ties[] = { "self", "household", "kin", "legal_representative", "account",
	"other", NULL };

#define WHAT_FIELDS							\
	FIELD_ENUM(tie_in, tie, REQUIRED, ties, "关系"),		\
	FIELD_CHECK(tie_in, id_number, OPTIONAL, check_id_number, "人员的公民身份号码"), \
	FIELD_CHECK(tie_in, uscc, OPTIONAL, check_uscc, "单位的统一社会信用代码"), \
	FIELD_CHECK(tie_in, account_no, OPTIONAL, check_account, "银行账号"), \
	FIELD_DAY(tie_in, from_on, OPTIONAL, "起始日期，默认今天"),	\
	FIELD_TEXT(tie_in, note, OPTIONAL, 1, 200, "说明")

static const struct field tie_in_fields[] = {
	WHAT_FIELDS,
	FIELD_END
};

static const struct field import_row_fields[] = {
	FIELD_UUID(tie_in, officer_id, REQUIRED, "工作人员"),
	WHAT_FIELDS,
	FIELD_END
};

static const struct field import_in_fields[] = {
	FIELD_LIST(import_in, ties, REQUIRED, 1, IMPORT_ROWS, tie_in, import_row_fields, "利害关系"),
	FIELD_END
};

static const struct field end_in_fields[] = {
	FIELD_TEXT(end_in, why, REQUIRED, 2, 200, "原因"),
	FIELD_END
};

static const struct field tie_query_fields[] = {
	FIELD_UUID(tie_query, officer_id, OPTIONAL, "工作人员"),
	FIELD_CHECK(tie_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_END
};

static const struct shape tie_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "利害关系" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "工作人员" },
	{ .name = "tie", .type = SHAPE_T_TEXT, .codes = "officer_ties", .help = "关系" },
	{ .name = "whom", .type = SHAPE_T_TEXT, .codes = "officer_tie_targets",
	  .help = "与人员、单位或账户" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "officer_tie_sources", .help = "申报或导入" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "截止日期" },
	{ .name = "end_why", .type = SHAPE_T_TEXT, .nullable = true, .help = "解除原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "工作人员所在县区" },
	SHAPE_END
};

static const struct shape imported_shape[] = {
	{ .name = "added", .type = SHAPE_T_INT, .help = "新增" },
	{ .name = "known", .type = SHAPE_T_INT, .help = "已有" },
	SHAPE_END
};

static const struct shape refusal_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "回避记录" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "工作人员" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "申领" },
	{ .name = "tie", .type = SHAPE_T_TEXT, .codes = "officer_ties", .help = "关系" },
	{ .name = "action", .type = SHAPE_T_TEXT, .help = "被拒绝的操作" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

#define ROLE_HANDS	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE | ROLE_FINANCE)

const struct route tie_routes[] = {
	{ .name = "tie_declare", .method = METHOD_POST, .path = "/v1/subsidies/ties",
	  .callers = ROLE_HANDS, .scope = SCOPE_AREA, .action = "subsidies.tie.declare",
	  .body = INPUT(tie_in, tie_in_fields), .reply = tie_shape, .handler = tie_declare,
	  .limit = LIMIT_WRITE,
	  .zh = "申报回避关系", .en = "Declare a tie" },
	{ .name = "tie_own", .method = METHOD_GET, .path = "/v1/subsidies/ties/mine",
	  .callers = ROLE_HANDS, .scope = SCOPE_AREA, .action = "subsidies.tie.own",
	  .list = true, .reply = tie_shape, .stmt = &stmt_tie_own, .limit = LIMIT_READ,
	  .zh = "本人的回避关系", .en = "One's own ties" },
	{ .name = "tie_import", .method = METHOD_POST, .path = "/v1/subsidies/ties/import",
	  .callers = ROLE_AUDIT, .scope = SCOPE_AREA, .action = "subsidies.tie.audit.import",
	  .body = INPUT(import_in, import_in_fields), .reply = imported_shape, .handler = tie_import,
	  .limit = LIMIT_IMPORT,
	  .zh = "导入工作人员家庭等关系", .en = "Take in officers' ties from household data" },
	{ .name = "tie_list", .method = METHOD_GET, .path = "/v1/subsidies/ties",
	  .callers = ROLE_AUDIT, .scope = SCOPE_AREA, .action = "subsidies.tie.audit.list",
	  .query = INPUT(tie_query, tie_query_fields), .list = true, .reply = tie_shape,
	  .stmt = &stmt_tie_list, .limit = LIMIT_READ,
	  .zh = "辖区工作人员的回避关系", .en = "Ties of the area's officers" },
	{ .name = "tie_end", .method = METHOD_POST, .path = "/v1/subsidies/ties/{id}/end",
	  .callers = ROLE_AUDIT, .scope = SCOPE_AREA, .action = "subsidies.tie.audit.end",
	  .body = INPUT(end_in, end_in_fields), .reply = tie_shape, .success = 200,
	  .handler = tie_end, .limit = LIMIT_WRITE,
	  .zh = "解除回避关系（次日起）", .en = "End a tie from tomorrow on" },
	{ .name = "tie_refusal_list", .method = METHOD_GET, .path = "/v1/subsidies/tie-refusals",
	  .callers = ROLE_AUDIT, .scope = SCOPE_AREA, .action = "subsidies.tie.refusals",
	  .query = INPUT(tie_query, tie_query_fields), .list = true, .reply = refusal_shape,
	  .stmt = &stmt_tie_refusal_list, .limit = LIMIT_READ,
	  .zh = "因利害关系被拒绝的操作", .en = "What was refused for a tie" },
	ROUTE_END
};

static int
tie_declare(struct call *c)
{
	const struct tie_in	*in = c->body;
	struct db_rows		 rows;
	int			 said;

	if (!tie_put(c, in, &c->principal->subject, "declared", &rows, &said))
		return (said);
	return (rows.count == 0 ? call_reject(c, ERR_EXISTS, NULL) : call_reply_row(c, 201, &rows));
}

/* All or none; what stands already is counted and left. */
static int
tie_import(struct call *c)
{
	const struct import_in	*in = c->body;
	const struct tie_in	*row = in->ties.items;
	struct reply_out	 out;
	struct db_rows		 rows;
	int64_t			 added = 0;
	size_t			 i;
	int			 said;

	for (i = 0; i < in->ties.count; i++) {
		if (!tie_put(c, &row[i], &row[i].officer_id, "imported", &rows, &said))
			return (said);
		added += (int64_t)rows.count;
	}
	reply_open(&out);
	json_put_int(&out.json, "added", added);
	json_put_int(&out.json, "known", (int64_t)in->ties.count - added);
	return (reply_close(c, 201, &out));
}

static int
tie_end(struct call *c)
{
	const struct end_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_tie_end(c->db, &rows, &c->id, in->why) == -1) {
		if (c->db->error == DB_CHECK)	/* one's own */
			return (call_reject(c, ERR_SUBSIDIES_SECOND, NULL));
		return (call_failed(c));
	}
	return (call_reply_row(c, 200, &rows));
}

static bool
tie_put(struct call *c, const struct tie_in *in, const struct uuid *officer, const char *source,
    struct db_rows *rows, int *said)
{
	int	given = (in->id_number != NULL) + (in->uscc != NULL) + (in->account_no != NULL);

	if (given != 1)
		*said = call_reject(c, ERR_F_COUNT, given == 0 ? "/id_number" :
		    in->account_no != NULL ? "/account_no" : "/uscc");
	else if (sql_tie_add(c->db, rows, officer, in->tie,
	    in->id_number != NULL ? blind_index(c->arena, "id", in->id_number) : NULL, in->uscc,
	    in->account_no != NULL ? blind_index(c->arena, "account", in->account_no) : NULL,
	    source, in->note, in->from_on, own_county(c)) == -1)
		*said = call_failed(c);
	else
		return (true);
	return (false);
}

/* Where the caller works, as this row's roles go. */
static const char *
own_county(const struct call *c)
{
	const struct principal	*p = c->principal;
	size_t			 i;

	for (i = 0; i < p->ngrants; i++)
		if ((p->grants[i].role & c->route->callers) != 0)
			return (strcmp(p->grants[i].area, AREA_CITY) == 0 ? AREA_CITY :
			    area_county(p->grants[i].area));
	return (AREA_CITY);
}

int
claims_refused(struct call *c, const char *ids)
{
	const char	*pointer = tie_pointer(c);
	struct db_rows	 rows;

	if (pointer == NULL)
		return (call_failed(c));
	if (sql_tie_refused(c->db, &rows, ids, c->route->action) == -1 || db_commit(c->db) == -1)
		return (call_failed(c));
	return (call_reject(c, ERR_SUBSIDIES_TIE, pointer));
}

int
objection_refused(struct call *c, const struct uuid *objection)
{
	const char	*pointer = tie_pointer(c);
	struct db_rows	 rows;

	if (pointer == NULL)
		return (call_failed(c));
	if (sql_objection_claims(c->db, &rows, objection) == -1 ||
	    sql_tie_refused(c->db, &rows, db_text(&rows, 0, "ids"), c->route->action) == -1 ||
	    db_commit(c->db) == -1)
		return (call_failed(c));
	return (call_reject(c, ERR_SUBSIDIES_TIE, pointer));
}

/* The message of the database is the code and, behind it, "/kind"; NULL: another error. */
static const char *
tie_pointer(struct call *c)
{
	static const char	code[] = "subsidies.conflict_of_interest /";

	if (c->db->error != DB_RAISED || c->db->detail == NULL ||
	    strncmp(c->db->detail, code, sizeof(code) - 1) != 0)
		return (NULL);
	return (arena_strdup(c->arena, c->db->detail + sizeof(code) - 2));
}
