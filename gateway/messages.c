/*
 * messages.c -- /v1/messages: what the services have told the caller, as one
 * list, counted and marked as read (shared/workflow/message.h).
 */
#include "matters.h"
#include "workflow/message.h"

static int	message_list(struct call *);
static int	message_unread(struct call *);
static int	message_read(struct call *);
static int	message_take(struct call *);
static int	message_move(struct call *, const char *);
static int	message_read_all(struct call *);
static int	message_sum(struct call *, enum method, const char *);
static bool	is_service(const char *);

static const struct field list_fields[] = {
	FIELD_BOOL(message_query, unread, OPTIONAL, "只列未读、尚待办的"),
	FIELD_CHECK(message_query, kind, OPTIONAL, message_kind, "消息类型"),
	FIELD_BOOL(message_query, untaken, OPTIONAL, "只列本岗位尚无人领办的"),
	FIELD_END
};
static const struct field count_fields[] = {
	FIELD_CHECK(message_query, kind, OPTIONAL, message_kind, "消息类型"),
	FIELD_END
};

const struct route door_message_routes[] = {
	{ .name = "message_list", .method = METHOD_GET, .path = "/v1/messages",
	  .callers = ROLE_TOLD, .scope = SCOPE_CALLER, .action = "message.list",
	  .query = INPUT(message_query, list_fields), .list = true, .partial = true,
	  .reply = message_shape, .handler = message_list, .limit = LIMIT_READ,
	  .zh = "我的消息和待办（各服务合并）", .en = "All of the caller's messages, of every service" },
	{ .name = "message_unread", .method = METHOD_GET, .path = "/v1/messages/unread",
	  .callers = ROLE_TOLD, .scope = SCOPE_CALLER, .action = "message.unread",
	  .query = INPUT(message_query, count_fields),
	  .reply = message_count_shape, .handler = message_unread, .limit = LIMIT_READ,
	  .zh = "未读消息条数", .en = "Count the caller's unread messages" },
	{ .name = "message_read", .method = METHOD_POST, .path = "/v1/messages/{service_name}/{id}/read",
	  .callers = ROLE_TOLD, .scope = SCOPE_CALLER, .action = "message.read",
	  .reply = message_shape, .success = 200, .handler = message_read, .limit = LIMIT_WRITE,
	  .zh = "标为已读", .en = "Mark a message as read" },
	{ .name = "message_take", .method = METHOD_POST, .path = "/v1/messages/{service_name}/{id}/take",
	  .callers = ROLE_OFFICERS, .scope = SCOPE_CALLER, .action = "message.take",
	  .reply = message_shape, .success = 200, .handler = message_take, .limit = LIMIT_WRITE,
	  .zh = "领办岗位消息", .en = "Take on what a desk was told" },
	{ .name = "message_read_all", .method = METHOD_POST, .path = "/v1/messages/read",
	  .callers = ROLE_TOLD, .scope = SCOPE_CALLER, .action = "message.read_all",
	  .reply = message_count_shape, .success = 200, .handler = message_read_all,
	  .limit = LIMIT_WRITE, .zh = "全部标为已读", .en = "Mark all messages as read" },
	ROUTE_END
};

static int
message_list(struct call *c)
{
	const struct message_query	*q = c->query;

	return (fan_list(c, "/internal/me/messages", arena_printf(c->arena, "%s%s%s%s",
	    q->unread ? "&unread=true" : "", q->untaken ? "&untaken=true" : "",
	    q->kind != NULL ? "&kind=" : "", q->kind != NULL ? q->kind : ""), NULL));
}

static int
message_unread(struct call *c)
{
	const struct message_query	*q = c->query;

	return (message_sum(c, METHOD_GET, arena_printf(c->arena, "/internal/me/messages/unread%s%s",
	    q->kind != NULL ? "?kind=" : "", q->kind != NULL ? q->kind : "")));
}

static int
message_read_all(struct call *c)
{
	return (message_sum(c, METHOD_POST, "/internal/me/messages/read"));
}

static int
message_read(struct call *c)
{
	return (message_move(c, "read"));
}

static int
message_take(struct call *c)
{
	return (message_move(c, "take"));
}

static int
message_move(struct call *c, const char *verb)
{
	struct uuid		 id = call_param_uuid(c, "id");
	char			 text[UUID_TEXT];
	struct http_result	 r;
	struct ask		 ask = { .service = call_param(c, "service_name"), .method = METHOD_POST };

	ask.path = arena_printf(c->arena, "/internal/me/messages/%s/%s", uuid_format(&id, text), verb);
	ask.key = call_key(c)[0] != '\0' ? call_key(c) : NULL;
	if (!is_service(ask.service))
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (fan_ask(c, &ask, &r) == -1)
		return (fan_down(c));
	if (r.status != 200)
		return (fan_refuse(c, &r, NULL));
	return (call_reply(c, 200, arena_strndup(c->arena, r.body.p, r.body.len)));
}

/* What each service counts, added up; all of them or none. Reading twice harms nobody. */
static int
message_sum(struct call *c, enum method method, const char *path)
{
	struct ask		 ask = { .method = method, .path = path };
	const struct json	*said;
	struct http_result	 r;
	int64_t			 n, sum = 0;
	size_t			 i;

	for (i = 0; backend_at(i) != NULL; i++) {
		ask.service = backend_at(i)->name;
		if (fan_ask(c, &ask, &r) == -1)
			return (fan_down(c));
		if (r.status != 200)
			return (fan_refuse(c, &r, NULL));
		said = json_parse(c->arena, r.body.p, r.body.len);
		if (!json_integer(json_get(said, "count"), &n))
			return (fan_down(c));
		sum += n;
	}
	return (call_reply(c, 200, arena_printf(c->arena, "{\"count\":%lld}", (long long)sum)));
}

static bool
is_service(const char *name)
{
	size_t	i;

	for (i = 0; backend_at(i) != NULL; i++)
		if (strcmp(backend_at(i)->name, name) == 0)
			return (true);
	return (false);
}
