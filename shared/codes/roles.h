/*
 * roles.h -- the roles there are, by the name they travel under and their
 * official name. Who may hold them, and what they may do, is auth.h's and the
 * rows' business.
 */
#ifndef YJY_ROLES_H
#define YJY_ROLES_H

/* ROLE_ROW(id, name, zh) */
#define ROLE_TABLE(ROLE_ROW)						\
	ROLE_ROW(PERSON,	"person",	"个人")			\
	ROLE_ROW(EMPLOYER,	"employer",	"用人单位")		\
	ROLE_ROW(PARTNER,	"partner",	"人力资源服务机构")	\
	ROLE_ROW(INSTITUTION,	"institution",	"培训机构")		\
	ROLE_ROW(CARRIER,	"carrier",	"创业载体")		\
	ROLE_ROW(CLERK,		"clerk",	"受理")			\
	ROLE_ROW(FIRST_REVIEW,	"first_review",	"初审")			\
	ROLE_ROW(RECHECK,	"recheck",	"复核")			\
	ROLE_ROW(APPROVE,	"approve",	"审批")			\
	ROLE_ROW(FINANCE,	"finance",	"财务拨付")		\
	ROLE_ROW(FISCAL,	"fiscal",	"财政")			\
	ROLE_ROW(AUDIT,		"audit",	"审计监督")		\
	ROLE_ROW(STATS,		"stats",	"市级统计")		\
	ROLE_ROW(SYSTEM_ADMIN,	"system_admin",	"系统管理员")		\
	ROLE_ROW(SECURITY_ADMIN, "security_admin", "安全管理员")	\
	ROLE_ROW(AUDIT_ADMIN,	"audit_admin",	"审计管理员")		\
	ROLE_ROW(SERVICE,	"service",	"内部服务")

#endif
