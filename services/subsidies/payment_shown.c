/*
 * payment_shown.c -- where the money is, for those it goes to; and the lists
 * of what was paid and what came back, for everybody, with names masked.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "subsidies_sql.h"

struct published_query {
	const char	*kind;
	const char	*policy_code;
	const char	*county_code;
};

static const char *const kinds[] = { "paid", "returned", NULL };

static const struct field published_query_fields[] = {
	FIELD_ENUM(published_query, kind, OPTIONAL, kinds, "已付或者退回"),
	FIELD_TEXT(published_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_CHECK(published_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_END
};

static const struct shape my_payment_shape[] = {
	{ .name = "pay_no", .type = SHAPE_T_TEXT, .help = "支付编号" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "申领" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "政策" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "account_masked", .type = SHAPE_T_TEXT, .help = "收款账号（脱敏）" },
	{ .name = "stage", .type = SHAPE_T_TEXT, .help = "到哪一步：requested 待拨款，at_bank 已送银行，paid 已付，returned 已退回" },
	{ .name = "day", .type = SHAPE_T_DAY, .help = "该步的日期" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "退回原因" },
	{ .name = "resend_of", .type = SHAPE_T_TEXT, .nullable = true, .help = "此前的支付编号" },
	SHAPE_END
};

static const struct shape published_shape[] = {
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "已付或者退回" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "政策" },
	{ .name = "payee_name", .type = SHAPE_T_TEXT, .help = "收款人；个人的脱敏" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "day", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "退回原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

const struct route payment_shown_routes[] = {
	{ .name = "my_payment_list", .method = METHOD_GET, .path = "/v1/subsidies/my/payments",
	  .callers = ROLE_PAYEES, .scope = SCOPE_CALLER,
	  .action = "subsidies.payment.mine", .list = true, .reply = my_payment_shape,
	  .stmt = &stmt_my_payment_list, .limit = LIMIT_READ,
	  .zh = "我的补贴款到哪一步了", .en = "Where my money is" },
	{ .name = "published_payment_list", .method = METHOD_GET,
	  .path = "/v1/subsidies/published-payments",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.payment.published",
	  .query = INPUT(published_query, published_query_fields), .list = true,
	  .reply = published_shape, .stmt = &stmt_published_payment_list, .limit = LIMIT_READ,
	  .zh = "已付和退回名单（脱敏）", .en = "What was paid and what came back, masked" },
	ROUTE_END
};
