/*
 * partner_placement.c -- 推荐就业: reported by an agency in bulk, confirmed or
 * refused by the employer; confirming is the hire.
 *
 * Invariant: nothing is registered on an agency's word. An agency reports only
 * people who agreed to it, for employers that let it. The SQL is in
 * sql/jobs/queries/placement.sql.
 */
#include <string.h>

#include "codes/codes.h"
#include "jobs_sql.h"
#include "partner.h"

#define WAGE_MOST_CENTS	INT64_C(1000000000)	/* 1,000 万元 a month */
#define DAY_1990	7305
#define DAY_2100	47482

struct placement_row {
	const char	*partner_ref;
	struct uuid	 org_id;
	struct uuid	 person_id;
	struct uuid	 vacancy_id;	/* nil: through none of ours */
	const char	*occupation_code;
	int32_t		 hired_on;
	const char	*contract_type;
	int64_t		 contract_months;	/* 0: open-ended or not agreed */
	int64_t		 wage_cents;
	bool		 withdrawn;
};

/* The placement there is under the agency's number (nil: none), and who it is about. */
struct placement_found {
	struct uuid	 id, org_id, person_id;
	struct uuid	 who;		/* nil: nobody, or without consent */
	const char	*state, *digest;
	bool		 is_known, mandated, of_age, sound, fits;
};

struct placement_own_query {
	const char	*state;
};

struct placement_query {
	const char	*state;
	const char	*county_code;
	struct uuid	 partner_id;
};

struct refuse_in {
	const char	*reason;
};

static int	placement_import(struct call *);
static int	placement_take(struct call *, const struct json *, const char *, struct partner_row *);
static int	placement_find(struct call *, const struct placement_row *, struct placement_found *);
static bool	placement_refused(const struct placement_row *, const struct placement_found *,
		    struct partner_row *);
static bool	terms_refused(const struct placement_row *, const struct placement_found *,
		    struct partner_row *);
static int	placement_recall(struct call *, const struct placement_found *, struct partner_row *);
static int	placement_put(struct call *, const struct placement_row *, const struct placement_found *,
		    const char *, struct partner_row *);
static int	placement_confirm(struct call *);
static const struct uuid *or_null(const struct uuid *);

static const char *const states[] = { "reported", "confirmed", "refused", "withdrawn", NULL };
static const char *const contract_types[] = { "fixed", "open_ended", "task", "part_time",
	"dispatch", NULL };

static const struct field placement_fields[] = {
	FIELD_TEXT(placement_row, partner_ref, REQUIRED, 1, PARTNER_REF_CHARS, "机构的编号"),
	FIELD_UUID(placement_row, org_id, REQUIRED, "用人单位"),
	FIELD_UUID(placement_row, person_id, REQUIRED, "人员"),
	FIELD_UUID(placement_row, vacancy_id, OPTIONAL, "岗位"),
	FIELD_CHECK(placement_row, occupation_code, REQUIRED, check_occupation, "职业代码"),
	FIELD_ROW_(placement_row, hired_on, FIELD_T_DAY, REQUIRED, .min = DAY_1990, .max = DAY_2100,
	    .help = "入职日期"),
	FIELD_ENUM(placement_row, contract_type, REQUIRED, contract_types, "合同类型"),
	FIELD_INT(placement_row, contract_months, OPTIONAL, 1, 120, "合同期限（月）"),
	FIELD_INT(placement_row, wage_cents, REQUIRED, 1, WAGE_MOST_CENTS, "月工资（分）"),
	FIELD_BOOL(placement_row, withdrawn, OPTIONAL, "撤回报送"),
	FIELD_END
};

static const struct field withdrawn_fields[] = {
	FIELD_TEXT(placement_row, partner_ref, REQUIRED, 1, PARTNER_REF_CHARS, "机构的编号"),
	FIELD_UUID(placement_row, org_id, OPTIONAL, "用人单位"),
	FIELD_BOOL(placement_row, withdrawn, REQUIRED, "撤回报送"),
	FIELD_END
};

static const struct field placement_own_query_fields[] = {
	FIELD_ENUM(placement_own_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct field placement_query_fields[] = {
	FIELD_ENUM(placement_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(placement_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(placement_query, partner_id, OPTIONAL, "人力资源服务机构"),
	FIELD_END
};

static const struct field refuse_in_fields[] = {
	FIELD_TEXT(refuse_in, reason, REQUIRED, 1, 200, "不予确认的原因"),
	FIELD_END
};

static const struct shape placement_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "推荐就业" },
	{ .name = "partner_id", .type = SHAPE_T_UUID, .help = "人力资源服务机构" },
	{ .name = "partner_name", .type = SHAPE_T_TEXT, .help = "机构名称" },
	{ .name = "partner_ref", .type = SHAPE_T_TEXT, .help = "机构的编号" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .nullable = true, .help = "岗位" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "hired_on", .type = SHAPE_T_DAY, .help = "入职日期" },
	{ .name = "contract_type", .type = SHAPE_T_TEXT, .codes = "contract_types", .help = "合同类型" },
	{ .name = "contract_months", .type = SHAPE_T_INT, .nullable = true, .help = "合同期限（月）" },
	{ .name = "wage_cents", .type = SHAPE_T_INT, .help = "月工资（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "placement_states",
	  .help = "状态" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "不予确认的原因" },
	{ .name = "employment_id", .type = SHAPE_T_UUID, .nullable = true, .help = "就业登记" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "moved_at", .type = SHAPE_T_INSTANT, .help = "最近变动时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "报送时间" },
	SHAPE_END
};

static const struct shape row_shape[] = {
	{ .name = "partner_ref", .type = SHAPE_T_TEXT, .nullable = true, .help = "机构的编号" },
	{ .name = "outcome", .type = SHAPE_T_TEXT, .help = "处理结果（import_outcomes）" },
	{ .name = "placement_id", .type = SHAPE_T_UUID, .nullable = true, .help = "推荐就业" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "placement_states", .nullable = true,
	  .help = "状态" },
	{ .name = "errors", .type = SHAPE_T_LIST, .of = partner_error_shape, .help = "未采用的原因" },
	SHAPE_END
};

static const struct shape report_shape[] = {
	{ .name = "items", .type = SHAPE_T_LIST, .of = row_shape, .help = "逐行结果" },
	{ .name = "counts", .type = SHAPE_T_OBJECT, .of = partner_counts_shape, .help = "合计" },
	SHAPE_END
};

const struct route partner_placement_routes[] = {
	{ .name = "placement_import", .method = METHOD_POST, .path = "/v1/jobs/partner/placements",
	  .callers = ROLE_PARTNER, .scope = SCOPE_ORG, .action = "jobs.placement.import",
	  .body = INPUT(partner_in, partner_in_fields), .reply = report_shape, .success = 200,
	  .handler = placement_import, .lane = DB_SLOW, .limit = LIMIT_WRITE,
	  .zh = "批量报送推荐就业，逐行答复，可重复报送", .en = "Report placements in bulk; each row reported, each safe to repeat" },
	{ .name = "placement_list_partner", .method = METHOD_GET, .path = "/v1/jobs/partner/placements",
	  .callers = ROLE_PARTNER, .scope = SCOPE_ORG, .action = "jobs.placement.list_partner",
	  .query = INPUT(placement_own_query, placement_own_query_fields), .list = true,
	  .reply = placement_shape, .stmt = &stmt_placement_list_partner, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "本机构报送的推荐就业", .en = "List the placements the agency reported" },
	{ .name = "placement_list_org", .method = METHOD_GET, .path = "/v1/jobs/org/placements",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.placement.list_org",
	  .query = INPUT(placement_own_query, placement_own_query_fields), .list = true,
	  .reply = placement_shape, .stmt = &stmt_placement_list_org, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "报送给本单位的推荐就业", .en = "List the placements reported to the employer" },
	{ .name = "placement_list", .method = METHOD_GET, .path = "/v1/jobs/placements",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.placement.list",
	  .query = INPUT(placement_query, placement_query_fields), .list = true,
	  .reply = placement_shape, .stmt = &stmt_placement_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "辖区内的推荐就业", .en = "List the placements of the area" },
	{ .name = "placement_confirm", .method = METHOD_POST, .path = "/v1/jobs/org/placements/{id}/confirm",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.placement.confirm", .reply = placement_shape,
	  .handler = placement_confirm, .key = KEY_REQUIRED, .limit = LIMIT_WRITE,
	  .emits = "jobs.placement.confirmed.v1 jobs.employment.registered.v1 jobs.unemployment.ended.v1 jobs.vacancy.changed.v1",
	  .matter = "JB-40", .zh = "确认推荐就业并办理就业登记", .en = "Confirm a placement and register the employment" },
	{ .name = "placement_refuse", .method = METHOD_POST, .path = "/v1/jobs/org/placements/{id}/refuse",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.placement.refuse",
	  .body = INPUT(refuse_in, refuse_in_fields), .reply = placement_shape, .success = 200,
	  .stmt = &stmt_placement_refuse, .limit = LIMIT_WRITE,
	  .zh = "不予确认推荐就业", .en = "Refuse a placement" },
	ROUTE_END
};

static int
placement_import(struct call *c)
{
	return (partner_import(c, "placement_id", placement_take));
}

static int
placement_take(struct call *c, const struct json *row, const char *text, struct partner_row *r)
{
	bool			 withdrawn = json_is_true(json_get(row, "withdrawn"));
	struct placement_row	*in = arena_zalloc(c->arena, sizeof(*in));
	struct placement_found	 f;
	const char		*digest = partner_digest(c, text);

	if (json_decode(c->arena, text, strlen(text), withdrawn ? withdrawn_fields : placement_fields,
	    in, sizeof(*in), &r->errors) == -1)
		return (0);
	if (placement_find(c, in, &f) == -1)
		return (-1);
	r->id = f.id;
	r->state = f.state;
	if (placement_refused(in, &f, r))
		return (0);
	if (withdrawn)
		return (placement_recall(c, &f, r));
	if (f.digest != NULL && strcmp(f.digest, digest) == 0) {
		r->outcome = "unchanged";
		return (0);
	}
	return (terms_refused(in, &f, r) ? 0 : placement_put(c, in, &f, digest, r));
}

static int
placement_find(struct call *c, const struct placement_row *in, struct placement_found *f)
{
	const int64_t	*months = in->contract_months == 0 ? NULL : &in->contract_months;
	struct db_rows	 rows;

	memset(f, 0, sizeof(*f));
	if (sql_placement_find(c->db, &rows, &c->principal->org, in->partner_ref, or_null(&in->org_id),
	    or_null(&in->person_id), or_null(&in->vacancy_id),
	    in->contract_type == NULL ? DAY_NONE : in->hired_on, in->contract_type, months) == -1)
		return (-1);
	f->is_known = db_bool(&rows, 0, "is_known");
	f->mandated = db_bool(&rows, 0, "mandated");
	f->sound = db_bool(&rows, 0, "sound");
	f->fits = db_bool(&rows, 0, "fits");
	f->of_age = db_bool(&rows, 0, "of_age");
	if (!db_null(&rows, 0, "who"))
		f->who = db_uuid(&rows, 0, "who");
	if (db_null(&rows, 0, "id"))
		return (0);
	f->id = db_uuid(&rows, 0, "id");
	f->org_id = db_uuid(&rows, 0, "org_id");
	f->person_id = db_uuid(&rows, 0, "person_id");
	f->state = db_text(&rows, 0, "state");
	f->digest = db_text(&rows, 0, "digest");
	return (0);
}

static bool
placement_refused(const struct placement_row *in, const struct placement_found *f, struct partner_row *r)
{
	const struct partner_known	k = { .record = &f->id, .record_org = &f->org_id,
					    .org_known = f->is_known, .mandated = f->mandated };

	return (partner_unfit(r, &k, &in->org_id, in->withdrawn));
}

/* Of a row that says something new. */
static bool
terms_refused(const struct placement_row *in, const struct placement_found *f, struct partner_row *r)
{
	if (uuid_is_nil(&f->who))
		partner_refuse(r, ERR_JOBS_NO_CONSENT, "/person_id");
	else if (!uuid_is_nil(&f->id) && !uuid_equal(&f->person_id, &f->who))
		partner_refuse(r, ERR_JOBS_REF, "/partner_ref");
	else if (f->state != NULL && strcmp(f->state, "confirmed") == 0)
		partner_refuse(r, ERR_STATE, "");
	else if (in->hired_on > clock_today())
		partner_refuse(r, ERR_F_DATE_FUTURE, "/hired_on");
	else if (!f->of_age)
		partner_refuse(r, ERR_JOBS_UNDER_AGE, "/hired_on");
	else if (!f->sound)
		partner_refuse(r, ERR_JOBS_CONTRACT, "/contract_months");
	else if (!f->fits)
		partner_refuse(r, ERR_NOT_FOUND, "/vacancy_id");
	else
		return (false);
	return (true);
}

static int
placement_recall(struct call *c, const struct placement_found *f, struct partner_row *r)
{
	struct db_rows	rows;

	if (strcmp(f->state, "withdrawn") == 0) {
		r->outcome = "unchanged";
		return (0);
	}
	if (strcmp(f->state, "confirmed") == 0) {
		partner_refuse(r, ERR_STATE, "");
		return (0);
	}
	r->outcome = r->state = "withdrawn";
	return (sql_placement_recall(c->db, &rows, &f->id));
}

static int
placement_put(struct call *c, const struct placement_row *in, const struct placement_found *f,
    const char *digest, struct partner_row *r)
{
	const int64_t	*months = in->contract_months == 0 ? NULL : &in->contract_months;
	struct db_rows	 rows;

	if (sql_placement_put(c->db, &rows, &c->principal->org, in->partner_ref, &in->org_id, &f->who,
	    or_null(&in->vacancy_id), in->occupation_code, in->hired_on, in->contract_type, months,
	    in->wage_cents, digest) == -1)
		return (-1);
	r->outcome = uuid_is_nil(&f->id) ? "created" : "updated";
	r->id = db_uuid(&rows, 0, "id");
	r->state = db_text(&rows, 0, "state");
	return (0);
}

/* The place of the posting, the registration and the confirmation: one transaction. */
static int
placement_confirm(struct call *c)
{
	struct uuid	person, vacancy;
	struct hire	hire = { .person = &person };
	struct hire_in	in = { .contract_type = NULL };
	struct db_rows	rows, place;
	int		status;

	if (sql_placement_pick(c->db, &rows, &c->id, &c->principal->org) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (strcmp(db_text(&rows, 0, "state"), "reported") != 0)
		return (call_reject(c, ERR_STATE, NULL));
	person = db_uuid(&rows, 0, "person_id");
	hire.occupation_code = db_text(&rows, 0, "occupation_code");
	in.hired_on = db_day(&rows, 0, "hired_on");
	in.contract_type = db_text(&rows, 0, "contract_type");
	in.contract_months = db_int(&rows, 0, "contract_months");
	in.wage_cents = db_int(&rows, 0, "wage_cents");
	if (!db_null(&rows, 0, "vacancy_id")) {
		vacancy = db_uuid(&rows, 0, "vacancy_id");
		hire.vacancy = &vacancy;
		if (sql_vacancy_take_place(c->db, &place, &vacancy) == -1)
			return (call_failed(c));
	}
	if ((status = employment_reply_hired(c, &in, &hire)) != 201)
		return (status);
	if (sql_placement_confirm(c->db, &rows, &c->id, &c->principal->org) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static const struct uuid *
or_null(const struct uuid *id)
{
	return (uuid_is_nil(id) ? NULL : id);
}
