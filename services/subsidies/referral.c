/*
 * referral.c -- 服务园区帮工: who brought which worker to which employer.
 *
 * Invariant: a link counts only when the worker confirmed it (or the employer an
 * agency's placement) and a hire followed; of several who claim a hire, one has
 * it. The rules are in sql/subsidies/053, for the database keeps them.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "crypt/crypt.h"
#include "subsidies_sql.h"

#define ROLE_REFERRERS	(ROLE_PERSON | ROLE_EMPLOYER | ROLE_PARTNER | ROLE_INSTITUTION)

struct referral_in {
	const char	*kind;
	const char	*id_number;
	struct uuid	 person_id;
	struct uuid	 org_id;
	int32_t		 referred_on;
	struct uuid	 village_org_id;
};

struct referral_query {
	const char	*kind, *state;
	struct uuid	 org_id;
	const char	*county_code;
};

struct why_in {
	const char	*reason;
};

static int	referral_make(struct call *);
static bool	fits_caller(const struct call *, const struct referral_in *);

static const char *const kinds[] = { "agency", "village", "broker", "employee", "school", NULL };
static const char *const states[] = { "asked", "confirmed", "matched", "denied", "lost", "void",
    "withdrawn", NULL };

static const struct field referral_in_fields[] = {
	FIELD_ENUM(referral_in, kind, REQUIRED, kinds, "介绍方类别"),
	FIELD_CHECK(referral_in, id_number, OPTIONAL, check_id_number, "被介绍人公民身份号码"),
	FIELD_UUID(referral_in, person_id, OPTIONAL, "被介绍人；与身份号码择一"),
	FIELD_UUID(referral_in, org_id, REQUIRED, "用人单位"),
	FIELD_DAY(referral_in, referred_on, REQUIRED, "介绍日期"),
	FIELD_UUID(referral_in, village_org_id, OPTIONAL, "村（社区）登记时：收款的村（居）民委员会"),
	FIELD_END
};
static const struct field referral_query_fields[] = {
	FIELD_ENUM(referral_query, kind, OPTIONAL, kinds, "介绍方类别"),
	FIELD_ENUM(referral_query, state, OPTIONAL, states, "状态"),
	FIELD_UUID(referral_query, org_id, OPTIONAL, "用人单位"),
	FIELD_CHECK(referral_query, county_code, OPTIONAL, check_county, "用人单位所在县区"),
	FIELD_END
};
static const struct field why_fields[] = {
	FIELD_TEXT(why_in, reason, REQUIRED, 2, 200, "原因"),
	FIELD_END
};

static const struct shape referral_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "介绍登记" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "介绍方类别" },
	{ .name = "referrer_name", .type = SHAPE_T_TEXT, .help = "介绍方（个人脱敏）" },
	{ .name = "payee_kind", .type = SHAPE_T_TEXT, .codes = "payee_kinds", .help = "收款人类别" },
	{ .name = "payee_id", .type = SHAPE_T_UUID, .help = "收款人" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "被介绍人；空：尚未登记" },
	{ .name = "person_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "姓名（脱敏）" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "referred_on", .type = SHAPE_T_DAY, .help = "介绍日期" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "referral_states", .help = "状态" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "原因" },
	{ .name = "employment_id", .type = SHAPE_T_UUID, .nullable = true, .help = "就业登记" },
	{ .name = "hired_on", .type = SHAPE_T_DAY, .nullable = true, .help = "入职日期" },
	{ .name = "made_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	{ .name = "answered_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "本人答复时间" },
	{ .name = "matched_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "与就业登记相符的时间" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

const struct route referral_routes[] = {
	{ .name = "referral_make", .method = METHOD_POST, .path = "/v1/subsidies/referrals",
	  .callers = ROLE_REFERRERS | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.referral.make", .body = INPUT(referral_in, referral_in_fields),
	  .reply = referral_shape, .handler = referral_make, .limit = LIMIT_WRITE,
	  .zh = "登记介绍就业", .en = "Register that somebody was brought to an employer" },
	{ .name = "referral_list", .method = METHOD_GET, .path = "/v1/subsidies/referrals",
	  .callers = ROLE_REFERRERS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "subsidies.referral.list", .query = INPUT(referral_query, referral_query_fields),
	  .list = true, .reply = referral_shape, .stmt = &stmt_referral_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "介绍登记：我登记的、介绍我的、辖区的", .en = "List links: the caller's, about the caller, of the area" },
	{ .name = "referral_get", .method = METHOD_GET, .path = "/v1/subsidies/referrals/{id}",
	  .callers = ROLE_REFERRERS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "subsidies.referral.get", .reply = referral_shape, .stmt = &stmt_referral_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看介绍登记", .en = "Read a link" },
	{ .name = "referral_confirm", .method = METHOD_POST, .path = "/v1/subsidies/referrals/{id}/confirm",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "subsidies.referral.confirm",
	  .reply = referral_shape, .success = 200, .stmt = &stmt_referral_confirm, .limit = LIMIT_WRITE,
	  .zh = "本人确认由其介绍", .en = "The worker confirms" },
	{ .name = "referral_deny", .method = METHOD_POST, .path = "/v1/subsidies/referrals/{id}/deny",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "subsidies.referral.deny",
	  .body = INPUT(why_in, why_fields), .reply = referral_shape, .success = 200,
	  .stmt = &stmt_referral_deny, .limit = LIMIT_WRITE,
	  .zh = "本人否认由其介绍", .en = "The worker denies" },
	{ .name = "referral_withdraw", .method = METHOD_POST, .path = "/v1/subsidies/referrals/{id}/withdraw",
	  .callers = ROLE_REFERRERS | ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_CALLER,
	  .right = RIGHT_CLAIM, .action = "subsidies.referral.withdraw",
	  .body = INPUT(why_in, why_fields), .reply = referral_shape, .success = 200,
	  .stmt = &stmt_referral_withdraw, .limit = LIMIT_WRITE,
	  .zh = "撤回介绍登记", .en = "Withdraw a link" },
	ROUTE_END
};

static int
referral_make(struct call *c)
{
	const struct referral_in	*in = c->body;
	const struct principal		*p = c->principal;
	const struct uuid		*person = NULL, *org = NULL;
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;
	const char			*index = NULL;
	bool				 named = !uuid_is_nil(&in->person_id);

	if (named == (in->id_number != NULL))
		return (call_reject(c, named ? ERR_F_COUNT : ERR_F_MISSING, "/id_number"));
	if (in->referred_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/referred_on"));
	if (!fits_caller(c, in))
		return (call_reject(c, ERR_SUBSIDIES_REFERRER, "/kind"));
	if (in->id_number != NULL)
		index = blind_index(c->arena, "id", in->id_number);
	if (p->has_org)
		org = &p->org;
	else if (p->has_person)
		person = &p->person;
	else
		org = &in->village_org_id;
	if (sql_referral_make(c->db, &rows, &id, in->kind, index, named ? &in->person_id : NULL,
	    &in->org_id, in->referred_on, person, org) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Organisations are agencies or schools, people brokers or employees, a clerk writes for a village. */
static bool
fits_caller(const struct call *c, const struct referral_in *in)
{
	const struct principal	*p = c->principal;
	bool			 village = strcmp(in->kind, "village") == 0;
	bool			 of_org = strcmp(in->kind, "agency") == 0 || strcmp(in->kind, "school") == 0;

	if (p->has_org)
		return (of_org);
	if (p->has_person)
		return (!village && !of_org);
	return (village && !uuid_is_nil(&in->village_org_id));
}
