/*
 * live.c -- 直播带岗: planned by an employer, an agency or an officer, approved
 * by an officer who is not its maker, shown to everybody with its postings.
 *
 * Invariant: nothing is public before it was approved; addresses are https and
 * checked. Numbers of people are counted distinct and shown without them. The
 * SQL is in sql/jobs/queries/live.sql.
 */
#include "application.h"
#include "codes/codes.h"
#include "interview_link.h"
#include "jobs.h"
#include "jobs_sql.h"

#define HOUR_US		INT64_C(3600000000)
#define LENGTH_MOST	(24 * HOUR_US)
#define ROLE_HOSTS	(ROLE_EMPLOYER | ROLE_PARTNER | ROLE_CLERK | ROLE_FIRST_REVIEW)
#define ROLE_CHECKERS	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)

struct live_in {
	const char	*title, *host_name, *intro, *stream_url, *area_code;
	int64_t		 starts_at, ends_at;
};

struct live_note_in {
	const char	*note;
};

struct live_replay_in {
	const char	*replay_url;
};

struct live_org_in {
	struct uuid	 org_id;
};

struct live_vacancy_in {
	struct uuid	 vacancy_id;
};

struct live_query {
	const char	*county_code, *state;
	bool		 upcoming;
};

struct live_own_query {
	const char	*state;
};

static int	live_propose(struct call *);
static int	live_change(struct call *);
static bool	times_sound(struct call *, const struct live_in *, int *);

static const char *const public_states[] = { "planned", "live", "ended", NULL };
static const char *const states[] = { "checking", "returned", "planned", "live", "ended",
	"cancelled", NULL };

#define LIVE_FIELDS								\
	FIELD_TEXT(live_in, title, REQUIRED, 2, 60, "活动名称"),			\
	FIELD_TEXT(live_in, host_name, OPTIONAL, 1, 60, "主播或主办方名称，默认单位名称"),	\
	FIELD_TEXT(live_in, intro, OPTIONAL, 0, 2000, "活动说明"),		\
	FIELD_CHECK(live_in, stream_url, REQUIRED, check_https_link, "直播地址（https）"), \
	FIELD_INSTANT(live_in, starts_at, REQUIRED, "开始时间"),			\
	FIELD_INSTANT(live_in, ends_at, REQUIRED, "结束时间")

static const struct field live_in_fields[] = {
	LIVE_FIELDS,
	FIELD_CHECK(live_in, area_code, OPTIONAL, check_area, "县区或乡镇；工作人员举办时必填"),
	FIELD_END
};

static const struct field live_change_fields[] = { LIVE_FIELDS, FIELD_END };

static const struct field live_note_fields[] = {
	FIELD_TEXT(live_note_in, note, REQUIRED, 1, 500, "原因"),
	FIELD_END
};

static const struct field live_replay_fields[] = {
	FIELD_CHECK(live_replay_in, replay_url, REQUIRED, check_https_link, "回放地址（https）"),
	FIELD_END
};

static const struct field live_org_fields[] = {
	FIELD_UUID(live_org_in, org_id, REQUIRED, "受邀单位"),
	FIELD_END
};

static const struct field live_vacancy_fields[] = {
	FIELD_UUID(live_vacancy_in, vacancy_id, REQUIRED, "岗位"),
	FIELD_END
};

static const struct field live_query_fields[] = {
	FIELD_CHECK(live_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(live_query, state, OPTIONAL, public_states, "活动状态"),
	FIELD_BOOL(live_query, upcoming, OPTIONAL, "尚未结束"),
	FIELD_END
};

static const struct field live_own_query_fields[] = {
	FIELD_ENUM(live_own_query, state, OPTIONAL, states, "活动状态"),
	FIELD_END
};

static const struct shape guest_shape[] = {
	{ .name = "guest_id", .type = SHAPE_T_UUID, .help = "受邀单位" },
	{ .name = "guest_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	SHAPE_END
};

static const struct shape live_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "活动" },
	{ .name = "host_kind", .type = SHAPE_T_TEXT, .help = "主办方类别" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "主办单位" },
	{ .name = "host_name", .type = SHAPE_T_TEXT, .help = "主播或主办方名称" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "活动名称" },
	{ .name = "intro", .type = SHAPE_T_TEXT, .help = "活动说明" },
	{ .name = "stream_url", .type = SHAPE_T_TEXT, .help = "直播地址" },
	{ .name = "replay_url", .type = SHAPE_T_TEXT, .nullable = true, .help = "回放地址" },
	{ .name = "starts_at", .type = SHAPE_T_INSTANT, .help = "计划开始时间" },
	{ .name = "ends_at", .type = SHAPE_T_INSTANT, .help = "计划结束时间" },
	{ .name = "started_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "开始时间" },
	{ .name = "ended_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "结束时间" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "活动状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "退回或取消的原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提交时间" },
	{ .name = "views", .type = SHAPE_T_INT, .help = "观看人数" },
	{ .name = "sign_ups", .type = SHAPE_T_INT, .help = "预约人数" },
	{ .name = "applications", .type = SHAPE_T_INT, .help = "直播期间的投递数" },
	{ .name = "vacancies", .type = SHAPE_T_LIST, .nullable = true, .of = vacancy_shape, .help = "带岗岗位" },
	{ .name = "guests", .type = SHAPE_T_LIST, .nullable = true, .of = guest_shape, .help = "受邀单位" },
	SHAPE_END
};

static const struct shape live_guest_shape[] = {
	{ .name = "live_id", .type = SHAPE_T_UUID, .help = "活动" },
	{ .name = "guest_id", .type = SHAPE_T_UUID, .help = "受邀单位" },
	{ .name = "guest_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	SHAPE_END
};

static const struct shape live_vacancy_shape[] = {
	{ .name = "live_id", .type = SHAPE_T_UUID, .help = "活动" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	SHAPE_END
};

static const struct shape live_person_shape[] = {
	{ .name = "live_id", .type = SHAPE_T_UUID, .help = "活动" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "首次时间" },
	SHAPE_END
};

#define OF_HOST									\
	.callers = ROLE_HOSTS, .scope = SCOPE_CALLER, .right = RIGHT_POST,	\
	.limit = LIMIT_WRITE
#define OF_CHECKER								\
	.callers = ROLE_CHECKERS, .scope = SCOPE_AREA, .reply = live_shape,	\
	.success = 200, .limit = LIMIT_WRITE
#define OF_PERSON								\
	.callers = ROLE_PERSON, .scope = SCOPE_PERSON, .reply = live_person_shape, \
	.limit = LIMIT_WRITE

const struct route live_routes[] = {
	{ .name = "live_propose", .method = METHOD_POST, .path = "/v1/jobs/live-events", OF_HOST,
	  .action = "jobs.live.propose", .body = INPUT(live_in, live_in_fields),
	  .reply = live_shape, .handler = live_propose, .matter = "JB-16",
	  .zh = "申请直播带岗活动", .en = "Propose a live recruitment event" },
	{ .name = "live_change", .method = METHOD_PUT, .path = "/v1/jobs/live-events/{id}", OF_HOST,
	  .action = "jobs.live.change", .body = INPUT(live_in, live_change_fields),
	  .reply = live_shape, .handler = live_change,
	  .zh = "修改待审核的活动", .en = "Change an event before it is approved" },
	{ .name = "live_approve", .method = METHOD_POST, .path = "/v1/jobs/live-events/{id}/approve",
	  OF_CHECKER, .action = "jobs.live.approve", .stmt = &stmt_live_approve,
	  .zh = "审核通过活动", .en = "Approve an event" },
	{ .name = "live_return", .method = METHOD_POST, .path = "/v1/jobs/live-events/{id}/return",
	  OF_CHECKER, .action = "jobs.live.return", .body = INPUT(live_note_in, live_note_fields),
	  .stmt = &stmt_live_return, .zh = "退回修改活动", .en = "Return an event to its host" },
	{ .name = "live_start", .method = METHOD_POST, .path = "/v1/jobs/live-events/{id}/start",
	  OF_HOST, .action = "jobs.live.start", .reply = live_shape, .success = 200,
	  .stmt = &stmt_live_start, .zh = "开播", .en = "Go live" },
	{ .name = "live_end", .method = METHOD_POST, .path = "/v1/jobs/live-events/{id}/end",
	  OF_HOST, .action = "jobs.live.end", .reply = live_shape, .success = 200,
	  .stmt = &stmt_live_end, .zh = "结束直播", .en = "End an event" },
	{ .name = "live_cancel", .method = METHOD_POST, .path = "/v1/jobs/live-events/{id}/cancel",
	  OF_HOST, .action = "jobs.live.cancel", .body = INPUT(live_note_in, live_note_fields),
	  .reply = live_shape, .success = 200, .stmt = &stmt_live_cancel,
	  .zh = "取消活动", .en = "Cancel an event" },
	{ .name = "live_replay", .method = METHOD_POST, .path = "/v1/jobs/live-events/{id}/replay",
	  OF_HOST, .action = "jobs.live.replay", .body = INPUT(live_replay_in, live_replay_fields),
	  .reply = live_shape, .success = 200, .stmt = &stmt_live_replay,
	  .zh = "登记回放地址", .en = "Give the recording of an event" },
	{ .name = "live_invite", .method = METHOD_POST,
	  .path = "/v1/jobs/live-events/{id}/invitations", OF_HOST, .action = "jobs.live.invite",
	  .body = INPUT(live_org_in, live_org_fields), .reply = live_guest_shape,
	  .stmt = &stmt_live_invite, .zh = "邀请单位带岗", .en = "Invite an employer to show postings" },
	{ .name = "live_vacancy_add", .method = METHOD_POST,
	  .path = "/v1/jobs/live-events/{id}/vacancies", OF_HOST, .action = "jobs.live.vacancy_add",
	  .body = INPUT(live_vacancy_in, live_vacancy_fields), .reply = live_vacancy_shape,
	  .stmt = &stmt_live_vacancy_add, .zh = "加入带岗岗位", .en = "Show a posting at an event" },
	{ .name = "live_vacancy_drop", .method = METHOD_POST,
	  .path = "/v1/jobs/live-events/{id}/vacancies/remove", OF_HOST,
	  .action = "jobs.live.vacancy_drop", .body = INPUT(live_vacancy_in, live_vacancy_fields),
	  .reply = live_vacancy_shape, .success = 200, .stmt = &stmt_live_vacancy_drop,
	  .zh = "移出带岗岗位", .en = "Take a posting off an event" },
	{ .name = "live_sign_up", .method = METHOD_POST,
	  .path = "/v1/jobs/live-events/{id}/sign-ups", OF_PERSON, .action = "jobs.live.sign_up",
	  .stmt = &stmt_live_sign_up, .zh = "预约直播", .en = "Sign up for an event" },
	{ .name = "live_sign_off", .method = METHOD_POST,
	  .path = "/v1/jobs/live-events/{id}/sign-ups/cancel", OF_PERSON, .success = 200,
	  .action = "jobs.live.sign_off", .stmt = &stmt_live_sign_off,
	  .zh = "取消预约", .en = "Take a sign-up back" },
	{ .name = "live_visit", .method = METHOD_POST, .path = "/v1/jobs/live-events/{id}/visits",
	  OF_PERSON, .success = 200, .action = "jobs.live.visit", .stmt = &stmt_live_visit,
	  .zh = "观看心跳", .en = "Say that one is watching" },
	{ .name = "live_event_list", .method = METHOD_GET, .path = "/v1/jobs/live-events",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.live.list",
	  .query = INPUT(live_query, live_query_fields), .list = true, .reply = live_shape,
	  .stmt = &stmt_live_event_list, .limit = LIMIT_READ,
	  .zh = "直播带岗活动", .en = "List live recruitment events" },
	{ .name = "live_event_get", .method = METHOD_GET, .path = "/v1/jobs/live-events/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.live.get",
	  .reply = live_shape, .stmt = &stmt_live_event_get, .limit = LIMIT_READ,
	  .zh = "查看直播带岗活动", .en = "Read an event with its postings" },
	{ .name = "live_list_own", .method = METHOD_GET, .path = "/v1/jobs/own/live-events",
	  .callers = ROLE_EMPLOYER | ROLE_PARTNER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.live.list_own", .query = INPUT(live_own_query, live_own_query_fields),
	  .list = true, .reply = live_shape, .stmt = &stmt_live_list_own, .limit = LIMIT_READ,
	  .zh = "本单位或辖区内的活动", .en = "List the host's, or the area's, events in every state" },
	{ .name = "live_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/live-events",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.live.list_person",
	  .list = true, .reply = live_shape, .stmt = &stmt_live_list_person, .limit = LIMIT_READ,
	  .zh = "我预约的活动", .en = "List the events the caller signed up for" },
	ROUTE_END
};

/* Of an organisation it lies where that does; an officer says where, within the area. */
static int
live_propose(struct call *c)
{
	const struct live_in	*in = c->body;
	const struct principal	*who = c->principal;
	bool			 officer = !who->has_org;
	const char		*county = NULL, *kind;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 refused;

	if (!times_sound(c, in, &refused))
		return (refused);
	if (officer) {
		if (in->area_code == NULL)
			return (call_reject(c, ERR_F_MISSING, "/area_code"));
		if ((county = area_county(in->area_code)) == NULL)
			return (call_reject(c, ERR_F_AREA, "/area_code"));
		if (!call_in_area(c, in->area_code))
			return (call_reject(c, ERR_AREA, "/area_code"));
	}
	kind = officer ? "officer" :
	    principal_has(who, ROLE_PARTNER, NULL) ? "partner" : "employer";
	call_object(c, &id);
	if (sql_live_propose(c->db, &rows, &id, kind, officer ? NULL : &who->org,
	    in->host_name != NULL || !officer ? in->host_name : area_name(county), in->title,
	    in->intro, in->stream_url, in->starts_at, in->ends_at, county, in->area_code) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
live_change(struct call *c)
{
	const struct live_in	*in = c->body;
	struct db_rows		 rows;
	int			 refused;

	if (!times_sound(c, in, &refused))
		return (refused);
	if (sql_live_change(c->db, &rows, &c->id, in->host_name, in->title, in->intro,
	    in->stream_url, in->starts_at, in->ends_at) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Ahead of us, and at most a day long. */
static bool
times_sound(struct call *c, const struct live_in *in, int *refused)
{
	if (in->starts_at < clock_now_us())
		*refused = call_reject(c, ERR_JOBS_MEETING_PAST, "/starts_at");
	else if (in->ends_at <= in->starts_at || in->ends_at - in->starts_at > LENGTH_MOST)
		*refused = call_reject(c, ERR_F_DATE_ORDER, "/ends_at");
	else
		return (true);
	return (false);
}
