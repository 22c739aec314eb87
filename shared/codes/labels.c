/*
 * labels.c -- the words of all our interfaces with their official labels.
 *
 * A word means the same in every service, so one table serves the whole city;
 * a test holds it against the tables' CHECK constraints and the published
 * document, so a new word without a label is found.
 */
#include <string.h>

#include "codes/codes.h"
#include "codes/roles.h"

#define END		{ NULL, NULL }
#define WORDS(n, t, ...)	\
	{ .name = n, .title = t, .labels = (const struct code_label[]){ __VA_ARGS__, END } }

#define ROLE_ROW(id, name, zh)	{ name, zh },
static const struct code_label roles[] = { ROLE_TABLE(ROLE_ROW) END };
#undef ROLE_ROW

static const struct code_list lists[] = {
	/* identity */
	{ .name = "roles", .title = "角色", .labels = roles },
	WORDS("services", "业务",
	    { "identity", "身份认证" }, { "jobs", "招聘就业" }, { "training", "技能培训" },
	    { "entrepreneurship", "创业服务" }, { "subsidies", "政策补贴" }, { "monitoring", "监测调度" },
	    { "gateway", "统一入口" }),
	WORDS("org_kinds", "单位类型",
	    { "enterprise", "企业" }, { "institution", "事业单位" }, { "public_body", "机关" },
	    { "association", "社会组织" }, { "sole_trader", "个体工商户" },
	    { "agency", "人力资源服务机构" }, { "carrier", "创业载体" }),
	WORDS("org_member_titles", "单位经办身份",
	    { "legal", "法定代表人" }, { "agent", "经办人" }),
	WORDS("session_methods", "登录方式",
	    { "text_code", "短信验证码" }, { "password_totp", "口令和动态码" },
	    { "recovery_code", "口令和恢复码" }, { "acting", "代表单位" },
	    { "assisted", "窗口协助办理" }),
	WORDS("org_member_rights", "单位经办权限",
	    { "post", "发布岗位" }, { "hire", "录用登记" }, { "claim", "补贴申领" },
	    { "account", "收款账户" }, { "manage", "管理经办人" }),
	WORDS("org_states", "单位状态",
	    { "pending", "待确认" }, { "confirmed", "已确认" }, { "refused", "不予确认" }),
	WORDS("org_legal_kinds", "法定代表人确认事由",
	    { "first", "单位注册" }, { "change", "变更法定代表人" }),
	WORDS("org_legal_sources", "法定代表人确认来源",
	    { "self", "本人声明" }, { "register", "登记机关数据比对" }, { "officer", "人工核实" }),
	WORDS("org_legal_decisions", "法定代表人确认意见",
	    { "confirm", "确认" }, { "refuse", "不予确认" }),
	WORDS("org_invitation_states", "经办邀请状态",
	    { "open", "待接受" }, { "accepted", "已接受" }, { "declined", "已谢绝" },
	    { "withdrawn", "已撤回" }),
	WORDS("text_code_purposes", "验证码用途",
	    { "sign_in", "登录或注册" }, { "assist", "窗口帮办" }, { "phone", "变更手机号码" }),
	WORDS("text_states", "短信状态",
	    { "queued", "待发送" }, { "sent", "已发送" }, { "failed", "发送失败" }),
	WORDS("real_name_states", "实名核验结果",
	    { "unverified", "未核验" }, { "matched", "一致" }, { "mismatched", "不一致" }),
	WORDS("real_name_sources", "实名核验来源",
	    { "ministry", "权威数据比对" }, { "officer", "人工核验证件" }),
	WORDS("outlet_kinds", "网点类型",
	    { "hall", "政务大厅窗口" }, { "town", "乡镇（街道）服务站" }, { "village", "村（社区）服务点" },
	    { "station", "乐业小站" }, { "fuel", "就业加油站" }),
	WORDS("assist_methods", "帮办核验方式", { "code", "短信验证码" }, { "card", "居民身份证" }),
	WORDS("signing_key_states", "签名密钥状态",
	    { "next", "待启用" }, { "active", "使用中" }, { "retired", "已停用" },
	    { "withdrawn", "已撤下" }),
	WORDS("signing_algs", "签名算法", { "RS256", "RSA-SHA256" }, { "ES256", "ECDSA-SHA256（P-256）" }),
	WORDS("client_types", "客户端类型",
	    { "app", "个人端应用" }, { "web", "工作人员网页" }, { "partner", "合作机构系统" }),
	WORDS("client_auths", "客户端认证方式",
	    { "none", "公开客户端（PKCE）" }, { "client_secret", "密钥" },
	    { "private_key_jwt", "私钥签名断言" }),
	WORDS("oauth_grants", "授权类型",
	    { "client_credentials", "客户端凭据" }, { "authorization_code", "授权码" },
	    { "refresh_token", "刷新令牌" }),
	WORDS("consent_bases", "个人信息处理依据", { "consent", "本人同意" }, { "statutory", "法定职责" }),
	WORDS("consent_channels", "同意渠道", { "app", "本人自助" }, { "assisted", "窗口代办" }),
	WORDS("data_request_kinds", "个人信息申请",
	    { "correct", "更正" }, { "erase", "删除" }, { "copy", "复制" }),
	WORDS("data_request_fields", "可更正项目", { "name", "姓名" }, { "id_number", "公民身份号码" },
	    { "birth_on", "出生日期" }, { "sex", "性别" }, { "area_code", "常住地" }),
	WORDS("data_request_states", "个人信息申请状态",
	    { "filed", "已提交" }, { "taken", "已受理" }, { "proposed", "待第二人确认" },
	    { "done", "已办结" }, { "restricted", "已限制处理" }, { "refused", "不予同意" }),
	WORDS("data_request_decisions", "个人信息申请意见", { "accept", "同意" }, { "refuse", "不同意" }),
	WORDS("retention_bases", "保存依据",
	    { "service_record", "服务记录" }, { "payment_voucher", "支付凭证" }),
	WORDS("merge_states", "重复登记合并状态",
	    { "proposed", "待确认" }, { "merged", "已合并" }, { "rejected", "不予合并" },
	    { "undo_proposed", "待确认撤销" }, { "undone", "已撤销" }),
	WORDS("merge_signals", "疑似重复登记的依据",
	    { "name_birth", "姓名和出生日期相同" }, { "old_number", "更正前的号码" },
	    { "id15", "15位旧号码" }, { "phone", "用过同一手机号码" }),
	WORDS("merge_decisions", "合并意见", { "accept", "同意" }, { "reject", "不同意" }),
	WORDS("unmask_kinds", "明文查看方式", { "unmask", "查看明文" }, { "search", "按号码查找" }),
	WORDS("unmask_fields", "明文查看项目",
	    { "id_number", "公民身份号码" }, { "name", "姓名" }, { "phone", "手机号码" }),
	WORDS("unmask_reasons", "明文查看理由",
	    { "case_review", "业务审核" }, { "identity_check", "身份核验" }, { "contact", "联系本人" },
	    { "payment_check", "核对收款账户" }, { "complaint", "投诉处理" }, { "audit", "审计监督" }),
	WORDS("person_search_keys", "查找方式", { "id_number", "公民身份号码" }, { "phone", "手机号码" }),
	WORDS("security_alert_kinds", "安全告警",
	    { "unmask_often", "频繁查看明文" }, { "search_often", "频繁按号码查找" }),

	WORDS("officer_states", "工作人员账号状态",
	    { "invited", "待启用" }, { "active", "正常" }, { "disabled", "已停用" }),
	WORDS("enrolment_kinds", "启用方式", { "account", "账号启用" }, { "totp", "更换身份验证器" }),

	WORDS("grant_states", "授权状态",
	    { "proposed", "待第二人确认" }, { "active", "有效" }, { "ended", "已终止" }),
	WORDS("grant_data_scopes", "授权数据范围", { "area", "辖区" }, { "outlet", "本网点" }),

	WORDS("right_data_scopes", "权限数据范围",
	    { "own", "本人" }, { "own_organisation", "本单位" }, { "own_outlet", "本网点" },
	    { "area", "辖区" }, { "all", "全部" }),

	/* jobs */
#include "labels_jobs.def"

#include "labels_training.def"
#include "labels_entrepreneurship.def"
#include "labels_subsidies.def"
#include "labels_selection.def"

	/* cases, of every service */
	WORDS("case_states", "办件状态",
	    { "accepted", "已受理" }, { "in_progress", "办理中" }, { "waiting", "待申请人处理" },
	    { "done", "已办结" }, { "refused", "不予办理" }, { "withdrawn", "已撤回" }),
	WORDS("case_steps", "办件环节",
	    { "submit", "提交" }, { "interview", "邀请面试" }, { "offered", "拟录用" },
	    { "accepted", "接受录用" }, { "no_show", "未到场" },
	    { "planned", "审核通过" }, { "assigned", "安排展位" }, { "waiting", "候补" },
	    { "refused", "不予安排" }, { "applied", "申请" }, { "checking", "送审" }, { "live", "开播" },
	    { "cancelled", "取消" },
	    { "hired", "录用" }, { "rejected", "未录用或不予发放" }, { "withdrawn", "撤回" },
	    { "ended", "终止或注销" }, { "open", "恢复招聘" }, { "paused", "暂停招聘" },
	    { "filled", "招满" }, { "closed", "关闭" }, { "running", "开班" },
	    { "examined", "考核" }, { "completed", "结业" }, { "certified", "发证" },
	    { "left", "退出载体" }, { "sent_back", "退回修改" },
	    { "expired", "过期" }, { "merged", "并入重复岗位" }, { "found", "系统发现" }, { "notified", "退回单位确认" },
	    { "confirmed", "确认收款账户" }, { "declined", "放弃" }, { "first_reviewed", "初审" },
	    { "rechecked", "复核" }, { "approved", "审批" }, { "public", "公示" },
	    { "payable", "待拨付" }, { "batched", "编入拨付批次" }, { "paid", "已拨付" },
	    { "returned", "银行退回" }, { "suspended", "暂停办理" },
	    { "dismissed", "异议不成立" }, { "upheld", "异议成立" }),
	WORDS("case_actors", "办件经手方",
	    { "person", "个人" }, { "org", "单位" }, { "officer", "工作人员" }, { "system", "系统" }),

	/* monitoring */
#include "labels_monitoring.def"
};

const struct code_list *
codes_words(size_t *n)
{
	*n = NITEMS(lists);
	return (lists);
}

const struct code_list *
code_list_named(const char *name, size_t len)
{
	const struct code_list	*of[2];
	size_t			 n[2], i, k;

	of[0] = codes_lists(&n[0]);	/* the few that are asked for most */
	of[1] = codes_words(&n[1]);
	for (k = 0; k < NITEMS(of); k++)
		for (i = 0; i < n[k]; i++)
			if (strncmp(of[k][i].name, name, len) == 0 && of[k][i].name[len] == '\0')
				return (&of[k][i]);
	return (NULL);
}

const char *
code_list_label(const struct code_list *l, const char *code)
{
	struct code_item	 item;

	return (code_list_find(l, code, &item) ? item.name : NULL);
}
