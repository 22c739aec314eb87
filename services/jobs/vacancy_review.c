/*
 * vacancy_review.c -- postings in officers' hands: the queue of the area,
 * approved or sent back; copies merged; the contact shown to who may see it.
 *
 * Invariant: the contact leaves in full only for the posting's employer, the
 * officers of its area and those who have applied, and each time the audit trail
 * says so. The SQL is in sql/jobs/queries/vacancy_review.sql.
 */
#include "crypt/crypt.h"
#include "codes/codes.h"
#include "jobs_sql.h"
#include "vacancy.h"

#define ROLES_REVIEW	(ROLE_FIRST_REVIEW | ROLE_RECHECK)

struct approve_in {
	const char	*note;
};

struct merge_in {
	struct uuid	 into;
};

struct review_query {
	const char	*state;
	const char	*county_code;
	const char	*code;
	const char	*q;
};

static int	vacancy_contact(struct call *);

static const char *const states[] = { "draft", "checking", "returned", "open", "paused", "filled",
	"closed", "expired", "merged", NULL };
static const char *const codes[] = { "fee", "sex", "age", "ethnic", "household", "contact", "pay",
	"duplicate", "resubmitted", NULL };

static const struct field approve_in_fields[] = {
	FIELD_TEXT(approve_in, note, OPTIONAL, 0, 500, "审核意见"),
	FIELD_END
};

static const struct field return_in_fields[] = {
	FIELD_TEXT(approve_in, note, REQUIRED, 2, 500, "退回或撤销合并的原因，单位可见"),
	FIELD_END
};

static const struct field merge_in_fields[] = {
	FIELD_UUID(merge_in, into, REQUIRED, "保留的岗位"),
	FIELD_END
};

static const struct field review_query_fields[] = {
	FIELD_ENUM(review_query, state, OPTIONAL, states, "岗位状态，默认待审核"),
	FIELD_CHECK(review_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(review_query, code, OPTIONAL, codes, "送审原因"),
	FIELD_TEXT(review_query, q, OPTIONAL, 1, 60, "岗位或单位名称中的文字"),
	FIELD_END
};

static const struct shape contact_shape[] = {
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "联系人" },
	{ .name = "phone", .type = SHAPE_T_TEXT, .help = "联系电话" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	SHAPE_END
};

const struct route vacancy_review_routes[] = {
	{ .name = "vacancy_review_list", .method = METHOD_GET, .path = "/v1/jobs/vacancy-reviews",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.vacancy.review_list",
	  .query = INPUT(review_query, review_query_fields), .list = true, .reply = vacancy_shape,
	  .stmt = &stmt_vacancy_review_list, .limit = LIMIT_READ,
	  .zh = "辖区内待审核的岗位，早的在前", .en = "Postings of the area under check, oldest first" },
	{ .name = "vacancy_review_get", .method = METHOD_GET, .path = "/v1/jobs/vacancy-reviews/{id}",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.vacancy.review_get",
	  .reply = vacancy_shape, .stmt = &stmt_vacancy_review_get, .limit = LIMIT_READ,
	  .zh = "辖区内的一个岗位及其经过", .en = "Read a posting of the area with its history" },
	{ .name = "vacancy_approve", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/approve",
	  .callers = ROLES_REVIEW, .scope = SCOPE_AREA, .action = "jobs.vacancy.approve",
	  .body = INPUT(approve_in, approve_in_fields), .reply = vacancy_shape, .success = 200,
	  .stmt = &stmt_vacancy_approve, .limit = LIMIT_WRITE,
	  .emits = "jobs.vacancy.changed.v1 jobs.vacancy.opened.v1",
	  .zh = "岗位审核通过", .en = "Approve a posting" },
	{ .name = "vacancy_return", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/return",
	  .callers = ROLES_REVIEW, .scope = SCOPE_AREA, .action = "jobs.vacancy.return",
	  .body = INPUT(approve_in, return_in_fields), .reply = vacancy_shape, .success = 200,
	  .stmt = &stmt_vacancy_return, .emits = "jobs.vacancy.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "退回岗位；已公开的随即下线", .en = "Send a posting back; a public one is taken down" },
	{ .name = "vacancy_merge", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/merge",
	  .callers = ROLE_EMPLOYER | ROLES_REVIEW, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "jobs.vacancy.merge",
	  .body = INPUT(merge_in, merge_in_fields), .reply = vacancy_shape, .success = 200,
	  .stmt = &stmt_vacancy_merge, .emits = "jobs.vacancy.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "把重复岗位并入另一岗位", .en = "Merge a copy into another posting" },
	{ .name = "vacancy_unmerge", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/unmerge",
	  .callers = ROLES_REVIEW, .scope = SCOPE_AREA, .action = "jobs.vacancy.unmerge",
	  .body = INPUT(approve_in, return_in_fields), .reply = vacancy_shape, .success = 200,
	  .stmt = &stmt_vacancy_unmerge, .limit = LIMIT_WRITE,
	  .emits = "jobs.vacancy.changed.v1 jobs.vacancy.opened.v1",
	  .zh = "撤销岗位合并", .en = "Undo a merge" },
	{ .name = "vacancy_contact", .method = METHOD_GET, .path = "/v1/jobs/vacancies/{id}/contact",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.vacancy.contact", .reply = contact_shape, .handler = vacancy_contact,
	  .opens = OPENS_OTHERS, .limit = LIMIT_READ,
	  .zh = "查看岗位联系方式（投递后）", .en = "Read the contact of a posting, after applying" },
	ROUTE_END
};

static int
vacancy_contact(struct call *c)
{
	const char	*name, *phone;
	struct json_out	 out;
	struct db_rows	 rows;
	struct buf	 b;
	int		 rc;

	if (sql_vacancy_contact(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(&rows, 0, "has_contact"))
		return (call_reject(c, ERR_JOBS_NO_CONTACT, NULL));
	if (db_null(&rows, 0, "phone_sealed"))
		return (call_reject(c, ERR_JOBS_CONTACT, NULL));
	name = field_open(c->arena, "vacancy_contact.name", db_text(&rows, 0, "name_sealed"));
	phone = field_open(c->arena, "vacancy_contact.phone", db_text(&rows, 0, "phone_sealed"));
	if (name == NULL || phone == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	buf_init(&b, 1024);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_uuid(&out, "vacancy_id", &c->id);
	json_put_text(&out, "name", name);
	json_put_text(&out, "phone", phone);
	json_put_text(&out, "county_code", db_text(&rows, 0, "county_code"));
	json_close(&out);
	rc = call_reply(c, 200, arena_strdup(c->arena, buf_cstr(&b)));
	buf_release(&b);
	return (rc);
}
