/*
 * person_change.c -- what a person changes about oneself: phone, home, whether
 * a clerk may act without a code; and an officer confirming a name with the
 * card in hand.
 *
 * Invariant: a phone changes only with a code sent to the new one and either
 * a code sent to the old one or a clerk who has read the card.
 */
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "identity_sql.h"
#include "person.h"
#include "text.h"

struct phone_change_in {
	const char	*phone;
	const char	*code;
	const char	*old_code;
};

struct address_in {
	const char	*area_code;
};

struct rule_in {
	bool		 by_card;
};

struct verify_in {
	const char	*id_number;
	const char	*card_name;
	int32_t		 card_valid_on;
	const char	*reason;
};

static int	phone_change(struct call *);
static int	old_phone_proved(struct call *, const char *, const char *);
static int	address_change(struct call *);
static int	assist_rule_set(struct call *);
static int	person_verify(struct call *);

static const struct field phone_change_in_fields[] = {
	FIELD_CHECK(phone_change_in, phone, REQUIRED, check_mobile, "新手机号码"),
	FIELD_TEXT(phone_change_in, code, REQUIRED, 6, 6, "发到新号码的验证码"),
	FIELD_TEXT(phone_change_in, old_code, OPTIONAL, 6, 6,
	    "发到原号码的验证码；凭证件帮办时可以没有"),
	FIELD_END
};

static const struct field address_in_fields[] = {
	FIELD_CHECK(address_in, area_code, REQUIRED, check_area, "常住地行政区划代码"),
	FIELD_END
};

static const struct field rule_in_fields[] = {
	FIELD_BOOL(rule_in, by_card, REQUIRED, "允许凭证件帮办（不用验证码）"),
	FIELD_END
};

static const struct field verify_in_fields[] = {
	FIELD_CHECK(verify_in, id_number, REQUIRED, check_id_number, "证件上的公民身份号码"),
	FIELD_TEXT(verify_in, card_name, REQUIRED, 2, 50, "证件上的姓名"),
	FIELD_DAY(verify_in, card_valid_on, REQUIRED, "证件有效期至"),
	FIELD_TEXT(verify_in, reason, REQUIRED, 2, 200, "人工核验的理由"),
	FIELD_END
};

static const struct shape phone_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员标识" },
	{ .name = "phone_masked", .type = SHAPE_T_TEXT, .help = "手机号码（脱敏）" },
	SHAPE_END
};

static const struct shape address_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员标识" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "常住地" },
	SHAPE_END
};

static const struct shape rule_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员标识" },
	{ .name = "assist_by_card", .type = SHAPE_T_BOOL, .help = "允许凭证件帮办" },
	SHAPE_END
};

static const struct shape verified_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员标识" },
	{ .name = "verified", .type = SHAPE_T_TEXT, .codes = "real_name_states", .help = "实名核验结果" },
	SHAPE_END
};

const struct route person_change_routes[] = {
	{ .name = "phone_change", .method = METHOD_POST, .path = "/v1/identity/me/phone",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.person.phone",
	  .body = INPUT(phone_change_in, phone_change_in_fields), .reply = phone_shape,
	  .success = 200, .handler = phone_change, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN,
	  .zh = "变更手机号码", .en = "Change one's phone" },
	{ .name = "address_change", .method = METHOD_POST, .path = "/v1/identity/me/address",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.person.move",
	  .body = INPUT(address_in, address_in_fields), .reply = address_shape, .success = 200,
	  .handler = address_change, .emits = "identity.person.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "变更常住地", .en = "Move one's permanent residence" },
	{ .name = "assist_rule_set", .method = METHOD_POST, .path = "/v1/identity/me/assist-rule",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.assist.rule",
	  .body = INPUT(rule_in, rule_in_fields), .reply = rule_shape, .success = 200,
	  .handler = assist_rule_set, .limit = LIMIT_WRITE,
	  .zh = "设定帮办须否验证码", .en = "Say whether clerks need a code to act for one" },
	{ .name = "person_verify", .method = METHOD_POST, .path = "/v1/identity/persons/{id}/verify",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "identity.person.verify", .body = INPUT(verify_in, verify_in_fields),
	  .reply = verified_shape, .success = 200, .handler = person_verify, .lane = DB_SYSTEM,
	  .limit = LIMIT_WRITE,
	  .zh = "凭证件人工核验实名", .en = "Confirm a name with the card in hand" },
	ROUTE_END
};

static int
phone_change(struct call *c)
{
	const struct phone_change_in	*in = c->body;
	const struct uuid		*person = &c->principal->person;
	struct db_rows			 rows;
	const char			*index = blind_index(c->arena, "phone", in->phone);
	int				 rc;

	if (sql_person_held(c->db, &rows, person) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if ((rc = old_phone_proved(c, db_text(&rows, 0, "phone_index"), in->old_code)) != 0)
		return (rc);
	if ((rc = code_check_index(c, index, in->code, CODE_PHONE)) == -1)
		return (call_failed(c));
	if (!rc)
		return (call_reject(c, ERR_AUTH_CODE, "/code"));
	if (sql_person_phone_set(c->db, &rows, person, index,
	    field_seal(c->arena, "person.phone", in->phone),
	    mask_phone(c->arena, in->phone)) == -1) {
		if (c->db->error == DB_UNIQUE)
			return (call_reject(c, ERR_EXISTS, "/phone"));
		return (call_failed(c));
	}
	return (call_reply_row(c, 200, &rows));
}

/* 0: proved; otherwise the reply. */
static int
old_phone_proved(struct call *c, const char *index, const char *code)
{
	struct db_rows	rows;
	int		good;

	if (code != NULL && index != NULL) {
		if ((good = code_check_index(c, index, code, CODE_PHONE)) == -1)
			return (call_failed(c));
		return (good ? 0 : call_reject(c, ERR_AUTH_CODE, "/old_code"));
	}
	if (!c->principal->has_actor)
		return (call_reject(c, ERR_PROOF, "/old_code"));
	if (sql_assist_by_card(c->db, &rows, &c->principal->session) == -1)
		return (call_failed(c));
	return (rows.count == 1 ? 0 : call_reject(c, ERR_PROOF, "/old_code"));
}

static int
address_change(struct call *c)
{
	const struct address_in	*in = c->body;
	const char		*county = area_county(in->area_code);
	struct db_rows		 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (sql_person_move(c->db, &rows, &c->principal->person, county, in->area_code) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* A clerk may not loosen what binds clerks. */
static int
assist_rule_set(struct call *c)
{
	const struct rule_in	*in = c->body;
	struct db_rows		 rows;

	if (c->principal->has_actor)
		return (call_reject(c, ERR_ASSISTED, NULL));
	if (sql_person_assist_rule(c->db, &rows, &c->principal->person, in->by_card) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
person_verify(struct call *c)
{
	const struct verify_in	*in = c->body;
	struct card		 card = { in->card_name, in->card_valid_on, in->reason };
	struct db_rows		 rows;
	int			 rc;

	if (sql_person_held(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0 || !call_in_area(c, db_text(&rows, 0, "area_code")))
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (strcmp(db_text(&rows, 0, "id_index"), id_index_of(c->arena, in->id_number)) != 0)
		return (call_reject(c, ERR_REAL_NAME, "/id_number"));
	if ((rc = card_check(c, &card, db_text(&rows, 0, "name_sealed"))) != 0)
		return (rc);
	if (sql_person_verify(c->db, &rows, &c->id, &c->principal->subject, in->reason) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
