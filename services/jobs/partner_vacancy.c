/*
 * partner_vacancy.c -- postings that an agency sends for employers: judged like
 * an employer's own, found again by the agency's number.
 *
 * Invariant: no posting of an employer is made or changed by an agency without
 * its mandate, and a row sent again changes nothing but the day on which its
 * posting was last confirmed. The SQL is in sql/jobs/queries/partner.sql.
 */
#include <string.h>

#include "jobs_sql.h"
#include "partner.h"
#include "vacancy.h"

#define FIELDS_ROOM	32

struct posting_row {
	struct vacancy_in	 v;		/* first: vacancy_in_fields[] fill it */
	const char		*partner_ref;
	struct uuid		 org_id;	/* nil: that of the posting there is */
	bool			 withdrawn;
};

/* The posting there is under the agency's number; nil: none. */
struct posting_found {
	struct uuid	 id, org_id;
	const char	*state, *digest;
	int64_t		 taken;		/* people hired already */
	bool		 is_stale, is_known, mandated;
};

struct vacancy_query {
	const char	*state;
	struct uuid	 org_id;
	const char	*partner_ref;
};

static int	partner_vacancy_put(struct call *);
static int	posting_take(struct call *, const struct json *, const char *, struct partner_row *);
static const struct field *posting_fields(void);
static int	posting_find(struct call *, const struct posting_row *, struct posting_found *);
static bool	posting_refused(const struct posting_row *, const struct posting_found *, struct partner_row *);
static int	posting_close(struct call *, const struct posting_found *, struct partner_row *);
static int	posting_stands(struct call *, const struct posting_found *, struct partner_row *);
static int	posting_put(struct call *, const struct posting_row *, const struct posting_found *,
		    const char *, struct partner_row *);
static int	posting_open(struct call *, const struct posting_row *, const struct vacancy_form *,
		    const char *, struct partner_row *);
static int	posting_edit(struct call *, const struct posting_found *, const struct vacancy_form *,
		    const char *, struct partner_row *);
static bool	one_of(const char *, const char *const *);

static const char *const states[] = { "draft", "checking", "returned", "open", "paused", "filled",
	"closed", "expired", "merged", NULL };
static const char *const editable[] = { "returned", "checking", "open", "paused", "filled", NULL };
static const char *const standing[] = { "open", "paused", NULL };

#define POSTING_FIELDS(org_required)						\
	FIELD_TEXT(posting_row, partner_ref, REQUIRED, 1, PARTNER_REF_CHARS, "机构的岗位编号"),	\
	FIELD_UUID(posting_row, org_id, org_required, "用人单位"),		\
	FIELD_BOOL(posting_row, withdrawn, OPTIONAL, "撤下该岗位"),		\
	FIELD_END

static const struct field more_fields[] = { POSTING_FIELDS(REQUIRED) };
static const struct field withdrawn_fields[] = { POSTING_FIELDS(OPTIONAL) };

static const struct field vacancy_query_fields[] = {
	FIELD_ENUM(vacancy_query, state, OPTIONAL, states, "岗位状态"),
	FIELD_UUID(vacancy_query, org_id, OPTIONAL, "用人单位"),
	FIELD_TEXT(vacancy_query, partner_ref, OPTIONAL, 1, PARTNER_REF_CHARS, "机构的岗位编号"),
	FIELD_END
};

static const struct shape row_shape[] = {
	{ .name = "partner_ref", .type = SHAPE_T_TEXT, .nullable = true, .help = "机构的岗位编号" },
	{ .name = "outcome", .type = SHAPE_T_TEXT, .help = "处理结果（import_outcomes）" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .nullable = true, .help = "岗位" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "vacancy_states", .nullable = true,
	  .help = "岗位状态" },
	{ .name = "errors", .type = SHAPE_T_LIST, .of = partner_error_shape, .help = "未采用的原因" },
	SHAPE_END
};

static const struct shape report_shape[] = {
	{ .name = "items", .type = SHAPE_T_LIST, .of = row_shape, .help = "逐行结果" },
	{ .name = "counts", .type = SHAPE_T_OBJECT, .of = partner_counts_shape, .help = "合计" },
	SHAPE_END
};

const struct route partner_vacancy_routes[] = {
	{ .name = "partner_vacancy_put", .method = METHOD_POST, .path = "/v1/jobs/partner/vacancies",
	  .callers = ROLE_PARTNER, .scope = SCOPE_ORG, .action = "jobs.partner.vacancy_put",
	  .body = INPUT(partner_in, partner_in_fields), .reply = report_shape, .success = 200,
	  .handler = partner_vacancy_put, .lane = DB_SLOW, .limit = LIMIT_WRITE,
	  .emits = "jobs.vacancy.changed.v1 jobs.vacancy.opened.v1",
	  .zh = "批量报送岗位，逐行答复，可重复报送", .en = "Post, change and withdraw in bulk; each row reported, each safe to repeat" },
	{ .name = "partner_vacancy_list", .method = METHOD_GET, .path = "/v1/jobs/partner/vacancies",
	  .callers = ROLE_PARTNER, .scope = SCOPE_ORG, .action = "jobs.partner.vacancy_list",
	  .query = INPUT(vacancy_query, vacancy_query_fields), .list = true,
	  .reply = vacancy_shape, .stmt = &stmt_partner_vacancy_list, .limit = LIMIT_READ,
	  .zh = "本机构报送的岗位", .en = "List the postings the agency sent" },
	ROUTE_END
};

static int
partner_vacancy_put(struct call *c)
{
	return (partner_import(c, "vacancy_id", posting_take));
}

static int
posting_take(struct call *c, const struct json *row, const char *text, struct partner_row *r)
{
	bool			 withdrawn = json_is_true(json_get(row, "withdrawn"));
	struct posting_row	*in = arena_zalloc(c->arena, sizeof(*in));
	struct posting_found	 f;
	const char		*digest = partner_digest(c, text);

	if (json_decode(c->arena, text, strlen(text), withdrawn ? withdrawn_fields : posting_fields(),
	    in, sizeof(*in), &r->errors) == -1)
		return (0);
	if (posting_find(c, in, &f) == -1)
		return (-1);
	r->id = f.id;
	r->state = f.state;
	if (posting_refused(in, &f, r))
		return (0);
	if (withdrawn)
		return (posting_close(c, &f, r));
	if (f.digest != NULL && strcmp(f.digest, digest) == 0)
		return (posting_stands(c, &f, r));
	return (posting_put(c, in, &f, digest, r));
}

/* A posting's own fields but `draft`, and the agency's. */
static const struct field *
posting_fields(void)
{
	static struct field	fields[FIELDS_ROOM];
	size_t			i, n = 0;

	if (fields[0].name != NULL)
		return (fields);
	for (i = 0; vacancy_in_fields[i].name != NULL; i++)
		if (strcmp(vacancy_in_fields[i].name, "draft") != 0 && n < FIELDS_ROOM - NITEMS(more_fields))
			fields[n++] = vacancy_in_fields[i];
	memcpy(&fields[n], more_fields, sizeof(more_fields));
	return (fields);
}

static int
posting_find(struct call *c, const struct posting_row *in, struct posting_found *f)
{
	const struct uuid	*org = uuid_is_nil(&in->org_id) ? NULL : &in->org_id;
	struct db_rows		 rows;

	memset(f, 0, sizeof(*f));
	if (sql_partner_posting_find(c->db, &rows, &c->principal->org, in->partner_ref, org) == -1)
		return (-1);
	f->is_known = db_bool(&rows, 0, "is_known");
	f->mandated = db_bool(&rows, 0, "mandated");
	if (db_null(&rows, 0, "id"))
		return (0);
	f->id = db_uuid(&rows, 0, "id");
	f->org_id = db_uuid(&rows, 0, "org_id");
	f->state = db_text(&rows, 0, "state");
	f->digest = db_text(&rows, 0, "digest");
	f->taken = db_int(&rows, 0, "taken");
	f->is_stale = db_bool(&rows, 0, "is_stale");
	return (0);
}

static bool
posting_refused(const struct posting_row *in, const struct posting_found *f, struct partner_row *r)
{
	const struct partner_known	k = { .record = &f->id, .record_org = &f->org_id,
					    .org_known = f->is_known, .mandated = f->mandated };

	return (partner_unfit(r, &k, &in->org_id, in->withdrawn));
}

static int
posting_close(struct call *c, const struct posting_found *f, struct partner_row *r)
{
	struct db_rows	rows;

	if (sql_partner_posting_close(c->db, &rows, &f->id) == -1)
		return (-1);
	r->outcome = rows.count == 0 ? "unchanged" : "withdrawn";
	if (rows.count > 0)
		r->state = "closed";
	return (0);
}

/* Sent again as it was: what is public is thereby confirmed, once a day. */
static int
posting_stands(struct call *c, const struct posting_found *f, struct partner_row *r)
{
	struct db_rows	rows;

	r->outcome = "unchanged";
	if (!f->is_stale || !one_of(f->state, standing))
		return (0);
	return (sql_vacancy_confirm(c->db, &rows, &f->id, &f->org_id));
}

static int
posting_put(struct call *c, const struct posting_row *in, const struct posting_found *f,
    const char *digest, struct partner_row *r)
{
	bool			 fresh = uuid_is_nil(&f->id);
	enum error_code		 code = ERR_NONE;
	const char		*pointer = "", *checks;
	struct vacancy_form	 form;
	struct db_rows		 rows;

	if (vacancy_form_check(c->arena, &in->v, &form, &code, &pointer) == -1) {
		partner_refuse(r, code, pointer);
		return (0);
	}
	if (!fresh && (!one_of(f->state, editable) || in->v.headcount <= f->taken)) {
		partner_refuse(r, one_of(f->state, editable) ? ERR_JOBS_HEADCOUNT : ERR_STATE,
		    one_of(f->state, editable) ? "/headcount" : "");
		return (0);
	}
	if (vacancy_judge(c->db, &in->org_id, fresh ? NULL : &f->id, &in->v, &checks) == -1)
		return (-1);
	if ((fresh ? posting_open(c, in, &form, checks, r) : posting_edit(c, f, &form, checks, r)) == -1 ||
	    sql_partner_posting_keep(c->db, &rows, &r->id, digest, fresh ? form.name_sealed : NULL,
	    fresh ? form.phone_sealed : NULL) == -1)
		return (-1);
	r->state = db_text(&rows, 0, "state");
	return (0);
}

static int
posting_open(struct call *c, const struct posting_row *in, const struct vacancy_form *f,
    const char *checks, struct partner_row *r)
{
	const struct vacancy_in	*v = f->in;
	struct db_rows		 rows;

	r->outcome = "created";
	r->id = uuid_new();
	return (sql_partner_posting_open(c->db, &rows, &r->id, &c->principal->org, in->partner_ref,
	    &in->org_id, v->title, v->occupation_code, f->county, v->area_code, v->headcount,
	    v->pay_min_cents, v->pay_max_cents, v->pay_unit, v->form, v->education_code,
	    f->skill_level, v->skills, v->benefits, v->description, f->lat_e6, f->lng_e6,
	    f->point_is_exact, v->expires_on, VACANCY_IS_CLEAN(checks) ? "open" : "checking", checks,
	    f->contact_name, f->contact_phone));
}

/* What an officer sent back is handed in again with its change. */
static int
posting_edit(struct call *c, const struct posting_found *was, const struct vacancy_form *f,
    const char *checks, struct partner_row *r)
{
	const char		*state = VACANCY_IS_CLEAN(checks) ? "open" : "checking";
	const struct vacancy_in	*v = f->in;
	struct db_rows		 rows;

	r->outcome = "updated";
	if (sql_vacancy_edit(c->db, &rows, &was->id, &was->org_id, v->title, v->occupation_code,
	    f->county, v->area_code, v->headcount, v->pay_min_cents, v->pay_max_cents, v->pay_unit,
	    v->form, v->education_code, f->skill_level, v->skills, v->benefits, v->description,
	    f->lat_e6, f->lng_e6, f->point_is_exact, v->expires_on, state, checks, f->contact_name,
	    f->contact_phone, f->name_sealed, f->phone_sealed) == -1)
		return (-1);
	if (strcmp(was->state, "returned") != 0)
		return (0);
	return (sql_vacancy_submit(c->db, &rows, &was->id, &was->org_id, state, checks));
}

static bool
one_of(const char *s, const char *const *set)
{
	for (; *set != NULL; set++)
		if (strcmp(*set, s) == 0)
			return (true);
	return (false);
}
