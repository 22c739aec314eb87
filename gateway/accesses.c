/*
 * accesses.c -- /v1/me/accesses: who looked at the caller's data, in every
 * service, as one list (shared/http/AUDIT.md).
 */
#include "matters.h"

static int	access_list(struct call *);

static const struct shape access_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "记录" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	{ .name = "service", .type = SHAPE_T_TEXT, .help = "服务" },
	{ .name = "role", .type = SHAPE_T_TEXT, .help = "角色" },
	{ .name = "office", .type = SHAPE_T_TEXT, .help = "单位所在地区" },
	{ .name = "client", .type = SHAPE_T_TEXT, .nullable = true, .help = "客户端" },
	{ .name = "action", .type = SHAPE_T_TEXT, .help = "操作" },
	{ .name = "purpose", .type = SHAPE_T_TEXT, .help = "办理什么" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "事由" },
	{ .name = "result", .type = SHAPE_T_TEXT, .help = "done 已办，refused 被拒" },
	SHAPE_END
};

const struct route access_routes[] = {
	{ .name = "access_list", .method = METHOD_GET, .path = "/v1/me/accesses",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "audit.accesses",
	  .list = true, .partial = true, .reply = access_shape, .handler = access_list,
	  .limit = LIMIT_READ,
	  .zh = "谁查看过我的信息（各服务合并）", .en = "Who looked at the caller's data, in every service" },
	ROUTE_END
};

static int
access_list(struct call *c)
{
	return (fan_list(c, "/internal/me/accesses", "", NULL));
}
