/*
 * person.c -- people: registration with a real name, and what is known of
 * oneself. A person is registered once for all by identity number.
 *
 * Invariant: name, identity number and phone leave this file only sealed,
 * indexed or masked.
 */
#include "identity.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

struct person_in {
	const char	*phone;
	const char	*code;
	const char	*name;
	const char	*id_number;
	const char	*area_code;
};

static int	person_register(struct call *);
static int	person_insert(struct call *, const struct person_in *, const struct uuid *);
static char    *id_upper(struct arena *, const char *);

static const struct field person_in_fields[] = {
	FIELD_CHECK(person_in, phone, REQUIRED, check_mobile, "手机号码"),
	FIELD_TEXT(person_in, code, REQUIRED, 6, 6, "短信验证码"),
	FIELD_TEXT(person_in, name, REQUIRED, 2, 50, "姓名"),
	FIELD_CHECK(person_in, id_number, REQUIRED, check_id_number, "公民身份号码"),
	FIELD_CHECK(person_in, area_code, REQUIRED, check_area, "常住地行政区划代码"),
	FIELD_END
};

static const struct shape org_ref_shape[] = {
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "legal 法定代表人, agent 经办人" },
	SHAPE_END
};

static const struct shape person_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员标识" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（脱敏）" },
	{ .name = "id_masked", .type = SHAPE_T_TEXT, .help = "公民身份号码（脱敏）" },
	{ .name = "phone_masked", .type = SHAPE_T_TEXT, .help = "手机号码（脱敏）" },
	{ .name = "sex", .type = SHAPE_T_INT, .help = "1 男 2 女" },
	{ .name = "birth_on", .type = SHAPE_T_DAY, .help = "出生日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "常住地" },
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
	{ .name = "person_me", .method = METHOD_GET, .path = "/v1/identity/me",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.person.read",
	  .reply = person_shape, .stmt = &stmt_person_me, .limit = LIMIT_READ,
	  .zh = "本人信息", .en = "What is known of oneself" },
	{ .name = "person_list", .method = METHOD_GET, .path = "/v1/identity/persons",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "identity.person.list", .query = INPUT(area_query, area_query_fields),
	  .list = true, .reply = person_shape, .stmt = &stmt_person_list, .limit = LIMIT_READ,
	  .zh = "辖区人员", .en = "People of one's area, masked" },
	ROUTE_END
};

static int
person_register(struct call *c)
{
	const struct person_in	*in = c->body;
	struct principal	 who;
	struct uuid		 id = uuid_new();
	int			 good;

	if (area_county(in->area_code) == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if ((good = code_check(c, in->phone, in->code)) == -1)
		return (call_failed(c));
	if (!good)
		return (call_reject(c, ERR_AUTH_CODE, "/code"));
	if (person_insert(c, in, &id) == -1) {
		if (c->db->error != DB_UNIQUE)
			return (call_failed(c));
		if (c->db->constraint != NULL &&
		    strcmp(c->db->constraint, "person_phone_index_key") == 0)
			return (call_reject(c, ERR_EXISTS, "/phone"));
		return (call_reject(c, ERR_PERSON_EXISTS, "/id_number"));
	}
	if (principal_of_person(c, &id, NULL, &who) == -1)
		return (call_failed(c));
	return (tokens_reply(c, SESSION_PERSON, &who, NULL));
}

static int
person_insert(struct call *c, const struct person_in *in, const struct uuid *id)
{
	struct arena	*a = c->arena;
	const char	*number = id_upper(a, in->id_number);

	return (sql_person_register(c->db, NULL, id,
	    blind_index(a, "id", number), blind_index(a, "phone", in->phone),
	    field_seal(a, "person.id", number), field_seal(a, "person.name", in->name),
	    field_seal(a, "person.phone", in->phone),
	    mask_name(a, in->name), mask_id(a, number), mask_phone(a, in->phone),
	    id_sex(number), id_birth_day(number), area_county(in->area_code), in->area_code));
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
