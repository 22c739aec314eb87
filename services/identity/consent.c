/*
 * consent.c -- what people agree to, purpose by purpose and, where data go to
 * somebody, recipient by recipient. Rules and events are in the statements.
 *
 * Invariant: a decision is added, never changed; what the law orders is told
 * but not asked, and so cannot be withdrawn.
 */
#include "identity.h"
#include "identity_sql.h"

struct consent_in {
	const char	*purpose;
	struct uuid	 org_id;
	int64_t		 text_version;
};

struct withdraw_in {
	const char	*purpose;
	struct uuid	 org_id;
};

static const struct field consent_in_fields[] = {
	FIELD_TEXT(consent_in, purpose, REQUIRED, 2, 40, "处理目的，见 consent-purposes"),
	FIELD_UUID(consent_in, org_id, OPTIONAL, "接收机构，仅在该目的要求时填写"),
	FIELD_INT(consent_in, text_version, REQUIRED, 1, 10000, "本人读到的告知文本版本"),
	FIELD_END
};

static const struct field withdraw_in_fields[] = {
	FIELD_TEXT(withdraw_in, purpose, REQUIRED, 2, 40, "处理目的"),
	FIELD_UUID(withdraw_in, org_id, OPTIONAL, "接收机构，仅在该目的要求时填写"),
	FIELD_END
};

static const struct shape purpose_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "处理目的" },
	{ .name = "zh", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "en", .type = SHAPE_T_TEXT, .help = "英文名称" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "consent 同意, statutory 法定职责" },
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "sensitive", .type = SHAPE_T_BOOL, .help = "涉及敏感个人信息，须单独同意" },
	{ .name = "revocable", .type = SHAPE_T_BOOL, .help = "可撤回" },
	{ .name = "needs_org", .type = SHAPE_T_BOOL, .help = "须指明接收机构" },
	{ .name = "default_given", .type = SHAPE_T_BOOL, .help = "未表示前视为开启" },
	{ .name = "text_version", .type = SHAPE_T_INT, .help = "现行告知文本版本" },
	{ .name = "text", .type = SHAPE_T_TEXT, .help = "现行告知文本" },
	SHAPE_END
};

static const struct shape consent_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "记录" },
	{ .name = "purpose", .type = SHAPE_T_TEXT, .help = "处理目的" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "接收机构" },
	{ .name = "given", .type = SHAPE_T_BOOL, .help = "true 同意, false 撤回" },
	{ .name = "text_version", .type = SHAPE_T_INT, .help = "告知文本版本" },
	{ .name = "channel", .type = SHAPE_T_TEXT, .help = "app 本人, assisted 窗口代办" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

static const struct shape consent_own_shape[] = {
	{ .name = "purpose", .type = SHAPE_T_TEXT, .help = "处理目的" },
	{ .name = "zh", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "en", .type = SHAPE_T_TEXT, .help = "英文名称" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "consent 同意, statutory 法定职责" },
	{ .name = "sensitive", .type = SHAPE_T_BOOL, .help = "敏感个人信息" },
	{ .name = "revocable", .type = SHAPE_T_BOOL, .help = "可撤回" },
	{ .name = "given", .type = SHAPE_T_BOOL, .help = "现在是否处理" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "接收机构" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "接收机构名称" },
	{ .name = "text_version", .type = SHAPE_T_INT, .nullable = true, .help = "读到的文本版本" },
	{ .name = "channel", .type = SHAPE_T_TEXT, .codes = "consent_channels", .nullable = true,
	  .help = "渠道" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "表示的时间" },
	SHAPE_END
};

static const struct shape consent_to_org_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "purpose", .type = SHAPE_T_TEXT, .help = "处理目的" },
	{ .name = "text_version", .type = SHAPE_T_INT, .help = "告知文本版本" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "同意的时间" },
	SHAPE_END
};

const struct route consent_routes[] = {
	{ .name = "consent_purpose_list", .method = METHOD_GET,
	  .path = "/v1/identity/consent-purposes",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.consent.purposes",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = purpose_shape,
	  .stmt = &stmt_consent_purpose_list, .limit = LIMIT_READ,
	  .zh = "个人信息处理目的与告知文本", .en = "What personal data are used for, with the notices" },
	{ .name = "consent_own", .method = METHOD_GET, .path = "/v1/identity/me/consents",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.consent.read",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = consent_own_shape,
	  .stmt = &stmt_consent_own, .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .zh = "本人授权现状", .en = "What one has agreed to" },
	{ .name = "consent_history", .method = METHOD_GET,
	  .path = "/v1/identity/me/consents/history",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.consent.read",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = consent_shape,
	  .stmt = &stmt_consent_history, .limit = LIMIT_READ,
	  .zh = "本人授权记录", .en = "Every decision one has made about one's data" },
	{ .name = "consent_give", .method = METHOD_POST, .path = "/v1/identity/me/consents",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.consent.give",
	  .body = INPUT(consent_in, consent_in_fields), .reply = consent_shape,
	  .stmt = &stmt_consent_give, .emits = "identity.consent.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "同意一项处理目的", .en = "Agree to a purpose" },
	{ .name = "consent_withdraw", .method = METHOD_POST,
	  .path = "/v1/identity/me/consents/withdraw",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.consent.withdraw",
	  .body = INPUT(withdraw_in, withdraw_in_fields), .reply = consent_shape, .success = 200,
	  .stmt = &stmt_consent_withdraw, .emits = "identity.consent.changed.v1",
	  .limit = LIMIT_WRITE,
	  .zh = "撤回一项同意", .en = "Withdraw consent to a purpose" },
	{ .name = "consent_to_org", .method = METHOD_GET, .path = "/v1/identity/consents",
	  .callers = ROLE_PARTNER | ROLE_EMPLOYER, .scope = SCOPE_ORG,
	  .action = "identity.consent.received", .query = INPUT(page_query, page_query_fields),
	  .list = true, .reply = consent_to_org_shape, .stmt = &stmt_consent_to_org,
	  .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "同意向本单位提供信息的人员", .en = "People who let one's organisation see their data" },
	ROUTE_END
};
