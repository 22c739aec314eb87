/*
 * vacancy.c -- postings in their employer's hands: drafted, handed in, edited,
 * confirmed, paused, reopened and closed; read by everybody once public.
 *
 * Invariant: nothing becomes public without having been judged as it stands
 * (vacancy_judge.c), or approved by an officer (vacancy_review.c). The SQL is in
 * sql/jobs/queries/vacancy.sql.
 */
#include <string.h>

#include "codes/codes.h"
#include "jobs_sql.h"
#include "vacancy.h"

#define PAY_MOST_CENTS	INT64_C(1000000000)	/* 1,000 万元 */

struct vacancy_org_query {
	const char	*state;
};

static int	vacancy_open(struct call *);
static int	vacancy_open_clerk(struct call *);
static int	post(struct call *, const struct uuid *, const char *);
static int	vacancy_edit(struct call *);
static int	vacancy_submit(struct call *);

static const char *const states[] = { "draft", "checking", "returned", "open", "paused", "filled",
	"closed", "expired", "merged", NULL };

static const struct field vacancy_org_query_fields[] = {
	FIELD_ENUM(vacancy_org_query, state, OPTIONAL, states, "岗位状态"),
	FIELD_END
};

const struct route vacancy_routes[] = {
	{ .name = "vacancy_open", .method = METHOD_POST, .path = "/v1/jobs/vacancies",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.open",
	  .body = INPUT(vacancy_in, vacancy_in_fields), .reply = vacancy_shape,
	  .also = 202, .handler = vacancy_open, .limit = LIMIT_WRITE,
	  .emits = "jobs.vacancy.changed.v1 jobs.vacancy.opened.v1",
	  .matter = "JB-05", .zh = "发布岗位；须人工审核或存草稿时答复 202",
	  .en = "Open a vacancy; 202 when an officer looks at it first, or it is a draft" },
	{ .name = "vacancy_open_clerk", .method = METHOD_POST, .path = "/v1/jobs/employers/{id}/vacancies",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "jobs.vacancy.open_clerk",
	  .body = INPUT(vacancy_in, vacancy_in_fields), .reply = vacancy_shape,
	  .also = 202, .handler = vacancy_open_clerk, .limit = LIMIT_WRITE,
	  .emits = "jobs.vacancy.changed.v1 jobs.vacancy.opened.v1",
	  .zh = "窗口为辖区单位代发岗位，单位收到通知",
	  .en = "Open a vacancy for an employer of the area, who is told" },
	{ .name = "vacancy_edit", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/edit",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.edit",
	  .body = INPUT(vacancy_in, vacancy_in_fields), .reply = vacancy_shape, .success = 200,
	  .handler = vacancy_edit, .limit = LIMIT_WRITE,
	  .emits = "jobs.vacancy.changed.v1 jobs.vacancy.opened.v1",
	  .zh = "修改岗位，公开的岗位重新检查", .en = "Replace a posting's text; a public one is checked again" },
	{ .name = "vacancy_submit", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/submit",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.submit", .reply = vacancy_shape, .success = 200,
	  .handler = vacancy_submit, .limit = LIMIT_WRITE,
	  .emits = "jobs.vacancy.changed.v1 jobs.vacancy.opened.v1",
	  .zh = "提交草稿或退回的岗位", .en = "Hand in a draft, or one that was sent back" },
	{ .name = "vacancy_withdraw", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/withdraw",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.withdraw", .reply = vacancy_shape, .success = 200,
	  .stmt = &stmt_vacancy_withdraw, .emits = "jobs.vacancy.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "撤回草稿或审核中的岗位", .en = "Withdraw a draft or a posting under check" },
	{ .name = "vacancy_confirm", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/confirm",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.confirm", .reply = vacancy_shape, .success = 200,
	  .stmt = &stmt_vacancy_confirm, .emits = "jobs.vacancy.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "确认仍在招聘", .en = "Confirm that the posting still stands" },
	{ .name = "vacancy_get", .method = METHOD_GET, .path = "/v1/jobs/vacancies/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.vacancy.get",
	  .reply = vacancy_shape, .stmt = &stmt_vacancy_get, .limit = LIMIT_READ,
	  .zh = "查看岗位", .en = "Read a vacancy" },
	{ .name = "vacancy_list_org", .method = METHOD_GET, .path = "/v1/jobs/org/vacancies",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.vacancy.list_org",
	  .query = INPUT(vacancy_org_query, vacancy_org_query_fields), .list = true,
	  .reply = vacancy_shape, .stmt = &stmt_vacancy_list_org, .limit = LIMIT_READ,
	  .zh = "本单位的岗位", .en = "List the caller's own vacancies" },
	{ .name = "vacancy_get_org", .method = METHOD_GET, .path = "/v1/jobs/org/vacancies/{id}",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.vacancy.get_org",
	  .reply = vacancy_shape, .stmt = &stmt_vacancy_get_org, .limit = LIMIT_READ,
	  .zh = "本单位的一个岗位及其经过", .en = "Read an own vacancy with its history" },
	{ .name = "vacancy_pause", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/pause",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.pause",
	  .reply = vacancy_shape, .success = 200, .stmt = &stmt_vacancy_pause,
	  .emits = "jobs.vacancy.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "暂停招聘", .en = "Pause a vacancy" },
	{ .name = "vacancy_reopen", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/reopen",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.reopen",
	  .reply = vacancy_shape, .success = 200, .stmt = &stmt_vacancy_reopen,
	  .emits = "jobs.vacancy.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "恢复招聘", .en = "Reopen a vacancy" },
	{ .name = "vacancy_close", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/close",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.close",
	  .reply = vacancy_shape, .success = 200, .stmt = &stmt_vacancy_close,
	  .emits = "jobs.vacancy.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "结束招聘", .en = "Close a vacancy" },
	ROUTE_END
};

static int
vacancy_open(struct call *c)
{
	return (post(c, &c->principal->org, "employer"));
}

/* For an employer of the area who handed it in on paper or by telephone. */
static int
vacancy_open_clerk(struct call *c)
{
	if (!call_in_area(c, ((const struct vacancy_in *)c->body)->area_code))
		return (call_reject(c, ERR_FORBIDDEN, "/area_code"));
	return (post(c, &c->id, "clerk"));
}

/* Public at once when its check finds nothing; otherwise an officer looks first. */
static int
post(struct call *c, const struct uuid *org, const char *source)
{
	const struct vacancy_in	*in = c->body;
	const char		*state = "draft", *checks = "[]";
	struct uuid		 id = uuid_new();
	struct vacancy_form	 f;
	struct db_rows		 rows;
	int			 rc;

	if ((rc = vacancy_form_read(c, in, &f)) != 0)
		return (rc);
	if (!in->draft) {
		if (vacancy_judge(c->db, org, NULL, in, &checks) == -1)
			return (call_failed(c));
		state = VACANCY_IS_CLEAN(checks) ? "open" : "checking";
	}
	call_object(c, &id);
	call_last(c);
	if (sql_vacancy_open(c->db, &rows, &id, org, in->title, in->occupation_code,
	    f.county, in->area_code, in->headcount, in->pay_min_cents, in->pay_max_cents,
	    in->pay_unit, in->form, in->education_code, f.skill_level, in->skills, in->benefits,
	    in->description, f.lat_e6, f.lng_e6, f.point_is_exact, in->expires_on, state, checks,
	    f.contact_name, f.contact_phone, f.name_sealed, f.phone_sealed, source) == -1)
		return (call_failed(c));
	return (call_reply_row(c, strcmp(state, "open") == 0 ? 201 : 202, &rows));
}

/* All of the posting is said anew; a contact that is not said stays. */
static int
vacancy_edit(struct call *c)
{
	const struct vacancy_in	*in = c->body;
	const char		*checks;
	struct vacancy_form	 f;
	struct db_rows		 rows;
	int			 rc;

	if ((rc = vacancy_form_read(c, in, &f)) != 0)
		return (rc);
	if (vacancy_judge(c->db, &c->principal->org, &c->id, in, &checks) == -1)
		return (call_failed(c));
	call_last(c);
	if (sql_vacancy_edit(c->db, &rows, &c->id, &c->principal->org, in->title, in->occupation_code,
	    f.county, in->area_code, in->headcount, in->pay_min_cents, in->pay_max_cents,
	    in->pay_unit, in->form, in->education_code, f.skill_level, in->skills, in->benefits,
	    in->description, f.lat_e6, f.lng_e6, f.point_is_exact, in->expires_on,
	    VACANCY_IS_CLEAN(checks) ? "open" : "checking", checks,
	    f.contact_name, f.contact_phone, f.name_sealed, f.phone_sealed) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
vacancy_submit(struct call *c)
{
	struct vacancy_in	in = { .title = NULL };
	const char		*checks;
	struct db_rows		 rows;

	if (sql_vacancy_draft(c->db, &rows, &c->id, &c->principal->org) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	in.title = db_text(&rows, 0, "title");
	in.description = db_text(&rows, 0, "description");
	in.skills = db_text(&rows, 0, "skills");
	in.occupation_code = db_text(&rows, 0, "occupation_code");
	in.area_code = db_text(&rows, 0, "area_code");
	in.pay_unit = db_text(&rows, 0, "pay_unit");
	in.form = db_text(&rows, 0, "form");
	in.pay_min_cents = db_int(&rows, 0, "pay_min_cents");
	in.pay_max_cents = db_int(&rows, 0, "pay_max_cents");
	if (vacancy_judge(c->db, &c->principal->org, &c->id, &in, &checks) == -1)
		return (call_failed(c));
	call_last(c);
	if (sql_vacancy_submit(c->db, &rows, &c->id, &c->principal->org,
	    VACANCY_IS_CLEAN(checks) ? "open" : "checking", checks) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
