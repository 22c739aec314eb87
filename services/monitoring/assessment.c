/*
 * assessment.c -- assessments of policies and projects, the department's part:
 * handed in on the form of the day, put right, its evidence, what became of it.
 *
 * Invariant: the answers fit the very version of the form that they were given
 * on, field by field. The SQL is in sql/monitoring/queries/assessment.sql.
 */
#include "assessment.h"

#include "codes/codes.h"
#include "monitoring_sql.h"
#include "workflow/file.h"

#define ANSWERS_MOST	65536
#define PEOPLE_MOST	1000000

struct assessment_in {
	struct uuid	 org_id;
	const char	*title, *county_code, *answers;
};

struct follow_in {
	int32_t		 on_day;
	const char	*text;
	int64_t		 jobs_made, jobs_lost;
};

static int	assessment_policy(struct call *);
static int	assessment_impact(struct call *);
static int	submit(struct call *, const char *kind);
static int	assessment_resubmit(struct call *);
static bool	answers_fit(struct call *, const char *kind, const struct uuid *, int *);
static int	assessment_follow_add(struct call *);
static int	assessment_file_add(struct call *);

#define FIELD_ANSWERS	FIELD_JSON(assessment_in, answers, REQUIRED, ANSWERS_MOST, "按表单问题代码作答的对象")

static const struct field assessment_fields[] = {
	FIELD_UUID(assessment_in, org_id, OPTIONAL, "提交部门；由工作人员代为提交时填写"),
	FIELD_TEXT(assessment_in, title, REQUIRED, 2, 200, "政策或项目名称"),
	FIELD_CHECK(assessment_in, county_code, REQUIRED, check_city_or_county, "县区，或全市"),
	FIELD_ANSWERS,
	FIELD_END
};
static const struct field resubmit_fields[] = {
	FIELD_TEXT(assessment_in, title, OPTIONAL, 2, 200, "政策或项目名称"),
	FIELD_ANSWERS,
	FIELD_END
};
static const struct field follow_fields[] = {
	FIELD_DAY(follow_in, on_day, REQUIRED, "截至何日"),
	FIELD_TEXT(follow_in, text, REQUIRED, 2, 2000, "落实情况"),
	FIELD_INT(follow_in, jobs_made, OPTIONAL, 0, PEOPLE_MOST, "实际新增岗位"),
	FIELD_INT(follow_in, jobs_lost, OPTIONAL, 0, PEOPLE_MOST, "实际减少岗位"),
	FIELD_END
};

const struct route assessment_routes[] = {
	{ .name = "assessment_policy", .method = METHOD_POST, .path = "/v1/monitoring/assessments/policy",
	  .callers = ROLE_DEPARTMENT | ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_CALLER,
	  .action = "monitoring.assessment.submit", .body = INPUT(assessment_in, assessment_fields),
	  .reply = assessment_shape, .handler = assessment_policy, .emits = "monitoring.assessment.moved.v1",
	  .limit = LIMIT_WRITE, .matter = "MO-15",
	  .zh = "提交就业政策一致性评价", .en = "Hand in a policy to be assessed" },
	{ .name = "assessment_impact", .method = METHOD_POST, .path = "/v1/monitoring/assessments/impact",
	  .callers = ROLE_DEPARTMENT | ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_CALLER,
	  .action = "monitoring.assessment.submit", .body = INPUT(assessment_in, assessment_fields),
	  .reply = assessment_shape, .handler = assessment_impact, .emits = "monitoring.assessment.moved.v1",
	  .limit = LIMIT_WRITE, .matter = "MO-16",
	  .zh = "提交重大政策、项目就业影响评估", .en = "Hand in a project's impact on employment" },
	{ .name = "assessment_resubmit", .method = METHOD_POST, .path = "/v1/monitoring/assessments/{id}/resubmit",
	  .callers = ROLE_DEPARTMENT | ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_CALLER,
	  .action = "monitoring.assessment.resubmit", .body = INPUT(assessment_in, resubmit_fields),
	  .reply = assessment_shape, .success = 200, .handler = assessment_resubmit,
	  .emits = "monitoring.assessment.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "补充后再次提交评估", .en = "Hand it in again, put right" },
	{ .name = "assessment_withdraw", .method = METHOD_POST, .path = "/v1/monitoring/assessments/{id}/withdraw",
	  .callers = ROLE_DEPARTMENT | ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_CALLER,
	  .action = "monitoring.assessment.withdraw", .body = INPUT(note_in, note_fields), .reply = assessment_shape,
	  .success = 200, .stmt = &stmt_assessment_withdraw, .emits = "monitoring.assessment.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "撤回评估", .en = "Withdraw an assessment" },
	{ .name = "assessment_follow_add", .method = METHOD_POST, .path = "/v1/monitoring/assessments/{id}/follow-ups",
	  .callers = ROLE_DEPARTMENT | ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_CALLER,
	  .action = "monitoring.assessment.follow", .body = INPUT(follow_in, follow_fields), .reply = assessment_follow_shape,
	  .handler = assessment_follow_add, .limit = LIMIT_WRITE,
	  .zh = "登记评估结论的落实情况", .en = "Tell what became of it" },
	{ .name = "assessment_file_add", .method = METHOD_POST, .path = "/v1/monitoring/assessments/{id}/files",
	  .callers = ROLE_DEPARTMENT | ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_CALLER,
	  .action = "monitoring.assessment.file", .query = INPUT(file_query, file_query_fields), .raw_body = true,
	  .reply = file_shape, .success = 201, .handler = assessment_file_add, .limit = LIMIT_IMPORT,
	  .zh = "上传评估材料", .en = "Hand in evidence" },
	{ .name = "assessment_file_get", .method = METHOD_GET, .path = "/v1/monitoring/assessment-files/{id}",
	  .callers = ROLE_DEPARTMENT | ROLE_CLERK | ROLE_ASSESSORS | ROLE_AUDIT, .scope = SCOPE_CALLER,
	  .action = "monitoring.assessment.file_get", .media = "application/octet-stream", .handler = file_send,
	  .limit = LIMIT_READ, .opens = OPENS_UNNAMED, .zh = "下载评估材料", .en = "Download evidence" },
	ROUTE_END
};

static int
assessment_policy(struct call *c)
{
	return (submit(c, "policy"));
}

static int
assessment_impact(struct call *c)
{
	return (submit(c, "impact"));
}

static int
submit(struct call *c, const char *kind)
{
	const struct assessment_in	*in = c->body;
	const struct uuid		*org = c->principal->has_org ? &c->principal->org : &in->org_id;
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;
	int				 said;

	if (uuid_is_nil(org))
		return (call_reject(c, ERR_F_MISSING, "/org_id"));
	if (c->principal->has_org && !uuid_is_nil(&in->org_id))
		return (call_reject(c, ERR_F_UNKNOWN, "/org_id"));
	if (!answers_fit(c, kind, NULL, &said))
		return (said);
	call_object(c, &id);
	if (sql_assessment_submit(c->db, &rows, &id, kind, org, in->title, in->county_code, in->answers) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
assessment_resubmit(struct call *c)
{
	const struct assessment_in	*in = c->body;
	struct db_rows			 rows;
	int				 said;

	if (sql_assessment_for_file(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!answers_fit(c, NULL, &c->id, &said))
		return (said);
	if (sql_assessment_resubmit(c->db, &rows, &c->id, in->title, in->answers) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* On the form of today, or the one that the assessment was given on. */
static bool
answers_fit(struct call *c, const char *kind, const struct uuid *id, int *said)
{
	static const struct {
		const char	*name;
		enum error_code	 code;
	} codes[] = { { "field.missing", ERR_F_MISSING }, { "field.type", ERR_F_TYPE }, { "field.choice", ERR_F_CHOICE },
	    { "field.too_long", ERR_F_LONG }, { "field.unknown", ERR_F_UNKNOWN } };
	const struct assessment_in	*in = c->body;
	struct json_errors		 errors = { .count = 0 };
	struct db_rows			 rows;
	size_t				 i, j;

	if (!json_is_object(json_parse(c->arena, in->answers, strlen(in->answers)))) {
		*said = call_reject(c, ERR_F_TYPE, "/answers");
		return (false);
	}
	if (sql_assessment_fault_list(c->db, &rows, kind, id, in->answers) == -1) {
		*said = call_failed(c);
		return (false);
	}
	for (i = 0; i < rows.count && errors.count < JSON_ERRORS_MAX; i++)
		for (j = 0; j < NITEMS(codes); j++)
			if (strcmp(db_text(&rows, i, "code"), codes[j].name) == 0)
				errors.list[errors.count++] = (struct json_error){ db_text(&rows, i, "pointer"),
				    (int)codes[j].code };
	if (errors.count > 0)
		*said = call_reject_fields(c, &errors);
	return (errors.count == 0);
}

static int
assessment_follow_add(struct call *c)
{
	const struct follow_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_assessment_follow_add(c->db, &rows, &c->id, in->on_day, in->text,
	    in->jobs_made == 0 ? NULL : &in->jobs_made, in->jobs_lost == 0 ? NULL : &in->jobs_lost) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* It stays: what a conclusion was drawn from. */
static int
assessment_file_add(struct call *c)
{
	struct file_for	 f = { .subject_kind = "assessment", .subject = c->id, .keep_until = DAY_NONE };
	struct db_rows	 rows;
	struct uuid	 org;
	int		 status;

	if (sql_assessment_for_file(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(&rows, 0, "is_open"))
		return (call_reject(c, ERR_STATE, NULL));
	org = db_uuid(&rows, 0, "org_id");
	f.org = &org;
	f.county = db_text(&rows, 0, "county_code");
	status = file_keep(c, c->query, &f);
	if (call_status(c) == 201 && file_lock(c->db, &c->id) == -1)
		return (call_failed(c));
	return (status);
}
