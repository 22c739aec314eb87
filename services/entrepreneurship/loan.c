/*
 * loan.c -- 创业担保贷款指导: the pre-check for anybody, applications, and what
 * became of them.
 *
 * Invariant: an identity number filed is the applicant's own, all that names
 * them is sealed, and what is not set is answered as unknown, never as met. The
 * SQL is in sql/entrepreneurship/queries/loan.sql.
 */
#include "loan.h"

#include "codes/codes.h"
#include "entrepreneurship_sql.h"
#include "mentors.h"

#define AMOUNT_MOST	INT64_C(10000000000)	/* 1 亿元 */

struct check_query {
	const char	*borrower;
	int64_t		 amount_cents, times, term_months;
	bool		 has_open_loan;
	const char	*group;
};

struct loan_in {
	const char	*borrower, *group, *purpose, *name, *id_number, *phone;
	int64_t		 amount_cents, term_months, times_before;
	bool		 has_open_loan, consent;
};

struct note_in {
	const char	*note;
};

static int	loan_apply(struct call *);
static int	loan_file_it(struct call *, const struct db_rows *);
static bool	loan_applicant(struct call *, struct db_rows *, int *);

static const char *const borrowers[] = { "personal", "small_firm", NULL };
static const char *const groups[] = { "graduate", "returning", "veteran", "poverty_lifted", "disabled",
	"difficult", "unemployed", "rural", "other", NULL };
static const char *const states[] = { "filed", "prepared", "handed_over", "granted", "refused", "returned",
	"withdrawn", NULL };

static const struct field check_query_fields[] = {
	FIELD_ENUM(check_query, borrower, REQUIRED, borrowers, "个人或小微企业"),
	FIELD_INT(check_query, amount_cents, REQUIRED, 1, AMOUNT_MOST, "想贷多少（分）"),
	FIELD_INT(check_query, times, OPTIONAL, 0, 100, "以前享受过几次贴息"),
	FIELD_BOOL(check_query, has_open_loan, OPTIONAL, "有没有未还清的创业担保贷款"),
	FIELD_INT(check_query, term_months, OPTIONAL, 1, 360, "想贷多少个月"),
	FIELD_ENUM(check_query, group, OPTIONAL, groups, "人员类别"),
	FIELD_END
};
static const struct field loan_fields[] = {
	FIELD_ENUM(loan_in, borrower, REQUIRED, borrowers, "个人或小微企业"),
	FIELD_ENUM(loan_in, group, OPTIONAL, groups, "人员类别，个人必填"),
	FIELD_INT(loan_in, amount_cents, REQUIRED, 1, AMOUNT_MOST, "申请金额（分）"),
	FIELD_INT(loan_in, term_months, OPTIONAL, 1, 360, "期限（月）"),
	FIELD_TEXT(loan_in, purpose, REQUIRED, 2, 300, "用途"),
	FIELD_INT(loan_in, times_before, REQUIRED, 0, 100, "以前享受过几次贴息"),
	FIELD_BOOL(loan_in, has_open_loan, REQUIRED, "有没有未还清的创业担保贷款"),
	FIELD_TEXT(loan_in, name, REQUIRED, 2, 30, "姓名；单位填联系人"),
	FIELD_CHECK(loan_in, id_number, REQUIRED, check_id_number, "公民身份号码"),
	FIELD_CHECK(loan_in, phone, REQUIRED, check_mobile, "电话"),
	FIELD_BOOL(loan_in, consent, REQUIRED, "同意把材料移交担保机构或银行"),
	FIELD_END
};
static const struct field note_fields[] = {
	FIELD_TEXT(note_in, note, REQUIRED, 2, 300, "原因"),
	FIELD_END
};
static const struct field state_query_fields[] = {
	FIELD_ENUM(state_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(state_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape condition_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "条件" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "条件名称" },
	{ .name = "result", .type = SHAPE_T_TEXT, .help = "met 符合, unmet 不符合, unknown 待核实或未设定" },
	{ .name = "text", .type = SHAPE_T_TEXT, .help = "说明" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	SHAPE_END
};
static const struct shape check_shape[] = {
	{ .name = "borrower", .type = SHAPE_T_TEXT, .help = "个人或小微企业" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "result", .type = SHAPE_T_TEXT, .help = "met 符合, unmet 不符合, unknown 待核实或未设定" },
	{ .name = "conditions", .type = SHAPE_T_LIST, .of = condition_shape, .help = "逐条结果" },
	SHAPE_END
};
const struct shape loan_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "贷款申请" },
	{ .name = "borrower", .type = SHAPE_T_TEXT, .help = "个人或小微企业" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "申请人" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "申请单位" },
	{ .name = "group", .type = SHAPE_T_TEXT, .nullable = true, .help = "人员类别" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "申请金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "term_months", .type = SHAPE_T_INT, .nullable = true, .help = "期限（月）" },
	{ .name = "purpose", .type = SHAPE_T_TEXT, .help = "用途" },
	{ .name = "times_before", .type = SHAPE_T_INT, .help = "以前享受次数" },
	{ .name = "has_open_loan", .type = SHAPE_T_BOOL, .help = "有未还清的" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "id_masked", .type = SHAPE_T_TEXT, .help = "身份号码（隐去）" },
	{ .name = "phone_masked", .type = SHAPE_T_TEXT, .help = "电话（隐去）" },
	{ .name = "checks", .type = SHAPE_T_OBJECT, .of = check_shape, .help = "预审" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "loan_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "document_sm3", .type = SHAPE_T_TEXT, .nullable = true, .help = "移交材料的 SM3" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "移交材料的版本" },
	{ .name = "granted_cents", .type = SHAPE_T_INT, .nullable = true, .help = "发放金额（分）" },
	{ .name = "granted_from", .type = SHAPE_T_DAY, .nullable = true, .help = "贷款起始日" },
	{ .name = "granted_to", .type = SHAPE_T_DAY, .nullable = true, .help = "贷款到期日" },
	{ .name = "bank", .type = SHAPE_T_TEXT, .nullable = true, .help = "经办银行或担保机构" },
	{ .name = "answered_on", .type = SHAPE_T_DAY, .nullable = true, .help = "答复日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申请时间" },
	SHAPE_END
};

const struct route loan_routes[] = {
	{ .name = "loan_check", .method = METHOD_GET, .path = "/v1/entrepreneurship/loan-check",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.loan.check",
	  .query = INPUT(check_query, check_query_fields), .reply = check_shape,
	  .stmt = &stmt_loan_check, .limit = LIMIT_READ,
	  .zh = "创业担保贷款预审", .en = "Check what a start-up loan needs" },
	{ .name = "loan_apply", .method = METHOD_POST, .path = "/v1/entrepreneurship/loans",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "entrepreneurship.loan.apply", .body = INPUT(loan_in, loan_fields), .reply = loan_shape,
	  .handler = loan_apply, .emits = "entrepreneurship.loan.moved.v1", .limit = LIMIT_WRITE,
	  .key = KEY_REQUIRED, .matter = "EN-13",
	  .zh = "申请创业担保贷款指导", .en = "Apply for guidance to a start-up loan" },
	{ .name = "loan_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/loans",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.loan.list", .query = INPUT(state_query, state_query_fields),
	  .list = true, .reply = loan_shape, .stmt = &stmt_loan_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "贷款申请（本人、本单位或辖区）", .en = "List applications for loans" },
	{ .name = "loan_get", .method = METHOD_GET, .path = "/v1/entrepreneurship/loans/{id}",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.loan.get", .reply = loan_shape, .stmt = &stmt_loan_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON, .zh = "查看贷款申请", .en = "Read an application" },
	{ .name = "loan_withdraw", .method = METHOD_POST, .path = "/v1/entrepreneurship/loans/{id}/withdraw",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "entrepreneurship.loan.withdraw", .reply = loan_shape, .success = 200,
	  .stmt = &stmt_loan_withdraw, .emits = "entrepreneurship.loan.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "撤回贷款申请", .en = "Withdraw an application" },
	{ .name = "loan_return", .method = METHOD_POST, .path = "/v1/entrepreneurship/loans/{id}/return",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.loan.return", .body = INPUT(note_in, note_fields),
	  .reply = loan_shape, .success = 200, .stmt = &stmt_loan_return,
	  .emits = "entrepreneurship.loan.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "退回贷款申请", .en = "Return an application" },
	ROUTE_END
};

static int
loan_apply(struct call *c)
{
	const struct loan_in	*in = c->body;
	struct db_rows		 who;
	int			 said;

	if (strcmp(in->borrower, "personal") == 0) {
		if (in->group == NULL)
			return (call_reject(c, ERR_F_MISSING, "/group"));
		if (c->principal->has_org)
			return (call_reject(c, ERR_F_CHOICE, "/borrower"));
	} else if (!c->principal->has_org)
		return (call_reject(c, ERR_F_CHOICE, "/borrower"));
	if (!in->consent)
		return (call_reject(c, ERR_LOAN_CONSENT, NULL));
	if (!loan_applicant(c, &who, &said))
		return (said);
	return (loan_file_it(c, &who));
}

/* Who applies is known, and a person's number is their own. False: *said. */
static bool
loan_applicant(struct call *c, struct db_rows *who, int *said)
{
	const struct loan_in	*in = c->body;
	char			*number = arena_strdup(c->arena, in->id_number);

	if (number[17] == 'x')
		number[17] = 'X';
	if (c->principal->has_org) {
		if (sql_loan_org(c->db, who, &c->principal->org) == -1)
			*said = call_failed(c);
		else if (who->count == 0)
			*said = call_reject(c, ERR_ENTREPRENEURSHIP_ORG, NULL);
		else
			return (true);
		return (false);
	}
	if (sql_loan_person(c->db, who, &c->principal->person) == -1)
		*said = call_failed(c);
	else if (who->count == 0)
		*said = call_reject(c, ERR_FOUNDER_PERSON, NULL);
	else if (strcmp(blind_index(c->arena, "id", number), db_text(who, 0, "id_index")) != 0)
		*said = call_reject(c, ERR_F_ID_NUMBER, "/id_number");
	else
		return (true);
	return (false);
}

static int
loan_file_it(struct call *c, const struct db_rows *who)
{
	const struct loan_in	*in = c->body;
	const struct principal	*p = c->principal;
	struct uuid		 id = uuid_new();
	struct arena		*a = c->arena;
	struct db_rows		 rows;

	if (sql_loan_apply(c->db, &rows, &id, in->borrower, p->has_org ? NULL : &p->person,
	    p->has_org ? &p->org : NULL, p->has_org ? NULL : in->group, in->amount_cents,
	    in->term_months == 0 ? NULL : &in->term_months, in->purpose, in->times_before,
	    in->has_open_loan, field_seal(a, LOAN_NAME, in->name), field_seal(a, LOAN_ID, in->id_number),
	    field_seal(a, LOAN_PHONE, in->phone), mask_name(a, in->name), mask_id(a, in->id_number),
	    mask_phone(a, in->phone), p->has_actor ? &p->actor : NULL, db_text(who, 0, "county_code"),
	    db_text(who, 0, "area_code")) == -1)
		return (call_failed(c));
	call_object(c, &id);
	return (call_reply_row(c, 201, &rows));
}
