/*
 * accesses.c -- /v1/me/accesses: who looked at the caller's data, in every
 * service, as one list (shared/http/AUDIT.md).
 */
#include "matters.h"
#include "http/audit.h"

static int	access_list(struct call *);

const struct route access_routes[] = {
	{ .name = "access_list", .method = METHOD_GET, .path = "/v1/me/accesses",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "audit.accesses",
	  .list = true, .partial = true, .reply = audit_access_shape, .handler = access_list,
	  .limit = LIMIT_READ,
	  .zh = "谁查看过我的信息（各服务合并）", .en = "Who looked at the caller's data, in every service" },
	ROUTE_END
};

static int
access_list(struct call *c)
{
	return (fan_list(c, "/internal/me/accesses", "", NULL));
}
