/*
 * match_org.c -- people for an employer's posting, and invitations to apply.
 *
 * Invariant: an employer is shown only who is seeking, agreed to be found and
 * left matching on, by what the database says at that moment, whatever the
 * engine still holds; never a contact, never a full name.
 */
#include <string.h>

#include "match_svc.h"
#include "jobs_sql.h"

struct invitation_in {
	struct uuid	 person_id;
	const char	*message;
};

struct invitation_query {
	const char	*state;
};

struct decline_in {
	const char	*reason;
};

static int	match_people_of(struct call *);
static int	reply_people(struct call *, const struct match_posting *, struct match_ask *);

static const char *const states[] = { "sent", "accepted", "declined", NULL };

static const struct field invitation_in_fields[] = {
	FIELD_UUID(invitation_in, person_id, REQUIRED, "受邀人"),
	FIELD_TEXT(invitation_in, message, OPTIONAL, 0, 500, "附言"),
	FIELD_END
};

static const struct field invitation_query_fields[] = {
	FIELD_ENUM(invitation_query, state, OPTIONAL, states, "邀请状态"),
	FIELD_END
};

static const struct field decline_in_fields[] = {
	FIELD_TEXT(decline_in, reason, OPTIONAL, 0, 200, "谢绝的原因"),
	FIELD_END
};

static const struct shape person_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "求职者" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所在县区" },
	{ .name = "education_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "学历" },
	{ .name = "skill_level", .type = SHAPE_T_INT, .nullable = true, .help = "技能等级" },
	{ .name = "skills", .type = SHAPE_T_LIST, .help = "技能" },
	{ .name = "experience_years", .type = SHAPE_T_INT, .help = "工作年限" },
	{ .name = "occupations", .type = SHAPE_T_LIST, .help = "意向职业" },
	{ .name = "invitation_state", .type = SHAPE_T_TEXT, .nullable = true, .help = "已发邀请的状态" },
	SHAPE_END
};

static const struct shape match_person_shape[] = {
	{ .name = "person", .type = SHAPE_T_OBJECT, .of = person_shape, .help = "求职者" },
	{ .name = "score", .type = SHAPE_T_INT, .help = "匹配得分，满分 1000" },
	{ .name = "weight_version", .type = SHAPE_T_INT, .help = "权重版本" },
	{ .name = "reasons", .type = SHAPE_T_LIST, .of = match_reason_shape, .help = "逐项得分与理由" },
	SHAPE_END
};

static const struct shape invitation_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "邀请" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "受邀人" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "vacancy_title", .type = SHAPE_T_TEXT, .help = "岗位名称" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "message", .type = SHAPE_T_TEXT, .help = "附言" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "邀请状态" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "谢绝的原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "岗位所属县区" },
	{ .name = "answered_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "答复时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "邀请时间" },
	SHAPE_END
};

const struct route match_org_routes[] = {
	{ .name = "match_people_of", .method = METHOD_GET, .path = "/v1/jobs/vacancies/{id}/matches",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.match.people_of", .list = true, .reply = match_person_shape,
	  .handler = match_people_of, .opens = OPENS_PERSON, .limit = LIMIT_READ,
	  .zh = "为岗位推荐的求职者", .en = "The best people for an own posting, who agreed to be found" },
	{ .name = "job_invitation_send", .method = METHOD_POST,
	  .path = "/v1/jobs/vacancies/{id}/invitations",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.invitation.send", .body = INPUT(invitation_in, invitation_in_fields),
	  .reply = invitation_shape, .stmt = &stmt_job_invitation_send, .limit = LIMIT_WRITE,
	  .zh = "邀请求职者投递", .en = "Invite a person to apply" },
	{ .name = "job_invitation_list_org", .method = METHOD_GET, .path = "/v1/jobs/org/invitations",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.invitation.list_org",
	  .query = INPUT(invitation_query, invitation_query_fields), .list = true,
	  .reply = invitation_shape, .stmt = &stmt_job_invitation_list_org, .opens = OPENS_PERSON,
	  .limit = LIMIT_READ, .zh = "本单位发出的邀请", .en = "List the own invitations" },
	{ .name = "job_invitation_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/invitations",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.invitation.list_person",
	  .query = INPUT(invitation_query, invitation_query_fields), .list = true,
	  .reply = invitation_shape, .stmt = &stmt_job_invitation_list_person, .limit = LIMIT_READ,
	  .zh = "我收到的邀请", .en = "List the invitations to the caller" },
	{ .name = "job_invitation_decline", .method = METHOD_POST,
	  .path = "/v1/jobs/my/invitations/{id}/decline",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.invitation.decline",
	  .body = INPUT(decline_in, decline_in_fields), .reply = invitation_shape, .success = 200,
	  .stmt = &stmt_job_invitation_decline, .limit = LIMIT_WRITE,
	  .zh = "谢绝邀请", .en = "Decline an invitation; applying accepts it" },
	ROUTE_END
};

static int
match_people_of(struct call *c)
{
	struct match_posting	 v;
	struct match_weights	 w;
	struct match_hit	*after = arena_zalloc(c->arena, sizeof(*after));
	struct match_ask	 ask = { .weights = &w, .today = clock_today(),
		.limit = (size_t)call_limit(c) + 1, .flags = MATCH_SEEKING | MATCH_FINDABLE };
	struct db_rows		 rows;

	if (sql_match_own_posting(c->db, &rows, &c->id, &c->principal->org) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (strcmp(db_text(&rows, 0, "state"), "open") != 0)
		return (call_reject(c, ERR_JOBS_NOT_OPEN, NULL));
	if (match_live() == NULL)
		return (call_reject(c, ERR_BUSY, NULL));
	if (call_after(c) != NULL) {
		if (!match_cursor_read(call_after(c), after))
			return (call_reject(c, ERR_F_CURSOR, "cursor"));
		ask.after = after;
	}
	match_row_posting(c->arena, &rows, 0, &v);
	w = match_row_weights(&rows, 0);
	ask.without = match_row_ids(c->arena, db_text(&rows, 0, "without"), &ask.nwithout);
	return (reply_people(c, &v, &ask));
}

static int
reply_people(struct call *c, const struct match_posting *v, struct match_ask *ask)
{
	struct match_hit	 *hits = arena_alloc(c->arena, ask->limit * sizeof(*hits));
	const char		**items = arena_alloc(c->arena, ask->limit * sizeof(*items));
	struct db_rows		  rows;
	struct uuid		  id;
	size_t			  n, shown, i, j = 0;

	n = match_best_people(match_live(), v, ask, hits);
	shown = n < ask->limit ? n : ask->limit - 1;
	if (sql_match_shown_people(c->db, &rows, &c->id,
	    match_ids_text(c->arena, hits, shown)) == -1)
		return (call_failed(c));
	for (i = 0; i < rows.count; i++) {
		id = db_uuid(&rows, i, "person_id");
		while (j + 1 < shown && !uuid_equal(&hits[j].id, &id))
			j++;		/* no longer to be found */
		items[i] = match_item_json(c, db_text(&rows, i, "person"), &hits[j], ask->weights);
	}
	return (call_reply_page(c, items, rows.count,
	    n > shown ? match_cursor(c->arena, &hits[shown - 1]) : NULL));
}

const char *
match_item_json(struct call *c, const char *person, const struct match_hit *hit,
    const struct match_weights *w)
{
	struct json_out	 out;
	struct buf	 b;
	const char	*text;

	buf_init(&b, MATCH_ITEM_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_raw(&out, "person", person);
	match_put_reasons(&out, hit, w, c->english);
	json_close(&out);
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}
