/*
 * place_right.c -- 下放权限: which matters the outlet of a place may handle,
 * given for a time by an approving officer and taken back with a reason.
 * Identity passes the lists on to every program, whose dispatcher holds each
 * clerk to them (shared/http/outlets.c). The SQL is in
 * sql/jobs/queries/place.sql.
 */
#include "place.h"
#include "jobs_sql.h"
#include "workflow/matter.h"

struct place_right_in {
	const char	*matter_code;
	int32_t		 from_on, to_on;
};

struct place_right_end_in {
	const char	*why;
};

struct place_right_query {
	struct uuid	 place_id;
	const char	*matter_code;
};

static int	place_right_give(struct call *);

static const struct field place_right_in_fields[] = {
	FIELD_TEXT(place_right_in, matter_code, REQUIRED, 5, 5, "事项编码"),
	FIELD_DAY(place_right_in, from_on, OPTIONAL, "起始日期，默认今天"),
	FIELD_DAY(place_right_in, to_on, OPTIONAL, "截止日期，默认至收回"),
	FIELD_END
};

static const struct field place_right_end_fields[] = {
	FIELD_TEXT(place_right_end_in, why, REQUIRED, 2, 200, "收回理由"),
	FIELD_END
};

static const struct field place_right_query_fields[] = {
	FIELD_UUID(place_right_query, place_id, OPTIONAL, "场所"),
	FIELD_TEXT(place_right_query, matter_code, OPTIONAL, 5, 5, "事项编码"),
	FIELD_END
};

static const struct shape place_right_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "下放权限" },
	{ .name = "place_id", .type = SHAPE_T_UUID, .help = "场所" },
	{ .name = "matter_code", .type = SHAPE_T_TEXT, .help = "事项编码" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "止" },
	{ .name = "given_by", .type = SHAPE_T_UUID, .help = "授予人" },
	{ .name = "given_at", .type = SHAPE_T_INSTANT, .help = "授予时间" },
	{ .name = "withdrawn_by", .type = SHAPE_T_UUID, .nullable = true, .help = "收回人" },
	{ .name = "withdrawn_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "收回时间" },
	{ .name = "why", .type = SHAPE_T_TEXT, .nullable = true, .help = "收回理由" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	SHAPE_END
};

const struct route place_right_routes[] = {
	{ .name = "place_right_give", .method = METHOD_POST, .path = "/v1/jobs/places/{id}/rights",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.place_right.give",
	  .body = INPUT(place_right_in, place_right_in_fields), .reply = place_right_shape,
	  .handler = place_right_give, .emits = "jobs.place.delegated.v1", .limit = LIMIT_WRITE,
	  .zh = "向网点下放办理权限", .en = "Delegate a matter to a place's outlet" },
	{ .name = "place_right_withdraw", .method = METHOD_POST,
	  .path = "/v1/jobs/place-rights/{id}/withdraw",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.place_right.withdraw",
	  .body = INPUT(place_right_end_in, place_right_end_fields), .reply = place_right_shape,
	  .success = 200, .stmt = &stmt_place_right_withdraw, .emits = "jobs.place.delegated.v1",
	  .limit = LIMIT_WRITE, .zh = "收回下放的办理权限", .en = "Withdraw a delegated matter" },
	{ .name = "place_right_list", .method = METHOD_GET, .path = "/v1/jobs/place-rights",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.place_right.list",
	  .query = INPUT(place_right_query, place_right_query_fields), .list = true,
	  .reply = place_right_shape, .stmt = &stmt_place_right_list, .limit = LIMIT_READ,
	  .zh = "下放的办理权限，含历史", .en = "Delegated matters, with history" },
	ROUTE_END
};

static int
place_right_give(struct call *c)
{
	const struct place_right_in	*in = c->body;
	struct uuid			 id = uuid_new();
	int32_t				 from = in->from_on == DAY_NONE ? clock_today() : in->from_on;
	struct db_rows			 rows;

	if (matter_find(in->matter_code) == NULL)
		return (call_reject(c, ERR_F_CHOICE, "/matter_code"));
	if (from < clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/from_on"));
	if (in->to_on != DAY_NONE && in->to_on < from)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	call_object(c, &id);
	if (sql_place_right_give(c->db, &rows, &c->id, &id, in->matter_code, from, in->to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
