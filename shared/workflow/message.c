/*
 * message.c -- messages of one service, read and marked as read by whoever
 * they are for: people, organisations, officers. Whose a message is, is
 * row-level security's affair; a desk's is each of its officers' to read, and one's
 * to take.
 */
#include "workflow/message.h"
#include "base/log.h"
#include "conf/conf.h"
#include "platform_sql.h"

#define KIND_MAX	60

static const struct field message_query_fields[] = {
	FIELD_UUID(message_query, before, OPTIONAL, "只列更早的"),
	FIELD_BOOL(message_query, unread, OPTIONAL, "只列未读"),
	FIELD_CHECK(message_query, kind, OPTIONAL, message_kind, "消息类型"),
	FIELD_BOOL(message_query, untaken, OPTIONAL, "只列本岗位尚无人领办的"),
	FIELD_END
};
static const struct field count_query_fields[] = {
	FIELD_CHECK(message_query, kind, OPTIONAL, message_kind, "消息类型"),
	FIELD_END
};

const struct shape message_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "消息" },
	{ .name = "service", .type = SHAPE_T_TEXT, .help = "发出消息的服务" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "消息类型" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "标题" },
	{ .name = "body", .type = SHAPE_T_TEXT, .help = "正文" },
	{ .name = "subject_kind", .type = SHAPE_T_TEXT, .nullable = true, .help = "所说之物" },
	{ .name = "subject_id", .type = SHAPE_T_UUID, .nullable = true, .help = "所说之物的标识" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	{ .name = "read_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "本人阅读时间" },
	{ .name = "desk_role", .type = SHAPE_T_TEXT, .codes = "roles", .nullable = true, .help = "发给哪个岗位；空：发给本人、本单位" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "岗位所在县级单位，市级为 431100" },
	{ .name = "taken_by", .type = SHAPE_T_UUID, .nullable = true, .help = "由谁领办" },
	{ .name = "taken_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "领办时间" },
	{ .name = "done_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "所办之事已有人办理的时间" },
	SHAPE_END
};

const struct shape message_count_shape[] = {
	{ .name = "count", .type = SHAPE_T_INT, .help = "条数" },
	SHAPE_END
};

const struct route message_routes[] = {
	{ .name = "message_list", .method = METHOD_GET, .path = "/internal/me/messages",
	  .callers = ROLE_TOLD, .scope = SCOPE_CALLER, .action = "message.list",
	  .query = INPUT(message_query, message_query_fields), .list = true,
	  .reply = message_shape, .stmt = &stmt_message_list, .limit = LIMIT_READ,
	  .zh = "本人、本单位、本岗位的消息", .en = "List the caller's messages" },
	{ .name = "message_unread", .method = METHOD_GET, .path = "/internal/me/messages/unread",
	  .callers = ROLE_TOLD, .scope = SCOPE_CALLER, .action = "message.unread",
	  .query = INPUT(message_query, count_query_fields),
	  .reply = message_count_shape, .stmt = &stmt_message_unread, .limit = LIMIT_READ,
	  .zh = "未读消息条数", .en = "Count the caller's unread messages" },
	{ .name = "message_read", .method = METHOD_POST, .path = "/internal/me/messages/{id}/read",
	  .callers = ROLE_TOLD, .scope = SCOPE_CALLER, .action = "message.read",
	  .reply = message_shape, .success = 200, .stmt = &stmt_message_read, .limit = LIMIT_WRITE,
	  .zh = "标为已读", .en = "Mark a message as read" },
	{ .name = "message_take", .method = METHOD_POST, .path = "/internal/me/messages/{id}/take",
	  .callers = ROLE_OFFICERS, .scope = SCOPE_CALLER, .action = "message.take",
	  .reply = message_shape, .success = 200, .stmt = &stmt_message_take, .limit = LIMIT_WRITE,
	  .zh = "领办岗位消息", .en = "Take on what a desk was told" },
	{ .name = "message_read_all", .method = METHOD_POST, .path = "/internal/me/messages/read",
	  .callers = ROLE_TOLD, .scope = SCOPE_CALLER, .action = "message.read_all",
	  .reply = message_count_shape, .success = 200, .stmt = &stmt_message_read_all,
	  .limit = LIMIT_WRITE, .zh = "全部标为已读", .en = "Mark all messages as read" },
	ROUTE_END
};

/* Small letters, digits, points and underscores: it goes on in an address as it is. */
int
message_kind(const char *text)
{
	size_t	n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_.");

	return (n > 0 && n <= KIND_MAX && text[n] == '\0' ? 0 : ERR_F_FORMAT);
}

void
message_sweep(void)
{
	struct arena	a;
	struct db	db;
	struct db_rows	rows;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_message_sweep(&db, &rows, (int32_t)conf_int(CONF_MESSAGE_DAYS)) == -1 || db_commit(&db) == -1)
		log_warn("officers' messages were not swept; they will be next time");
	db_rollback(&db);
	arena_release(&a);
}
