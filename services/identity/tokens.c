/*
 * tokens.c -- from a checked identity to tokens: a short access token that
 * any service can verify, and a refresh token of which only the hash is kept.
 */
#include "identity.h"
#include "base/clock.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define REFRESH_BYTES	32

static enum role	org_role(const char *kind);

const struct shape tokens_shape[] = {
	{ .name = "access_token", .type = SHAPE_T_TEXT, .help = "访问令牌（JWT）" },
	{ .name = "token_type", .type = SHAPE_T_TEXT, .help = "Bearer" },
	{ .name = "expires_in", .type = SHAPE_T_INT, .help = "有效秒数" },
	{ .name = "refresh_token", .type = SHAPE_T_TEXT, .nullable = true, .help = "刷新凭证" },
	{ .name = "scope", .type = SHAPE_T_TEXT, .help = "角色" },
	{ .name = "subject", .type = SHAPE_T_UUID, .help = "登录主体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "代表的单位" },
	SHAPE_END
};

int
tokens_reply(struct call *c, enum session_kind kind, const struct principal *who,
    const struct uuid *family)
{
	struct mint	 mint = { .who = who, .ttl_s = ACCESS_S };
	struct uuid	 id = uuid_new();
	struct json_out	 out;
	struct buf	 b, scope;
	uint8_t		 secret[REFRESH_BYTES], hash[HASH_BYTES];
	char		*access, *refresh, *json;
	size_t		 i;

	random_bytes(secret, sizeof(secret));
	refresh = base64url_encode(c->arena, secret, sizeof(secret));
	sha256(refresh, strlen(refresh), hash);
	if (sql_session_open(c->db, NULL, &id, family != NULL ? family : &id,
	    kind == SESSION_PERSON ? "person" : "officer", &who->subject,
	    who->has_org ? &who->org : NULL, hash, sizeof(hash), REFRESH_S) == -1)
		return (call_failed(c));
	if ((access = mint_access(c->arena, &mint)) == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));

	buf_init(&scope, 1024);
	for (i = 0; i < who->ngrants; i++)
		buf_addf(&scope, "%s%s@%s", i > 0 ? " " : "",
		    role_name(who->grants[i].role), who->grants[i].area);
	buf_init(&b, 16384);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "access_token", access);
	json_put_text(&out, "token_type", "Bearer");
	json_put_int(&out, "expires_in", ACCESS_S);
	json_put_text(&out, "refresh_token", refresh);
	json_put_text(&out, "scope", buf_cstr(&scope));
	json_put_uuid(&out, "subject", &who->subject);
	if (who->has_org)
		json_put_uuid(&out, "org_id", &who->org);
	json_close(&out);
	json = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	buf_release(&scope);
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, c->route->success != 0 ? c->route->success : 201, json));
}

void
principal_add(struct principal *p, enum role role, const char *area)
{
	if (role == 0 || p->ngrants == PRINCIPAL_ROLES)
		return;
	p->roles |= role;
	p->grants[p->ngrants].role = role;
	(void)snprintf(p->grants[p->ngrants].area, sizeof(p->grants[0].area), "%s", area);
	p->ngrants++;
}

/* A person acts for an organisation only while a member. */
int
principal_of_person(struct call *c, const struct uuid *person, const struct uuid *org,
    struct principal *p)
{
	struct db_rows	rows;

	memset(p, 0, sizeof(*p));
	p->subject = p->person = *person;
	p->has_person = true;
	(void)snprintf(p->client, sizeof(p->client), "app");
	principal_add(p, ROLE_PERSON, AREA_CITY);
	if (org == NULL)
		return (0);
	if (sql_org_of_member(c->db, &rows, org, person) == -1)
		return (-1);
	if (rows.count == 0)
		return (0);
	p->org = *org;
	p->has_org = true;
	principal_add(p, org_role(db_text(&rows, 0, "kind")), AREA_CITY);
	return (0);
}

int
principal_of_officer(struct call *c, const struct uuid *officer, struct principal *p)
{
	struct db_rows	rows;
	size_t		i;

	memset(p, 0, sizeof(*p));
	p->subject = *officer;
	(void)snprintf(p->client, sizeof(p->client), "desk");
	if (sql_officer_grants(c->db, &rows, officer) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++)
		principal_add(p, role_of(db_text(&rows, i, "role")),
		    db_text(&rows, i, "area_code"));
	return (0);
}

static enum role
org_role(const char *kind)
{
	if (strcmp(kind, "institution") == 0)
		return (ROLE_INSTITUTION);
	if (strcmp(kind, "carrier") == 0)
		return (ROLE_CARRIER);
	return (ROLE_EMPLOYER);
}
