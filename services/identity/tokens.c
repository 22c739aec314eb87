/*
 * tokens.c -- from a checked identity to tokens: a short access token that
 * any service can verify, and a refresh token of which only the hash is kept.
 *
 * Invariant: every token of a person or an officer belongs to a session, whose
 * id it carries as `sid`, and lives no longer than it.
 */
#include "oauth.h"
#include "base/clock.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define REFRESH_BYTES	32

static enum role	org_role(const char *kind);
static uint32_t	rights_of(struct arena *, const char *);

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
tokens_reply(struct call *c, enum session_kind kind, struct principal *who, const char *method)
{
	struct session_tokens	t;

	if (method == NULL)
		method = kind == SESSION_PERSON ? "text_code" : "password_totp";
	if (session_start(c, kind, method, NULL, who, &t) == -1)
		return (c->db->error != DB_OK ? call_failed(c) :
		    call_reject(c, ERR_FORBIDDEN, NULL));
	return (tokens_write(c, who, &t));
}

/*
 * Who opens a session while having one, acts for a firm in it: it is the other's
 * child, of the same client. -1 with DB_OK: nothing of the scope is left.
 */
int
session_start(struct call *c, enum session_kind kind, const char *method, const char *scope,
    struct principal *who, struct session_tokens *t)
{
	const struct principal	*by = c->principal;
	struct db_rows		 rows;
	uint8_t			 hash[HASH_BYTES];

	if (!uuid_is_nil(&by->session))
		(void)snprintf(who->client, sizeof(who->client), "%s", by->client);
	who->session = uuid_new();
	who->strong = who->strong || kind == SESSION_OFFICER;
	t->refresh = refresh_make(c->arena, hash);
	if (sql_session_open(c->db, &rows, &who->session,
	    uuid_is_nil(&by->session) ? NULL : &by->session,
	    kind == SESSION_PERSON ? "person" : "officer", &who->subject,
	    who->has_org ? &who->org : NULL, who->has_actor ? &who->actor : NULL,
	    who->has_outlet ? &who->outlet : NULL, who->client, method, who->strong, scope,
	    conf_int(kind == SESSION_PERSON ? CONF_PERSON_SESSION_S : CONF_OFFICER_SESSION_S),
	    hash, sizeof(hash)) == -1)
		return (-1);
	t->left_s = db_int(&rows, 0, "left_s");
	return (scope_narrow(who, db_text(&rows, 0, "scope"), false));
}

/* A refresh token and its hash. */
char *
refresh_make(struct arena *a, uint8_t hash[HASH_BYTES])
{
	uint8_t	 secret[REFRESH_BYTES];
	char	*text;

	random_bytes(secret, sizeof(secret));
	text = base64url_encode(a, secret, sizeof(secret));
	sha256(text, strlen(text), hash);
	return (text);
}

/* An access token never outlives its session. */
int
tokens_write(struct call *c, const struct principal *who, const struct session_tokens *t)
{
	struct mint	 mint = { .who = who, .ttl_s = ACCESS_S };
	struct json_out	 out;
	struct buf	 b;
	char		*access, *json;

	if (t->refresh != NULL && t->left_s < mint.ttl_s)
		mint.ttl_s = t->left_s > 1 ? t->left_s : 1;
	if ((access = mint_access(c->arena, &mint)) == NULL)
		return (call_reject(c, ERR_DOWN, NULL));
	buf_init(&b, 16384);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "access_token", access);
	json_put_text(&out, "token_type", "Bearer");
	json_put_int(&out, "expires_in", mint.ttl_s);
	if (t->refresh != NULL)
		json_put_text(&out, "refresh_token", t->refresh);
	json_put_text(&out, "scope", scope_of(c->arena, who));
	json_put_uuid(&out, "subject", &who->subject);
	if (who->has_org)
		json_put_uuid(&out, "org_id", &who->org);
	json_close(&out);
	json = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, c->route->success != 0 ? c->route->success : 201, json));
}

/* The grants as text: "first_review@431129 recheck@431129". */
char *
scope_of(struct arena *a, const struct principal *who)
{
	struct buf	 b;
	char		*text;
	size_t		 i;

	buf_init(&b, 1024);
	for (i = 0; i < who->ngrants; i++)
		buf_addf(&b, "%s%s@%s", i > 0 ? " " : "",
		    role_name(who->grants[i].role), who->grants[i].area);
	text = arena_strdup(a, buf_cstr(&b));
	buf_release(&b);
	return (text);
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
	p->org_rights = rights_of(c->arena, db_text(&rows, 0, "rights"));
	principal_add(p, org_role(db_text(&rows, 0, "kind")), AREA_CITY);
	return (0);
}

static uint32_t
rights_of(struct arena *a, const char *names)
{
	uint32_t	 bits = 0;
	size_t		 n;

	for (; *names != '\0'; names += n + (names[n] == ' ')) {
		n = strcspn(names, " ");
		bits |= org_right_of(arena_strndup(a, names, n));
	}
	return (bits);
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
	for (i = 0; i < rows.count; i++) {
		principal_add(p, role_of(db_text(&rows, i, "role")),
		    db_text(&rows, i, "area_code"));
		/* A grant for one outlet has no area: its rows are those of the outlet. */
		if (!db_null(&rows, i, "outlet_id")) {
			p->outlet = db_uuid(&rows, i, "outlet_id");
			p->has_outlet = true;
		}
	}
	if ((p->roles & ROLE_CLERK) == 0 || p->has_outlet)
		return (0);
	if (sql_outlet_of_officer(c->db, &rows, officer) == -1)
		return (-1);
	if ((p->has_outlet = rows.count == 1))
		p->outlet = db_uuid(&rows, 0, "id");
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
