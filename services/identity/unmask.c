/*
 * unmask.c -- plain values for a reason, and exact look-up by identity number
 * or phone. What was shown, to whom and why, is kept and the person reads it.
 *
 * Invariant: no plain value leaves without its record, which the same
 * transaction commits before the reply is sent; the reply is stored nowhere.
 */
#include "identity.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define FIELD_ID	1u
#define FIELD_NAME	2u
#define FIELD_PHONE	4u

#define ROLES_UNMASK	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE | ROLE_AUDIT)
#define ROLES_SEARCH	(ROLE_CLERK | ROLES_UNMASK)
#define ROLES_WATCH	(ROLE_AUDIT | ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN)

struct unmask_in {
	const char	*fields;
	const char	*reason_code;
	const char	*reason;
	const char	*case_no;
};

struct search_in {
	const char	*by;
	const char	*value;
	const char	*reason_code;
	const char	*reason;
};

struct unmask_query {
	struct page_in	 page;
	struct uuid	 officer_id;
};

static int	 person_unmask(struct call *);
static int	 person_search(struct call *);
static int	 fields_read(struct call *, const char *, uint32_t *);
static bool	 may_see_numbers(struct call *, const char *, const char *);
static int	 record(struct call *, const char *, const struct unmask_in *, uint32_t,
		    const struct db_rows *);
static int	 unmask_reply(struct call *, const struct db_rows *, uint32_t);
static const char *fields_text(struct call *, uint32_t);

static const struct {
	const char	*name, *column, *sealed;
	uint32_t	 bit;
} fields[] = {
	{ "id_number", "person.id", "id_sealed", FIELD_ID },
	{ "name", "person.name", "name_sealed", FIELD_NAME },
	{ "phone", "person.phone", "phone_sealed", FIELD_PHONE },
};

static const char *const reasons[] = {
	"case_review", "identity_check", "contact", "payment_check", "complaint", "audit", NULL
};
static const char *const search_keys[] = { "id_number", "phone", NULL };

static const struct field unmask_in_fields[] = {
	FIELD_JSON(unmask_in, fields, REQUIRED, 100, "要查看的项目：id_number, name, phone"),
	FIELD_ENUM(unmask_in, reason_code, REQUIRED, reasons, "理由类别"),
	FIELD_TEXT(unmask_in, reason, REQUIRED, 6, 200, "理由，本人可见"),
	FIELD_TEXT(unmask_in, case_no, OPTIONAL, 4, 40, "办件编号"),
	FIELD_END
};

static const struct field search_in_fields[] = {
	FIELD_ENUM(search_in, by, REQUIRED, search_keys, "按公民身份号码或手机号码"),
	FIELD_TEXT(search_in, value, REQUIRED, 6, 20, "完整号码，不支持模糊查找"),
	FIELD_ENUM(search_in, reason_code, REQUIRED, reasons, "理由类别"),
	FIELD_TEXT(search_in, reason, REQUIRED, 6, 200, "理由，本人可见"),
	FIELD_END
};

static const struct field unmask_query_fields[] = {
	PAGE_QUERY(unmask_query),
	FIELD_UUID(unmask_query, officer_id, OPTIONAL, "工作人员"),
	FIELD_END
};

static const struct shape unmasked_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "id_number", .type = SHAPE_T_TEXT, .nullable = true, .help = "公民身份号码" },
	{ .name = "name", .type = SHAPE_T_TEXT, .nullable = true, .help = "姓名" },
	{ .name = "phone", .type = SHAPE_T_TEXT, .nullable = true, .help = "手机号码" },
	SHAPE_END
};

static const struct shape found_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员标识" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（脱敏）" },
	{ .name = "id_masked", .type = SHAPE_T_TEXT, .help = "公民身份号码（脱敏）" },
	{ .name = "phone_masked", .type = SHAPE_T_TEXT, .nullable = true,
	  .help = "手机号码（脱敏）" },
	{ .name = "sex", .type = SHAPE_T_INT, .help = "1 男 2 女" },
	{ .name = "birth_on", .type = SHAPE_T_DAY, .help = "出生日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "常住地" },
	SHAPE_END
};

static const struct shape search_shape[] = {
	{ .name = "items", .type = SHAPE_T_LIST, .of = found_shape, .help = "至多一人，限本辖区" },
	SHAPE_END
};

static const struct shape unmask_own_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "记录" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "unmask_kinds",
	  .help = "查看方式" },
	{ .name = "fields", .type = SHAPE_T_LIST, .codes = "unmask_fields", .help = "项目" },
	{ .name = "officer", .type = SHAPE_T_TEXT, .nullable = true, .help = "工作人员" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "reason_code", .type = SHAPE_T_TEXT, .codes = "unmask_reasons", .help = "理由类别" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "理由" },
	{ .name = "case_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "办件编号" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

static const struct shape unmask_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "记录" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "unmask_kinds",
	  .help = "查看方式" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员；未查到则空" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "工作人员" },
	{ .name = "fields", .type = SHAPE_T_LIST, .codes = "unmask_fields", .help = "项目" },
	{ .name = "reason_code", .type = SHAPE_T_TEXT, .codes = "unmask_reasons", .help = "理由类别" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "理由" },
	{ .name = "case_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "办件编号" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

static const struct shape alert_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "告警" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "security_alert_kinds", .help = "告警" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "工作人员" },
	{ .name = "times", .type = SHAPE_T_INT, .help = "当日次数" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

const struct route unmask_routes[] = {
	{ .name = "person_unmask", .method = METHOD_POST, .path = "/v1/identity/persons/{id}/unmask",
	  .callers = ROLES_UNMASK | ROLE_FINANCE, .scope = SCOPE_AREA,
	  .action = "identity.person.unmask", .body = INPUT(unmask_in, unmask_in_fields),
	  .reply = unmasked_shape, .success = 200, .handler = person_unmask,
	  .emits = "identity.alert.raised.v1", .limit = LIMIT_WRITE, .key = KEY_NONE,
	  .opens = OPENS_PERSON,
	  .zh = "说明理由查看明文", .en = "See plain values for a reason" },
	{ .name = "person_search", .method = METHOD_POST, .path = "/v1/identity/persons/search",
	  .callers = ROLES_SEARCH, .scope = SCOPE_AREA, .action = "identity.person.search",
	  .body = INPUT(search_in, search_in_fields), .reply = search_shape, .success = 200,
	  .handler = person_search, .emits = "identity.alert.raised.v1", .limit = LIMIT_WRITE,
	  .key = KEY_NONE,
	  .opens = OPENS_PERSON,
	  .zh = "按完整号码查找辖区人员", .en = "Find a person of the area by full number" },
	{ .name = "unmask_own", .method = METHOD_GET, .path = "/v1/identity/me/unmaskings",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.unmasking.own",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = unmask_own_shape,
	  .stmt = &stmt_unmask_own, .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .zh = "谁看过我的明文信息", .en = "Who saw one's plain data, and why" },
	{ .name = "unmask_list", .method = METHOD_GET, .path = "/v1/identity/unmaskings",
	  .callers = ROLES_WATCH, .scope = SCOPE_AREA, .action = "identity.unmasking.list",
	  .query = INPUT(unmask_query, unmask_query_fields), .list = true, .reply = unmask_shape,
	  .stmt = &stmt_unmask_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "辖区明文查看记录", .en = "Unmaskings and searches of the area" },
	{ .name = "alert_list", .method = METHOD_GET, .path = "/v1/identity/security-alerts",
	  .callers = ROLES_WATCH, .scope = SCOPE_AREA, .action = "identity.alert.list",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = alert_shape,
	  .stmt = &stmt_alert_list, .limit = LIMIT_READ,
	  .zh = "个人信息安全告警", .en = "Security alerts about personal data" },
	ROUTE_END
};

static int
person_unmask(struct call *c)
{
	const struct unmask_in	*in = c->body;
	struct db_rows		 person;
	uint32_t		 wanted;

	if (fields_read(c, in->fields, &wanted) == -1)
		return (call_reject(c, ERR_F_CHOICE, "/fields"));
	if (sql_unmask_person(c->db, &person, &c->id) == -1)
		return (call_failed(c));
	if (person.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if ((wanted & ~FIELD_NAME) != 0 && !may_see_numbers(c,
	    db_text(&person, 0, "county_code"), db_text(&person, 0, "area_code")))
		return (call_reject(c, ERR_FORBIDDEN, "/fields"));
	if (record(c, "unmask", in, wanted, &person) == -1)
		return (call_failed(c));
	return (unmask_reply(c, &person, wanted));
}

/* Found or not, the search is kept. */
static int
person_search(struct call *c)
{
	const struct search_in	*in = c->body;
	bool			 phone = strcmp(in->by, "phone") == 0;
	struct unmask_in	 why = { .reason_code = in->reason_code, .reason = in->reason };
	struct db_rows		 found;
	int			 wrong;

	if ((wrong = phone ? check_mobile(in->value) : check_id_number(in->value)) != 0)
		return (call_reject(c, (enum error_code)wrong, "/value"));
	if (sql_person_search(c->db, &found, in->by,
	    blind_index(c->arena, phone ? "phone" : "id", in->value)) == -1)
		return (call_failed(c));
	if (record(c, "search", &why, phone ? FIELD_PHONE : FIELD_ID, &found) == -1)
		return (call_failed(c));
	return (call_reply(c, 200, arena_printf(c->arena, "{\"items\":[%s]}",
	    found.count == 0 ? "" : db_text(&found, 0, "reply"))));
}

/* A list of one to three different names. */
static int
fields_read(struct call *c, const char *json, uint32_t *bits)
{
	struct json	*list = json_parse(c->arena, json, strlen(json));
	const char	*name;
	size_t		 i, k;

	*bits = 0;
	if (list == NULL || !json_is_array(list) || json_count(list) > NITEMS(fields))
		return (-1);
	for (i = 0; i < json_count(list); i++) {
		if ((name = json_string(json_at(list, i))) == NULL)
			return (-1);
		for (k = 0; k < NITEMS(fields); k++)
			if (strcmp(fields[k].name, name) == 0)
				break;
		if (k == NITEMS(fields) || (*bits & fields[k].bit) != 0)
			return (-1);
		*bits |= fields[k].bit;
	}
	return (*bits == 0 ? -1 : 0);
}

/* Finance compares an account's name and nothing more. */
static bool
may_see_numbers(struct call *c, const char *county, const char *area)
{
	const struct principal	*p = c->principal;
	size_t			 i;

	for (i = 0; i < p->ngrants; i++)
		if ((p->grants[i].role & ROLES_UNMASK) != 0 &&
		    (strcmp(p->grants[i].area, AREA_CITY) == 0 ||
		    strcmp(p->grants[i].area, county) == 0 ||
		    area_within(area, p->grants[i].area)))
			return (true);
	return (false);
}

static int
record(struct call *c, const char *kind, const struct unmask_in *why, uint32_t bits,
    const struct db_rows *person)
{
	bool		 search = kind[0] == 's', found = person->count > 0;
	struct uuid	 id = uuid_new(), whom;
	struct db_rows	 rows;
	const char	*county;

	if (found)
		whom = db_uuid(person, 0, "id");
	/* Nobody found: kept under the first area that was searched. */
	county = found ? db_text(person, 0, "county_code") : area_county(call_areas(c));
	if (county == NULL)
		county = arena_strndup(c->arena, call_areas(c), 6);
	return (sql_unmask_record(c->db, &rows, &id, kind, found ? &whom : NULL,
	    fields_text(c, bits), why->reason_code, why->reason, why->case_no, county,
	    found ? db_text(person, 0, "area_code") :
	    arena_strndup(c->arena, call_areas(c), strcspn(call_areas(c), ",")),
	    conf_int(search ? CONF_SEARCH_CAP : CONF_UNMASK_CAP),
	    conf_int(search ? CONF_SEARCH_ALERT : CONF_UNMASK_ALERT)));
}

static int
unmask_reply(struct call *c, const struct db_rows *person, uint32_t wanted)
{
	struct uuid	 id = db_uuid(person, 0, "id");
	struct json_out	 out;
	struct buf	 b;
	const char	*plain;
	size_t		 i;

	buf_init(&b, 4096);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_uuid(&out, "person_id", &id);
	for (i = 0; i < NITEMS(fields); i++) {
		if ((wanted & fields[i].bit) == 0)
			continue;
		plain = field_open(c->arena, fields[i].column, db_text(person, 0, fields[i].sealed));
		json_put_text(&out, fields[i].name, plain);
	}
	json_close(&out);
	plain = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, 200, plain));
}

static const char *
fields_text(struct call *c, uint32_t bits)
{
	const char	*text = "{";
	size_t		 i;

	for (i = 0; i < NITEMS(fields); i++)
		if ((bits & fields[i].bit) != 0)
			text = arena_printf(c->arena, "%s%s%s", text, text[1] == '\0' ? "" : ",",
			    fields[i].name);
	return (arena_printf(c->arena, "%s}", text));
}
