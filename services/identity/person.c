/*
 * person.c -- people: registration with a real name, and what is known of
 * oneself. A person is registered once for all by identity number.
 *
 * Invariant: name, identity number and phone leave this file only sealed,
 * indexed or masked.
 */
#include "person.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"
#include "text.h"
#include "verifier.h"

struct person_in {
	const char	*phone;
	const char	*code;
	const char	*name;
	const char	*id_number;
	const char	*area_code;
};

struct counter_in {
	const char	*phone;
	const char	*code;
	const char	*name;
	const char	*id_number;
	const char	*area_code;
	const char	*reason;
	int32_t		 card_valid_on;
};

static int	person_register(struct call *);
static int	person_register_assisted(struct call *);
static int	person_insert(struct call *, const struct person_new *, enum answer,
		    const struct uuid *, struct db_rows *);
static char    *id_upper(struct arena *, const char *);

static const struct field person_in_fields[] = {
	FIELD_CHECK(person_in, phone, REQUIRED, check_mobile, "手机号码"),
	FIELD_TEXT(person_in, code, REQUIRED, 6, 6, "短信验证码"),
	FIELD_TEXT(person_in, name, REQUIRED, 2, 50, "姓名"),
	FIELD_CHECK(person_in, id_number, REQUIRED, check_id_number, "公民身份号码"),
	FIELD_CHECK(person_in, area_code, REQUIRED, check_area, "常住地行政区划代码"),
	FIELD_END
};

static const struct field counter_in_fields[] = {
	FIELD_CHECK(counter_in, phone, OPTIONAL, check_mobile, "手机号码，可以没有"),
	FIELD_TEXT(counter_in, code, OPTIONAL, 6, 6, "短信验证码，有手机号码时必填"),
	FIELD_TEXT(counter_in, name, REQUIRED, 2, 50, "姓名"),
	FIELD_CHECK(counter_in, id_number, REQUIRED, check_id_number, "公民身份号码"),
	FIELD_CHECK(counter_in, area_code, REQUIRED, check_area, "常住地行政区划代码"),
	FIELD_DAY(counter_in, card_valid_on, REQUIRED, "居民身份证有效期至"),
	FIELD_TEXT(counter_in, reason, REQUIRED, 2, 200, "代为注册的理由"),
	FIELD_END
};

static const struct shape registered_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员标识" },
	{ .name = "verified", .type = SHAPE_T_TEXT, .codes = "real_name_states", .help = "实名核验结果" },
	SHAPE_END
};

static const struct shape org_ref_shape[] = {
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "legal 法定代表人, agent 经办人" },
	{ .name = "rights", .type = SHAPE_T_LIST, .help = "经办权限" },
	SHAPE_END
};

static const struct shape person_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员标识" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（脱敏）" },
	{ .name = "id_masked", .type = SHAPE_T_TEXT, .help = "公民身份号码（脱敏）" },
	{ .name = "phone_masked", .type = SHAPE_T_TEXT, .nullable = true, .help = "手机号码（脱敏）" },
	{ .name = "sex", .type = SHAPE_T_INT, .codes = "gender", .help = "性别" },
	{ .name = "birth_on", .type = SHAPE_T_DAY, .help = "出生日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "常住地" },
	{ .name = "verified", .type = SHAPE_T_TEXT, .codes = "real_name_states", .help = "实名核验结果" },
	{ .name = "assist_by_card", .type = SHAPE_T_BOOL, .nullable = true,
	  .help = "允许凭证件帮办（不用验证码）" },
	{ .name = "orgs", .type = SHAPE_T_LIST, .of = org_ref_shape, .nullable = true,
	  .help = "可代表的单位" },
	SHAPE_END
};

const struct route person_routes[] = {
	{ .name = "person_register", .method = METHOD_POST, .path = "/v1/identity/persons",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.person.register",
	  .body = INPUT(person_in, person_in_fields), .reply = tokens_shape,
	  .handler = person_register, .emits = "identity.person.registered.v1",
	  .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .secret_reply = true,
	  .zh = "个人实名注册", .en = "Register a person with a real name" },
	{ .name = "person_register_assisted", .method = METHOD_POST,
	  .path = "/v1/identity/persons/assisted",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "identity.person.register_assisted",
	  .body = INPUT(counter_in, counter_in_fields), .reply = registered_shape,
	  .handler = person_register_assisted, .emits = "identity.person.registered.v1",
	  .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .zh = "窗口代为注册", .en = "Register a person who is present" },
	{ .name = "person_me", .method = METHOD_GET, .path = "/v1/identity/me",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.person.read",
	  .reply = person_shape, .stmt = &stmt_person_me, .limit = LIMIT_READ,
	  .zh = "本人信息", .en = "What is known of oneself" },
	{ .name = "person_list", .method = METHOD_GET, .path = "/v1/identity/persons",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "identity.person.list", .query = INPUT(area_query, area_query_fields),
	  .list = true, .reply = person_shape, .stmt = &stmt_person_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "辖区人员", .en = "People of one's area, masked" },
	ROUTE_END
};

static int
person_register(struct call *c)
{
	const struct person_in	*in = c->body;
	struct person_new	 p = { .phone = in->phone, .name = in->name,
	    .id_number = in->id_number, .area_code = in->area_code };
	struct principal	 who;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 rc;

	if (area_county(in->area_code) == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if ((rc = code_check(c, in->phone, in->code, CODE_SIGN_IN)) == -1)
		return (call_failed(c));
	if (!rc)
		return (call_reject(c, ERR_AUTH_CODE, "/code"));
	if ((rc = person_create(c, &p, &id, &rows)) != 0)
		return (rc);
	if (principal_of_person(c, &id, NULL, &who) == -1)
		return (call_failed(c));
	return (tokens_reply(c, SESSION_PERSON, &who, NULL));
}

/* No phone, or one whose owner is present and reads the code out. */
static int
person_register_assisted(struct call *c)
{
	const struct counter_in	*in = c->body;
	struct person_new	 p = { .phone = in->phone, .name = in->name,
	    .id_number = in->id_number, .area_code = in->area_code,
	    .officer = &c->principal->subject, .reason = in->reason };
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 rc;

	if (area_county(in->area_code) == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (!call_in_area(c, in->area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	if (in->card_valid_on < clock_today())
		return (call_reject(c, ERR_CARD_EXPIRED, "/card_valid_on"));
	if (in->phone != NULL) {
		if (in->code == NULL)
			return (call_reject(c, ERR_PROOF, "/code"));
		if ((rc = code_check(c, in->phone, in->code, CODE_ASSIST)) == -1)
			return (call_failed(c));
		if (!rc)
			return (call_reject(c, ERR_AUTH_CODE, "/code"));
	}
	if ((rc = person_create(c, &p, &id, &rows)) != 0)
		return (rc);
	return (call_reply_row(c, 201, &rows));
}

int
person_create(struct call *c, const struct person_new *p, const struct uuid *id,
    struct db_rows *rows)
{
	enum answer	answer = ANSWER_NONE;

	if (verifier_of_people()) {
		if (db_in_tx(c->db) && db_commit(c->db) == -1)
			return (call_failed(c));
		answer = verify_person(c->arena, p->name, id_upper(c->arena, p->id_number));
	}
	if (answer == ANSWER_MISMATCH)
		return (call_reject(c, ERR_REAL_NAME, "/name"));
	if (person_insert(c, p, answer, id, rows) == 0)
		return (0);
	if (c->db->error != DB_UNIQUE)
		return (call_failed(c));
	if (c->db->constraint != NULL &&
	    strcmp(c->db->constraint, "person_phone_index_key") == 0)
		return (call_reject(c, ERR_EXISTS, "/phone"));
	return (call_reject(c, ERR_PERSON_EXISTS, "/id_number"));
}

static int
person_insert(struct call *c, const struct person_new *p, enum answer answer,
    const struct uuid *id, struct db_rows *rows)
{
	struct arena	*a = c->arena;
	const char	*number = id_upper(a, p->id_number);
	bool		 matched = answer == ANSWER_MATCH || p->officer != NULL;
	const char	*source = answer == ANSWER_MATCH ? "ministry" :
	    p->officer != NULL ? "officer" : NULL;

	return (sql_person_register(c->db, rows, id, blind_index(a, "id", number),
	    p->phone == NULL ? NULL : blind_index(a, "phone", p->phone),
	    field_seal(a, "person.id", number), field_seal(a, "person.name", p->name),
	    p->phone == NULL ? NULL : field_seal(a, "person.phone", p->phone),
	    mask_name(a, p->name), mask_id(a, number), mask_phone(a, p->phone),
	    id_sex(number), id_birth_day(number), area_county(p->area_code), p->area_code,
	    matched ? "matched" : "unverified", source, p->officer, p->reason,
	    answer == ANSWER_UNAVAILABLE && !matched ? conf_int(CONF_VERIFY_RETRY_S) : 0));
}

int
card_check(struct call *c, const struct card *card, const char *name_sealed)
{
	const char	*held = field_open(c->arena, "person.name", name_sealed);

	if (card->valid_on < clock_today())
		return (call_reject(c, ERR_CARD_EXPIRED, "/card_valid_on"));
	if (held == NULL || strcmp(held, card->name) != 0)
		return (call_reject(c, ERR_REAL_NAME, "/card_name"));
	return (0);
}

const char *
id_index_of(struct arena *a, const char *id_number)
{
	return (blind_index(a, "id", id_upper(a, id_number)));
}

/* One person, one index: the check character is stored as X. */
static char *
id_upper(struct arena *a, const char *number)
{
	char	*copy = arena_strdup(a, number);

	if (copy[17] == 'x')
		copy[17] = 'X';
	return (copy);
}
