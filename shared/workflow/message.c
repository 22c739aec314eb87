/*
 * message.c -- messages of one service, read and marked as read by whoever
 * they are for. Whose a message is, is row-level security's affair.
 */
#include "workflow/message.h"
#include "platform_sql.h"

static const struct field message_query_fields[] = {
	FIELD_UUID(message_query, before, OPTIONAL, "只列更早的"),
	FIELD_BOOL(message_query, unread, OPTIONAL, "只列未读"),
	FIELD_TEXT(message_query, kind, OPTIONAL, 1, 60, "消息类型"),
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
	{ .name = "read_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "阅读时间" },
	SHAPE_END
};

const struct shape message_count_shape[] = {
	{ .name = "count", .type = SHAPE_T_INT, .help = "条数" },
	SHAPE_END
};

const struct route message_routes[] = {
	{ .name = "message_list", .method = METHOD_GET, .path = "/internal/me/messages",
	  .callers = ROLE_SERVED, .scope = SCOPE_CALLER, .action = "message.list",
	  .query = INPUT(message_query, message_query_fields), .list = true,
	  .reply = message_shape, .stmt = &stmt_message_list, .limit = LIMIT_READ,
	  .zh = "本人、本单位的消息", .en = "List the caller's messages" },
	{ .name = "message_unread", .method = METHOD_GET, .path = "/internal/me/messages/unread",
	  .callers = ROLE_SERVED, .scope = SCOPE_CALLER, .action = "message.unread",
	  .reply = message_count_shape, .stmt = &stmt_message_unread, .limit = LIMIT_READ,
	  .zh = "未读消息条数", .en = "Count the caller's unread messages" },
	{ .name = "message_read", .method = METHOD_POST, .path = "/internal/me/messages/{id}/read",
	  .callers = ROLE_SERVED, .scope = SCOPE_CALLER, .action = "message.read",
	  .reply = message_shape, .success = 200, .stmt = &stmt_message_read, .limit = LIMIT_WRITE,
	  .zh = "标为已读", .en = "Mark a message as read" },
	{ .name = "message_read_all", .method = METHOD_POST, .path = "/internal/me/messages/read",
	  .callers = ROLE_SERVED, .scope = SCOPE_CALLER, .action = "message.read_all",
	  .reply = message_count_shape, .success = 200, .stmt = &stmt_message_read_all,
	  .limit = LIMIT_WRITE, .zh = "全部标为已读", .en = "Mark all messages as read" },
	ROUTE_END
};
