/*
 * class_check.c -- classes before the officers of their county: what is filed,
 * what is late, and the one check that opens a class, gives it back or refuses it.
 *
 * Invariant: whoever filed for an institution does not check its classes
 * (class_check in sql/training/queries/class.sql, class_hands_check). A class
 * may be stopped until it is completed; the people in it are told.
 */
#include "training.h"
#include "class.h"
#include "codes/codes.h"
#include "training_sql.h"

#define ROLE_CHECKERS	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)

struct filing_query {
	const char	*state;
	const char	*county_code;
	const char	*kind;
	struct uuid	 org_id;
	const char	*occupation_code;
	bool		 is_overdue;
};

struct check_in {
	const char	*decision;
	const char	*note;
};

struct stop_in {
	const char	*note;
};

static int	class_check(struct call *);

static const char *const states[] = { "filed", "returned", "refused", "open", "running",
	"completed", "cancelled", NULL };
static const char *const decisions[] = { "open", "return", "refuse", NULL };

static const struct field filing_query_fields[] = {
	FIELD_ENUM(filing_query, state, OPTIONAL, states, "班级状态"),
	FIELD_CHECK(filing_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(filing_query, kind, OPTIONAL, class_kinds, "班级种类"),
	FIELD_UUID(filing_query, org_id, OPTIONAL, "培训机构"),
	FIELD_TEXT(filing_query, occupation_code, OPTIONAL, 1, 10, "职业代码或其前几级"),
	FIELD_BOOL(filing_query, is_overdue, OPTIONAL, "审核超期；未设定审核时限时没有"),
	FIELD_END
};

static const struct field check_in_fields[] = {
	FIELD_ENUM(check_in, decision, REQUIRED, decisions, "通过并开始报名、退回修改、不予备案"),
	FIELD_TEXT(check_in, note, OPTIONAL, 2, 500, "意见；退回和不予备案必填"),
	FIELD_END
};

static const struct field stop_in_fields[] = {
	FIELD_TEXT(stop_in, note, REQUIRED, 2, 200, "叫停原因，告知机构和学员"),
	FIELD_END
};

const struct route class_check_routes[] = {
	{ .name = "filing_list", .method = METHOD_GET, .path = "/v1/training/filings",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.filing.list",
	  .query = INPUT(filing_query, filing_query_fields), .list = true,
	  .reply = filing_shape, .stmt = &stmt_filing_list, .limit = LIMIT_READ,
	  .zh = "辖区内的开班备案", .en = "List the filed classes of the area" },
	{ .name = "filing_get", .method = METHOD_GET, .path = "/v1/training/filings/{id}",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.filing.get",
	  .reply = filing_shape, .stmt = &stmt_filing_get, .limit = LIMIT_READ,
	  .zh = "查看开班备案", .en = "Read a filed class" },
	{ .name = "class_check", .method = METHOD_POST, .path = "/v1/training/classes/{id}/check",
	  .callers = ROLE_CHECKERS, .scope = SCOPE_AREA, .action = "training.class.check",
	  .body = INPUT(check_in, check_in_fields), .reply = filing_shape, .success = 200,
	  .handler = class_check, .emits = "training.class.opened.v1 training.class.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "审核开班备案", .en = "Check a filed class" },
	{ .name = "class_stop", .method = METHOD_POST, .path = "/v1/training/classes/{id}/stop",
	  .callers = ROLE_CHECKERS, .scope = SCOPE_AREA, .action = "training.class.stop",
	  .body = INPUT(stop_in, stop_in_fields), .reply = filing_shape, .success = 200,
	  .stmt = &stmt_class_stop, .emits = "training.class.cancelled.v1 training.enrolment.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "叫停班级", .en = "Stop a class" },
	ROUTE_END
};

/* Whoever does not let a class pass says why. */
static int
class_check(struct call *c)
{
	const struct check_in	*in = c->body;
	struct db_rows		 rows;
	const char		*state = "open";

	if (strcmp(in->decision, "return") == 0)
		state = "returned";
	else if (strcmp(in->decision, "refuse") == 0)
		state = "refused";
	if (in->note == NULL && strcmp(state, "open") != 0)
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_class_check(c->db, &rows, &c->id, state, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
