/*
 * enrol.c -- the first three administrators of an installation get their
 * enrolment links, printed once and never kept: the tables have hashes. There
 * is no account before this, and none with a secret after it.
 */
#include "base/arena.h"
#include "base/id.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "ctl/ctl.h"
#include "ctl/pg.h"

#define LINKS		3
#define TOKEN_BYTES	32

static const struct db_param	enrol_params[] = {
	{ "valid_s", DB_T_INT8 }, { "system_hash", DB_T_TEXT }, { "security_hash", DB_T_TEXT },
	{ "audit_hash", DB_T_TEXT }
};
static const struct db_stmt	enrol_first = {
	.name = "enrol_first", .sql = "SELECT identity.enrol_first($1, $2, $3, $4)",
	.params = enrol_params, .nparams = NITEMS(enrol_params)
};

int
ctl_enrol(int argc UNUSED, char **argv UNUSED)
{
	static const char *const	who[LINKS] = {
		"系统管理员 admin.system  ", "安全管理员 admin.security", "审计管理员 admin.audit   "
	};
	const char	*values[LINKS + 1], *token[LINKS];
	uint8_t		 secret[TOKEN_BYTES], hash[CHAIN_BYTES];
	struct pg_rows	 rows = { NULL, 0, 0 };
	struct pg	*pg;
	struct arena	 a;
	int		 i, rc = 1;

	if ((pg = pg_open()) == NULL)
		return (1);
	arena_init(&a);
	values[0] = arena_printf(&a, "%lld", (long long)conf_int(CONF_ENROL_HOURS) * 3600);
	for (i = 0; i < LINKS; i++) {
		random_bytes(secret, sizeof(secret));
		token[i] = base64url_encode(&a, secret, sizeof(secret));
		sha256(token[i], strlen(token[i]), hash);
		values[i + 1] = hex_encode(&a, hash, sizeof(hash));
	}
	if (pg_run(pg, &enrol_first, &rows, values) == -1)
		goto out;
	rc = 0;
	if (strcmp(pg_cell(&rows, 0, 0), "t") != 0)
		goto out;
	printf("尚无任何账号。三名管理员须由不同的人启用，链接只显示这一次，%lld 小时内有效：\n",
	    (long long)conf_int(CONF_ENROL_HOURS));
	for (i = 0; i < LINKS; i++)
		printf("  %s  %s/v1/identity/enrolments/%s\n", who[i], conf_text(CONF_ISSUER), token[i]);
	printf("POST {\"password\"} 设置口令并取得动态码密钥，再 POST …/confirm {\"totp\"}\n");
out:
	pg_clear(&rows);
	pg_close(pg);
	arena_release(&a);
	return (rc);
}
