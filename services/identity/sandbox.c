/*
 * sandbox.c -- development aids, there only while YJY_SANDBOX is on: the last
 * text message to a phone, and the business clock of the whole city. Outside
 * a sandbox these paths do not exist.
 */
#include "identity.h"
#include "base/clock.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

struct phone_query {
	const char	*phone;
};

struct clock_in {
	int64_t		 to_at;
	int64_t		 days;
};

static int	message_read(struct call *);
static int	clock_read(struct call *);
static int	clock_set(struct call *);
static int	clock_reply(struct call *);

static const struct field phone_query_fields[] = {
	FIELD_CHECK(phone_query, phone, REQUIRED, check_mobile, "手机号码"),
	FIELD_END
};

static const struct field clock_in_fields[] = {
	FIELD_INSTANT(clock_in, to_at, OPTIONAL, "移到这一时刻"),
	FIELD_INT(clock_in, days, OPTIONAL, 0, 3650, "或向后移动天数"),
	FIELD_END
};

static const struct shape message_shape[] = {
	{ .name = "body", .type = SHAPE_T_TEXT, .help = "短信内容" },
	{ .name = "sent_at", .type = SHAPE_T_INSTANT, .help = "发送时间" },
	SHAPE_END
};

static const struct shape clock_shape[] = {
	{ .name = "now", .type = SHAPE_T_INSTANT, .help = "业务时间" },
	{ .name = "today", .type = SHAPE_T_DAY, .help = "业务日期" },
	{ .name = "working_day", .type = SHAPE_T_BOOL, .help = "是否工作日" },
	SHAPE_END
};

const struct route sandbox_routes[] = {
	{ .name = "sandbox_message", .method = METHOD_GET, .path = "/v1/identity/sandbox/message",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "sandbox.message",
	  .query = INPUT(phone_query, phone_query_fields), .reply = message_shape,
	  .handler = message_read, .lane = DB_SYSTEM,
	  .zh = "沙箱：查看最近短信", .en = "Sandbox: last text message" },
	{ .name = "sandbox_clock", .method = METHOD_GET, .path = "/v1/identity/sandbox/clock",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "sandbox.clock",
	  .reply = clock_shape, .handler = clock_read,
	  .zh = "沙箱：业务时间", .en = "Sandbox: business time" },
	{ .name = "sandbox_clock_set", .method = METHOD_POST, .path = "/v1/identity/sandbox/clock",
	  .callers = ROLE_SYSTEM_ADMIN, .scope = SCOPE_PUBLIC, .action = "sandbox.clock.set",
	  .body = INPUT(clock_in, clock_in_fields), .reply = clock_shape, .success = 200,
	  .handler = clock_set, .key = KEY_NONE,
	  .zh = "沙箱：移动业务时间", .en = "Sandbox: move business time" },
	ROUTE_END
};

static int
message_read(struct call *c)
{
	const struct phone_query	*q = c->query;
	struct db_rows			 rows;

	if (!conf_bool(CONF_SANDBOX))
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (sql_message_last(c->db, &rows, blind_index(c->arena, "phone", q->phone)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
clock_read(struct call *c)
{
	if (!conf_bool(CONF_SANDBOX))
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	return (clock_reply(c));
}

static int
clock_set(struct call *c)
{
	const struct clock_in	*in = c->body;
	int64_t			 to;

	if (!conf_bool(CONF_SANDBOX))
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	to = in->to_at > 0 ? in->to_at : clock_now_us() + in->days * 86400 * INT64_C(1000000);
	if (clock_move(to) == -1)
		return (call_reject(c, ERR_DOWN, NULL));
	return (clock_reply(c));
}

static int
clock_reply(struct call *c)
{
	char	now[INSTANT_TEXT], today[DAY_TEXT];

	return (call_reply(c, 200, arena_printf(c->arena,
	    "{\"now\":\"%s\",\"today\":\"%s\",\"working_day\":%s}",
	    instant_format(clock_now_us(), now), day_format(clock_today(), today),
	    day_is_working(clock_today()) ? "true" : "false")));
}
