/*
 * loan_hand.c -- officers' part of a start-up loan: the hand-over file made by
 * one, given out once by another with a reason, and the bank's answer.
 *
 * Invariant: a version of the file leaves the house once, and who let it go is
 * not who made it; both are the database's to keep (loan_handover).
 */
#include "loan.h"

#include "base/buf.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "entrepreneurship_sql.h"
#include "loan_file.h"
#include "mentors.h"

#define REPLY_MAX	(1 << 20)
#define AMOUNT_MOST	INT64_C(10000000000)	/* 1 亿元 */

struct prepare_in {
	bool		 group_confirmed;
	const char	*note;
};

struct hand_in {
	const char	*receiver, *reason;
};

struct answer_in {
	bool		 granted;
	const char	*bank, *note;
	int32_t		 answered_on, from_on, to_on;
	int64_t		 amount_cents;
};

static int	loan_prepare(struct call *);
static int	loan_hand_over(struct call *);
static int	loan_answer(struct call *);
static int	loan_lock(struct call *, struct db_rows *);
static int	hand_reply(struct call *, const struct db_rows *, const char *, const char *);
static const char *document(struct call *, const struct db_rows *, char [LOAN_SM3_TEXT]);
static enum error_code answer_fault(const struct answer_in *, const char **);

static const struct field prepare_fields[] = {
	FIELD_BOOL(prepare_in, group_confirmed, REQUIRED, "已核对人员类别或企业划型的证明"),
	FIELD_TEXT(prepare_in, note, OPTIONAL, 0, 300, "意见"),
	FIELD_END
};
static const struct field hand_fields[] = {
	FIELD_TEXT(hand_in, receiver, REQUIRED, 2, 60, "移交给哪家担保机构或银行"),
	FIELD_TEXT(hand_in, reason, REQUIRED, 2, 200, "取出材料的事由"),
	FIELD_END
};
static const struct field answer_fields[] = {
	FIELD_BOOL(answer_in, granted, REQUIRED, "是否发放"),
	FIELD_TEXT(answer_in, bank, REQUIRED, 2, 60, "经办银行或担保机构"),
	FIELD_DAY(answer_in, answered_on, REQUIRED, "答复日期"),
	FIELD_INT(answer_in, amount_cents, OPTIONAL, 1, AMOUNT_MOST, "发放金额（分），发放时必填"),
	FIELD_DAY(answer_in, from_on, OPTIONAL, "贷款起始日，发放时必填"),
	FIELD_DAY(answer_in, to_on, OPTIONAL, "贷款到期日，发放时必填"),
	FIELD_TEXT(answer_in, note, OPTIONAL, 0, 300, "未获批准的原因"),
	FIELD_END
};

static const struct shape hand_shape[] = {
	{ .name = "loan_id", .type = SHAPE_T_UUID, .help = "贷款申请" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "sm3", .type = SHAPE_T_TEXT, .help = "材料的 SM3" },
	{ .name = "file", .type = SHAPE_T_TEXT, .help = "移交材料：签名的 JSON，内含表格一行" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape handover_shape[] = {
	{ .name = "loan_id", .type = SHAPE_T_UUID, .help = "贷款申请" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "receiver", .type = SHAPE_T_TEXT, .help = "移交给谁" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "事由" },
	{ .name = "sm3", .type = SHAPE_T_TEXT, .help = "材料的 SM3" },
	{ .name = "prepared_by", .type = SHAPE_T_UUID, .help = "准备人" },
	{ .name = "handed_by", .type = SHAPE_T_UUID, .help = "移交人" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

const struct route loan_hand_routes[] = {
	{ .name = "loan_prepare", .method = METHOD_POST, .path = "/v1/entrepreneurship/loans/{id}/prepare",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "entrepreneurship.loan.prepare",
	  .body = INPUT(prepare_in, prepare_fields), .reply = loan_shape, .success = 200,
	  .handler = loan_prepare, .emits = "entrepreneurship.loan.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "准备贷款移交材料", .en = "Make the hand-over file" },
	{ .name = "loan_hand_over", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/loans/{id}/hand-over",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.loan.hand_over", .body = INPUT(hand_in, hand_fields),
	  .reply = hand_shape, .success = 200, .handler = loan_hand_over,
	  .emits = "entrepreneurship.loan.moved.v1", .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .secret_reply = true, .zh = "取出并移交贷款材料（一次）", .en = "Give the file out, once" },
	{ .name = "loan_answer", .method = METHOD_POST, .path = "/v1/entrepreneurship/loans/{id}/answer",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.loan.answer", .body = INPUT(answer_in, answer_fields),
	  .reply = loan_shape, .success = 200, .handler = loan_answer,
	  .emits = "entrepreneurship.loan.moved.v1 entrepreneurship.loan.granted.v1 "
	      "entrepreneurship.founder.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "登记银行答复", .en = "Write down the bank's answer" },
	{ .name = "loan_handover_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/loan-handovers",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.loan.handover_list", .query = INPUT(county_query, county_query_fields),
	  .list = true, .reply = handover_shape, .stmt = &stmt_loan_handover_list, .limit = LIMIT_READ,
	  .zh = "贷款材料移交记录", .en = "List who gave which file out" },
	ROUTE_END
};

/* Whoever helped to file it does not prepare it. */
static int
loan_prepare(struct call *c)
{
	const struct prepare_in	*in = c->body;
	char			 digest[LOAN_SM3_TEXT];
	struct db_rows		 rows, made;
	const char		*text;
	int			 rc;

	if (!in->group_confirmed)
		return (call_reject(c, ERR_LOAN_GROUP, NULL));
	if ((rc = loan_lock(c, &rows)) != 0)
		return (rc);
	if (strcmp(db_text(&rows, 0, "state"), "filed") != 0 &&
	    strcmp(db_text(&rows, 0, "state"), "prepared") != 0 &&
	    strcmp(db_text(&rows, 0, "state"), "handed_over") != 0)
		return (call_reject(c, ERR_STATE, NULL));
	if (db_bool(&rows, 0, "assisted_by_caller"))
		return (call_reject(c, ERR_SECOND_HAND, NULL));
	if ((text = document(c, &rows, digest)) == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	if (sql_loan_prepare(c->db, &made, &c->id, db_int(&rows, 0, "version") + 1,
	    db_text(&rows, 0, "checks"), in->note, field_seal(c->arena, LOAN_DOCUMENT, text), digest) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &made));
}

/* 0, or the refusal made. */
static int
loan_lock(struct call *c, struct db_rows *rows)
{
	if (sql_loan_lock(c->db, rows, &c->id) == -1)
		return (call_failed(c));
	if (rows->count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	return (0);
}

/* NULL: a sealed field does not open, or it is too large. */
static const char *
document(struct call *c, const struct db_rows *r, char digest[LOAN_SM3_TEXT])
{
	char		 id[UUID_TEXT];
	uint8_t		 key[CHAIN_BYTES];
	size_t		 len;
	const void	*service = conf_secret(CONF_SERVICE_KEY, &len);
	struct loan_file f = { .loan_id = id, .version = db_int(r, 0, "version") + 1,
	    .borrower = db_text(r, 0, "borrower"),
	    .name = field_open(c->arena, LOAN_NAME, db_text(r, 0, "name_sealed")),
	    .id_number = field_open(c->arena, LOAN_ID, db_text(r, 0, "id_sealed")),
	    .phone = field_open(c->arena, LOAN_PHONE, db_text(r, 0, "phone_sealed")),
	    .org_name = db_text(r, 0, "org_name"), .uscc = db_text(r, 0, "uscc"),
	    .group = db_text(r, 0, "group_code"), .amount_cents = db_int(r, 0, "amount_cents"),
	    .term_months = db_int(r, 0, "term_months"), .purpose = db_text(r, 0, "purpose"),
	    .times_before = db_int(r, 0, "times_before"), .has_open_loan = db_bool(r, 0, "has_open_loan"),
	    .county_code = db_text(r, 0, "county_code"), .consent_at = db_text(r, 0, "consent_at"),
	    .checks = db_text(r, 0, "checks"), .made_on = clock_today() };

	if (f.name == NULL || f.id_number == NULL || f.phone == NULL)
		return (NULL);
	uuid_format(&c->id, id);
	hmac_sm3(service, len, "loan hand-over", 14, key);
	return (loan_file_make(c->arena, &f, key, sizeof(key), digest));
}

/* The trail names whose data left, and why. */
static int
loan_hand_over(struct call *c)
{
	const struct hand_in	*in = c->body;
	struct db_rows		 rows, moved;
	struct uuid		 person;
	const char		*text;
	int			 rc;

	if ((rc = loan_lock(c, &rows)) != 0)
		return (rc);
	if (strcmp(db_text(&rows, 0, "state"), "prepared") != 0)
		return (call_reject(c, strcmp(db_text(&rows, 0, "state"), "handed_over") == 0 ?
		    ERR_LOAN_OUT : ERR_STATE, NULL));
	if (db_bool(&rows, 0, "prepared_by_caller"))
		return (call_reject(c, ERR_SECOND_HAND, NULL));
	text = field_open(c->arena, LOAN_DOCUMENT, db_text(&rows, 0, "document_sealed"));
	if (text == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	if (sql_loan_hand_over(c->db, &moved, &c->id, in->receiver, in->reason) == -1)
		return (call_failed(c));
	if (!db_null(&rows, 0, "person_id")) {
		person = db_uuid(&rows, 0, "person_id");
		call_shown(c, &person);
	}
	call_reason(c, in->reason);
	return (hand_reply(c, &rows, db_text(&moved, 0, "document_sm3"), text));
}

static int
hand_reply(struct call *c, const struct db_rows *rows, const char *sm3_text, const char *file)
{
	struct json_out	 out;
	struct buf	 buf;
	const char	*text;

	buf_init(&buf, REPLY_MAX);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	json_put_uuid(&out, "loan_id", &c->id);
	json_put_int(&out, "version", db_int(rows, 0, "version"));
	json_put_text(&out, "sm3", sm3_text);
	json_put_text(&out, "file", file);
	json_put_text(&out, "county_code", db_text(rows, 0, "county_code"));
	json_close(&out);
	text = buf_ok(&buf) ? arena_strndup(c->arena, buf.data, buf.len) : NULL;
	buf_release(&buf);
	return (text != NULL ? call_reply(c, 200, text) : call_reject(c, ERR_INTERNAL, NULL));
}

static int
loan_answer(struct call *c)
{
	const struct answer_in	*in = c->body;
	const char		*pointer;
	enum error_code		 fault = answer_fault(in, &pointer);
	struct db_rows		 rows;

	if (fault != ERR_NONE)
		return (call_reject(c, fault, pointer));
	if (sql_loan_answer(c->db, &rows, &c->id, in->granted, in->bank, in->answered_on,
	    in->amount_cents == 0 ? NULL : &in->amount_cents, in->from_on, in->to_on, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static enum error_code
answer_fault(const struct answer_in *in, const char **pointer)
{
	*pointer = "/answered_on";
	if (in->answered_on > clock_today())
		return (ERR_F_DATE_FUTURE);
	if (!in->granted) {
		*pointer = "/note";
		return (in->note == NULL || *in->note == '\0' ? ERR_F_MISSING : ERR_NONE);
	}
	*pointer = "/amount_cents";
	if (in->amount_cents == 0)
		return (ERR_F_MISSING);
	*pointer = "/from_on";
	if (in->from_on == DAY_NONE)
		return (ERR_F_MISSING);
	*pointer = "/to_on";
	if (in->to_on == DAY_NONE)
		return (ERR_F_MISSING);
	return (in->to_on <= in->from_on ? ERR_F_DATE_ORDER : ERR_NONE);
}
